"""Score what a system returned against what it should have: rankings, citations, claims, refusals, times.

Every function is pure. A metric that does not apply is None: absent, not 0; `mean` leaves it out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from assistant.types import Outcome, Verdict

Id = TypeVar("Id", bound=Hashable)
Place = tuple[str, int]
"""A paragraph: its article's id and its number."""


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that are there; None if there is none."""
    present = [value for value in values if value is not None]
    return math.fsum(present) / len(present) if present else None


def share(flags: Iterable[bool]) -> float | None:
    """Return the share of flags that are true, 0 to 1; None without flags."""
    return mean(float(flag) for flag in flags)


# --- rankings ------------------------------------------------------------------------------------------------------


def recall_at_k(ranked: Sequence[Id], gold: Collection[Id], k: int) -> float | None:
    """Return the share of `gold` among the first `k` ranked ids, 0 to 1; None without gold (trec_eval's recall)."""
    wanted = set(gold)
    return len(wanted.intersection(ranked[: _depth(k)])) / len(wanted) if wanted else None


def reciprocal_rank(ranked: Sequence[Id], gold: Collection[Id]) -> float | None:
    """Return 1 / rank of the first gold id, 0 if there is none; None without gold.

    Its mean over questions is MRR (Voorhees 1999, TREC-8 question answering track).
    """
    if not gold:
        return None
    wanted = set(gold)
    return next((1 / rank for rank, key in enumerate(ranked, start=1) if key in wanted), 0.0)


def ndcg_at_k(ranked: Sequence[Id], gold: Mapping[Id, float] | Collection[Id], k: int) -> float | None:
    """Return the discounted gain of the first `k` ids over that of the best order, 0 to 1; None without a gain above 0.

    `gold` maps ids to gains, or names ids of gain 1. Gains are discounted by log2(rank + 1), as trec_eval does; the
    measure is that of Järvelin and Kekäläinen 2002 (ACM TOIS 20:4). An id that is ranked twice gains once.
    """
    gains = gold if isinstance(gold, Mapping) else dict.fromkeys(gold, 1.0)
    best = sorted((gain for gain in gains.values() if gain > 0), reverse=True)[: _depth(k)]
    if not best:
        return None
    remaining = dict(gains)
    found = [max(0.0, remaining.pop(key, 0.0)) for key in ranked[:k]]
    return min(1.0, _discounted(found) / _discounted(best))


def _discounted(gains: Iterable[float]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _depth(k: int) -> int:
    if k < 1:
        raise ValueError(f"k is {k}: a ranking is looked at from rank 1 on")
    return k


# --- citations and claims ------------------------------------------------------------------------------------------


def citation_precision(cited: Collection[Place], gold: Collection[Place]) -> float | None:
    """Return the share of cited paragraphs that are gold, 0 to 1; None if nothing is cited or nothing is gold.

    After ALCE (Gao et al. 2023, arXiv 2305.14627), with gold paragraphs in place of an entailment model.
    """
    wanted = set(gold)
    return share(place in wanted for place in set(cited)) if wanted else None


def citation_recall(cited: Collection[Place], gold_groups: Sequence[Collection[Place]]) -> float | None:
    """Return the share of facts of which a paragraph is cited, 0 to 1; None if no fact has a paragraph.

    Each group holds the paragraphs that state one fact, any of which will do. Source as for `citation_precision`.
    """
    places = set(cited)
    return share(not places.isdisjoint(group) for group in gold_groups if group)


def quote_fidelity(quotes: Iterable[tuple[str, str]]) -> float | None:
    """Return the share of (quote, slice of the article) that are equal byte for byte, 0 to 1; None without quotes."""
    return share(quote == original for quote, original in quotes)


def claim_support(verdicts: Iterable[Verdict]) -> float | None:
    """Return the share of claims that are wholly supported, 0 to 1; None without claims.

    Known as support rate, or faithfulness (Es et al. 2024, RAGAS, arXiv 2309.15217).
    """
    return share(verdict == Verdict.SUPPORTED for verdict in verdicts)


# --- refusals and disagreement -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Abstention:
    """Counts of refused and answered questions, and what follows from them; each rate is 0 to 1, or None.

    Precision, recall and F1 are those of refusing; coverage and accuracy when answered are those of selective
    prediction (El-Yaniv and Wiener 2010, JMLR 11). An answer to an unanswerable question is never correct.
    """

    refused_unanswerable: int
    refused_answerable: int
    answered_answerable: int
    answered_unanswerable: int
    correct: int | None = None
    """Answered questions whose answer is correct; None where nobody judged."""

    @property
    def precision(self) -> float | None:
        """Share of refused questions that are unanswerable."""
        return _ratio(self.refused_unanswerable, self.refused_unanswerable + self.refused_answerable)

    @property
    def recall(self) -> float | None:
        """Share of unanswerable questions that were refused."""
        return _ratio(self.refused_unanswerable, self.refused_unanswerable + self.answered_unanswerable)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None without unanswerable questions."""
        if self.recall is None:
            return None
        return _ratio(
            2 * self.refused_unanswerable,
            2 * self.refused_unanswerable + self.refused_answerable + self.answered_unanswerable,
        )

    @property
    def false_refusal_rate(self) -> float | None:
        """Share of answerable questions that were refused."""
        return _ratio(self.refused_answerable, self.refused_answerable + self.answered_answerable)

    @property
    def coverage(self) -> float | None:
        """Share of all questions that were answered."""
        answered = self.answered_answerable + self.answered_unanswerable
        return _ratio(answered, answered + self.refused_unanswerable + self.refused_answerable)

    @property
    def accuracy_when_answered(self) -> float | None:
        """Share of answered questions whose answer is correct."""
        return (
            None
            if self.correct is None
            else _ratio(self.correct, self.answered_answerable + self.answered_unanswerable)
        )


def abstention(outcomes: Sequence[tuple[bool, bool]], correct: Sequence[bool] | None = None) -> Abstention:
    """Count (answerable, answered) pairs; `correct` tells of each whether its answer is, and is ignored if refused."""
    pairs = [(bool(answerable), bool(answered)) for answerable, answered in outcomes]
    return Abstention(
        refused_unanswerable=pairs.count((False, False)),
        refused_answerable=pairs.count((True, False)),
        answered_answerable=pairs.count((True, True)),
        answered_unanswerable=pairs.count((False, True)),
        correct=None
        if correct is None
        else sum(pair == (True, True) and flag for pair, flag in zip(pairs, correct, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many questions became what, by whether the articles answer them; an outcome that none has counts 0."""

    answerable: Mapping[Outcome, int]
    unanswerable: Mapping[Outcome, int]
    right: int
    """Of those shown as answers, the correct."""

    @property
    def right_as_answers(self) -> float | None:
        """Share of what is shown as answers that is correct; None where nothing is."""
        return _ratio(self.right, self.answerable[Outcome.ANSWERS] + self.unanswerable[Outcome.ANSWERS])


def outcomes(became: Sequence[tuple[bool, Outcome]], correct: Sequence[bool]) -> Outcomes:
    """Count (answerable, outcome) pairs; `correct` tells of each whether it came out as it should."""
    return Outcomes(
        {outcome: became.count((True, outcome)) for outcome in Outcome},
        {outcome: became.count((False, outcome)) for outcome in Outcome},
        sum(each is Outcome.ANSWERS and flag for (_, each), flag in zip(became, correct, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class DisagreementShown:
    """How often a disagreement is shown where articles differ (`recall`), and where they do not (`false_rate`)."""

    recall: float | None
    false_rate: float | None


def disagreement_shown(expected: Sequence[bool], shown: Sequence[bool]) -> DisagreementShown:
    """Return both rates, 0 to 1: recall and fall-out as in any detection; None where there is nothing to count."""
    pairs = list(zip(expected, shown, strict=True))
    return DisagreementShown(
        recall=share(was_shown for is_expected, was_shown in pairs if is_expected),
        false_rate=share(was_shown for is_expected, was_shown in pairs if not is_expected),
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# --- times ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The median, and what 95 and 99 of 100 values stay at or below."""

    p50: float
    p95: float
    p99: float


def latency_percentiles(seconds: Sequence[float]) -> Percentiles | None:
    """Return percentiles in the unit given; None without values. Linear in between (Hyndman and Fan 1996, type 7)."""
    return Percentiles(*map(float, np.percentile(seconds, (50, 95, 99)))) if len(seconds) else None
