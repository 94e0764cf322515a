"""A wide question answered in the articles' words: which articles, which of their sentences, in which groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.evidence.relating import Relations
from assistant.evidence.scope import KNOWN_FROM, MAY_KNOW_FROM, Scope, Scoped, scope_of
from assistant.evidence.stories import Story, stories_of
from assistant.question.asking import Asked
from assistant.question.sides import SideKind
from assistant.reader.reader import Reader
from assistant.summarising.comparison import comparison
from assistant.summarising.groups import Group
from assistant.summarising.latest import latest
from assistant.summarising.opinions import opinions
from assistant.summarising.overview import MOST_STORIES, overview
from assistant.summarising.portrait import portrait
from assistant.summarising.salience import weighed
from assistant.summarising.statements import Statement, folded, on_topic, statements_in
from assistant.summarising.timeline import timeline
from assistant.types import Form, Outcome
from index.search import Searcher

ARTICLES_READ = 20
"""Articles of a scope whose sentences are read."""
ARTICLES_GROUPED = 150
"""Articles that are grouped into stories, the nearest or newest: of more, the others are counted alone."""
OF_EACH_SIDE = 8
"""Articles that are read of each outlet that a comparison names."""
NEAR_FROM = 0.3
"""Nearness from which what the reader finds counts: by its words a question of general ones is near to nothing."""
ANSWERS_FROM, MAY_ANSWER_FROM = 0.5, 0.2
"""Probability of the sentence that answers likeliest from which the articles know, or may know, of it. These
three were set by hand, after the blind cases had shown comparisons refused."""
SHORT, LONG = 3, 20
"""Sentences of an answer that is wanted short or in more detail."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the articles say to a wide question. Without groups they say nothing."""

    scope: Scope
    groups: tuple[Group, ...]
    statements: tuple[Statement, ...] = ()
    """All that was read, for what differs among it."""
    beyond: str = ""
    """What of the scope is not in the answer, in a sentence."""
    asks_details: bool = False
    """Whether the question names so much that its words alone may be near to nothing: then the reader is heard, too."""

    @property
    def outcome(self) -> Outcome:
        """Whether the articles know what is asked about: are near enough, or the reader finds an answer in them."""
        if not self.groups:
            return Outcome.NO_ANSWER
        nearness, answers = self.scope.nearness, 0.0
        if self.asks_details:
            answers = max((each.answers for each in self.statements), default=0.0)
        if nearness >= KNOWN_FROM or (nearness >= NEAR_FROM and answers >= ANSWERS_FROM):
            return Outcome.ANSWERS
        may = nearness >= MAY_KNOW_FROM or (nearness >= NEAR_FROM and answers >= MAY_ANSWER_FROM)
        return Outcome.MAY_ANSWER if may else Outcome.NO_ANSWER


def tell(searcher: Searcher, asked: Asked, relations: Relations, reader: Reader) -> Told:
    """Answer a wide question in the articles' words."""
    scope = _scope(searcher, asked)
    if not scope.articles:
        return Told(scope, ())
    stories = _stories(searcher, asked, scope)
    by_story = asked.form is Form.OVERVIEW and not asked.topic
    read = _to_read(scope, stories) if by_story else scope.articles[:ARTICLES_READ]
    found = statements_in(searcher.library, scope, read)
    statements = weighed(searcher.library, asked.text, scope, folded(on_topic(scope, found)), reader)
    groups = tuple(_groups(asked, statements, stories, relations))
    asks_details = asked.form in {Form.COMPARISON, Form.OPINION}
    return Told(scope, groups, tuple(statements), _beyond(scope, stories) if by_story else "", asks_details)


def _scope(searcher: Searcher, asked: Asked) -> Scope:
    """Return the scope; where a comparison names outlets, each outlet's own, so that none crowds out another."""
    if asked.sides.kind is not SideKind.OUTLETS or len(asked.sides.named) < 2:  # noqa: PLR2004 - one side is no two
        return scope_of(searcher, asked.topic, asked.filters)
    scopes = [
        scope_of(searcher, asked.topic, replace(asked.filters, outlets=(outlet,))) for outlet in asked.sides.named
    ]
    best = max(scopes, key=lambda scope: scope.nearness)
    return replace(best, articles=tuple(each for scope in scopes for each in scope.articles[:OF_EACH_SIDE]))


def _stories(searcher: Searcher, asked: Asked, scope: Scope) -> list[Story]:
    if asked.form not in {Form.OVERVIEW, Form.LATEST}:
        return []
    grouped = scope.articles[:ARTICLES_GROUPED]
    relevance = {each.article.id: each.relevance for each in grouped}

    def weight(story: Story) -> tuple[float, int]:
        """Many articles near the topic first, then the newest."""
        return round(sum(relevance[each.id] ** 3 for each in story.articles), 1), story.newest.toordinal()

    return sorted(stories_of(searcher.library, [each.article for each in grouped]), key=weight, reverse=True)


def _to_read(scope: Scope, stories: Sequence[Story]) -> list[Scoped]:
    """Return the articles to read of each story in turn, so that every story is heard."""
    scoped = {each.article.id: each for each in scope.articles}
    shown = stories[:MOST_STORIES]
    of_each = max(1, ARTICLES_READ // len(shown)) if shown else 0
    return [scoped[article.id] for story in shown for article in story.articles[:of_each]]


def _groups(
    asked: Asked, statements: Sequence[Statement], stories: Sequence[Story], relations: Relations
) -> list[Group]:
    count = {"short": SHORT, "long": LONG}.get(asked.manner.length)
    match asked.form:
        case Form.OVERVIEW:
            return overview(statements, stories, relations, count=count, of_one_topic=bool(asked.topic))
        case Form.TIMELINE:
            return timeline(statements, relations, count=count)
        case Form.LATEST:
            return latest(statements, stories, relations, count=count)
        case Form.COMPARISON:
            return comparison(statements, asked.sides, relations, count=count)
        case Form.WHO_IS:
            return portrait(statements, asked.topic, relations, count=count)
        case Form.OPINION:
            return opinions(statements, relations, count=count)
    raise ValueError(asked.form)


def _beyond(scope: Scope, stories: Sequence[Story]) -> str:
    """Say what is left out of an overview of many stories."""
    if len(stories) > MOST_STORIES:
        left = len(stories) - MOST_STORIES
        articles = sum(len(story.articles) for story in stories[MOST_STORIES:])
        further = len(scope.articles) - min(len(scope.articles), ARTICLES_GROUPED)
        told = f" and {further} older articles" if further else ""
        return (
            f"{left} further stories of {articles} articles{told} are not in this overview; ask for a topic or a time."
        )
    return ""
