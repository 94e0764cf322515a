"""What is denied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.negation import denies

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


@given(TEXTS)
def test_any_text_denies_or_not(text: str) -> None:
    assert denies(text) in (True, False)
