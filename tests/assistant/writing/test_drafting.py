"""A small model writes a sentence from the best paragraph, and is asked first where the reader is unsure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.assembling import REFUSAL
from assistant.config import Settings
from assistant.models.choosing import make_model
from assistant.trace import Trace
from assistant.types import Answer, Outcome, Verdict
from assistant.writing.drafting import DECLINED, paragraphs_of
from index.embedding.minilm import MiniLM
from index.search import Searcher
from tests.assistant.openai_wire import Wire
from tests.assistant.reading import read
from tests.assistant.reports import candidates_of
from tests.fakes import FakeReader

QUESTION = "For how many days will Russia stop striking energy infrastructure?"
STATES = "will stop striking"
SENTENCE = "Russia will stop striking Ukraine's energy infrastructure for 30 days."
REPORT = (
    "Daily Leaf", "2021-06-01", "Pears for Lindow",
    "The growers met on Sunday. They planted 80 pear trees.\nNobody counted the plums. The mayor spoke.",
)  # fmt: skip

Says = Callable[[str], bool]
Ask = Callable[..., tuple[Answer, dict[str, Any]]]


@pytest.fixture
def ask(sample_library: Path, minilm: MiniLM, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Ask with a small model that says which paragraphs answer, and writes one sentence from whichever it is shown."""
    with Wire() as wire:
        made = make_model(Settings(openai_base_url=wire.url, openai_api_key="k", model_size="small"))
        assert made is not None
        with Assistant(Searcher.open(sample_library, minilm), made) as assistant:

            def asked(
                says: Says, sentence: str = SENTENCE, outcome: Outcome = Outcome.MAY_ANSWER
            ) -> tuple[Answer, dict[str, Any]]:
                def reply(request: dict[str, Any]) -> str:
                    prompt = request["messages"][-1]["content"]
                    if prompt.endswith("Reply yes or no."):
                        return "Yes" if says(prompt) else "No"
                    return sentence

                monkeypatch.setattr("assistant.answering.outcome_of", lambda _: outcome)
                wire.script(reply)
                trace = Trace(made)
                answer = assistant.ask(QUESTION, trace=trace)
                steps = {step.name: step.details for step in trace.steps}
                return answer, steps.get("compose", {})

            yield asked


def test_best_paragraph_is_written_from_and_quoted_beneath(ask: Ask) -> None:
    answer, read = ask(lambda prompt: STATES in prompt)
    assert answer.writer == "composed"
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED] * len(answer.claims)
    written, quoted, *_ = answer.claims
    assert written.text == SENTENCE
    assert STATES in quoted.text
    assert quoted.text == quoted.citations[0].quote
    assert len(read["read"]) == 1, "just the best paragraph is read"


def test_sentence_that_the_paragraph_does_not_state_is_not_shown(ask: Ask) -> None:
    answer, read = ask(lambda prompt: STATES in prompt, SENTENCE.replace("30", "45"))
    assert answer.answered
    assert "45" not in answer.text
    assert all(claim.text == claim.citations[0].quote for claim in answer.claims)
    assert "45" in read["written"][0]


def test_model_that_finds_no_answer_makes_a_refusal_that_says_so(ask: Ask) -> None:
    answer, _ = ask(lambda _: False)
    assert (answer.answered, answer.outcome, answer.claims) == (False, Outcome.NO_ANSWER, ())
    assert answer.text.startswith(REFUSAL)
    assert answer.note == DECLINED
    assert answer.coverage is not None


def test_where_the_reader_is_sure_the_model_is_not_asked_whether_it_answers(ask: Ask) -> None:
    answer, read = ask(lambda _: False, outcome=Outcome.ANSWERS)
    assert answer.answered
    assert answer.claims[0].text == SENTENCE
    assert "read" not in read


def test_where_the_reader_is_sure_of_no_answer_no_model_is_asked(ask: Ask) -> None:
    answer, read = ask(lambda _: True, outcome=Outcome.NO_ANSWER)
    assert (answer.answered, answer.writer, read) == (False, "quoting", {})


def test_each_paragraph_is_shown_once_in_the_order_of_its_best_sentence() -> None:
    ranked = candidates_of(read("How many pear trees were planted?"), [REPORT], FakeReader())
    in_order = sorted(ranked, key=lambda candidate: candidate.place)
    assert [entry.paragraph.number for entry in paragraphs_of(in_order[::-1], 4)] == [2, 1]
    assert [entry.paragraph.number for entry in paragraphs_of(in_order, 1)] == [1]
