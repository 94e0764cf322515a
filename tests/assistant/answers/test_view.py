"""One view of an answer, and that every door tells what it holds in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given

from assistant.answers.claim_view import view_of_claim
from assistant.answers.html_page import as_html
from assistant.answers.markdown import as_markdown
from assistant.answers.view import NEAREST_SHOWN, view_of
from assistant.answers.wording import MAY_ANSWER
from assistant.cli.terminal.answers import AnswerPrinter
from assistant.cli.terminal.printing import Terminal
from assistant.conversations.store import KeptTurn
from assistant.http.chat_text import ChatText
from assistant.page.answers import Writing, kept_turn, writing_turn
from assistant.types import Answer, Citation, Claim, Disagreement, Event, Evidence, Outcome, Source, Verdict, Version
from index.types import Coverage
from tests.assistant.made_answers import ANSWERS

WIRE = Citation(
    1, "wire", "wire.md", 1, 4, "It took 90 minutes.", 0, 19, "The call", "Sample Wire", "2025-03-18",
    "https://example.org/call", copies=("post#4",),
)  # fmt: skip
AGAIN = replace(WIRE, quote="Both agreed.", start=20, end=32, copies=("post#4", "times#5"))
UNDATED = Citation(2, "note", "note.md", 1, 1, "It took an hour.", 0, 16, "A note", copies=("copy#2",))
ANSWER = Answer(
    "i", "How long?", "How long?", True, "", "2025-03-18", "composed",
    (
        Claim("It took 90 minutes.", Verdict.SUPPORTED, (), (WIRE, AGAIN)),
        Claim("Not 40.", Verdict.PARTLY, ("no 40",), (AGAIN,)),
    ),
    (
        Source(1, "wire", "wire.md", 1, 4, "…", WIRE.title, WIRE.outlet, WIRE.published, WIRE.url),
        Source(2, "note", "note.md", 1, 1, "…", UNDATED.title, url="ftp://example.org/note"),
    ),
    disagreements=(
        Disagreement(
            "duration", "call", (Version("90 minutes", (WIRE, AGAIN)), Version("an hour", (UNDATED,), superseded=True))
        ),
    ),
    model="tiny", note="One line.",
)  # fmt: skip
ANSWERED = replace(
    ANSWER, claims=(replace(ANSWER.claims[0], citations=(replace(WIRE, answer=(8, 18)), AGAIN)), ANSWER.claims[1])
)
EVIDENCE = tuple(Evidence("a", "a.md", number, f"Paragraph {number}.", 0.1, outlet="Ledger") for number in range(1, 6))
REFUSAL = Answer(
    "i", "Who?", "Who?", False, "The articles do not answer.", None, "quoting", evidence=EVIDENCE,
    coverage=Coverage(2, ("Ledger",)), note="Only Ledger was searched.",
)  # fmt: skip


def printed(answer: Answer, capsys: pytest.CaptureFixture[str]) -> str:
    AnswerPrinter(Terminal()).answer(answer)
    return capsys.readouterr().out


DOORS: dict[str, Callable[[Answer], str]] = {
    "page": lambda answer: unescape(kept_turn(KeptTurn(1, answer.question, answer, ""), {})),
    "Markdown": lambda answer: as_markdown("q", [answer]).replace("\\", ""),
    "HTML": lambda answer: unescape(as_html("q", [answer])),
    "chat": lambda answer: ChatText().finish(answer),
}


@pytest.mark.parametrize("door", [*DOORS, "terminal"])
def test_every_door_tells_the_same(door: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(ANSWER, capsys) if door == "terminal" else DOORS[door](ANSWER)
    view = view_of(ANSWER)
    told = ("It took 90 minutes.", "The articles differ", "superseded", "One line.", view.made, "As of 18 March 2025")
    for said in told:
        assert said in out
    for version in view.differences[0].versions:
        assert version.value in out
        assert version.quotes[0].by in out
    refused = printed(REFUSAL, capsys) if door == "terminal" else DOORS[door](REFUSAL)
    for said in ("The articles do not answer.", "Only Ledger was searched.", "The collection has 2 articles"):
        assert said in refused


@pytest.mark.parametrize("door", [*DOORS, "terminal"])
@pytest.mark.parametrize("writer", ["quoting", "composed"])
def test_every_door_says_first_that_it_may_be_no_answer(
    door: str, writer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    unsure = replace(ANSWER, outcome=Outcome.MAY_ANSWER, writer=writer)
    out = printed(unsure, capsys) if door == "terminal" else DOORS[door](unsure)
    assert out.count(MAY_ANSWER) == 1
    assert out.index(MAY_ANSWER) < out.index("It took 90 minutes.")
    assert "that answers" not in out
    sure = printed(ANSWER, capsys) if door == "terminal" else DOORS[door](ANSWER)
    assert MAY_ANSWER not in sure


@pytest.mark.parametrize(
    ("door", "marked"), [("page", "<strong>{}</strong>"), ("HTML", "<strong>{}</strong>"), ("Markdown", "**{}**")]
)
def test_words_that_answer_are_bold_where_the_sentence_is_quoted(door: str, marked: str) -> None:
    out = DOORS[door](ANSWERED)
    assert f"It took {marked.format('90 minutes')}." in out
    assert out.count(marked.format("90 minutes")) == (2 if door == "Markdown" else 1)  # one is the version's heading


def test_words_that_answer_are_bold_in_a_terminal_and_plain_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(ANSWERED, capsys) == printed(ANSWER, capsys)
    terminal = Terminal()
    terminal.piped = False
    terminal.out = type(terminal.out)(force_terminal=True, highlight=False, width=100, color_system="standard")
    AnswerPrinter(terminal).answer(ANSWERED)
    assert "It took \x1b[1m90 minutes\x1b[0m.\x1b[36m [1]" in capsys.readouterr().out


@pytest.mark.parametrize("place", [None, (0, 0), (8, 8), (10, 9), (8, 20), (-1, 5), (7, 8)])
def test_words_that_are_not_in_the_quotation_are_not_shown(place: tuple[int, int] | None) -> None:
    wire = replace(WIRE, start=100, end=119, answer=place and (100 + place[0], 100 + place[1]))
    claim = view_of_claim(Claim(WIRE.quote, Verdict.SUPPORTED, (), (wire,)))
    assert (claim.answer, claim.parts) == (None, (WIRE.quote, "", ""))


def test_only_a_quotation_has_words_that_answer() -> None:
    wire = replace(WIRE, start=100, end=119, answer=(107, 119))
    quoted = view_of_claim(Claim(WIRE.quote, Verdict.SUPPORTED, (), (wire, AGAIN)))
    assert (quoted.answer, quoted.parts) == ((8, 19), ("It took ", "90 minutes.", ""))
    assert view_of_claim(Claim("90 minutes.", Verdict.SUPPORTED, (), (wire,))).answer is None
    assert view_of_claim(Claim(WIRE.quote, Verdict.SUPPORTED, (), (AGAIN, wire))).answer is None


def test_what_is_streamed_is_led_once_before_the_first_claim(capsys: pytest.CaptureFixture[str]) -> None:
    final = replace(ANSWER, outcome=Outcome.MAY_ANSWER)
    chat = ChatText()
    chat.lead = view_of(final).lead
    pieces = [*map(chat.claim, final.claims), chat.finish(final)]
    assert pieces[0].startswith(f"{MAY_ANSWER}\n\nIt took 90 minutes.")
    assert "".join(pieces) == chat.content == DOORS["chat"](final)
    quoted = replace(final, writer="quoting", claims=final.claims[:1])
    events = [Event("evidence", quoted), *(Event("claim", claim) for claim in final.claims), Event("done", final)]
    list(AnswerPrinter(Terminal()).streamed(events, "tiny"))
    before, above, beneath = capsys.readouterr().out.split(f"{MAY_ANSWER}\nIt took 90 minutes.")
    assert before == ""
    assert above.endswith("Written by tiny, each sentence checked:\n")
    assert beneath.startswith(" [1]\nNot 40.")


def test_page_leads_what_a_model_is_writing_as_well() -> None:
    quoted = replace(ANSWERED, outcome=Outcome.MAY_ANSWER, writer="quoting")
    html = writing_turn(Writing("How long?", quoted, ANSWER.claims, writes=True), 1)
    assert html.count(f'<p class="unsure">{MAY_ANSWER}</p><ol class="claims') == 2


def test_refusal_is_led_by_nothing() -> None:
    assert view_of(replace(REFUSAL, outcome=Outcome.MAY_ANSWER)).lead is None
    assert view_of(replace(REFUSAL, outcome=Outcome.NO_ANSWER)).lead is None


@pytest.mark.parametrize("door", [*DOORS, "terminal"])
def test_who_wrote_is_told_of_undated_articles_too(door: str, capsys: pytest.CaptureFixture[str]) -> None:
    undated = replace(ANSWER, as_of=None)
    out = printed(undated, capsys) if door == "terminal" else DOORS[door](undated)
    assert "Written by tiny, each sentence checked against its sources" in out
    assert "As of" not in out


def test_claim_has_each_number_once_with_its_first_quote() -> None:
    claim, doubtful = view_of(ANSWER).claims
    assert [(mark.number, mark.words) for mark in claim.marks] == [(1, "It took 90 minutes.")]
    assert (claim.quoted, claim.badge, claim.doubt) == (True, "word for word", "")
    assert (doubtful.badge, doubtful.doubt) == ("partly supported", "(partly supported: no 40)")
    assert view_of_claim(ANSWER.claims[0]) == claim


def test_source_has_all_its_quotes_and_copies_from_claims_and_versions() -> None:
    wire, note = view_of(ANSWER).sources
    assert [quote.words for quote in wire.quotes] == ["It took 90 minutes.", "Both agreed."]
    assert wire.copies == ("post¶4", "times¶5")
    assert (wire.place, wire.typed_place) == ("wire¶4", "wire#4")
    assert (wire.address, wire.unlinked) == ("https://example.org/call", None)
    assert (note.by, note.copies, note.address, note.unlinked) == (
        "A note",
        ("copy¶2",),
        None,
        "ftp://example.org/note",
    )


def test_versions_stand_in_order_with_who_said_what() -> None:
    (difference,) = view_of(ANSWER).differences
    assert difference.about == "duration: call"
    assert [(version.value, version.superseded) for version in difference.versions] == [
        ("90 minutes", False), ("an hour", True)
    ]  # fmt: skip
    assert [len(version.marks) for version in difference.versions] == [1, 1]
    assert [quote.by for quote in difference.versions[0].quotes] == ["Sample Wire · 18 March 2025"] * 2


def test_refusal_shows_the_nearest_and_what_the_collection_covers() -> None:
    view = view_of(REFUSAL)
    assert view.refusal == "The articles do not answer."
    assert [near.place for near in view.nearest] == ["a¶1", "a¶2", "a¶3"]
    assert len(view.nearest) == NEAREST_SHOWN
    assert view.beside_refusal == ("Only Ledger was searched.", "The collection has 2 articles, from Ledger.")


def test_dateline_and_made_line_say_when_and_who() -> None:
    view = view_of(replace(ANSWER, writer="quoting"))
    assert view.dateline() == "As of 18 March 2025 · Quoted word for word"
    assert view.dateline("A model is writing") == "As of 18 March 2025 · A model is writing"
    assert view.made_line == "As of 18 March 2025. Quoted word for word."
    assert view_of(REFUSAL).dateline() == "Quoted word for word"


@given(ANSWERS)
def test_any_answer_has_a_view_that_holds_all_of_it(answer: Answer) -> None:
    view = view_of(answer)
    assert [claim.text for claim in view.claims] == [claim.text for claim in answer.claims]
    assert [source.number for source in view.sources] == [source.number for source in answer.sources]
    assert [version.value for difference in view.differences for version in difference.versions] == [
        version.value for version in answer.versions
    ]
    for claim in view.claims:
        assert "".join(claim.parts) == claim.text
        assert claim.parts[1] == claim.parts[1].strip()
    for claim, given_claim in zip(view.claims, answer.claims, strict=True):
        assert {mark.number for mark in claim.marks} == {citation.number for citation in given_claim.citations}
