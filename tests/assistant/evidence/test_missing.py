"""What a refusal says is missing, and what must not be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.evidence.missing import missing
from assistant.question.asked_times import is_of_other_time
from index.types import Article, Paragraph
from tests.assistant.reading import read


@pytest.fixture(scope="module")
def article(assistant: Assistant) -> Article:
    """A report of March 18, 2025."""
    return assistant.searcher.library.article("sample-wire-call")


@pytest.fixture(scope="module")
def of_other_time(assistant: Assistant, article: Article) -> Callable[..., bool]:
    (first, *_) = assistant.searcher.library.paragraphs(article)

    def asked(question: str, text: str, published: date | None = article.published) -> bool:
        dated = replace(article, title="", published=published)
        paragraph: Paragraph = replace(first, text=text)
        return is_of_other_time(read(question).times, dated, paragraph)

    return asked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What was agreed?", "They agreed."),
        ("What was agreed in March 2025?", "They agreed."),
        ("What was agreed on March 18?", "They agreed on Tuesday."),
        ("What was agreed in February 2025?", "They agreed last month."),
        ("What was agreed in 2025?", "They agreed."),
        ("What happens on April 17, 2025?", "The pause ends on April 17."),
        ("What was said in November 2024?", "They had agreed in November."),
        ("What was signed in 2015?", "An accord of 2015 failed."),
        ("What was signed in February 2015?", "An accord of 2015 failed."),
        ("What was signed in March 2025 and in 2015?", "They agreed on Tuesday."),
        ("What happens in November 2025?", "The hall is free in November."),
        ("What was hit on December 12, 2024?", "It was hit on Dec. 12."),
        ("What happens on January 15, 2026?", "The deadline is Jan. 15."),
        ("What was said at the 1999 summit?", "The summit of 1999-2001 failed."),
        ("Did 2000 soldiers desert?", "Many deserted."),
        ("What was signed in 2015?", "The accord was signed in Minsk in February 2015."),
    ],
)
def test_paragraph_is_of_the_time_asked_about(
    of_other_time: Callable[..., bool], question: str, text: str
) -> None:  # fmt: skip
    assert not of_other_time(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What was agreed in April 2025?", "They agreed."),
        ("What was agreed in 2022?", "They agreed."),
        ("What was agreed on March 19, 2025?", "They agreed on Tuesday, March 18."),
        ("What happens in April 2026?", "The pause ends on April 17."),
        ("What happens in April 2026?", "The pause ends in April."),
    ],
)
def test_paragraph_is_of_another_time(of_other_time: Callable[..., bool], question: str, text: str) -> None:
    assert of_other_time(question, text)


def test_article_without_a_date_may_be_about_any_time(of_other_time: Callable[..., bool]) -> None:
    assert not of_other_time("What was agreed in 2022?", "They agreed.", published=None)


def test_refusal_names_what_stands_in_no_article(assistant: Assistant) -> None:
    answer = assistant.ask("How tall is the Eiffel Tower?")
    assert answer.text == "The articles do not answer this question. The words “Eiffel Tower” stand in no article."


def test_refusal_names_the_time_that_nothing_near_is_about(assistant: Assistant) -> None:
    answer = assistant.ask("How many prisoners did Russia and Ukraine exchange in 2022?")
    assert answer.text.endswith(" The nearest paragraphs are not about 2022.")


@pytest.mark.parametrize(
    "question",
    [
        "Where is the harbour museum?",  # in a link to another article, which is not searched
        "How many kites does the library lend out?",
        "What did I. Example say?",  # an author
    ],
)
def test_what_stands_beside_the_text_is_not_said_to_be_missing(assistant: Assistant, question: str) -> None:
    assert missing(read(question), [], assistant.searcher.stands) == ""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who paid for the generators?", ""),
        ("Who paid the woman for the co-operation?", ""),
        ("What do papers say about Macron’s reform?", "The word “Macron” stands in no article."),
        ("Did Macron speak to the Pope in 1999?", "The words “Macron”, “Pope” stand in no article."),
        ("Which is the summit of the Zugspitze and Zugspitze?", "The words “summit”, “Zugspitze” stand in no article."),
        ("Who is in the Mu\u0308ller house of the mayor?", "The words “Müller”, “mayor” stand in no article."),
        ("Why wait quietly until then?", ""),
        ("Who paid the 612000 euros, the $4800 and 20kW on 18/03/2020 in the 1990s?", ""),
        ("What did Ms. Leavitt say to Mrs. Clinton?", "The words “Leavitt”, “Clinton” stand in no article."),
        ("WHO WON THE CUP IN 2022?", ""),
        ("Please help me. Summarise it for me.", ""),
        ("Who paid the UAE and the USA?", ""),
        ("Wann hat der Präsident Geburtstag?", ""),
        ("谁付的钱?", ""),
        ("?", ""),
    ],
)
def test_only_names_and_nouns_are_said_to_be_missing(question: str, said: str) -> None:
    known = {"generator", "women", "cooperation", "reform"}
    assert missing(read(question), [], lambda words: bool(known & set(words))) == said


def test_answer_says_that_only_the_outlet_asked_was_searched(assistant: Assistant) -> None:
    answer = assistant.ask("How long did the call last, according to the Gazette?")
    assert answer.answered
    assert answer.note == "The question names The Example Gazette: no other outlet was searched."
    assert assistant.ask("How long did the call last?").note is None
