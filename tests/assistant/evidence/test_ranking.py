"""Which sentences are read, in which order they stand, and how likely the first answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evidence.finding import candidates_in, unread_in
from assistant.evidence.ranking import Candidate, answerability, header
from assistant.reader.reader import Reader, reader
from index.indexing import Indexer
from index.search import Searcher
from index.types import ParagraphKind
from tests.assistant.reading import read
from tests.assistant.reports import candidates_of
from tests.fakes import FakeEmbedder, FakeReader

Ranked = Callable[..., Sequence[Candidate]]
RINK = """Who pays for the rink in Demo Falls

The rink in Demo Falls costs 40,000 euros a year. It is paid for by the town, the mayor said.

It was built by skaters. It opened on Monday."""


@pytest.fixture
def ranked(tmp_path: Path) -> Ranked:
    """Rank the sentences of one article for a question."""

    def rank(text: str, asked: str, reading: Reader | None = None) -> Sequence[Candidate]:
        (tmp_path / "rink.md").write_text(text, "utf-8")
        with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
            indexer.add([tmp_path / "rink.md"])
        with Searcher.open(tmp_path / "library", FakeEmbedder()) as searcher:
            hits = searcher.search(asked, 8)
            assert {each.place for each in unread_in(searcher, hits)} >= {
                each.place
                for each in candidates_in(searcher, read(asked), hits, FakeReader())
                if each.paragraph.kind is not ParagraphKind.HEADING
            }
            return candidates_in(searcher, read(asked), hits, reading)

    return rank


def test_heading_that_repeats_the_question_does_not_answer_it(ranked: Ranked) -> None:
    candidates = ranked(RINK, "Who pays for the rink in Demo Falls?")
    assert len(candidates) == 4
    assert all(candidate.paragraph.kind is not ParagraphKind.HEADING for candidate in candidates)


def test_headings_are_quoted_where_there_is_nothing_else(ranked: Ranked) -> None:
    candidates = ranked("# Rink opens\n\n# Mayor pays for rink", "Who pays for the rink?")
    assert {candidate.paragraph.kind for candidate in candidates} == {ParagraphKind.HEADING}


@pytest.mark.parametrize(
    ("asked", "start", "words"),
    [
        ("How much does the rink cost a year?", "The rink", "40,000 euros"),
        ("On which day did the rink open?", "It opened", "Monday"),
        ("Who built the rink?", "It was built", "skaters"),
    ],
)
def test_sentence_that_answers_comes_first_with_its_words(ranked: Ranked, asked: str, start: str, words: str) -> None:
    best, *others = ranked(RINK, asked)
    assert best.sentence.text.startswith(start)
    left, right = best.words
    assert words in best.sentence.text[left - best.sentence.start : right - best.sentence.start]
    assert best.share > max(each.share for each in others)


def test_shares_add_up_to_one_and_fall(ranked: Ranked) -> None:
    shares = [each.share for each in ranked(RINK, "Who built the rink?")]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


def test_what_stands_further_down_in_the_search_needs_a_surer_reading() -> None:
    told = ("Post", "2021-06-01", "Rink", "The rink opened on Monday.\n\nThe rink opened on Monday.")
    first, second = candidates_of(read("When did the rink open?"), [told], FakeReader())
    assert (first.rank, second.rank) == (0, 1)
    assert first.holds == second.holds
    assert first.share > second.share


def test_passage_is_read_with_title_date_and_the_line_that_leads_to_it() -> None:
    told = ("Post", "2021-06-01", "Rink", "Who built it?\n\nIt was built by skaters.\n\nIt rained.")
    candidates = candidates_of(read("Who built the rink?"), [told], FakeReader())
    by_number = {each.paragraph.number: each for each in candidates}
    leads = [each.paragraph for each in by_number.values()]
    assert header(by_number[2].hit, leads) == "Rink | Tuesday 1 June 2021 | Who built it?"
    assert header(by_number[3].hit, leads) == "Rink | Tuesday 1 June 2021"


def test_surer_passage_and_sentence_make_an_answer_likelier(ranked: Ranked) -> None:
    fitted = reader().calibrated
    best = ranked(RINK, "How much does the rink cost a year?")[0]
    assert 0 < answerability([best], fitted) < 1
    assert answerability([replace(best, answers=0.1)], fitted) < answerability([replace(best, answers=0.9)], fitted)
    assert answerability([replace(best, holds=0.1)], fitted) < answerability([replace(best, holds=0.9)], fitted)
    assert answerability([], fitted) == 0


def test_question_that_the_article_answers_is_told_from_one_that_it_does_not(ranked: Ranked) -> None:
    fitted = reader().calibrated
    answered = answerability(ranked(RINK, "How much does the rink cost a year?"), fitted)
    beside = answerability(ranked(RINK, "Which horse won the race at Ascot?"), fitted)
    assert beside < answered
