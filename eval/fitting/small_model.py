"""Fit what a small model's reading says about whether the articles answer.

    python -m eval.fitting.small_model [READINGS.jsonl]          # how well the fit in force does on the file
    python -m eval.fitting.small_model [READINGS.jsonl] --ask    # ask the configured small model first
    python -m eval.fitting.small_model [READINGS.jsonl] --fit    # fit on them and write MiniLM's calibration

Without a file, the committed readings of the embedded model. Asking takes some ten seconds a question with it; what the
file holds is not asked again: give a new file when a prompt, the model, or a fit that the features come from changed,
first `eval.fitting.support --fit`, then `eval calibrate`, then this.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

import assistant.calibration.fitted as calibrated
from assistant.answering import Assistant
from assistant.calibration.fitted import Calibration, calibration
from assistant.config import load_settings
from assistant.models.choosing import make_model
from assistant.trace import Trace
from assistant.writing.small_model import ALSO_ANSWERS_FROM, answerability_from
from eval.cases import Case, load_cases, split
from index.embedding.caching import CachingEmbedder
from index.embedding.minilm import MiniLM
from index.errors import UsageError
from index.indexing import Indexer
from index.search import Searcher
from index.types import text_hash

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "eval" / "data" / "sample.jsonl"
ARTICLES = ROOT / "articles"
READINGS = ROOT / "eval" / "data" / "readings.jsonl"
FEATURES = ("before", "yes", "borne_out")
REGULARISATION = 1.0
FALSE_REFUSALS = 0.08
"""Share of the answerable questions of the development half that may be refused: the threshold is the highest that
refuses no more."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a small model's reading of one question's paragraphs came to."""

    id: str
    answerable: bool
    features: dict[str, float]
    """As `assistant.writing.small_model.reading_features` has them."""
    best_answers: bool
    """Whether the paragraph that was put first is one of the case's gold."""
    next_answers: bool
    next_yes: float
    """The same of the paragraph that was put second, with the model's yes to it; 0 without one."""


_READING = TypeAdapter(Reading)


def load_readings(path: Path) -> list[Reading]:
    """Read readings; none if there is no file yet. Raises UsageError for a line that is none."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    try:
        return [_READING.validate_json(line) for line in lines]
    except ValidationError as error:
        raise UsageError(f"{path}: holds a line that is no reading. Name another file, or drop the line.") from error


def ask_readings(assistant: Assistant, cases: Sequence[Case]) -> Iterator[Reading]:
    """Ask cases and yield what was read for each; nothing for those whose question found nothing worth reading.

    A case whose reading fails is named on standard error and passed over: another run asks it again.
    """
    for case in cases:
        trace = Trace(assistant.model)
        answer = assistant.ask(case.question, case.history, case.filters, trace=trace)
        read = next((step.details for step in trace.steps if step.name == "compose"), None)
        if read and "features" in read:
            yield _reading(case, read)
        elif read is not None:
            print(f"{case.id}: not read. {answer.note}", file=sys.stderr)


def _reading(case: Case, read: dict[str, Any]) -> Reading:
    gold = {f"{place.article}#{place.paragraph}" for place in case.gold}
    first, *others = read["read"].items()
    following = others[0] if others else ("", 0.0)
    return Reading(
        case.id, case.answerable, read["features"], first[0] in gold, following[0] in gold, following[1]
    )  # fmt: skip


def fit(readings: Sequence[Reading]) -> tuple[dict[str, float], float, float]:
    """Fit a logistic regression and its threshold; return weights, intercept and threshold."""
    from sklearn.linear_model import LogisticRegression

    rows = _matrix(readings)
    answerable = np.asarray([reading.answerable for reading in readings])
    if answerable.all() or not answerable.any():
        raise UsageError("The readings are all of answerable questions, or none is. Ask more cases: --ask.")
    model = LogisticRegression(C=REGULARISATION, max_iter=1000).fit(rows, answerable)
    weights = dict(zip(FEATURES, model.coef_[0].round(3).tolist(), strict=True))
    probability = model.predict_proba(rows)[:, 1]
    threshold = np.quantile(probability[answerable], FALSE_REFUSALS)
    return weights, round(float(model.intercept_[0]), 3), round(float(threshold), 2)


def held_out_area(readings: Sequence[Reading], folds: int = 8, repeats: int = 5) -> float:
    """Return the area under the curve of the fit on readings that it was not fitted on, averaged over shuffles."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    rows, answerable = _matrix(readings), np.asarray([reading.answerable for reading in readings])
    areas = []
    for seed in range(repeats):
        parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
        model = LogisticRegression(C=REGULARISATION, max_iter=1000)
        probability = cross_val_predict(model, rows, answerable, cv=parts, method="predict_proba")[:, 1]
        areas.append(float(roc_auc_score(answerable, probability)))
    return float(np.mean(areas))


