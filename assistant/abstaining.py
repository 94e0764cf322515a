"""Is the question answerable from what was found? A calibrated estimate, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.calibration import calibration
from assistant.ranking import Candidate


def answerability(candidates: Sequence[Candidate]) -> float:
    """Return the estimated probability, 0 to 1, that the best candidate answers the question; 0 without candidates."""
    if not candidates:
        return 0.0
    fitted = calibration()
    features = answerability_features(candidates)
    logit = fitted.answerability_intercept + math.fsum(
        weight * features[name] for name, weight in fitted.answerability_weights.items()
    )
    return 1 / (1 + math.exp(-logit))


def answerability_features(candidates: Sequence[Candidate]) -> Mapping[str, float]:
    """Return the best candidate's features, with the likeness of the nearest passage among all candidates."""
    nearest = max(candidate.features["passage_cosine"] for candidate in candidates)
    return {**candidates[0].features, "passage_cosine": nearest}
