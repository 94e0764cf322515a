"""Names of times in a question: dates, times seen from today, and their parts: "the first week of May", "early 2020".

A grammar over the words of the question. From each word on it reads a bounded number of others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assistant.language.calendar import Span, half_of, moved, ordered_part, part_of, reach_of, week_of, weekend_of
from assistant.language.times import WEEKDAYS
from assistant.question.times.named_dates import LEADS, ORDINALS, NamedTime, Place
from assistant.question.times.relative_times import PARTS_OF_DAY, UNITS, RelativeReader
from assistant.question.times.time_tokens import Tokens

_PARTS = {
    "early": "early", "start": "early", "beginning": "early", "mid": "mid", "middle": "mid", "late": "late",
    "end": "late", "close": "late",
}  # fmt: skip
_A_FEW = 3
"""How many the first days of a month are: as many as the last few days, by the table of periods."""
_DEEPEST = 4
"""Times in a time: "the end of the first week of May last year"."""


class TimeReader(RelativeReader):
    """Reads names of times in the words of a question, as they are meant today."""

    def __init__(self, tokens: Tokens, today: date) -> None:
        super().__init__(tokens, today)
        self._depth = 0
        self._readings: tuple[Callable[[Place], NamedTime | None], ...] = (
            self._digits, self._so_far, self._part, self._ordered, self._around_day, self._day, self._step, self._near,
            self._ago, self._month, self._season, self._quarter, self._weekday, self._decade, self._year,
        )  # fmt: skip

    def time(self, start: int, lead: str | None = None) -> NamedTime | None:
        """Return the time whose name begins at a token; `lead` stands for the word before it."""
        tokens = self._tokens
        at = tokens.skip(start, "the")
        place = Place(at, tokens.at(start - 1) if lead is None else lead, the=at > start)
        if not tokens.at(at) or self._depth == _DEEPEST:
            return None
        self._depth += 1
        found = next((found for read in self._readings if (found := read(place)) is not None), None)
        self._depth -= 1
        return replace(found, start=start) if found else None

    def _part(self, place: Place) -> NamedTime | None:
        """Read "early March", "the end of 2020", "the first half of last year"."""
        tokens, at = self._tokens, place.at
        word = tokens.at(at)
        if word in _PARTS and tokens.at(at + 1):
            end = at + 1 + (tokens.at(at + 1) in ("-", "of", "in", "on"))
            part = _PARTS[word]
            inner = self.time(end, word if word in LEADS else "in") or self._own(end)
            if inner is None or inner.unit == "part":
                return None
            if inner.unit == "day":
                return inner if word in ("early", "late") else None
            whole = inner.unit
            return _inside(inner, lambda span: part_of(span, whole, part), "part")
        if word in ("first", "second") and tokens.at(at + 1) == "half" and tokens.at(at + 2) == "of":
            inner = self.time(at + 3, "in")
            return _inside(inner, lambda span: half_of(span, second=word == "second"), "part") if inner else None
        return None

    def _ordered(self, place: Place) -> NamedTime | None:
        """Read "the first week of May", "the last three days of 2020", "the third quarter of 2020"."""
        tokens, at = self._tokens, place.at
        nth = ORDINALS.get(tokens.at(at))
        if nth is None:
            return None
        number = tokens.number(at + 1)
        some = _A_FEW if tokens.at(at + 1).endswith("s") else 1
        count, unit_at = (number.value, number.end) if number else (some, at + 1)
        if tokens.at(unit_at + 1) != "of":
            return None
        weekday, unit = WEEKDAYS.get(tokens.at(unit_at)), UNITS.get(tokens.at(unit_at), "")
        inner = self.time(unit_at + 2, "in") if weekday is not None or unit else None
        if inner is None or inner.unit == "day":
            return None
        if weekday is None:
            return _inside(inner, lambda span: ordered_part(span, unit, nth, count), unit)
        return _inside(inner, lambda span: _weekday_of(span, weekday, nth), "day")

    def _around_day(self, place: Place) -> NamedTime | None:
        """Read "the week of 9 March", "the day after 5 May", "two days before 5 May", "the evening of 5 May"."""
        tokens, at = self._tokens, place.at
        word = tokens.at(at)
        number = tokens.number(at)
        if number:
            at = number.end
        unit, link = UNITS.get(tokens.at(at), ""), tokens.at(at + 1)
        if word in PARTS_OF_DAY and link == "of":
            inner = self.time(at + 2, "on")
            return inner if inner and inner.unit == "day" else None
        if not unit or not (number or place.the):
            return None
        inner = (
            self.time(at + 2, "on") if link in ("of", "before", "after", "beginning", "starting", "ending") else None
        )
        if inner is None or (tokens.at(at).endswith("s") and not number):
            return None
        if link not in ("before", "after"):
            if inner.unit != "day":
                return inner if unit == inner.unit and not number else None
            whole = {"week": week_of, "weekend": weekend_of}.get(unit)
            return _inside(inner, lambda span: whole(span.first), unit) if whole and not number else None
        sign = -1 if link == "before" else 1
        if inner.unit != "day":
            return None
        if number or unit == "day":
            count = sign * (number.value if number else 1)
            return _inside(inner, lambda span: _one(reach_of(unit, span.first, count)), "day")
        return _inside(inner, lambda span: _beside(span.first, unit, sign), unit)


def _one(day: date) -> Span:
    return Span(day, day)


def _beside(day: date, unit: str, sign: int) -> Span:
    """Return the week, month or year that ends the day before a day, or begins the day after it."""
    if sign < 0:
        return Span(reach_of(unit, day, -1), moved(day, -1))
    return Span(moved(day, 1), reach_of(unit, day, 1))


def _weekday_of(span: Span, weekday: int, nth: int) -> Span | None:
    """Return the nth weekday of a span; the last for -1."""
    if nth < 0:
        day = moved(span.last, -((span.last.weekday() - weekday) % 7))
    else:
        day = moved(span.first, (weekday - span.first.weekday()) % 7 + 7 * (nth - 1))
    return _one(day) if span.first <= day <= span.last else None


def _inside(inner: NamedTime, part: Callable[[Span], Span | None], unit: str) -> NamedTime:
    """Return a part of a time, whether its year is told or not."""
    if inner.span is not None:
        return replace(inner, span=part(inner.span), unit=unit, month=None, weekday=None)
    whole = inner.in_year

    def in_year(year: int) -> Span | None:
        span = whole(year) if whole else None
        return part(span) if span else None

    return replace(inner, in_year=in_year, unit=unit, month=None)
