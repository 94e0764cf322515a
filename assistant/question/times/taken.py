"""The time that a whole question names: one period, or two that tell it together ("in 2019, from June to November")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.language.times import MONTHS
from assistant.question.times.periods import Period, period_of, without

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Taken:
    """The days that a question asks about, the words that name them, and the question without these."""

    period: Period
    words: tuple[str, ...]
    rest: str


def taken(question: str, seen_from: date) -> Taken | None:
    """Return the time that a question names, relative ones seen from a day; None where it names none.

    Of two periods that overlap both hold; a part of a year told without the year is of the year that is told elsewhere.
    """
    first = period_of(question, seen_from)
    if first is None:
        return None
    words, rest = first.words(question), without(question, first)
    second = period_of(rest, seen_from)
    years = set(_YEAR.findall(rest))
    if second is None and len(years) == 1 and not _YEAR.search(words) and _MONTH.search(words):
        return Taken(period_of(f"{words} {min(years)}", seen_from) or first, (words, min(years)), rest)
    joined = _joined((first, words), (second, second.words(rest)), seen_from) if second else None
    if second is None or joined is None:
        return Taken(first, (words,), rest)
    return Taken(joined, (words, second.words(rest)), without(rest, second))


def _joined(one: tuple[Period, str], other: tuple[Period, str], seen_from: date) -> Period | None:
    """Return the period that two tell together; None where they do not go together."""
    for (whole, year), (_, words) in ((one, other), (other, one)):
        if _is_year(whole) and year.strip().isdigit() and not _YEAR.search(words):
            return period_of(f"{words} {year.strip()}", seen_from) or whole
    first, second = one[0], other[0]
    since = max(filter(None, (first.since, second.since)), default=None)
    until = min(filter(None, (first.until, second.until)), default=None)
    return None if since and until and since > until else Period(since, until, first.start, first.end)


def _is_year(period: Period) -> bool:
    since, until = period.since, period.until
    if since is None or until is None:
        return False
    return (since.month, since.day, until.month, until.day) == (1, 1, 12, 31) and since.year == until.year
