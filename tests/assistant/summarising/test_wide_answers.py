"""Wide questions over the sample collection: each form as a reader gets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.types import Answer, Form, Outcome
from index.embedding.minilm import MiniLM
from index.search import Searcher
from index.types import Filters
from tests.assistant.written_articles import library_of


def lines(answer: Answer) -> list[str]:
    """Return the headings of the sections."""
    return [section.heading for section in answer.sections]


def assert_whole(assistant: Assistant, answer: Answer) -> None:
    """Every quote stands in its article; each claim is in one section at most."""
    for citation in answer.citations:
        article = assistant.searcher.library.article(citation.article, citation.revision)
        assert article.text[citation.start : citation.end] == citation.quote
    places = [place for section in answer.sections for place in section.claims]
    assert len(places) == len(set(places))
    assert all(0 <= place < len(answer.claims) for place in places)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Summarise the phone call between Trump and Putin.", Form.OVERVIEW),
        ("Give me a timeline of the prisoner swap.", Form.TIMELINE),
        ("What is the latest on the three-way talks?", Form.LATEST),
        ("Compare what the Demo Herald and the Specimen Post report about the prisoners.", Form.COMPARISON),
        ("Who is Steve Witkoff?", Form.WHO_IS),
        ("What do people say about the pause?", Form.OPINION),
    ],
)
def test_wide_question_gets_an_answer_of_its_form(assistant: Assistant, question: str, form: Form) -> None:
    answer = assistant.ask(question)
    assert (answer.form, answer.outcome) == (form, Outcome.ANSWERS)
    assert len(answer.claims) > 1
    assert_whole(assistant, answer)


def test_timeline_is_in_order(assistant: Assistant) -> None:
    answer = assistant.ask("Give me a timeline of the prisoner swap.", form=Form.TIMELINE)
    days = [section.day for section in answer.sections]
    assert len(days) > 2
    assert days == sorted(filter(None, days))
    assert lines(answer)[0] == "11 March 2025"


def test_latest_begins_with_the_newest_day(assistant: Assistant) -> None:
    answer = assistant.ask("What is the latest on Kyiv?", form=Form.LATEST)
    days = [section.day or "" for section in answer.sections]
    assert days == sorted(days, reverse=True)


def test_comparison_has_a_section_for_each_outlet_named(assistant: Assistant) -> None:
    question = "Compare what the Demo Herald and the Specimen Post report about the prisoners."
    answer = assistant.ask(question, form=Form.COMPARISON)
    assert lines(answer) == ["Demo Herald", "Specimen Post"]
    for section in answer.sections:
        outlets = {answer.claims[place].citations[0].outlet for place in section.claims}
        assert outlets == {section.heading}


def test_no_sentence_of_an_overview_repeats_another(assistant: Assistant) -> None:
    answer = assistant.ask("Summarise the articles of March 2025.", form=Form.OVERVIEW)
    texts = [claim.text for claim in answer.claims]
    assert len(texts) == len(set(texts))
    assert "March 2025" in (answer.note or "")


def test_wide_question_about_what_no_article_has_is_refused(assistant: Assistant) -> None:
    answer = assistant.ask("Summarise the coverage of the Olympic Games.", form=Form.OVERVIEW)
    assert not answer.answered
    assert answer.coverage is not None


def test_filters_of_the_reader_hold(assistant: Assistant) -> None:
    answer = assistant.ask("Summarise everything.", filters=Filters(outlets=("Specimen Post",)), form=Form.OVERVIEW)
    assert {citation.outlet for citation in answer.citations} == {"Specimen Post"}


def test_period_without_articles_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("What happened in May 2019?", form=Form.OVERVIEW)
    assert not answer.answered
    assert "May 2019" in answer.text


def test_greeting_gets_a_reply_and_no_refusal(assistant: Assistant) -> None:
    answer = assistant.ask("hello")
    assert answer.form is Form.TALK
    assert answer.coverage is None
    assert not answer.evidence


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Assistant]:
    """A collection with a licence and a test page in it, and a director who was replaced."""
    folder = tmp_path_factory.mktemp("harbour")
    articles = {
        "old": (
            "Council picks Larsen", "Vendel Post", "2021-05-10",
            "The council of Vendel has picked Nils Larsen as director of the harbour.",
        ),
        "new": (
            "Harbour director Larsen quits", "Vendel Post", "2024-04-22",
            "Nils Larsen has quit as director of the harbour of Vendel. His deputy, Grace Okafor, took over on Monday.",
        ),
        "figures": (
            "Harbour figures", "Vendel Post", "2024-02-02",
            "The harbour of Vendel handled 3.4m tonnes of freight in 2023.",
        ),
        "test": ("Test page", "Vendel Post", "2024-02-03", "This is a test page of the harbour of Vendel."),
    }  # fmt: skip
    (folder / "articles").mkdir()
    (folder / "articles" / "LICENSE.md").write_text("The harbour of Vendel may be copied by anybody, as it is.\n")
    library = library_of(articles, folder, minilm)
    with Assistant(Searcher.open(library, minilm), today=lambda: date(2024, 5, 1)) as opened:
        yield opened


def test_licence_and_test_page_are_no_articles_of_an_overview_or_count(harbour: Assistant) -> None:
    answer = harbour.ask("Summarise what is said of the harbour of Vendel", form=Form.OVERVIEW)
    assert {citation.article for citation in answer.citations} <= {"old", "new", "figures"}
    counted = harbour.ask("How many articles are there?", form=Form.COUNT)
    assert counted.listing is not None
    assert counted.listing.total == 3


def test_last_week_is_seen_from_the_newest_article(harbour: Assistant) -> None:
    answer = harbour.ask("What happened this month?", form=Form.OVERVIEW)
    assert {citation.article for citation in answer.citations} == {"new"}
    assert "seen from the newest article, of 22 April 2024" in (answer.note or "")


def test_who_holds_an_office_now_is_told_by_the_newest_article_with_what_it_replaces(harbour: Assistant) -> None:
    answer = harbour.ask("Who is the current director of the harbour of Vendel?", form=Form.FACT)
    assert [claim.citations[0].article for claim in answer.claims] == ["new", "old"]
