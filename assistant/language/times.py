"""Times in a text: dates, clocks, months, weekdays, years and periods, and the days that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from assistant.language.amounts import SMALL_NUMBERS, small_letters
from assistant.language.types import Value, ValueKind
from assistant.language.words import before

MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
}
MONTH_NUMBERS = MONTHS | {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
"""Months with the short forms of their names."""
WEEKDAYS = {
    name: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
"""Weekdays by name, numbered as `date.weekday` does."""
_RELATIVE_DAYS = {"today": 0, "tonight": 0, "this morning": 0, "yesterday": -1, "tomorrow": 1}
_RELATIVE_DAY = re.compile(rf"\b(?:{'|'.join(_RELATIVE_DAYS)})\b", re.IGNORECASE)

_MONTH = r"(?:" + "|".join(sorted((name.title() for name in MONTH_NUMBERS), key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})\s+{_DAY}(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    rf"|\b{_DAY.replace('day>', 'day_first>')}\s+(?:of\s+)?(?P<month_after>{_MONTH})"
    r"(?:,?\s+(?P<year_after>(?:19|20)\d\d))?"
    r"|\b(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>[01]\d)-(?P<iso_day>[0-3]\d)\b"
)
_MONTH_ALONE = re.compile(rf"\b(?P<month>{_MONTH})(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b)?")
_MONTHS_LIKE_WORDS = frozenset({"May", "March", "Mar"})
"""Taken for months only with a year behind or a preposition before them."""
_BEFORE_MONTH = re.compile(r"\b(?:in|since|until|by|of|last|next|early|late|mid|from|to|during)[\s-]+$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?P<year>(?:19|20)\d\d)\b(?![-–]?\d|\s?%)")
_WEEKDAY = re.compile(r"\b(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b")

_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|\b(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)\b"
    rf"|\b(?P<word_hour>{'|'.join(list(SMALL_NUMBERS)[1:13])}|1?\d)(?:\s+o['’]clock)?"
    r"\s+in\s+the\s+(?P<part>morning|afternoon|evening)\b"
    r"|\b(?P<named>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_NOON = 720
"""In minutes after midnight."""
_PART_OF_DAY = re.compile(
    r"(?:day|\bthis|\bthat|\bin the|\blast|\bearly|\blate)\s+(?P<part>morning|afternoon|evening|night)\b", re.IGNORECASE
)
_PERIOD = re.compile(
    r"\b(?P<step>last|this|next)\s+(?P<unit>week|month|year|weekend|summer|autumn|winter|spring)\b", re.IGNORECASE
)
_PERIOD_STEPS = {"last": -1, "this": 0, "next": 1}
_STEP = re.compile(
    r"\b(?P<unit>day|night|week|weekend|month|year)s?\s+(?P<step>before|after|earlier|later)\b", re.IGNORECASE
)


def resolved_dates(text: str, published: date | None) -> set[date]:
    """Return the days that a text names, relative ones ("Tuesday", "yesterday") seen from `published`.

    A weekday may mean the one before or the one after publication, so both are returned.
    """
    days: set[date] = set()
    for value in dates(text):
        year = value.year or (published.year if published else None)
        day = _day_of(year, int(value.amount)) if year else None
        days |= {day} if day else set()
    if published:
        for value in weekdays(text):
            back = (published.weekday() - int(value.amount)) % 7
            days |= {published - timedelta(days=back), published + timedelta(days=(7 - back) % 7 or 7)}
        days |= {published + timedelta(days=_RELATIVE_DAYS[word]) for word in relative_days(text)}
    return days


def relative_days(text: str) -> frozenset[str]:
    """Return the words of a text that tell a day from where they are said: "yesterday"."""
    return frozenset(match[0].lower() for match in _RELATIVE_DAY.finditer(text))


def shifted(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a word tells a day from where it is said, and how many days on that is: "yesterday", -1."""
    for match in _RELATIVE_DAY.finditer(text):
        yield match.start(), _RELATIVE_DAYS[match[0].lower()]


def dates(text: str) -> Iterator[Value]:
    """Yield the days of a month that a text names, with or without a year."""
    for match in _DATE.finditer(text):
        if match["iso_year"]:
            month, day, year = int(match["iso_month"]), int(match["iso_day"]), match["iso_year"]
        else:
            month = _month_number(match["month"] or match["month_after"])
            day, year = int(match["day"] or match["day_first"]), match["year"] or match["year_after"]
        yield Value(ValueKind.DATE, month * 100 + day, "", *match.span(), year=int(year) if year else None)


def clocks(text: str) -> Iterator[Value]:
    """Yield the times of day that a text states."""
    for match in _CLOCK.finditer(text):
        if match["named"]:
            minutes = 0 if match["named"].lower() == "midnight" else _NOON
        elif match["hour24"]:
            minutes = int(match["hour24"]) * 60 + int(match["minute24"])
        elif match["word_hour"]:
            word = small_letters(match["word_hour"])
            hour = SMALL_NUMBERS[word] if word in SMALL_NUMBERS else int(word)
            minutes = (hour % 12) * 60 + (0 if match["part"].lower() == "morning" else _NOON)
        else:
            minutes = int(match["hour"]) % 12 * 60 + int(match["minute"] or 0) + (_NOON if match["half"] in "pP" else 0)
        yield Value(ValueKind.CLOCK, minutes, "", *match.span())


def months(text: str) -> Iterator[Value]:
    """Yield the months that a text names; "May" and "March" only where they are not other words."""
    for match in _MONTH_ALONE.finditer(text):
        like_word = match["month"] in _MONTHS_LIKE_WORDS and not match["year"]
        if like_word and not _BEFORE_MONTH.search(before(text, match.start())):
            continue
        year = int(match["year"]) if match["year"] else None
        yield Value(ValueKind.MONTH, _month_number(match["month"]), "", *match.span(), year=year)


def weekdays(text: str) -> Iterator[Value]:
    """Yield the weekdays that a text names."""
    for match in _WEEKDAY.finditer(text):
        yield Value(ValueKind.WEEKDAY, WEEKDAYS[match["name"].lower()], "", *match.span())


def years(text: str) -> Iterator[Value]:
    """Yield the years from 1900 to 2099 that a text names."""
    for match in _YEAR.finditer(text):
        yield Value(ValueKind.YEAR, int(match["year"]), "", *match.span())


def parts_of_day(text: str) -> Iterator[Value]:
    """Yield the mornings, afternoons, evenings and nights of a text."""
    for match in _PART_OF_DAY.finditer(text):
        yield Value(ValueKind.PART_OF_DAY, 0, match["part"].lower(), *match.span("part"))


def periods(text: str) -> Iterator[Value]:
    """Yield periods seen from today: "next week"."""
    for match in _PERIOD.finditer(text):
        yield Value(ValueKind.PERIOD, _PERIOD_STEPS[small_letters(match["step"])], match["unit"].lower(), *match.span())


def steps(text: str) -> Iterator[Value]:
    """Yield whether something was a day (week, year ...) before or after."""
    for match in _STEP.finditer(text):
        amount = -1 if match["step"].lower() in ("before", "earlier") else 1
        yield Value(ValueKind.STEP, amount, match["unit"].lower(), *match.span("step"))


def _month_number(name: str) -> int:
    return MONTH_NUMBERS[name.lower().rstrip(".")]


def _day_of(year: int, month_and_day: int) -> date | None:
    try:
        return date(year, month_and_day // 100, month_and_day % 100)
    except ValueError:
        return None
