"""Measure paragraph retrieval on public sets, part by part: lexical, dense, fused, with and without context line.

Each set's paragraphs go into a temporary library of their own. The rank of a paragraph is that of its best passage.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.metrics import mean, ndcg_at_k
from eval.sets import PublicQuestion, PublicSet
from index.embedding.protocol import Embedder, Vectors
from index.indexing import Indexer
from index.progress import Progress
from index.search import Searcher
from index.types import Hit

DEPTH = 10
"""Ranks that nDCG looks at."""
SEARCHED = 100
"""Passages that are ranked."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table: means over the answerable questions."""

    name: str
    recall_at_1: float
    """Share of questions whose first paragraph is gold: recall where each question has one gold paragraph."""
    ndcg_at_10: float


def measure(questions: Sequence[PublicQuestion], searcher: Searcher) -> list[Result]:
    """Return lexical, dense and fused figures for the answerable of a set's questions; none without such."""
    answerable = [question for question in questions if question.answerable]
    if not answerable:
        return []
    vectors = embed_questions(answerable, searcher.embedder)
    found = [
        searcher.search_vector(question.text, vector, SEARCHED, fold=False)
        for question, vector in zip(answerable, vectors, strict=True)
    ]
    orders: dict[str, Callable[[Hit], float]] = {
        "lexical": lambda hit: hit.lexical_score if hit.lexical_score is not None else -math.inf,
        "dense": lambda hit: hit.dense_score if hit.dense_score is not None else -math.inf,
        "fused": lambda hit: hit.score,
    }
    return [Result(name, *_figures(answerable, found, order)) for name, order in orders.items()]


def untitled(public_set: PublicSet) -> PublicSet:
    """Return the set without titles, so that its passages have no context line."""
    return replace(public_set, articles=tuple(replace(article, title="") for article in public_set.articles))


def build_library(public_set: PublicSet, folder: Path, embedder: Embedder, progress: Progress | None = None) -> Path:
    """Index a public set in `folder` and return the library's path."""
    articles = folder / "articles.jsonl"
    public_set.write_jsonl(articles)
    with Indexer(folder / "library", embedder, progress) as indexer:
        indexer.add([articles])
    return folder / "library"


def embed_questions(questions: Sequence[PublicQuestion], embedder: Embedder) -> Vectors:
    """Return one vector a question: shape (count, dimension). One at a time, as in use."""
    return np.stack([embedder.embed_query(question.text) for question in questions])


def paragraph_of(hit: Hit) -> tuple[int, int]:
    """Return a hit's place as public sets name it: number of the article in the set, number of the paragraph."""
    return int(hit.article.source.rpartition("#")[2]), hit.passage.first


def _figures(
    questions: Sequence[PublicQuestion], found: Sequence[Sequence[Hit]], order: Callable[[Hit], float]
) -> tuple[float, float]:
    first, gains = [], []
    for question, hits in zip(questions, found, strict=True):
        ranked = sorted((hit for hit in hits if order(hit) > -math.inf), key=order, reverse=True)
        places = list(dict.fromkeys(map(paragraph_of, ranked)))
        first.append(float(places[:1] != [] and places[0] in question.gold))
        gains.append(ndcg_at_k(places, question.graded, DEPTH))
    return mean(first) or 0.0, mean(gains) or 0.0
