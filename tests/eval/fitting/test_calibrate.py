"""Calibration writes what it fits and nothing else, and its curve shows what a threshold costs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.metrics import roc_curve

import assistant.calibration.fitted as calibrated
from eval.cases import Case, GoldParagraph, split
from eval.comparing.uncertainty import refusal_trade_off
from eval.fitting.calibrate import (
    ANSWERABILITY_FEATURES,
    FALSE_REFUSALS,
    FITTED,
    SENTENCE_FEATURES,
    answerabilities,
    calibrate,
    figures,
    write_calibration,
)
from eval.fitting.calibration_page import calibration_page
from eval.fitting.observing import Observation, observe_cases, observe_public
from eval.sets import PublicArticle, PublicQuestion, PublicSet
from index.errors import NotFound, UsageError
from tests.fakes import FakeEmbedder


def observation(likeness: float, *, answerable: bool) -> Observation:
    names = {*SENTENCE_FEATURES, *ANSWERABILITY_FEATURES}
    near, far = (dict.fromkeys(names, value) for value in (likeness, likeness / 2))
    return Observation([near, far], [answerable, False], answerable, near)


SEEN = [
    *(observation(0.5 + place / 40, answerable=True) for place in range(20)),
    *(observation(place / 30, answerable=False) for place in range(20)),
]
SETS = {"mine": SEEN}


def test_fit_separates_what_can_be_told_and_keeps_the_rest() -> None:
    fitted = calibrate(SETS)
    estimates = answerabilities([seen for seen in SEEN if seen.answerable], fitted)
    here, above = (sum(estimates < fitted.threshold + more) / 20 for more in (0, 0.01))
    assert here <= FALSE_REFUSALS < above
    told = fitted.fitted_on["mine"]
    assert told["questions"] == 40
    assert told["answering_sentence_first"] == 1
    assert told["area_under_curve"] > 0.8
    committed = calibrated.calibration()
    untouched = {name: getattr(committed, name) for name in committed.__slots__ if name not in FITTED}
    assert {name: getattr(fitted, name) for name in untouched} == untouched


def test_file_keeps_fields_that_are_not_fitted_in_their_places(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps({"mine": [1], "threshold": 0.1, "later": 2, "fitted_on": {}}), "utf-8")
    fitted = calibrate(SETS)
    write_calibration(fitted, file)
    written = json.loads(file.read_text("utf-8"))
    assert list(written)[:4] == ["mine", "threshold", "later", "fitted_on"]
    assert (written["mine"], written["later"], written["threshold"]) == ([1], 2, fitted.threshold)
    assert written["answerability_weights"] == fitted.answerability_weights


def test_new_file_has_all_that_answering_reads(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    write_calibration(calibrate(SETS), file)
    committed = json.loads(calibrated.FILE.read_text("utf-8"))
    written = json.loads(file.read_text("utf-8"))
    assert list(written) == list(committed)
    assert {name for name in committed if written[name] != committed[name]} <= set(FITTED)


def test_what_is_no_calibration_is_left_alone(tmp_path: Path) -> None:
    fitted = calibrate(SETS)
    file = tmp_path / "x.json"
    for text in ("{", "[]"):
        file.write_text(text, "utf-8")
        with pytest.raises(UsageError, match=r"x\.json: .*--to"):
            write_calibration(fitted, file)
        assert file.read_text("utf-8") == text
    with pytest.raises(NotFound):
        write_calibration(fitted, tmp_path)


def test_questions_of_one_kind_cannot_be_fitted() -> None:
    with pytest.raises(UsageError, match="all answerable, or none is"):
        calibrate({"mine": [each for each in SEEN if each.answerable]})
    with pytest.raises(UsageError, match="No sentence that was found answers"):
        calibrate({"mine": [replace(each, answers=[False, False]) for each in SEEN]})


def test_figures_that_a_set_cannot_tell_are_absent() -> None:
    fitted = calibrate(SETS)
    assert set(figures(SEEN[20:], fitted)) == {"questions", "refused_of_unanswerable"}


def test_trade_off_is_the_roc_curve_of_refusing() -> None:
    fitted = calibrate(SETS)
    confidences, answerable = answerabilities(SEEN, fitted).tolist(), [each.answerable for each in SEEN]
    refusable, doubts = [not each for each in answerable], [-each for each in confidences]
    wrongly, rightly, _ = roc_curve(refusable, doubts, drop_intermediate=False)
    points = refusal_trade_off(confidences, answerable)
    assert [point[0] for point in points] == pytest.approx(wrongly.tolist())
    assert [point[1] for point in points] == pytest.approx(rightly.tolist())
    assert refusal_trade_off([0.1], [True]) == []


def test_equal_confidences_are_refused_together() -> None:
    assert refusal_trade_off([0.5, 0.5, 0.5], [True, False, True]) == [(0.0, 0.0), (1.0, 1.0)]


def test_curve_is_one_page_with_the_charts_of_each_set() -> None:
    sets = {"mine": SEEN, "<refused>": SEEN[20:], "none": []}
    fitted = calibrate(SETS)
    page = calibration_page(sets, fitted)
    assert page.count("<section") == 2
    assert page.count("Risk over coverage") >= 2
    assert page.count("What refusing costs") == 1
    assert "&lt;refused&gt;" in page
    assert f"threshold of {fitted.threshold:g}" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_public_set_without_unanswerable_questions_is_asked_twice() -> None:
    articles = (
        PublicArticle("Rink", ("The rink seats 2,150 people. It is new.",)),
        PublicArticle("Hill", ("The hill is ninety metres high.",)),
    )
    question = PublicQuestion("a", "How many people does the rink seat?", ((0, 1),), ("2,150",))
    seen = observe_public(PublicSet(articles, (question,)), FakeEmbedder())
    assert [each.answerable for each in seen] == [True, False]
    assert any(seen[0].answers)
    assert not any(seen[1].answers)
    refused = PublicQuestion("b", "Who climbed the hill?", ())
    assert len(observe_public(PublicSet(articles, (question, refused)), FakeEmbedder())) == 2


def test_cases_of_the_development_half_are_observed(tmp_path: Path) -> None:
    (tmp_path / "rink.md").write_text("# Rink\n\nThe rink seats 2,150 people. It is new.\n", "utf-8")
    ids = [f"c{number}" for number in range(20)]
    cases = [
        Case(
            each,
            "How many people does the rink seat?",
            True,
            (),
            (("2,150",),),
            (GoldParagraph("rink", 2, facts=(0,)),),
        )
        for each in ids
    ]
    seen = observe_cases(cases, tmp_path / "rink.md", FakeEmbedder())
    assert len(seen) == sum(split(each) == "dev" for each in ids)
    assert all(each.answerable for each in seen)
