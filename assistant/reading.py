"""Which of the found paragraphs answer, as a model reads them one by one: for models too weak to be shown many.

A small model that is shown five paragraphs at once gets facts right in half of the questions and the paragraph in half;
asked about one paragraph at a time whether it states the answer, it puts the right one first far more often than the
likeness of vectors does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.calibration import calibration
from assistant.composing import Shown, answers
from assistant.models import ChatModel
from assistant.ranking import Candidate

PARAGRAPHS_READ = 3
SHARE_WEIGHT = 0.25
"""Weight of the ranking beside the model's yes; on development cases the paragraph that answers came first in .91 of
them (.88 by the yes alone, .79 by the ranking alone)."""
_EDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Read:
    """A paragraph with the model's probability, 0 to 1, that it states the answer."""

    shown: Shown
    answers: float


def paragraphs_of(candidates: Sequence[Candidate], count: int) -> list[Shown]:
    """Return the paragraphs of the best candidate sentences, each once, best first."""
    found: dict[tuple[str, int], Shown] = {}
    for candidate in candidates:
        key = (candidate.paragraph.article_id, candidate.paragraph.number)
        found.setdefault(key, Shown(candidate.hit, candidate.paragraph))
        if len(found) == count:
            break
    return list(found.values())


def read(
    model: ChatModel, question: str, shown: Sequence[Shown], cancelled: Callable[[], bool] | None = None
) -> Iterator[Read]:
    """Yield each paragraph as the model has read it. Raises ModelError."""
    for entry in shown:
        if cancelled and cancelled():
            return
        yield Read(entry, answers(model, question, entry))


def best_first(readings: Sequence[Read], candidates: Sequence[Candidate]) -> list[Read]:
    """Return the readings by what the model said and how likely the ranking had it, the one that answers first."""
    shares: dict[str, float] = {}
    for candidate in candidates:
        key = candidate.paragraph.key
        shares[key] = max(shares.get(key, 0.0), candidate.share)

    def rank(reading: Read) -> float:
        share = shares.get(reading.shown.paragraph.key, 0.0)
        return _logit(reading.answers) + SHARE_WEIGHT * math.log(share + _EDGE)

    return sorted(readings, key=rank, reverse=True)


def answerability_after_reading(before: float, readings: Sequence[Read]) -> float:
    """Return the probability, 0 to 1, that the articles answer, from that before reading and from what was read."""
    if not readings:
        return before
    fitted = calibration()
    yes = max(reading.answers for reading in readings)
    logit = (
        fitted.reading_intercept
        + fitted.reading_weights["before"] * _logit(before)
        + fitted.reading_weights["yes"] * _logit(yes)
    )
    return 1 / (1 + math.exp(-logit))


def _logit(probability: float) -> float:
    bounded = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1 - bounded))
