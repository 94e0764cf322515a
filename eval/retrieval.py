"""Measure paragraph retrieval on public sets, part by part: lexical, dense, fused, with and without context line.

    python -m eval.retrieval ../shared/data/xquad_en ../shared/data/clapnq_dev

Each set's paragraphs go into a temporary library of their own. The rank of a paragraph is that of its best passage.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.importers import PublicQuestion, PublicSet, load_public_set
from index.embedding import Embedder, MiniLM, Vectors
from index.indexing import Indexer
from index.search import Searcher
from index.types import Hit

DEPTH = 10
"""Ranks that nDCG looks at."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table: means over the answerable questions."""

    name: str
    recall_at_1: float
    ndcg_at_10: float


def measure(public_set: PublicSet, embedder: Embedder, *, context: bool = True) -> list[Result]:
    """Return lexical, dense and fused figures for one set; without `context` the articles have no titles."""
    if not context:
        untitled = tuple(replace(article, title="") for article in public_set.articles)
        public_set = PublicSet(untitled, public_set.questions)
    questions = [question for question in public_set.questions if question.answerable]
    with tempfile.TemporaryDirectory() as folder:
        library = build_library(public_set, Path(folder), embedder)
        with Searcher.open(library, embedder) as searcher:
            vectors = embed_questions(questions, embedder)
            found = [
                searcher.search_vector(question.text, vector, 100, fold=False)
                for question, vector in zip(questions, vectors, strict=True)
            ]
    orders: dict[str, Callable[[Hit], float]] = {
        "lexical": lambda hit: hit.lexical_score if hit.lexical_score is not None else -math.inf,
        "dense": lambda hit: hit.dense_score if hit.dense_score is not None else -math.inf,
        "fused": lambda hit: hit.score,
    }
    return [Result(name, *_figures(questions, found, order)) for name, order in orders.items()]


def build_library(public_set: PublicSet, folder: Path, embedder: Embedder) -> Path:
    """Index a public set in `folder` and return the library's path."""
    articles = folder / "articles.jsonl"
    public_set.write_jsonl(articles)
    with Indexer(folder / "library", embedder) as indexer:
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
    ranks = []
    for question, hits in zip(questions, found, strict=True):
        best_first = dict.fromkeys(
            paragraph_of(hit) for hit in sorted(hits, key=order, reverse=True) if order(hit) > -math.inf
        )
        ranks.append(next((rank for rank, place in enumerate(best_first) if place in question.gold), None))
    at_1 = [rank == 0 for rank in ranks]
    gains = [1 / math.log2(rank + 2) if rank is not None and rank < DEPTH else 0.0 for rank in ranks]
    return float(np.mean(at_1)), float(np.mean(gains))


def main(paths: Iterable[str]) -> None:
    """Print the table for the sets at `paths`."""
    embedder = MiniLM()
    print("| set | context line | search | R@1 | nDCG@10 |\n|---|---|---|---|---|")
    for path in map(Path, paths):
        public_set = load_public_set(path)
        for context in (False, True):
            for result in measure(public_set, embedder, context=context):
                row = (
                    path.name,
                    "yes" if context else "no",
                    result.name,
                    f"{result.recall_at_1:.4f}",
                    f"{result.ndcg_at_10:.4f}",
                )
                print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
