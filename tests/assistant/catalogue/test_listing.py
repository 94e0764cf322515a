"""Questions about the articles themselves, and what the library holds for them."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.catalogue.listing import listing_of
from assistant.catalogue.question import catalogue_question
from index.types import Filters

OUTLETS = ["Demo Herald", "Sample Wire", "The Example Gazette"]
AUTHORS = ["A. Sample", "C. Sample", "Petra Lund"]


@pytest.mark.parametrize(
    ("question", "kind", "words", "outlets", "authors", "limit"),
    [
        ("Which articles mention Boris Johnson?", "articles", ("Boris Johnson",), (), (), None),
        ("list everything the Demo Herald published", "articles", (), ("Demo Herald",), (), None),
        ("Show me everything that C. Sample wrote", "articles", (), (), ("C. Sample",), None),
        ("articles by Lund", "articles", (), (), ("Petra Lund",), None),
        ("What outlets are in here?", "outlets", (), (), (), None),
        ("which authors wrote about the ferry", "authors", ("ferry",), (), (), None),
        ('In which titles does "night ferry" stand?', "articles", ("night ferry",), (), (), None),
        ("the three newest articles", "articles", (), (), (), 3),
        ("what is the oldest article in the gazette?", "articles", (), ("The Example Gazette",), (), 1),
    ],
)  # fmt: skip
def test_conditions_are_read_from_the_words(
    question: str, kind: str, words: tuple[str, ...], outlets: tuple[str, ...], authors: tuple[str, ...],
    limit: int | None,
) -> None:  # fmt: skip
    asked = catalogue_question(question, OUTLETS, AUTHORS)
    assert asked is not None
    assert (asked.kind, asked.words, asked.limit) == (kind, words, limit)
    assert (asked.outlets, asked.authors) == (outlets, authors)


@pytest.mark.parametrize("question", ["What was agreed?", "who is that", "", "Tell me about the ferry"])
def test_question_that_names_nothing_of_a_catalogue_is_none(question: str) -> None:
    assert catalogue_question(question, OUTLETS, AUTHORS) is None


@pytest.mark.parametrize(
    ("question", "filters", "total", "said"),
    [
        ("how many articles are there", Filters(), 16, "16 articles in the collection."),
        ("how many outlets are in here", Filters(), 6, "6 outlets in the collection."),
        ("articles by C. Sample", Filters(), 2, "2 articles by C. Sample."),
        ("which articles mention Witkoff", Filters(), 4, "4 articles with “Witkoff” in title or text."),
        ("which articles mention witkoff's", Filters(), 4, ""),
        ("which articles mention Atlantis", Filters(), 0, "No article with “Atlantis” in title or text."),
        (
            "articles published", Filters(since=date(2025, 3, 19), until=date(2025, 3, 19)), 3,
            "3 articles of 19 March 2025.",
        ),
        ("Who wrote the article about the generators?", Filters(), 1, ""),
    ],
)  # fmt: skip
def test_listing_is_exact_and_says_by_which_conditions(
    assistant: Assistant, question: str, filters: Filters, total: int, said: str
) -> None:
    library = assistant.searcher.library
    asked = catalogue_question(question, library.outlets(), library.authors())
    assert asked is not None
    listing = listing_of(library, asked, filters, "19 March 2025" if filters.since else "")
    assert listing.total == total
    assert not said or listing.said == said


def test_author_and_day_of_one_article_are_told(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote the article about the generators?")
    assert answer.listing is not None
    assert "is by B. Specimen" in answer.listing.said


def test_listing_without_words_is_newest_first(assistant: Assistant) -> None:
    answer = assistant.ask("List the three newest articles.")
    assert answer.listing is not None
    days = [entry.published or "" for entry in answer.listing.entries]
    assert len(days) == 3
    assert days == sorted(days, reverse=True)
