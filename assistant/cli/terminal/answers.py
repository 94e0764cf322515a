"""What the command prints of an answer: claims with marks and doubts, sources, where articles differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from assistant.answering import HOPELESS
from assistant.answers.verdicts import doubt, made
from assistant.answers.wording import coverage_line, day, described
from assistant.cli.terminal.printing import FAINT_STYLE, MARK_STYLE, QUOTE_STYLE, Terminal, harmless
from assistant.quoting.sources import marks
from assistant.types import Answer, Citation, Claim, Disagreement, Event, Evidence, Source, Verdict, Version
from index.types import Article, Paragraph

_DOUBT_STYLE = "yellow"
_NEAREST_SHOWN = 3
_MOST_COLUMNS = 3
"""Versions that fit beside each other; more stand beneath each other."""


class AnswerPrinter:
    """Prints answers to a terminal, or plainly into a pipe."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._print = terminal.out.print

    def answer(self, answer: Answer) -> None:
        """Print an answer with its sources, or the refusal with what is nearest."""
        if not answer.answered:
            self._refusal(answer)
            return
        self._claims(answer.claims)
        self._print()
        self._rest(answer)
        self._note(answer)

    def streamed(self, events: Iterable[Event], model: str | None) -> Iterator[Answer]:
        """Print the quoted answer at once, then each claim of a model as it comes; yield each answer when printed.

        The first answer that is yielded is the quoted one, the last is final. `model` names the model that is to write,
        None when there is none.
        """
        quoted: Answer | None = None
        written = 0
        for event in events:
            if isinstance(event.value, Claim):
                if not written:
                    self._print(Text(f"Written by {model or 'the model'}, each sentence checked:", style=FAINT_STYLE))
                self._print(claim_text(event.value))
                written += 1
            elif quoted is None:
                quoted = event.value
                if model is None:
                    self.answer(quoted)
                else:
                    self._evidence(quoted)
                yield quoted
            else:
                if model is not None:
                    self._done(event.value, quoted, written)
                yield event.value

    def sources(self, answer: Answer) -> None:
        """Print the list of sources, or say that there are none."""
        if not answer.sources:
            self._terminal.line("The last answer has no sources.")
        for source in answer.sources:
            self._print(_source_line(source, _copies(answer.claims, source.number)))

    def source(
        self, article: Article, paragraphs: Sequence[Paragraph], cited: int, spans: Sequence[tuple[int, int]]
    ) -> None:
        """Print paragraphs of an article; `spans` are the offsets to highlight in the one with the number `cited`.

        In a pipe the spans stand between » and «.
        """
        self._print(
            Text(described(article.outlet, article.published, article.title) or article.file, style=QUOTE_STYLE)
        )
        if article.url:
            self._print(Text(article.url, style=FAINT_STYLE))
        for paragraph in paragraphs:
            inside = paragraph.number == cited
            line = Text(f"{paragraph.number:>3}{'>' if inside else ' '} ", style=MARK_STYLE)
            if inside:
                line.append_text(self._highlighted(paragraph, spans))
            else:
                line.append(paragraph.text, style=FAINT_STYLE)
            self._print(line)

    # -- parts

    def _evidence(self, quoted: Answer) -> None:
        """Print what can be quoted at once, while a model is about to read on."""
        if quoted.answered:
            self._claims(quoted.claims)
            self._print()
            self._rest(quoted)
        else:
            self._nearest(quoted.evidence)
        if quoted.confidence >= HOPELESS:
            self._print(Text("\nReading on; Ctrl-C stops it.", style=FAINT_STYLE))

    def _done(self, answer: Answer, quoted: Answer, written: int) -> None:
        """Print what is left to say when the last claim has been printed."""
        if not answer.answered:
            if written or not quoted.answered:
                self._print()
            self._print(Text(answer.text, style=QUOTE_STYLE))
            self._coverage(answer)
        elif answer.writer != quoted.writer:
            self._print()
            self._rest(answer)
        self._note(answer)

    def _claims(self, claims: Sequence[Claim]) -> None:
        self._print(Text(" ").join(claim_text(claim) for claim in claims))

    def _rest(self, answer: Answer) -> None:
        for source in answer.sources:
            self._print(_source_line(source, _copies(answer.claims, source.number)))
        for disagreement in answer.disagreements:
            self._disagreement(disagreement)
        if answer.as_of:
            self._print(Text(f"As of {day(answer.as_of)}. {made(answer)}.", style=FAINT_STYLE))

    def _note(self, answer: Answer) -> None:
        if answer.note:
            self._print(Text(f"Note: {answer.note}", style=_DOUBT_STYLE))

    def _refusal(self, answer: Answer) -> None:
        self._print(Text(answer.text, style=QUOTE_STYLE))
        if answer.evidence:
            self._print()
            self._nearest(answer.evidence)
        self._coverage(answer)
        self._note(answer)

    def _nearest(self, evidence: Sequence[Evidence]) -> None:
        if evidence:
            self._print("Nearest paragraphs:")
        for entry in evidence[:_NEAREST_SHOWN]:
            self._print(_evidence_line(entry))

    def _coverage(self, answer: Answer) -> None:
        if answer.coverage:
            self._print(Text(f"\n{coverage_line(answer.coverage)}", style=FAINT_STYLE))

    def _disagreement(self, disagreement: Disagreement) -> None:
        about = f": {disagreement.about}" if disagreement.about else ""
        self._print(Text(f"\nThe articles differ ({disagreement.kind}{about})", style=QUOTE_STYLE))
        if self._terminal.piped or len(disagreement.versions) > _MOST_COLUMNS:
            for version in disagreement.versions:
                self._print(Text("  ").append_text(_version_head(version)))
                for citation in version.citations:
                    self._print(Text("    ").append_text(_cited(citation)))
        else:
            table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
            for _ in disagreement.versions:
                table.add_column(ratio=1, overflow="fold")
            table.add_row(*(_version(version) for version in disagreement.versions))
            self._print(table)
        self._print()

    def _highlighted(self, paragraph: Paragraph, spans: Sequence[tuple[int, int]]) -> Text:
        shown = Text()
        position = paragraph.start
        opening, closing = ("»", "«") if self._terminal.piped else ("", "")
        for span in sorted(spans):
            start, end = max(span[0], position), min(span[1], paragraph.end)
            if start < end:
                shown.append(paragraph.text[position - paragraph.start : start - paragraph.start])
                marked = paragraph.text[start - paragraph.start : end - paragraph.start]
                shown.append(f"{opening}{marked}{closing}", style=f"{QUOTE_STYLE} reverse")
                position = end
        return shown.append(paragraph.text[position - paragraph.start :])


