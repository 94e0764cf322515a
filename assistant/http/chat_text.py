"""An answer as a chat message: plain text with marks, the sources beneath it, and annotations that point into it.

Programs show such messages as Markdown. What came from articles and models is text, so what would become a picture, a
link or a tag there is made harmless: a picture in an article must not be fetched by who reads about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from assistant.answers.claim_view import ClaimView, QuoteView, view_of_claim
from assistant.answers.layout import Layout
from assistant.answers.listing_view import ListingView
from assistant.answers.markdown import markdown_table
from assistant.answers.view import AnswerView, DifferenceView, SectionView, SourceView, view_of
from assistant.answers.wording import DIFFER, SUPERSEDED, described
from assistant.safe_text import for_chat, for_markdown, one_line
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
        self._waits = False
        self._held: list[Claim] = []
        self._said: list[Claim] = []

    def begin(self, quoted: Answer) -> None:
        """Take from the quoted answer what is said first, and whether claims wait until they can stand in sections."""
        view = view_of(quoted)
        self.lead = view.lead
        self._waits = any(section.heading for section in view.sections)

    def claim(self, claim: Claim) -> str:
        """Add a claim; one that nothing bears out waits until another holds, for else it is not shown."""
        self._held.append(claim)
        if self._waits or (not self._said and claim.verdict is Verdict.UNSUPPORTED):
            return ""
        before, held = len(self.content), self._held
        self._held = []
        for entry in held:
            self._follow(view_of_claim(entry))
            self._said.append(entry)
        return self.content[before:]

    def finish(self, answer: Answer) -> str:
        """Add what the answer holds beyond the claims that were added, and its sources."""
        before, view = len(self.content), view_of(answer)
        if self._said and tuple(self._said) != answer.claims[: len(self._said)]:
            self._add("\n\nWhat stands above does not hold.\n\n")
            self._said = []
        self._body(view)
        return self.content[before:]

    def _body(self, view: AnswerView) -> None:
        if view.refusal is not None:
            self._add("\n\n".join(for_chat(text) for text in (view.refusal, *view.beside_refusal) if text))
            return
        if view.reply is not None:
            lines = "\n".join(map(for_chat, view.reply_lines))
            self._add(lines + (f"\n\n{for_chat(view.note)}" if view.note else ""))
            return
        self.lead = view.lead
        if view.listing:
            self._add(_listing(view.listing, as_table=view.as_table))
        self._sections(view)
        for difference in view.differences:
            self._difference(difference)
        self._add(f"\n\n{for_chat(view.made_line)}" + (f" {for_chat(view.note)}" if view.note else ""))
        if not view.listing:
            self._add(SOURCES + "\n".join(map(_source, view.sources)))

    def _add(self, text: str) -> str:
        self.content += text
        return text

    # -- claims

    def _follow(self, claim: ClaimView) -> None:
        """Add a claim to those that were added, while no section is known."""
        self._add(f"{for_chat(self.lead)}\n\n" if self.lead and not self._said else "")
        self._add(" " if self._said else "")
        self._claim(claim)

    def _sections(self, view: AnswerView) -> None:
        """Add the sections; where claims were added already, only what is missing, or all where headings are."""
        if self._said and not any(section.heading for section in view.sections):
            for claim in view.claims[len(self._said) :]:
                self._follow(claim)
            return
        self._add("\n\n" if self._said else "")
        self._add(f"{for_chat(self.lead)}\n\n" if self.lead and view.claims and not self._said else "")
        if view.layout is Layout.ROWS:
            self._add(markdown_table(tuple(map(for_markdown, view.table_head)), ()))
        between = "\n" if view.layout in {Layout.ROWS, Layout.DAYS} else "\n\n"
        for place, section in enumerate(view.sections):
            self._add(between if place or view.layout is Layout.ROWS else "")
            self._section(section, view.layout)

    def _section(self, section: SectionView, layout: Layout) -> None:
        heading = for_chat(section.heading)
        if layout is Layout.ROWS:
            self._add(f"| {for_markdown(section.heading)} | ")
            self._sentences(section.claims, for_markdown)
            self._add(" |")
        elif layout in {Layout.TEXT, Layout.DAYS}:
            self._add("- " if layout is Layout.DAYS else "")
            self._add(f"{heading}: " if heading else "")
            self._sentences(section.claims)
        else:
            self._add(f"{heading}:\n" if heading else "")
            for place, claim in enumerate(section.claims):
                self._add("\n- " if place else "- ")
                self._claim(claim)

    def _sentences(self, claims: Iterable[ClaimView], escaped: Callable[[str], str] = for_chat) -> None:
        for place, claim in enumerate(claims):
            self._add(" " if place else "")
            self._claim(claim, escaped)

    def _claim(self, claim: ClaimView, escaped: Callable[[str], str] = for_chat) -> None:
        self._add(escaped(claim.text))
        if claim.marks:
            self._add(" ")
            self._marks(claim.marks)
        if claim.doubt:
            self._add(f" {escaped(claim.doubt)}")

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


def _listing(listing: ListingView, *, as_table: bool) -> str:
    lines = [for_chat(listing.said)]
    if as_table and listing.entries:
        cells = [[for_markdown(cell) for cell in entry.cells] for entry in listing.entries]
        lines += ["", markdown_table(listing.columns, cells), ""]
    else:
        lines += [f"- {for_chat(entry.line)}" for entry in listing.entries]
    return "\n".join([*lines, for_chat(listing.more)] if listing.more else lines)


def spoken(content: str) -> str:
    """Return what an earlier message answered, without the list beneath it."""
    return content.partition(SOURCES)[0]


def _source(source: SourceView) -> str:
    address = f" {source.address}" if source.address else ""
    return f"- [{source.number}] {for_chat(source.described)} ({for_chat(source.place)}){address}"
