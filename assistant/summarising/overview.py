"""An overview: the sentences that carry the stories, story by story, the most important and newest first."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence.relating import Relations
from assistant.summarising.groups import Group, as_written
from assistant.summarising.selecting import select
from assistant.summarising.statements import Statement
from assistant.summarising.stories import Story

ONE_STORY = 12
"""Sentences that tell one story."""
OF_EACH_STORY = 3
MOST_STORIES = 8
MOST_SENTENCES = 14


def overview(
    statements: Sequence[Statement], stories: Sequence[Story], relations: Relations, *, count: int | None = None
) -> list[Group]:
    """Choose the sentences of an overview, `count` of them or as many as are usual."""
    if len(stories) <= 1:
        chosen = select(statements, count or ONE_STORY, relations)
        return [Group("", as_written(chosen))] if chosen else []
    of_story = {article.id: place for place, story in enumerate(stories) for article in story.articles}
    shown = stories[:MOST_STORIES]
    each = max(1, min(OF_EACH_STORY, (count or MOST_SENTENCES) // len(shown)))
    groups: list[Group] = []
    for place, story in enumerate(shown):
        own = [statement for statement in statements if of_story.get(statement.article.id) == place]
        if chosen := select(own, each, relations, before=[one for group in groups for one in group.chosen]):
            groups.append(Group(story.heading(), as_written(chosen)))
    return groups[: count or None]
