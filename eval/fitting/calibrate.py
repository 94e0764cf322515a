"""Fit which sentence answers, and whether any does, and keep the numbers that answering reads.

Fitted on public sets and on the development half of cases; every set weighs the same. A public set without unanswerable
questions is asked twice, the second time with the gold paragraph hidden from the answerer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.calibration.fitted import FILE, Calibration, calibration
from eval.fitting.observing import Observation
from eval.metrics import share
from index.errors import NotFound, UsageError

SENTENCE_FEATURES = (
    "cosine", "passage_gap", "coverage", "coverage_with_before", "paragraph_coverage",
    "holds_value", "holds_name", "holds_manner", "counted", "uncounted",
)  # fmt: skip
ANSWERABILITY_FEATURES = (
    "cosine", "passage_cosine", "coverage", "paragraph_coverage", "length", "share",
    "counted", "uncounted", "lacks_value", "names", "other_time",
)  # fmt: skip
FITTED = ("sentence_weights", "answerability_weights", "answerability_intercept", "threshold", "fitted_on", "scale")
"""Fields of the calibration that are written; others stay as they are."""
RIDGE = 1e-3
STEPS, STEP_SIZE = 300, 0.3
FALSE_REFUSALS = 0.10
"""Share of the answerable questions that may be refused, on the average of the sets: the threshold is the highest, in
steps of .01, that refuses no more."""
INVERSE_REGULARISATION = 1.0
"""By log loss on questions that the fit has not seen, .1 and .3 do worse on the public sets, 3 and 10 hardly better."""

Matrix = NDArray[np.float64]
Sets = Mapping[str, Sequence[Observation]]
"""Observations by the name of their set."""


def require_scikit_learn() -> None:
    """Raise UsageError, with the command that installs it, where weights cannot be fitted."""
    if find_spec("sklearn") is None:
        raise UsageError("Fitting needs scikit-learn. Install it: pip install scikit-learn")


def calibrate(sets: Sets, before: Calibration | None = None) -> Calibration:
    """Fit on all sets; what is not fitted here stays as it was `before`, by default as it is packaged for MiniLM.

    Raises UsageError when the questions cannot tell: all answerable, or none, or no answering sentence among them.
    """
    sets = {name: observations for name, observations in sets.items() if observations}
    seen = [observation for observations in sets.values() for observation in observations]
    if len({observation.answerable for observation in seen}) < 2:  # noqa: PLR2004 - answerable and not
        raise UsageError(
            "The questions are all answerable, or none is, so that nothing can be fitted. Add cases of the other kind."
        )
    if not any(any(observation.answers) for observation in seen):
        raise UsageError(
            "No sentence that was found answers its question. Check that cases and articles belong together."
        )
    weights, intercept = fit_answerability(sets)
    fitted = replace(
        before or calibration(), sentence_weights=fit_sentences(sets), answerability_weights=weights,
        answerability_intercept=intercept, threshold=0.0, fitted_on={},
    )  # fmt: skip
    fitted = replace(fitted, threshold=highest_threshold(sets, fitted))
    return replace(fitted, fitted_on={name: figures(observations, fitted) for name, observations in sets.items()})


def write_calibration(fitted: Calibration, path: Path) -> None:
    """Write what was fitted into a file that may hold other fields, which stay; a new file gets them.

    Raises UsageError when the file holds no JSON object.
    """
    source = path if path.exists() else FILE
    try:
        kept = json.loads(source.read_text("utf-8"))
    except OSError as error:
        raise NotFound(f"{source}: cannot be read ({error.strerror}). Give a file with --to.") from error
    except ValueError as error:
        raise UsageError(f"{source}: is not JSON ({error}). Correct it, or give another file with --to.") from error
    if not isinstance(kept, dict):
        raise UsageError(f"{source}: holds no calibration. Give another file with --to.")
    values = asdict(fitted)
    text = json.dumps({**kept, **{name: values[name] for name in FITTED}}, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). Give a file with --to.") from error
    calibration.cache_clear()


def fit_sentences(sets: Sets) -> dict[str, float]:
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


def fit_answerability(sets: Sets) -> tuple[dict[str, float], float]:
    """Fit a logistic regression; return weights and intercept."""
    from sklearn.linear_model import LogisticRegression

    seen = [observation for observations in sets.values() for observation in observations]
    sizes = np.concatenate([np.full(len(observations), 1000 / len(observations)) for observations in sets.values()])
    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=1000)
    labels = [observation.answerable for observation in seen]
    model.fit(_matrix([observation.best for observation in seen], ANSWERABILITY_FEATURES), labels, sample_weight=sizes)
    weights = dict(zip(ANSWERABILITY_FEATURES, model.coef_[0].round(3).tolist(), strict=True))
    return weights, round(float(model.intercept_[0]), 3)


def highest_threshold(sets: Sets, fitted: Calibration) -> float:
    """Return the threshold that refuses FALSE_REFUSALS of the answerable questions, averaged over the sets, or less."""
    answerable = {
        name: answerabilities(observations, fitted)[[seen.answerable for seen in observations]]
        for name, observations in sets.items()
        if any(seen.answerable for seen in observations)
    }
    steps = np.arange(1, 100) / 100
    refused = [np.mean([np.mean(estimates < step) for estimates in answerable.values()]) for step in steps]
    return float(max((step for step, part in zip(steps, refused, strict=True) if part <= FALSE_REFUSALS), default=0.01))


def answerabilities(observations: Sequence[Observation], fitted: Calibration) -> Matrix:
    """Return for each question the estimated probability that the articles answer it."""
    weights = np.asarray([fitted.answerability_weights[name] for name in ANSWERABILITY_FEATURES])
    logits = _matrix([seen.best for seen in observations], ANSWERABILITY_FEATURES) @ weights
    return np.asarray(1 / (1 + np.exp(-(logits + fitted.answerability_intercept))))


def figures(observations: Sequence[Observation], fitted: Calibration) -> dict[str, float]:
    """Return how the fit does on a set: sentence found, area under the curve, refused rightly and wrongly.

    What the set cannot tell is absent.
    """
    from sklearn.metrics import roc_auc_score

    weights = np.asarray([fitted.sentence_weights[name] for name in SENTENCE_FEATURES])
    first = share(
        seen.answers[int(np.argmax(_matrix(seen.features, SENTENCE_FEATURES) @ weights))]
        for seen in observations
        if any(seen.answers)
    )
    probability = answerabilities(observations, fitted)
    answerable = np.asarray([seen.answerable for seen in observations])
    refused = probability < fitted.threshold
    values = {
        "answering_sentence_first": first,
        "area_under_curve": float(roc_auc_score(answerable, probability)) if 0 < answerable.mean() < 1 else None,
        "refused_of_unanswerable": share(refused[~answerable].tolist()),
        "refused_of_answerable": share(refused[answerable].tolist()),
    }
    known = {name: round(value, 3) for name, value in values.items() if value is not None}
    return {"questions": len(observations), **known}


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Matrix:
    return np.asarray([[row[name] for name in names] for row in rows], dtype=float)
