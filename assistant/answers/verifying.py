"""Re-check a stored answer against the library as it is today: do its sources still say it? No model is asked.

A quotation holds while its paragraph is unchanged. What a model wrote is checked by the gate once more, against today's
paragraphs. An answer file is not trusted: a claim that its own quotes do not bear out fails, whatever the file says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assistant.answers.layout import sections_of
from assistant.answers.verdicts import is_quoted
from assistant.answers.wording import MAY_ANSWER
from assistant.gate.checking import Gate
from assistant.gate.types import CitedParagraph
from assistant.language.quotations import Found, locate
from assistant.types import Answer, Citation, Claim, Form, Outcome, Verdict
from index.errors import NotFound
from index.library.library import Library
from index.types import Article, Paragraph, text_hash

_RANK = {Verdict.SUPPORTED: 2, Verdict.PARTLY: 1, Verdict.UNSUPPORTED: 0}
_SECOND_READING = "second reading"
"""In the reasons of a claim that a model confirmed where the gate alone is uncertain."""
_QUOTED = "quoted word for word"
"""Among the reasons of a claim that is a quotation, and so has to be it still."""
_MARKS = re.compile(r"(?:\s*\[\d+\])+")


class State(StrEnum):
    """What became of a citation, or of a claim with all its citations."""

    SAME = "supported still"
    CHANGED = "source changed"
    GONE = "source gone"
    MISQUOTED = "not in the source"
    UNSUPPORTED = "unsupported"


_WORST_FIRST = (State.GONE, State.MISQUOTED, State.CHANGED)


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """What a citation's source says today."""

    article: str
    paragraph: int
    revision: int
    live_revision: int | None
    """None when the article is gone."""
    quote: str
    state: State
    detail: str
    stands_in: int | None
    """The paragraph of today's revision that holds the quote, if one does."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """What a claim, or a version where articles differ, is worth today."""

    text: str
    state: State
    holds: bool
    recorded: Verdict
    today: Verdict
    reasons: tuple[str, ...]
    citations: tuple[CheckedCitation, ...]
    quoted: bool = False
    """Whether it was recorded as a quotation, so that its words alone were checked, then as now."""


@dataclass(frozen=True, slots=True)
class Report:
    """A re-checked answer. `problems` are about the answer as a whole."""

    id: str
    question: str
    answered: bool
    holds: bool
    claims: tuple[CheckedClaim, ...]
    versions: tuple[CheckedClaim, ...]
    problems: tuple[str, ...]
    unchecked: tuple[str, ...] = ()
    """What of it could not be checked, in sentences."""

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values for `json.dumps`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Today:
    """A checked citation with the paragraph that bears it out today, if one does."""

    checked: CheckedCitation
    source: CitedParagraph | None


class Verifier:
    """Re-checks answers against one library. `gate` makes the gate, which is needed only where a model has written."""

    def __init__(self, library: Library, gate: Callable[[], Gate]) -> None:
        self._library = library
        self._make_gate = gate
        self._gate: Gate | None = None

    def verify(self, answer: Answer) -> Report:
        """Re-check one answer: every claim, and every version where articles differ."""
        claims = tuple(self._claim(claim) for claim in answer.claims)
        versions = tuple(self._version(version.value, version.citations) for version in answer.versions)
        problems = (*_problems(answer), *self._unlisted(answer))
        holds = not problems and all(entry.holds for entry in (*claims, *versions))
        return Report(
            answer.id, answer.question, answer.answered, holds, claims, versions, problems, tuple(_unchecked(answer))
        )  # fmt: skip

    def _unlisted(self, answer: Answer) -> list[str]:
        """Return which articles of a list the library does not have."""
        listed = [entry.article for entry in answer.listing.entries] if answer.listing else []
        gone = [article for article in filter(None, listed) if self._article(article, None) is None]
        return [f"The library does not have what it lists: {', '.join(gone)}."] if gone else []

    def _claim(self, claim: Claim) -> CheckedClaim:
        found = [self._citation(citation) for citation in claim.citations]
        if claim.citations and claim.text == claim.citations[0].quote:
            today, reasons = _quoted(found)
        elif _QUOTED in claim.reasons:
            today, reasons = Verdict.UNSUPPORTED, ("its words are not those that it quotes",)
        else:
            today, reasons = self._gated(claim.text, found)
        confirmed = today is Verdict.PARTLY and any(_SECOND_READING in reason for reason in claim.reasons)
        borne_out = today is not Verdict.UNSUPPORTED and (_RANK[today] >= _RANK[claim.verdict] or confirmed)
        state = _state(entry.checked for entry in found)
        if state is State.SAME and not borne_out:
            state = State.UNSUPPORTED
        if confirmed:
            reasons = (*reasons, "a model's second reading had confirmed it")
        checked = tuple(entry.checked for entry in found)
        quoted = is_quoted(claim) or _QUOTED in claim.reasons
        return CheckedClaim(claim.text, state, state is State.SAME, claim.verdict, today, reasons, checked, quoted)

    def _version(self, value: str, citations: Sequence[Citation]) -> CheckedClaim:
        found = [self._citation(citation) for citation in citations]
        today, reasons = _quoted(found)
        if not any(_holds(citation.quote, value) for citation in citations):
            today, reasons = Verdict.UNSUPPORTED, ("its quotes do not hold the value",)
        state = _state(entry.checked for entry in found)
        if state is State.SAME and today is Verdict.UNSUPPORTED:
            state = State.UNSUPPORTED
        checked = tuple(entry.checked for entry in found)
        return CheckedClaim(value, state, state is State.SAME, Verdict.SUPPORTED, today, reasons, checked)

    def _gated(self, text: str, found: Sequence[_Today]) -> tuple[Verdict, tuple[str, ...]]:
        sources = [entry.source for entry in found if entry.source]
        if found and not sources:
            return Verdict.UNSUPPORTED, ("no cited paragraph is left",)
        if not sources:
            return Verdict.UNSUPPORTED, ("no paragraph is cited",)
        self._gate = self._gate or self._make_gate()
        finding = self._gate.check(text, sources)
        return finding.verdict, finding.reasons

    # -- citations

    def _citation(self, citation: Citation) -> _Today:
        live = self._article(citation.article, None)
        if live is None:
            return _Today(_checked(citation, None, State.GONE, self._how_to_see(citation)), None)
        paragraphs = self._library.paragraphs(live)
        paragraph = next((entry for entry in paragraphs if entry.number == citation.paragraph), None)
        if paragraph and _unchanged(citation, live, paragraph):
            return _Today(
                _checked(citation, live, State.SAME, "unchanged", paragraph.number), CitedParagraph(paragraph, live)
            )
        if live.revision == citation.revision:
            detail = f"revision {live.revision} does not have the quote at that place; was the answer file changed?"
            return _Today(_checked(citation, live, State.MISQUOTED, detail), None)
        stands, how = _standing(citation, paragraphs)
        detail = f"revision {live.revision} is live, {citation.revision} was cited; {how}"
        source = CitedParagraph(stands, live) if stands else None
        place = stands.number if stands else None
        return _Today(_checked(citation, live, State.CHANGED, detail, place), source)

    def _article(self, article: str, revision: int | None) -> Article | None:
        try:
            return self._library.article(article, revision)
        except NotFound:
            return None

    def _how_to_see(self, citation: Citation) -> str:
        if self._article(citation.article, citation.revision) is None:
            return f"the library has no article {citation.article}; is it the one that was asked?"
        place = f"{citation.article}#{citation.paragraph}"
        return f"the article was removed; what was cited: pullquote show {place} --revision {citation.revision}"


def _checked(
    citation: Citation, live: Article | None, state: State, detail: str, stands_in: int | None = None
) -> CheckedCitation:
    return CheckedCitation(
        citation.article, citation.paragraph, citation.revision, live.revision if live else None, citation.quote, state,
        detail, stands_in,
    )  # fmt: skip


def _unchanged(citation: Citation, live: Article, paragraph: Paragraph) -> bool:
    """Whether the paragraph is the one that was cited, and has the quote where it was."""
    inside = paragraph.start <= citation.start < citation.end <= paragraph.end
    hashed = text_hash(paragraph.text) == citation.paragraph_hash or (
        not citation.paragraph_hash and live.revision == citation.revision  # an answer from before hashes were kept
    )
    return inside and hashed and live.text[citation.start : citation.end] == citation.quote


def _standing(citation: Citation, paragraphs: Sequence[Paragraph]) -> tuple[Paragraph | None, str]:
    """Return the paragraph of today's text that holds the quote, the cited place first, and say so in words."""
    ways: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("word for word", lambda text: citation.quote in text),
        ("but for capitals or punctuation marks", lambda text: _holds(text, citation.quote)),
    )
    nearest = sorted(paragraphs, key=lambda entry: abs(entry.number - citation.paragraph))
    for how, holds in ways if citation.quote.strip() else ():
        for paragraph in nearest:
            if holds(paragraph.text):
                return paragraph, f"the quote still stands in paragraph {paragraph.number}, {how}"
    seen = f"pullquote show {citation.article}#{citation.paragraph} --revision {citation.revision}"
    return None, f"the quote no longer stands in it; what was cited: {seen}"


