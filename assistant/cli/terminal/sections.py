"""How the terminal lays out the sentences of an answer and lists from the catalogue; in a pipe, lines of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from assistant.answers.claim_view import ClaimView
from assistant.answers.layout import Layout
from assistant.answers.listing_view import ListedView, ListingView
from assistant.answers.view import AnswerView, SectionView
from assistant.cli.terminal.printing import DOUBT_STYLE, FAINT_STYLE, MARK_STYLE, QUOTE_STYLE, SafeText
from assistant.safe_text import one_line
from assistant.types import Verdict

_NARROW = 60
"""Columns below which days, headings of rows and sections stand above what is said, not beside it."""
_HEADING_WIDTH = 18
"""Columns of "27 September 2024" and one more; longer headings are folded."""
_COLUMN_WIDTH = 28
"""The fewest columns in which sentences are read beside others."""


def laid_out(view: AnswerView, width: int | None) -> Iterator[RenderableType]:
    """Yield what is printed of an answer's sections, in a terminal of a width; None stands for a pipe."""
    sections = view.sections
    if width is not None and view.layout is Layout.ROWS and width >= _NARROW:
        yield _table(view)
    elif width is not None and view.layout is Layout.DAYS and width >= _NARROW:
        yield _beside(sections)
    elif width is not None and view.layout is Layout.COLUMNS and width >= _COLUMN_WIDTH * len(sections):
        yield _columns(sections)
    else:
        close = view.layout in {Layout.DAYS, Layout.ROWS}
        for place, section in enumerate(sections):
            yield from [""] if place and not close else []
            yield from _in_pipe(section, view.layout) if width is None else _beneath(section, view.layout)


def claim_text(claim: ClaimView, supported: str = QUOTE_STYLE) -> Text:
    """Return a sentence with its marks and, where it is not borne out, the doubt.

    One that is borne out has the style `supported`, of a quotation at least the words that answer.
    """
    before, words, after = claim.parts
    if words:
        shown = SafeText().append(before).append(words, style=QUOTE_STYLE).append(after)
    else:
        shown = SafeText().append(claim.text, style=supported if claim.verdict is Verdict.SUPPORTED else "")
    if claim.marks:
        shown.append(f" {''.join(f'[{mark.number}]' for mark in claim.marks)}", style=MARK_STYLE)
    return shown.append(f" {claim.doubt}", style=DOUBT_STYLE) if claim.doubt else shown


def listing_lines(listing: ListingView, width: int | None) -> Iterator[RenderableType]:
    """Yield what is printed of a list: the finding, and entries with the ids of articles as one types them."""
    yield SafeText(listing.said, style=QUOTE_STYLE)
    if width is None:
        yield from (_tabbed((*([entry.article] if entry.article else []), *entry.cells)) for entry in listing.entries)
    elif width < _NARROW:
        yield from map(_listed, listing.entries)
    elif listing.entries:
        yield _listed_in_columns(listing)
    if listing.more:
        yield SafeText(listing.more, style=FAINT_STYLE)


# -- sections


def _sentences(section: SectionView) -> Text:
    """Return sentences that follow each other; under a heading that alone is bold."""
    supported = "" if section.heading else QUOTE_STYLE
    return SafeText(" ").join(claim_text(claim, supported) for claim in section.claims)


def _heading(section: SectionView) -> Text:
    return SafeText(one_line(section.heading), style=QUOTE_STYLE)


def _points(section: SectionView) -> Table:
    return _pointed(claim_text(claim, "") for claim in section.claims)


def _pointed(texts: Iterable[Text]) -> Table:
    points = Table.grid(padding=(0, 1, 0, 0))
    points.add_column(no_wrap=True)
    points.add_column(overflow="fold")
    for text in texts:
        points.add_row(SafeText("•", style=FAINT_STYLE), text)
    return points


def _in_pipe(section: SectionView, layout: Layout) -> Iterator[RenderableType]:
    heading = one_line(section.heading)
    if layout is Layout.ROWS:
        yield _tabbed((heading, _sentences(section).plain))
    elif layout is Layout.DAYS:
        yield SafeText(f"{heading}: " if heading else "").append_text(_sentences(section))
    else:
        yield from [SafeText(heading)] if heading else []
        if layout is Layout.TEXT:
            yield _sentences(section)
        else:
            yield from (SafeText("- ").append_text(claim_text(claim)) for claim in section.claims)


def _beneath(section: SectionView, layout: Layout) -> Iterator[RenderableType]:
    if section.heading:
        yield _heading(section)
    if not section.claims:
        return
    if layout in {Layout.POINTS, Layout.COLUMNS}:
        yield _points(section)
    else:
        yield Padding(_sentences(section), (0, 0, 0, 0 if layout is Layout.TEXT or not section.heading else 2))


def _beside(sections: Sequence[SectionView]) -> Table:
    days = Table.grid(padding=(0, 2, 0, 0))
    days.add_column(max_width=_HEADING_WIDTH, overflow="fold", justify="right")
    days.add_column(ratio=1, overflow="fold")
    for section in sections:
        days.add_row(_heading(section), _sentences(section))
    return days


def _columns(sections: Sequence[SectionView]) -> Table:
    columns = Table.grid(padding=(0, 1, 0, 0), expand=True)
    for _ in sections:
        columns.add_column(ratio=1, overflow="fold")
    columns.add_row(*map(_heading, sections))
    columns.add_row(*map(_points, sections))
    return columns


def _table(view: AnswerView) -> Table:
    table = Table(box=box.ROUNDED, show_lines=True, header_style=FAINT_STYLE, border_style=FAINT_STYLE)
    heading, said = view.table_head
    table.add_column(heading, max_width=_HEADING_WIDTH + 4, overflow="fold")
    table.add_column(said, overflow="fold", ratio=1)
    for section in view.sections:
        table.add_row(_heading(section), _sentences(section))
    return table


# -- lists


def _listed(entry: ListedView) -> Table:
    line = SafeText(one_line(entry.name))
    line.append(f"\n{one_line(entry.by)}" if entry.by else "", style=FAINT_STYLE)
    line.append(f"\n{one_line(entry.article)}" if entry.article else "", style=MARK_STYLE)
    return _pointed([line])


def _listed_in_columns(listing: ListingView) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style=FAINT_STYLE)
    with_ids = any(entry.article for entry in listing.entries)
    if with_ids:
        table.add_column("Article", overflow="fold")
    for column in listing.columns:
        table.add_column(column, overflow="fold", no_wrap=column == "Day")
    for entry in listing.entries:
        place = [SafeText(entry.article or "", style=MARK_STYLE)] if with_ids else []
        table.add_row(*place, *(SafeText(one_line(cell)) for cell in entry.cells))
    return table


def _tabbed(cells: Sequence[str]) -> RenderableType:
    """Return a line of cells; of a text, a console would print spaces for the tabs between them."""
    return Segments([Segment("\t".join(map(one_line, cells)) + "\n")])
