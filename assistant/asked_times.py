"""Whether a paragraph can be about the time that a question names: asked about April, a March report does not know."""

from __future__ import annotations

from datetime import date, timedelta

from assistant.gate.times import resolved_dates
from assistant.gate.types import Value, ValueKind
from assistant.gate.values import values_in
from index.types import Article, Paragraph

_TIMES = {ValueKind.DATE, ValueKind.MONTH, ValueKind.YEAR}
_Parts = tuple[int | None, int | None, int | None]
"""Year, month and day, as far as they are told."""
_NEWS_DAYS = 31
"""How long before its date an article's events may lie without its saying when they were: a rule of thumb."""


def times_in(text: str) -> list[Value]:
    """Return the days, months and years that a text names."""
    return [value for value in values_in(text) if value.kind in _TIMES]


def is_of_other_time(question: str, article: Article, paragraph: Paragraph) -> bool:
    """Whether a question names a day, month or year that neither the paragraph nor the article's date and title fit.

    An article without a date may be about any time.
    """
    asked = times_in(question)
    if not asked or not article.published:
        return False
    text = f"{article.title or ''}. {paragraph.text}"
    days = resolved_dates(text, article.published)
    days |= {article.published - timedelta(days=back) for back in range(_NEWS_DAYS + 1)}
    stated: set[_Parts] = {(day.year, day.month, day.day) for day in days}
    stated |= {_parts(value, article.published) for value in times_in(text) if value.kind is not ValueKind.DATE}
    return not all(any(_fit(_parts(time), other) for other in stated) for time in asked)


def _parts(time: Value, published: date | None = None) -> _Parts:
    """Return year, month and day; a month without a year is taken for the one nearest to publication."""
    match time.kind:
        case ValueKind.YEAR:
            return int(time.amount), None, None
        case ValueKind.DATE:
            return time.year, int(time.amount) // 100, int(time.amount) % 100
    year, month = time.year, int(time.amount)
    if published and year is None:
        year = published.year + round((published.month - month) / 12)
    return year, month, None


def _fit(asked: _Parts, stated: _Parts) -> bool:
    """Whether two times may be one: both tell a year, month or day, and where both do, the same."""
    both = [(one, other) for one, other in zip(asked, stated, strict=True) if None not in (one, other)]
    return bool(both) and all(one == other for one, other in both)
