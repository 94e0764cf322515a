"""An answer as a reader is shown it, worded once: terminal, page, Markdown, HTML, chat and reports only lay it out.

Nothing here is escaped; every door does that with `assistant.safe_text` when it writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.claim_view import ClaimView, QuoteView, marks_of, quote_of, said_by, view_of_claim
from assistant.answers.deep_links import web_address
from assistant.answers.layout import Layout, layout_of, sections_of, table_head
from assistant.answers.listing_view import ListingView, view_of_listing
from assistant.answers.verdicts import made
from assistant.answers.wording import MAY_ANSWER, NO_ARTICLE, coverage_line, day, described
from assistant.types import Answer, Citation, Disagreement, Evidence, Form, Outcome, Source, Version

NEAREST_SHOWN = 3
"""Paragraphs that a refusal shows."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """Sentences that stand together."""

    heading: str
    """Empty where they need none."""
    claims: tuple[ClaimView, ...]
    day: str | None = None
    """The day, as an ISO date, of an entry of a timeline."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """What some of the articles say where they differ."""

    value: str
    superseded: bool
    quotes: tuple[QuoteView, ...]
    marks: tuple[QuoteView, ...]
    """Each number once."""


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """Where articles differ: what about, and the versions."""

    about: str
    """For example "duration: call"."""
    versions: tuple[VersionView, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A cited paragraph in the list under an answer."""

    number: int
    title: str
    by: str
    """Outlet and day."""
    described: str
    """Outlet, day and title on one line."""
    article: str
    revision: int
    paragraph: int
    place: str
    """Article and paragraph: "sample-wire-call¶1"."""
    text: str
    """The whole paragraph."""
    copies: tuple[str, ...]
    """Places of other articles that carry the same text."""
    quotes: tuple[QuoteView, ...]
    """All that is quoted from it."""
    address: str | None
    """Its address on the web, fit for a link."""
    unlinked: str | None
    """An address that is none of the web: to be shown, not to be followed."""

    @property
    def typed_place(self) -> str:
        """The place as one types it: "sample-wire-call#1"."""
        return f"{self.article}#{self.paragraph}"


@dataclass(frozen=True, slots=True)
class NearView:
    """A paragraph that is near a question which the articles do not answer."""

    article: str
    paragraph: int
    place: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A whole answer, or a refusal: then `refusal` says so, and only nearest, note and coverage go with it.

    With a `reply`, to what asks nothing of the articles, goes a note at most.
    """

    question: str
    refusal: str | None
    reply: str | None
    lead: str | None
    """What is said before the claims where it is not sure that they answer."""
    claims: tuple[ClaimView, ...]
    sections: tuple[SectionView, ...]
    """All claims, as they stand together; a single section without a heading where they simply follow each other."""
    layout: Layout
    """How the sections look."""
    table_head: tuple[str, str]
    """What stands above the columns of headings and of sentences in a table."""
    listing: ListingView | None
    """What the catalogue lists; then there are no claims."""
    as_table: bool
    """Whether a list is wanted as a table; of sections, `layout` says it."""
    differences: tuple[DifferenceView, ...]
    sources: tuple[SourceView, ...]
    nearest: tuple[NearView, ...]
    note: str | None
    coverage: str | None
    """What the collection covers, in one sentence."""
    as_of: str | None
    """For example "As of 18 March 2025"."""
    made: str
    """Who wrote it and what was checked."""

    @property
    def made_line(self) -> str:
        """Say as of when the answer stands and who wrote it, in sentences."""
        return f"{self.as_of}. {self.made}." if self.as_of else f"{self.made}."

    @property
    def reply_lines(self) -> tuple[str, ...]:
        """The lines of a reply that say something."""
        return tuple(filter(str.strip, (self.reply or "").splitlines()))

    @property
    def beside_refusal(self) -> tuple[str, ...]:
        """What is told in words below a refusal."""
        return tuple(filter(None, (self.note, self.coverage)))

    def dateline(self, writer: str | None = None) -> str:
        """Say the same for a heading; `writer` stands for who wrote it, while that is not known."""
        return " · ".join(filter(None, (self.as_of, self.made if writer is None else writer)))


def view_of(answer: Answer) -> AnswerView:
    """Return an answer as a reader is shown it."""
    claims = tuple(view_of_claim(claim, place) for place, claim in enumerate(answer.claims))
    is_reply = answer.form is Form.TALK and not answer.answered
    return AnswerView(
        question=answer.question,
        refusal=None if answer.answered or is_reply else answer.text,
        reply=answer.text if is_reply else None,
        lead=MAY_ANSWER if answer.answered and answer.outcome is Outcome.MAY_ANSWER else None,
        claims=claims,
        sections=tuple(
            SectionView(section.heading.strip(), tuple(claims[place] for place in section.claims), section.day)
            for section in sections_of(answer)
        ),
        layout=layout_of(answer),
        table_head=table_head(answer.form),
        listing=view_of_listing(answer.listing) if answer.listing else None,
        as_table=answer.as_table,
        differences=tuple(map(_difference, answer.disagreements)),
        sources=_sources(answer),
        nearest=() if is_reply else tuple(map(_near, answer.evidence[:NEAREST_SHOWN])),
        note=answer.note or None,
        coverage=None if is_reply else _coverage(answer),
        as_of=f"As of {day(answer.as_of)}" if answer.as_of else None,
        made=made(answer),
    )


def _coverage(answer: Answer) -> str | None:
    """Say what the collection is about, unless no article was searched and the refusal says so."""
    if answer.coverage is None or (not answer.coverage.articles and NO_ARTICLE in answer.text):
        return None
    return coverage_line(answer.coverage)


def place_of(article: str, paragraph: int) -> str:
    """Return article and paragraph as one: "sample-wire-call¶1"."""
    return f"{article}¶{paragraph}"


def _difference(disagreement: Disagreement) -> DifferenceView:
    about = ": ".join(filter(None, (disagreement.kind, disagreement.about)))
    return DifferenceView(about, tuple(map(_version, disagreement.versions)))


def _version(version: Version) -> VersionView:
    quotes = tuple(map(quote_of, version.citations))
    return VersionView(version.value, version.superseded, quotes, marks_of(version.citations))


def _sources(answer: Answer) -> tuple[SourceView, ...]:
    cited: dict[int, list[Citation]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.number, []).append(citation)
    return tuple(_source(source, cited.get(source.number, ())) for source in answer.sources)


def _source(source: Source, citations: Sequence[Citation]) -> SourceView:
    quoted = {citation.quote: citation for citation in reversed(citations)}
    copies = dict.fromkeys(copy.replace("#", "¶") for citation in citations for copy in citation.copies)
    address = web_address(source.url)
    return SourceView(
        source.number, source.title or source.file, said_by(source),
        described(source.outlet, source.published, source.title) or source.file, source.article, source.revision,
        source.paragraph, place_of(source.article, source.paragraph), source.text, tuple(copies),
        tuple(quote_of(quoted[words]) for words in dict.fromkeys(citation.quote for citation in citations)), address,
        source.url if source.url and not address else None,
    )  # fmt: skip


def _near(evidence: Evidence) -> NearView:
    return NearView(
        evidence.article, evidence.paragraph, place_of(evidence.article, evidence.paragraph), said_by(evidence),
        evidence.text,
    )  # fmt: skip
