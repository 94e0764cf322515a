"""Spans of days: the weeks, months, quarters, seasons, years and decades of the calendar, and the parts of each."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.language.times import MONTHS

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""Seasons with their first month; each has three, and a winter ends in the next year."""
_WEEK, _YEAR, _DECADE = 7, 12, 10
_MONTH_NAMES = [name.title() for name in MONTHS]
_SEARCHED_YEARS = 9
"""Within as many years there is a leap day, whatever the century does."""
_EARLY_DAY, _MIDDLE_DAY, _HALF_DAY = 10, 20, 15
_PARTS = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}
"""Which years of a decade are meant."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both among them."""

    first: date
    last: date


InYear = Callable[[int], Span | None]
"""What a name without a year is in a given one: 29 February is none in most."""


def moved(day: date, days: int) -> date:
    """Return the day so many days later; the first or last that there is where the calendar ends before."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def months_on(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_span(year: int, month: int, day: int) -> Span | None:
    """Return a day as a span; None where the month has no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Span(found, found)


def week_of(day: date) -> Span:
    """Return the week of a day, from Monday to Sunday."""
    monday = moved(day, -day.weekday())
    return Span(monday, moved(monday, _WEEK - 1))


def weekend_of(day: date) -> Span:
    """Return Saturday and Sunday of the week of a day."""
    week = week_of(day)
    return Span(moved(week.last, -1), week.last)


def months_span(first: date, months: int) -> Span:
    """Return so many whole months, from that of a day on."""
    start = first.replace(day=1)
    return Span(start, moved(months_on(start, months), -1))


def years_span(year: int, count: int = 1) -> Span:
    """Return whole years."""
    return Span(date(year, 1, 1), date(min(year + count - 1, date.max.year), 12, 31))


def season_span(name: str, year: int) -> Span:
    """Return the season that begins in a year."""
    return months_span(date(year, SEASONS[name], 1), 3)


