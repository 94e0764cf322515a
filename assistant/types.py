"""The values that flow through answering. All of them turn into JSON and can be checked again without a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from index.types import Coverage


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERS = "answers"
    """The articles answer it."""
    MAY_ANSWER = "may answer"
    """What they say nearest to it is shown, and may be no answer."""
    NO_ANSWER = "does not answer"


class Form(StrEnum):
    """How wide a question is, and so what its answer looks like."""

    FACT = "fact"
    """One thing, or an explanation, that some sentence tells."""
    OVERVIEW = "overview"
    TIMELINE = "timeline"
    LATEST = "latest"
    """The newest on a story."""
    COMPARISON = "comparison"
    """Outlets, articles, sides or times against each other."""
    WHO_IS = "who_is"
    """Who or what something named is."""
    LIST = "list"
    """Articles, outlets, authors or dates from the catalogue."""
    COUNT = "count"
    """How many articles."""
    OPINION = "opinion"
    """Who says what of something."""
    TALK = "talk"
    """Does not ask the articles: a greeting, thanks, what the assistant can do."""

    @property
    def is_wide(self) -> bool:
        """Whether its answer is made of many sentences, or of the catalogue."""
        return self not in {Form.FACT, Form.TALK}


class Verdict(StrEnum):
    """How well its sources bear out a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: `quote` is the article's text from `start` to `end`, byte for byte, in that revision."""

    number: int
    """The mark: the place of the source in the answer's list, from 1."""
    article: str
    file: str
    revision: int
    paragraph: int
    quote: str
    start: int
    end: int
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    paragraph_hash: str = ""
    """SHA-256 of the whole paragraph, to tell later whether it changed."""
    copies: tuple[str, ...] = ()
    """Paragraphs of other articles (`article#number`) that carry the same text: one voice with this one."""
    answer: tuple[int, int] | None = None
    """Offsets, as `start` and `end`, of the words in the quote that answer likeliest; None where none were sought."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with the citations that bear it out."""

    text: str
    verdict: Verdict
    reasons: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A cited paragraph, as the list under an answer shows it. Only what is cited is listed."""

    number: int
    article: str
    file: str
    revision: int
    paragraph: int
    text: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paragraph that the search found near the question, cited or not; scores compare within one answer only."""

    article: str
    file: str
    paragraph: int
    text: str
    score: float
    title: str | None = None
    outlet: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What some of the articles say where articles differ."""

    value: str
    """The differing words, as the first quote has them: "more than 90 minutes"."""
    citations: tuple[Citation, ...]
    superseded: bool = False
    """Whether a later article gives another value, so that this one may be out of date."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Articles that differ about one thing, version by version: the most outlets first, what is superseded last."""

    kind: str
    """What differs: number, amount, percentage, duration, date, time of day, or account."""
    about: str
    """What the versions are about, in words that they share."""
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Claims that stand together under a heading: a day of a timeline, an outlet of a comparison, a story."""

    heading: str
    """Empty where the claims need none."""
    claims: tuple[int, ...]
    """Their places in the answer's claims, from 0."""
    day: str | None = None
    """The day, as an ISO date, of an entry of a timeline."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list from the catalogue: an article, or the name of an outlet or author."""

    name: str
    """The article's title, else the beginning of its text; or the name."""
    article: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    articles: int | None = None
    """How many articles an outlet or author has."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue holds for a question about articles themselves; exact, and no claim about what they say."""

    kind: Literal["articles", "outlets", "authors"]
    total: int
    """How many there are; `entries` may hold fewer."""
    said: str
    """The finding in a sentence: "12 articles mention “Brexit”."."""
    entries: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, with its answer's text."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered, or refused, question. The JSON form is a contract: fields are added, never changed."""

    id: str
    question: str
    standalone_question: str
    answered: bool
    text: str
    """The claims with their marks, or the refusal."""
    as_of: str | None
    """Date of the newest cited article."""
    writer: str
    """quoting or composed."""
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    confidence: float = 0.0
    """Estimated probability that the articles answer the question."""
    coverage: Coverage | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by step."""
    usage: Mapping[str, float] = field(default_factory=dict)
    """Tokens and cost of models; empty when none was used."""
    model: str | None = None
    """Name of the model that wrote or read, if one did."""
    outcome: Outcome = Outcome.ANSWERS
    """How sure the answer is one. `answered` is true of all but NO_ANSWER."""
    note: str | None = None
    """For the reader: which outlets alone were searched, why the quoted answer stands although a model was to write."""
    form: Form = Form.FACT
    sections: tuple[Section, ...] = ()
    """How the claims stand together; empty where they simply follow each other. A claim is in one section at most."""
    listing: Listing | None = None
    as_table: bool = False
    """Whether the sections are wanted as the rows of a table."""

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions of all disagreements."""
        return tuple(version for disagreement in self.disagreements for version in disagreement.versions)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations: claim by claim, then version by version."""
        of_claims = (citation for claim in self.claims for citation in claim.citations)
        return (*of_claims, *(citation for version in self.versions for citation in version.citations))

    def with_note(self, note: str | None) -> Answer:
        """Return the answer with a note behind what it notes already."""
        return replace(self, note=" ".join(filter(None, (self.note, note))) or None)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain values for `json.dumps`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Event:
    """A step of answering, as it happens.

    `kind` is evidence (value: the quoted answer), claim (value: the next claim of a model's answer) or done (value: the
    answer).
    """

    kind: Literal["evidence", "claim", "done"]
    value: Answer | Claim
