"""What a refusal can say of what is missing: things that no article mentions, a time that the nearest are not about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.asked_times import is_of_other_time, times_in
from assistant.gate.words import lemma_of, may_be, without_possessive
from assistant.ranking import Candidate
from index.lexical import STOPWORDS, terms

MOST_NAMED = 4
"""Missing words that are named; a question of which more is missing is about something else altogether."""
_OF_THE_PRESS = frozenset("article headline newspaper outlet paper paragraph reporter source".split())
"""Things that a question says of the articles, and not of what is in them."""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def missing(question: str, nearest: Sequence[Candidate], holds: Callable[[str], bool]) -> str:
    """Return sentences on what the articles lack to answer a question; empty where that cannot be told from words.

    `nearest` are the best candidates of the nearest paragraphs. `holds` tells whether any article has an index term.
    """
    said = []
    if absent := _absent(question, holds)[:MOST_NAMED]:
        listed = ", ".join(f"“{words}”" for words in absent)
        said.append(f"No article mentions {listed}.")
    times = times_in(question)
    if times and nearest and all(is_of_other_time(question, entry.hit.article, entry.paragraph) for entry in nearest):
        asked = " or ".join(dict.fromkeys(question[time.start : time.end] for time in times))
        said.append(f"The nearest paragraphs are not about {asked}.")
    return " ".join(said)


def _absent(question: str, holds: Callable[[str], bool]) -> list[str]:
    """Return names and nouns that no article has in any form; names that follow each other as one."""
    times = times_in(question)
    found: list[str] = []
    end = 0
    for match in _WORD.finditer(question):
        word = without_possessive(match[0])
        in_time = any(time.start <= match.start() < time.end for time in times)
        if in_time or not _names_a_thing(word, first=match.start() == 0) or any(map(holds, terms(word))):
            continue
        if found and word[0].isupper() and found[-1][0].isupper() and question[end : match.start()] == " ":
            found[-1] += f" {word}"
        else:
            found.append(word)
        end = match.end()
    return list(dict.fromkeys(found))


def _names_a_thing(word: str, *, first: bool) -> bool:
    """Whether a word of a question is a name, a number, or a noun and nothing else."""
    if word.lower() in STOPWORDS or lemma_of(word.lower()) in _OF_THE_PRESS or not terms(word):
        return False
    if (word[0].isupper() and not first) or word[0].isdigit():
        return True
    return may_be("NOUN", word) and not any(may_be(part, word) for part in ("VERB", "ADJ", "ADV", "AUX"))
