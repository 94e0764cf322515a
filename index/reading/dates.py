"""Read the date of publication from whatever a source offers: ISO, RFC 2822, English words, or an epoch number."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta

EARLIEST_YEAR = 1600
LATEST_YEAR = 2100
"""Outside these years a date is a placeholder (0001-01-01, 9999-12-31), not a date of publication."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_SECONDS = range(10**8, 10**11)
EPOCH_MILLISECONDS = range(10**11, 10**14)
MONTHS_IN_YEAR = 12

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d|$)")
NUMBER = re.compile(r"\d{9,14}(?:\.\d+)?")


def parse_date(value: object) -> date | None:
    """Return the day that `value` names, as its author wrote it (no change of time zone), or None.

    Takes a date, a number (seconds or milliseconds since 1970, in UTC) or a string. A numeric date whose day and
    month could be exchanged ("04/01/2019") is None, as is one without a year, a month or a day.
    """
    if isinstance(value, datetime):
        return _plausible(value.date())
    if isinstance(value, date):
        return _plausible(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_epoch(value) or _from_text(str(value))
    return _from_text(value.strip()) if isinstance(value, str) else None


def _from_text(text: str) -> date | None:
    if NUMBER.fullmatch(text):
        return _from_epoch(float(text))
    if match := YEAR_FIRST.match(text):
        return _day(match[1], match[3], match[4])
    if match := COMPACT.match(text):
        return _day(match[1], match[2], match[3])
    if match := YEAR_LAST.match(text):
        first, second = int(match[1]), int(match[3])
        if first <= MONTHS_IN_YEAR and second <= MONTHS_IN_YEAR and first != second:
            return None
        month, day = (second, first) if first > MONTHS_IN_YEAR else (first, second)
        return _day(match[4], month, day)
    return _from_words(text)


def _from_words(text: str) -> date | None:
    """Read "January 4, 2019", "Fri, 04 Jan 2019 10:00:00 GMT" and their kin.

    What a date lacks is taken from a default day, so two defaults that share nothing show whether anything was lacking.
    """
    if not re.search(r"(?<!\d)\d{4}(?!\d)", text) or not re.search(r"[^\W\d_]{3}", text):
        return None
    from dateutil import parser  # type: ignore[import-untyped, unused-ignore]

    try:
        one, other = (
            parser.parse(text, default=day, ignoretz=True) for day in (datetime(2000, 1, 1), datetime(2003, 2, 2))
        )
    except (ValueError, OverflowError, TypeError):
        return None
    return _plausible(one.date()) if one.date() == other.date() else None


def _from_epoch(number: float) -> date | None:
    if not math.isfinite(number):
        return None
    if int(number) in EPOCH_MILLISECONDS:
        number /= 1000
    elif int(number) not in EPOCH_SECONDS:
        return None
    return _plausible((EPOCH + timedelta(seconds=number)).date())


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return _plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None
