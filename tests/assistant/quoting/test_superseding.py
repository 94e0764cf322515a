"""What an answer leads with where a later article sets a figure aside, and what a small model is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.differing.differences import Difference, find_differences
from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.question.question import Question
from assistant.quoting.choosing import Quoted, choose
from assistant.quoting.superseding import current_first, without_superseded
from assistant.reader.reader import reader
from assistant.writing.drafting import paragraphs_of
from tests.assistant import reading
from tests.assistant.reports import Report, candidates_of

EARLY = (
    "Daily Leaf", "2021-06-01", "Pears for Lindow",
    "The growers of Lindow have planted 80 pear trees. They will plant no more this year.",
)  # fmt: skip
CORRECTION = (
    "Daily Leaf", "2021-06-03", "More pears than reported",
    ("Correction: an earlier report gave the number as 80.\n"
    "Having counted again, the parish says, the growers of Lindow planted 95 pear trees."),
)  # fmt: skip
UPDATE = (
    "Daily Leaf", "2021-06-04", "Pears for Lindow, again",
    "By the end of the week the growers of Lindow had planted 110 pear trees.",
)  # fmt: skip
RIVAL = (
    "Evening Bud", "2021-06-04", "An orchard grows", "The growers of Lindow planted 70 pear trees, a neighbour said.",
)  # fmt: skip
STALE = (
    "Evening Bud", "2021-06-05", "An orchard grows",
    "A walk around the orchard: the growers of Lindow planted 80 pear trees there in the spring.",
)  # fmt: skip
VILLAGES = (
    "Evening Bud", "2021-06-04", "A feast for pears",
    "Visitors from 80 villages came to see the orchard in which the growers of Lindow planted pear trees.",
)  # fmt: skip
RISEN = (
    "Daily Leaf", "2021-06-04", "Pears for Lindow, again",
    "On Friday the growers of Lindow had planted 110 pear trees, up from 80 on Tuesday.",
)  # fmt: skip
UNKNOWN = (
    "Root", "2021-06-02", "Orchard", "The growers of Lindow planted 80 pear trees, though their sort was not known.",
)  # fmt: skip
DEARER = (
    "Daily Leaf", "2021-06-04", "The price of pears",
    "The pear trees that the growers of Lindow planted cost $500, not $400 as reported.",
)  # fmt: skip
PRICED = (*EARLY[:3], "The growers of Lindow have planted 80 pear trees, which cost $400.")
ASKED = "How many pear trees have the growers of Lindow planted?"

RELATIONS = Relations(reader())
Read = Callable[..., tuple[Question, list[Candidate], list[Difference]]]


@pytest.fixture(scope="session")
def read() -> Read:
    """Return a question, the ranked sentences of some reports, and where these differ."""

    def ask(text: str, *reports: Report, differing: str = "") -> tuple[Question, list[Candidate], list[Difference]]:
        question, other = reading.read(text), reading.read(differing or text)
        candidates = candidates_of(question, reports)
        answering = [quoted.candidate for quoted in chosen_from(question, candidates)]
        differences = find_differences(other, candidates, RELATIONS, answering)
        assert differences, "the reports differ"
        return question, candidates, differences

    return ask


def chosen_from(question: Question, candidates: Sequence[Candidate]) -> list[Quoted]:
    return choose(question, candidates, RELATIONS)


def quoted(question: Question, candidates: Sequence[Candidate], differences: Sequence[Difference]) -> list[str]:
    chosen = current_first(question, chosen_from(question, candidates), differences)
    return [each.candidate.sentence.text for each in chosen]


@pytest.mark.parametrize(
    "text",
    [
        ASKED,
        "What is the latest number of pear trees planted by the growers of Lindow?",
        "What is the correct number of pear trees planted by the growers of Lindow?",
        "Is it 80 pear trees that the growers of Lindow planted?",
        "Which number of pear trees planted in Lindow is right, 80 or 95?",
        "How many pear trees did the growers of Lindow plant before the storm?",
    ],
)
def test_corrected_figure_gives_way_to_the_one_that_stands(read: Read, text: str) -> None:
    first, *others = quoted(*read(text, EARLY, CORRECTION))
    assert "95 pear trees" in first
    assert not any("80 pear trees" in other for other in others)


def test_stale_repeat_does_not_bring_a_corrected_figure_back(read: Read) -> None:
    first, *_ = quoted(*read(ASKED, EARLY, CORRECTION, STALE))
    assert "95 pear trees" in first


def test_correction_leads_and_not_whoever_else_gave_a_figure(read: Read) -> None:
    first, *_ = quoted(*read(ASKED, EARLY, CORRECTION, RIVAL))
    assert "95 pear trees" in first


def test_stale_repeat_elsewhere_does_not_reverse_an_update(read: Read) -> None:
    question, candidates, differences = read(ASKED, EARLY, UPDATE, STALE)
    chosen = sorted(chosen_from(question, candidates), key=lambda each: "110" not in each.candidate.sentence.text)
    assert "110" in chosen[0].candidate.sentence.text
    assert current_first(question, chosen, differences) == chosen
    assert without_superseded(question, candidates, differences) == candidates


def test_update_by_the_same_outlet_leads_and_the_older_figure_stays(read: Read) -> None:
    first, *others = quoted(*read(ASKED, EARLY, UPDATE))
    assert "110 pear trees" in first
    assert any("80 pear trees" in other for other in others)


@pytest.mark.parametrize("further", [[], [VILLAGES], [UNKNOWN]])
def test_newer_figure_of_another_outlet_makes_nothing_wrong(read: Read, further: list[Report]) -> None:
    question, candidates, differences = read(ASKED, EARLY, RIVAL, *further)
    chosen = chosen_from(question, candidates)
    assert current_first(question, chosen, differences) == chosen
    assert without_superseded(question, candidates, differences) == candidates


@pytest.mark.parametrize(
    "text",
    [
        "How many pear trees did the growers of Lindow plant according to the first report?",
        "How many pear trees had the growers of Lindow planted as it was first reported?",
        "How many pear trees did the Daily Leaf name before it was corrected?",
        "How many pear trees of the growers did the Daily Leaf mistakenly report?",
        "Which number of pear trees that the growers planted was wrong?",
        "Which growers planted 80 pear trees?",
        "Where have the growers of Lindow planted pear trees?",
        "How many pear trees had the growers of Lindow planted in May 2019?",
    ],
)
def test_question_about_something_else_is_answered_as_before(read: Read, text: str) -> None:
    question, candidates, differences = read(text, EARLY, CORRECTION, differing=ASKED)
    chosen = chosen_from(question, candidates)
    assert current_first(question, chosen, differences) == chosen
    assert without_superseded(question, candidates, differences) == candidates


@pytest.mark.parametrize("day", ["by June 1", "as of Tuesday", "until yesterday", "in the first week", "by 9 a.m."])
def test_question_about_a_day_keeps_the_figure_of_that_day(read: Read, day: str) -> None:
    text = f"How many pear trees had the growers of Lindow planted {day}?"
    question, candidates, differences = read(text, EARLY, UPDATE, differing=ASKED)
    chosen = chosen_from(question, candidates)[::-1]
    assert current_first(question, chosen, differences) == chosen
    assert without_superseded(question, candidates, differences) == candidates


def test_figure_that_rose_is_not_wrong(read: Read) -> None:
    question, candidates, differences = read(ASKED, EARLY, RIVAL, RISEN)
    assert any("80 pear trees" in text for text in quoted(question, candidates, differences))


def test_corrected_price_leaves_the_number_alone(read: Read) -> None:
    differing = "How much did the pear trees of the growers of Lindow cost?"
    question, candidates, differences = read(ASKED, PRICED, DEARER, differing=differing)
    chosen = chosen_from(question, candidates)
    assert current_first(question, chosen, differences) == chosen
    first, *_ = quoted(*read(differing, PRICED, DEARER))
    assert "$500" in first


def test_small_model_is_not_shown_a_superseded_figure(read: Read) -> None:
    twice = (*EARLY[:3], f"{EARLY[3]}\nAll 80 pear trees stand by the lane that the growers of Lindow dug.")
    question, candidates, differences = read(ASKED, twice, CORRECTION)
    left = without_superseded(question, candidates, differences)
    assert {each.paragraph.article_id for each in candidates} == {"a0", "a1"}
    assert {each.paragraph.article_id for each in left} == {"a1"}


def test_successor_is_read_where_the_superseded_figure_would_have_been(read: Read) -> None:
    others = [
        ("Root", "2021-06-02", "Pears", f"The growers of Lindow planted pear trees {where}.")
        for where in ("by the lane", "by the mill", "at the weir", "behind the inn", "along the wall")
    ]
    late = (*CORRECTION[:3], "A word to our readers: it was 95 trees in the orchard of the growers, not 80, we regret.")
    question, candidates, differences = read(ASKED, EARLY, *others, late)
    (before,) = paragraphs_of(candidates, 1)
    assert before.paragraph.article_id == "a0"
    left = without_superseded(question, candidates, differences)
    (shown,) = paragraphs_of(left, 1)
    assert shown.paragraph.article_id == "a6"


def test_small_model_is_left_what_there_is_where_the_successor_was_not_found(read: Read) -> None:
    question, candidates, differences = read(ASKED, EARLY, CORRECTION)
    found = [each for each in candidates if each.paragraph.article_id == "a0"]
    assert without_superseded(question, found, differences) == found
