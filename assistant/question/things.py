"""The things that a question names: its names, and the nouns that are nothing else."""

from __future__ import annotations

import re

from assistant.language.words import lemma_of, may_be, without_possessive
from assistant.question.question import Question
from index.splitting.sentences import split_sentences
from index.splitting.terms import STOPWORDS

_FEWEST_STOPWORDS = 2
"""Function words of an English question: of other languages we cannot tell names and nouns from the rest."""
_ABBREVIATION = 4
"""Letters up to which a word in capitals may be short for what an article writes out."""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_TELLS_NOTHING = frozenset(
    "article author coverage editor headline journalist media news newspaper outlet paper paragraph press reporter "
    "source story writer "
    "dollar euro pound rouble percent percentage kilometre kilometer mile metre meter degree nationality "
    "mr mrs ms miss dr prof professor gen sen rep gov lt col capt sir lady lord st".split()
)
"""What a question says of the articles and not of what is in them; measures, for which there are signs; titles."""


def things_named(question: Question) -> list[tuple[str, bool]]:
    """Return the names and nouns of a question, besides times, in order; each with whether it goes on with a name."""
    text = question.text
    words = [match for match in _WORD.finditer(text) if match[0][0].isalpha()]
    if sum(match[0].lower() in STOPWORDS for match in words) < _FEWEST_STOPWORDS:
        return []
    sentences = [_WORD.search(text, sentence.start) for sentence in split_sentences(text)]
    opening = {match.start() for match in sentences if match}
    found: list[tuple[str, bool]] = []
    end = -1
    for match in words:
        word = without_possessive(match[0])
        in_time = any(time.start <= match.start() < time.end for time in question.times)
        first = match.start() in opening or text.isupper()
        if in_time or not _names_a_thing(word, first=first):
            continue
        follows = bool(found) and word[0].isupper() and found[-1][0][0].isupper() and text[end : match.start()] == " "
        found.append((word, follows))
        end = match.end()
    return found


def _names_a_thing(word: str, *, first: bool) -> bool:
    """Whether a word is a name, or a noun and nothing else; one that opens a sentence is no name for its capital."""
    lowered = word.lower()
    if lowered in STOPWORDS or {lowered, lemma_of(lowered)} & _TELLS_NOTHING:
        return False
    if word.isupper() and len(word) <= _ABBREVIATION:
        return False
    if word[0].isupper() and not first:
        return True
    return may_be("NOUN", word) and not any(may_be(part, word) for part in ("VERB", "ADJ", "ADV", "AUX"))
