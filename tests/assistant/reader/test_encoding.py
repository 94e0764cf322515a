"""A query beside a passage, as tokens: in which order, which is which, and how much of each is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.reader.encoding import (
    CLS,
    LONGEST_HEADER,
    LONGEST_PASSAGE,
    LONGEST_QUERY,
    SEP,
    Tokens,
    pair,
    tokens_of,
)
from assistant.reader.header import header_of

IDS = st.lists(st.integers(1_000, 30_000), max_size=400)


def test_query_header_and_passage_stand_behind_each_other() -> None:
    joined = pair([7, 8], [9], [10, 11, 12])
    assert joined.ids == (CLS, 7, 8, SEP, 9, SEP, 10, 11, 12, SEP)
    assert joined.types == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1)
    assert [joined.ids[place] for place in joined.query] == [7, 8]
    assert [joined.ids[place] for place in joined.passage] == [10, 11, 12]


def test_without_a_header_nothing_stands_for_it() -> None:
    assert pair([7], [], [10]).ids == (CLS, 7, SEP, 10, SEP)


@given(query=IDS, header=IDS, passage=IDS)
def test_each_is_cut_to_its_longest(query: list[int], header: list[int], passage: list[int]) -> None:
    joined = pair(query, header, passage)
    assert len(joined.ids) == len(joined.types) <= LONGEST_QUERY + LONGEST_HEADER + LONGEST_PASSAGE + 4
    assert [joined.ids[place] for place in joined.query] == query[:LONGEST_QUERY]
    assert [joined.ids[place] for place in joined.passage] == passage[:LONGEST_PASSAGE]
    assert joined.ids[-1] == SEP


@given(st.text(max_size=80))
def test_every_token_stands_where_its_span_says(text: str) -> None:
    tokens = tokens_of(text)
    assert len(tokens.ids) == len(tokens.spans)
    assert CLS not in tokens.ids
    assert SEP not in tokens.ids
    assert all(0 <= start <= end <= len(text) for start, end in tokens.spans)
    assert list(tokens.spans) == sorted(tokens.spans)


def test_tokens_within_a_span_are_those_that_share_a_character_with_it() -> None:
    text = "The ferry left Olden."
    tokens = tokens_of(text)
    start = text.index("ferry")
    inside = tokens.within(start, start + len("ferry left"))
    assert text[tokens.spans[inside[0]][0] : tokens.spans[inside[-1]][1]] == "ferry left"
    assert not tokens.within(len(text), len(text) + 5)


def test_tokens_are_cut_with_their_spans() -> None:
    tokens = Tokens((1, 2, 3), ((0, 1), (1, 2), (2, 3)))
    assert tokens.cut(2) == Tokens((1, 2), ((0, 1), (1, 2)))
    assert tokens.cut(3) is tokens


def test_header_names_title_day_and_what_leads_to_the_passage() -> None:
    assert header_of("Rink opens", "2021-06-01") == "Rink opens | Tuesday 1 June 2021"
    assert header_of("", None, "Who built it?") == "Who built it?"
    assert header_of("", "") == ""
