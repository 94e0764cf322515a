"""The sentences of an answer as HTML, with marks and verdicts: by day, in columns, as a table, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers.claim_view import ClaimView, QuoteView
from assistant.answers.layout import Layout
from assistant.answers.verdicts import NOT_CHECKED
from assistant.answers.view import SectionView, SourceView
from assistant.conversations.store import KeptTurn
from assistant.page.elements import attributes, table, text
from assistant.page.rating import nods, thought
from assistant.types import Citation, Verdict

SHAPES = {Verdict.SUPPORTED: "✓", Verdict.PARTLY: "◐", Verdict.UNSUPPORTED: "✕"}
QUOTED_SHAPE = "”"


@dataclass(frozen=True, slots=True)
class Shown:
    """What goes with the sentences of an answer."""

    turn: KeptTurn | None = None
    """The turn that is kept, of which sentences can be rated one by one."""
    lead: str | None = None
    """What is said before them."""
    table_head: tuple[str, str] = ("", "")
    quoted: bool = False
    """Whether all are quotations."""


def sections(shown: Sequence[SectionView], layout: Layout, beside: Shown) -> str:
    """Return the sections of an answer, what is said first before them."""
    unsure = f'<p class="unsure">{text(beside.lead)}</p>' if beside.lead else ""
    if layout is Layout.ROWS:
        rows = [(text(section.heading), _claims(section.claims, beside)) for section in shown]
        return f'{unsure}<div class="sections rows">{table(beside.table_head, rows)}</div>'
    if not any(section.heading for section in shown):
        return unsure + "".join(_claims(section.claims, beside) for section in shown)
    parts = "".join(_section(section, beside) for section in shown)
    return f'{unsure}<div class="sections {layout}">{parts}</div>'


def _section(section: SectionView, beside: Shown) -> str:
    heading = f'<h3 class="heading" dir="auto">{text(section.heading)}</h3>' if section.heading else ""
    return f'<section class="section">{heading}{_claims(section.claims, beside)}</section>'


def _claims(claims: Sequence[ClaimView], beside: Shown) -> str:
    items = "".join(_claim(claim, beside.turn) for claim in claims)
    return f'<ol class="{"claims quoted" if beside.quoted else "claims"}">{items}</ol>' if claims else ""


def _claim(claim: ClaimView, turn: KeptTurn | None) -> str:
    said = (*claim.reasons, *((NOT_CHECKED,) if claim.quoted else ())) or ("No reason is recorded.",)
    reasons = "".join(f"<li>{text(reason)}</li>" for reason in said)
    kind, shape = ("verbatim", QUOTED_SHAPE) if claim.quoted else (claim.verdict.value, SHAPES[claim.verdict])
    before, words, after = (text(part) for part in claim.parts)
    shown = f"{before}<strong>{words}</strong>{after}" if words else before
    return (
        f'<li class="claim {kind}"><p class="said" dir="auto"><span>{shown}</span>'
        f'{marks(claim.marks)}</p><div class="judged">'
        f'<details class="verdict"><summary><span class="shape" aria-hidden="true">{shape}</span> '
        f"{text(claim.badge)}</summary><ul>{reasons}</ul></details>{nods(turn, claim.place) if turn else ''}</div>"
        f"{thought(turn, claim.place) if turn else ''}</li>"
    )


def marks(quotes: Iterable[QuoteView]) -> str:
    """Return numbered marks that open the article at the quote."""
    return "".join(
        '<button type="button" class="mark" '
        f'aria-label="Source {quote.number}: {text(quote.by)}, paragraph {quote.citation.paragraph}"'
        f"{opens(quote.citation)}{attributes(quote=quote.words, by=quote.by)}>{quote.number}</button>"
        for quote in quotes
    )


def opens(place: Citation | SourceView) -> str:
    """Return the attributes of what opens an article at a paragraph and, of a citation, at its quote."""
    at = place if isinstance(place, Citation) else None
    return attributes(
        event="cite", article=place.article, revision=place.revision, paragraph=place.paragraph,
        start=at and at.start, end=at and at.end, number=at and at.number,
    )  # fmt: skip
