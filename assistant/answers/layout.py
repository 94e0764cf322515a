"""How the sentences of an answer stand together, worded and decided once for every door."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from assistant.types import Answer, Form, Section


class Layout(StrEnum):
    """How sections look. The values are class names on the page and in the HTML export."""

    TEXT = "text"
    """Sentences that follow each other, under headings where there are any."""
    POINTS = "points"
    """A point for each sentence, under headings where there are any."""
    DAYS = "days"
    """The day, and beside it what is said of it."""
    COLUMNS = "columns"
    """Sections beside each other, as far as there is room."""
    ROWS = "rows"
    """A table: the heading, and beside it what is said."""


_LAYOUTS = {
    Form.OVERVIEW: Layout.POINTS,
    Form.TIMELINE: Layout.DAYS,
    Form.LATEST: Layout.DAYS,
    Form.COMPARISON: Layout.COLUMNS,
    Form.OPINION: Layout.POINTS,
}
_TABLE_HEADS = {Form.TIMELINE: "Day", Form.LATEST: "Day", Form.OPINION: "Who"}
SAID = "What the articles say"
"""Heads the column of a table in which the sentences stand."""


def layout_of(answer: Answer) -> Layout:
    """Return how the sections of an answer look; what needs headings is chosen only where there are some."""
    layout = _LAYOUTS.get(answer.form, Layout.TEXT)
    if any(section.heading.strip() for section in answer.sections):
        return Layout.ROWS if answer.as_table else layout
    return Layout.POINTS if layout in {Layout.DAYS, Layout.COLUMNS} else layout


def table_head(form: Form) -> tuple[str, str]:
    """Return what stands above the two columns, if the sections are shown as rows of a table."""
    return _TABLE_HEADS.get(form, ""), SAID


def sections_of(answer: Answer) -> Iterator[Section]:
    """Yield sections that hold all claims of an answer; those that no section has come first, without a heading."""
    placed = {place for section in answer.sections for place in section.claims}
    if rest := tuple(place for place in range(len(answer.claims)) if place not in placed):
        yield Section("", rest)
    yield from answer.sections
