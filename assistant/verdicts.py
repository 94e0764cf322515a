"""Verdicts in words, the same in terminal, exports and re-checks."""

from __future__ import annotations

from assistant.types import Claim, Verdict

WORDS = {Verdict.SUPPORTED: "supported", Verdict.PARTLY: "partly supported", Verdict.UNSUPPORTED: "unsupported"}


def doubt(claim: Claim) -> str:
    """Return what a reader must know of a claim that is not supported; nothing for one that is.

    For example "(unsupported: number 40 is not in the cited paragraph)".
    """
    if claim.verdict is Verdict.SUPPORTED:
        return ""
    reasons = "; ".join(claim.reasons)
    return f"({WORDS[claim.verdict]}{': ' if reasons else ''}{reasons})"
