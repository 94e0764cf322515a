"""How sure a figure is, and how sure the system was: bootstrap intervals, risk over coverage, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from eval.metrics import mean

RESAMPLES = 2000
"""Enough for intervals at .95: Efron and Tibshirani 1993, chapter 19, ask for 1000 or more."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the limits between which it lies at the level asked for."""

    mean: float
    low: float
    high: float


def bootstrap_interval(
    values: Sequence[float | None], seed: int, resamples: int = RESAMPLES, level: float = 0.95
) -> Interval | None:
    """Return the percentile bootstrap interval of the mean, within the values' range; absent values are left out.

    None without values. Their order makes no difference. Efron and Tibshirani 1993, An Introduction to the Bootstrap,
    chapter 13.
    """
    present = np.sort([value for value in values if value is not None])
    centre = mean(present.tolist())
    if centre is None:
        return None
    generator = np.random.default_rng(seed)
    means = [present[generator.integers(len(present), size=len(present))].mean() for _ in range(resamples)]
    limits = np.percentile(means, (50 * (1 - level), 50 * (1 + level)))
    low, high = limits.clip(present[0], present[-1])
    return Interval(centre, float(low), float(high))


def paired_bootstrap(
    before: Sequence[float | None],
    after: Sequence[float | None],
    seed: int,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> Interval | None:
    """Return the percentile bootstrap interval of the mean of `after - before`, case by case; above 0 is a gain.

    A case in which either is absent is left out; None if no case is left. Source as for `bootstrap_interval`, applied
    to paired differences as by Koehn 2004 (EMNLP).
    """
    differences = [
        second - first for first, second in zip(before, after, strict=True) if first is not None and second is not None
    ]
    return bootstrap_interval(differences, seed, resamples, level)


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Share of wrong answers (risk) for each share of questions answered (coverage), most confident first.

    `area` is the mean risk over all coverages, 0 (no answer wrong) to 1.
    """

    points: tuple[tuple[float, float], ...]
    area: float


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> RiskCoverage | None:
    """Return one (coverage, risk) point for each distinct confidence, each 0 to 1, and the area; None without answers.

    El-Yaniv and Wiener 2010 (JMLR 11); area as in Geifman et al. 2019 (ICLR, arXiv 1805.08206). Answers of equal
    confidence are admitted together, so that their order makes no difference.
    """
    ranked = sorted(zip(confidences, correct, strict=True), key=itemgetter(0), reverse=True)
    points: list[tuple[float, float]] = []
    answered = wrong = 0
    area = 0.0
    for _, tied in groupby(ranked, key=itemgetter(0)):
        flags = [flag for _, flag in tied]
        answered += len(flags)
        wrong += flags.count(False)
        points.append((answered / len(ranked), wrong / answered))
        area += len(flags) * wrong / answered
    return RiskCoverage(tuple(points), min(1.0, area / len(ranked))) if ranked else None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers whose confidence lies between two limits: mean confidence (expected) and share correct (observed)."""

    lower: float
    upper: float
    count: int
    expected: float
    observed: float


def calibration_bins(confidences: Sequence[float], correct: Sequence[bool], bins: int = 10) -> list[CalibrationBin]:
    """Return the bins of equal width, from 0 to 1, that hold answers. Naeini, Cooper and Hauskrecht 2015 (AAAI).

    A bin holds its lower limit, the last one also 1. Raises ValueError for a confidence that is not within 0 to 1.
    """
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, flag in zip(confidences, correct, strict=True):
        if not 0 <= confidence <= 1:
            raise ValueError(f"confidence {confidence} is not within 0 to 1")
        members[min(int(confidence * bins), bins - 1)].append((confidence, flag))
    return [
        CalibrationBin(
            lower=place / bins,
            upper=(place + 1) / bins,
            count=len(held),
            expected=sum(confidence for confidence, _ in held) / len(held),
            observed=sum(flag for _, flag in held) / len(held),
        )
        for place, held in enumerate(members)
        if held
    ]


def expected_calibration_error(confidences: Sequence[float], correct: Sequence[bool], bins: int = 10) -> float | None:
    """Return the mean distance of observed from expected over all answers, 0 to 1; None without answers.

    The sum over bins of count / all * |observed - expected|: Naeini, Cooper and Hauskrecht 2015 (AAAI).
    """
    held = calibration_bins(confidences, correct, bins)
    return sum(each.count * abs(each.observed - each.expected) for each in held) / len(confidences) if held else None
