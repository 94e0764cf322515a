"""What a refusal can say of what is missing: words that stand in no article, a time that the nearest are not about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.evidence.ranking import Candidate
from assistant.language.words import forms_of
from assistant.question.asked_times import may_be_of
from assistant.question.question import Question
from assistant.question.things import things_named

Stands = Callable[[Iterable[str]], bool]
"""Tells whether one of some words stands in any article."""

MOST_NAMED = 4
"""Missing words that are named; a question of which more is missing is about something else altogether."""


def missing(question: Question, nearest: Sequence[Candidate], stands: Stands) -> str:
    """Return sentences on what the articles lack to answer a question; empty where that cannot be told from words.

    `nearest` are the best candidates of the nearest paragraphs.
    """
    said = []
    if absent := _absent(question, stands)[:MOST_NAMED]:
        listed = ", ".join(f"“{words}”" for words in absent)
        one = len(absent) == 1 and " " not in absent[0]
        said.append(f"The word {listed} stands in no article." if one else f"The words {listed} stand in no article.")
    elsewhere = [
        question.text[time.start : time.end]
        for time in question.times
        if nearest and not any(may_be_of(time, entry.hit.article, entry.paragraph) for entry in nearest)
    ]
    if elsewhere:
        said.append(f"The nearest paragraphs are not about {' or '.join(dict.fromkeys(elsewhere))}.")
    return " ".join(said)


def _absent(question: Question, stands: Stands) -> list[str]:
    """Return names and nouns that stand in no article in any form; names that follow each other as one."""
    found: list[str] = []
    joins = False
    for word, follows in things_named(question):
        if stands(forms_of(word)):
            joins = False
            continue
        if follows and joins:
            found[-1] += f" {word}"
        else:
            found.append(word)
        joins = True
    return list(dict.fromkeys(found))
