"""The fitted numbers of answering. `python -m eval.calibrate` writes them to calibration.json beside this file."""

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
    fitted_on: Mapping[str, Mapping[str, float]]
    """By question set: how many questions, and how well the fit does there."""


@cache
def calibration() -> Calibration:
    """Return the committed calibration."""
    return Calibration(**json.loads(FILE.read_text("utf-8")))
