"""Answers as one HTML page that needs nothing else: no script, no outside part, readable on paper and in the dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answers.claim_view import ClaimView, QuoteView
from assistant.answers.layout import Layout
from assistant.answers.listing_view import ListedView, ListingView
from assistant.answers.view import AnswerView, DifferenceView, SectionView, SourceView, VersionView, view_of
from assistant.answers.wording import DIFFER, SUPERSEDED
from assistant.safe_text import for_html, one_line, one_line_in_parts
from assistant.types import Answer

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1b19; --paper: #fffdf8; --faint: #6a655c; --line: #ddd6c8; --mark: #8a3b12;
  --doubt: #9a4a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7dc; --paper: #191816; --faint: #a39c8e; --line: #3b3833;
  --mark: #f0a878; --doubt: #ffb65c; } }
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1.06rem/1.6 Georgia, 'Times New Roman', serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
p, li, td, h1, h2, blockquote { unicode-bidi: isolate; }
a { color: var(--mark); } sup a { text-decoration: none; }
.faint { color: var(--faint); font-size: .9rem; } .doubt { color: var(--doubt); font-style: italic; }
.versions { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
.versions section { flex: 1 1 14rem; border-top: 2px solid var(--mark); padding-top: .4rem; }
.versions .old { border-top-style: dashed; }
ol.sources { list-style: none; padding: 0; border-top: 1px solid var(--line); }
ol.sources > li { padding: .6rem 0; border-bottom: 1px solid var(--line); }
h3.heading { font: 600 .95rem/1.4 system-ui, sans-serif; margin: 1.4rem 0 .3rem; }
h3.heading + * { margin-top: 0; } .sections { margin: 1rem 0; } .sections li + li { margin-top: .35rem; }
.sections ul, .listing ul { padding-inline-start: 1.1rem; }
.days .section { display: grid; grid-template-columns: 9.5rem 1fr; }
.days .heading { margin: 0; padding: .2rem 1rem 0 0; text-align: end; color: var(--faint);
  font-size: .85rem; font-weight: 500; line-height: 1.9; }
.days .section > :last-child { grid-column: 2; margin: 0; padding: 0 0 1.1rem 1.25rem; position: relative;
  border-inline-start: 2px solid var(--line); }
.days .section > :last-child::before { content: ''; position: absolute; inset-inline-start: -6px; top: .55rem;
  width: 10px; height: 10px; border-radius: 50%; background: var(--mark); }
.days .section:last-child > :last-child { padding-bottom: 0; }
.columns { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); }
.columns .section { border-top: 2px solid var(--mark); } .columns .heading { margin-top: .5rem; }
.columns ul { list-style: none; padding: 0; } .sections.columns li + li { margin-top: .7rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem .5rem 0; text-align: start; vertical-align: top; }
thead th { color: var(--faint); font-size: .9rem; } tbody th { min-width: 7rem; max-width: 12rem; }
.found { font-weight: 700; } .listing li .faint { margin-inline-start: .3rem; }
.listing td:last-child { white-space: nowrap; }
@media (max-width: 34rem) { .days .section { grid-template-columns: 1fr; }
  .days .section > :last-child { grid-column: 1; }
  .days .heading { text-align: start; padding: 0 0 .1rem 1.25rem; border-inline-start: 2px solid var(--line); } }
blockquote { margin: .4rem 0 0 1rem; padding-left: .8rem; border-left: 2px solid var(--line); }
@media print { :root { --ink: #000; --paper: #fff; --faint: #444; --mark: #000; --doubt: #000; } body { max-width: none;
  padding: 0; font-size: 10.5pt; } li, blockquote, tr, .section, .versions section { break-inside: avoid; }
  blockquote a[href]::after { content: ' ' attr(href); font-size: .75em; color: #444; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(title: str, answers: Sequence[Answer]) -> str:
    """Return answers as one HTML page."""
    shown = [_answer(view_of(answer), title, place, len(answers)) for place, answer in enumerate(answers, start=1)]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{_text(title)}</h1>\n{"".join(shown)}</main>\n</body>\n</html>\n'
    )


def _text(text: str) -> str:
    return for_html(one_line(text))


def _paragraph(text: str, kind: str) -> str:
    return f'<p class="{kind}" dir="auto">{_text(text)}</p>'


def _answer(view: AnswerView, title: str, place: int, of: int) -> str:
    headed = of > 1 or one_line(view.question) != one_line(title)
    parts = [f'<h2 dir="auto">{_text(view.question)}</h2>'] if headed else []
    if view.refusal is not None:
        parts.append(f'<p dir="auto"><strong>{_text(view.refusal)}</strong></p>')
        parts += [_paragraph(text, "faint") for text in view.beside_refusal]
    elif view.reply is not None:
        parts += [f'<p dir="auto">{_text(line)}</p>' for line in view.reply_lines]
        parts += [_paragraph(f"Note: {view.note}", "doubt")] if view.note else []
    else:
        if view.lead:
            parts.append(_paragraph(view.lead, "doubt"))
        if view.listing:
            parts.append(_listing(view.listing, as_table=view.as_table))
        parts.append(_sections(view, place))
        parts += [_difference(difference, place) for difference in view.differences]
        if view.note:
            parts.append(_paragraph(f"Note: {view.note}", "doubt"))
        parts.append(_paragraph(view.made_line, "faint"))
        sources = "".join(_source(source, place) for source in view.sources)
        parts += [f'<ol class="sources">{sources}</ol>'] if sources else []
    return f"<article>\n{chr(10).join(parts)}\n</article>\n"


def _sections(view: AnswerView, place: int) -> str:
    if view.layout is Layout.ROWS:
        rows = "".join(
            f'<tr><th scope="row" dir="auto">{_text(section.heading)}</th><td dir="auto">{_sentences(section, place)}'
            "</td></tr>"
            for section in view.sections
        )
        return f'<div class="sections rows">{_table(view.table_head, rows)}</div>'
    shown = "".join(_section(section, view.layout, place) for section in view.sections)
    return shown if view.layout is Layout.TEXT else f'<div class="sections {view.layout}">{shown}</div>'


def _section(section: SectionView, layout: Layout, place: int) -> str:
    heading = f'<h3 class="heading" dir="auto">{_text(section.heading)}</h3>' if section.heading else ""
    if layout in {Layout.TEXT, Layout.DAYS}:
        said = f'<p dir="auto">{_sentences(section, place)}</p>'
    else:
        points = "".join(f'<li dir="auto">{_claim(claim, place)}</li>' for claim in section.claims)
        said = f"<ul>{points}</ul>"
    return f'<section class="section">{heading}{said}</section>'


def _sentences(section: SectionView, place: int) -> str:
    return " ".join(_claim(claim, place) for claim in section.claims)


def _table(head: Iterable[str], rows: str) -> str:
    columns = "".join(f'<th scope="col">{_text(column)}</th>' for column in head)
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"


def _listing(listing: ListingView, *, as_table: bool) -> str:
    if as_table:
        rows = ("".join(f'<td dir="auto">{_text(cell)}</td>' for cell in entry.cells) for entry in listing.entries)
        entries = _table(listing.columns, "".join(f"<tr>{row}</tr>" for row in rows))
    else:
        entries = f"<ul>{''.join(map(_listed, listing.entries))}</ul>"
    more = f'<p class="faint">{_text(listing.more)}</p>' if listing.more else ""
    shown = entries if listing.entries else ""
    return f'<div class="listing"><p class="found" dir="auto">{_text(listing.said)}</p>{shown}{more}</div>'


def _listed(entry: ListedView) -> str:
    by = f' <span class="faint">{_text(entry.by)}</span>' if entry.by else ""
    place = f' <span class="faint">{_text(entry.article)}</span>' if entry.article else ""
    return f'<li dir="auto"><bdi>{_text(entry.name)}</bdi>{by}{place}</li>'


def _claim(claim: ClaimView, place: int) -> str:
    doubt = f' <span class="doubt">{_text(claim.doubt)}</span>' if claim.doubt else ""
    said = _text(claim.text)
    if claim.answer:
        before, words, after = map(for_html, one_line_in_parts(*claim.parts))
        said = f"{before}<strong>{words}</strong>{after}"
    return f"<bdi>{said}</bdi>{doubt}{_marks(claim.marks, place)}"


def _marks(marks: Iterable[QuoteView], place: int) -> str:
    return "".join(f'<sup><a href="#s{place}-{mark.number}">[{mark.number}]</a></sup>' for mark in marks)


def _difference(difference: DifferenceView, place: int) -> str:
    versions = "".join(_version(version, place) for version in difference.versions)
    return (
        f'<p dir="auto"><strong>{DIFFER}</strong> ({_text(difference.about)})</p>\n'
        f'<div class="versions">{versions}</div>'
    )


def _version(version: VersionView, place: int) -> str:
    old = f' <span class="doubt">{SUPERSEDED}</span>' if version.superseded else ""
    quotes = "".join(
        f'<p dir="auto"><span class="faint">{_text(quote.by)}</span> '
        f"“<bdi>{_text(quote.words)}</bdi>”{_marks([quote], place)}</p>"
        for quote in version.quotes
    )
    kind = " class=old" if version.superseded else ""
    return f"<section{kind}><strong><bdi>{_text(version.value)}</bdi></strong>{old}{quotes}</section>"


def _source(source: SourceView, place: int) -> str:
    quotes = "".join(
        f'<blockquote dir="auto">“<bdi>{_text(quote.words)}</bdi>”'
        + (f' <a href="{for_html(quote.link)}" rel="noopener noreferrer">in the original</a>' if quote.link else "")
        + "</blockquote>"
        for quote in source.quotes
    )
    address = f' <span class="faint">{_text(source.unlinked)}</span>' if source.unlinked else ""
    return (
        f'<li id="s{place}-{source.number}" dir="auto">[{source.number}] <bdi>{_text(source.described)}</bdi> '
        f'<span class="faint">{_text(source.typed_place)}</span>{address}{quotes}</li>'
    )
