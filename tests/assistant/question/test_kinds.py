from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.kinds import (
    AnswerKind,
    content_terms,
    expected_kind,
    names,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who spoke to reporters?", AnswerKind.PERSON),
        ("Which company built it?", AnswerKind.PERSON),
        ("When did the call begin?", AnswerKind.TIME),
        ("On which day will it end?", AnswerKind.TIME),
        ("How long did the call last?", AnswerKind.DURATION),
        ("For how many days were attacks to stop?", AnswerKind.DURATION),
        ("How many prisoners were swapped?", AnswerKind.NUMBER),
        ("What percentage of voters agreed?", AnswerKind.NUMBER),
        ("Where were the talks held?", AnswerKind.PLACE),
        ("In which city did they meet?", AnswerKind.PLACE),
        ("Why did he refuse?", AnswerKind.REASON),
        ("What did Grushko tell Izvestia?", AnswerKind.SAYING),
        ("Is the deal done?", AnswerKind.OTHER),
    ],
)
def test_question_shows_what_kind_of_answer_it_wants(question: str, kind: AnswerKind) -> None:
    assert expected_kind(question) is kind


def test_first_word_of_a_question_is_no_name() -> None:
    assert names("Which envoy met Putin in Moscow on March 19?") == ["Putin", "Moscow", "March", "19"]


@given(st.text())
def test_any_text_can_be_asked(question: str) -> None:
    assert expected_kind(question) in AnswerKind
    assert len(content_terms(question)) == len(set(content_terms(question)))