def _holds(text: str, words: str) -> bool:
    place = locate(words, text)
    return place.found is Found.VERBATIM and bool(place.spans)


def _quoted(found: Sequence[_Today]) -> tuple[Verdict, tuple[str, ...]]:
    """Judge what is quoted word for word: it is supported where its own source still has it."""
    if found and found[0].source:
        return Verdict.SUPPORTED, (_QUOTED,)
    return Verdict.UNSUPPORTED, ("the articles of today do not have the quotation",)


def _state(checked: Iterable[CheckedCitation]) -> State:
    """Return the worst that became of a claim's citations."""
    states = {entry.state for entry in checked}
    return next((state for state in _WORST_FIRST if state in states), State.SAME)


def _problems(answer: Answer) -> list[str]:
    """Return what is wrong with the answer as a whole: text that no claim has."""
    if not answer.answered:
        return ["It is a refusal, and yet has claims."] if answer.claims else []
    if answer.listing and not answer.claims:
        starts = _plain(answer.text).startswith(_plain(answer.listing.said))
        return [] if starts else ["Its text is not that of its list."]
    if not answer.claims:
        return ["It has a text, but no claims that could be checked."]
    return [] if _plain(answer.text) in set(_texts(answer)) else ["Its text is not that of its claims."]


def _texts(answer: Answer) -> Iterator[str]:
    """Yield the texts that an answer with these claims may have: as they follow each other, and by section."""
    lead = MAY_ANSWER if answer.outcome is Outcome.MAY_ANSWER else ""
    yield _plain(" ".join((lead, *(claim.text for claim in answer.claims))))
    parts = [lead]
    for section in sections_of(answer):
        parts += [f"{section.heading}:"] if section.heading else []
        parts += [answer.claims[place].text for place in section.claims]
    yield _plain(" ".join(parts))


def _unchecked(answer: Answer) -> Iterator[str]:
    if answer.listing:
        yield "What the catalogue holds is as of the day of the question. Ask again to see what it holds by now."
    elif answer.form is Form.TALK and not answer.answered:
        yield "It does not speak of the articles, and cites nothing."
    elif not answer.answered:
        yield "A refusal cites nothing. Ask again to see whether the articles answer by now."


def _plain(text: str) -> str:
    return "".join(_MARKS.sub(" ", text).split())
