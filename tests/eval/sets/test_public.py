"""Public sets are scored for what they can tell: graded retrieval, answers, cited paragraphs, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.types import Answer, Citation, Claim, Verdict
from eval.sets import PublicArticle, PublicQuestion, PublicSet
from eval.sets.public import Asked, SetScores, ask_all, score, score_set
from eval.sets.public_table import PUBLISHED, tables
from eval.sets.retrieval import Result, build_library, measure, untitled
from index.progress import Silent
from index.search import Searcher
from tests.fakes import FakeEmbedder

RINK = PublicArticle("Rink", ("The new rink seats 2,150 people.", "It opened on a Sunday in May."))
HILL = PublicArticle("Hill", ("The hill behind the town is ninety metres high.",))
QUESTIONS = (
    PublicQuestion("a", "How many people does the new rink seat?", ((0, 1),), ("2,150",)),
    PublicQuestion("b", "How high is the hill behind the town?", ((1, 1),), ("ninety metres",)),
    PublicQuestion("c", "Who painted the ceiling?", ()),
)


def asked(question: PublicQuestion, text: str | None, *cited: tuple[int, int]) -> Asked:
    citations = tuple(Citation(1, "x", "x.md", 1, number, text or "", 0, 1) for _, number in cited)
    claims = (Claim(text, Verdict.SUPPORTED, (), citations),) if text else ()
    answer = Answer(question.id, question.text, question.text, text is not None, text or "", None, "quoting", claims)
    return Asked(question, answer, cited)


def test_scores_by_hand() -> None:
    figures = score(
        [
            asked(QUESTIONS[0], "It seats 2,150.", (0, 1)),
            asked(QUESTIONS[1], "It is high.", (0, 2), (1, 1)),
            asked(QUESTIONS[2], None),
        ]
    )
    assert figures["answered"] == 1
    assert figures["first_citation"] == 0.5
    assert figures["any_citation"] == 1
    assert figures["span"] == figures["span_of_all"] == 0.5
    assert figures["refusal_f1"] == 1
    assert figures["always_refusing_f1"] == 0.5


def test_always_refusing_half_unanswerable_scores_two_thirds() -> None:
    figures = score([asked(QUESTIONS[0], None), asked(QUESTIONS[2], None)])
    assert figures["always_refusing_f1"] == figures["refusal_f1"] == pytest.approx(2 / 3)
    assert figures["first_citation"] is None


def test_set_without_answers_or_refusals_tells_only_of_citations() -> None:
    question = PublicQuestion("q", "Rink?", ((0, 1),), gains=(2,))
    figures = score([asked(question, "A rink.", (0, 1)), asked(question, "Uncited.")])
    assert figures["first_citation"] == 0.5
    assert {name for name, value in figures.items() if value is None} == {
        "span", "span_of_all", "token_f1", "refusal_precision", "refusal_recall", "refusal_f1", "always_refusing_f1",
    }  # fmt: skip


def test_sets_are_searched_and_asked_with_and_without_titles() -> None:
    scores = score_set(PublicSet((RINK, HILL), QUESTIONS), FakeEmbedder())
    assert (scores.questions, scores.paragraphs) == (3, 3)
    assert list(scores.retrieval) == [False, True]
    for results in scores.retrieval.values():
        assert [result.name for result in results] == ["lexical", "dense", "fused"]
        assert results[0].recall_at_1 == 1
    assert scores.answers["questions"] == 3


def test_set_without_titles_is_searched_once() -> None:
    public_set = untitled(PublicSet((RINK, HILL), QUESTIONS))
    assert list(score_set(public_set, FakeEmbedder()).retrieval) == [False]


def test_better_grade_first_gains_more(tmp_path: Path) -> None:
    public_set = PublicSet((RINK, HILL), ())
    embedder = FakeEmbedder()
    with Searcher.open(build_library(public_set, tmp_path, embedder), embedder) as searcher:
        text = "the new rink seats people, the hill is high"
        found = [
            measure([PublicQuestion("q", text, ((0, 1), (1, 1)), gains=gains)], searcher)[2].ndcg_at_10
            for gains in ((3, 1), (1, 3))
        ]
    assert 0 < min(found) < max(found) == 1


def test_asking_names_paragraphs_as_the_set_does(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    library = build_library(PublicSet((PublicArticle("", ()), HILL), ()), tmp_path, embedder)
    question = PublicQuestion("b", "How high is the hill behind the town, in metres?", ((1, 1),), ("ninety metres",))
    with Assistant(Searcher.open(library, embedder)) as assistant:
        (entry,) = ask_all([question], assistant, Silent())
    assert entry.cited == ((1, 1),) * len(entry.cited)


def test_tables_have_published_figures_for_sets_that_are_known() -> None:
    results = (Result("fused", 0.958, 0.98214),)
    answers = dict.fromkeys(score([]), None)
    known = SetScores(1190, 240, {True: results}, {**answers, "questions": 1190, "span": 0.889})
    other = SetScores(4, 2, {False: results}, {**answers, "questions": 4})
    lines = tables({"xquad": known, "other": other}).splitlines()
    assert "| xquad | yes | fused | 0.9580 | 0.9821 |" in lines
    assert "| xquad |  | published: text-embedding-3-large |  | 0.970 |" in lines
    assert "| other | no | fused | 0.9580 | 0.9821 |" in lines
    assert sum("published" in line for line in lines) == len(PUBLISHED[1190, 240])
    assert "| questions | 1,190 | 4 |" in lines
    assert "| answer holds a gold span, of what is answered | 0.889 |  |" in lines
    assert not any("refusing" in line for line in lines)
