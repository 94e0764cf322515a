"""Fusion of two ranked lists."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.fusion import NORMALISED_OVER, fuse, z_scores

IDS = st.text("abcdefgh", min_size=1, max_size=2)
SCORES = st.floats(-1, 40).map(lambda score: round(score, 3))
LISTS = st.dictionaries(IDS, SCORES, max_size=12)
WEIGHTS = st.floats(0, 1)


def order(fused: list[tuple[str, float]]) -> list[str]:
    return [key for key, _ in fused]


@given(LISTS, LISTS, WEIGHTS)
def test_every_id_comes_once_with_a_finite_score_best_first(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    fused = fuse(dense, lexical, weight)
    assert sorted(order(fused)) == sorted(dense.keys() | lexical.keys())
    scores = [score for _, score in fused]
    assert all(map(math.isfinite, scores))
    assert scores == sorted(scores, reverse=True)


@given(LISTS, LISTS, WEIGHTS, st.randoms())
def test_order_in_which_hits_are_given_does_not_matter(
    dense: dict[str, float], lexical: dict[str, float], weight: float, chance: object
) -> None:
    def shuffled(scores: dict[str, float]) -> dict[str, float]:
        items = list(scores.items())
        chance.shuffle(items)  # type: ignore[attr-defined]
        return dict(items)

    assert fuse(shuffled(dense), shuffled(lexical), weight) == fuse(dense, lexical, weight)


@given(LISTS, LISTS, WEIGHTS)
def test_hit_that_is_better_in_both_lists_is_never_below(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    fused = dict(fuse(dense, lexical, weight))
    both = sorted(dense.keys() & lexical.keys())
    for one in both:
        for other in both:
            if dense[one] >= dense[other] and lexical[one] >= lexical[other]:
                assert fused[one] >= fused[other] - 1e-9


@given(LISTS, WEIGHTS)
def test_one_empty_list_leaves_the_order_of_the_other(scores: dict[str, float], weight: float) -> None:
    expected = sorted(scores, key=lambda key: (-scores[key], key))
    assume(len(set(scores.values())) == len(scores))
    if 0.01 < weight < 0.99:
        assert order(fuse(scores, {}, weight)) == expected
        assert order(fuse({}, scores, weight)) == expected


def test_two_empty_lists_give_nothing() -> None:
    assert fuse({}, {}) == []


@given(LISTS, LISTS)
def test_whole_weight_on_one_list_gives_its_order(dense: dict[str, float], lexical: dict[str, float]) -> None:
    for scores, weight in ((dense, 0.0), (lexical, 1.0)):
        assume(len(set(scores.values())) == len(scores))
        kept = [key for key in order(fuse(dense, lexical, weight)) if key in scores]
        assert kept == sorted(scores, key=lambda key: -scores[key])


@given(LISTS, LISTS, WEIGHTS)
def test_scale_and_origin_of_the_dense_scores_do_not_matter(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    assume(len(dense) < 2 or max(dense.values()) - min(dense.values()) > 0.1)
    moved = dict(fuse({key: 3 * score + 5 for key, score in dense.items()}, lexical, weight))
    for key, score in fuse(dense, lexical, weight):
        assert moved[key] == pytest.approx(score, abs=1e-6)


@given(LISTS, LISTS, WEIGHTS)
def test_id_that_one_list_lacks_scores_no_better_than_its_last(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    positive = {key: abs(score) for key, score in lexical.items()}
    fused = dict(fuse(dense, positive, weight))
    for lacking in positive.keys() - dense.keys():
        for ranked in dense.keys() & positive.keys():
            if positive[ranked] >= positive[lacking]:
                assert fused[ranked] >= fused[lacking] - 1e-9


def test_ids_below_the_normalised_ones_do_not_change_the_scores_above() -> None:
    dense = {f"{number:03}": 1 - number / 100 for number in range(NORMALISED_OVER)}
    more = dense | {f"low-{number}": 0.1 - number / 100 for number in range(20)}
    before = dict(fuse(dense, {}))
    after = dict(fuse(more, {}))
    assert {key: after[key] for key in before} == pytest.approx(before)
    assert order(fuse(more, {}))[:NORMALISED_OVER] == order(fuse(dense, {}))


def test_equal_scores_go_by_id() -> None:
    assert order(fuse({"b": 0.5, "a": 0.5, "c": 0.5}, {})) == ["a", "b", "c"]


def test_only_passage_that_holds_a_word_gains_from_it() -> None:
    assert order(fuse({"a": 0.42, "b": 0.41, "c": 0.2}, {"b": 9.0}))[0] == "b"


@given(st.dictionaries(IDS, SCORES, min_size=2, max_size=12))
def test_z_scores_have_mean_zero_and_deviation_one(scores: dict[str, float]) -> None:
    assume(max(scores.values()) - min(scores.values()) > 0.01)
    values = list(z_scores(scores, scores.keys(), 0.0).values())
    assert math.fsum(values) == pytest.approx(0, abs=1e-6)
    assert math.fsum(value**2 for value in values) / len(values) == pytest.approx(1)


def test_scores_that_do_not_differ_say_nothing() -> None:
    assert z_scores({"a": 0.1 + 0.2, "b": 0.3}, ["a", "b"], 0.0) == {"a": 0, "b": 0}
