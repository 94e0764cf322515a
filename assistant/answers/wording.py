"""Dates, places, coverage and headings in words, the same wherever an answer is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.types import Coverage

DIFFER = "The articles differ"
SUPERSEDED = "superseded"
NEAREST = "Nearest paragraphs"
MAY_ANSWER = "The articles may not answer this question. Nearest to it is:"
"""Leads an answer of which it is not sure that it is one."""


def day(iso_date: str) -> str:
    """Return "18 March 2025" for "2025-03-18"; what is no date comes back as it is."""
    try:
        value = date.fromisoformat(iso_date)
    except ValueError:
        return iso_date
    return f"{value.day} {value:%B %Y}"


def coverage_line(coverage: Coverage) -> str:
    """Say in one sentence what the collection is about."""
    if not coverage.articles:
        return "No article passes the filters."
    articles = "1 article" if coverage.articles == 1 else f"{coverage.articles} articles"
    parts = [f"The collection has {articles}"]
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
