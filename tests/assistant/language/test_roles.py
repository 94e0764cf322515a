"""Roles: who did what to whom, told from names around verbs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.roles import other_doer, someone_else, turned_round

TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from("Rovers United Bell Hart beat praised was by the . , said Monday singing".split())).map(
        " ".join
    ),
)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Rovers beat Wanderers.", "Wanderers beat Rovers."),
        ("Ann Bell praised Tom Hart.", "Tom Hart praised Ann Bell."),
        ("Rovers were beaten by Wanderers.", "On Sunday, Rovers beat Wanderers."),
        ("Danish sailors rescued Norwegian divers.", "Divers from Norway rescued sailors from Denmark."),
    ],
)
def test_exchanged_names_are_turned_round(claim: str, source: str) -> None:
    assert turned_round(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Rovers beat Wanderers.", "Rovers beat Wanderers 3-1."),
        ("Rovers were beaten by Wanderers.", "Wanderers beat Rovers."),
        ("Rovers beat Wanderers.", "Wanderers met Rovers."),
        ("Rovers beat Wanderers.", "Wanderers beat Rovers in May. Rovers beat Wanderers in June."),
        ("Bell wrote about Hart.", "Hart wrote about Bell."),  # who tells may stand on either side
    ],
)
def test_same_roles_are_not(claim: str, source: str) -> None:
    assert turned_round(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "found"),
    [
        ("Hart resigned.", "Bell resigned, and Hart stayed.", ("hart", "resign")),
        ("Lindow froze.", "Mersk froze while Lindow thawed.", ("lindow", "freez")),
    ],
)
def test_deed_of_another_name_in_the_source_is_found(claim: str, source: str, found: tuple[str, str]) -> None:
    assert other_doer(claim, source) == [found]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Hart resigned.", "Hart resigned, and Bell stayed."),
        ("Hart resigned.", "Bell resigned."),  # a name that is missing is another check's business
        ("Hart resigned.", "Bell resigned. So did others, and Hart resigned too."),
        ("The motion by Hart was carried by Bell.", "Bell carried it, Hart stayed."),
        ("They resigned.", "Bell resigned, and Hart stayed."),
    ],
)
def test_own_deed_unknown_name_and_passive_are_left(claim: str, source: str) -> None:
    assert other_doer(claim, source) == []


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
    assert turned_round(first, first) == []
    assert other_doer(first, first) == []
    assert someone_else(first, first) == []
    assert all(name.split()[0] in first for name in someone_else(first, second))
    assert all(one != two and verb for one, verb, two in turned_round(first, second))
    assert all(name and verb for name, verb in other_doer(first, second))
