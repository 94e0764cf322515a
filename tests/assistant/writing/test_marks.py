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
            "## ", "## Strike\n", "# ", "**Strike**\n", "| ", " | ", "|\n", "| A | B |\n", "|---|---|\n", "|:-:|\n",
            "22 April 2024", "**22 April 2024**: ", "- **March 2020** – ", "2024-04-22: ", "April 22, 2024 - ",
            "\n\n", "\r\n",
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
        assert sentence.text
        assert not re.search(r"[\[【［]\s*\d{1,3}\s*[\]】］]", sentence.heading)


@settings(max_examples=2_000)
@given(text=TEXTS)
def test_sections_follow_each_other_and_have_one_heading(text: str) -> None:
    sentences = parse(text, SOURCES)
    assert [each.section for each in sentences] == sorted(each.section for each in sentences)
    headings: dict[int, set[str]] = {}
    for each in sentences:
        headings.setdefault(each.section, set()).add(each.heading)
    assert all(len(told) == 1 for told in headings.values())


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


def sections(text: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """Headings with the sentences and sources under them."""
    return [(each.heading, each.text, each.sources) for each in parse(text, SOURCES)]


def test_headings_are_no_sentences_and_stand_over_what_follows() -> None:
    text = "## Strike\n- It began [1].\n- It ended [2].\n\n**Talks:**\nThey met [3]. They parted [4].\n"
    assert sections(text) == [
        ("Strike", "It began.", (1,)),
        ("Strike", "It ended.", (2,)),
        ("Talks", "They met.", (3,)),
        ("Talks", "They parted.", (4,)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "## The strike at the port of Hov killed as many as 22 people",
        "## The strike began [1]",
        "**The strike killed 22 people.**",
        "## The strike killed 22 people.",
    ],
)
def test_heading_that_states_something_is_a_sentence(line: str) -> None:
    (sentence,) = parse(f"{line}\n", SOURCES)
    assert sentence.text.startswith("The strike")
    assert sentence.heading == ""


def test_entries_of_a_timeline_have_their_day_as_heading() -> None:
    text = (
        "- **22 April 2024**: The strike began [1]. It was warm [2].\n"
        "- April 23, 2024 - It ended [3].\n"
        "**May 2024** – They met [4].\n"
        "2024-06-01: They parted [1].\n"
        "They never met again [2].\n"
    )
    assert sections(text) == [
        ("22 April 2024", "The strike began.", (1,)),
        ("22 April 2024", "It was warm.", (2,)),
        ("April 23, 2024", "It ended.", (3,)),
        ("May 2024", "They met.", (4,)),
        ("2024-06-01", "They parted.", (1,)),
        ("", "They never met again.", (2,)),
    ]


@pytest.mark.parametrize(
    "text", ["Tally: 22 died [1].", "In 2020 he said: go [1].", "A May 2020 plan - it failed [1]."]
)
def test_words_that_are_no_day_stay_in_their_sentence(text: str) -> None:
    (sentence,) = parse(text, SOURCES)
    assert sentence.heading == ""
    assert len(sentence.text) == len(text) - len(" [1]")


def test_each_cell_is_a_sentence_under_the_first_of_its_row() -> None:
    text = (
        "| Outlet | Dead | What it says |\n|---|:-:|---|\n"
        "| **Gazette** | 22 [1] | The strike killed the port, it says [2]. |\n"
        "| Herald | – | Not in the articles |\n\nBoth say it rained [3].\n"
    )
    assert sections(text) == [
        ("Gazette", "Dead: 22", (1,)),
        ("Gazette", "The strike killed the port, it says.", (2,)),
        ("Herald", "What it says: Not in the articles", ()),
        ("", "Both say it rained.", (3,)),
    ]


def test_table_without_a_head_and_a_first_cell_that_states_something() -> None:
    assert sections("| Gazette | It rained there [1] |\n| The Herald was shut [2] | It snowed there [3] |") == [
        ("Gazette", "It rained there", (1,)),
        ("", "The Herald was shut", (2,)),
        ("", "It snowed there", (3,)),
    ]
