"""Values that a text states: amounts, times and what they measure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ValueKind(StrEnum):
    """What a value measures; values of different kinds are never equal."""

    COUNT = "number"
    ORDINAL = "ordinal number"
    PERCENT = "percentage"
    MONEY = "amount"
    DURATION = "duration"
    CLOCK = "time of day"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    WEEKDAY = "weekday"
    PERIOD = "time"
    RATE = "rate"
    PART_OF_DAY = "part of the day"
    STEP = "day before or after"


class Bound(StrEnum):
    """Which way the words around a value open it."""

    EXACT = ""
    ABOUT = "about"
    JUST_UNDER = "nearly"
    JUST_OVER = "just over"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    OVER = "more than"
    UNDER = "less than"


@dataclass(frozen=True, slots=True)
class Value:
    """One value in a text, at `text[start:end]`.

    `amount` is the number, per cent, seconds (durations up to weeks), months (longer ones, as a negative number: a
    month is no fixed number of days), minutes after midnight, month * 100 + day, month, year or weekday from 0.
    `unit` is a currency, a measure ("km"), what a rate or step counts, or a part of the day; empty elsewhere.
    """

    kind: ValueKind
    amount: float
    unit: str
    start: int
    end: int
    year: int | None = None
    """Of a date or month that names its year."""
    bound: Bound = Bound.EXACT
    """Which way the words around it open a count, percentage, amount or duration: "more than 90 minutes"."""

    def equals(self, other: Value) -> bool:
        """Whether both state the same value; a year that only one of them names makes no difference."""
        same = (self.kind, self.amount) == (other.kind, other.amount) and self.measures_like(other)
        return same and (self.year is None or other.year is None or self.year == other.year)

    def measures_like(self, other: Value) -> bool:
        """Whether the units allow that both state one thing; a number without a measure fits any: 100, or 100 km."""
        return self.unit == other.unit or (self.kind is ValueKind.COUNT and not (self.unit and other.unit))
