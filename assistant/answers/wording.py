"""Dates, places, coverage and headings in words, the same wherever an answer is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.types import Coverage, Filters

DIFFER = "The articles differ"
SUPERSEDED = "superseded"
NEAREST = "Nearest paragraphs"
MAY_ANSWER = "The articles may not answer this question. Nearest to it is:"
"""Leads an answer of which it is not sure that it is one."""
NO_ARTICLE = "No article is"
"""Opens what a refusal says where no article is of the days, outlets or articles that were asked for."""


def day(iso_date: str) -> str:
    """Return "18 March 2025" for "2025-03-18"; what is no date comes back as it is."""
    try:
        value = date.fromisoformat(iso_date)
    except ValueError:
        return iso_date
    return f"{value.day} {value:%B %Y}"


def counted_articles(count: int) -> str:
    """Return "1 article" or for example "12 articles"."""
    return "1 article" if count == 1 else f"{count} articles"


def days_between(first: date, last: date) -> str:
    """Return two days as a span: "3 to 9 March 2019", "30 March to 2 April 2019"; one day alone if they are one."""
    if first == last:
        return day(first.isoformat())
    start = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%B}"
    return f"{start}{'' if first.year == last.year else f' {first.year}'} to {day(last.isoformat())}"


def searched_for(changes: Sequence[tuple[str, str]]) -> str:
    """Say which typed words were taken for which: “Searched for “Witkoff” (typed “Witkof”)”."""
    said = [f"“{taken}” (typed “{typed}”)" for typed, taken in changes]
    return f"Searched for {' and '.join(said)}." if said else ""


def of_filters(filters: Filters) -> str:
    """Return what filters let through, in words: "of 3 to 9 March 2019 in Sample Wire"."""
    parts = []
    if filters.since and filters.until:
        parts.append(f"of {days_between(filters.since, filters.until)}")
    elif filters.since:
        parts.append(f"of {day(filters.since.isoformat())} or later")
    elif filters.until:
        parts.append(f"of {day(filters.until.isoformat())} or before")
    if filters.outlets:
        parts.append(f"in {' or '.join(filters.outlets)}")
    return " ".join(parts) or "among those chosen"


def coverage_line(coverage: Coverage) -> str:
    """Say in one sentence what the collection is about."""
    if not coverage.articles:
        return "No article passes the filters."
    parts = [f"The collection has {counted_articles(coverage.articles)}"]
    if coverage.outlets:
        parts.append(f"from {', '.join(coverage.outlets)}")
    if coverage.first and coverage.last:
        same = coverage.first == coverage.last
        parts.append(f"of {day(coverage.first)}" if same else f"from {day(coverage.first)} to {day(coverage.last)}")
    newest = f" Newest: {'; '.join(coverage.titles[:3])}." if coverage.titles else ""
    return f"{', '.join(parts)}.{newest}"


def described(outlet: str | None, published: object, title: str | None) -> str:
    """Return outlet, day and title, as far as they are known."""
    return " · ".join(part for part in (outlet, day(str(published)) if published else None, title) if part)


def copies_line(copies: Sequence[str]) -> str:
    """Say which other places carry the same text."""
    return f"Same text: {', '.join(copies)}"
