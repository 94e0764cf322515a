"""What stands in front of a passage when it is read: what a person would have looked at before."""

from __future__ import annotations

from datetime import date


def header_of(title: str, published: date | str | None, *before: str) -> str:
    """Return the header of a passage: the article's title and date, and what leads to the passage."""
    day = date.fromisoformat(published[:10]) if isinstance(published, str) and published else published
    parts = [title, f"{day:%A} {day.day} {day:%B %Y}" if isinstance(day, date) else "", *before]
    return " | ".join(part for part in parts if part)