def table(readings: Sequence[Reading], fitted: Calibration) -> str:
    """Return how the fit does on readings, as Markdown."""
    accepted = [answerability_from(reading.features, fitted) >= fitted.reading_threshold for reading in readings]
    answered = [reading for reading, kept in zip(readings, accepted, strict=True) if reading.answerable and kept]
    refused = [not kept for reading, kept in zip(readings, accepted, strict=True) if not reading.answerable]
    wrongly = [not kept for reading, kept in zip(readings, accepted, strict=True) if reading.answerable]
    also = [reading for reading in answered if reading.next_yes >= ALSO_ANSWERS_FROM]
    rows = (
        ("questions read", f"{len(readings)}"),
        ("area under the curve, held out", f"{held_out_area(readings):.3f}"),
        ("refused of the unanswerable", _share(refused)),
        ("refused of the answerable", _share(wrongly)),
        ("best paragraph is gold, of the answered", _share([reading.best_answers for reading in answered])),
        ("second quoted paragraph is gold", _share([reading.next_answers for reading in also])),
    )
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags) / len(flags):.3f} of {len(flags)}" if flags else "none"


def _matrix(readings: Sequence[Reading]) -> Matrix:
    return np.asarray([[reading.features[name] for name in FEATURES] for reading in readings], dtype=float)


def main(arguments: Sequence[str]) -> None:
    """Ask, fit, and print the table, as the arguments say."""
    paths = [argument for argument in arguments if not argument.startswith("-")]
    if len(paths) > 1 or not set(arguments) - set(paths) <= {"--ask", "--fit"}:
        raise SystemExit(__doc__)
    path = Path(*paths) if paths else READINGS
    if "--ask" in arguments:
        _ask(path)
    readings = load_readings(path)
    if not readings:
        raise SystemExit(f"{path} holds no readings. Ask first: python -m eval.fitting.small_model {path} --ask")
    if "--fit" in arguments:
        weights, intercept, threshold = fit(readings)
        kept = json.loads(calibrated.FILE.read_text("utf-8"))
        kept |= {"reading_weights": weights, "reading_intercept": intercept, "reading_threshold": threshold}
        calibrated.FILE.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
        calibration.cache_clear()
    print(table(readings, calibration()))


def _ask(path: Path) -> None:
    known = {reading.id for reading in load_readings(path)}
    cases = [case for case in load_cases(CASES) if split(case.id) == "dev" and case.id not in known]
    cases.sort(key=lambda case: text_hash(case.id))  # mixed, so that a part of the readings is a fair sample
    model = make_model(load_settings({"writer": "composed"}))
    if model is None or not model.small:
        raise UsageError("Only a small model reads paragraph by paragraph. Install it: pip install 'pullquote[local]'")
    embedder = CachingEmbedder(MiniLM())
    with tempfile.TemporaryDirectory() as folder, path.open("a", encoding="utf-8") as file:
        with Indexer(Path(folder) / "library", embedder) as indexer:
            indexer.add([ARTICLES])
        with Assistant(Searcher.open(Path(folder) / "library", embedder), model) as assistant:
            for reading in ask_readings(assistant, cases):
                file.write(json.dumps(asdict(reading)) + "\n")
                file.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