def claim_text(claim: Claim) -> Text:
    """Return a claim with its marks and, unless it is supported, the verdict with its reasons."""
    shown = Text().append(claim.text, style=QUOTE_STYLE if claim.verdict is Verdict.SUPPORTED else "")
    if claim.citations:
        shown.append(f" {marks(claim)}", style=MARK_STYLE)
    if said := doubt(claim):
        shown.append(f" {said}", style=_DOUBT_STYLE)
    return shown


def _version(version: Version) -> Text:
    shown = Text("\n").join([_version_head(version), *map(_cited, version.citations)])
    shown.plain = harmless(shown.plain)  # what a table holds does not pass through the console's own care
    return shown


def _version_head(version: Version) -> Text:
    head = Text().append(version.value, style=QUOTE_STYLE)
    return head.append(" (superseded)", style=_DOUBT_STYLE) if version.superseded else head


def _cited(citation: Citation) -> Text:
    line = Text().append(described(citation.outlet, citation.published, None) or citation.file, style=FAINT_STYLE)
    return line.append(f" “{citation.quote}”").append(f" [{citation.number}]", style=MARK_STYLE)


def _source_line(source: Source, copies: Sequence[str]) -> Text:
    line = Text().append(f"[{source.number}] ", style=MARK_STYLE)
    line.append(described(source.outlet, source.published, source.title) or source.file)
    line.append(f"  {source.article}¶{source.paragraph}", style=FAINT_STYLE)
    if copies:
        line.append(f"  (same text: {', '.join(copies)})", style=FAINT_STYLE)
    return line


def _copies(claims: Sequence[Claim], number: int) -> list[str]:
    copies = [
        copy
        for claim in claims
        for citation in claim.citations
        if citation.number == number
        for copy in citation.copies
    ]
    return [copy.replace("#", "¶") for copy in dict.fromkeys(copies)]


def _evidence_line(evidence: Evidence) -> Text:
    line = Text("  ")
    line.append(f"{evidence.article}¶{evidence.paragraph}", style=MARK_STYLE)
    line.append(f"  {described(evidence.outlet, evidence.published, None)}", style=FAINT_STYLE)
    line.append(f"\n    {evidence.text}")
    return line
