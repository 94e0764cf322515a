"""Names: found in a text, and in its sources under any of their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.names import is_name, missing_names, name_key, names_in

TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from("The United States White House U.S. Bell’s Bergen . “ In May ' Danish İ".split())).map(
        " ".join
    ),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The conductor met Ann Bell in Bergen.", ["Ann", "Bell", "Bergen"]),
        ("The lake froze. Residents skated.", []),
        ("Two ferries sank. Mersk flooded.", ["Mersk"]),
        ("However, Lindow won.", ["Lindow"]),
        ("In Bergen, Bell met Bell’s aunt in Bergen.", ["Bergen", "Bell", "Bell’s"]),
        ("BANANA The lake froze.", ["BANANA"]),
        ("", []),
    ],
)
def test_names_are_words_with_a_capital_that_no_sentence_opens_with(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "words", [("Denmark", "Danish", "Copenhagen"), ("U.S.", "American", "Washington"), ("Bell", "Bell's", "“Bell,”")]
)
def test_names_for_one_thing_have_one_key(words: tuple[str, ...]) -> None:
    assert len({name_key(word) for word in words}) == 1
    assert name_key(words[0])


def test_nothing_has_no_key() -> None:
    assert [name_key(word) for word in ("", "the", "“”", "'s")] == [""] * 4


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Divers of Norway found it.", "Norwegian divers found it."),
        ("A note came from the White House.", "A note came from Washington."),
        ("The team of the United States won.", "The American team won."),
        ("It is the boat of Bell.", "It is Bell’s boat."),
    ],
)
def test_name_is_found_under_its_other_names(claim: str, source: str) -> None:
    assert names_in(claim)
    assert missing_names(claim, [source]) == []


def test_name_that_no_source_has_is_missing() -> None:
    assert missing_names("The choir of Bergen met Ann Bell.", ["The choir met Bell.", "Ann sang."]) == ["Bergen"]
    assert missing_names("The choir of Bergen sang.", []) == ["Bergen"]


@pytest.mark.parametrize(
    ("word", "expected"), [("Bergen", True), ("bergen", False), ("Monday", False), ("Sept", False), ("After", False)]
)
def test_days_months_and_opening_words_are_no_names(word: str, expected: bool) -> None:
    assert is_name(word) is expected


@given(TEXTS, TEXTS)
def test_any_text_has_its_own_names(first: str, second: str) -> None:
    assert missing_names(first, [second, first]) == []
    assert set(missing_names(first, [second])) <= set(names_in(first))
    assert isinstance(name_key(first), str)
