"""Values that a text states: numbers, amounts, durations, times and dates, written so that equal ones compare equal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
_DOZEN = 12

_WORD = "|".join([*_SMALL, *_TENS, *_SCALES, "dozen"])
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = (
    rf"(?:(?P<digits>{_DIGITS})(?:\s?(?P<scale>{'|'.join(list(_SCALES)[1:])}|bn|mn|tn)\b|(?P<letter>[kmb])\b)?"
    rf"|(?P<words>(?:\ban?\s+(?=(?:hundred|thousand|million|billion|trillion|dozen)\b))?"
    rf"\b(?:{_WORD})(?:(?:\s+and\s+|[\s-]+)(?:{_WORD}))*\b))"
)
_HALF = r"(?P<half>\s+and\s+a\s+half(?:\s+(?P<half_of>thousand|million|billion))?)?"
_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_FRACTION = re.compile(
    rf"\b(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)[\s-]+(?P<part>{'|'.join(list(_PARTS)[1:])})(?:s\b|\s+of\b)"
    r"|\bhalf\s+(?:of\s+)?(?:the|its|their|all|his|her)\b",
    re.IGNORECASE,
)

SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "night": 86_400,
    "week": 604_800,
    "fortnight": 1_209_600,
}
_LONG_UNITS = {"month": 1, "year": 12, "decade": 120, "century": 1_200}
_UNIT = r"(?P<unit>seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?|centur(?:y|ies))"

MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
}
_MONTH_NUMBERS = MONTHS | {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_MONTH = r"(?:" + "|".join(sorted((name.title() for name in _MONTH_NUMBERS), key=len, reverse=True)) + r")\b\.?"
WEEKDAYS = {
    name: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"

_DURATION = re.compile(
    rf"{_NUMBER}{_HALF}(?:\s+|-|\u2011)(?:more\s+|full\s+|whole\s+)?{_UNIT}\b(?P<later_half>\s+and\s+a\s+half)?",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    rf"\b(?:an?|one)\s+(?P<fraction>half[\s-])?{_UNIT.replace('s?', '')}\b(?P<half>\s+and\s+a\s+half)?"
    r"|\bhalf\s+an?\s+(?P<halved>hour|day|year|century)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\b(?P<step>last|this|next)\s+(?P<unit>week|month|year|weekend|summer|autumn|winter|spring)\b", re.IGNORECASE
)
_RATE = re.compile(
    r"\b(?:every|each|per)\s+(?P<unit>hour|day|night|week|month|year)\b"
    r"|\b(?P<adverb>hourly|daily|nightly|weekly|monthly|yearly|annually)\b",
    re.IGNORECASE,
)
_RATE_UNITS = {
    "night": "day", "hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "monthly": "month",
    "yearly": "year", "annually": "year",
}  # fmt: skip
_PART_OF_DAY = re.compile(
    r"(?:day|\bthis|\bthat|\bin the|\blast|\bearly|\blate)\s+(?P<part>morning|afternoon|evening|night)\b", re.IGNORECASE
)
_STEP = re.compile(
    r"\b(?P<unit>day|night|week|weekend|month|year)s?\s+(?P<step>before|after|earlier|later)\b", re.IGNORECASE
)
_BEFORE_LENGTH = re.compile(
    r"\b(?:for|in|within|about|around|roughly|of|last|lasts|lasting|lasted|than|nearly|almost|over|after|another|by|under|just|"
    r"only|takes?|took|is|was)\s+$",
    re.IGNORECASE,
)
_BEHIND_LENGTH = re.compile(r"[\s-]+(?:long|away|later|ago|earlier|old|off|of|without|until|or so)\b", re.IGNORECASE)
_PERCENT = re.compile(rf"{_NUMBER}{_HALF}\s?(?:%|per\s?cent\b|percentage points?\b)", re.IGNORECASE)
_MONEY = re.compile(
    rf"(?P<sign>[$€£¥])\s?{_NUMBER}|{_NUMBER.replace('P<', 'P<w_')}\s+"
    r"(?P<currency>dollars?|euros?|pounds?|roubles?|rubles?|hryvnias?|yen|yuan)\b",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "rouble": "ruble"}
_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|\b(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)\b"
    rf"|\b(?P<word_hour>{'|'.join(list(_SMALL)[1:13])}|1?\d)(?:\s+o['’]clock)?\s+in\s+the\s+(?P<part>morning|afternoon|evening)\b"
    r"|\b(?P<named>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})\s+{_DAY}(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    rf"|\b{_DAY.replace('day>', 'day_first>')}\s+(?:of\s+)?(?P<month_after>{_MONTH})(?:,?\s+(?P<year_after>(?:19|20)\d\d))?"
    r"|\b(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>[01]\d)-(?P<iso_day>[0-3]\d)\b"
)
_MONTH_ALONE = re.compile(rf"\b(?P<month>{_MONTH})(?:\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b)?")
_BEFORE_MONTH = re.compile(r"\b(?:in|since|until|by|of|last|next|early|late|mid|from|to|during)[\s-]+$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?P<year>(?:19|20)\d\d)\b(?![-–]?\d|\s?%)")
_WEEKDAY = re.compile(r"\b(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b")
_COUNT = re.compile(rf"(?<![\w.,]){_NUMBER}{_HALF}(?![\w%])", re.IGNORECASE)
_ONE_AS_PRONOUN = re.compile(r"one\b(?!\s+(?:hundred|thousand|million|billion))", re.IGNORECASE)
_COUNTED_WORDS = 4


class ValueKind(StrEnum):
    """What a value measures; values of different kinds are never equal."""

    COUNT = "number"
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


@dataclass(frozen=True, slots=True)
class Value:
    """One value in a text, at `text[start:end]`.

    `amount` is the number, per cent, seconds (durations up to weeks), months (longer ones, as a negative number: a
    month is no fixed number of days), minutes after midnight, month * 100 + day, month, year or weekday from 0.
    `unit` tells currencies apart and is empty elsewhere.
    """

    kind: ValueKind
    amount: float
    unit: str
    start: int
    end: int
    year: int | None = None
    """Of a date or month that names its year."""

    def equals(self, other: Value) -> bool:
        """Whether both state the same value; a year that only one of them names makes no difference."""
        same = (self.kind, self.amount, self.unit) == (other.kind, other.amount, other.unit)
        return same and (self.year is None or other.year is None or self.year == other.year)


def values_in(text: str) -> list[Value]:
    """Return the values that a text states, in order, none inside another. "One" by itself is not taken for a count."""
    found: list[Value] = []
    taken = bytearray(len(text))
    for read in (
        _dates,
        _clocks,
        _fractions,
        _periods,
        _rates,
        _parts_of_day,
        _steps,
        _durations,
        _percentages,
        _money,
        _months,
        _weekdays,
        _years,
        _counts,
    ):
        for value in read(text):
            if not any(taken[value.start : value.end]):
                taken[value.start : value.end] = b"\1" * (value.end - value.start)
                found.append(value)
    return sorted(found, key=lambda value: value.start)


def counted_words(text: str, value: Value) -> str:
    """Return the words behind a count: what it counts."""
    behind = re.split(r"[.;:,()]", text[value.end :], maxsplit=1)[0]
    return " ".join(behind.split()[:_COUNTED_WORDS])


def resolved_dates(text: str, published: date | None) -> set[date]:
    """Return the days that a text names, relative ones ("Tuesday", "yesterday") seen from `published`.

    A weekday may mean the one before or the one after publication, so both are returned.
    """
    days: set[date] = set()
    for value in values_in(text):
        if value.kind is ValueKind.DATE:
            year = value.year or (published.year if published else None)
            day = _day_of(year, int(value.amount)) if year else None
            days |= {day} if day else set()
        elif value.kind is ValueKind.WEEKDAY and published:
            back = (published.weekday() - int(value.amount)) % 7
            days |= {published - timedelta(days=back), published + timedelta(days=(7 - back) % 7 or 7)}
    if published:
        steps = {"today": 0, "tonight": 0, "this morning": 0, "yesterday": -1, "tomorrow": 1}
        lowered = text.lower()
        days |= {published + timedelta(days=step) for word, step in steps.items() if re.search(rf"\b{word}\b", lowered)}
    return days


def _day_of(year: int, month_and_day: int) -> date | None:
    try:
        return date(year, month_and_day // 100, month_and_day % 100)
    except ValueError:
        return None


def _number(match: re.Match[str], prefix: str = "") -> float:
    groups = match.groupdict()
    if digits := groups.get(f"{prefix}digits"):
        value = float(re.sub(r"[,\u00a0\u202f]", "", digits))
        scale = (groups.get(f"{prefix}scale") or groups.get(f"{prefix}letter") or "").lower()
        value *= (_SCALES | _SHORT_SCALES).get(scale, 1)
    else:
        value = _spoken(groups[f"{prefix}words"])
    half = 0.5 if groups.get("half") or groups.get("later_half") else 0
    return (value + half) * _SCALES.get((groups.get("half_of") or "").lower(), 1)


def _spoken(words: str) -> float:
    """Return the value of number words: "one hundred and seventy-five" is 175."""
    total = current = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _SMALL or word in _TENS:
            current += (_SMALL | _TENS)[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word == "dozen":
            current = (current or 1) * _DOZEN
        elif word in _SCALES:
            total += (current or 1) * _SCALES[word]
            current = 0
    return float(total + current)


def _duration(amount: float, unit: str) -> float:
    singular = "century" if unit.lower().startswith("centur") else unit.lower().rstrip("s")
    return amount * SECONDS[singular] if singular in SECONDS else -amount * _LONG_UNITS[singular]


def _durations(text: str) -> Iterator[Value]:
    for match in _DURATION.finditer(text):
        yield Value(ValueKind.DURATION, _duration(_number(match), match["unit"]), "", *match.span())
    for match in _SINGLE.finditer(text):
        amount = 0.5 if match["halved"] or match["fraction"] else 1.5 if match["half"] else 1
        unit = match["halved"] or match["unit"]
        if amount != 1 or match[0].lower().startswith("one") or _is_length(text, match):
            yield Value(ValueKind.DURATION, _duration(amount, unit), "", *match.span())


def _periods(text: str) -> Iterator[Value]:
    for match in _PERIOD.finditer(text):
        step = {"last": -1, "this": 0, "next": 1}[match["step"].lower()]
        yield Value(ValueKind.PERIOD, step, match["unit"].lower(), *match.span())


def _rates(text: str) -> Iterator[Value]:
    for match in _RATE.finditer(text):
        said = (match["unit"] or match["adverb"]).lower()
        yield Value(ValueKind.RATE, 0, _RATE_UNITS.get(said, said), *match.span())


def _parts_of_day(text: str) -> Iterator[Value]:
    for match in _PART_OF_DAY.finditer(text):
        yield Value(ValueKind.PART_OF_DAY, 0, match["part"].lower(), *match.span("part"))


def _steps(text: str) -> Iterator[Value]:
    for match in _STEP.finditer(text):
        amount = -1 if match["step"].lower() in ("before", "earlier") else 1
        yield Value(ValueKind.STEP, amount, match["unit"].lower(), *match.span("step"))


def _is_length(text: str, match: re.Match[str]) -> bool:
    """Whether "a week" is a length of time, not "2,500 a week" or "once a day"."""
    return bool(_BEFORE_LENGTH.search(text[: match.start()]) or _BEHIND_LENGTH.match(text[match.end() :]))


def _fractions(text: str) -> Iterator[Value]:
    for match in _FRACTION.finditer(text):
        top = (match["top"] or "one").lower()
        share = _SMALL.get(top, 1) / _PARTS[(match["part"] or "half").lower()]
        yield Value(ValueKind.PERCENT, round(100 * share, 1), "", *match.span())


def _percentages(text: str) -> Iterator[Value]:
    for match in _PERCENT.finditer(text):
        yield Value(ValueKind.PERCENT, _number(match), "", *match.span())


def _money(text: str) -> Iterator[Value]:
    for match in _MONEY.finditer(text):
        prefix = "" if match["sign"] else "w_"
        unit = (match["sign"] or match["currency"]).lower()
        unit = unit if unit in _CURRENCIES else unit.rstrip("s")
        yield Value(ValueKind.MONEY, _number(match, prefix), _CURRENCIES.get(unit, unit), *match.span())


def _clocks(text: str) -> Iterator[Value]:
    for match in _CLOCK.finditer(text):
        if match["named"]:
            minutes = 0 if match["named"].lower() == "midnight" else 720
        elif match["hour24"]:
            minutes = int(match["hour24"]) * 60 + int(match["minute24"])
        elif match["word_hour"]:
            hour = int(_SMALL.get(match["word_hour"].lower(), -1))
            hour = int(match["word_hour"]) if hour < 0 else hour
            minutes = (hour % 12) * 60 + (0 if match["part"].lower() == "morning" else 720)
        else:
            minutes = int(match["hour"]) % 12 * 60 + int(match["minute"] or 0) + (720 if match["half"] in "pP" else 0)
        yield Value(ValueKind.CLOCK, minutes, "", *match.span())


def _dates(text: str) -> Iterator[Value]:
    for match in _DATE.finditer(text):
        if match["iso_year"]:
            month, day, year = int(match["iso_month"]), int(match["iso_day"]), match["iso_year"]
        else:
            month = _month_number(match["month"] or match["month_after"])
            day, year = int(match["day"] or match["day_first"]), match["year"] or match["year_after"]
        yield Value(ValueKind.DATE, month * 100 + day, "", *match.span(), year=int(year) if year else None)


def _months(text: str) -> Iterator[Value]:
    for match in _MONTH_ALONE.finditer(text):
        if (
            match["month"] in ("May", "March", "Mar", "Sun")
            and not match["year"]
            and not _after_preposition(text, match)
        ):
            continue
        year = int(match["year"]) if match["year"] else None
        yield Value(ValueKind.MONTH, _month_number(match["month"]), "", *match.span(), year=year)


def _after_preposition(text: str, match: re.Match[str]) -> bool:
    return bool(_BEFORE_MONTH.search(text[: match.start()]))


def _month_number(name: str) -> int:
    return _MONTH_NUMBERS[name.lower().rstrip(".")]


def _weekdays(text: str) -> Iterator[Value]:
    for match in _WEEKDAY.finditer(text):
        yield Value(ValueKind.WEEKDAY, WEEKDAYS[match["name"].lower()], "", *match.span())


def _years(text: str) -> Iterator[Value]:
    for match in _YEAR.finditer(text):
        yield Value(ValueKind.YEAR, int(match["year"]), "", *match.span())


def _counts(text: str) -> Iterator[Value]:
    for match in _COUNT.finditer(text):
        if not _ONE_AS_PRONOUN.fullmatch(match[0]):
            yield Value(ValueKind.COUNT, _number(match), "", *match.span())
