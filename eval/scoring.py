"""Score one case: its answer, and the ranking of the search, against facts and gold paragraphs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from assistant.types import Answer, Claim, Outcome
from eval.cases import Case
from eval.matching import fact_coverage, plain
from eval.metrics import (
    Place,
    citation_precision,
    citation_recall,
    claim_support,
    ndcg_at_k,
    quote_fidelity,
    reciprocal_rank,
)

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Scores:
    """What one case scored, each 0 to 1; None where the metric does not apply to the case or to what came out.

    Names and meanings are in METRICS.
    """

    correct: float | None = None
    fact_coverage: float | None = None
    citation_precision: float | None = None
    citation_recall: float | None = None
    quote_fidelity: float | None = None
    claim_support: float | None = None
    refusal_precision: float | None = None
    refusal_recall: float | None = None
    false_refusal: float | None = None
    answered: float | None = None
    correct_when_answered: float | None = None
    right_as_answers: float | None = None
    disagreement_shown: float | None = None
    disagreement_invented: float | None = None
    recall_at_1: float | None = None
    recall_at_5: float | None = None
    recall_at_10: float | None = None
    reciprocal_rank: float | None = None
    ndcg_at_10: float | None = None
    evidence_hit: float | None = None

    def present(self) -> Mapping[str, float]:
        """Return the metrics that apply, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def value(self, name: str) -> float | None:
        """Return a metric by name."""
        return self.present().get(name)


@dataclass(frozen=True, slots=True)
class Metric:
    """A column of `Scores`: how reports call it and what it says."""

    name: str
    label: str
    meaning: str
    higher_is_better: bool | None = True
    """None where neither is: the share of questions answered."""
    paired: bool = True
    """Whether two runs compare case by case; not so where the outcome itself decides which cases count."""


METRICS = (
    Metric("correct", "Correct", "answerable: all facts stated; unanswerable: refused"),
    Metric("fact_coverage", "Fact coverage", "share of the facts that the answer states; a refusal states none"),
    Metric("citation_precision", "Citation precision", "share of the cited paragraphs that are gold"),
    Metric("citation_recall", "Citation recall", "share of the facts of which a gold paragraph is cited"),
    Metric("quote_fidelity", "Quote fidelity", "share of the quotes that are the article's text byte for byte"),
    Metric("claim_support", "Support rate", "share of the claims that the check found supported, or word for word"),
    Metric("refusal_precision", "Refusal precision", "of the refused questions, the unanswerable", paired=False),
    Metric("refusal_recall", "Refusal recall", "of the unanswerable questions, the refused"),
    Metric("false_refusal", "False refusals", "of the answerable questions, the refused", higher_is_better=False),
    Metric("answered", "Answered", "share of the questions that were answered: coverage", higher_is_better=None),
    Metric("correct_when_answered", "Correct when answered", "of the answered questions, the correct", paired=False),
    Metric("right_as_answers", "Right as answers", "of what is shown as answers, the correct", paired=False),
    Metric("disagreement_shown", "Disagreement shown", "of the cases where articles differ, those that show it"),
    Metric(
        "disagreement_invented", "Disagreement invented",
        "of the answered cases where articles agree, those that show one", higher_is_better=False,
    ),
    Metric("recall_at_1", "Search recall@1", "share of the facts that the first paragraph found states"),
    Metric("recall_at_5", "Search recall@5", "share of the facts that the first five paragraphs found state"),
    Metric("recall_at_10", "Search recall@10", "share of the facts that the first ten paragraphs found state"),
    Metric("reciprocal_rank", "Search MRR", "1 / rank of the first gold paragraph found, 0 if there is none"),
    Metric("ndcg_at_10", "Search nDCG@10", "discounted gain of the first ten paragraphs; each gold paragraph gains 1"),
    Metric("evidence_hit", "Evidence hit", "a gold paragraph is among those shown as evidence"),
)  # fmt: skip
METRIC = {metric.name: metric for metric in METRICS}


