"""What the command prints for people: articles, search results, tables, progress; plain text in a pipe."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.style import Style
from rich.table import Table
from rich.text import Text

from assistant.answers.wording import described
from assistant.safe_text import visible
from index.progress import AddReport
from index.types import Article, Hit, Paragraph, ParagraphKind, PassedOver

QUOTE_STYLE = "bold"
MARK_STYLE = "cyan"
FAINT_STYLE = "dim"
DOUBT_STYLE = "yellow"
_KINDS_NAMED, _FILES_NAMED = 6, 2
"""Of the files that an add passes over, in the line on them."""


class SafeText(Text):
    """A text in styles in which nothing hides, wherever it is printed; rich's own would drop some of what hides."""

    def __init__(self, text: str = "", style: str | Style = "") -> None:
        super().__init__(visible(text), style)

    def append(self, text: Text | str, style: str | Style | None = None) -> SafeText:
        """Add a text as `Text` does."""
        super().append(visible(text) if isinstance(text, str) else text, style)
        return self


class _SafeConsole(Console):
    """A console that no text can give orders to."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as Console does, with a sign for what hides in strings."""
        super().print(*(visible(each) if isinstance(each, str) else each for each in objects), **options)


class Terminal:
    """Prints to standard output; in a pipe without colours, frames or line breaks of its own."""

    def __init__(self) -> None:
        self.piped = not sys.stdout.isatty()
        self.out = _SafeConsole(soft_wrap=self.piped, highlight=False, no_color=self.piped or None)
        self.errors = _SafeConsole(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    # -- articles

    def articles(self, articles: Sequence[Article]) -> None:
        """Print a list of articles: name, date, outlet, title."""
        if self.piped:
            for article in articles:
                cells = (article.id, str(article.published or ""), article.outlet or "", article.name)
                self.out.file.write("\t".join(map(visible, cells)) + "\n")  # a console prints spaces for tabs
            return
        table = Table(box=None, padding=(0, 2, 0, 0), header_style=FAINT_STYLE)
        table.add_column("article", style=MARK_STYLE, overflow="fold")
        table.add_column("published", no_wrap=True)
        table.add_column("outlet")
        table.add_column("title")
        for article in articles:
            cells = (article.id, str(article.published or ""), article.outlet or "", article.name)
            table.add_row(*(escape(visible(cell)) for cell in cells))
        self.out.print(table)

    def article(self, article: Article, paragraphs: Sequence[Paragraph]) -> None:
        """Print an article, or some of its paragraphs, with their numbers; furniture is faint."""
        heading = [article.title, _byline(article.outlet, article.published), article.author, article.url]
        for entry in filter(None, heading):
            self.out.print(SafeText(entry, style=QUOTE_STYLE if entry == article.title else FAINT_STYLE))
        if any(heading):
            self.out.print()
        for paragraph in paragraphs:
            line = SafeText(f"{paragraph.number:>3}  ", style=MARK_STYLE)
            line.append(paragraph.text, style=FAINT_STYLE if paragraph.kind is ParagraphKind.FURNITURE else "")
            self.out.print(line)

    def hits(self, hits: Sequence[Hit], context: Mapping[str, Sequence[Paragraph]], *, explain: bool) -> None:
        """Print search results, best first; `context` holds the paragraphs to show, by passage id."""
        for rank, hit in enumerate(hits, start=1):
            head = SafeText(f"{rank:>2}. ")
            head.append(f"{hit.article.id}#{hit.passage.first}", style=MARK_STYLE)
            head.append(
                f"  {described(hit.article.outlet, hit.article.published, hit.article.title)}", style=FAINT_STYLE
            )
            self.out.print(head)
            if explain:
                self.out.print(SafeText(f"    {_explained(hit)}", style=FAINT_STYLE))
            for paragraph in context.get(hit.passage.id, ()):
                inside = hit.passage.first <= paragraph.number <= hit.passage.last
                self.out.print(
                    SafeText(f"    {paragraph.number:>3}  {paragraph.text}", style="" if inside else FAINT_STYLE)
                )
            if hit.passage.id not in context:
                self.out.print(SafeText(f"    {hit.passage.text}"))

    # -- changes

    def added(self, report: AddReport) -> None:
        """Print what an add did; failures go to standard error, one line each."""
        counted = (
            ("added", report.added), ("updated", report.updated), ("unchanged", report.unchanged),
            ("already there under another path", report.duplicates), ("finished from an earlier run", report.finished),
        )  # fmt: skip
        parts = [f"{len(names)} {what}" for what, names in counted if names]
        self.out.print(f"{', '.join(parts) or 'nothing added'}.".capitalize(), markup=False)
        for failure in report.failed:
            self.error(f"{_shown_path(failure.source)}: {failure.reason}")
        if report.failed:
            self.error(f"{len(report.failed)} could not be read; everything else is in.")
        if report.passed_over:
            self.error(_passed_over(report.passed_over))

    def line(self, text: str) -> None:
        """Print one line as it stands."""
        self.out.print(text, markup=False)

    def error(self, text: str) -> None:
        """Print one line on standard error."""
        self.errors.print(text, markup=False)


class ProgressBar:
    """A progress bar on standard error, gone when done; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._task = None if self._progress.disable else self._progress.add_task("", total=None, visible=False)

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def start(self, what: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        if self._task is not None:
            self._progress.reset(self._task, description=what, total=total, visible=True)

    def advance(self, steps: int) -> None:
        """Say that steps are done."""
        if self._task is not None:
            self._progress.advance(self._task, steps)


def _byline(outlet: str | None, published: object) -> str | None:
    return described(outlet, published, None) or None


def _explained(hit: Hit) -> str:
    def part(name: str, score: float | None, rank: int | None) -> str:
        place = f"rank {rank}" if rank else "not among the candidates"
        return f"{name} {score:.3f} ({place})" if score is not None else f"{name} – ({place})"

    dense = part("dense", hit.dense_score, hit.dense_rank)
    lexical = part("lexical", hit.lexical_score, hit.lexical_rank)
    return f"fused {hit.score:+.3f} = {dense}, {lexical}; {len(hit.copies)} copies"


def _passed_over(files: Sequence[PassedOver]) -> str:
    """Return for example "3 files passed over: 2 .rtf, 1 .eml (letter.eml, a.rtf and 1 more)."."""
    kinds = Counter(Path(each.file).suffix.lower() or "without an ending" for each in files).most_common()
    listed = [f"{count} {kind}" for kind, count in kinds[:_KINDS_NAMED]]
    rest = sum(count for _, count in kinds[_KINDS_NAMED:])
    named = ", ".join(Path(each.file).name for each in files[:_FILES_NAMED])
    more = f" and {len(files) - _FILES_NAMED} more" if len(files) > _FILES_NAMED else ""
    counted = ", ".join(listed + ([f"{rest} of other kinds"] if rest else []))
    return f"{len(files)} {'file' if len(files) == 1 else 'files'} passed over: {counted} ({named}{more})."


def _shown_path(source: str) -> str:
    try:
        return str(Path(source).relative_to(Path.cwd()))
    except ValueError:
        return source


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_json_line(value: object) -> None:
    """Print a value as one line of JSON, at once."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))
    sys.stdout.flush()
