"""How wide answers are scored."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.types import Form
from eval.wide.cases import WideCase, load_wide_cases
from eval.wide.scoring import scores_of
from index.errors import UsageError


def case(**fields: object) -> WideCase:
    return WideCase.model_validate({"id": "w", "collection": "samples", "question": "?", "form": "timeline"} | fields)


@pytest.fixture(scope="module")
def told(sample_assistant: Assistant):  # type: ignore[no-untyped-def]
    articles = {article.id: article for article in sample_assistant.searcher.library.articles()}
    return sample_assistant.ask("Give me a timeline of the prisoner swap.", form=Form.TIMELINE), articles


def test_facts_articles_and_order_are_scored(told) -> None:  # type: ignore[no-untyped-def]
    answer, articles = told
    first, last = answer.claims[0], answer.claims[-1]
    good = case(
        facts=[[first.text[:40], "nowhere"], ["nowhere at all"]], articles=[first.citations[0].article, "nowhere"],
        days=[[first.text[:40], "2025-03-11"], [last.text[:40], "2025-03-26"]],
    )  # fmt: skip
    scores = scores_of(good, answer, articles)
    assert (scores["facts"], scores["articles"], scores["order"]) == (0.5, 0.5, 1.0)
    turned = case(days=[[last.text[:40], "2025-03-11"], [first.text[:40], "2025-03-26"]])
    assert scores_of(turned, answer, articles)["order"] == -1.0
    assert scores["verbatim"] == scores["supported"] == 1.0


def test_what_does_not_apply_is_left_out(told) -> None:  # type: ignore[no-untyped-def]
    answer, articles = told
    assert not {"facts", "order", "exact", "first"} & scores_of(case(), answer, articles).keys()


def test_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "w", "collection": "samples", "question": "?", "form": "novel"}\n')
    with pytest.raises(UsageError, match="line 1: form"):
        load_wide_cases(file)
