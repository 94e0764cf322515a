"""Ask questions up to the ranking of sentences, and keep what the answerer saw, for fitting what it does with it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.calibration.fitted import Calibration
from assistant.evidence.answerability import answerability_features
from assistant.evidence.finding import inquire
from assistant.evidence.ranking import Candidate
from assistant.question.follow_up import standalone_question
from assistant.trace import Trace
from eval.cases import Case, split
from eval.matching import fact_coverage
from eval.sets import PublicQuestion, PublicSet
from eval.sets.retrieval import build_library, paragraph_of
from index.embedding.protocol import Embedder
from index.indexing import Indexer
from index.progress import Progress, Silent
from index.search import Searcher
from index.types import Filters, Hit


@dataclass(frozen=True, slots=True)
class Observation:
    """One question as the answerer saw it: features of its candidates, and which of them answer."""

    features: Sequence[Mapping[str, float]]
    answers: Sequence[bool]
    answerable: bool
    best: Mapping[str, float]


def observe(  # noqa: PLR0913 - what a question comes with
    searcher: Searcher,
    question: str,
    answers: Callable[[Candidate], bool],
    *,
    answerable: bool,
    fitted: Calibration | None = None,
    hidden: Callable[[Hit], bool] | None = None,
    filters: Filters | None = None,
) -> Observation | None:
    """Ask one question up to the ranking of sentences; None when nothing was found."""
    inquiry = inquire(searcher, question, question, filters or Filters(), Trace(), hidden=hidden, fitted=fitted)
    if not inquiry.candidates:
        return None
    flags = [answers(candidate) for candidate in inquiry.candidates]
    best = answerability_features(inquiry.question, inquiry.candidates)
    return Observation([candidate.features for candidate in inquiry.candidates], flags, answerable, best)


def observe_public(
    public_set: PublicSet, embedder: Embedder, progress: Progress | None = None, fitted: Calibration | None = None
) -> list[Observation]:
    """Observe the questions of a public set; one without unanswerable questions is asked again without its answers."""
    complete = all(question.answerable for question in public_set.questions)
    progress = progress or Silent()
    with tempfile.TemporaryDirectory() as folder:
        library = build_library(public_set, Path(folder), embedder, progress)
        with Searcher.open(library, embedder) as searcher:
            progress.start("Asking", len(public_set.questions))
            seen: list[Observation] = []
            for question in public_set.questions:
                seen += _observations(question, searcher, fitted, hide_answers=complete)
                progress.advance(1)
    return seen


def _observations(
    question: PublicQuestion, searcher: Searcher, fitted: Calibration | None, *, hide_answers: bool
) -> Iterator[Observation]:
    def answers(candidate: Candidate) -> bool:
        return _in_gold(candidate.hit, question) and _holds_answer(candidate.sentence.text, question)

    def in_gold(hit: Hit) -> bool:
        return _in_gold(hit, question)

    seen = [observe(searcher, question.text, answers, answerable=question.answerable, fitted=fitted)]
    if hide_answers:
        seen.append(observe(searcher, question.text, answers, answerable=False, hidden=in_gold, fitted=fitted))
    yield from (observation for observation in seen if observation)


def _in_gold(hit: Hit, question: PublicQuestion) -> bool:
    return paragraph_of(hit) in question.gold


def _holds_answer(sentence: str, question: PublicQuestion) -> bool:
    if question.sentences:
        own = "".join(filter(str.isalnum, sentence))
        golds = ("".join(filter(str.isalnum, gold)) for gold in question.sentences)
        return any(gold in own or own in gold for gold in golds if gold)
    return any(answer in sentence for answer in question.answers)


def observe_cases(
    cases: Iterable[Case], articles: Path, embedder: Embedder, progress: Progress | None = None,
    fitted: Calibration | None = None,
) -> list[Observation]:  # fmt: skip
    """Observe the development half of cases about a folder or file of articles."""
    chosen = [case for case in cases if split(case.id) == "dev"]
    progress = progress or Silent()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        with Indexer(library, embedder, progress) as indexer:
            indexer.add([articles])
        with Searcher.open(library, embedder) as searcher:
            progress.start("Asking", len(chosen))
            seen = []
            for case in chosen:
                seen.append(_observed_case(case, searcher, fitted))
                progress.advance(1)
    return [observation for observation in seen if observation]


def _observed_case(case: Case, searcher: Searcher, fitted: Calibration | None) -> Observation | None:
    gold = {(place.article, place.paragraph) for place in case.gold}

    def answers(candidate: Candidate) -> bool:
        here = (candidate.paragraph.article_id, candidate.paragraph.number) in gold
        return here and (fact_coverage(candidate.sentence.text, case.facts) or 0) > 0

    question = standalone_question(case.question, case.history)
    return observe(searcher, question, answers, answerable=case.answerable, fitted=fitted, filters=case.filters)
