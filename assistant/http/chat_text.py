"""An answer as a chat message: plain text with marks, the sources beneath it, and annotations that point into it.

Programs show such messages as Markdown. What came from articles and models is text, so what would become a picture, a
link or a tag there is made harmless: a picture in an article must not be fetched by who reads about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.answers.deep_links import deep_link, web_address
from assistant.answers.parts import made_line, one_line
from assistant.answers.verdicts import doubt
from assistant.answers.wording import coverage_line, day, described
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Verdict

SOURCES = "\n\nSources:\n"
"""Begins the list under an answer; in a history, what stands behind it is no part of the answer."""

_LIVE = re.compile(r"!(?=\[)|(?<=\])(?=[(:\[])|<(?=[A-Za-z/!?])")


class ChatText:
    """One message in the making. Each step returns what it adds to `content`."""

    def __init__(self) -> None:
        self.content = ""
        self.annotations: list[dict[str, Any]] = []
        self._held: list[Claim] = []
        self._said: list[Claim] = []

    def claim(self, claim: Claim) -> str:
        """Add a claim; one that nothing bears out waits until another holds, for else it is not shown."""
        self._held.append(claim)
        if not self._said and claim.verdict is Verdict.UNSUPPORTED:
            return ""
        held, self._held = self._held, []
        return "".join(self._claim(entry) for entry in held)

    def finish(self, answer: Answer) -> str:
        """Add what the answer holds beyond the claims that were added, and its sources."""
        before = len(self.content)
        said = tuple(self._said)
        rest: Sequence[Claim] = answer.claims
        if said and said == answer.claims[: len(said)]:
            rest = answer.claims[len(said) :]
        elif said:
            self._add("\n\nWhat stands above does not hold.\n\n")
            self._said = []
        if not answer.answered:
            told = (answer.text, answer.note, coverage_line(answer.coverage) if answer.coverage else None)
            self._add("\n\n".join(_plain(text) for text in told if text))
            return self.content[before:]
        for entry in rest:
            self._claim(entry)
        for disagreement in answer.disagreements:
            self._disagreement(disagreement)
        self._add(f"\n\n{_plain(made_line(answer))}" + (f" {_plain(answer.note)}" if answer.note else ""))
        self._add(SOURCES + "\n".join(_source(source) for source in answer.sources))
        return self.content[before:]

    def _add(self, text: str) -> str:
        self.content += text
        return text

    def _claim(self, claim: Claim) -> str:
        before = len(self.content)
        self._add(f"{' ' if self._said else ''}{_plain(claim.text)}")
        self._said.append(claim)
        if claim.citations:
            self._add(" ")
            self._marks(claim.citations)
        if said := doubt(claim):
            self._add(f" {_plain(said)}")
        return self.content[before:]

    def _marks(self, citations: Sequence[Citation]) -> None:
        shown = set()
        for citation in citations:
            if citation.number in shown:
                continue
            shown.add(citation.number)
            start = len(self.content)
            self._add(f"[{citation.number}]")
            if address := deep_link(citation.url, citation.quote):
                title = one_line(described(citation.outlet, None, citation.title) or citation.file)
                placed = {"start_index": start, "end_index": len(self.content), "url": address, "title": title}
                self.annotations.append({"type": "url_citation", "url_citation": placed})

    def _disagreement(self, disagreement: Disagreement) -> None:
        about = disagreement.kind + (f": {disagreement.about}" if disagreement.about else "")
        self._add(f"\n\nThe articles differ ({_plain(about)}):")
        for version in disagreement.versions:
            outlets = dict.fromkeys(_told_by(citation) for citation in version.citations)
            old = " (superseded)" if version.superseded else ""
            self._add(f"\n- {_plain(version.value)}{old}, {_plain('; '.join(outlets))} ")
            self._marks(version.citations)


def spoken(content: str) -> str:
    """Return what an earlier message answered, without the list beneath it."""
    return content.partition(SOURCES)[0]


def _told_by(citation: Citation) -> str:
    told = citation.outlet or citation.file
    return f"{told}, {day(citation.published)}" if citation.published else told


def _source(source: Source) -> str:
    named = described(source.outlet, source.published, source.title) or source.file
    address = web_address(source.url)
    return f"- [{source.number}] {_plain(named)} ({source.article}¶{source.paragraph})" + (
        f" {address}" if address else ""
    )


def _plain(text: str) -> str:
    """Return a text on one line in which nothing comes alive as Markdown or HTML."""
    return _LIVE.sub(lambda match: f"{match[0]}\\" if match[0] == "!" else f"\\{match[0]}", one_line(text))
