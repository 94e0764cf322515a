"""Passages cover what an article says exactly once, and keep their ids as long as text and place stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.protocol import vector_key
from index.splitting.paragraphs import split_paragraphs
from index.splitting.passages import LONG_WORDS, PART_WORDS, SHORT_WORDS, context_line, make_passages
from index.types import Article, ParagraphKind, Passage

BODY = "The council voted on Monday to rebuild the northern breakwater before the autumn storms arrive."
NEXT = "Fishermen had asked for the repair since a wave tore out forty metres of the wall two winters ago."
LONG = " ".join(f"Sentence {number} says that the harbour wall is to be mended by May." for number in range(40))

LINES = st.sampled_from(
    [
        BODY,
        NEXT,
        LONG,
        "Advertisement",
        "Related stories",
        "## Heading",
        "A heading without mark",
        "Too short.",
        "- item",
    ]
) | st.text(max_size=40)


def article(text: str, **details: object) -> Article:
    return Article("a", 1, text, "", "/a.txt", "a.txt", **details)  # type: ignore[arg-type]


def passages(text: str, **details: object) -> list[Passage]:
    given_article = article(text, **details)
    return make_passages(given_article, split_paragraphs(given_article))


def words(text: str) -> int:
    return len(text.split())


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_every_character_of_the_report_is_in_one_passage_and_furniture_in_none(text: str) -> None:
    covered = [0] * len(text)
    for passage in passages(text):
        for position in range(passage.start, passage.end):
            covered[position] += 1
    for paragraph in split_paragraphs(article(text)):
        expected = 0 if paragraph.kind is ParagraphKind.FURNITURE else 1
        for position in range(paragraph.start, paragraph.end):
            assert covered[position] == expected or text[position].isspace()
    assert max(covered, default=0) <= 1


@given(st.lists(LINES, max_size=12).map("\n".join), st.none() | st.text(min_size=1, max_size=20))
def test_spans_and_numbers_agree_for_any_text(text: str, title: str | None) -> None:
    found = passages(text, title=title)
    paragraphs = {paragraph.number: paragraph for paragraph in split_paragraphs(article(text))}
    assert [passage.start for passage in found] == sorted(passage.start for passage in found)
    assert len({passage.id for passage in found}) == len(found)
    for passage in found:
        assert passage.text == text[passage.start : passage.end]
        assert passage.text.strip() == passage.text
        assert passage.embedded_text == (f"{title}\n{passage.text}" if title else passage.text)
        assert paragraphs[passage.first].start <= passage.start < passage.end <= paragraphs[passage.last].end
        held = [paragraphs[number] for number in range(passage.first, passage.last + 1)]
        assert all(paragraph.kind is not ParagraphKind.FURNITURE for paragraph in held)


def test_paragraph_makes_a_passage() -> None:
    assert [(part.first, part.last, part.text) for part in passages(f"{BODY}\n\n{NEXT}")] == [
        (1, 1, BODY),
        (2, 2, NEXT),
    ]


def test_short_paragraphs_join_what_follows_and_at_the_end_what_stands_before() -> None:
    spans = [(part.first, part.last) for part in passages(f"Short.\nToo short.\n{BODY}\n{NEXT}\nShort.\nShorter.")]
    assert spans == [(1, 3), (4, 6)]
    assert words("one two three four five six seven eight") == SHORT_WORDS
    assert len(passages("One two three four five six seven eight.\nOne two three four five six seven nine.")) == 2


def test_heading_joins_what_follows_however_long_it_is() -> None:
    heading = "## What the harbour council of the northern islands decided on the first of May"
    assert [(part.first, part.last) for part in passages(f"{BODY}\n{heading}\n{NEXT}")] == [(1, 1), (2, 3)]


def test_nothing_joins_across_furniture() -> None:
    text = f"Short.\nAdvertisement\n{BODY}\nShort.\nAdvertisement\n{NEXT}"
    spans = [(part.first, part.last) for part in passages(text)]
    assert spans == [(1, 1), (3, 4), (6, 6)]


def test_article_of_furniture_alone_has_no_passage() -> None:
    assert passages("Advertisement\nShare\nRead more: x") == []
    assert passages("") == []


def test_long_paragraph_is_split_between_sentences() -> None:
    assert words(LONG) > LONG_WORDS
    parts = passages(f"{BODY}\n{LONG}\n{NEXT}")
    inner = parts[1:-1]
    assert len(inner) >= 2
    assert " ".join(part.text for part in inner) == LONG
    for part in inner:
        assert (part.first, part.last) == (2, 2)
        assert part.text.startswith("Sentence ")
        assert part.text.endswith(".")
        assert words(part.text) <= PART_WORDS


@pytest.mark.parametrize("text", [f"## Heading\n{LONG}", f"{BODY}\n{LONG}\nToo short."])
def test_long_paragraph_is_split_whatever_joins_it(text: str) -> None:
    assert max(words(part.text) for part in passages(text)) <= LONG_WORDS


def test_sentence_that_is_long_by_itself_is_kept_whole() -> None:
    endless = "and the harbour " * 200
    [part] = passages(endless)
    assert part.text == endless.strip()


def test_context_line_holds_what_is_known() -> None:
    details = {"title": "Wall to be mended", "outlet": "Demo Herald", "published": date(2025, 3, 8)}
    assert context_line(article(BODY, **details)) == "Wall to be mended · Demo Herald · 8 March 2025"
    assert context_line(article(BODY, outlet="Demo Herald")) == "Demo Herald"
    assert context_line(article(BODY)) == ""
    [passage] = passages(BODY, **details)
    assert passage.embedded_text == f"Wall to be mended · Demo Herald · 8 March 2025\n{BODY}"
    assert passage.text == BODY


def test_ids_are_the_same_each_time_and_do_not_depend_on_later_paragraphs_or_the_revision() -> None:
    first, second = passages(f"{BODY}\n{NEXT}")
    assert passages(f"{BODY}\n{NEXT}") == [first, second]
    assert passages(f"{BODY}\n{LONG}")[0].id == first.id
    later = replace(article(f"{BODY}\n{NEXT}"), revision=2, source="/b.txt", file="b.txt")
    assert make_passages(later, split_paragraphs(later)) == [first, second]


def test_ids_change_with_text_place_title_and_article() -> None:
    [base] = passages(BODY)
    other = replace(article(BODY), id="b")
    assert base.id != make_passages(other, split_paragraphs(other))[0].id
    assert base.id != passages(BODY.replace("Monday", "Tuesday"))[0].id
    assert base.id != passages(BODY, title="Wall")[0].id
    assert base.id not in {part.id for part in passages(f"{NEXT}\n{BODY}")}


def test_vector_key_follows_the_embedded_text_and_the_embedder_alone() -> None:
    [base] = passages(BODY)
    moved = passages(f"{NEXT}\n{BODY}")[1]
    assert moved.id != base.id
    key = vector_key("fake", 64, base.embedded_text)
    assert vector_key("fake", 64, moved.embedded_text) == key
    assert vector_key("fake", 64, passages(BODY, title="Wall")[0].embedded_text) != key
    assert vector_key("fake", 32, base.embedded_text) != key
    assert vector_key("other", 64, base.embedded_text) != key
