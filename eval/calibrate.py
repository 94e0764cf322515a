"""Fit which sentence answers, and whether any does; write the numbers to assistant/calibration.json.

    python -m eval.calibrate ../shared/data/xquad_en ../shared/data/clapnq_dev

Fitted on the public sets at the given paths and on the development half of the sample cases; every set weighs the same.
A set without unanswerable questions is asked twice, the second time with the gold paragraph hidden from the answerer.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import assistant.calibration as calibrated
from assistant.abstaining import answerability_features
from assistant.answering import PASSAGES_READ, candidates_in
from assistant.calibration import Calibration
from assistant.conversation import standalone_question
from assistant.ranking import Candidate, Question
from eval.cases import Case, load_cases, split
from eval.importers import PublicQuestion, PublicSet, load_public_set
from eval.matching import fact_coverage
from eval.retrieval import build_library, paragraph_of
from index.embedding import MiniLM, Vectors, embed_in_batches
from index.indexing import Indexer
from index.search import Searcher
from index.types import Filters, Hit

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "eval" / "data" / "sample.jsonl"

SENTENCE_FEATURES = ("cosine", "passage_gap", "coverage", "paragraph_coverage", "holds_kind", "counted", "uncounted")
ANSWERABILITY_FEATURES = ("cosine", "passage_cosine", "coverage", "paragraph_coverage", "counted", "uncounted", "names")
RIDGE = 1e-3
STEPS, STEP_SIZE = 300, 0.3
THRESHOLD = 0.5
"""Refuse below even odds. A higher one refuses more of the unanswerable and soon too many of the answerable."""
INVERSE_REGULARISATION = 0.3

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observation:
    """One question as the answerer saw it: features of its candidates, and which of them answer."""

    features: Sequence[Mapping[str, float]]
    answers: Sequence[bool]
    answerable: bool
    best: Mapping[str, float]


class CachingEmbedder:
    """The default embedder, each text embedded once: questions on one set meet the same sentences."""

    name, dimension = MiniLM.name, MiniLM.dimension

    def __init__(self) -> None:
        self._embedder = MiniLM()
        self._known: dict[str, Vectors] = {}

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for positions, vectors in embed_in_batches(self._embedder, new):
            self._known |= {new[position]: vector for position, vector in zip(positions, vectors, strict=True)}
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return the question's vector."""
        return np.asarray(self.embed_passages([text])[0], dtype=np.float32)


def observe(
    searcher: Searcher,
    question: str,
    answers: Callable[[Candidate], bool],
    *,
    answerable: bool,
    hidden: Callable[[Hit], bool] | None = None,
    filters: Filters | None = None,
) -> Observation | None:
    """Ask one question up to the ranking of sentences; None when nothing was found."""
    analysed = Question.analyse(question, searcher.embedder, searcher.rarity)
    found = searcher.search_vector(question, analysed.vector, 3 * PASSAGES_READ, filters)
    hits = [hit for hit in found if hidden is None or not hidden(hit)][:PASSAGES_READ]
    candidates = candidates_in(searcher, analysed, hits)
    if not candidates:
        return None
    flags = [answers(candidate) for candidate in candidates]
    return Observation(
        [candidate.features for candidate in candidates], flags, answerable, answerability_features(candidates)
    )


def observe_public(public_set: PublicSet, embedder: CachingEmbedder) -> list[Observation]:
    """Observe the questions of a public set; one without unanswerable questions is asked again without its answers."""
    complete = all(question.answerable for question in public_set.questions)
    with tempfile.TemporaryDirectory() as folder:
        library = build_library(public_set, Path(folder), embedder)
        with Searcher.open(library, embedder) as searcher:
            return list(_observations(public_set.questions, searcher, hide_answers=complete))


def _observations(
    questions: Iterable[PublicQuestion], searcher: Searcher, *, hide_answers: bool
) -> Iterator[Observation]:
    for question in questions:

        def answers(candidate: Candidate, question: PublicQuestion = question) -> bool:
            return _in_gold(candidate.hit, question) and _holds_answer(candidate.sentence.text, question)

        def in_gold(hit: Hit, question: PublicQuestion = question) -> bool:
            return _in_gold(hit, question)

        seen = [observe(searcher, question.text, answers, answerable=question.answerable)]
        if hide_answers:
            seen.append(observe(searcher, question.text, answers, answerable=False, hidden=in_gold))
        yield from (observation for observation in seen if observation)


def _in_gold(hit: Hit, question: PublicQuestion) -> bool:
    return paragraph_of(hit) in question.gold


def _holds_answer(sentence: str, question: PublicQuestion) -> bool:
    if question.sentences:
        own = "".join(filter(str.isalnum, sentence))
        golds = ("".join(filter(str.isalnum, gold)) for gold in question.sentences)
        return any(gold in own or own in gold for gold in golds if gold)
    return any(answer in sentence for answer in question.answers)


