"""What is suggested after an answer: only what the articles answer, from a place that is not cited yet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.answering import Assistant
from assistant.models.types import Message
from assistant.service.asking_next import MOST_SHOWN, named_in, suggest
from assistant.types import Turn
from index.errors import ModelError
from index.types import Filters, Paragraph, ParagraphKind
from tests.fakes import ScriptedModel

GENERATORS = "How were the generators transported to Kharkiv?"
PAUSE = "For how many days will Russia stop striking energy infrastructure?"


def paragraph(text: str) -> Paragraph:
    return Paragraph("a", 1, text, 0, len(text), ParagraphKind.BODY)


def test_names_of_two_words_are_asked_about_once() -> None:
    near = [
        paragraph("Hanna Brekke met Tor Vik in Skar. Whether Skar pays is open."),
        paragraph("On Friday Hanna Brekke left the Harbour Museum."),
    ]
    assert list(named_in(near, ["What did Tor Vik say?"])) == ["Hanna Brekke", "Harbour Museum"]


@pytest.mark.parametrize("question", [GENERATORS, PAUSE])
def test_suggestions_are_answered_from_where_was_not_cited(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    history = [Turn(question, answer.text)]
    suggested = suggest(assistant, answer, history, seconds=600)
    assert 1 <= len(suggested) <= MOST_SHOWN
    cited = {(citation.article, citation.paragraph) for citation in answer.citations}
    for each in suggested:
        found = assistant.ask(each, history)
        assert found.answered
        assert (found.citations[0].article, found.citations[0].paragraph) not in cited


def test_what_was_asked_or_is_filtered_away_is_not_suggested(assistant: Assistant) -> None:
    answer = assistant.ask(PAUSE)
    suggested = suggest(assistant, answer, [Turn(PAUSE, answer.text)], seconds=600)
    again = suggest(assistant, answer, [Turn(suggested[0]), Turn(PAUSE, answer.text)], seconds=600)
    assert suggested[0] not in again
    assert suggest(assistant, answer, [], Filters(articles=("nothing-like-it",)), seconds=600) == []


def test_refusal_suggests_nothing(assistant: Assistant) -> None:
    assert suggest(assistant, assistant.ask("Who won the 2022 World Cup?")) == []


def test_large_model_proposes_and_what_the_articles_do_not_answer_is_left_out(assistant: Assistant) -> None:
    proposed = "How many hospitals in Kharkiv got a generator?"

    def reply(_: Sequence[Message]) -> str:
        return f"1. {proposed}\nWho won the 2022 World Cup?\nNo question.\n- {GENERATORS}\n"

    model = ScriptedModel(reply)
    answer = assistant.ask(GENERATORS)
    suggested = suggest(Assistant(assistant.searcher, model), answer, [Turn(GENERATORS, answer.text)], seconds=600)
    assert suggested[0] == proposed
    assert not {"Who won the 2022 World Cup?", GENERATORS} & set(suggested)
    shown = model.asked[0][-1].content
    cited = {citation.paragraph for citation in answer.citations}
    assert "hospitals" in shown
    assert cited


def test_model_that_fails_leaves_the_names(assistant: Assistant) -> None:
    model = ScriptedModel(lambda _: "", broken=ModelError("The endpoint is down.", "unreachable"))
    answer = assistant.ask(PAUSE)
    alone = suggest(assistant, answer, [Turn(PAUSE, answer.text)], seconds=600)
    assert suggest(Assistant(assistant.searcher, model), answer, [Turn(PAUSE, answer.text)], seconds=600) == alone
