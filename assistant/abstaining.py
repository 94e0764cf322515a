"""Is the question answerable from what was found? A calibrated estimate, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.ranking import Candidate

COEFFICIENTS: Mapping[str, float] = {
    "cosine": 6.55,
    "passage_cosine": 2.14,
    "coverage": 1.05,
    "paragraph_coverage": 3.62,
    "counted": -0.68,
    "uncounted": -1.09,
    "names": 0.65,
}
INTERCEPT = -7.85
"""Logistic regression on the best candidate's features: XQuAD-en with and without each question's paragraph, ClapNQ
with its unanswerable half (area under the curve .95 and .87)."""

THRESHOLD = 0.5
"""Below this the articles are said not to answer."""


def answerability(candidates: Sequence[Candidate]) -> float:
    """Return the estimated probability, 0 to 1, that the best candidate answers the question; 0 without candidates."""
    if not candidates:
        return 0.0
    features = dict(candidates[0].features)
    features["passage_cosine"] = max(candidate.features["passage_cosine"] for candidate in candidates)
    logit = INTERCEPT + math.fsum(weight * features[name] for name, weight in COEFFICIENTS.items())
    return 1 / (1 + math.exp(-logit))
