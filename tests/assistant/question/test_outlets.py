"""Questions that ask what one outlet reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.outlets import outlets_asked, without_attribution

OUTLETS = ("BBC News", "Coast Chronicle", "Daily Post", "Evening Post", "The Guardian", "The Example Gazette")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many were hurt, according to the Guardian?", ("The Guardian",)),
        ("What did BBC News report about the strike?", ("BBC News",)),
        ("What did the Gazette report about the strike?", ("The Example Gazette",)),
        ("How long was it according to BBC News, and how long according to the Gazette?",
         ("BBC News", "The Example Gazette")),
        ("What did the Coast Chronicle and the Daily Post report?", ("Coast Chronicle", "Daily Post")),
        ("According to the Daily Post, BBC News and the Gazette, how long was it?",
         ("BBC News", "Daily Post", "The Example Gazette")),
        ("What is the Coast Chronicle's latest figure?", ("Coast Chronicle",)),
        ("What was reported by the Daily Post?", ("Daily Post",)),
        ("Does the Guardian also mention the date?", ("The Guardian",)),
    ],
)  # fmt: skip
def test_outlet_is_asked(question: str, asked: tuple[str, ...]) -> None:
    assert outlets_asked(question, OUTLETS) == asked


@pytest.mark.parametrize(
    "question",
    [
        "When did BBC News dismiss its director?",
        "Who is the editor of the Guardian?",
        "What did the Post say?",
        "Did the guardian say that the children were safe?",
        "How many people work at the Coast Chronicle?",
        "What did the minister say?",
    ],
)
def test_no_outlet_is_asked(question: str) -> None:
    assert outlets_asked(question, OUTLETS) == ()


def test_attribution_is_taken_out_of_the_words_that_are_searched_for() -> None:
    asked = ("BBC News", "The Example Gazette")
    question = "How long was it according to BBC News, and how long according to the Gazette?"
    assert without_attribution(question, asked) == "How long was it, and how long?"
    assert without_attribution("According to the Gazette, how long was it?", asked) == "how long was it?"
    assert without_attribution("How long was it, according to the Chronicle?", asked).endswith("the Chronicle?")
    assert without_attribution("According to the Gazette and BBC News, how long was it?", asked) == "how long was it?"


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_and_any_outlets_will_do(question: str, outlets: list[str]) -> None:
    assert set(outlets_asked(question, outlets)) <= set(outlets)
    assert len(without_attribution(question, outlets)) <= len(question)
    assert without_attribution("According to the , how long?", ["", "The ", " "]) == "According to the , how long?"
