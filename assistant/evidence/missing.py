"""What a refusal can say of what is missing: words that stand in no article, a time that the nearest are not about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from assistant.evidence.ranking import Candidate
from assistant.language.words import forms_of, lemma_of, may_be, without_possessive
from assistant.question.asked_times import may_be_of, times_asked
from index.splitting.sentences import split_sentences
from index.splitting.terms import STOPWORDS

Stands = Callable[[Iterable[str]], bool]
"""Tells whether one of some words stands in any article."""

MOST_NAMED = 4
"""Missing words that are named; a question of which more is missing is about something else altogether."""
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


def missing(question: str, nearest: Sequence[Candidate], stands: Stands) -> str:
    """Return sentences on what the articles lack to answer a question; empty where that cannot be told from words.

    `nearest` are the best candidates of the nearest paragraphs.
    """
    said = []
    if absent := _absent(unicodedata.normalize("NFC", question), stands)[:MOST_NAMED]:
        listed = ", ".join(f"“{words}”" for words in absent)
        one = len(absent) == 1 and " " not in absent[0]
        said.append(f"The word {listed} stands in no article." if one else f"The words {listed} stand in no article.")
    elsewhere = [
        question[time.start : time.end]
        for time in times_asked(question)
        if nearest and not any(may_be_of(time, entry.hit.article, entry.paragraph) for entry in nearest)
    ]
    if elsewhere:
        said.append(f"The nearest paragraphs are not about {' or '.join(dict.fromkeys(elsewhere))}.")
    return " ".join(said)


def _absent(question: str, stands: Stands) -> list[str]:
    """Return names and nouns that stand in no article in any form; names that follow each other as one."""
    words = [match for match in _WORD.finditer(question) if match[0][0].isalpha()]
    if sum(match[0].lower() in STOPWORDS for match in words) < _FEWEST_STOPWORDS:
        return []
    sentences = [_WORD.search(question, sentence.start) for sentence in split_sentences(question)]
    opening = {match.start() for match in sentences if match}
    times = times_asked(question)
    found: list[str] = []
    end = 0
    for match in words:
        word = without_possessive(match[0])
        in_time = any(time.start <= match.start() < time.end for time in times)
        first = match.start() in opening or question.isupper()
        if in_time or not _names_a_thing(word, first=first) or stands(forms_of(word)):
            continue
        if found and word[0].isupper() and found[-1][0].isupper() and question[end : match.start()] == " ":
            found[-1] += f" {word}"
        else:
            found.append(word)
        end = match.end()
    return list(dict.fromkeys(found))


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
