from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.disagreement import find_differences
from assistant.quoting import choose
from assistant.ranking import Question
from assistant.superseding import current_first, without_superseded
from index.embedding import MiniLM
from tests.assistant.reports import Report, candidates_of

EARLY = (
    "Daily Leaf", "2021-06-01", "Pears for Lindow",
    "The growers of Lindow have planted 80 pear trees. They will plant no more this year.",
)  # fmt: skip
LATE = (
    "Daily Leaf", "2021-06-03", "More pears than reported",
    ("Correction: an earlier report gave the number as 80.\n"
    "Having counted again on a wet Thursday, the parish says, the growers of Lindow planted 95 pear trees."),
)  # fmt: skip
RIVAL = (
    "Evening Bud", "2021-06-01", "An orchard grows", "The growers of Lindow planted 70 pear trees, a neighbour said.",
)  # fmt: skip

Quote = Callable[..., list[str]]


@pytest.fixture(scope="session")
def quote(minilm: MiniLM) -> Quote:
    """Return the sentences that would be quoted first, second and third."""

    def ask(text: str, *reports: Report) -> list[str]:
        question = Question.analyse(text, minilm, lambda term: 1.0)
        candidates = candidates_of(question, reports, minilm)
        chosen = choose(question, candidates)
        differences = find_differences(question, candidates, [quoted.candidate for quoted in chosen])
        assert differences, "the reports differ"
        return [each.candidate.sentence.text for each in current_first(question, chosen, differences)]

    return ask


def test_superseded_figure_makes_way_for_the_one_that_stands(quote: Quote) -> None:
    first, *others = quote("How many pear trees have the growers of Lindow planted?", EARLY, LATE)
    assert "95 pear trees" in first
    assert not any("80 pear trees" in other for other in others)


def test_whether_the_superseded_figure_is_right_is_answered_by_the_one_that_stands(quote: Quote) -> None:
    first, *_ = quote("Is it 80 pear trees that the growers of Lindow planted?", EARLY, LATE)
    assert "95 pear trees" in first


def test_of_two_figures_named_the_one_that_stands_answers(quote: Quote) -> None:
    first, *_ = quote("Were 80 or 95 pear trees planted in Lindow, which number is right?", EARLY, LATE)
    assert "95 pear trees" in first


@pytest.mark.parametrize(
    "question",
    [
        "How many pear trees did the growers of Lindow plant according to the first report?",
        "Which growers planted 80 pear trees?",
        "How many pear trees had the growers of Lindow planted in May 2019?",
    ],
)
def test_question_about_what_stood_before_is_answered_with_it(minilm: MiniLM, question: str) -> None:
    analysed = Question.analyse(question, minilm, lambda term: 1.0)
    candidates = candidates_of(analysed, [EARLY, LATE], minilm)
    asked = Question.analyse("How many pear trees have the growers of Lindow planted?", minilm, lambda term: 1.0)
    differences = find_differences(asked, candidates)
    assert [version.superseded for difference in differences for version in difference.versions] == [False, True]
    chosen = choose(analysed, candidates)
    assert current_first(analysed, chosen, differences) == chosen
    assert without_superseded(analysed, candidates, differences) == candidates


def test_articles_of_one_day_that_differ_keep_their_order(quote: Quote, minilm: MiniLM) -> None:
    text = "How many pear trees have the growers of Lindow planted?"
    question = Question.analyse(text, minilm, lambda term: 1.0)
    chosen = choose(question, candidates_of(question, [EARLY, RIVAL], minilm))
    assert quote(text, EARLY, RIVAL) == [each.candidate.sentence.text for each in chosen]


def test_small_model_is_not_shown_a_superseded_paragraph(minilm: MiniLM) -> None:
    question = Question.analyse("How many pear trees have the growers of Lindow planted?", minilm, lambda term: 1.0)
    candidates = candidates_of(question, [EARLY, LATE], minilm)
    left = without_superseded(question, candidates, find_differences(question, candidates))
    assert {each.paragraph.article_id for each in candidates} == {"a0", "a1"}
    assert {each.paragraph.article_id for each in left} == {"a1"}
