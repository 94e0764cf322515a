"""What is suggested after an answer: only what the articles answer, from a place that is not cited yet."""

from __future__ import annotations

import pytest

from assistant.answering import Assistant
from assistant.followups import MOST_SHOWN, proposals_in, suggest
from assistant.types import Turn
from index.types import Filters, Kind, Paragraph


def questions(text: str) -> list[str]:
    return [proposal.question for proposal in proposals_in(Paragraph("a", 1, text, 0, len(text), Kind.BODY))]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Alexander Grushko, a deputy minister, told Izvestia.", "What did Alexander Grushko tell Izvestia?"),
        ("Steve Witkoff said the next round would come.", "What did Steve Witkoff say about the next round?"),
        ("“It is open,” said G. Sample, who lectures at a college.", "What did G. Sample say?"),
        ("K. Sample, who manages the rink, was not there.", "Who is K. Sample?"),
        ("Kyiv wants guarantees too.", "What does Kyiv want?"),
        ("The White House wants a full ceasefire.", "What does the White House want?"),
        ("The journey took 41 hours.", "How long did the journey take?"),
        ("The fund trained 27 technicians before it set out.", "How many technicians did the fund train?"),
        ("A second convoy, with 16 generators, is planned for Feb. 18.", "What is planned for Feb. 18?"),
        ("The council voted 7 to 2 in favour.", "How did the council vote?"),
        ("Trump wrote on social media that the aim was peace.", "What did Trump write on social media?"),
        ("The White House called the step a start.", "What did the White House call the step?"),
    ],
)  # fmt: skip
def test_writing_of_the_news_becomes_a_question(text: str, question: str) -> None:
    assert question in questions(text)


@pytest.mark.parametrize(
    "text",
    [
        "It wants foreign aid to end.",
        "He told Trump about it.",
        "They said the talks would go on.",
        "Nothing happened on the border overnight.",
        "The Example Gazette, a newspaper, was not at the meeting.",
        "The Specimen Relief Fund, the fund said, has not changed its plans.",
    ],
)
def test_nothing_is_asked_of_pronouns_papers_and_funds(text: str) -> None:
    assert questions(text) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "How were the generators transported to Kharkiv?",
            {
                "How long did the journey take?",
                "How many technicians did the fund train?",
                "What did O. Specimen say?",
            },
        ),
        (
            "For how many days will Russia stop striking energy infrastructure?",
            {
                "What did Putin order?",
                "What did the White House call the energy step?",
                "What did Trump write on social media?",
            },
        ),
    ],
)
def test_suggestions_are_answered_from_where_was_not_cited(
    assistant: Assistant, question: str, expected: set[str]
) -> None:
    answer = assistant.ask(question)
    history = [Turn(question, answer.text)]
    suggested = suggest(assistant, answer, history, seconds=600)
    assert set(suggested) == expected
    cited = {(citation.article, citation.paragraph) for citation in answer.citations}
    for each in suggested:
        found = assistant.ask(each, history)
        assert found.answered
        assert (found.citations[0].article, found.citations[0].paragraph) not in cited


def test_what_was_asked_or_is_filtered_away_is_not_suggested(assistant: Assistant) -> None:
    question = "How were the generators transported to Kharkiv?"
    answer = assistant.ask(question)
    history = [Turn("How long did the journey take?"), Turn(question, answer.text)]
    suggested = suggest(assistant, answer, history, seconds=600)
    assert "How long did the journey take?" not in suggested
    assert len(suggested) <= MOST_SHOWN
    assert suggest(assistant, answer, history, Filters(outlets=("Sample Wire",)), seconds=600) == []


def test_refusal_suggests_nothing(assistant: Assistant) -> None:
    assert suggest(assistant, assistant.ask("Who won the 2022 World Cup?")) == []
