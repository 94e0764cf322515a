"""What a sentence holds of the kind of answer that a question wants."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.question.expected import answer_values
from assistant.question.kinds import AnswerKind
from tests.assistant.reading import read


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


def test_time_may_be_an_early_year_or_a_day_seen_from_today() -> None:
    question = read("When was the bridge built?")
    assert answer_values(question, "The bridge was built in 1356.") == {"number 1356"}
    assert answer_values(question, "It was built yesterday.") == {"yesterday"}
    assert answer_values(question, "It was built by 1356 masons, 30 metres high.") == {"number 1356"}
    assert answer_values(question, "It is 30 metres high.") == frozenset()


def test_names_are_answers_without_what_the_question_has() -> None:
    assert answer_values(read("Who was the envoy?"), "The envoy was Steve Witkoff.") == {"steve", "witkoff"}
    assert answer_values(read("Who was the envoy of Skar?"), "The envoy of Skar was tired.") == frozenset()
    assert answer_values(read("Is it so?"), "Steve Witkoff met 40 people.") == frozenset()


@given(st.text(), st.text())
def test_any_text_can_be_searched_for_any_kind(sentence: str, question: str) -> None:
    asked = read(question)
    for kind in AnswerKind:
        assert isinstance(answer_values(replace(asked, kind=kind), sentence), frozenset)
