"""Ask public question sets end to end and score the answers: text, cited paragraph, refusals.

    python -m eval.public ../shared/data/xquad_en ../shared/data/clapnq_dev

Each set's paragraphs go into a temporary library of their own; the same Assistant answers as everywhere.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering import Assistant
from assistant.types import Answer
from eval.calibrate import CachingEmbedder
from eval.importers import PublicQuestion, PublicSet, load_public_set
from eval.matching import contains_span, token_f1
from eval.metrics import abstention, mean
from eval.retrieval import build_library
from index.search import Searcher

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
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer that came, and the cited paragraphs as the set names them."""

    question: PublicQuestion
    answer: Answer
    cited: tuple[tuple[int, int], ...]


def ask_all(public_set: PublicSet, embedder: CachingEmbedder) -> list[Asked]:
    """Ask every question of a set of a library that holds its paragraphs."""
    with tempfile.TemporaryDirectory() as folder:
        library = build_library(public_set, Path(folder), embedder)
        with Assistant(Searcher.open(library, embedder)) as assistant:
            numbers = {
                article.id: int(article.source.rpartition("#")[2]) for article in assistant.searcher.library.articles()
            }
            asked = []
            for question in public_set.questions:
                answer = assistant.ask(question.text)
                cited = (
                    (numbers[citation.article], citation.paragraph)
                    for claim in answer.claims
                    for citation in claim.citations
                )
                asked.append(Asked(question, answer, tuple(cited)))
    return asked


def score(asked: Sequence[Asked]) -> dict[str, float | None]:
    """Return the figures by name; one that the set cannot tell is None.

    The span counts only where the set has short answers, not written ones.
    """
    answerable = [entry for entry in asked if entry.question.answerable]
    answered = [entry for entry in answerable if entry.answer.answered]
    short = not any(entry.question.sentences for entry in asked)
    refusing = abstention([(entry.question.answerable, entry.answer.answered) for entry in asked])
    spans = [contains_span(entry.answer.text, entry.question.answers) for entry in answered] if short else []
    found = sum(span or 0.0 for span in spans)
    complete = len(answerable) == len(asked)
    return {
        "questions": len(asked),
        "answered": len(answered) / len(answerable) if answerable else None,
        "first_citation": mean(float(entry.cited[0] in entry.question.gold) for entry in answered),
        "any_citation": mean(float(bool(set(entry.cited) & set(entry.question.gold))) for entry in answered),
        "span": mean(spans),
        "span_of_all": found / len(answerable) if short and answerable else None,
        "token_f1": mean(token_f1(_plain(entry.answer), entry.question.answers) for entry in answered),
        "refusal_precision": None if complete else refusing.precision,
        "refusal_recall": None if complete else refusing.recall,
        "refusal_f1": None if complete else refusing.f1,
    }


def _plain(answer: Answer) -> str:
    return " ".join(claim.text for claim in answer.claims)


def main(paths: Sequence[str]) -> None:
    """Print the table for the sets at `paths`."""
    embedder = CachingEmbedder()
    columns = {Path(path).name: score(ask_all(load_public_set(Path(path)), embedder)) for path in paths}
    print(f"| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for key, name in NAMES.items():
        cells = (_cell(figures[key]) for figures in columns.values())
        print(f"| {name} | {' | '.join(cells)} |")


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


if __name__ == "__main__":
    main(sys.argv[1:])
