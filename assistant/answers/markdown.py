"""Answers as Markdown. Whatever articles, models and readers wrote is escaped: it is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answers.claim_view import ClaimView, QuoteView
from assistant.answers.layout import Layout
from assistant.answers.listing_view import ListingView
from assistant.answers.view import AnswerView, DifferenceView, SectionView, SourceView, view_of
from assistant.answers.wording import DIFFER, SUPERSEDED
from assistant.safe_text import for_markdown, one_line, strong_in_markdown
from assistant.types import Answer


def as_markdown(title: str, answers: Sequence[Answer]) -> str:
    """Return answers as one Markdown document: CommonMark, and GitHub's tables where one is wanted."""
    parts = [f"# {for_markdown(title)}"]
    for view in map(view_of, answers):
        if len(answers) > 1 or one_line(view.question) != one_line(title):
            parts.append(f"## {for_markdown(view.question)}")
        parts += _answer(view)
    return "\n\n".join(parts) + "\n"


def _answer(view: AnswerView) -> list[str]:
    if view.refusal is not None:
        return [for_markdown(text) for text in (view.refusal, *view.beside_refusal) if text]
    note = [f"_Note: {for_markdown(view.note)}_"] if view.note else []
    if view.reply is not None:
        return [*map(for_markdown, view.reply_lines), *note]
    parts = [for_markdown(view.lead)] if view.lead else []
    parts += _listing(view.listing, as_table=view.as_table) if view.listing else []
    parts += [*_sections(view), *map(_difference, view.differences), f"_{for_markdown(view.made_line)}_", *note]
    return [*parts, "\n".join(map(_source, view.sources))]


def _sections(view: AnswerView) -> list[str]:
    if view.layout is Layout.ROWS:
        rows = [[for_markdown(section.heading), _sentences(section)] for section in view.sections]
        return [markdown_table(list(map(for_markdown, view.table_head)), rows)]
    if view.layout is Layout.DAYS:
        return ["\n".join(map(_day, view.sections))]
    return [part for section in view.sections for part in _section(section, view.layout)]


def _section(section: SectionView, layout: Layout) -> list[str]:
    heading = [f"### {for_markdown(section.heading)}"] if section.heading else []
    if not section.claims:
        return heading
    if layout is Layout.TEXT:
        return [*heading, _sentences(section)]
    return [*heading, "\n".join(f"- {_claim(claim)}" for claim in section.claims)]


def _day(section: SectionView) -> str:
    said = _sentences(section)
    return f"- {strong_in_markdown('', section.heading, ':')} {said}" if section.heading else f"- {said}"


def _sentences(section: SectionView) -> str:
    return " ".join(map(_claim, section.claims))


def _listing(listing: ListingView, *, as_table: bool) -> list[str]:
    parts = [for_markdown(listing.said)]
    if listing.entries and as_table:
        cells = [[for_markdown(cell) for cell in entry.cells] for entry in listing.entries]
        parts.append(markdown_table(listing.columns, cells))
    elif listing.entries:
        parts.append("\n".join(f"- {for_markdown(entry.line)}" for entry in listing.entries))
    return [*parts, for_markdown(listing.more)] if listing.more else parts


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown, each on one line with its pipes escaped.

    Source: https://github.github.com/gfm/#tables-extension-
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _claim(claim: ClaimView) -> str:
    doubt = f"**{for_markdown(claim.doubt)}**" if claim.doubt else ""
    text = strong_in_markdown(*claim.parts) if claim.answer else for_markdown(claim.text)
    return " ".join(filter(None, (text, _marks(claim.marks), doubt)))


def _marks(marks: Iterable[QuoteView | SourceView]) -> str:
    return "".join(f"\\[{mark.number}\\]" for mark in marks)


def _difference(difference: DifferenceView) -> str:
    lines = [f"**{DIFFER}** ({for_markdown(difference.about)})", ""]
    for version in difference.versions:
        old = f" ({SUPERSEDED})" if version.superseded else ""
        lines.append(f"- {strong_in_markdown('', version.value.strip(), '')}{old}")
        lines += [
            f"  - {for_markdown(quote.by)}: “{for_markdown(quote.words)}” {_marks([quote])}" for quote in version.quotes
        ]
    return "\n".join(lines)


def _source(source: SourceView) -> str:
    lines = [f"- {_marks([source])} {for_markdown(source.described)} ({for_markdown(source.typed_place)})"]
    if source.unlinked:
        lines[0] += f" {_code(one_line(source.unlinked))}"
    for quote in source.quotes:
        link = f" [in the original](<{quote.link.replace('&', '&amp;')}>)" if quote.link else ""
        lines.append(f"  - “{for_markdown(quote.words)}”{link}")
    return "\n".join(lines)


def _code(text: str) -> str:
    """Return a text as a code span: an address that is to be no link."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"