def unit_span(unit: str, day: date, step: int = 0) -> Span:
    """Return the calendar's day, week, weekend, month, quarter, year or decade of a day, or one so many later."""
    match unit:
        case "week":
            return week_of(moved(day, _WEEK * step))
        case "fortnight":
            return week_of(moved(day, 2 * _WEEK * step))
        case "weekend":
            return weekend_of(moved(day, _WEEK * step))
        case "month":
            return months_span(months_on(day.replace(day=1), step), 1)
        case "quarter":
            return months_span(months_on(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3 * step), 3)
        case "year":
            return years_span(months_on(day, _YEAR * step).year)
        case "decade":
            return years_span(max(months_on(day, _YEAR * _DECADE * step).year // _DECADE * _DECADE, 1), _DECADE)
    return Span(moved(day, step), moved(day, step))


def reach_of(unit: str, day: date, count: int) -> date:
    """Return the day so many days, weeks, months, years or decades later, or earlier for a negative count."""
    match unit:
        case "hour":
            return moved(day, count // 24 if count < 0 else -(-count // 24))
        case "week":
            return moved(day, _WEEK * count)
        case "fortnight":
            return moved(day, 2 * _WEEK * count)
        case "month":
            return months_on(day, count)
        case "quarter":
            return months_on(day, 3 * count)
        case "year":
            return months_on(day, _YEAR * count)
        case "decade":
            return months_on(day, _DECADE * _YEAR * count)
    return moved(day, count)


def part_of(span: Span, unit: str, part: str) -> Span:
    """Return the early, mid or late part of a month, a year, a decade or another span, as news speaks of them."""
    first, last = span.first, span.last
    match unit, part:
        case "month", "early":
            return Span(first, first.replace(day=_EARLY_DAY))
        case "month", "mid":
            return Span(first.replace(day=_EARLY_DAY + 1), first.replace(day=_MIDDLE_DAY))
        case "month", _:
            return Span(first.replace(day=_MIDDLE_DAY + 1), last)
        case "decade", _:
            start, end = _PARTS[part]
            return Span(years_span(first.year + start).first, years_span(first.year + end).last)
    third = (last.year * _YEAR + last.month - first.year * _YEAR - first.month + 1) // 3
    if third and first.day == 1:
        starts = {"early": 0, "mid": third, "late": 2 * third}
        part_first = months_on(first, starts[part])
        return Span(part_first, last if part == "late" else moved(months_on(part_first, third), -1))
    third = ((last - first).days + 1) // 3
    if not third:
        return span
    starts = {"early": 0, "mid": third, "late": (last - first).days + 1 - third}
    return Span(moved(first, starts[part]), last if part == "late" else moved(first, starts[part] + third - 1))


def half_of(span: Span, *, second: bool) -> Span:
    """Return one half of a span: six months of a year, fifteen days of a month and the rest."""
    first, last = span.first, span.last
    months = last.year * _YEAR + last.month - first.year * _YEAR - first.month + 1
    if first.day == 1 and months > 1 and months % 2 == 0:
        middle = months_on(first, months // 2)
    elif months == 1 and first.day == 1:
        middle = first.replace(day=_HALF_DAY + 1)
    else:
        middle = moved(first, ((last - first).days + 1) // 2)
    return Span(middle, last) if second else Span(first, moved(middle, -1))


def ordered_part(span: Span, unit: str, place: int, count: int = 1) -> Span | None:
    """Return so many days, weeks ... of a span from the `place`-th on, counted from its end for -1; None if beyond it.

    The first week of a month is its first seven days, the last its last seven.
    """
    if place < 0:
        first, last = moved(reach_of(unit, moved(span.last, 1), -count), 0), span.last
    else:
        first = reach_of(unit, span.first, place - 1)
        last = min(moved(reach_of(unit, span.first, place - 1 + count), -1), span.last)
    return Span(first, last) if span.first <= first <= last else None


def newest(in_year: InYear, today: date) -> Span | None:
    """Return the newest of a name's spans that has begun by today."""
    return _first_of(in_year, range(today.year, today.year - _SEARCHED_YEARS, -1), lambda span: span.first <= today)


def newest_over(in_year: InYear, today: date) -> Span | None:
    """Return the newest of a name's spans that is over."""
    return _first_of(in_year, range(today.year, today.year - _SEARCHED_YEARS, -1), lambda span: span.last < today)


def first_after(in_year: InYear, today: date) -> Span | None:
    """Return the first of a name's spans that begins after today."""
    return _first_of(in_year, range(today.year, today.year + _SEARCHED_YEARS), lambda span: span.first > today)


def _first_of(in_year: InYear, years: range, fits: Callable[[Span], bool]) -> Span | None:
    spans = (in_year(year) for year in years if date.min.year <= year < date.max.year)
    return next((span for span in spans if span is not None and fits(span)), None)


def told_day(day: date) -> str:
    """Return a day in words: "3 May 2024"."""
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def told_span(span: Span) -> str:
    """Return a span in words: "the week of 13 to 19 May 2024", "March 2020", "3 to 5 May 2024"."""
    first, last = span.first, span.last
    if first == last:
        return told_day(first)
    whole_months = first.day == 1 and moved(last, 1).day == 1
    if whole_months and first.month == 1 and last.month == 12:  # noqa: PLR2004 - December
        return f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    if whole_months:
        return " to ".join(dict.fromkeys(_told_months(span)))
    if first.year != last.year:
        told = f"{told_day(first)} to {told_day(last)}"
    elif first.month != last.month:
        told = f"{first.day} {_MONTH_NAMES[first.month - 1]} to {told_day(last)}"
    else:
        told = f"{first.day} {'and' if moved(first, 1) == last else 'to'} {told_day(last)}"
    return f"the week of {told}" if span == week_of(first) else told


def _told_months(span: Span) -> Iterator[str]:
    first, last = span.first, span.last
    year = f" {first.year}" if first.year != last.year or span == months_span(first, 1) else ""
    yield f"{_MONTH_NAMES[first.month - 1]}{year}"
    yield f"{_MONTH_NAMES[last.month - 1]} {last.year}"
