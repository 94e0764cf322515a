"""What a sentence holds of the kind of answer that a question wants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.expected import answer_values, counted_nearby, holds_kind
from assistant.question.kinds import AnswerKind
from tests.assistant.reading import read


@pytest.mark.parametrize(
    ("kind", "sentence", "question", "holds"),
    [
        (AnswerKind.NUMBER, "They swapped 175 prisoners.", "How many prisoners?", True),
        (AnswerKind.NUMBER, "They swapped eleven prisoners.", "How many prisoners?", True),
        (AnswerKind.NUMBER, "They swapped prisoners.", "How many prisoners?", False),
        (AnswerKind.NUMBER, "The 2022 cup was won.", "How many won the 2022 cup?", False),
        (AnswerKind.DURATION, "It lasted 90\u00a0minutes.", "How long did it last?", True),
        (AnswerKind.DURATION, "A 30-day halt was agreed.", "How long is the halt?", True),
        (AnswerKind.DURATION, "It lasted.", "How long did it last?", False),
        (AnswerKind.TIME, "It begins on March 19.", "When does it begin?", True),
        (AnswerKind.TIME, "It begins at 10 a.m.", "When does it begin?", True),
        (AnswerKind.TIME, "It begins soon.", "When does it begin?", False),
        (AnswerKind.PERSON, "The envoy was Steve Witkoff.", "Who was the envoy?", True),
        (AnswerKind.PERSON, "The envoy was tired.", "Who was the envoy?", False),
        (AnswerKind.REASON, "It stopped because of the cold.", "Why did it stop?", True),
        (AnswerKind.SAYING, "“We will see,” he said.", "What did he say?", True),
        (AnswerKind.OTHER, "Anything.", "Is it so?", None),
    ],
)
def test_sentence_holds_the_kind_of_answer_or_not(
    kind: AnswerKind, sentence: str, question: str, holds: bool | None
) -> None:
    assert holds_kind(replace(read(question), kind=kind), sentence) is holds


def test_values_are_the_same_however_they_are_written() -> None:
    question = read("How many soldiers came?")
    assert answer_values(question, "Twenty soldiers came.") == {"number 20"}
    assert answer_values(question, "20 soldiers came.") == {"number 20"}
    assert answer_values(question, "2,500 soldiers came.") == {"number 2500"}


def test_number_that_a_sentence_sets_aside_is_not_its_answer() -> None:
    question = read("How many soldiers came?")
    assert answer_values(question, "It was 175, not 150.") == {"number 175"}
    assert answer_values(question, "An earlier report gave 150; it is 175.") == {"number 175"}
    assert answer_values(question, "They came from 12 countries.") == {"number 12"}


def test_days_of_one_month_are_different_answers() -> None:
    question = read("When did the ship leave Sampleport in June?")
    third, fifth = (answer_values(question, f"It left on {day} June.") for day in (3, 5))
    assert third != fifth
    assert third == answer_values(question, "On June 3 it left.")
    assert answer_values(question, "It left in June, at midnight or tomorrow.") == {
        "time of day 0",
        "tomorrow",
    }


def test_counted_thing_must_stand_by_a_number() -> None:
    question = read("How many prisoners were swapped?")
    assert counted_nearby(question, "Each side freed 175 prisoners.") is True
    assert counted_nearby(question, "On March 19 both sides met again to speak of the fate of the prisoners.") is False
    assert counted_nearby(read("Who was swapped?"), "Anything.") is None


def test_time_may_be_an_early_year_or_a_day_seen_from_today() -> None:
    question = read("When was the bridge built?")
    assert answer_values(question, "The bridge was built in 1356.") == {"number 1356"}
    assert holds_kind(question, "It was built yesterday.") is True
    assert holds_kind(question, "It was built by 1356 masons, 30 metres high.") is True
    assert holds_kind(question, "It is 30 metres high.") is False


@given(st.text(), st.text())
def test_any_text_can_be_searched_for_any_kind(sentence: str, question: str) -> None:
    asked = read(question)
    for kind in AnswerKind:
        assert holds_kind(replace(asked, kind=kind), sentence) in (True, False, None)
        assert isinstance(answer_values(replace(asked, kind=kind), sentence), frozenset)
    counted_nearby(asked, sentence)
