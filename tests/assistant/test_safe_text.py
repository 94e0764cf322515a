"""What no reader, terminal or model is to meet unseen is replaced alike at every door."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.exporting import exported_answers, rendered
from assistant.cli.terminal.answers import AnswerPrinter
from assistant.cli.terminal.printing import Terminal
from assistant.conversations.store import KeptTurn
from assistant.http.chat_text import ChatText
from assistant.models.endpoint import Endpoint
from assistant.models.failures import shown
from assistant.page import answers as page
from assistant.safe_text import (
    SIGN,
    for_chat,
    for_html,
    for_markdown,
    for_model,
    one_line,
    one_line_in_parts,
    strong_in_markdown,
    visible,
    whole_characters,
)
from assistant.types import Answer, Citation, Claim, Disagreement, Evidence, Source, Verdict, Version
from assistant.writing.marks import parse
from assistant.writing.prompting import harmless
from eval.report.elements import element

HIDDEN = {
    "bell": "\x07", "escape": "\x1b", "delete": "\x7f", "order of 8 bits": "\x9b", "zero width space": "\u200b",
    "mark to the left": "\u200e", "mark to the right": "\u200f", "Arabic mark": "\u061c", "override": "\u202e",
    "isolate": "\u2066", "word joiner": "\u2060", "byte order mark": "\ufeff", "annotation": "\ufff9",
    "no character": "\uffff", "tag": "\U000e0041", "half a character": "\ud800",
}  # fmt: skip
SPELLING = {"soft hyphen": "\u00ad", "joiner": "\u200d", "non-joiner": "\u200c"}
TODAY = date(2026, 2, 3)


def answer_with(text: str, *, answered: bool = True) -> Answer:
    """Return an answer that holds a text wherever an article, a reader or a model may have put it."""
    citation = Citation(1, "a", text, 1, 2, text, 0, len(text), text, text, "2025-03-18", None)
    claim = Claim(text, Verdict.PARTLY, (text,), (citation,))
    versions = Version(text, (citation,)), Version(f"{text}!", (citation,), superseded=True)
    differing = Disagreement(text, text, versions)
    return Answer(
        "i", text, text, answered, text, "2025-03-18", "composed", (claim,) if answered else (),
        (Source(1, "a", text, 1, 2, text, text, text, "2025-03-18"),) if answered else (),
        (Evidence("a", text, 2, text, 0.5, text, text),), (differing,) if answered else (), model=text, note=text,
    )  # fmt: skip


def in_terminal(text: str, capsys: pytest.CaptureFixture[str], *, piped: bool) -> str:
    terminal = Terminal()
    terminal.piped = piped
    for answered in (True, False):
        AnswerPrinter(terminal).answer(answer_with(text, answered=answered))
    return capsys.readouterr().out


def on_page(text: str) -> str:
    answer, refusal = answer_with(text), answer_with(text, answered=False)
    turns = [page.kept_turn(KeptTurn(1, text, each, ""), {"a": text}, refusal) for each in (answer, refusal)]
    return "".join((*turns, page.writing_turn(page.Writing(text, answer, answer.claims, writes=True), 1)))


def exported(kind: str) -> Callable[[str], str]:
    both = (True, False)
    return lambda text: rendered(
        exported_answers([answer_with(text, answered=answered) for answered in both]), kind, TODAY
    )


def as_chat(text: str) -> str:
    said = ChatText()
    for answered in (True, False):
        said.finish(answer_with(text, answered=answered))
    return said.content + json.dumps(said.annotations, ensure_ascii=False)


DOORS: dict[str, Callable[[str], str]] = {
    "page": on_page,
    "Markdown": exported("md"),
    "HTML": exported("html"),
    "CSL-JSON": exported("csl"),
    "chat": as_chat,
    "report": lambda text: element("p", text, title=text),
    "failure of a model": lambda text: shown(text, Endpoint("http://localhost/v1", "none", "tiny", 9.0)),
}


@pytest.mark.parametrize("character", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_replaces_the_same_characters(door: str, character: str) -> None:
    out = DOORS[door](f"signed{character}not")
    assert f"signed{SIGN}not" in out
    assert character not in out


@pytest.mark.parametrize("character", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("piped", [True, False])
def test_terminal_replaces_them_too(character: str, piped: bool, capsys: pytest.CaptureFixture[str]) -> None:
    out = in_terminal(f"signed{character}not", capsys, piped=piped)
    assert f"signed{SIGN}not" in out
    assert character not in out


@pytest.mark.parametrize("character", [*HIDDEN.values(), *SPELLING.values()], ids=[*HIDDEN, *SPELLING])
def test_models_neither_read_nor_write_them(character: str) -> None:
    between = SIGN if character == HIDDEN["half a character"] else ""
    assert harmless(f"signed{character}not") == f"signed{between}not"
    (sentence,) = parse(f"He signed{character}not it [1].", 1)
    assert sentence.text == f"He signed{between}not it."


@pytest.mark.parametrize("character", [*HIDDEN.values(), *SPELLING.values()], ids=[*HIDDEN, *SPELLING])
def test_no_mark_of_a_model_hides_behind_them(character: str) -> None:
    (sentence,) = parse(f"He signed it [{character}1].", 1)
    assert sentence.sources == (() if SIGN in sentence.text else (1,))
    assert sentence.text == ("He signed it [\ufffd1]." if character == HIDDEN["half a character"] else "He signed it.")


@pytest.mark.parametrize("character", SPELLING.values(), ids=SPELLING)
@pytest.mark.parametrize("door", DOORS)
def test_what_a_language_spells_with_stays(door: str, character: str) -> None:
    assert f"so{character}so" in DOORS[door](f"so{character}so")


@given(st.text(st.characters(), max_size=60))
def test_offsets_stay_and_nothing_is_replaced_twice(text: str) -> None:
    once = visible(text)
    assert len(once) == len(whole_characters(text))
    assert visible(once) == once
    assert one_line(one_line(text)) == one_line(text)
    middle = text[len(text) // 3 : len(text) // 2].strip()
    parts = one_line_in_parts(text[: len(text) // 3], middle, text[len(text) // 2 :])
    assert all(visible(part) == part for part in parts)
    assert visible(strong_in_markdown(*parts)) == strong_in_markdown(*parts)
    for made in (for_html(text), for_markdown(text), for_chat(text), for_model(text)):
        assert visible(made) == made
