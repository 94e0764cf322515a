"""One sentence as a reader is shown it, and the words of articles that its marks open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answers.deep_links import deep_link
from assistant.answers.verdicts import doubt, is_quoted, shown_verdict
from assistant.answers.wording import described
from assistant.types import Citation, Claim, Evidence, Source, Verdict


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Words of an article with the number of their source: what a mark opens."""

    number: int
    words: str
    by: str
    """Outlet and day."""
    citation: Citation

    @property
    def link(self) -> str | None:
        """A web link to the words in the article, where it has an address."""
        return deep_link(self.citation.url, self.words)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One sentence of an answer."""

    text: str
    marks: tuple[QuoteView, ...]
    """Each number once."""
    verdict: Verdict
    quoted: bool
    """Whether it stands word for word in its first source."""
    badge: str
    """The verdict in words: "word for word", "supported", "partly supported", "unsupported"."""
    reasons: tuple[str, ...]
    doubt: str
    """For a claim that is not supported, the verdict with its reasons in brackets; else nothing."""
    answer: tuple[int, int] | None = None
    """Offsets, as start and end, of the words in the text that answer likeliest; only a quotation has some."""
    place: int = 0
    """Its place among the answer's claims, by which readers rate it."""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The text up to the answering words, these words, and the rest; the whole comes first where there are none."""
        start, end = self.answer or (len(self.text), len(self.text))
        return self.text[:start], self.text[start:end], self.text[end:]


def view_of_claim(claim: Claim, place: int = 0) -> ClaimView:
    """Return one sentence as a reader is shown it, also while the rest is still being written."""
    return ClaimView(
        claim.text, marks_of(claim.citations), claim.verdict, is_quoted(claim), shown_verdict(claim), claim.reasons,
        doubt(claim), _answering(claim), place,
    )  # fmt: skip


def marks_of(citations: Iterable[Citation]) -> tuple[QuoteView, ...]:
    """Return what the marks of some citations open: each number once, with its first quote."""
    first: dict[int, Citation] = {}
    for citation in citations:
        first.setdefault(citation.number, citation)
    return tuple(map(quote_of, first.values()))


def quote_of(citation: Citation) -> QuoteView:
    """Return the words that a citation quotes."""
    return QuoteView(citation.number, citation.quote, said_by(citation), citation)


def said_by(place: Citation | Source | Evidence) -> str:
    """Return outlet and day of a place in an article, or its title or file where neither is known."""
    return described(place.outlet, place.published, None) or place.title or place.file


def _answering(claim: Claim) -> tuple[int, int] | None:
    """Return where in a quotation the answering words stand, without spaces at their ends."""
    first = claim.citations[0] if is_quoted(claim) else None
    if first is None or first.answer is None:
        return None
    start, end = (offset - first.start for offset in first.answer)
    if not 0 <= start < end <= len(claim.text):
        return None
    words = claim.text[start:end]
    start, end = end - len(words.lstrip()), start + len(words.rstrip())
    return (start, end) if start < end else None
