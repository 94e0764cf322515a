"""Who says what of something: the sentences in which somebody speaks, each with its speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence.relating import Relations
from assistant.language.quotations import quotations_in, speakers
from assistant.summarising.groups import Group, as_written
from assistant.summarising.selecting import select
from assistant.summarising.statements import Statement

VOICES = 10
SPEAKS = 2.0
"""Salience added to a sentence that gives what somebody says, by the speaker or by the quotation."""


def opinions(statements: Sequence[Statement], relations: Relations, *, count: int | None = None) -> list[Group]:
    """Choose what people say of something."""
    weighed = [replace(each, salience=each.salience + SPEAKS * _speaks(each.text)) for each in statements]
    chosen = select(weighed, count or VOICES, relations, heard=0.2)
    return [Group("", as_written(chosen))] if chosen else []


def _speaks(sentence: str) -> float:
    return (bool(speakers(sentence)) + bool(quotations_in(sentence))) / 2
