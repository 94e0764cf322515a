"""What a turn may mean of the answer before it: the earliest day that it tells, the one person that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from assistant.language.times import dates
from assistant.question.following.outlet_spans import without_outlets
from assistant.question.following.turn_words import has
from index.splitting.terms import STOPWORDS

_LONGEST_ANSWER = 20_000
_LINE_HEAD = 30
"""Characters of a line that may name its day."""
_LONGEST_SENTENCE = 300
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]”\"][.!?])\s")
_FULL_NAME = re.compile(
    r"[A-ZÀ-Þ][\w’'-]*[a-zà-ÿ][\w’'-]*(?: [A-ZÀ-Þ]\.| (?:de|van|von|bin|al|der|la|dos|da)){0,2}"
    r"(?: [A-ZÀ-Þ][\w’'-]+){1,2}"
)
_PLACED = frozenset("in at near from to of outside".split())
"""Words before the name of a place."""


def earliest_day(answer: str) -> date | None:
    """Return the earliest day that stands at the beginning of a line of an answer; else the earliest in it."""
    answer = answer[:_LONGEST_ANSWER]
    heads = [line.lstrip(" *•_#>-–—")[:_LINE_HEAD] for line in answer.splitlines()]
    days = [day for head in heads for day in _days(head)] or list(_days(answer))
    return min(days, default=None)


def only_person(question: str, answer: str, outlets: Sequence[str]) -> str:
    """Return the one full name of a question, else of an answer's first sentence; empty if there are none or more."""
    asked = _people(question, outlets)
    first_sentence = _SENTENCE_END.split(answer[:_LONGEST_SENTENCE], maxsplit=1)[0]
    named = asked or _people(first_sentence, outlets)
    return named[0] if len(named) == 1 else ""


def _people(text: str, outlets: Sequence[str]) -> list[str]:
    """Return full names that are no place's, outlet's or body's, as far as the words show it."""
    found: dict[str, None] = {}
    text = without_outlets(text[: _LONGEST_SENTENCE * 2], outlets)
    for match in _FULL_NAME.finditer(text):
        words = match[0].split()
        while words and words[0].lower() in STOPWORDS:
            words.pop(0)
        before = text[: match.start()].split()[-1:]
        if len(words) > 1 and not has(words[-1], "bodies") and _PLACED.isdisjoint(before):
            found[" ".join(words)] = None
    return list(found)


def _days(text: str) -> Iterator[date]:
    for value in dates(text):
        if value.year:
            with suppress(ValueError):  # the 31st of June
                yield date(value.year, int(value.amount) // 100, int(value.amount) % 100)
