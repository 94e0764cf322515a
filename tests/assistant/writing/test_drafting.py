"""A small model reads paragraph by paragraph: what it says decides what is quoted, and whether anything is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import REFUSAL, Assistant
from assistant.calibration.fitted import calibration
from assistant.config import Settings
from assistant.models.choosing import make_model
from assistant.trace import Trace
from assistant.types import Answer, Verdict
from assistant.writing.drafting import DECLINED
from assistant.writing.small_model import PARAGRAPHS_READ, answerability_from
from index.embedding.minilm import MiniLM
from index.search import Searcher
from tests.assistant.openai_wire import Wire

QUESTION = "For how many days will Russia stop striking energy infrastructure?"
STATES = "will stop striking"
SENTENCE = "Russia will stop striking Ukraine's energy infrastructure for 30 days."

Says = Callable[[str], bool]


@pytest.fixture
def ask(sample_library: Path, minilm: MiniLM) -> Iterator[Callable[..., tuple[Answer, dict[str, Any]]]]:
    """Ask with a small model that says which paragraphs answer, and writes one sentence from whichever it is shown."""
    with Wire() as wire:
        made = make_model(Settings(openai_base_url=wire.url, openai_api_key="k", model_size="small"))
        assert made is not None
        with Assistant(Searcher.open(sample_library, minilm), made) as assistant:

            def asked(says: Says, sentence: str = SENTENCE, question: str = QUESTION) -> tuple[Answer, dict[str, Any]]:
                def reply(request: dict[str, Any]) -> str:
                    prompt = request["messages"][-1]["content"]
                    if prompt.endswith("Reply yes or no."):
                        return "Yes" if says(prompt) else "No"
                    return sentence

                wire.script(reply)
                trace = Trace(made)
                answer = assistant.ask(question, trace=trace)
                steps = {step.name: step.details for step in trace.steps}
                return answer, steps.get("compose", {})

            yield asked


def test_best_paragraph_is_written_from_and_quoted_beneath(ask: Callable[..., tuple[Answer, dict[str, Any]]]) -> None:
    answer, read = ask(lambda prompt: STATES in prompt)
    assert answer.writer == "composed"
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED] * len(answer.claims)
    written, quoted, *_ = answer.claims
    assert written.text == SENTENCE
    assert STATES in quoted.text
    assert quoted.text == quoted.citations[0].quote
    assert len(read["read"]) == PARAGRAPHS_READ
    assert len({(citation.article, citation.paragraph) for citation in answer.citations}) == 1


def test_sentence_that_the_paragraph_does_not_state_is_not_shown(
    ask: Callable[..., tuple[Answer, dict[str, Any]]],
) -> None:
    answer, read = ask(lambda prompt: STATES in prompt, SENTENCE.replace("30", "45"))
    assert answer.answered
    assert "45" not in answer.text
    assert all(claim.text == claim.citations[0].quote for claim in answer.claims)
    assert read["features"]["borne_out"] == 0


def test_model_that_finds_no_answer_makes_a_refusal_that_says_so(
    ask: Callable[..., tuple[Answer, dict[str, Any]]],
) -> None:
    answer, _ = ask(lambda _: False, "NOT IN THE ARTICLES", "Which general commands the Black Sea fleet?")
    assert (answer.answered, answer.text, answer.claims) == (False, REFUSAL, ())
    assert answer.note == DECLINED
    assert answer.coverage is not None


def test_second_paragraph_is_quoted_only_if_the_model_is_sure_of_it(
    ask: Callable[..., tuple[Answer, dict[str, Any]]],
) -> None:
    def places(says: Says) -> set[tuple[str, int]]:
        answer, _ = ask(says)
        return {(citation.article, citation.paragraph) for citation in answer.citations}

    one = places(lambda prompt: STATES in prompt)
    assert one <= places(lambda _: True)
    assert len(one) == 1


def test_borne_out_sentence_raises_the_probability_of_an_answer(
    ask: Callable[..., tuple[Answer, dict[str, Any]]],
) -> None:
    _, with_it = ask(lambda _: True)
    _, without = ask(lambda _: True, "NOT IN THE ARTICLES")
    assert answerability_from(with_it["features"], calibration()) > answerability_from(
        without["features"], calibration()
    )
