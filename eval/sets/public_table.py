"""The figures of public sets as Markdown tables, ours beside published ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from eval.sets.public import SetScores

NAMES = {
    "questions": "questions",
    "answered": "answered, of the answerable",
    "first_citation": "first cited paragraph is the gold one, of what is answered",
    "any_citation": "a cited paragraph is the gold one, of what is answered",
    "span": "answer holds a gold span, of what is answered",
    "span_of_all": "answer holds a gold span, of all answerable",
    "token_f1": "token F1 of the answer, of what is answered",
    "refusal_precision": "refusals that are right",
    "refusal_recall": "unanswerable questions refused",
    "refusal_f1": "F1 of refusing",
    "always_refusing_f1": "F1 of refusing, if everything were refused",
}

PUBLISHED: Mapping[tuple[int, int], Mapping[str, float]] = {
    (1190, 240): {
        "BM25": 0.965,
        "MiniLM": 0.944,
        "bge-base": 0.961,
        "e5-base-v2": 0.979,
        "text-embedding-3-large": 0.970,
    }
}
"""nDCG@10 of public retrievers, for a set known by its numbers of questions and paragraphs.

(1190, 240) is XQuAD-en; the figures are those that its copies in public retrieval benchmarks report.
"""


def tables(scores: Mapping[str, SetScores]) -> str:
    """Return both tables for sets by name: finding the paragraph, and answering."""
    return "\n".join([*_retrieval_lines(scores), "", *_answer_lines(scores)])


def _retrieval_lines(scores: Mapping[str, SetScores]) -> Iterator[str]:
    yield from _head(("set", "context line", "search", "R@1", "nDCG@10"))
    for name, of_set in scores.items():
        for context, results in of_set.retrieval.items():
            for result in results:
                shown = (f"{result.recall_at_1:.4f}", f"{result.ndcg_at_10:.4f}")
                yield _row((name, "yes" if context else "no", result.name, *shown))
        for retriever, ndcg in PUBLISHED.get((of_set.questions, of_set.paragraphs), {}).items():
            yield _row((name, "", f"published: {retriever}", "", f"{ndcg:.3f}"))


def _answer_lines(scores: Mapping[str, SetScores]) -> Iterator[str]:
    yield from _head(("", *scores))
    for key, label in NAMES.items():
        cells = [_cell(of_set.answers[key]) for of_set in scores.values()]
        if any(cells):
            yield _row((label, *cells))


def _head(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield f"|{'---|' * len(cells)}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
