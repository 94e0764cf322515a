"""The fitted numbers of answering, in calibration.json beside this file.

`python -m eval calibrate` writes those of ranking and refusal, `python -m eval.support --fit` those of the gate,
`python -m eval.reading FILE --fit` those of a small model's reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, and on what."""

    sentence_weights: Mapping[str, float]
    """Weights of a softmax over candidate sentences: which one answers."""
    answerability_weights: Mapping[str, float]
    """Log-odds per feature of the best candidate that the articles answer the question."""
    answerability_intercept: float
    threshold: float
    """Probability below which the articles are said not to answer."""
    support_weights: Mapping[str, float]
    """Log-odds per feature of a claim and its cited paragraphs that they state it."""
    support_intercept: float
    partly_from: float
    supported_from: float
    """Probabilities from which a claim counts as partly, or wholly, supported."""
    reading_weights: Mapping[str, float]
    """Log-odds per feature of what a small model read and wrote that the articles answer."""
    reading_intercept: float
    reading_threshold: float
    fitted_on: Mapping[str, Mapping[str, float]]
    """By question set: how many questions, and how well the fit does there."""


@cache
def calibration() -> Calibration:
    """Return the committed calibration."""
    return Calibration(**json.loads(FILE.read_text("utf-8")))
