"""The latest on something: what the newest articles say of it, the newest day first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.answers.wording import day as day_in_words
from assistant.evidence.relating import Relations
from assistant.evidence.stories import Story
from assistant.summarising.groups import Group, as_written
from assistant.summarising.selecting import select
from assistant.summarising.statements import Statement
from assistant.summarising.timeline import UNDATED

SURE_RATIO = 0.85
"""An article needs this much of the relevance of the nearest one to be news of it, or tells the story of such a one."""
COVERED = 0.8
"""Of other articles counts what stands near so much of the topic."""
DAYS_SHOWN = 3
OF_NEWEST, OF_EARLIER = 4, 1
"""Sentences of the newest day, and of each day before it."""


def latest(
    statements: Sequence[Statement], stories: Sequence[Story], relations: Relations, *, count: int | None = None
) -> list[Group]:
    """Choose what the newest articles say, by the day on which they appeared."""
    best = max((each.relevance for each in statements), default=0.0)
    nearest = {each.article.id for each in statements if each.relevance >= SURE_RATIO * best}
    same = {each.id for story in stories if nearest & {one.id for one in story.articles} for each in story.articles}
    news = [each for each in statements if each.article.id in nearest | same or each.covered >= COVERED]
    days = sorted({each.article.published or date.min for each in news}, reverse=True)
    shown = max(1, (count or DAYS_SHOWN + OF_NEWEST - 1) - OF_NEWEST + 1)
    groups: list[Group] = []
    for place, day in enumerate(days[:shown]):
        own = [each for each in news if (each.article.published or date.min) == day]
        wanted = OF_EARLIER if place else min(OF_NEWEST, count or OF_NEWEST)
        told = [one for group in groups for one in group.chosen]
        if chosen := select(own, wanted, relations, before=told):
            known = None if day == date.min else day
            groups.append(Group(day_in_words(day.isoformat()) if known else UNDATED, as_written(chosen), known))
    return groups
