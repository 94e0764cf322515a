"""Polarity: what is denied, and which words turn a sentence round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.negation import contradicting_polarity, denies, opposites, polarity

TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from("The choir did not refuse to sing . no , never open closed pool don’t nor".split())).map(
        " ".join
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "The council did not fund the library.",
        "The council refused to fund the library.",
        "The pianist never played an encore.",
        "Nobody saw the comet.",
        "The bakery doesn’t sell rye bread.",
        "The band stopped playing.",
        "The claim that bees sleep in winter is false.",
    ],
)
def test_denial_is_seen_in_its_many_words(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize(
    "text",
    [
        "The council funded the library.",
        "The council did not refuse to fund the library.",
        "Not only bakers eat bread.",
        "The tower is no less than 90 metres high.",
        "The lake will freeze as long as the frost lasts.",
        "",
    ],
)
def test_two_denials_and_phrases_that_deny_nothing_affirm(text: str) -> None:
    assert not denies(text)


def test_negation_reaches_the_words_behind_it_until_the_clause_ends() -> None:
    found = polarity("The baker did not sell bread, but sold cakes.")
    assert found["bread"] == {True}
    assert found["cake"] == {False}
    assert found["baker"] == {False}


def test_word_may_stand_negated_and_affirmed() -> None:
    assert polarity("Bees sting. Drones never sting.")["sting"] == {True, False}


def test_shared_word_that_one_text_negates_contradicts() -> None:
    assert "buy" in contradicting_polarity("The museum bought it.", "The museum did not buy it.")
    assert contradicting_polarity("The museum bought it.", "The museum bought it.") == []
    assert contradicting_polarity("The museum bought it.", "The tower did not fall.") == []


@pytest.mark.parametrize(
    ("claim", "source", "found"),
    [
        ("Ticket prices rose.", "Ticket prices fell in June.", ("rise", "fall")),
        ("The pool opened early.", "The pool closed early.", ("open", "close")),
        ("The choir lost.", "The choir won the final.", ("lose", "win")),
    ],
)
def test_opposite_of_the_sources_word_is_found(claim: str, source: str, found: tuple[str, str]) -> None:
    assert found in opposites(claim, source)
    assert found[::-1] in opposites(source, claim)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Ticket prices did not rise.", "Ticket prices fell."),
        ("Ticket prices rose.", "Ticket prices fell, then rose."),
        ("The pool opened.", "The pool opened."),
    ],
)
def test_opposite_word_that_agrees_is_left(claim: str, source: str) -> None:
    assert opposites(claim, source) == []


@given(TEXTS, TEXTS)
def test_any_text_has_a_polarity_and_agrees_with_itself(first: str, second: str) -> None:
    assert isinstance(denies(first), bool)
    assert all(polarity(first).values())
    assert contradicting_polarity(first, first) == []
    assert opposites(first, first) == []
    assert set(contradicting_polarity(first, second)) == set(contradicting_polarity(second, first))
    assert all(word in polarity(first) and other in polarity(second) for word, other in opposites(first, second))
