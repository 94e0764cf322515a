"""The judge is asked with the facts, its verdicts are read from loose replies, and it is measured, not trusted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.types import Message
from assistant.types import Answer, Citation, Claim, Turn, Verdict
from eval.cases import Case, GoldParagraph
from eval.judge import (
    INSTRUCTIONS,
    JUDGEMENTS,
    Judgement,
    agreement,
    judge,
    judgeable,
    print_agreement,
    prompt,
    read_judgements,
    read_verdict,
)
from eval.results import Result
from eval.scoring import score
from index.errors import ModelError, UsageError


class FakeModel:
    """Agrees when the answer holds the first wording of the first fact; records what it was asked."""

    def __init__(self, fails_at: int = -1) -> None:
        self.asked: list[Sequence[Message]] = []
        self.fails_at = fails_at

    def complete(self, messages: Sequence[Message], *, max_tokens: int = 512) -> str:
        if len(self.asked) == self.fails_at:
            raise ModelError("The model does not answer.", "unreachable")
        self.asked.append(messages)
        facts, _, answer = messages[-1].content.partition("The answer:\n")
        wording = facts.partition("1. ")[2].partition(" | ")[0].splitlines()[0]
        return f"AGREE\nIt says {wording}." if wording in answer else "DIFFER\nIt does not."


def case(case_id: str) -> Case:
    gold = (GoldParagraph("wire", 2, facts=(0,)),)
    return Case(case_id, "How long?", True, (Turn("Who called?"),), (("ninety minutes", "an hour and a half"),), gold)


def result(case_id: str, text: str | None) -> Result:
    asked = case(case_id)
    cited = Citation(1, "wire", "wire.md", 1, 2, text or "", 0, 1)
    claims = (Claim(text, Verdict.SUPPORTED, (), (cited,)),) if text else ()
    answer = Answer(case_id, asked.question, asked.question, text is not None, text or "", None, "quoting", claims)
    return Result(asked, score(asked, answer, [], [text or ""] * len(claims)), answer)


RESULTS = [
    result("a", "It took ninety minutes."),
    result("b", "An hour and a half."),
    result("c", "Long."),
    result("d", None),
]


def test_prompt_holds_question_history_wordings_and_answer() -> None:
    assert prompt(case("a"), "It took long.") == (
        "Earlier question: Who called?\nQuestion: How long?\n\n"
        "Facts of a right answer:\n1. ninety minutes | an hour and a half\n\nThe answer:\nIt took long."
    )


@pytest.mark.parametrize(
    ("reply", "verdict", "reason"),
    [
        ("AGREE\nSame length.", True, "Same length."),
        ("**Differ**: the number is changed.", False, "** the number is changed."),
        ("Verdict: agrees.", True, ""),
        ("<think>They may differ.</think>AGREE", True, ""),
        ("I disagree with both.", None, "I disagree with both."),
        ("", None, ""),
    ],
)
def test_verdict_is_read(reply: str, verdict: bool | None, reason: str) -> None:
    agrees, why = read_verdict(reply)
    assert agrees is verdict
    assert why.strip("*: ") == reason.strip("*: ")


@given(st.text())
def test_any_reply_is_read(reply: str) -> None:
    assert read_verdict(reply)[0] in {True, False, None}


def test_agreement_is_cohens_kappa() -> None:
    from sklearn.metrics import cohen_kappa_score

    said = [True, True, False, False, True, None, False]
    known = [True, False, False, True, True, True, False]
    judgements = [Judgement(str(place), "x", each) for place, each in enumerate(said)]
    found = agreement(judgements, {str(place): each for place, each in enumerate(known)})
    assert found is not None
    clear = [place for place, each in enumerate(said) if each is not None]
    assert found.count == 6
    assert found.share == pytest.approx(4 / 6)
    assert found.kappa == pytest.approx(cohen_kappa_score([said[i] for i in clear], [known[i] for i in clear]))
    assert (found.judge_only, found.metric_only) == (("1",), ("3",))


def test_agreement_without_verdicts_or_without_variety() -> None:
    assert agreement([Judgement("a", "x", None)], {"a": True}) is None
    found = agreement([Judgement("a", "x", True)], {"a": True})
    assert found is not None
    assert (found.share, found.kappa) == (1, None)


def test_only_answers_to_cases_with_facts_are_judged() -> None:
    assert [each.case.id for each in judgeable(RESULTS)] == ["a", "b", "c"]


def test_judge_is_asked_once_and_its_verdicts_are_kept(tmp_path: Path) -> None:
    model = FakeModel()
    judgements = judge(RESULTS, model, "fake", tmp_path)
    assert [(each.case, each.agrees) for each in judgements] == [("a", True), ("b", False), ("c", False)]
    assert judgements[0].reason == "It says ninety minutes."
    assert [message.role for message in model.asked[0]] == ["system", "user"]
    assert model.asked[0][0].content == INSTRUCTIONS
    assert judge(RESULTS, model, "fake", tmp_path) == judgements == read_judgements(tmp_path / JUDGEMENTS)
    assert len(model.asked) == 3
    judge(RESULTS, model, "another", tmp_path)
    assert len(model.asked) == 6


def test_judging_goes_on_where_the_model_failed_or_a_line_was_torn(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        judge(RESULTS, FakeModel(fails_at=2), "fake", tmp_path)
    file = tmp_path / JUDGEMENTS
    file.write_text(file.read_text("utf-8")[:-5], "utf-8")
    model = FakeModel()
    assert len(judge(RESULTS, model, "fake", tmp_path)) == 3
    assert len(model.asked) == 2
    assert len(read_judgements(file)) == 3
    file.write_text("{}\n", "utf-8")
    with pytest.raises(UsageError, match=r"line 1: is no judgement\. Delete"):
        read_judgements(file)


def test_agreement_is_printed_with_the_cases_that_differ(capsys: pytest.CaptureFixture[str]) -> None:
    judgements = [
        Judgement("a", "x", True),
        Judgement("b", "x", True),
        Judgement("c", "x", False),
        Judgement("d", "x", None),
    ]
    print_agreement("fake", judgements, agreement(judgements, {"a": True, "b": False, "c": False}))
    assert capsys.readouterr().out == (
        "Judge: fake, 4 answers judged.\n"
        "Agrees with the metric correct: 0.667 of 3, Cohen's kappa 0.400\n"
        "Right only by the judge: b\nNo clear verdict: d\n"
    )
