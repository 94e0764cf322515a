"""Values that a text states: amounts and times, written so that equal ones compare equal, none inside another."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language import amounts, times
from assistant.language.bounds import bounded
from assistant.language.types import Value
from assistant.language.words import before, behind

_COUNTED_WORDS = 4
"""Words behind a number that may tell what it counts: up to three adjectives, and the thing."""
_DENIED = re.compile(
    r"(?:,|\b(?:and|but|is|was|are|were|be))\s+not\s+$"
    r"|\b(?:rather than|instead of|wrongly|mistakenly|incorrectly)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:earlier|previous|initial|wrong)\s+(?:\w+\s+){0,2}?"
    r"(?:report|figure|number|version|account|estimate|count|toll)s?\b[^;.,]*$",
    re.IGNORECASE,
)
_DENIED_BEHIND = re.compile(
    r"\s+(?:\w+\s+){0,3}?(?:is|was|are|were)\s+(?:no longer|wrong|incorrect|false|mistaken|outdated)\b"
    r"|\s+(?:\w+\s+){0,3}?(?:should|must|can)\s+(?:not|no longer)\s+be\s+(?:used|repeated|quoted|cited)\b"
    r"|,? (?:reported|given|stated|announced) (?:earlier|previously)\b",
    re.IGNORECASE,
)
_KEPT = 4_096
"""Texts whose values are kept: what is read of a sentence is read for each question that finds it."""
_READERS = (
    times.dates,
    times.clocks,
    amounts.fractions,
    times.periods,
    amounts.rates,
    times.parts_of_day,
    times.steps,
    amounts.measures,
    amounts.durations,
    amounts.ordinals,
    times.months,
    times.weekdays,
    times.years,
    amounts.counts,
)
"""Those that read more of the text come first: the 19 of "March 19" is a date, and no count."""


def values_in(text: str) -> list[Value]:
    """Return the values that a text states, in order, none inside another, each with its bound."""
    return list(_values(text))


@lru_cache(maxsize=_KEPT)
def _values(text: str) -> tuple[Value, ...]:
    found: list[Value] = []
    taken = bytearray(len(text))
    for read in _READERS:
        for value in read(text):
            if not any(taken[value.start : value.end]):
                taken[value.start : value.end] = b"\1" * (value.end - value.start)
                found.append(bounded(value, text))
    return tuple(sorted(found, key=lambda value: value.start))


def counted_words(text: str, value: Value) -> str:
    """Return the words behind a count: what it counts."""
    return " ".join(re.split(r"[.;:,()]", behind(text, value.end), maxsplit=1)[0].split()[:_COUNTED_WORDS])


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether a sentence says that its value `text[start:end]` is wrong: "not 150", "an earlier report gave 80"."""
    return bool(_DENIED.search(before(text, start)) or _DENIED_BEHIND.match(behind(text, end)))
