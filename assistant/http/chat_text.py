"""An answer as a chat message: plain text with marks, the sources beneath it, and annotations that point into it.

Programs show such messages as Markdown. What came from articles and models is text, so what would become a picture, a
link or a tag there is made harmless: a picture in an article must not be fetched by who reads about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assistant.answers.view import DifferenceView, QuoteView, SourceView, view_of, view_of_claim
from assistant.answers.wording import DIFFER, SUPERSEDED, described
from assistant.safe_text import for_chat, one_line
from assistant.types import Answer, Claim, Verdict

SOURCES = "\n\nSources:\n"
"""Begins the list under an answer; in a history, what stands behind it is no part of the answer."""


class ChatText:
    """One message in the making. Each step returns what it adds to `content`."""

    def __init__(self) -> None:
        self.content = ""
        self.lead: str | None = None
        """What is said before the first claim; that of the answer as far as it is there."""
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
        view = view_of(answer)
        if view.refusal is not None:
            self._add("\n\n".join(for_chat(text) for text in (view.refusal, *view.beside_refusal) if text))
            return self.content[before:]
        self.lead = view.lead
        for entry in rest:
            self._claim(entry)
        for difference in view.differences:
            self._difference(difference)
        self._add(f"\n\n{for_chat(view.made_line)}" + (f" {for_chat(view.note)}" if view.note else ""))
        self._add(SOURCES + "\n".join(map(_source, view.sources)))
        return self.content[before:]

    def _add(self, text: str) -> str:
        self.content += text
        return text

    def _claim(self, claim: Claim) -> str:
        before, view = len(self.content), view_of_claim(claim)
        if self.lead and not self._said:
            self._add(f"{for_chat(self.lead)}\n\n")
        self._add(f"{' ' if self._said else ''}{for_chat(view.text)}")
        self._said.append(claim)
        if view.marks:
            self._add(" ")
            self._marks(view.marks)
        if view.doubt:
            self._add(f" {for_chat(view.doubt)}")
        return self.content[before:]

    def _marks(self, marks: Iterable[QuoteView]) -> None:
        for mark in marks:
            start = len(self.content)
            self._add(f"[{mark.number}]")
            if mark.link:
                title = described(mark.citation.outlet, None, mark.citation.title) or mark.citation.file
                placed = {"start_index": start, "end_index": len(self.content), "url": mark.link}
                self.annotations.append({"type": "url_citation", "url_citation": placed | {"title": one_line(title)}})

    def _difference(self, difference: DifferenceView) -> None:
        self._add(f"\n\n{DIFFER} ({for_chat(difference.about)}):")
        for version in difference.versions:
            told_by = dict.fromkeys(quote.by for quote in version.quotes)
            old = f" ({SUPERSEDED})" if version.superseded else ""
            self._add(f"\n- {for_chat(version.value)}{old}, {for_chat('; '.join(told_by))} ")
            self._marks(version.marks)


def spoken(content: str) -> str:
    """Return what an earlier message answered, without the list beneath it."""
    return content.partition(SOURCES)[0]


def _source(source: SourceView) -> str:
    address = f" {source.address}" if source.address else ""
    return f"- [{source.number}] {for_chat(source.described)} ({for_chat(source.place)}){address}"
