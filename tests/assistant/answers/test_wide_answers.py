"""Answers of every form at every door: sections, tables, lists and replies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answers.from_json import answer_from_json
from assistant.answers.html_page import as_html
from assistant.answers.layout import Layout
from assistant.answers.markdown import as_markdown, markdown_table
from assistant.answers.verdicts import CATALOGUED
from assistant.answers.view import view_of
from assistant.answers.wording import NEAREST
from assistant.cli.terminal.answers import AnswerPrinter
from assistant.cli.terminal.printing import Terminal
from assistant.conversations.store import KeptTurn
from assistant.http.chat_text import SOURCES, ChatText
from assistant.page.answers import Writing, kept_turn, writing_turn
from assistant.safe_text import for_markdown, one_line
from assistant.types import Answer, Event, Form, Section
from index.errors import UsageError
from tests.assistant.made_answers import ANSWERS, TEXTS
from tests.assistant.wide_answers import (
    ANSWERS_BY_FORM,
    CLAIMS,
    COMPARISON,
    COUNT,
    LIST,
    LISTING,
    OUTLETS,
    TALK,
    TIMELINE,
    made,
)

EVIL = '<img src=x onerror="alert(1)"> | **b** [1] [a](javascript:alert(1)) \x1b[31m\u202e # x'


def printed(answer: Answer, capsys: pytest.CaptureFixture[str], width: int | None = None) -> str:
    capsys.readouterr()
    AnswerPrinter(terminal_of(width)).answer(answer)
    return capsys.readouterr().out


def terminal_of(width: int | None) -> Terminal:
    terminal = Terminal()
    terminal.piped = width is None
    if width is not None:
        terminal.out = type(terminal.out)(force_terminal=True, highlight=False, width=width, color_system=None)
    return terminal


def on_page(answer: Answer) -> str:
    return kept_turn(KeptTurn(1, answer.question, answer, ""), {})


DOORS: dict[str, Callable[[Answer], str]] = {
    "page": lambda answer: unescape(re.sub("<[^>]*>", "", on_page(answer))),
    "Markdown": lambda answer: as_markdown("q", [answer]).replace("\\", "").replace("*", ""),
    "HTML": lambda answer: unescape(re.sub("<[^>]*>", "", as_html("q", [answer]))),
    "chat": lambda answer: ChatText().finish(answer).replace("\\", ""),
}


def said_at(door: str, answer: Answer, capsys: pytest.CaptureFixture[str]) -> str:
    out = printed(answer, capsys, width=1_000) if door == "wide terminal" else ""
    out = printed(answer, capsys, width=40) if door == "narrow terminal" else out
    out = printed(answer, capsys) if door == "pipe" else out
    return " ".join((out or DOORS[door](answer)).split())


EVERY_DOOR = [*DOORS, "wide terminal", "narrow terminal", "pipe"]


@pytest.mark.parametrize("door", EVERY_DOOR)
@pytest.mark.parametrize("answer", ANSWERS_BY_FORM.values(), ids=ANSWERS_BY_FORM)
def test_every_door_shows_all_of_every_form(door: str, answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    out = said_at(door, answer, capsys)
    view = view_of(answer)
    for section in view.sections:
        assert section.heading in out
    for claim in answer.claims if door not in {"wide terminal", "narrow terminal"} else ():
        assert claim.text in out
    if view.listing:
        assert view.listing.said in out
        assert CATALOGUED in out
        assert all(entry.name in out for entry in view.listing.entries if door != "narrow terminal")
    for line in view.reply_lines if door != "narrow terminal" else ():
        assert line in out


@pytest.mark.parametrize("door", ["page", "Markdown", "HTML", "chat", "pipe", "narrow terminal"])
@pytest.mark.parametrize("answer", [TIMELINE, COMPARISON, replace(TIMELINE, as_table=True)])
def test_sections_stand_in_order_each_above_its_claims(
    door: str, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said_at(door, answer, capsys)
    position = 0
    for section in answer.sections:
        position = out.index(section.heading, position)
        for place in section.claims:
            position = out.index(answer.claims[place].text[:20], position)


@pytest.mark.parametrize("door", EVERY_DOOR)
def test_reply_is_no_refusal_and_shows_nothing_of_the_articles(door: str, capsys: pytest.CaptureFixture[str]) -> None:
    view = view_of(TALK)
    assert (view.refusal, view.nearest, view.coverage) == (None, (), None)
    out = said_at(door, TALK, capsys)
    for said in (NEAREST, "A paragraph near it.", "The collection has", "Quoted word for word", "Sources:"):
        assert said not in out
    assert 'class="refusal"' not in on_page(TALK)


# -- the view


@given(ANSWERS)
def test_sections_of_a_view_hold_every_claim_once(answer: Answer) -> None:
    view = view_of(answer)
    shown = [claim.place for section in view.sections for claim in section.claims]
    assert sorted(shown) == list(range(len(answer.claims)))
    assert [view.claims[place].place for place in range(len(answer.claims))] == list(range(len(answer.claims)))


def test_fact_is_one_section_without_a_heading() -> None:
    (section,) = view_of(ANSWERS_BY_FORM["fact"]).sections
    assert (section.heading, len(section.claims)) == ("", 2)


def test_claims_that_no_section_has_come_first() -> None:
    first, *_ = view_of(made(Form.OPINION, Section("Ida Falk", (4,)))).sections
    assert (first.heading, [claim.place for claim in first.claims]) == ("", [0, 1, 2, 3, 5])


@pytest.mark.parametrize(
    ("answer", "layout"),
    [
        (TIMELINE, Layout.DAYS),
        (COMPARISON, Layout.COLUMNS),
        (replace(COMPARISON, as_table=True), Layout.ROWS),
        (replace(COMPARISON, sections=()), Layout.POINTS),
        (replace(TIMELINE, sections=(), as_table=True), Layout.POINTS),
        (ANSWERS_BY_FORM["fact"], Layout.TEXT),
    ],
)
def test_layout_that_needs_headings_is_chosen_only_where_there_are_some(answer: Answer, layout: Layout) -> None:
    assert view_of(answer).layout is layout


def test_listing_counts_what_it_does_not_show() -> None:
    listing = view_of(LIST).listing
    assert listing
    assert listing.more == "and 9 more"
    assert listing.columns == ("Title", "Outlet", "Author", "Day")
    assert listing.entries[0].by == "Sample Wire · Ada Berg · 22 April 2024"
    outlets, count = view_of(OUTLETS).listing, view_of(COUNT).listing
    assert outlets
    assert count
    assert [(entry.name, entry.by) for entry in outlets.entries] == [
        ("Sample Wire", "7 articles"), ("Sample Herald", "1 article")
    ]  # fmt: skip
    assert (count.entries, count.more) == ((), None)
    assert view_of(LIST).made_line == "From the catalogue: exact."


# -- the page


def test_sentences_on_the_page_are_rated_by_their_place_among_all_claims() -> None:
    html = on_page(COMPARISON)
    for place, claim in enumerate(CLAIMS):
        item = html[html.index(unescape(claim.text[:20])) :]
        assert re.search(r'data-claim="(\d+)"', item)[1] == str(place)  # type: ignore[index]


def test_article_of_a_list_opens_in_the_reader() -> None:
    for answer in (LIST, replace(LIST, as_table=True)):
        html = on_page(answer)
        for entry in LISTING.entries:
            assert f'data-event="cite" data-article="{entry.article}">{entry.name}</button>' in html


@pytest.mark.parametrize("quoted", [TIMELINE, COMPARISON, replace(COMPARISON, as_table=True)])
def test_page_shows_what_a_model_writes_before_it_is_known_where_it_stands(quoted: Answer) -> None:
    html = writing_turn(Writing("q", quoted, CLAIMS[:2], writes=True), 1)
    written = html.partition("A model is writing")[2]
    assert all(claim.text in written for claim in CLAIMS[:2])
    assert 'class="sections' in html.partition("A model is writing")[0]


@pytest.mark.parametrize("quoted", [TALK, LIST])
def test_page_awaits_no_model_after_a_reply_or_a_list(quoted: Answer) -> None:
    assert "A model is writing" not in writing_turn(Writing("q", quoted, writes=True), 1)


# -- the terminal


def test_day_stands_in_front_where_there_is_room_and_above_where_there_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "27 September 2024  “We were told" in printed(TIMELINE, capsys, width=100)
    assert "\n27 September 2024\n  “We were told" in printed(TIMELINE, capsys, width=50)
    assert "\n27 September 2024: “We were told" in printed(TIMELINE, capsys)


def test_columns_stand_beside_each_other_where_there_is_room(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search("Sample Wire +Sample Herald +The Sample Ledger", printed(COMPARISON, capsys, width=100))
    assert re.search("Sample Wire *\n", printed(COMPARISON, capsys, width=50))


def test_rows_are_a_table_in_a_terminal_and_cells_between_tabs_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    table = replace(TIMELINE, as_table=True)
    assert "│ 3 June 2024 " in printed(table, capsys, width=100)
    assert "\n3 June 2024\tParliament approved" in printed(table, capsys)


@pytest.mark.parametrize("width", [None, 50, 100])
def test_terminal_shows_ids_of_listed_articles_as_they_are_typed(
    width: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "sample-herald-vote" in printed(LIST, capsys, width)


def test_sentences_of_a_model_are_put_under_headings_when_all_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    quoted = made(Form.TIMELINE, Section("22 April 2024", (0,)), claims=CLAIMS[:1], writer="quoting")
    events = [Event("evidence", quoted), *(Event("claim", claim) for claim in CLAIMS), Event("done", TIMELINE)]
    list(AnswerPrinter(terminal_of(None)).streamed(events, "tiny"))
    out = capsys.readouterr().out
    before, _, after = out.partition("Put together:")
    assert CLAIMS[5].text in before
    assert after.startswith(f"\n22 April 2024: {CLAIMS[0].text} [1]")


@pytest.mark.parametrize("answer", [TALK, LIST])
def test_reply_or_list_is_printed_once_while_a_model_is_there(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    list(AnswerPrinter(terminal_of(None)).streamed([Event("evidence", answer), Event("done", answer)], "tiny"))
    out = capsys.readouterr().out
    assert out.count(answer.text) == 1
    assert "Reading on" not in out


# -- Markdown and chat


def cells(markdown: str) -> list[list[str]]:
    """Return the cells of the only table, as they read."""
    found = MarkdownIt("commonmark").enable("table").parse(markdown)
    assert [token.type for token in found].count("table_open") == 1
    rows: list[list[str]] = []
    for token in found[[token.type for token in found].index("table_open") :]:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


@pytest.mark.parametrize("make", [lambda answer: as_markdown("q", [answer]), lambda answer: ChatText().finish(answer)])
def test_table_has_a_row_for_each_section(make: Callable[[Answer], str]) -> None:
    head, *rows = cells(make(replace(TIMELINE, as_table=True)))
    assert head == ["Day", "What the articles say"]
    assert [row[0] for row in rows] == [section.heading for section in TIMELINE.sections]
    assert rows[0][1] == f"{CLAIMS[0].text} [1] {CLAIMS[1].text} [1]"
    assert cells(make(replace(LIST, as_table=True)))[1][:2] == ["Trade deal signed in Sampleton", "Sample Wire"]


@given(st.lists(st.tuples(TEXTS, TEXTS | st.text(alphabet="\\|` a", max_size=8)), min_size=1, max_size=3))
def test_any_texts_are_only_cells_of_a_table(rows: list[tuple[str, str]]) -> None:
    table = markdown_table(("A", "B"), [[for_markdown(cell) for cell in row] for row in rows])
    assert cells(table)[1:] == [[one_line(cell) for cell in row] for row in rows]


def test_marks_of_a_chat_message_point_into_it_in_every_form() -> None:
    for answer in ANSWERS_BY_FORM.values():
        chat = ChatText()
        assert chat.finish(answer) == chat.content
        for annotation in chat.annotations:
            place = annotation["url_citation"]
            assert re.fullmatch(r"\[\d\]", chat.content[place["start_index"] : place["end_index"]])


def test_claims_wait_for_their_sections_in_a_chat_that_knows_of_them() -> None:
    chat = ChatText()
    chat.begin(TIMELINE)
    assert [chat.claim(claim) for claim in CLAIMS] == [""] * len(CLAIMS)
    assert chat.finish(TIMELINE) == ChatText().finish(TIMELINE)


def test_chat_lays_out_at_the_end_what_was_said_before_it_knew_of_sections() -> None:
    chat = ChatText()
    streamed = "".join(map(chat.claim, CLAIMS))
    rest = chat.finish(TIMELINE)
    assert rest == f"\n\n{ChatText().finish(TIMELINE)}"
    assert streamed + rest == chat.content


def test_list_in_a_chat_has_no_sources() -> None:
    assert SOURCES not in ChatText().finish(LIST)
    assert (
        "- Parliament votes on the trade deal · Sample Herald · 3 June 2024 (sample-herald-vote)"
        in ChatText().finish(LIST)
    )


# -- hostile text


def hostile(answer: Answer) -> Answer:
    sections = tuple(replace(section, heading=EVIL) for section in answer.sections)
    listing = answer.listing and replace(
        answer.listing, said=EVIL,
        entries=(replace(answer.listing.entries[0], name=EVIL, outlet=EVIL, author=EVIL, article=EVIL),)
        if answer.listing.entries
        else (),
    )  # fmt: skip
    return replace(answer, sections=sections, listing=listing, text=EVIL if answer.form is Form.TALK else answer.text)


@pytest.mark.parametrize("answer", ANSWERS_BY_FORM.values(), ids=ANSWERS_BY_FORM)
def test_headings_titles_and_names_are_only_text(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    evil = hostile(answer)
    for html in (on_page(evil), as_html("q", [evil])):
        assert "<img" not in html
        assert not {"\x1b", "\u202e"} & set(html)
    for markdown in (as_markdown("q", [evil]), ChatText().finish(evil)):
        parsed = MarkdownIt("commonmark").enable("table").parse(markdown)
        inline = [child for token in parsed for child in token.children or ()]
        assert not {"html_inline", "html_block", "image"} & {token.type for token in (*parsed, *inline)}
        assert not [child for child in inline if "javascript" in str(child.attrs.get("href"))]
        if answer.as_table:
            assert len({len(row) for row in cells(markdown)}) == 1
    for width in (None, 50, 100):
        assert not {"\x1b", "\u202e"} & set(printed(evil, capsys, width))


# -- JSON


@given(ANSWERS)
def test_any_answer_survives_json(answer: Answer) -> None:
    assert answer_from_json(json.loads(json.dumps(answer.to_json()))) == answer_from_json(answer.to_json())


@pytest.mark.parametrize("answer", ANSWERS_BY_FORM.values(), ids=ANSWERS_BY_FORM)
def test_every_form_survives_json(answer: Answer) -> None:
    assert answer_from_json(json.loads(json.dumps(answer.to_json()))) == answer


def test_answer_from_before_there_were_forms_is_a_fact() -> None:
    value = TIMELINE.to_json()
    for name in ("form", "sections", "listing", "as_table"):
        del value[name]
    answer = answer_from_json(value)
    assert (answer.form, answer.sections, answer.listing, answer.as_table) == (Form.FACT, (), None, False)


def _set(value: dict[str, Any], field: str, changed: object) -> dict[str, Any]:
    return {**value, field: changed}


@pytest.mark.parametrize(
    ("field", "changed", "said"),
    [
        ("sections", [{"heading": "x", "claims": [0, 6]}], "sections[0].claims[1] must be the place of one"),
        ("sections", [{"heading": "x", "claims": [-1]}], "sections[0].claims[0] must be the place"),
        ("sections", [{"heading": "", "claims": [1]}, {"heading": "", "claims": [1]}], "sections[1].claims[0] must"),
        ("sections", [{"heading": "x", "claims": [2, 2]}], "sections[0].claims[1]"),
        ("sections", [{"heading": "x", "claims": [True]}], "sections[0].claims[0] must be a whole number"),
        ("sections", [{"claims": []}], "sections[0].heading is missing"),
        ("form", "essay", "form must be fact or overview"),
        ("listing", {"kind": "days", "total": 1, "said": ""}, "listing.kind must be articles or outlets or authors"),
        ("listing", {"kind": ["articles"], "total": 1, "said": ""}, "listing.kind must be"),
        ("as_table", "yes", "as_table must be true or false"),
    ],
)  # fmt: skip
def test_json_that_is_no_answer_names_the_field(field: str, changed: object, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        answer_from_json(_set(TIMELINE.to_json(), field, changed))
