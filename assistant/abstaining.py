"""Is the question answerable from what was found? A calibrated estimate, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.asked_times import is_of_other_time
from assistant.calibration import calibration
from assistant.ranking import Candidate


def answerability(question: str, candidates: Sequence[Candidate]) -> float:
    """Return the estimated probability, 0 to 1, that the best candidate answers the question; 0 without candidates."""
    if not candidates:
        return 0.0
    fitted = calibration()
    features = answerability_features(question, candidates)
    logit = fitted.answerability_intercept + math.fsum(
        weight * features[name] for name, weight in fitted.answerability_weights.items()
    )
    return 1 / (1 + math.exp(-logit))


def answerability_features(question: str, candidates: Sequence[Candidate]) -> Mapping[str, float]:
    """Return the best candidate's features, with the likeness of the nearest passage among all candidates.

    `other_time` is 1 where the question names a time that the best candidate's paragraph is not about.
    """
    best = candidates[0]
    nearest = max(candidate.features["passage_cosine"] for candidate in candidates)
    other_time = is_of_other_time(question, best.hit.article, best.paragraph)
    return {**best.features, "passage_cosine": nearest, "other_time": float(other_time)}
