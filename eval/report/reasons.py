"""Say of a result what is wrong with it, in words: the reason behind each score that is not full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.types import Answer, Outcome, Verdict
from eval.cases import Case
from eval.matching import occurs
from eval.results import Result
from eval.scoring import METRIC, gold_groups, gold_places, stated


class Fault(StrEnum):
    """What went wrong. The first five make a case fail; the others are flaws of an answer that is correct."""

    ERROR = "could not be asked"
    REFUSED = "refused though answerable"
    ANSWERED = "answered though unanswerable"
    NOT_FOUND = "fact missing, paragraph not found"
    NOT_STATED = "fact missing, paragraph found"
    QUOTE = "quote is not the article's text"
    CITED_ELSEWHERE = "cites a paragraph that is not gold"
    NOT_CITED = "fact stated, gold not cited"
    UNSUPPORTED = "claim not supported"
    NOT_SHOWN = "disagreement not shown"
    INVENTED = "disagreement shown where there is none"


class Status(StrEnum):
    """How a case ended."""

    FAILED = "failed"
    FLAWED = "flawed"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with a result."""

    fault: Fault
    text: str


def status(result: Result, reasons: tuple[Reason, ...]) -> Status:
    """Return how the case ended: failed when it is not correct, flawed when it is, for other reasons."""
    if result.scores.correct != 1:
        return Status.FAILED
    return Status.FLAWED if reasons else Status.OK


def explain(result: Result) -> tuple[Reason, ...]:
    """Return what is wrong with a result, the worst first; nothing when all is well."""
    answer, case = result.answer, result.case
    if answer is None:
        return (Reason(Fault.ERROR, result.error or "unknown"),)
    if not answer.answered:
        return (_refused(result),) if case.answerable else ()
    if not case.answerable:
        shown = "what may answer it was shown" if answer.outcome is Outcome.MAY_ANSWER else "it was answered"
        return (Reason(Fault.ANSWERED, f"The articles do not answer it ({case.why_not}); {shown}."),)
    return tuple(_flaws(result, answer))


def gold_rank(result: Result) -> int | None:
    """Return the rank, from 1, of the first gold paragraph that the search found; None if it found none."""
    reciprocal = result.scores.reciprocal_rank
    return round(1 / reciprocal) if reciprocal else None


def _refused(result: Result) -> Reason:
    confidence = result.answer.confidence if result.answer else 0.0
    found = _found(result, range(len(result.case.facts)))
    return Reason(Fault.REFUSED, f"Refused at confidence {confidence:.2f}. {found}")


def _flaws(result: Result, answer: Answer) -> Iterator[Reason]:
    case, scores = result.case, result.scores
    yield from _missing_facts(result, answer)
    if scores.quote_fidelity not in (None, 1):
        yield Reason(Fault.QUOTE, f"{1 - (scores.quote_fidelity or 0):.0%} of the quotes differ from the article.")
    gold = set(gold_places(case))
    cited = dict.fromkeys((citation.article, citation.paragraph) for citation in answer.citations)
    if elsewhere := [f"{article}¶{number}" for article, number in cited if (article, number) not in gold]:
        yield Reason(Fault.CITED_ELSEWHERE, f"Cited, but not gold: {', '.join(elsewhere)}.")
    if scores.fact_coverage == 1 and (scores.citation_recall or 0) < 1:
        yield Reason(Fault.NOT_CITED, "The facts are stated, but not all from a paragraph that is gold for them.")
    for claim in answer.claims:
        if claim.verdict is not Verdict.SUPPORTED:
            yield Reason(Fault.UNSUPPORTED, f"“{claim.text}”: {claim.verdict} ({'; '.join(claim.reasons)}).")
    if scores.disagreement_shown == 0:
        yield Reason(Fault.NOT_SHOWN, "The articles differ, and the answer does not show it.")
    if scores.disagreement_invented == 1:
        yield Reason(Fault.INVENTED, METRIC["disagreement_invented"].meaning.capitalize() + ".")


def _missing_facts(result: Result, answer: Answer) -> Iterator[Reason]:
    text = stated(answer)
    for number, fact in enumerate(result.case.facts):
        if not any(occurs(wording, text) for wording in fact):
            group = gold_groups(result.case)[number]
            kind = Fault.NOT_STATED if not set(group).isdisjoint(result.retrieved) else Fault.NOT_FOUND
            yield Reason(kind, f"Not stated: “{fact[0]}”. {_found(result, range(number, number + 1))}")


def _found(result: Result, facts: range) -> str:
    """Say where the search had the first paragraph that states one of the facts."""
    groups = gold_groups(result.case)
    wanted = {place for fact in facts for place in groups[fact]}
    for rank, (article, number) in enumerate(result.retrieved, start=1):
        if (article, number) in wanted:
            return f"The search had {article}¶{number}, which states it, at rank {rank}."
    return f"No paragraph that states it is among the {len(result.retrieved)} that the search found."


def faults(case_reasons: tuple[Reason, ...]) -> list[Fault]:
    """Return the faults of the reasons, each once."""
    return list(dict.fromkeys(reason.fault for reason in case_reasons))


def describe_case(case: Case) -> str:
    """Say in a few words what is expected."""
    if not case.answerable:
        return f"not in the articles ({case.why_not})"
    return "both versions, as the articles differ" if case.disagreement else "answered"