def score(case: Case, answer: Answer, ranked: Sequence[Place], originals: Sequence[str]) -> Scores:
    """Return what an answer scores.

    `ranked` holds the paragraphs that the search found, best first, copies unfolded; `originals` holds for each of
    `answer.citations` the text that the library has in its place.
    """
    gold = gold_places(case)
    groups = gold_groups(case)
    citations = answer.citations
    cited = {(citation.article, citation.paragraph) for citation in citations} if answer.answered else set()
    refused = float(not answer.answered)
    coverage = fact_coverage(stated(answer), case.facts)
    correct = float(coverage == 1) if case.answerable else refused
    shown = float(shows_disagreement(answer))
    return Scores(
        correct=correct,
        fact_coverage=coverage,
        citation_precision=citation_precision(cited, gold),
        citation_recall=citation_recall(cited, groups),
        quote_fidelity=quote_fidelity(
            (citation.quote, text) for citation, text in zip(citations, originals, strict=True)
        ),
        claim_support=claim_support(claim.verdict for claim in answer.claims),
        refusal_precision=None if answer.answered else float(not case.answerable),
        refusal_recall=None if case.answerable else refused,
        false_refusal=refused if case.answerable else None,
        answered=float(answer.answered),
        correct_when_answered=correct if answer.answered else None,
        right_as_answers=correct if outcome_of(answer) is Outcome.ANSWERS else None,
        disagreement_shown=shown if case.disagreement else None,
        disagreement_invented=shown if case.answerable and answer.answered and not case.disagreement else None,
        recall_at_1=citation_recall(ranked[:1], groups),
        recall_at_5=citation_recall(ranked[:5], groups),
        recall_at_10=citation_recall(ranked[:10], groups),
        reciprocal_rank=reciprocal_rank(ranked, gold),
        ndcg_at_10=ndcg_at_k(ranked, gold, 10),
        evidence_hit=float(evidence_rank(case, answer) is not None) if gold else None,
    )


def outcome_of(answer: Answer) -> Outcome:
    """Return what became of a question; a refusal of a run that kept no outcomes is one, too."""
    return answer.outcome if answer.answered else Outcome.NO_ANSWER


def failure_scores(case: Case) -> Scores:
    """Return the scores of a case whose asking failed: nothing was stated or cited, and it is not correct."""
    nothing = 0.0 if case.answerable else None
    return Scores(correct=0.0, fact_coverage=nothing, citation_recall=nothing)


def gold_places(case: Case) -> list[Place]:
    """Return the gold paragraphs of a case."""
    return [(gold.article, gold.paragraph) for gold in case.gold]


def gold_groups(case: Case) -> list[list[Place]]:
    """Return for each fact the gold paragraphs that state it."""
    return [
        [(gold.article, gold.paragraph) for gold in case.gold if fact in gold.facts] for fact in range(len(case.facts))
    ]


def stated(answer: Answer) -> str:
    """Return what an answer states, without marks: its claims, and the versions it shows; a refusal states nothing."""
    if not answer.answered:
        return ""
    quoted = (citation.quote for version in answer.versions for citation in version.citations)
    return "\n".join((*(claim.text for claim in answer.claims), *quoted))


def evidence_rank(case: Case, answer: Answer) -> int | None:
    """Return the rank, from 1, of the first gold paragraph among the evidence; None if there is none."""
    gold = set(gold_places(case))
    places = ((evidence.article, evidence.paragraph) for evidence in answer.evidence)
    return next((rank for rank, place in enumerate(places, start=1) if place in gold), None)


def shows_disagreement(answer: Answer) -> bool:
    """Tell whether a reader sees that articles differ.

    Either the answer says so in `disagreements`, or two of its claims are cited from different outlets and each states
    a number that the other does not.
    """
    if not answer.answered:
        return False
    return bool(answer.disagreements) or any(_differ(first, second) for first, second in combinations(answer.claims, 2))


def _differ(first: Claim, second: Claim) -> bool:
    numbers, others = set(NUMBER.findall(plain(first.text))), set(NUMBER.findall(plain(second.text)))
    return bool(numbers - others and others - numbers) and _outlets(first).isdisjoint(_outlets(second))


def _outlets(claim: Claim) -> set[str]:
    return {citation.outlet or citation.article for citation in claim.citations}
