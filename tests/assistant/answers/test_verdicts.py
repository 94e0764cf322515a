"""What readers are told of a claim: a quotation is word for word, nothing more."""

from __future__ import annotations

import pytest

from assistant.answers.from_json import answer_from_json
from assistant.answers.html_page import as_html
from assistant.answers.markdown import as_markdown
from assistant.answers.verdicts import is_quoted, made, shown_verdict
from assistant.cli.terminal.answers import AnswerPrinter
from assistant.cli.terminal.printing import Terminal
from assistant.types import Answer, Citation, Claim, Source, Verdict

CITATION = Citation(1, "a", "a.txt", 1, 7, "It rained.", 0, 10)
QUOTATION = Claim("It rained.", Verdict.SUPPORTED, ("quoted word for word",), (CITATION,))
OWN = Claim("Rain fell.", Verdict.SUPPORTED, ("stated in the cited paragraph",), (CITATION,))
MIXED = "Written by tiny, each sentence checked against its sources; 1 of 2 quoted word for word."


def answer(writer: str, *claims: Claim) -> Answer:
    sources = (Source(1, "a", "a.txt", 1, 7, "It rained."),)
    return Answer(
        "i", "Did it rain?", "Did it rain?", True, "It rained. [1]", "2025-03-18", writer, claims, sources, model="tiny"
    )


def test_only_what_its_first_source_says_in_the_same_words_is_word_for_word() -> None:
    altered = Claim("It rained.", Verdict.UNSUPPORTED, ("not there",), (CITATION,))
    uncited = Claim("It rained.", Verdict.SUPPORTED, (), ())
    assert [shown_verdict(claim) for claim in (QUOTATION, OWN, altered, uncited)] == [
        "word for word", "supported", "unsupported", "supported"
    ]  # fmt: skip
    assert [is_quoted(claim) for claim in (QUOTATION, OWN, altered, uncited)] == [True, False, False, False]


def test_programs_find_the_verdict_as_it_was() -> None:
    stored = answer("quoting", QUOTATION).to_json()
    assert stored["claims"][0]["verdict"] == "supported"
    assert answer_from_json(stored).claims == (QUOTATION,)


def test_answer_of_a_model_tells_what_of_it_is_quoted() -> None:
    assert made(answer("quoting", QUOTATION)) == "Quoted word for word"
    assert made(answer("composed", OWN)) == "Written by tiny, each sentence checked against its sources"
    assert f"{made(answer('composed', OWN, QUOTATION))}." == MIXED


@pytest.mark.parametrize(("writer", "told"), [("quoting", "Quoted word for word."), ("composed", MIXED)])
def test_no_door_calls_a_quotation_supported(writer: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(writer, QUOTATION) if writer == "quoting" else answer(writer, OWN, QUOTATION)
    AnswerPrinter(Terminal()).answer(shown)
    for text in (capsys.readouterr().out, as_markdown("Rain", [shown]), as_html("Rain", [shown])):
        assert told in text
        assert "supported" not in text.replace("unsupported", "")
