"""Forms, times, lists and counts stay as good as they were on questions that nobody had seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.types import Form
from eval.wide.cases import load_wide_cases
from eval.wide.questions import forms, times
from eval.wide.scoring import scores_of
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.search import Searcher

DATA = Path(__file__).parents[3] / "eval" / "data"
CASES = load_wide_cases(DATA / "wide.jsonl")


def test_forms_are_told() -> None:
    assert forms().right >= 288  # of 300


def test_times_are_taken_as_meant() -> None:
    assert times().right >= 118  # of 120


@pytest.mark.parametrize("collection", ["samples", "coast"])
def test_lists_and_counts_are_exact(
    collection: str, sample_assistant: Assistant, tmp_path: Path, minilm: MiniLM
) -> None:
    assistant = sample_assistant
    if collection == "coast":
        with Indexer(tmp_path / "library", minilm) as indexer:
            indexer.add([DATA / "coast"])
        assistant = Assistant(Searcher.open(tmp_path / "library", minilm))
    cases = [case for case in CASES if case.collection == collection and case.form in {Form.LIST, Form.COUNT}]
    answers = {case: assistant.ask(case.question, form=case.form) for case in cases}
    wrong = [case.question for case, answer in answers.items() if not scores_of(case, answer, {})["exact"]]
    if collection == "coast":
        assistant.close()
    assert len(cases) >= 16
    assert wrong == []
