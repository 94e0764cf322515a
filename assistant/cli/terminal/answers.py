"""What the command prints of an answer: claims with marks and doubts, sources, where articles differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from assistant.answers.view import (
    AnswerView,
    ClaimView,
    DifferenceView,
    NearView,
    QuoteView,
    SourceView,
    VersionView,
    view_of,
    view_of_claim,
)
from assistant.answers.wording import DIFFER, NEAREST, SUPERSEDED, copies_line, described
from assistant.cli.terminal.printing import FAINT_STYLE, MARK_STYLE, QUOTE_STYLE, SafeText, Terminal
from assistant.types import Answer, Claim, Event, Verdict
from index.types import Article, Paragraph

_DOUBT_STYLE = "yellow"
_MOST_COLUMNS = 3
"""Versions that fit beside each other; more stand beneath each other."""


class AnswerPrinter:
    """Prints answers to a terminal, or plainly into a pipe."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._print = terminal.out.print

    def answer(self, answer: Answer) -> None:
        """Print an answer with its sources, or the refusal with what is nearest."""
        view = view_of(answer)
        if view.refusal is None:
            self._quoted(view)
        else:
            self._print(SafeText(view.refusal, style=QUOTE_STYLE))
            if view.nearest:
                self._print()
                self._nearest(view.nearest)
            self._coverage(view)
        self._note(view)

    def streamed(self, events: Iterable[Event], model: str | None) -> Iterator[Answer]:
        """Print the quoted answer at once, then each claim of a model as it comes; yield each answer when printed.

        The first answer that is yielded is the quoted one, the last is final. `model` names the model that is to write,
        None when there is none.
        """
        quoted: Answer | None = None
        written, lead = 0, None
        for event in events:
            if isinstance(event.value, Claim):
                if not written:
                    said = f"Written by {model or 'the model'}, each sentence checked:"
                    self._print(SafeText(said, style=FAINT_STYLE))
                    self._lead(lead)
                self._print(_claim(view_of_claim(event.value)))
                written += 1
            elif quoted is None:
                quoted = event.value
                lead = view_of(quoted).lead
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
        for source in view_of(answer).sources:
            self._print(_source(source))

    def source(
        self, article: Article, paragraphs: Sequence[Paragraph], cited: int, spans: Sequence[tuple[int, int]]
    ) -> None:
        """Print paragraphs of an article; `spans` are the offsets to highlight in the one with the number `cited`.

        In a pipe the spans stand between » and «.
        """
        self._print(
            SafeText(described(article.outlet, article.published, article.title) or article.file, style=QUOTE_STYLE)
        )
        if article.url:
            self._print(SafeText(article.url, style=FAINT_STYLE))
        for paragraph in paragraphs:
            inside = paragraph.number == cited
            line = SafeText(f"{paragraph.number:>3}{'>' if inside else ' '} ", style=MARK_STYLE)
            if inside:
                line.append_text(self._highlighted(paragraph, spans))
            else:
                line.append(paragraph.text, style=FAINT_STYLE)
            self._print(line)

    # -- parts

    def _evidence(self, quoted: Answer) -> None:
        """Print what can be quoted at once, while a model is about to read on."""
        view = view_of(quoted)
        if view.refusal is None:
            self._quoted(view)
        else:
            self._nearest(view.nearest)
        if quoted.answered:
            self._print(SafeText("\nReading on; Ctrl-C stops it.", style=FAINT_STYLE))

    def _done(self, answer: Answer, quoted: Answer, written: int) -> None:
        """Print what is left to say when the last claim has been printed."""
        view = view_of(answer)
        if view.refusal is not None:
            if written or not quoted.answered:
                self._print()
            self._print(SafeText(view.refusal, style=QUOTE_STYLE))
            self._coverage(view)
        elif answer.writer != quoted.writer:
            self._print()
            self._rest(view)
        self._note(view)

    def _quoted(self, view: AnswerView) -> None:
        self._lead(view.lead)
        self._print(SafeText(" ").join(map(_claim, view.claims)))
        self._print()
        self._rest(view)

    def _lead(self, lead: str | None) -> None:
        if lead:
            self._print(SafeText(lead, style=_DOUBT_STYLE))

    def _rest(self, view: AnswerView) -> None:
        for source in view.sources:
            self._print(_source(source))
        for difference in view.differences:
            self._difference(difference)
        self._print(SafeText(view.made_line, style=FAINT_STYLE))

    def _note(self, view: AnswerView) -> None:
        if view.note:
            self._print(SafeText(f"Note: {view.note}", style=_DOUBT_STYLE))

    def _nearest(self, nearest: Sequence[NearView]) -> None:
        if nearest:
            self._print(f"{NEAREST}:")
        for entry in nearest:
            line = SafeText("  ").append(entry.place, style=MARK_STYLE).append(f"  {entry.by}", style=FAINT_STYLE)
            self._print(line.append(f"\n    {entry.text}"))

    def _coverage(self, view: AnswerView) -> None:
        if view.coverage:
            self._print(SafeText(f"\n{view.coverage}", style=FAINT_STYLE))

    def _difference(self, difference: DifferenceView) -> None:
        self._print(SafeText(f"\n{DIFFER} ({difference.about})", style=QUOTE_STYLE))
        if self._terminal.piped or len(difference.versions) > _MOST_COLUMNS:
            for version in difference.versions:
                self._print(SafeText("  ").append_text(_value(version)))
                for quote in version.quotes:
                    self._print(SafeText("    ").append_text(_quote(quote)))
        else:
            table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
            for _ in difference.versions:
                table.add_column(ratio=1, overflow="fold")
            cells = ([_value(version), *map(_quote, version.quotes)] for version in difference.versions)
            table.add_row(*map(SafeText("\n").join, cells))
            self._print(table)
        self._print()

    def _highlighted(self, paragraph: Paragraph, spans: Sequence[tuple[int, int]]) -> Text:
        shown = SafeText()
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


def _claim(claim: ClaimView) -> Text:
    before, words, after = claim.parts
    if words:
        shown = SafeText().append(before).append(words, style=QUOTE_STYLE).append(after)
    else:
        shown = SafeText().append(claim.text, style=QUOTE_STYLE if claim.verdict is Verdict.SUPPORTED else "")
    if claim.marks:
        shown.append(f" {''.join(f'[{mark.number}]' for mark in claim.marks)}", style=MARK_STYLE)
    return shown.append(f" {claim.doubt}", style=_DOUBT_STYLE) if claim.doubt else shown


def _value(version: VersionView) -> Text:
    value = SafeText().append(version.value, style=QUOTE_STYLE)
    return value.append(f" ({SUPERSEDED})", style=_DOUBT_STYLE) if version.superseded else value


def _quote(quote: QuoteView) -> Text:
    line = SafeText().append(quote.by, style=FAINT_STYLE).append(f" “{quote.words}”")
    return line.append(f" [{quote.number}]", style=MARK_STYLE)


def _source(source: SourceView) -> Text:
    line = SafeText().append(f"[{source.number}] ", style=MARK_STYLE).append(source.described)
    line.append(f"  {source.place}", style=FAINT_STYLE)
    if source.copies:
        said = copies_line(source.copies)
        line.append(f"  ({said[:1].lower()}{said[1:]})", style=FAINT_STYLE)
    return line
