from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.kinds import (
    Kind,
    answer_values,
    content_terms,
    counted_nearby,
    expected_kind,
    holds_kind,
    names,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who spoke to reporters?", Kind.PERSON),
        ("Which company built it?", Kind.PERSON),
        ("When did the call begin?", Kind.TIME),
        ("On which day will it end?", Kind.TIME),
        ("How long did the call last?", Kind.DURATION),
        ("For how many days were attacks to stop?", Kind.DURATION),
        ("How many prisoners were swapped?", Kind.NUMBER),
        ("What percentage of voters agreed?", Kind.NUMBER),
        ("Where were the talks held?", Kind.PLACE),
        ("In which city did they meet?", Kind.PLACE),
        ("Why did he refuse?", Kind.REASON),
        ("What did Grushko tell Izvestia?", Kind.SAYING),
        ("Is the deal done?", Kind.OTHER),
    ],
)
def test_question_shows_what_kind_of_answer_it_wants(question: str, kind: Kind) -> None:
    assert expected_kind(question) is kind


@pytest.mark.parametrize(
    ("kind", "sentence", "question", "holds"),
    [
        (Kind.NUMBER, "They swapped 175 prisoners.", "How many prisoners?", True),
        (Kind.NUMBER, "They swapped eleven prisoners.", "How many prisoners?", True),
        (Kind.NUMBER, "They swapped prisoners.", "How many prisoners?", False),
        (Kind.NUMBER, "The 2022 cup was won.", "How many won the 2022 cup?", False),
        (Kind.DURATION, "It lasted 90\u00a0minutes.", "How long did it last?", True),
        (Kind.DURATION, "A 30-day halt was agreed.", "How long is the halt?", True),
        (Kind.DURATION, "It lasted.", "How long did it last?", False),
        (Kind.TIME, "It begins on March 19.", "When does it begin?", True),
        (Kind.TIME, "It begins at 10 a.m.", "When does it begin?", True),
        (Kind.TIME, "It begins soon.", "When does it begin?", False),
        (Kind.PERSON, "The envoy was Steve Witkoff.", "Who was the envoy?", True),
        (Kind.PERSON, "The envoy was tired.", "Who was the envoy?", False),
        (Kind.REASON, "It stopped because of the cold.", "Why did it stop?", True),
        (Kind.SAYING, "“We will see,” he said.", "What did he say?", True),
        (Kind.OTHER, "Anything.", "Is it so?", None),
    ],
)
def test_sentence_holds_the_kind_of_answer_or_not(kind: Kind, sentence: str, question: str, holds: bool | None) -> None:
    assert holds_kind(kind, sentence, question) is holds


def test_values_are_the_same_however_they_are_written() -> None:
    question = "How many soldiers came?"
    assert answer_values(Kind.NUMBER, "Twenty soldiers came.", question) == {"20"}
    assert answer_values(Kind.NUMBER, "20 soldiers came.", question) == {"20"}
    assert answer_values(Kind.NUMBER, "2,500 soldiers came.", question) == {"2500"}


def test_number_that_a_sentence_sets_aside_is_not_its_answer() -> None:
    question = "How many soldiers came?"
    assert answer_values(Kind.NUMBER, "It was 175, not 150.", question) == {"175"}
    assert answer_values(Kind.NUMBER, "An earlier report gave 150; it is 175.", question) == {"175"}
    assert answer_values(Kind.NUMBER, "They came from 12 countries.", question) == {"12"}


def test_days_of_one_month_are_different_answers() -> None:
    question = "When did the ship leave Sampleport in June?"
    third, fifth = (answer_values(Kind.TIME, f"It left on {day} June.", question) for day in (3, 5))
    assert third != fifth
    assert third == answer_values(Kind.TIME, "On June 3 it left.", question)
    assert answer_values(Kind.TIME, "It left in June, at midnight or tomorrow.", question) == {
        "time of day 0",
        "tomorrow",
    }


def test_counted_thing_must_stand_by_a_number() -> None:
    question = "How many prisoners were swapped?"
    assert counted_nearby("Each side freed 175 prisoners.", question) is True
    assert counted_nearby("On March 19 both sides met again to speak of the fate of the prisoners.", question) is False
    assert counted_nearby("Anything.", "Who was swapped?") is None


def test_first_word_of_a_question_is_no_name() -> None:
    assert names("Which envoy met Putin in Moscow on March 19?") == ["Putin", "Moscow", "March", "19"]


@given(st.text(), st.text())
def test_any_text_can_be_asked_and_searched_for_any_kind(sentence: str, question: str) -> None:
    assert expected_kind(question) in Kind
    assert len(content_terms(question)) == len(set(content_terms(question)))
    for kind in Kind:
        assert holds_kind(kind, sentence, question) in (True, False, None)
        assert isinstance(answer_values(kind, sentence, question), frozenset)
    counted_nearby(sentence, question)
