"""An overview: the sentences that carry the stories, story by story, the most important and newest first."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence.relating import Relations
from assistant.summarising.groups import Group, as_written, grouped
from assistant.summarising.selecting import select
from assistant.summarising.statements import Statement
from assistant.summarising.stories import Story

ONE_STORY = 12
"""Sentences that tell one story."""
OF_EACH_STORY = 3
MOST_STORIES = 8
MOST_SENTENCES = 14


def overview(
    statements: Sequence[Statement], stories: Sequence[Story], relations: Relations, *, count: int | None = None,
    of_one_topic: bool = True,
) -> list[Group]:  # fmt: skip
    """Choose the sentences of an overview, `count` of them or as many as are usual.

    Of one topic the best are chosen, and then stand story by story; else each story is heard by itself.
    """
    of_story = {article.id: place for place, story in enumerate(stories) for article in story.articles}
    if of_one_topic or len(stories) <= 1:
        chosen = select(statements, count or ONE_STORY, relations)
        told = grouped(chosen, lambda statement: of_story.get(statement.article.id, len(stories)))
        named = len(told) > 1
        return [
            Group(stories[place].heading() if named and place < len(stories) else "", as_written(told[place]))
            for place in sorted(told)
        ]
    shown = stories[:MOST_STORIES]
    each = max(1, min(OF_EACH_STORY, (count or MOST_SENTENCES) // len(shown)))
    groups: list[Group] = []
    for place, story in enumerate(shown):
        own = [statement for statement in statements if of_story.get(statement.article.id) == place]
        if chosen := select(own, each, relations, before=[one for group in groups for one in group.chosen]):
            groups.append(Group(story.heading(), as_written(chosen)))
    return groups[: count or None]
