"""An answer as a reader is shown it, worded once: terminal, page, Markdown, HTML, chat and reports only lay it out.

Nothing here is escaped; every door does that with `assistant.safe_text` when it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers.deep_links import deep_link, web_address
from assistant.answers.verdicts import doubt, is_quoted, made, shown_verdict
from assistant.answers.wording import MAY_ANSWER, coverage_line, day, described
from assistant.types import Answer, Citation, Claim, Disagreement, Evidence, Outcome, Source, Verdict, Version

NEAREST_SHOWN = 3
"""Paragraphs that a refusal shows."""


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

    @property
    def parts(self) -> tuple[str, str, str]:
        """The text up to the answering words, these words, and the rest; the whole comes first where there are none."""
        start, end = self.answer or (len(self.text), len(self.text))
        return self.text[:start], self.text[start:end], self.text[end:]


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
    """A whole answer, or a refusal: then `refusal` says so, and only nearest, note and coverage go with it."""

    question: str
    refusal: str | None
    lead: str | None
    """What is said before the claims where it is not sure that they answer."""
    claims: tuple[ClaimView, ...]
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
    def beside_refusal(self) -> tuple[str, ...]:
        """What is told in words below a refusal."""
        return tuple(filter(None, (self.note, self.coverage)))

    def dateline(self, writer: str | None = None) -> str:
        """Say the same for a heading; `writer` stands for who wrote it, while that is not known."""
        return " · ".join(filter(None, (self.as_of, self.made if writer is None else writer)))


def view_of(answer: Answer) -> AnswerView:
    """Return an answer as a reader is shown it."""
    return AnswerView(
        question=answer.question,
        refusal=None if answer.answered else answer.text,
        lead=MAY_ANSWER if answer.answered and answer.outcome is Outcome.MAY_ANSWER else None,
        claims=tuple(map(view_of_claim, answer.claims)),
        differences=tuple(map(_difference, answer.disagreements)),
        sources=_sources(answer),
        nearest=tuple(map(_near, answer.evidence[:NEAREST_SHOWN])),
        note=answer.note or None,
        coverage=coverage_line(answer.coverage) if answer.coverage else None,
        as_of=f"As of {day(answer.as_of)}" if answer.as_of else None,
        made=made(answer),
    )


def view_of_claim(claim: Claim) -> ClaimView:
    """Return one sentence as a reader is shown it, while the rest is still being written."""
    return ClaimView(
        claim.text, _marks(claim.citations), claim.verdict, is_quoted(claim), shown_verdict(claim), claim.reasons,
        doubt(claim), _answering(claim),
    )  # fmt: skip


def said_by(place: Citation | Source | Evidence) -> str:
    """Return outlet and day of a place in an article, or its title or file where neither is known."""
    return described(place.outlet, place.published, None) or place.title or place.file


def place_of(article: str, paragraph: int) -> str:
    """Return article and paragraph as one: "sample-wire-call¶1"."""
    return f"{article}¶{paragraph}"


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


def _marks(citations: Iterable[Citation]) -> tuple[QuoteView, ...]:
    first: dict[int, Citation] = {}
    for citation in citations:
        first.setdefault(citation.number, citation)
    return tuple(map(_quote, first.values()))


def _quote(citation: Citation) -> QuoteView:
    return QuoteView(citation.number, citation.quote, said_by(citation), citation)


def _difference(disagreement: Disagreement) -> DifferenceView:
    about = ": ".join(filter(None, (disagreement.kind, disagreement.about)))
    return DifferenceView(about, tuple(map(_version, disagreement.versions)))


def _version(version: Version) -> VersionView:
    quotes = tuple(map(_quote, version.citations))
    return VersionView(version.value, version.superseded, quotes, _marks(version.citations))


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
        tuple(_quote(quoted[words]) for words in dict.fromkeys(citation.quote for citation in citations)), address,
        source.url if source.url and not address else None,
    )  # fmt: skip


def _near(evidence: Evidence) -> NearView:
    return NearView(
        evidence.article, evidence.paragraph, place_of(evidence.article, evidence.paragraph), said_by(evidence),
        evidence.text,
    )  # fmt: skip
