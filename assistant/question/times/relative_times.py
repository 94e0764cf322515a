"""Times in a question that are seen from today: "last week", "on Monday", "three days ago", "so far this year"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.language.calendar import (
    SEASONS,
    InYear,
    Span,
    first_after,
    months_span,
    moved,
    newest,
    newest_over,
    reach_of,
    season_span,
    unit_span,
    week_of,
    weekend_of,
)  # fmt: skip
from assistant.language.times import WEEKDAYS
from assistant.question.times.named_dates import LEADS, LIKE_WORDS, STEPS, DateReader, NamedTime, Place

UNITS = {
    **{unit: unit for unit in "day week fortnight weekend month quarter year decade hour".split()},
    **{f"{unit}s": unit for unit in "day week fortnight weekend month quarter year decade hour".split()},
}
CALENDAR_UNITS = frozenset("week weekend month quarter year decade".split())
PARTS_OF_DAY = frozenset("morning afternoon evening night".split())
_ROLLING = frozenset({"past", "coming"})
"""They count from today also without "the"."""
_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_RECENT_DAYS, _LATELY_DAYS = {"day": 7, "week": 30, "month": 180}, 30
"""How far back "in recent days" and "recently" reach: the table of periods; weeks and months by the same measure."""
_NO_DAYS = frozenset("every each black bloody good ash super cyber palm easter holy".split())
"""Before a weekday: a habit, or the name of a feast."""


class RelativeReader(DateReader):
    """Reads dates, and times that are seen from today."""

    def _weekday(self, place: Place) -> NamedTime | None:
        """Read "Monday", "Monday night", "Monday last week"; not "every Monday", "the Sunday Times", "Black Friday"."""
        tokens, at = self._tokens, place.at
        weekday = WEEKDAYS.get(tokens.at(at))
        behind = at + 1 + (tokens.at(at + 1) in PARTS_OF_DAY)
        if weekday is None or tokens.at(at - 1) in _NO_DAYS:
            return None
        named = tokens[behind].capital and not place.led
        if not tokens.is_possessive(behind) and (named or (place.the and not tokens.ends_phrase(behind))):
            return None
        week_at = tokens.skip(behind, "of")
        if tokens.at(week_at) in ("last", "this", "next") and tokens.at(week_at + 1) == "week":
            monday = unit_span("week", self._today, STEPS[tokens.at(week_at)]).first
            return _days("day", moved(monday, weekday), week_at + 2)
        back = (self._today.weekday() - weekday) % 7
        if tokens.skip(behind, "before", "last") > behind:
            return _days("day", moved(self._today, -(back or 7) - 7), behind + 2)
        return replace(_days("day", moved(self._today, -back), behind), weekday=weekday)

    def _so_far(self, place: Place) -> NamedTime | None:
        """Read "so far this year", "year to date", "earlier this week", "recently", "in recent days"."""
        tokens, at, today = self._tokens, place.at, self._today
        begun = max(tokens.skip(at, "so", "far"), tokens.skip(at, "earlier"), tokens.skip(at, "later"))
        begun = tokens.skip(tokens.skip(begun, "on"), "in") if begun > at else at
        this = tokens.skip(begun, "this")
        unit = UNITS.get(tokens.at(this), "")
        behind = max(tokens.skip(this + 1, "so", "far"), tokens.skip(this + 1, "to", "date"))
        if begun > at and tokens.at(begun) == "today":
            return _days("day", today, begun + 1)
        if begun > at and this == begun and (own := self._own(begun)):
            return NamedTime(0, own.end, "", Span(own.span.first, today)) if own.span else None
        if unit in CALENDAR_UNITS and ((begun > at and this > begun) or (behind > this + 1)):
            span = unit_span(unit, today)
            later = tokens.at(at) == "later"
            return NamedTime(0, behind, "", Span(today, span.last) if later else Span(span.first, today))
        word = tokens.at(at)
        if word == "recent" and (days := _RECENT_DAYS.get(UNITS.get(tokens.at(at + 1), ""))):
            return NamedTime(0, at + 2, "", Span(moved(today, -days), today))
        adjective = place.the or place.lead in ("a", "an", "most") or tokens.at(at + 1).endswith("ed")
        if (word in ("recently", "lately") and not adjective) or tokens.skip(at, "of", "late") > at:
            return NamedTime(0, tokens.skip(at, "of", "late") if word == "of" else at + 1, "", _lately(today))
        return None

    def _own(self, at: int) -> NamedTime | None:
        """Read "the year", behind "the end of", as today's own."""
        tokens = self._tokens
        unit = UNITS.get(tokens.at(at + 1), "") if tokens.at(at) == "the" else ""
        if unit not in ("week", "month", "year") or unit != tokens.at(at + 1) or not tokens.ends_phrase(at + 2):
            return None
        return NamedTime(0, at + 2, unit, unit_span(unit, self._today)) if tokens.at(at + 2) != "of" else None

    def _near(self, place: Place) -> NamedTime | None:
        """Read "yesterday evening", "last night", "the day before yesterday", "the weekend", "the week before last"."""
        tokens, at, today = self._tokens, place.at, self._today
        word, following = tokens.at(at), tokens.at(at + 1)
        days = _DAYS.get(word)
        if days is not None:
            if word == "today" and tokens[at].capital and at > 0 and tokens[at - 1].capital:
                return None
            return _days("day", moved(today, days), at + 1 + (following in PARTS_OF_DAY))
        if word == "day" and following in ("before", "after"):
            beyond = -2 if tokens.at(at + 2) == "yesterday" else 2 if tokens.at(at + 2) == "tomorrow" else 0
            return _days("day", moved(today, beyond), at + 3) if beyond else None
        unit = UNITS.get(word, "")
        if unit in CALENDAR_UNITS and following in ("before", "after") and tokens.at(at + 2) in ("last", "next"):
            step = -2 if following == "before" else 2
            span = (
                unit_span(unit, today, step) if unit != "weekend" else weekend_of(moved(self._last_weekend().first, -7))
            )
            return NamedTime(0, at + 3, unit, span) if (tokens.at(at + 2) == "last") == (step < 0) else None
        if word == "weekend" and place.the and place.lead in LEADS | {"at"}:
            own = weekend_of(today)
            span = own if own.first <= today else weekend_of(moved(today, -7))
            return NamedTime(0, at + 1, "weekend", span)
        return None

    def _last_weekend(self) -> Span:
        """Return the newest Saturday and Sunday that both lie before today."""
        return weekend_of(moved(self._today, -7))

    def _step(self, place: Place) -> NamedTime | None:
        """Read "last week", "the last two weeks", "this morning", "next Monday"."""
        tokens, at = self._tokens, place.at
        word = tokens.at(at)
        rolling = place.the or word in _ROLLING
        if word == "this" and tokens.at(at + 1) in _ROLLING | {"last"}:
            at, word, rolling = at + 1, tokens.at(at + 1), True
        step = STEPS.get(word)
        if step is None:
            return None
        following, today = tokens.at(at + 1), self._today
        number = tokens.number(at + 1) if step else None
        if number:
            unit, end = UNITS.get(tokens.at(number.end), ""), number.end + 1
            return self._rolling(unit, step * number.value, end) if unit and tokens.at(end) != "of" else None
        if following in PARTS_OF_DAY and word in ("last", "this"):
            late = step if following in ("night", "evening") else 0
            return _days("day", moved(today, late), at + 2) if word == "this" or late else None
        unit = UNITS.get(following, "")
        if not unit or unit != following:
            return self._stepped_name(at, step)
        return self._stepped_unit(at + 2, unit, step, rolling=rolling and word != "current")

    def _stepped_unit(self, end: int, unit: str, step: int, *, rolling: bool) -> NamedTime | None:
        """Return the week, month ... before, of or after today's, or where it is rolling, as much from today on."""
        if self._tokens.at(end) == "of" or (unit in ("day", "hour") and not step):
            return None
        if unit == "weekend":
            return NamedTime(0, end, unit, self._last_weekend() if step < 0 else unit_span(unit, self._today, step))
        if (rolling and step) or unit not in CALENDAR_UNITS:
            return self._rolling(unit, step, end)
        return NamedTime(0, end, unit, unit_span(unit, self._today, step))

    def _rolling(self, unit: str, count: int, end: int) -> NamedTime:
        """Return the days from so many units ago to today, or from today on."""
        today = self._today
        reached = reach_of("week" if unit == "weekend" else unit, today, count)
        return NamedTime(0, end, "", Span(min(today, reached), max(today, reached)))

    def _stepped_name(self, at: int, step: int) -> NamedTime | None:
        """Read "last Monday", "this summer", "next March"."""
        tokens, today = self._tokens, self._today
        name = tokens.at(at + 1)
        weekday = WEEKDAYS.get(name)
        if weekday is not None:
            end = at + 2 + (tokens.at(at + 2) in PARTS_OF_DAY)
            if step == 0:
                return _days("day", moved(week_of(today).first, weekday), end)
            ahead = (weekday - today.weekday()) % 7 or 7
            back = (today.weekday() - weekday) % 7 or 7
            return _days("day", moved(today, ahead if step > 0 else -back), end)
        month, end = self.month_at(at + 1)
        if month is not None and (name not in LIKE_WORDS or tokens.ends_phrase(end)):
            unit, in_year = "month", _month_in(month)
            if self.day_number(end) or self.year_behind(end)[0]:
                return None
        elif name in SEASONS:
            unit, in_year, end = "season", _season_in(name), at + 2
        else:
            return None
        if step < 0:
            span = newest_over(in_year, today)
        elif step > 0:
            span = first_after(in_year, today)
        else:
            begun = newest(in_year, today)
            span = begun if begun and begun.last >= today else in_year(today.year)
        return NamedTime(0, end, unit, span) if span else None

    def _ago(self, place: Place) -> NamedTime | None:
        """Read "three days ago", "a week ago"; a few days ago is any day since the third."""
        tokens, today = self._tokens, self._today
        number = tokens.number(place.at)
        unit = UNITS.get(tokens.at(number.end), "") if number else ""
        if number is None or not unit or tokens.at(number.end + 1) != "ago":
            return None
        end = number.end + 2
        if unit == "hour":
            return _days("day", reach_of(unit, today, -number.value), end)
        span = unit_span(unit, today, -number.value)
        return NamedTime(0, end, unit, Span(span.first, today) if number.vague else span)


def _days(unit: str, day: date, end: int) -> NamedTime:
    return NamedTime(0, end, unit, Span(day, day))


def _lately(today: date) -> Span:
    return Span(moved(today, -_LATELY_DAYS), today)


def _month_in(month: int) -> InYear:
    return lambda year: months_span(date(year, month, 1), 1)


def _season_in(name: str) -> InYear:
    return lambda year: season_span(name, year)
