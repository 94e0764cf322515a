"""What two sentences of different articles have to do with each other."""

from __future__ import annotations

import pytest

from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.reader.reader import reader
from tests.assistant.reading import read
from tests.assistant.reports import candidates_of
from tests.fakes import FakeReader

WORDS = ("will build", "will not build")


def two(first: str, second: str) -> tuple[Candidate, Candidate]:
    """The only sentences of two articles."""
    reports = [("A", "2024-01-01", "Report", first), ("B", "2024-01-02", "Report", second)]
    one, other = sorted(candidates_of(read("What?"), reports, FakeReader()), key=lambda each: each.place)
    return one, other


def test_same_words_state_the_same() -> None:
    assert Relations(reader()).states(*two("Hov will build a harbour.", "Hov will build a harbour."))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The council of Hov will build 12 boats.", "The council of Hov will build 14 boats."),
        ("Ann Lee will build a harbour in Hov.", "Tom Bell will build a harbour in Hov."),
        ("The council of Hov will build a harbour.", "The council of Hov will not build a harbour."),
        ("The council of Hov will build a harbour.", "It rained in Skar for three days."),
        ("Ann Lee hit Tom Bell.", "Tom Bell hit Ann Lee."),
    ],
)
def test_other_figure_name_denial_matter_or_doer_is_never_cited_for_the_same(first: str, second: str) -> None:
    relations = Relations(reader())
    assert not relations.states(*two(first, second))
    assert not relations.states(*two(second, first))


def test_sentences_are_at_odds_whichever_stands_first() -> None:
    relations = Relations(FakeReader([WORDS]))
    one, other = two("Hov will build a harbour.", "Hov will not build a harbour.")
    assert relations.at_odds(one, other)
    assert relations.at_odds(other, one)
    assert relations.about_one_thing(one, other)
    assert not relations.states(one, other)


def test_sentence_is_read_with_the_one_before_it() -> None:
    fake = FakeReader()
    reports = [
        ("A", "2024-01-01", "Report", "Hov has no harbour."),
        ("B", "2024-01-02", "Report", "Hov needs a harbour. It will build one."),
    ]
    one, _, last = sorted(candidates_of(read("What?"), reports, fake), key=lambda each: each.place)
    Relations(fake).judgement(one, last)
    assert fake.judged == [("Hov has no harbour.", "Hov needs a harbour. It will build one.")]
