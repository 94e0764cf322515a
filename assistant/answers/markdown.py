"""Answers as Markdown. Whatever articles, models and readers wrote is escaped: it is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answers.view import AnswerView, ClaimView, DifferenceView, QuoteView, SourceView, view_of
from assistant.answers.wording import DIFFER, SUPERSEDED
from assistant.safe_text import for_markdown, one_line, strong_in_markdown
from assistant.types import Answer


def as_markdown(title: str, answers: Sequence[Answer]) -> str:
    """Return answers as one Markdown document, CommonMark without extensions."""
    parts = [f"# {for_markdown(title)}"]
    for view in map(view_of, answers):
        if len(answers) > 1 or one_line(view.question) != one_line(title):
            parts.append(f"## {for_markdown(view.question)}")
        parts += _answer(view)
    return "\n\n".join(parts) + "\n"


def _answer(view: AnswerView) -> list[str]:
    if view.refusal is not None:
        return [for_markdown(text) for text in (view.refusal, *view.beside_refusal) if text]
    parts = [for_markdown(view.lead)] if view.lead else []
    parts += [" ".join(map(_claim, view.claims)), *map(_difference, view.differences)]
    parts.append(f"_{for_markdown(view.made_line)}_")
    if view.note:
        parts.append(f"_Note: {for_markdown(view.note)}_")
    return [*parts, "\n".join(map(_source, view.sources))]


def _claim(claim: ClaimView) -> str:
    doubt = f"**{for_markdown(claim.doubt)}**" if claim.doubt else ""
    text = strong_in_markdown(*claim.parts) if claim.answer else for_markdown(claim.text)
    return " ".join(filter(None, (text, _marks(claim.marks), doubt)))


def _marks(marks: Iterable[QuoteView | SourceView]) -> str:
    return "".join(f"\\[{mark.number}\\]" for mark in marks)


def _difference(difference: DifferenceView) -> str:
    lines = [f"**{DIFFER}** ({for_markdown(difference.about)})", ""]
    for version in difference.versions:
        lines.append(f"- **{for_markdown(version.value)}**{f' ({SUPERSEDED})' if version.superseded else ''}")
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
