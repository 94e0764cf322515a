"""A question is read once: what it asks of time, figures and outlets stands in it, for everyone who answers."""

from __future__ import annotations

import pytest

from assistant.question.question import Question
from assistant.question.wishes import Wish
from tests.assistant.reading import read
from tests.fakes import FakeEmbedder


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("Did the toll rise to 12?", {Wish.YES_OR_NO, Wish.FIGURE}),
        ("Do the outlets agree on the length?", {Wish.YES_OR_NO, Wish.DIFFERENCES, Wish.PRESENT}),
        ("How much did it cost?", {Wish.MONEY}),
        ("What is the latest count?", {Wish.NEWEST, Wish.FIGURE, Wish.PRESENT}),
        ("What was first reported?", {Wish.EARLIER}),
        ("Who came on the first day?", {Wish.OTHER_TIME}),
        ("Who wrote the song?", set()),
    ],
)
def test_question_says_what_it_wants(text: str, wishes: set[Wish]) -> None:
    assert read(text).wishes == wishes


def test_question_gives_values_and_names_times() -> None:
    question = read("Did 2000 soldiers desert in May 2021?")
    assert [value.amount for value in question.values] == [2000, 5]
    assert [value.amount for value in question.times] == [5]
    assert question.names_time
    assert read("Who came on Friday?").names_time
    assert not read("Who came?").names_time


def test_question_counts_what_follows_how_many() -> None:
    assert read("How many pear trees were planted?").counted == "pear trees were planted"
    assert read("Who planted them?").counted == ""


def test_question_asks_outlets_and_is_read_without_naming_them() -> None:
    def asked(only: tuple[str, ...] = ()) -> Question:
        text = "According to the Gazette, how long was it?"
        return Question.read(text, FakeEmbedder(), lambda _: 1.0, outlets=["The Gazette", "BBC News"], only=only)

    assert (asked().outlets, asked().text) == (("The Gazette",), "how long was it?")
    assert asked().standalone == "According to the Gazette, how long was it?"
    assert (asked(("BBC News",)).outlets, asked(("BBC News",)).text) == ((), asked().standalone)
