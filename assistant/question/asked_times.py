"""The times that a question names, and whether a paragraph can be about them: a March report does not know of April."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from assistant.language.times import resolved_dates
from assistant.language.types import Value, ValueKind
from assistant.language.values import values_in
from assistant.language.words import before
from index.types import Article, Paragraph

_TIMES = {ValueKind.DATE, ValueKind.MONTH, ValueKind.YEAR}
_VAGUE_TIMES = {ValueKind.WEEKDAY, ValueKind.CLOCK, ValueKind.PERIOD, ValueKind.PART_OF_DAY, ValueKind.STEP}
_Parts = tuple[int | None, int | None, int | None]
"""Year, month and day, as far as they are told."""
_NEWS_DAYS = 31
"""How long before its date an article's events may lie without its saying when they were: a rule of thumb."""
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|of|since|by|until|till|from|to|during|before|after|between|and|or|for|the|early|late|mid)|['’]s?|,)[\s-]+$",
    re.IGNORECASE,
)
_WRITTEN_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def times_among(values: Sequence[Value], question: str) -> tuple[Value, ...]:
    """Return the days, months and years among the values of a question; "2000 soldiers" are no year."""
    return tuple(
        value
        for value in values
        if value.kind in _TIMES
        and (value.kind is not ValueKind.YEAR or _BEFORE_YEAR.search(before(question, value.start)))
    )


def names_time(values: Sequence[Value]) -> bool:
    """Whether some of the values of a question say when, without telling a day."""
    return any(value.kind in _VAGUE_TIMES for value in values)


def is_of_other_time(asked: Sequence[Value], article: Article, paragraph: Paragraph) -> bool:
    """Whether times are asked about, and neither the paragraph nor the article's date and title fit one of them."""
    return bool(asked) and not any(may_be_of(time, article, paragraph) for time in asked)


def may_be_of(time: Value, article: Article, paragraph: Paragraph) -> bool:
    """Whether a paragraph may be about a day, month or year. An article without a date may be about any time."""
    published = article.published
    if published is None:
        return True
    text = f"{article.title or ''}. {paragraph.text}"
    days = resolved_dates(text, published)
    days |= {published - timedelta(days=back) for back in range(_NEWS_DAYS + 1)}
    stated: set[_Parts] = {(day.year, day.month, day.day) for day in days}
    stated |= {(int(match[0]), None, None) for match in _WRITTEN_YEAR.finditer(text)}
    stated |= {parts for value in values_in(text) if value.kind in _TIMES for parts in _readings(value, published)}
    return any(_fit(_parts(time), other) for other in stated)


def _readings(time: Value, published: date) -> Iterator[_Parts]:
    """Yield what a time in an article may mean: one without a year is the last before publication, or the next."""
    year, month, day = _parts(time)
    if year is not None or month is None:
        yield year, month, day
        return
    for near in (published.year - 1, published.year, published.year + 1):
        if abs((near - published.year) * 12 + month - published.month) < 12:  # noqa: PLR2004 - months of a year
            yield near, month, day


def _parts(time: Value) -> _Parts:
    match time.kind:
        case ValueKind.YEAR:
            return int(time.amount), None, None
        case ValueKind.MONTH:
            return time.year, int(time.amount), None
    return time.year, int(time.amount) // 100, int(time.amount) % 100


def _fit(asked: _Parts, stated: _Parts) -> bool:
    """Whether two times may be one: both tell a year, month or day, and where both do, the same."""
    both = [(one, other) for one, other in zip(asked, stated, strict=True) if None not in (one, other)]
    return bool(both) and all(one == other for one, other in both)
