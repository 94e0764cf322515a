"""What a small model's reading makes of paragraphs: their order, which are quoted, and what tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evidence.ranking import Candidate
from assistant.question.question import Question
from assistant.writing.prompting import Shown
from assistant.writing.small_model import (
    ALSO_ANSWERS_FROM,
    Read,
    answering_readings,
    best_first,
    paragraphs_of,
    reading_features,
)
from tests.assistant.reports import candidates_of
from tests.fakes import FakeEmbedder

REPORT = (
    "Daily Leaf", "2021-06-01", "Pears for Lindow",
    "The growers met on Sunday. They planted 80 pear trees.\nNobody counted the plums. The mayor spoke.",
)  # fmt: skip


@pytest.fixture
def candidates() -> list[Candidate]:
    """The four sentences of two paragraphs, in their order and as likely as each other."""
    question = Question.read("How many pear trees were planted?", FakeEmbedder(), lambda _: 1.0)
    ranked = candidates_of(question, [REPORT], FakeEmbedder())
    return [replace(candidate, share=0.25) for candidate in sorted(ranked, key=lambda candidate: candidate.place)]


def read_of(candidate: Candidate, answers: float) -> Read:
    return Read(Shown(candidate.hit, candidate.paragraph), answers)


def test_each_paragraph_is_read_once_in_the_order_of_its_best_sentence(candidates: list[Candidate]) -> None:
    assert [entry.paragraph.number for entry in paragraphs_of(candidates[::-1], 4)] == [2, 1]
    assert [entry.paragraph.number for entry in paragraphs_of(candidates, 1)] == [1]


def test_surer_yes_comes_first_and_the_ranking_decides_between_equals(candidates: list[Candidate]) -> None:
    unsure, sure = read_of(candidates[0], 0.5), read_of(candidates[2], 0.6)
    assert best_first([unsure, sure], candidates) == [sure, unsure]
    even = [read_of(candidates[0], 0.5), read_of(candidates[2], 0.5)]
    likelier = [*candidates[:2], *(replace(candidate, share=0.5) for candidate in candidates[2:])]
    assert best_first(even, likelier) == even[::-1]


def test_second_paragraph_is_quoted_only_with_a_sure_yes(candidates: list[Candidate]) -> None:
    best, sure = read_of(candidates[0], 0.9), read_of(candidates[2], ALSO_ANSWERS_FROM)
    assert answering_readings([best, sure]) == [best, sure]
    assert answering_readings([best, replace(sure, answers=ALSO_ANSWERS_FROM - 0.01)]) == [best]


def test_features_are_log_odds_but_for_the_gate(candidates: list[Candidate]) -> None:
    readings = [read_of(candidates[0], 0.5), read_of(candidates[2], 0.9)]
    assert reading_features(0.5, readings, 0.7) == pytest.approx(
        {"before": 0, "yes": 2.197, "borne_out": 0.7}, abs=0.001
    )
