"""Which of the found paragraphs answer, as a model reads them one by one: for models too weak to be shown many.

A small model that is shown five paragraphs at once gets facts right in half of the questions and the paragraph in half;
asked about one paragraph at a time whether it states the answer, it puts the right one first far more often than the
likeness of vectors does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.calibration.fitted import Calibration
from assistant.evidence.ranking import Candidate
from assistant.models.chat_model import ChatModel
from assistant.writing.prompting import Shown, answers

PARAGRAPHS_READ = 4
SHARE_WEIGHT = 0.25
"""Weight of the ranking beside the model's yes: together they put a paragraph that answers first in .82 of the
development cases, the yes alone in .77, the ranking alone in .75."""
ALSO_ANSWERS_FROM = 0.75
"""The model's yes from which a paragraph besides the best is quoted, too; of those below, most do not answer."""
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


def answering_readings(readings: Sequence[Read]) -> list[Read]:
    """Return, of readings with the best first, those to quote: the best, and the next one if it surely answers, too."""
    first, *others = readings
    return [first, *(other for other in others[:1] if other.answers >= ALSO_ANSWERS_FROM)]


def reading_features(before: float, readings: Sequence[Read], borne_out: float) -> Mapping[str, float]:
    """Return what tells whether the articles answer: the ranking, the model's best yes, the sentence it wrote.

    `borne_out` is the gate's probability, 0 to 1, that the best paragraph states the sentence, and stays one; that
    before reading and the best yes become log-odds.
    """
    return {
        "before": _logit(before),
        "yes": _logit(max(reading.answers for reading in readings)),
        "borne_out": borne_out,
    }


def answerability_from(features: Mapping[str, float], fitted: Calibration) -> float:
    """Return the probability, 0 to 1, that the articles answer, from what `reading_features` returns."""
    weighted = (weight * features[name] for name, weight in fitted.reading_weights.items())
    return 1 / (1 + math.exp(-(fitted.reading_intercept + math.fsum(weighted))))


def _logit(probability: float) -> float:
    bounded = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1 - bounded))
