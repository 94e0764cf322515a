"""Metrics stay within their range, are perfect for what is perfect, and agree with what others compute."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.types import Verdict
from eval.metrics import (
    Abstention,
    DisagreementShown,
    Percentiles,
    Place,
    abstention,
    citation_precision,
    citation_recall,
    claim_support,
    disagreement_shown,
    latency_percentiles,
    mean,
    ndcg_at_k,
    quote_fidelity,
    recall_at_k,
    reciprocal_rank,
    share,
)

IDS = st.sampled_from("abcdefghij")
RANKED = st.lists(IDS, unique=True)
GOLD = st.sets(IDS, min_size=1)
GAINS = st.dictionaries(IDS, st.integers(0, 3), min_size=1).filter(lambda gains: any(gains.values()))
DEPTH = st.integers(1, 12)
PLACES: st.SearchStrategy[set[Place]] = st.sets(st.tuples(st.sampled_from("abc"), st.integers(1, 4)))
FLAGS = st.lists(st.tuples(st.booleans(), st.booleans()))


def within(value: float | None) -> bool:
    return value is not None and 0 <= value <= 1


# --- rankings ------------------------------------------------------------------------------------------------------


@given(RANKED, GAINS, DEPTH)
def test_rankings_score_within_0_and_1(ranked: list[str], gains: dict[str, int], k: int) -> None:
    assert within(recall_at_k(ranked, gains, k))
    assert within(reciprocal_rank(ranked, gains))
    assert within(ndcg_at_k(ranked, gains, k))


@given(RANKED, GOLD, GAINS, DEPTH, st.integers(0, 12))
def test_irrelevant_hit_never_helps(
    ranked: list[str], gold: set[str], gains: dict[str, int], k: int, place: int
) -> None:
    longer = [*ranked[:place], "irrelevant", *ranked[place:]]
    assert recall_at_k(longer, gold, k) <= recall_at_k(ranked, gold, k)  # type: ignore[operator]
    assert reciprocal_rank(longer, gold) <= reciprocal_rank(ranked, gold)  # type: ignore[operator]
    assert ndcg_at_k(longer, gold, k) <= ndcg_at_k(ranked, gold, k)  # type: ignore[operator]
    assert ndcg_at_k(longer, gains, k) <= ndcg_at_k(ranked, gains, k)  # type: ignore[operator]


@given(RANKED.filter(bool), GOLD, DEPTH, st.data())
def test_hit_that_is_repeated_never_helps(ranked: list[str], gold: set[str], k: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(ranked) - 1))
    again = data.draw(st.integers(first + 1, len(ranked)))
    longer = [*ranked[:again], ranked[first], *ranked[again:]]
    assert recall_at_k(longer, gold, k) <= recall_at_k(ranked, gold, k)  # type: ignore[operator]
    assert ndcg_at_k(longer, gold, k) <= ndcg_at_k(ranked, gold, k)  # type: ignore[operator]


@given(GAINS, st.lists(st.sampled_from("uvwxyz"), unique=True))
def test_best_order_is_perfect_at_every_depth(gains: dict[str, int], others: list[str]) -> None:
    best = sorted((key for key, gain in gains.items() if gain), key=lambda key: -gains[key])
    ranked = [*best, *others]
    assert recall_at_k(ranked, best, len(best)) == 1
    assert reciprocal_rank(ranked, best) == 1
    assert all(ndcg_at_k(ranked, gains, k) == 1 for k in range(1, len(ranked) + 2))
    assert all(ndcg_at_k(ranked, best, k) == 1 for k in range(1, len(ranked) + 2))


@given(GOLD, DEPTH)
def test_nothing_found_is_0_and_nothing_to_find_is_absent(gold: set[str], k: int) -> None:
    assert recall_at_k([], gold, k) == reciprocal_rank([], gold) == ndcg_at_k([], gold, k) == 0
    assert recall_at_k([*gold], set[str](), k) is None
    assert reciprocal_rank([*gold], set[str]()) is None
    assert ndcg_at_k([*gold], dict.fromkeys(gold, 0), k) is None


@given(RANKED, GOLD, DEPTH, st.randoms(use_true_random=False))
def test_recall_does_not_depend_on_the_order_within_its_depth(
    ranked: list[str], gold: set[str], k: int, order: random.Random
) -> None:
    head = order.sample(ranked[:k], len(ranked[:k]))
    assert recall_at_k([*head, *ranked[k:]], gold, k) == recall_at_k(ranked, gold, k)


def test_ranking_by_hand() -> None:
    ranked, gains = ["x", "a", "b", "y", "c"], {"a": 1, "b": 3, "c": 2}
    assert recall_at_k(ranked, gains, 3) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranked, gains) == 0.5
    found = 1 / math.log2(3) + 3 / math.log2(4) + 2 / math.log2(6)
    assert ndcg_at_k(ranked, gains, 5) == pytest.approx(found / (3 + 2 / math.log2(3) + 1 / math.log2(4)))
    assert ndcg_at_k(ranked, ["a", "b"], 2) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


@pytest.mark.parametrize("k", [0, -1])
def test_depth_below_1_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match="from rank 1 on"):
        recall_at_k(["a"], ["a"], k)
    with pytest.raises(ValueError, match="from rank 1 on"):
        ndcg_at_k(["a"], ["a"], k)


@given(GAINS, DEPTH, st.randoms(use_true_random=False))
def test_ndcg_agrees_with_scikit_learn(gains: dict[str, int], k: int, order: random.Random) -> None:
    from sklearn.metrics import ndcg_score

    assume(len(gains) > 1)  # it refuses a ranking of one
    ranked = order.sample(sorted(gains), len(gains))
    theirs = ndcg_score([[gains[key] for key in ranked]], [list(range(len(ranked), 0, -1))], k=k)
    assert ndcg_at_k(ranked, gains, k) == pytest.approx(float(theirs))


@given(RANKED.filter(bool), GAINS, DEPTH)
def test_rankings_agree_with_trec_eval(ranked: list[str], gains: dict[str, int], k: int) -> None:
    measures = pytest.importorskip("ir_measures", reason="not in the lock: its C part has no wheel for Linux on ARM")
    judged = [measures.Qrel("q", key, gain) for key, gain in gains.items()]
    run = [measures.ScoredDoc("q", key, -place) for place, key in enumerate(ranked)]
    recall, ndcg = measures.R @ k, measures.nDCG @ k
    theirs = measures.calc_aggregate([recall, ndcg, measures.RR], judged, run)
    gold = [key for key, gain in gains.items() if gain]
    assert recall_at_k(ranked, gold, k) == pytest.approx(theirs[recall])
    assert reciprocal_rank(ranked, gold) == pytest.approx(theirs[measures.RR])
    assert ndcg_at_k(ranked, gains, k) == pytest.approx(theirs[ndcg])


# --- citations and claims ------------------------------------------------------------------------------------------


@given(PLACES, PLACES, st.lists(PLACES))
def test_citations_score_within_0_and_1_or_are_absent(
    cited: set[Place], gold: set[Place], groups: list[set[Place]]
) -> None:
    precision, recall = citation_precision(cited, gold), citation_recall(cited, groups)
    assert within(precision) if cited and gold else precision is None
    assert within(recall) if any(groups) else recall is None
    assert citation_recall(cited, groups[::-1]) == recall


@given(PLACES.filter(bool), st.lists(PLACES.filter(bool), min_size=1))
def test_citing_exactly_the_gold_is_perfect(gold: set[Place], groups: list[set[Place]]) -> None:
    assert citation_precision(gold, gold) == 1
    assert citation_recall({min(group) for group in groups}, groups) == 1


@given(PLACES.filter(bool), PLACES.filter(bool), st.lists(PLACES.filter(bool), min_size=1))
def test_irrelevant_citation_never_helps(cited: set[Place], gold: set[Place], groups: list[set[Place]]) -> None:
    more = cited | {("irrelevant", 1)}
    assert citation_precision(more, gold) <= citation_precision(cited, gold)  # type: ignore[operator]
    assert citation_recall(more, groups) == citation_recall(cited, groups)


def test_citations_by_hand() -> None:
    gold_groups = [{("a", 1), ("b", 4)}, {("a", 2)}, set()]
    cited = [("b", 4), ("b", 4), ("c", 1)]
    assert citation_precision(cited, set().union(*gold_groups)) == 0.5
    assert citation_recall(cited, gold_groups) == 0.5
    assert citation_recall([], gold_groups) == 0
    assert citation_recall(cited, [set()]) is None


def test_quote_that_differs_in_one_character_is_unfaithful() -> None:
    assert quote_fidelity([("“Yes,” he said.", "“Yes,” he said."), ("“Yes”", '"Yes"')]) == 0.5
    assert quote_fidelity([("caf\u00e9", "cafe\u0301")]) == 0
    assert quote_fidelity([]) is None


@given(st.lists(st.text(), min_size=1))
def test_quotes_that_are_slices_are_faithful(texts: list[str]) -> None:
    assert quote_fidelity((text, text) for text in texts) == 1


def test_only_full_support_counts() -> None:
    assert claim_support([Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED, Verdict.SUPPORTED]) == 0.5
    assert claim_support([Verdict("supported")]) == 1
    assert claim_support([]) is None


# --- refusals and disagreement -------------------------------------------------------------------------------------


def rates(result: Abstention) -> list[float | None]:
    return [
        *(result.precision, result.recall, result.f1, result.false_refusal_rate),
        *(result.coverage, result.accuracy_when_answered),
    ]


@given(FLAGS, st.randoms(use_true_random=False), st.data())
def test_refusals_score_within_range_whatever_their_order(
    outcomes: list[tuple[bool, bool]], order: random.Random, data: st.DataObject
) -> None:
    correct = data.draw(st.lists(st.booleans(), min_size=len(outcomes), max_size=len(outcomes)))
    result = abstention(outcomes, correct)
    assert all(rate is None or 0 <= rate <= 1 for rate in rates(result))
    shuffled = order.sample(list(zip(outcomes, correct, strict=True)), len(outcomes))
    assert abstention([outcome for outcome, _ in shuffled], [flag for _, flag in shuffled]) == result


@given(st.lists(st.booleans()).filter(lambda flags: any(flags) and not all(flags)))
def test_refusing_exactly_the_unanswerable_is_perfect(answerable: list[bool]) -> None:
    result = abstention([(flag, flag) for flag in answerable], answerable)
    assert rates(result) == [1, 1, 1, 0, mean(map(float, answerable)), 1]


@given(FLAGS.filter(lambda pairs: any(not answerable for answerable, _ in pairs)))
def test_refusals_agree_with_scikit_learn(outcomes: list[tuple[bool, bool]]) -> None:
    from sklearn.metrics import precision_recall_fscore_support

    precision, recall, f1, _ = precision_recall_fscore_support(
        [not answerable for answerable, _ in outcomes],
        [not answered for _, answered in outcomes],
        average="binary",
        zero_division=0.0,
    )
    ours = abstention(outcomes)
    assert (ours.precision or 0.0, ours.recall, ours.f1) == pytest.approx((precision, recall, f1))


def test_refusals_by_hand() -> None:
    outcomes = [(True, True), (True, True), (True, False), (False, False), (False, False), (False, True)]
    result = abstention(outcomes, correct=[True, False, True, True, True, True])
    assert result == Abstention(2, 1, 2, 1, correct=1)
    assert rates(result) == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1 / 3, 1 / 2, 1 / 3])


def test_rate_of_refusing_with_nothing_to_count_is_absent() -> None:
    assert rates(abstention([])) == [None] * 6
    assert rates(abstention([(True, True)])) == [None, None, None, 0, 1, None]
    assert rates(abstention([(True, False)], [True])) == [0, None, None, 1, 0, None]
    assert rates(abstention([(False, True)], [True])) == [None, 0, 0, None, 1, 0]


def test_disagreement_has_a_recall_and_a_false_rate() -> None:
    assert disagreement_shown([True, True, False, False], [True, False, True, False]) == DisagreementShown(0.5, 0.5)
    assert disagreement_shown([True], [True]) == DisagreementShown(1, None)
    assert disagreement_shown([False], [False]) == DisagreementShown(None, 0)
    with pytest.raises(ValueError, match="shorter"):
        disagreement_shown([True, True], [True])


@given(FLAGS)
def test_disagreement_scores_within_range(pairs: list[tuple[bool, bool]]) -> None:
    result = disagreement_shown([first for first, _ in pairs], [second for _, second in pairs])
    assert all(rate is None or 0 <= rate <= 1 for rate in (result.recall, result.false_rate))


# --- times and means -----------------------------------------------------------------------------------------------


def test_latency_is_interpolated_linearly() -> None:
    result = latency_percentiles([4, 1, 3, 2])
    assert result is not None
    assert (result.p50, result.p95, result.p99) == pytest.approx((2.5, 3.85, 3.97))
    assert latency_percentiles([7]) == Percentiles(7, 7, 7)
    assert latency_percentiles([]) is None


@given(st.lists(st.floats(0, 1e6), min_size=1), st.randoms(use_true_random=False))
def test_percentiles_rise_and_do_not_depend_on_order(seconds: list[float], order: random.Random) -> None:
    result = latency_percentiles(seconds)
    assert result is not None
    assert min(seconds) <= result.p50 <= result.p95 <= result.p99 <= max(seconds)
    assert latency_percentiles(order.sample(seconds, len(seconds))) == result


def test_absent_values_are_left_out_of_a_mean() -> None:
    assert mean([1, None, 0]) == 0.5
    assert mean([None]) is None
    assert share([True, False, True, True]) == 0.75
    assert share([]) is None
