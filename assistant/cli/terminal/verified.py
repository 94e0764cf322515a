"""What `verify` prints of a re-checked answer."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers.verdicts import WORD_FOR_WORD, WORDS
from assistant.answers.verifying import CheckedClaim, Report, State
from assistant.types import Verdict


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of one report."""
    yield f"{'holds' if report.holds else 'DOES NOT HOLD'}: {report.question}"
    for said in (*report.unchecked, *report.problems):
        yield f"  {said}"
    for claim in report.claims:
        yield from _claim(claim, "")
    for version in report.versions:
        yield from _claim(version, "version: ")


def _claim(claim: CheckedClaim, kind: str) -> Iterator[str]:
    today = ""
    recorded = WORD_FOR_WORD if claim.quoted else WORDS[claim.recorded]
    if claim.today is not Verdict.SUPPORTED or claim.recorded is not Verdict.SUPPORTED:
        today = f" (recorded as {recorded}, today {WORDS[claim.today]}: {'; '.join(claim.reasons)})"
    state = f"{WORD_FOR_WORD} still" if claim.quoted and claim.state is State.SAME else claim.state.value
    yield f"  {state}: {kind}{claim.text}{today}"
    for citation in claim.citations:
        if citation.state is not State.SAME:
            yield f"    {citation.article}#{citation.paragraph}: {citation.state.value}: {citation.detail}"
