"""Roles: a name in the place of another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.roles import someone_else

TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from("Rovers United Bell Hart beat praised was by the . , said Monday singing".split())).map(
        " ".join
    ),
)


RUBIO = (
    "Putin was in Moscow on Monday. In Jeddah, Rubio had persuaded senior Ukrainian officials to accept a truce. "
    "He called the paper a careful first step. In the harbour hall, Ann Bell thanked Tom Hart "
    "for the old boats and long nights."
)


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("In Jeddah, Putin had persuaded senior Ukrainian officials to accept a truce.", ["Putin"]),
        ("Putin had persuaded senior Ukrainian officials.", ["Putin"]),
        ("In Jeddah, Rubio had persuaded senior Ukrainian officials to accept a truce.", []),
        ("Secretary Rubio had persuaded senior Ukrainian officials to accept a truce.", []),
        ("Rubio called the paper a careful first step.", []),  # a pronoun may mean the one named before
        ("Tom Hart called the paper a careful first step.", ["Tom Hart"]),
        ("In the harbour hall, Tom Hart thanked Ann Bell for the old boats and long nights.", ["Tom Hart", "Ann Bell"]),
        ("In the harbour hall, Ann Bell thanked Tom Hart for the old boats.", []),
        ("Senior officials were persuaded by somebody, and Putin was in Moscow.", []),
    ],
)
def test_a_name_in_the_place_of_another_is_found(claim: str, names: list[str]) -> None:
    assert someone_else(claim, RUBIO) == names


@given(TEXTS, TEXTS)
def test_any_text_has_roles_and_agrees_with_itself(first: str, second: str) -> None:
    assert someone_else(first, first) == []
    assert all(name.split()[0] in first for name in someone_else(first, second))
