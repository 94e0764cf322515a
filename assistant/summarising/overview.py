"""An overview: the sentences that carry the stories, story by story, the most important and newest first."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.wording import days_between
from assistant.evidence.relating import Relations
from assistant.evidence.stories import Story
from assistant.summarising.groups import Group, as_written, grouped
from assistant.summarising.selecting import select
from assistant.summarising.statements import Statement

ONE_STORY = 12
"""Sentences that tell one story."""
OF_EACH_STORY = 3
MOST_STORIES = 8
MOST_SENTENCES = 14


def heading_of(story: Story) -> str:
    """Return the title of a story's most telling article and, where it has several, how many and of which days."""
    first = story.articles[0]
    if len(story.articles) == 1:
        return first.name
    days = sorted(each.published for each in story.articles if each.published)
    told = f", {days_between(days[0], days[-1])}" if days else ""
    return f"{first.name} ({len(story.articles)} articles{told})"


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
            Group(heading_of(stories[place]) if named and place < len(stories) else "", as_written(told[place]))
            for place in sorted(told)
        ]
    shown = stories[:MOST_STORIES]
    each = max(1, min(OF_EACH_STORY, (count or MOST_SENTENCES) // len(shown)))
    groups: list[Group] = []
    for place, story in enumerate(shown):
        own = [statement for statement in statements if of_story.get(statement.article.id) == place]
        if chosen := select(own, each, relations, before=[one for group in groups for one in group.chosen]):
            groups.append(Group(heading_of(story), as_written(chosen)))
    return groups[: count or None]
