"""Score public sets end to end: what the search finds, what is answered and cited, what is refused.

Each set's paragraphs go into a temporary library of their own; the same Assistant answers as everywhere.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering import Assistant
from assistant.types import Answer
from eval.matching import contains_span, token_f1
from eval.metrics import abstention, mean
from eval.sets import Place, PublicQuestion, PublicSet
from eval.sets.retrieval import Result, build_library, measure, untitled
from index.embedding.protocol import Embedder
from index.progress import Progress, Silent
from index.search import Searcher


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer that came, and the cited paragraphs as the set names them."""

    question: PublicQuestion
    answer: Answer
    cited: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class SetScores:
    """What a set scored. `retrieval` is by whether passages had a context line; what does not apply is None."""

    questions: int
    paragraphs: int
    retrieval: Mapping[bool, Sequence[Result]]
    answers: Mapping[str, float | None]


def score_set(public_set: PublicSet, embedder: Embedder, progress: Progress | None = None) -> SetScores:
    """Index a set's paragraphs in temporary libraries, search them for each question, and ask each question."""
    progress = progress or Silent()
    retrieval: dict[bool, Sequence[Result]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if any(article.title for article in public_set.articles):
            bare = Path(folder, "bare")
            bare.mkdir()
            with Searcher.open(build_library(untitled(public_set), bare, embedder, progress), embedder) as searcher:
                retrieval[False] = measure(public_set.questions, searcher)
        library = build_library(public_set, Path(folder), embedder, progress)
        with Assistant(Searcher.open(library, embedder)) as assistant:
            retrieval[bool(retrieval)] = measure(public_set.questions, assistant.searcher)
            asked = ask_all(public_set.questions, assistant, progress)
    paragraphs = sum(len(article.paragraphs) for article in public_set.articles)
    return SetScores(len(public_set.questions), paragraphs, retrieval, score(asked))


def ask_all(questions: Sequence[PublicQuestion], assistant: Assistant, progress: Progress) -> list[Asked]:
    """Ask every question of a library that holds the set's paragraphs."""
    numbers = {article.id: int(article.source.rpartition("#")[2]) for article in assistant.searcher.library.articles()}
    asked = []
    progress.start("Asking", len(questions))
    for question in questions:
        answer = assistant.ask(question.text)
        cited = tuple(
            (numbers[citation.article], citation.paragraph) for claim in answer.claims for citation in claim.citations
        )
        asked.append(Asked(question, answer, cited))
        progress.advance(1)
    return asked


def score(asked: Sequence[Asked]) -> dict[str, float | None]:
    """Return the figures by name; one that the set cannot tell is None.

    The span counts only where the set has short answers, not written ones.
    """
    answerable = [entry for entry in asked if entry.question.answerable]
    answered = [entry for entry in answerable if entry.answer.answered]
    worded = any(entry.question.answers for entry in asked)
    short = worded and not any(entry.question.sentences for entry in asked)
    refusing = abstention([(entry.question.answerable, entry.answer.answered) for entry in asked])
    spans = [contains_span(entry.answer.text, entry.question.answers) for entry in answered] if short else []
    found = sum(span or 0.0 for span in spans)
    complete = len(answerable) == len(asked)
    unanswerable = len(asked) - len(answerable)
    return {
        "questions": len(asked),
        "answered": len(answered) / len(answerable) if answerable else None,
        "first_citation": mean(float(not set(entry.cited[:1]).isdisjoint(entry.question.gold)) for entry in answered),
        "any_citation": mean(float(not set(entry.cited).isdisjoint(entry.question.gold)) for entry in answered),
        "span": mean(spans),
        "span_of_all": found / len(answerable) if short and answerable else None,
        "token_f1": mean(token_f1(_plain(entry.answer), entry.question.answers) for entry in answered),
        "refusal_precision": None if complete else refusing.precision,
        "refusal_recall": None if complete else refusing.recall,
        "refusal_f1": None if complete else refusing.f1,
        "always_refusing_f1": None if complete else 2 * unanswerable / (len(asked) + unanswerable),
    }


def _plain(answer: Answer) -> str:
    return " ".join(claim.text for claim in answer.claims)
