from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.kinds import (
    Kind,
    content_terms,
    expected_kind,
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


def test_first_word_of_a_question_is_no_name() -> None:
    assert names("Which envoy met Putin in Moscow on March 19?") == ["Putin", "Moscow", "March", "19"]


@given(st.text())
def test_any_text_can_be_asked(question: str) -> None:
    assert expected_kind(question) in Kind
    assert len(content_terms(question)) == len(set(content_terms(question)))
