"""Is the question answerable from what was found? A calibrated estimate, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.evidence.ranking import VALUES, Candidate
from assistant.question.asked_times import is_of_other_time
from assistant.question.question import Question


def answerability(question: Question, candidates: Sequence[Candidate]) -> float:
    """Return the estimated probability, 0 to 1, that the best candidate answers the question; 0 without candidates."""
    if not candidates:
        return 0.0
    fitted = question.fitted
    features = answerability_features(question, candidates)
    logit = fitted.answerability_intercept + math.fsum(
        weight * features[name] for name, weight in fitted.answerability_weights.items()
    )
    return 1 / (1 + math.exp(-logit))


def answerability_features(question: Question, candidates: Sequence[Candidate]) -> Mapping[str, float]:
    """Return the best candidate's features, with what tells of the question as a whole.

    `passage_cosine` is the likeness of the nearest passage among all candidates, `length` the common logarithm of the
    words of the best candidate's paragraph, for a long one shares words with any question; `share` is its probability
    among the candidates. `lacks_value` is 1 where a number or time is asked for and the best sentence holds none,
    `other_time` where the question names a time that its paragraph is not about.
    """
    best = candidates[0]
    other_time = is_of_other_time(question.times, best.hit.article, best.paragraph)
    return {
        **best.features,
        "passage_cosine": max(candidate.features["passage_cosine"] for candidate in candidates),
        "length": math.log10(len(best.paragraph.text.split())),
        "share": best.share,
        "lacks_value": float(question.kind in VALUES and not best.features["holds_value"]),
        "other_time": float(other_time),
    }
