"""Intervals hold what they should, and confidence is scored whatever the order of the answers."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.comparing.uncertainty import (
    CalibrationBin,
    Interval,
    bootstrap_interval,
    calibration_bins,
    expected_calibration_error,
    paired_bootstrap,
    risk_coverage,
)

VALUES = st.lists(st.floats(-10, 10), min_size=1, max_size=20)
ANSWERS = st.lists(st.tuples(st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0]), st.booleans()), min_size=1)


def columns(answers: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [confidence for confidence, _ in answers], [flag for _, flag in answers]


# --- intervals -----------------------------------------------------------------------------------------------------


@given(VALUES, st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_interval_is_within_the_values_and_does_not_depend_on_their_order(
    values: list[float], seed: int, order: random.Random
) -> None:
    interval = bootstrap_interval(values, seed, resamples=50)
    assert interval is not None
    assert min(values) <= interval.low <= interval.high <= max(values)
    assert bootstrap_interval(order.sample(values, len(values)), seed, resamples=50) == interval


@given(VALUES, st.integers(0, 100))
def test_higher_level_is_never_narrower(values: list[float], seed: int) -> None:
    narrow = bootstrap_interval(values, seed, resamples=50, level=0.5)
    wide = bootstrap_interval(values, seed, resamples=50, level=0.99)
    assert narrow is not None
    assert wide is not None
    assert wide.low <= narrow.low <= narrow.high <= wide.high


def test_equal_values_leave_no_doubt() -> None:
    assert bootstrap_interval([0.5] * 7, seed=1) == Interval(0.5, 0.5, 0.5)
    assert bootstrap_interval([3], seed=1) == Interval(3, 3, 3)


def test_absent_values_are_left_out() -> None:
    assert bootstrap_interval([1, None, 0, None], seed=1) == bootstrap_interval([0, 1], seed=1)
    assert bootstrap_interval([None], seed=1) is bootstrap_interval([], seed=1) is None
    assert paired_bootstrap([1, None, 0], [None, 1, 1], seed=1) == Interval(1, 1, 1)
    assert paired_bootstrap([1, None], [None, 1], seed=1) is None


def test_interval_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    values = np.random.default_rng(7).random(80)
    ours = bootstrap_interval(values.tolist(), seed=1, resamples=4000)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.005)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20), st.integers(0, 100))
def test_constant_gain_is_certain(before: list[float], seed: int) -> None:
    interval = paired_bootstrap(before, [value + 1 for value in before], seed, resamples=50)
    assert interval is not None
    assert (interval.mean, interval.low, interval.high) == pytest.approx((1, 1, 1))


def test_small_gain_in_every_case_is_seen_among_values_far_apart() -> None:
    before = [place % 2 for place in range(40)]
    after = [value + 0.1 for value in before]
    paired = paired_bootstrap(before, after, seed=3)
    assert paired is not None
    assert paired.low > 0
    with pytest.raises(ValueError, match="shorter"):
        paired_bootstrap([1, 2], [1], seed=3)


# --- risk and coverage ---------------------------------------------------------------------------------------------


@given(ANSWERS, st.randoms(use_true_random=False))
def test_risk_is_within_range_whatever_the_order(answers: list[tuple[float, bool]], order: random.Random) -> None:
    curve = risk_coverage(*columns(answers))
    assert curve is not None
    assert 0 <= curve.area <= 1
    coverages = [coverage for coverage, _ in curve.points]
    assert coverages == sorted(set(coverages))
    assert curve.points[-1] == (1.0, sum(not flag for _, flag in answers) / len(answers))
    assert all(0 <= risk <= 1 for _, risk in curve.points)
    assert risk_coverage(*columns(order.sample(answers, len(answers)))) == curve


@given(ANSWERS)
def test_risk_without_wrong_answers_is_0_and_without_right_ones_1(answers: list[tuple[float, bool]]) -> None:
    confidences, _ = columns(answers)
    right = risk_coverage(confidences, [True] * len(answers))
    wrong = risk_coverage(confidences, [False] * len(answers))
    assert right is not None
    assert wrong is not None
    assert right.area == 0
    assert wrong.area == pytest.approx(1)


@given(ANSWERS)
def test_area_is_least_when_the_right_answers_come_first(answers: list[tuple[float, bool]]) -> None:
    best = sorted((flag for _, flag in answers), reverse=True)
    least = risk_coverage([-place for place in range(len(best))], best)
    curve = risk_coverage(*columns(answers))
    assert least is not None
    assert curve is not None
    assert least.area <= curve.area + 1e-9


def test_risk_by_hand() -> None:
    curve = risk_coverage([0.9, 0.8, 0.8, 0.1], [True, False, True, False])
    assert curve is not None
    assert curve.points == ((0.25, 0.0), (0.75, 1 / 3), (1.0, 0.5))
    assert curve.area == pytest.approx((0 + 2 / 3 + 0.5) / 4)
    assert risk_coverage([], []) is None


# --- calibration ---------------------------------------------------------------------------------------------------


@given(ANSWERS, st.integers(1, 20), st.randoms(use_true_random=False))
def test_calibration_is_within_range_whatever_the_order(
    answers: list[tuple[float, bool]], bins: int, order: random.Random
) -> None:
    held = calibration_bins(*columns(answers), bins)
    assert sum(each.count for each in held) == len(answers)
    for each in held:
        assert each.lower - 1e-9 <= each.expected <= each.upper + 1e-9
        assert 0 <= each.observed <= 1
    error = expected_calibration_error(*columns(answers), bins)
    assert error is not None
    assert 0 <= error <= 1 + 1e-9
    shuffled = columns(order.sample(answers, len(answers)))
    assert expected_calibration_error(*shuffled, bins) == pytest.approx(error)


@given(st.lists(st.booleans(), min_size=1))
def test_certainty_that_is_right_is_perfectly_calibrated_and_reversed_wholly_wrong(correct: list[bool]) -> None:
    assert expected_calibration_error([float(flag) for flag in correct], correct) == 0
    assert expected_calibration_error([float(not flag) for flag in correct], correct) == 1


def test_calibration_by_hand() -> None:
    confidences, correct = [0.05, 0.6, 0.7, 1.0], [False, True, False, True]
    low, high = calibration_bins(confidences, correct, bins=2)
    assert low == CalibrationBin(0, 0.5, 1, 0.05, 0)
    assert (high.lower, high.upper, high.count) == (0.5, 1, 3)
    assert (high.expected, high.observed) == pytest.approx((2.3 / 3, 2 / 3))
    assert expected_calibration_error(confidences, correct, bins=2) == pytest.approx((0.05 + 0.3) / 4)
    assert calibration_bins([], []) == []
    assert expected_calibration_error([], []) is None


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_confidence_that_is_no_probability_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="not within 0 to 1"):
        calibration_bins([confidence], [True])
