"""What tells that a sentence answers, and that any does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evidence.answerability import answerability, answerability_features
from assistant.evidence.finding import candidates_in
from assistant.evidence.ranking import Candidate
from assistant.question.question import Question
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.search import Searcher
from index.types import ParagraphKind

Ranked = Callable[[str, str], tuple[Question, Sequence[Candidate]]]
RINK = """Who pays for the rink in Demo Falls

The rink in Demo Falls costs 40,000 euros a year. It is paid for by the town, the mayor said.

It was built by skaters. It opened on Monday."""


@pytest.fixture
def ranked(tmp_path: Path, minilm: MiniLM) -> Ranked:
    """Rank the sentences of one article for a question."""

    def rank(text: str, asked: str) -> tuple[Question, Sequence[Candidate]]:
        (tmp_path / "rink.txt").write_text(text, "utf-8")
        with Indexer(tmp_path / "library", minilm) as indexer:
            indexer.add([tmp_path / "rink.txt"])
        with Searcher.open(tmp_path / "library", minilm) as searcher:
            question = Question.read(asked, minilm, searcher.rarity)
            return question, candidates_in(searcher, question, searcher.search(asked, 8))

    return rank


def by_text(candidates: Sequence[Candidate], start: str) -> Candidate:
    return next(candidate for candidate in candidates if candidate.sentence.text.startswith(start))


def test_heading_that_repeats_the_question_does_not_answer_it(ranked: Ranked) -> None:
    _, candidates = ranked(RINK, "Who pays for the rink in Demo Falls?")
    assert len(candidates) == 4
    assert all(candidate.paragraph.kind is not ParagraphKind.HEADING for candidate in candidates)


def test_headings_are_quoted_where_there_is_nothing_else(ranked: Ranked) -> None:
    _, candidates = ranked("# Rink opens\n\n# Mayor pays for rink", "Who pays for the rink?")
    assert {candidate.paragraph.kind for candidate in candidates} == {ParagraphKind.HEADING}


@pytest.mark.parametrize(
    ("asked", "start", "feature"),
    [
        ("How much does the rink cost a year?", "The rink", "holds_value"),
        ("On which day did it open?", "It opened", "holds_value"),
        ("Who pays for it?", "The rink", "holds_name"),
        ("What did the mayor say about the rink?", "It is paid", "holds_manner"),
    ],
)
def test_expected_kind_of_answer_is_seen(ranked: Ranked, asked: str, start: str, feature: str) -> None:
    _, candidates = ranked(RINK, asked)
    seen = by_text(candidates, start).features
    assert {name: seen[name] for name in ("holds_value", "holds_name", "holds_manner")} == {
        "holds_value": 0.0, "holds_name": 0.0, "holds_manner": 0.0, feature: 1.0
    }  # fmt: skip


def test_sentence_is_read_with_the_one_before_it_in_its_paragraph(ranked: Ranked) -> None:
    _, candidates = ranked(RINK, "Is the rink paid for by the town?")
    first, second, third = (by_text(candidates, start).features for start in ("The rink", "It is paid", "It was built"))
    assert second["coverage_with_before"] == pytest.approx(first["coverage"] + second["coverage"])
    assert first["coverage_with_before"] == first["coverage"] > 0
    assert third["coverage_with_before"] == third["coverage"] == 0


def test_long_paragraph_and_missing_value_make_an_answer_less_likely(ranked: Ranked) -> None:
    question, candidates = ranked(RINK, "How much does the rink cost a year?")
    best = candidates[0]
    assert answerability_features(question, candidates)["lacks_value"] == 0
    long = replace(best, paragraph=replace(best.paragraph, text=best.paragraph.text + " and so on" * 30))
    assert answerability(question, [long]) < answerability(question, [best])
    without = replace(best, features={**best.features, "holds_value": 0.0})
    assert answerability_features(question, [without])["lacks_value"] == 1
    assert answerability(question, [without]) < answerability(question, [best])
    assert answerability(question, []) == 0
