"""The fitted numbers of answering, a file for each embedder: they come with the package, or are the user's own.

`pullquote eval calibrate` writes those of ranking and refusal, and the scale on which an embedder's cosines are read;
`python -m eval.fitting.support --fit` those of the gate, `python -m eval.fitting.small_model FILE --fit` those of a
small model's reading.
A user's own files stand in `calibrations` in the user's configuration folder and come before the package's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.calibration.likeness import Scale
from index.embedding.minilm import MiniLM
from index.errors import ConfigError

FOLDER = Path(__file__).with_name("embedders")
DEFAULT = MiniLM.name
"""The embedder on whose scale all cosines are read."""
FIT_SCALE = "pullquote eval calibrate --scale-only"


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
    scale: Scale = field(default_factory=Scale)
    """How the embedder's cosines become MiniLM's, in which all weights and thresholds are said."""


_CALIBRATION = TypeAdapter(Calibration)


@cache
def calibration(embedder: str = DEFAULT) -> Calibration:
    """Return the calibration of an embedder, by its name; of one that has none, MiniLM's, which reads cosines as are.

    Raises ConfigError for a file of the user's own that is none.
    """
    file = calibration_file(embedder) or FILE
    try:
        return _CALIBRATION.validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(f"{file} is not a calibration. Remove it, or fit it anew: {FIT_SCALE}") from error


def calibration_file(embedder: str) -> Path | None:
    """Return the file that holds an embedder's calibration; None where it has none."""
    return next((file for file in (own_file(embedder), FOLDER / _file_name(embedder)) if file.is_file()), None)


def own_file(embedder: str) -> Path:
    """Return where the user's own calibration of an embedder stands, or would."""
    import platformdirs

    return platformdirs.user_config_path("pullquote") / "calibrations" / _file_name(embedder)


def calibration_notice(embedder: str) -> str | None:
    """Return what a user must know of an embedder without calibration, with the command that mends it; else None."""
    if calibration_file(embedder):
        return None
    return (
        f"The embedder {embedder} has no calibration: which sentence answers, when to refuse and what counts as "
        f"supported are judged by numbers fitted for {DEFAULT}, and more answers are wrong. Fit it: {FIT_SCALE}"
    )


def _file_name(embedder: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", embedder) + ".json"


FILE = FOLDER / _file_name(DEFAULT)
"""The packaged calibration of the default embedder, from which others take what is not fitted for them."""
