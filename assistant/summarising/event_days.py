"""On which day something happened that a sentence tells, seen from the day of its article."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.language.times import dates, relative_days, shifted, weekdays
from assistant.language.types import Value
from assistant.language.words import before

_AHEAD = re.compile(
    r"\b(?:will|would|shall|to|due|next|coming|scheduled|planned|expected|until|by)\b[^.;]{0,60}$", re.IGNORECASE
)
"""What stands before a weekday that is still to come when the article appears."""
_PAST = re.compile(
    r"\b(?:was|were|had|did|said|told|wrote|took|came|went|made|met|won|lost|left|began|held|fell|rose|gave|got|saw|"
    r"found|kept|sent|set|led|broke|spoke|struck|shot|[a-z]{2,}ed)\b"
)
_SAYS = re.compile(r"\bsays?\b")
_WEEK, _LONG_AGO = 7, 5
_AHEAD_IS_FARTHER = 4
"""How much farther a day to come seems than one that was: a rule of thumb, as is from when a weekday is long ago."""


def event_day(sentence: str, published: date | None) -> date | None:
    """Return the day that a sentence names first, as a date; None where it names none.

    A date without a year is the nearest to publication; a weekday is the last one up to publication, or the next one
    where the words before it look ahead ("will meet on Friday"), or it is near and nothing in the sentence is past.
    """
    found = [(value.start, day) for value in dates(sentence) if (day := _dated(value, published))]
    if published:
        found += [(value.start, _weekday(sentence, value, published)) for value in weekdays(sentence)]
        found += [(place, published + timedelta(days=step)) for place, step in shifted(sentence)]
    return min(found)[1] if found else None


def names_day(sentence: str) -> bool:
    """Whether a sentence names a day."""
    return bool(relative_days(sentence)) or any(True for _ in dates(sentence)) or any(True for _ in weekdays(sentence))


def _dated(value: Value, published: date | None) -> date | None:
    month, day = divmod(int(value.amount), 100)
    if value.year or published is None:
        return _day(value.year, month, day) if value.year else None
    near = [_day(published.year + step, month, day) for step in (-1, 0, 1)]
    return min((each for each in near if each), key=lambda each: _distance(each, published), default=None)


def _distance(day: date, published: date) -> int:
    """Return how far a day is from publication; one to come seems farther, for news mostly tells what has been."""
    days = (day - published).days
    return days * _AHEAD_IS_FARTHER if days > 0 else -days


def _weekday(sentence: str, value: Value, published: date) -> date:
    back = (published.weekday() - int(value.amount)) % _WEEK
    long_ago = back >= _LONG_AGO and (not _PAST.search(sentence) or _SAYS.search(sentence) is not None)
    if long_ago or _AHEAD.search(before(sentence, value.start)):
        return published + timedelta(days=(_WEEK - back) % _WEEK or _WEEK)
    return published - timedelta(days=back)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
