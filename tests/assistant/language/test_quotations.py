"""Quotations: found word for word, or not; and by whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.quotations import Found, locate, outside_quotations, quotations_in, speakers

ARTICLE = (
    "“Mines are the slow part,” the pilot said. “You can stop shooting in an hour. "
    "You cannot sweep a lane in an hour.”\n"
    'The mayor, Ann Lee, called the plan ‘a start’. She added: "We will see how it goes — slowly."'
)


@pytest.mark.parametrize(
    "words",
    [
        "Mines are the slow part",
        "mines are the slow part,",
        "You can stop shooting in an hour. You cannot sweep a lane in an hour.",
        "You can stop shooting … You cannot sweep a lane",
        "You can stop [firing] in an hour",
        "We will see how it goes - slowly",
        "a start",
        "We  will\u00a0see",
    ],
)
def test_verbatim_quotation_is_found_with_its_place(words: str) -> None:
    place = locate(words, ARTICLE)
    assert place.found is Found.VERBATIM
    first, last = place.spans[0], place.spans[-1]
    assert 0 <= first[0] < last[1] <= len(ARTICLE)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Mines are the slower part", Found.ALTERED),
        ("Mines are slow part", Found.ALTERED),
        ("Mines are the slow part You cannot sweep a lane in an hour", Found.STITCHED),
        ("You cannot sweep … You can stop shooting", Found.STITCHED),
        ("We will see how it ends", Found.ALTERED),
        ("ines are the slow", Found.ALTERED),
    ],
)
def test_other_quotation_is_not(words: str, found: Found) -> None:
    assert locate(words, ARTICLE).found is found


def test_quotations_are_read_in_all_their_marks() -> None:
    text = "He said “one thing”, she \"another\", they «a third»; it's the mayor's ‘fourth thing here’ and a 'fifth'."
    assert [quotation.words for quotation in quotations_in(text)] == [
        "one thing",
        "another",
        "a third",
        "fourth thing here",
    ]
    assert all(text[quotation.start : quotation.end] == quotation.words for quotation in quotations_in(text))


def test_open_quotation_mark_is_no_quotation() -> None:
    assert quotations_in("He was 5'11\" tall and said nothing.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"No," said Ann Lee.', {"ann", "lee"}),
        ('Ann Lee told reporters: "No."', {"ann", "lee"}),
        ('"No," the pilot said.', {"pilot"}),
        ('According to the Kremlin, "no".', {"kremlin"}),
        ('"No", he said.', set()),
    ],
)
def test_speaker_is_who_the_text_names(text: str, expected: set[str]) -> None:
    assert expected <= speakers(text)
    assert bool(speakers(text)) == bool(expected)


@given(st.text(), st.text())
def test_never_fails_and_offsets_lie_in_the_article(words: str, article: str) -> None:
    for start, end in locate(words, article).spans:
        assert 0 <= start < end <= len(article)
    assert len(outside_quotations(words)) == len(words)


@given(st.text(alphabet="abc d.", min_size=3), st.data())
def test_every_run_of_whole_words_is_verbatim(article: str, data: st.DataObject) -> None:
    words = article.split()
    if words:
        first = data.draw(st.integers(0, len(words) - 1))
        last = data.draw(st.integers(first, len(words) - 1))
        quote = " ".join(words[first : last + 1])
        assert locate(quote, " ".join(words)).found is Found.VERBATIM
