"""Cosines of any embedder are read on one scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calibration.fitted import calibration
from assistant.calibration.likeness import Scale, quantile_knots

E5 = "multilingual-e5-small-q4"
FLAT = ((0.7, 0.0), (0.8, 0.2), (0.9, 0.6), (1.0, 1.0))


def test_without_knots_a_cosine_is_as_it_is() -> None:
    one, other = np.eye(3, dtype=np.float32)[:2], np.full((1, 3), 3**-0.5, dtype=np.float32)
    assert np.array_equal(Scale().between(one, other), one @ other.T)
    assert Scale().question_cosine(0.1234) == pytest.approx(0.1234)


def test_knots_are_met_and_lines_lie_between_them() -> None:
    scale = Scale(questions=FLAT)
    read = [scale.question_cosine(cosine) for cosine in (0.7, 0.75, 0.8, 0.9, 1.0)]
    assert read == pytest.approx([0.0, 0.1, 0.2, 0.6, 1.0])


def test_below_the_first_knot_the_line_goes_on() -> None:
    assert Scale(questions=FLAT).question_cosine(0.6) == pytest.approx(-0.2)
    assert Scale(questions=FLAT).question_cosine(-1.0) == -1.0


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_more_alike_stays_so(one: float, other: float) -> None:
    scale = calibration(E5).scale
    low, high = (scale.question_cosine(cosine) for cosine in sorted((one, other)))
    assert -1 <= low <= high <= 1


def test_as_many_pairs_pass_a_threshold_as_with_the_reference() -> None:
    random = np.random.default_rng(1)
    reference = random.normal(0.1, 0.15, 50_000).clip(-1, 0.95).astype(np.float32)
    squeezed = np.asarray(0.75 + 0.2 * reference + random.normal(0, 0.02, 50_000), dtype=np.float32)
    scale = Scale(questions=quantile_knots(squeezed, reference))
    read = np.asarray([scale.question_cosine(cosine) for cosine in squeezed])
    for threshold in (0.0, 0.2, 0.35, 0.45):
        assert (read >= threshold).mean() == pytest.approx((reference >= threshold).mean(), abs=0.005)
