"""What a wide question is about, and what a comparison lines up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.sides import SideKind, sides_of
from assistant.question.topic import topic_of


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Summarise the coverage of the harbour strike.", "harbour strike"),
        ("what's the latest on the ferry?", "ferry"),
        ("tell me about coronavirus", "coronavirus"),
        ("Give me a timeline of the fall of the wall", "fall of the wall"),
        ("who is Ann Lee", "Ann Lee"),
        ("Give me an overview of the articles.", ""),
        ("What happened?", ""),
        ("summarise everything please", ""),
        ("what's new in New Hampshire", "New Hampshire"),
        ("where do the three-way talks stand now", "three-way talks"),
        ("", ""),
    ],
)
def test_topic_is_what_is_left_of_a_question_without_what_it_wants(question: str, topic: str) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    ("question", "topic", "outlets", "kind", "named"),
    [
        ("How do they differ on the toll?", "toll", ("Post", "Wire"), SideKind.OUTLETS, ("Post", "Wire")),
        ("Do the papers agree about the toll?", "toll", (), SideKind.OUTLETS, ()),
        ("Compare France and Germany.", "France and Germany", (), SideKind.THINGS, ("France", "Germany")),
        ("compare dorian and humberto", "dorian and humberto", (), SideKind.THINGS, ("dorian", "humberto")),
        (
            "How does March 2025 differ from January 2026?", "", (), SideKind.TIMES, ("March 2025", "January 2026"),
        ),
        ("How has the plan changed?", "plan", (), SideKind.CHANGES, ()),
        ("Compare the plans.", "plans", (), SideKind.UNSAID, ()),
    ],
)  # fmt: skip
def test_sides_are_outlets_times_or_things(
    question: str, topic: str, outlets: tuple[str, ...], kind: SideKind, named: tuple[str, ...]
) -> None:
    sides = sides_of(question, topic, outlets, lambda _: 1.0)
    assert (sides.kind, sides.named) == (kind, named)


def test_thing_that_stands_in_no_article_is_no_side() -> None:
    sides = sides_of("Compare France and Atlantis", "France and Atlantis", (), lambda term: float(term != "atlanti"))
    assert sides.kind is SideKind.UNSAID


@given(st.text(max_size=200))
def test_any_text_has_a_topic_and_sides(text: str) -> None:
    assert isinstance(topic_of(text), str)
    sides_of(text, topic_of(text), (), lambda _: 1.0)
