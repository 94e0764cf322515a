"""Answers as one HTML page that needs nothing else: no script, no outside part, readable on paper and in the dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.answers.parts import CitedSource, cited_sources, made_line, one_line
from assistant.answers.verdicts import doubt
from assistant.answers.wording import coverage_line, described
from assistant.types import Answer, Citation, Claim, Disagreement, Verdict, Version

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
blockquote { margin: .4rem 0 0 1rem; padding-left: .8rem; border-left: 2px solid var(--line); }
@media print { :root { --ink: #000; --paper: #fff; --faint: #444; --mark: #000; --doubt: #000; } body { max-width: none;
  padding: 0; font-size: 10.5pt; } li, blockquote, .versions section { break-inside: avoid; }
  blockquote a[href]::after { content: ' ' attr(href); font-size: .75em; color: #444; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(title: str, answers: Sequence[Answer]) -> str:
    """Return answers as one HTML page."""
    shown = [_answer(answer, title, place, len(answers)) for place, answer in enumerate(answers, start=1)]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{_text(title)}</h1>\n{"".join(shown)}</main>\n</body>\n</html>\n'
    )


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)


def _answer(answer: Answer, title: str, place: int, of: int) -> str:
    headed = of > 1 or one_line(answer.question) != one_line(title)
    parts = [f'<h2 dir="auto">{_text(answer.question)}</h2>'] if headed else []
    if not answer.answered:
        parts.append(f'<p dir="auto"><strong>{_text(answer.text)}</strong></p>')
        told = [answer.note or "", coverage_line(answer.coverage) if answer.coverage else ""]
        parts += [f'<p class="faint" dir="auto">{_text(text)}</p>' for text in told if text]
    else:
        claims = " ".join(_claim(claim, place) for claim in answer.claims)
        parts.append(f'<p dir="auto">{claims}</p>')
        parts += [_disagreement(disagreement, place) for disagreement in answer.disagreements]
        if answer.note:
            parts.append(f'<p class="doubt" dir="auto">Note: {_text(answer.note)}</p>')
        parts.append(f'<p class="faint" dir="auto">{_text(made_line(answer))}</p>')
        parts.append(f'<ol class="sources">{"".join(_source(source, place) for source in cited_sources(answer))}</ol>')
    return f"<article>\n{chr(10).join(parts)}\n</article>\n"


def _claim(claim: Claim, place: int) -> str:
    text = f"<bdi>{_text(claim.text)}</bdi>"
    if claim.verdict is not Verdict.SUPPORTED:
        text = f'{text} <span class="doubt">{_text(doubt(claim))}</span>'
    return f"{text}{_marks(claim.citations, place)}"


def _marks(citations: Sequence[Citation], place: int) -> str:
    numbers = dict.fromkeys(citation.number for citation in citations)
    return "".join(f'<sup><a href="#s{place}-{number}">[{number}]</a></sup>' for number in numbers)


def _disagreement(disagreement: Disagreement, place: int) -> str:
    about = f": {disagreement.about}" if disagreement.about else ""
    versions = "".join(_version(version, place) for version in disagreement.versions)
    return (
        f'<p dir="auto"><strong>The articles differ</strong> ({_text(disagreement.kind + about)})</p>\n'
        f'<div class="versions">{versions}</div>'
    )


def _version(version: Version, place: int) -> str:
    head = f"<strong><bdi>{_text(version.value)}</bdi></strong>"
    if version.superseded:
        head += ' <span class="doubt">superseded</span>'
    quotes = "".join(
        f'<p dir="auto"><span class="faint">{_text(_said_by(citation))}</span> '
        f"“<bdi>{_text(citation.quote)}</bdi>”{_marks([citation], place)}</p>"
        for citation in version.citations
    )
    return f"<section{' class=old' if version.superseded else ''}>{head}{quotes}</section>"


def _said_by(citation: Citation) -> str:
    return described(citation.outlet, citation.published, None) or citation.file


def _source(source: CitedSource, place: int) -> str:
    quotes = "".join(
        f'<blockquote dir="auto">“<bdi>{_text(quote.words)}</bdi>”'
        + (f' <a href="{escape(quote.link)}" rel="noopener noreferrer">in the original</a>' if quote.link else "")
        + "</blockquote>"
        for quote in source.quotes
    )
    address = f' <span class="faint">{_text(source.address)}</span>' if source.address else ""
    return (
        f'<li id="s{place}-{source.number}" dir="auto">[{source.number}] <bdi>{_text(source.described)}</bdi> '
        f'<span class="faint">{_text(source.place)}</span>{address}{quotes}</li>'
    )
