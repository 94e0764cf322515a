"""What the page's forms and buttons send, read into our own values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assistant.conversations.store import Feedback
from assistant.page import collection, frame
from assistant.page.elements import text
from index.errors import UsageError
from index.types import Filters


def number(value: object) -> int | None:
    """Return a whole number that the page sent; None for everything else."""
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() and len(written) < len("1000000000000") else None


def filters_from(values: Mapping[str, str]) -> Filters:
    """Return the filters of a question. Raises UsageError for what is no date."""
    wanted = wanted_from(values)
    return Filters((wanted.outlet,) if wanted.outlet else (), wanted.since, wanted.until)


def wanted_from(values: Mapping[str, str]) -> collection.ListFilters:
    """Return what a filter form says. Raises UsageError for what is no date."""
    return collection.ListFilters(
        str(values.get("words", ""))[:200], str(values.get("outlet", "")),
        _day(values.get("since")), _day(values.get("until")), str(values.get("asked", "")),
    )  # fmt: skip


def feedback_from(values: Mapping[str, str]) -> Feedback:
    """Return what was thought of an answer, or of the claim that is named. Raises ValueError for what is no number."""
    return Feedback(int(values["thumb"]), claim=int(values["claim"]) if values.get("claim") else None)


def question_from(values: Mapping[str, str]) -> str:
    """Return the question that was typed. Raises UsageError for an empty or overlong one."""
    question = str(values.get("question", "")).strip()
    if not question or len(question) > frame.LONGEST_QUESTION:
        raise UsageError(f"A question has between 1 and {frame.LONGEST_QUESTION:,} characters.")
    return question


def _day(value: object) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"{value!r} is no date; write it like 2025-03-18.") from None


def failure(error: Exception) -> str:
    """Return an error as a line to show."""
    return f'<p class="failure" role="alert">{text(error)}</p>'
