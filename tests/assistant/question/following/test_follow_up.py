from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.following.follow_up import read_history, standalone_question
from assistant.types import Turn
from index.errors import UsageError


def test_question_that_stands_alone_is_left_alone() -> None:
    history = [Turn("How many prisoners will be exchanged?")]
    question = "What did Grushko tell Izvestia about NATO membership?"
    assert standalone_question(question, history) == question


def test_question_without_history_is_left_alone() -> None:
    assert standalone_question("And when?", []) == "And when?"


@pytest.mark.parametrize(
    "question", ["And how many were wounded?", "Why?", "Where will it take place?", "What about Poland?"]
)
def test_follow_up_carries_the_topic_of_the_last_question(question: str) -> None:
    carried = standalone_question(question, [Turn("When will Russia and Ukraine exchange prisoners?")])
    assert carried.startswith(question)
    assert "Ukraine" in carried
    assert "prisoners" in carried


def test_follow_up_to_a_follow_up_reaches_the_first_question() -> None:
    history = [Turn("When will Russia and Ukraine exchange prisoners?"), Turn("And how many?")]
    assert "prisoners" in standalone_question("And where?", history)


def test_earlier_topics_do_not_leak_past_a_question_that_stood_alone() -> None:
    history = [
        Turn("When does the ice rink in Demo Falls open?"),
        Turn("When will Russia and Ukraine exchange prisoners?"),
    ]
    carried = standalone_question("And how many?", history)
    assert "prisoners" in carried
    assert "rink" not in carried


def test_pronoun_that_the_question_itself_explains_needs_no_topic() -> None:
    question = "Did Putin say that he would stop the attacks on power plants?"
    assert standalone_question(question, [Turn("Who runs the ice rink?")]) == question


def test_history_is_read_in_three_shapes() -> None:
    assert read_history(["One?"]) == [Turn("One?")]
    assert read_history([{"question": "One?", "answer": "Yes."}]) == [Turn("One?", "Yes.")]
    messages = [
        {"role": "system", "content": "x"},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "Yes."},
    ]
    assert read_history(messages) == [Turn("One?", "Yes.")]


@pytest.mark.parametrize("item", [3, None, {"text": "x"}, {"role": "user"}])
def test_other_history_is_refused_with_the_shape_to_use(item: object) -> None:
    with pytest.raises(UsageError, match="question"):
        read_history([item])


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_conversation_keeps_the_question_in_front(question: str, earlier: list[str]) -> None:
    assert standalone_question(question, [Turn(text) for text in earlier]).startswith(question)
