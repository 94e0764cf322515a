"""Which articles a wide question is about: those that the search finds for its topic, as far as they are near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.evidence.stories import stories_of
from assistant.question.kinds import content_terms
from index.search import Searcher
from index.types import Article, Filters, Hit

PASSAGES_FOUND = 100
"""Passages that are searched out for a topic."""
MOST_ARTICLES = 40
"""Articles that are read for an answer: of a topic that fills more, the nearest."""
NEAR_RATIO = 0.6
"""An article needs this much of the relevance of the nearest one; set on the open cases of eval/data/wide.jsonl."""
SURE_RATIO, STORY_RATIO = 0.85, 0.35
"""The same from which it surely is of the topic, and from which one is that tells the story of such an article: chosen
by hand, on collections that were seen."""
KNOWN_FROM = 0.56
"""Relevance of the nearest article from which the articles know the topic. Of 53 topics of the open cases four lie
below, of 33 topics that the articles do not have four lie above."""
MAY_KNOW_FROM = 0.5
"""The same from which what they say may be of the topic."""
_COVERED, _TITLED, _NEAR = 0.55, 0.20, 0.25
"""What a topic's words in a passage, its words in the title, and likeness by the embedder add to relevance: by hand."""
_NO_NEWS = frozenset("readme license licence copying notice changelog contributing todo".split())
"""Names of files that lie in a folder beside articles."""
_TEST_PAGES = frozenset({"test", "testing", "test page", "testpage", "test article", "lorem ipsum", "untitled"})


@dataclass(frozen=True, slots=True)
class Scoped:
    """An article in the scope of a question, with its passages that were found, best first."""

    article: Article
    relevance: float
    """How near it is to the topic, 0 to 1, as it compares within one question; 1 where there is no topic."""
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a wide question is asked of: articles, the most relevant first."""

    topic: str
    """Words; empty for everything that the filters let through."""
    articles: tuple[Scoped, ...]
    nearness: float
    """Relevance of the nearest article, 0 to 1; 1 without a topic. From KNOWN_FROM on the articles know the topic."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """The topic's terms with their rarity in the collection."""

    def covered(self, terms: frozenset[str]) -> float:
        """Return the share of the topic, by rarity, that some terms hold: 0 to 1; 0 without a topic."""
        return _share(self.weights, terms)


def scope_of(searcher: Searcher, topic: str, filters: Filters) -> Scope:
    """Return the articles that a topic is about, or, without a topic, all that pass the filters, newest first."""
    if not topic:
        articles = [each for each in searcher.library.articles(filters) if is_news(each)]
        return Scope(topic, tuple(Scoped(each, 1.0) for each in articles), nearness=1.0 if articles else 0.0)
    weights = {term: searcher.rarity(term) for term in content_terms(topic)}
    hits = [hit for hit in searcher.search(topic, PASSAGES_FOUND, filters) if is_news(hit.article)]
    found = _by_article(hits)
    nearness = _nearness(hits)
    scoped = [_scoped(own, weights, nearness) for own in found.values()]
    scoped.sort(key=lambda each: -each.relevance)
    best = scoped[0].relevance if scoped else 0.0
    near = _near(searcher, scoped[: 2 * MOST_ARTICLES], best)
    return Scope(topic, tuple(near[:MOST_ARTICLES]), best, weights)


def _near(searcher: Searcher, scoped: Sequence[Scoped], best: float) -> list[Scoped]:
    """Return the articles near the topic, and those that tell the story of such a one in other words."""
    sure = {each.article.id for each in scoped if each.relevance >= SURE_RATIO * best}
    stories = stories_of(searcher.library, [each.article for each in scoped])
    told = {each.id for story in stories if sure & {one.id for one in story.articles} for each in story.articles}
    return [
        each for each in scoped if each.relevance >= (STORY_RATIO if each.article.id in told else NEAR_RATIO) * best
    ]


def is_news(article: Article) -> bool:
    """Whether an article is one, and not a licence, a readme or a test page that lay in the folder."""
    stem, *_ = Path(article.file).stem.lower().replace("_", "-").replace(".", "-").split("-")
    return stem not in _NO_NEWS and article.name.lower().strip(" .!:-*#") not in _TEST_PAGES


def _by_article(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.article.id, []).append(hit)
    return found


def _nearness(hits: Sequence[Hit]) -> dict[str, float]:
    """Return the embedder's likeness of each passage, from 0 for the least to 1 for the most alike that was found.

    What the likeness of two texts is in numbers differs from embedder to embedder; their order does not so much.
    """
    scores = {hit.passage.id: hit.dense_score for hit in hits if hit.dense_score is not None}
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def _scoped(hits: Sequence[Hit], weights: Mapping[str, float], nearness: Mapping[str, float]) -> Scoped:
    article = hits[0].article
    covered = max(_share(weights, frozenset(content_terms(hit.passage.embedded_text))) for hit in hits)
    titled = _share(weights, frozenset(content_terms(article.title or "")))
    near = max(nearness.get(hit.passage.id, 0.0) for hit in hits)
    return Scoped(article, _COVERED * covered + _TITLED * titled + _NEAR * near, tuple(hits))


def _share(weights: Mapping[str, float], terms: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 0.0
