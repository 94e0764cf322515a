"""Claims made from the sentences of a passage: what is changed, and that only that is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.fitting.reader.edits import EDITS, claims_about
from eval.fitting.reader.examples import JUDGES, REFUTED, SUPPORTED, UNKNOWN, Example

PASSAGE = (
    "The council of Olden approved 340 houses on Tuesday, Mayor Ann Lee told the Harbour Post in March 2021. "
    "At least 27 people were brought to safety by the firefighters of Skar before the river rose again. "
    "The new bridge has not been opened because Tom Bell of the Valley Times was against it for years."
)


def made(seed: int, passage: str = PASSAGE, most: int = 3) -> list[Example]:
    return list(claims_about(passage, "Olden", "test", "g", random.Random(seed), most))


@pytest.mark.parametrize("seed", range(20))
def test_changed_words_are_where_they_are_said_to_be(seed: int) -> None:
    claims = made(seed)
    assert {each.label for each in claims} >= {SUPPORTED, REFUTED}
    true = [each.query for each in claims if each.label != REFUTED]
    for each in claims:
        assert (each.task, each.header, each.group, each.answer) == (JUDGES, "Olden", "g", None)
        if each.label == SUPPORTED:
            assert each.wrong == ()
        if each.label == REFUTED:
            assert each.wrong is not None
            ((start, end),) = each.wrong
            assert 0 <= start < end <= len(each.query)
            assert each.query not in true
            assert any(each.query.startswith(other[:start]) for other in true), "all before it is as it was"


def test_sentence_of_an_unknown_claim_is_taken_out() -> None:
    unknown = [each for seed in range(40) for each in made(seed) if each.label == UNKNOWN]
    assert unknown
    assert all(each.passage != PASSAGE and len(each.passage) < len(PASSAGE) for each in unknown)


def test_same_chance_makes_the_same_claims() -> None:
    assert made(7) == made(7)
    assert len({tuple(each.query for each in made(seed)) for seed in range(9)}) > 1


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        ("They met on Monday.", "", "They met on "),
        ("The bridge is open.", "", "The bridge is n"),
        ("The bridge is not open.", "", "The bridge is open."),
        ("Prices rose.", "", "Prices fell."),
        ("More than 20 came.", "", "More than "),
        ("It took more than a day.", "", "It took fewer than a day."),
        ("It may have sunk.", "", "It has sunk."),
    ],
)
def test_some_edit_makes(claim: str, passage: str, expected: str) -> None:
    changed = [edit(claim, passage, random.Random(seed)) for edit in EDITS for seed in range(5)]
    assert any(each and each[0].startswith(expected) and each[0] != claim for each in changed)


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 5))
def test_any_text_can_be_edited(claim: str, passage: str, seed: int) -> None:
    for edit in EDITS:
        if changed := edit(claim, passage, random.Random(seed)):
            text, (start, end) = changed
            assert 0 <= start <= end <= len(text)
