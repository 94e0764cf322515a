"""What the command prints of an answer: claims with marks and doubts, sources, where articles differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from assistant.answers.claim_view import QuoteView, view_of_claim
from assistant.answers.view import AnswerView, DifferenceView, NearView, SourceView, VersionView, view_of
from assistant.answers.wording import DIFFER, NEAREST, SUPERSEDED, copies_line, described
from assistant.cli.terminal.printing import DOUBT_STYLE, FAINT_STYLE, MARK_STYLE, QUOTE_STYLE, SafeText, Terminal
from assistant.cli.terminal.sections import claim_text, laid_out, listing_lines
from assistant.types import Answer, Claim, Event
from index.types import Article, Paragraph

_PUT_TOGETHER = "Put together:"
"""Above sentences of a model when it has written all of them, so that they can be put under headings."""
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
            self._shown(view)
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
                self._print(claim_text(view_of_claim(event.value)))
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
            self._shown(view)
        else:
            self._nearest(view.nearest)
        if view.sections:
            self._print(SafeText("\nReading on; Ctrl-C stops it.", style=FAINT_STYLE))

    def _done(self, answer: Answer, quoted: Answer, written: int) -> None:
        """Print what is left to say when the last claim has been printed."""
        view = view_of(answer)
        if view.refusal is not None:
            if written or not quoted.answered:
                self._print()
            self._print(SafeText(view.refusal, style=QUOTE_STYLE))
            self._coverage(view)
        elif view.reply is not None or view.listing:
            if answer.text != quoted.text:
                self._shown(view)
        elif answer.writer != quoted.writer:
            self._print()
            if any(section.heading for section in view.sections):
                self._print(SafeText(_PUT_TOGETHER, style=FAINT_STYLE))
                self._laid_out(view)
            self._rest(view)
        self._note(view)

    def _shown(self, view: AnswerView) -> None:
        """Print all but the note of what is no refusal."""
        if view.reply is not None:
            self._print(SafeText(view.reply))
            return
        self._lead(view.lead)
        if view.listing:
            for entry in listing_lines(view.listing, self._width):
                self._print(entry)
            self._print()
        if view.sections:
            self._laid_out(view)
        self._rest(view)

    def _laid_out(self, view: AnswerView) -> None:
        for part in laid_out(view, self._width):
            self._print(part)
        self._print()

    @property
    def _width(self) -> int | None:
        return None if self._terminal.piped else self._terminal.out.width

    def _lead(self, lead: str | None) -> None:
        if lead:
            self._print(SafeText(lead, style=DOUBT_STYLE))

    def _rest(self, view: AnswerView) -> None:
        for source in view.sources:
            self._print(_source(source))
        for difference in view.differences:
            self._difference(difference)
        self._print(SafeText(view.made_line, style=FAINT_STYLE))

    def _note(self, view: AnswerView) -> None:
        if view.note:
            self._print(SafeText(f"Note: {view.note}", style=DOUBT_STYLE))

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


def _value(version: VersionView) -> Text:
    value = SafeText().append(version.value, style=QUOTE_STYLE)
    return value.append(f" ({SUPERSEDED})", style=DOUBT_STYLE) if version.superseded else value


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
