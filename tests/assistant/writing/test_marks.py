"""Marks in a streamed text: the same sentences however it is cut, and nothing of a mark that names no source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.writing.marks import MarkedSentence, MarkParser, parse

SOURCES = 4

PIECES = st.one_of(
    st.sampled_from(
        [
            "[1]", "[2]", "[4]", "[9]", "[0]", "[1, 2]", "[1][3]", "[2-4]", "[1", "]", "[", "[12345]", "[^3]",
            "【2†source】", "[sic]", "[redacted]", "[source 2]", "[1;3]", "[ 2 ]", "(1)", ". ", "? ", "! ", ", ", "\n",
            "- ", "1. ", "U.S. ", "Mr. ", "Jan. 5 ", "“", "” ", '"', "**", "...", "…", "[…]", "a.m. ", "Dr. No ",
        ]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6),
    st.sampled_from("Russia stopped the strikes on Kyiv while talks went on".split()).map(lambda word: f"{word} "),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map("".join)


def fed(pieces: list[str]) -> list[MarkedSentence]:
    parser = MarkParser(SOURCES)
    return [sentence for piece in pieces for sentence in parser.feed(piece)] + parser.finish()


@settings(max_examples=10_000)
@given(text=TEXTS, data=st.data())
def test_any_split_gives_the_same_sentences(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert fed(pieces) == parse(text, SOURCES)
    assert fed(list(text)) == parse(text, SOURCES)


@settings(max_examples=2_000)
@given(text=TEXTS)
def test_no_mark_is_left_in_a_text_and_every_source_is_known(text: str) -> None:
    for sentence in parse(text, SOURCES):
        assert not re.search(r"[\[【［]\s*\d{1,3}\s*[\]】］]", sentence.text)
        assert set(sentence.sources) <= set(range(1, SOURCES + 1))
        assert sentence.text == sentence.text.strip()
        assert "\n" not in sentence.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia stopped [1]. Ukraine agreed. [2][3]", [("Russia stopped.", (1,)), ("Ukraine agreed.", (2, 3))]),
        ("[1] Russia stopped it. [2] Ukraine agreed. [3] They met.",
         [("Russia stopped it.", (1,)), ("Ukraine agreed.", (2,)), ("They met.", (3,))]),
        ("They met on Jan. 5 [1]. Mr. Lee left [2].", [("They met on Jan. 5.", (1,)), ("Mr. Lee left.", (2,))]),
        ("He said “go [now]” [1, 2]; she left [4].", [("He said “go [now]”; she left.", (1, 2, 4))]),
        ("- One thing [1].\n- Another [2].", [("One thing.", (1,)), ("Another.", (2,))]),
        ("Both say it [1-3].", [("Both say it.", (1, 2, 3))]),
        ("**Bold** claim【2†source】.", [("Bold claim.", (2,))]),
    ],
)  # fmt: skip
def test_marks_belong_to_their_sentences(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(sentence.text, sentence.sources) for sentence in parse(text, SOURCES)] == expected


def test_unknown_mark_is_removed_and_counted() -> None:
    assert parse("Nobody said so [7].", SOURCES) == [MarkedSentence("Nobody said so.", (), unknown=1)]


def test_sentence_comes_out_while_the_text_goes_on() -> None:
    parser = MarkParser(SOURCES)
    assert parser.feed("Russia stopped [1]. Ukraine agreed ") == [MarkedSentence("Russia stopped.", (1,))]
    assert parser.feed("to it [2].") == []
    assert parser.finish() == [MarkedSentence("Ukraine agreed to it.", (2,))]
