from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.talking import reply_to
from assistant.types import Turn
from index.types import Coverage

COVERAGE = Coverage(12, ("Sample Wire", "The Demo Gazette"), "2025-03-01", "2025-03-18", ("A call",))
HELD = "The collection holds 12 articles from Sample Wire, The Demo Gazette, dated 1 March 2025 to 18 March 2025."


@pytest.mark.parametrize(
    ("turn", "begins"),
    [
        ("hello", "Hello."),
        ("Hey, how are you?", "Hello."),
        ("thanks!", "You are welcome."),
        ("that was helpful", "You are welcome."),
        ("goodbye", "Goodbye."),
        ("who are you?", "I am Pullquote"),
        ("are you a robot?", "I am Pullquote"),
        ("What can you do?", "I answer from the articles"),
        ("help", "I answer from the articles"),
        ("What kind of questions can I ask you?", "I answer from the articles"),
        ("you are wrong", "I may have picked the wrong sentences"),
        ("xyzzy", "I answer from the articles"),
    ],
)
def test_reply_fits_what_is_said(turn: str, begins: str) -> None:
    assert reply_to(turn, COVERAGE).startswith(begins)


@pytest.mark.parametrize("turn", ["hello", "who are you?", "what can you do?"])
def test_reply_tells_what_the_collection_holds(turn: str) -> None:
    assert HELD in reply_to(turn, COVERAGE)
    assert "no articles yet" in reply_to(turn, Coverage(0))


def test_nod_in_a_conversation_is_answered_with_what_can_follow() -> None:
    assert "as a table" in reply_to("ok", COVERAGE, [Turn("Who leads it?", "Ann Bell.")])


def test_outlets_of_the_collection_are_the_example() -> None:
    assert "“How do Sample Wire and The Demo Gazette differ on …?”" in reply_to("what can you do?", COVERAGE)


@given(st.text())
def test_any_turn_gets_a_reply(turn: str) -> None:
    assert reply_to(turn, COVERAGE)