def observe_sample(embedder: CachingEmbedder) -> list[Observation]:
    """Observe the development half of the sample cases."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        with Indexer(library, embedder) as indexer:
            indexer.add([ROOT / "articles"])
        with Searcher.open(library, embedder) as searcher:
            seen = [_observed_case(case, searcher) for case in load_cases(CASES) if split(case.id) == "dev"]
    return [observation for observation in seen if observation]


def _observed_case(case: Case, searcher: Searcher) -> Observation | None:
    gold = {(place.article, place.paragraph) for place in case.gold}

    def answers(candidate: Candidate) -> bool:
        here = (candidate.paragraph.article_id, candidate.paragraph.number) in gold
        return here and (fact_coverage(candidate.sentence.text, case.facts) or 0) > 0

    question = standalone_question(case.question, case.history)
    return observe(searcher, question, answers, answerable=case.answerable, filters=case.filters)


def fit_sentences(sets: Mapping[str, Sequence[Observation]]) -> dict[str, float]:
    """Fit softmax weights by gradient descent (Adam): the probability of the sentences that answer is maximised."""
    rows: list[tuple[Matrix, Matrix, float]] = []
    for observations in sets.values():
        usable = [seen for seen in observations if any(seen.answers)]
        rows += [
            (_matrix(seen.features, SENTENCE_FEATURES), np.asarray(seen.answers, float), 1 / len(usable))
            for seen in usable
        ]
    weights = momentum = variance = np.zeros(len(SENTENCE_FEATURES))
    for step in range(1, STEPS + 1):
        gradient = RIDGE * weights
        for features, answers, weight in rows:
            scores = features @ weights
            probability = np.exp(scores - scores.max())
            probability /= probability.sum()
            wanted = probability * answers
            gradient = gradient + weight / len(sets) * (features.T @ (probability - wanted / wanted.sum()))
        momentum = 0.9 * momentum + 0.1 * gradient
        variance = 0.99 * variance + 0.01 * gradient**2
        adjusted = momentum / (1 - 0.9**step) / (np.sqrt(variance / (1 - 0.99**step)) + 1e-8)
        weights = weights - STEP_SIZE * (1 - 0.9 * step / STEPS) * adjusted
    return dict(zip(SENTENCE_FEATURES, weights.round(3).tolist(), strict=True))


def fit_answerability(sets: Mapping[str, Sequence[Observation]]) -> tuple[dict[str, float], float]:
    """Fit a logistic regression; return weights and intercept."""
    from sklearn.linear_model import LogisticRegression

    seen = [observation for observations in sets.values() for observation in observations]
    sizes = np.concatenate([np.full(len(observations), 1000 / len(observations)) for observations in sets.values()])
    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=1000)
    labels = [observation.answerable for observation in seen]
    model.fit(_matrix([observation.best for observation in seen], ANSWERABILITY_FEATURES), labels, sample_weight=sizes)
    weights = dict(zip(ANSWERABILITY_FEATURES, model.coef_[0].round(3).tolist(), strict=True))
    return weights, round(float(model.intercept_[0]), 3)


def figures(observations: Sequence[Observation], fitted: Calibration) -> dict[str, float]:
    """Return how the fit does on a set: sentence found, area under the curve, refused rightly and wrongly."""
    from sklearn.metrics import roc_auc_score

    usable = [seen for seen in observations if any(seen.answers)]
    weights = np.asarray([fitted.sentence_weights[name] for name in SENTENCE_FEATURES])
    first = [seen.answers[int(np.argmax(_matrix(seen.features, SENTENCE_FEATURES) @ weights))] for seen in usable]
    logits = _matrix([seen.best for seen in observations], ANSWERABILITY_FEATURES) @ np.asarray(
        [fitted.answerability_weights[name] for name in ANSWERABILITY_FEATURES]
    )
    probability = 1 / (1 + np.exp(-(logits + fitted.answerability_intercept)))
    answerable = np.asarray([seen.answerable for seen in observations])
    refused = probability < fitted.threshold
    return {
        "questions": len(observations),
        "answering_sentence_first": round(float(np.mean(first)), 3),
        "area_under_curve": round(float(roc_auc_score(answerable, probability)), 3),
        "refused_of_unanswerable": round(float(np.mean(refused[~answerable])), 3),
        "refused_of_answerable": round(float(np.mean(refused[answerable])), 3),
    }


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Matrix:
    return np.asarray([[row[name] for name in names] for row in rows], dtype=float)


def main(paths: Sequence[str]) -> None:
    """Fit on the sets at `paths` and the sample cases; write and print the calibration."""
    embedder = CachingEmbedder()
    sets = {Path(path).name: observe_public(load_public_set(Path(path)), embedder) for path in paths}
    sets["sample (development half)"] = observe_sample(embedder)
    sentence_weights = fit_sentences(sets)
    fitted = Calibration(sentence_weights, *fit_answerability(sets), THRESHOLD, {})
    report = {name: figures(observations, fitted) for name, observations in sets.items()}
    text = json.dumps({**asdict(fitted), "fitted_on": report}, indent=2)
    calibrated.FILE.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
