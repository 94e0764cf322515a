"""Verdicts in words, and who wrote an answer: the same in terminal, page, exports and re-checks.

A quotation is called word for word, never supported: its words are the article's, and that is all that was checked.
"""

from __future__ import annotations

from assistant.types import Answer, Claim, Verdict

WORDS = {Verdict.SUPPORTED: "supported", Verdict.PARTLY: "partly supported", Verdict.UNSUPPORTED: "unsupported"}
WORD_FOR_WORD = "word for word"
ALL_QUOTED = f"Quoted {WORD_FOR_WORD}"
CATALOGUED = "From the catalogue: exact"
"""Of a list: nothing is quoted."""
NOT_CHECKED = "Whether it answers the question has not been checked."


def is_quoted(claim: Claim) -> bool:
    """Whether a claim is what its first source says, in the same words, and its verdict rests on that."""
    return claim.verdict is Verdict.SUPPORTED and bool(claim.citations) and claim.text == claim.citations[0].quote


def shown_verdict(claim: Claim) -> str:
    """Return the verdict that a reader is shown: "word for word" for a quotation."""
    return WORD_FOR_WORD if is_quoted(claim) else WORDS[claim.verdict]


def made(answer: Answer) -> str:
    """Return who wrote an answer and what was checked, without a full stop."""
    if answer.listing:
        return CATALOGUED
    if answer.writer == "quoting":
        return ALL_QUOTED
    written = f"Written by {answer.model or 'a model'}, each sentence checked against its sources"
    quoted = sum(map(is_quoted, answer.claims))
    if not quoted:
        return written
    return f"{written}; {quoted} of {len(answer.claims)} quoted {WORD_FOR_WORD}"


def doubt(claim: Claim) -> str:
    """Return what a reader must know of a claim that is not supported; nothing for one that is.

    For example "(unsupported: number 40 is not in the cited paragraph)".
    """
    if claim.verdict is Verdict.SUPPORTED:
        return ""
    reasons = "; ".join(claim.reasons)
    return f"({WORDS[claim.verdict]}{': ' if reasons else ''}{reasons})"
