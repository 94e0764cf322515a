"""A timeline: dated entries in order, one quotation or more for a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answers.wording import day as day_in_words
from assistant.evidence.relating import Relations
from assistant.language.times import clocks
from assistant.summarising.event_days import event_day
from assistant.summarising.groups import Group, as_written, grouped
from assistant.summarising.selecting import Chosen, select
from assistant.summarising.statements import Statement

ENTRIES = 14
DATED = 1.0
"""Salience added to a sentence that names the day of what it tells."""
UNDATED = "No date"


def timeline(statements: Sequence[Statement], relations: Relations, *, count: int | None = None) -> list[Group]:
    """Choose the entries of a timeline and put them in order, earliest first; what has no date comes last."""
    weighed = [
        replace(each, salience=each.salience + DATED * (event_day(each.text, each.article.published) is not None))
        for each in statements
    ]
    chosen = select(weighed, count or ENTRIES, relations, heard=0.8)
    days = grouped(chosen, lambda statement: statement.day)
    ordered = sorted(days, key=lambda day: day or date.max)
    return [Group(day_in_words(day.isoformat()) if day else UNDATED, _by_clock(days[day]), day) for day in ordered]


def _by_clock(chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Return the entries of a day as they are written, or by the time of day where every paragraph has one."""
    written = as_written(chosen)
    times = [next(clocks(each.statement.paragraph.text), None) for each in written]
    known = [time.amount for time in times if time]
    if len(known) < len(written):
        return written
    order = sorted(range(len(written)), key=lambda place: known[place])
    return tuple(written[place] for place in order)
