"""Which paragraphs a model is shown: as many as help, spread over searches, articles, outlets and days.

For a fact the searches take turns, each with its best passages down to where relevance ends. For the wider forms the
articles take turns, the nearer ones more often, each with what was found in it, its lead, and then the rest.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import zip_longest

from assistant.evidence.scope import Scope, is_news
from assistant.research.types import Found
from assistant.types import Form
from assistant.writing.drafting import paragraphs_of
from assistant.writing.orders import without_orders
from assistant.writing.prompting import Shown, estimated_tokens
from index.library.library import Library
from index.syndication import Signature
from index.types import Article, Hit, Paragraph, ParagraphKind

SURE_PLACES = 16
"""Passages of a search that count as relevant whatever their score."""
MOST_PLACES = 36
RELEVANT_FROM = -0.5
"""Fused score, a z-score over the best 50 passages, from which the others do. With these three, .98 of the paragraphs
that answer the sample's dev cases are shown, in 1,160 tokens a question."""
WORDS_FIRST = 4
"""Paragraphs of the sentences that answer likeliest, which go first."""
SHORT = 240
"""Characters of a paragraph below which its neighbours are shown, too."""
CONTEXT_FOR = 3
"""Best passages of a search that get neighbours."""
LEADS = 2
"""Paragraphs of an article's beginning."""
OUT_OF_SCOPE = 0.5
"""Relevance of an article that only a search of the model found, as the nearest article has 1."""
HEADER_TOKENS = 25
_UNREAD = (ParagraphKind.FURNITURE, ParagraphKind.HEADING)


class Gatherer:
    """Gathers the paragraphs for one question, within a budget of tokens."""

    def __init__(self, library: Library, tokens: int) -> None:
        self._library = library
        self._tokens = self._left = float(tokens)
        self._taken: dict[str, Shown] = {}
        self._articles: list[str] = []
        self._signatures: list[tuple[str, Signature]] = []

    @property
    def used(self) -> int:
        """An estimate of the tokens of what was gathered."""
        return round(self._tokens - self._left)

    @property
    def shown(self) -> list[Shown]:
        """What was gathered: article by article, the first taken first, each in the order of its text."""
        place = {article: number for number, article in enumerate(self._articles)}
        return sorted(self._taken.values(), key=lambda each: (place[each.hit.article.id], each.paragraph.number))

    def facts(self, found: Sequence[Found]) -> None:
        """Take what answers: the searches by turns, each from its best passage to where relevance ends."""
        for turn in zip_longest(*(self._answering(each) for each in found)):
            for entry in filter(None, turn):
                self._take(entry)

    def wide(self, scope: Scope, found: Sequence[Found]) -> None:
        """Take from every relevant article: the nearer it is to the topic, the more."""
        relevance, hits = _by_article(scope, found)
        turns = [(1 / weight**2, place, key) for place, (key, weight) in enumerate(relevance.items()) if hits[key]]
        queues = {key: self._telling(hits[key], whole=weight > OUT_OF_SCOPE) for key, weight in relevance.items()}
        heapq.heapify(turns)
        taken = dict.fromkeys(relevance, 1)
        while turns and self._left > HEADER_TOKENS:
            _, place, key = heapq.heappop(turns)
            entry = next(queues[key], None)
            if entry is None:
                continue
            taken[key] += self._take(entry)
            heapq.heappush(turns, (taken[key] / relevance[key] ** 2, place, key))

    def _take(self, entry: Shown) -> bool:
        """Take a paragraph, unless there is no room for it, or it is there or a copy of one from another article."""
        key, article = entry.paragraph.key, entry.hit.article.id
        if key in self._taken or entry.paragraph.kind in _UNREAD or not is_news(entry.hit.article):
            return False
        text = without_orders(entry.paragraph.text)
        cost = estimated_tokens(text) + (0 if article in self._articles else HEADER_TOKENS)
        own = Signature.of(text)
        if not text.strip() or cost > self._left:
            return False
        if any(other != article and own.is_copy_of(signature) for other, signature in self._signatures):
            return False
        self._left -= cost
        self._taken[key] = entry
        self._signatures.append((article, own))
        if article not in self._articles:
            self._articles.append(article)
        return True

    # -- facts --------------------------------------------------------------------------------------------------------

    def _answering(self, found: Found) -> Iterator[Shown]:
        """Yield the paragraphs of a search, those of the sentences that answer likeliest first."""
        yield from paragraphs_of(found.candidates, WORDS_FIRST)
        for place, hit in enumerate(found.hits[:MOST_PLACES]):
            if place >= SURE_PLACES and hit.score < RELEVANT_FROM:
                return
            yield from self._of_hit(hit)
            if place < CONTEXT_FOR and len(hit.passage.text) < SHORT:
                yield from self._around(hit)

    def _of_hit(self, hit: Hit) -> list[Shown]:
        return [
            Shown(hit, each)
            for each in self._library.paragraphs(hit.article)
            if hit.passage.first <= each.number <= hit.passage.last
        ]

    def _around(self, hit: Hit) -> list[Shown]:
        wanted = {hit.passage.first - 1, hit.passage.last + 1}
        return self._others(hit.article, lambda each: each.number in wanted)

    # -- wider forms --------------------------------------------------------------------------------------------------

    def _telling(self, hits: Sequence[Hit], *, whole: bool) -> Iterator[Shown]:
        """Yield the paragraphs of an article: the best that was found, its lead, what else was found, the rest."""
        best, *others = hits
        yield from self._of_hit(best)
        body = [each for each in self._library.paragraphs(best.article) if each.kind not in _UNREAD]
        leads = {each.number for each in body[:LEADS]}
        yield from self._others(best.article, lambda each: each.number in leads)
        for hit in others:
            yield from self._of_hit(hit)
        if whole:
            yield from self._others(best.article, lambda _: True)

    def _others(self, article: Article, wanted: Callable[[Paragraph], bool]) -> list[Shown]:
        """Return paragraphs of an article that no search found, each with the passage that holds it."""
        passages = self._library.passages(article)
        shown = []
        for each in filter(wanted, self._library.paragraphs(article)):
            passage = next((one for one in passages if one.first <= each.number <= one.last), None)
            if passage:
                shown.append(Shown(Hit(passage, article, 0.0), each))
        return shown


def _by_article(scope: Scope, found: Sequence[Found]) -> tuple[dict[str, float], dict[str, list[Hit]]]:
    """Return how relevant each article is, 1 for the nearest, and its hits, the best first."""
    relevance: dict[str, float] = {}
    hits: dict[str, list[Hit]] = {}
    nearest = max((each.relevance for each in scope.articles), default=1.0) or 1.0
    for scoped in scope.articles:
        relevance[scoped.article.id] = max(scoped.relevance / nearest, OUT_OF_SCOPE)
        hits[scoped.article.id] = list(scoped.hits)
    for each in found:
        for place, hit in enumerate(each.hits[:MOST_PLACES]):
            key = hit.article.id
            if key not in relevance and (place >= SURE_PLACES or hit.score < RELEVANT_FROM):
                continue
            relevance.setdefault(key, OUT_OF_SCOPE)
            own = hits.setdefault(key, [])
            if all(hit.passage.id != other.passage.id for other in own):
                own.append(hit)
    return relevance, hits


def in_reading_order(shown: Sequence[Shown], form: Form) -> list[Shown]:
    """Return paragraphs in the order of days for a timeline, the newest first for the latest, else as they are."""
    if form not in {Form.TIMELINE, Form.LATEST}:
        return list(shown)
    return sorted(shown, key=lambda each: each.hit.article.published or date.min, reverse=form is Form.LATEST)
