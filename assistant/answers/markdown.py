"""Answers as Markdown. Whatever articles, models and readers wrote is escaped: it is never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers.parts import CitedSource, cited_sources, made_line, one_line
from assistant.answers.verdicts import doubt
from assistant.answers.wording import coverage_line, described
from assistant.types import Answer, Claim, Disagreement

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$^=!]")
_LINE_START = re.compile(r"^(?:[-+]|\d{1,9}(?=[.)])|:)")
_BARE_LINK = re.compile(r"(?<=\bwww)\.|:(?=//)|(?<=[\w.+-])@(?=\w)", re.IGNORECASE)


def as_markdown(title: str, answers: Sequence[Answer]) -> str:
    """Return answers as one Markdown document, CommonMark without extensions."""
    parts = [f"# {escaped(title)}"]
    for answer in answers:
        if len(answers) > 1 or one_line(answer.question) != one_line(title):
            parts.append(f"## {escaped(answer.question)}")
        parts += _answer(answer)
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as it is: no emphasis, link, list, heading, HTML or entity."""
    line = _SPECIAL.sub(lambda match: f"\\{match[0]}", one_line(text))
    line = _BARE_LINK.sub(lambda match: f"\\{match[0]}", line)
    return _LINE_START.sub(lambda match: f"{match[0]}\\" if match[0][0].isdigit() else f"\\{match[0]}", line)


def _answer(answer: Answer) -> list[str]:
    if not answer.answered:
        told = [answer.text, answer.note or "", coverage_line(answer.coverage) if answer.coverage else ""]
        return [escaped(text) for text in told if text]
    parts = [" ".join(_claim(claim) for claim in answer.claims)]
    parts += [_disagreement(disagreement) for disagreement in answer.disagreements]
    parts.append(f"_{escaped(made_line(answer))}_")
    if answer.note:
        parts.append(f"_Note: {escaped(answer.note)}_")
    parts.append("\n".join(_source(source) for source in cited_sources(answer)))
    return parts


def _claim(claim: Claim) -> str:
    numbers = dict.fromkeys(citation.number for citation in claim.citations)
    said = doubt(claim)
    return " ".join(
        filter(None, (escaped(claim.text), "".join(map(_mark, numbers)), f"**{escaped(said)}**" if said else ""))
    )


def _mark(number: int) -> str:
    return f"\\[{number}\\]"


def _disagreement(disagreement: Disagreement) -> str:
    about = f": {disagreement.about}" if disagreement.about else ""
    lines = [f"**The articles differ** ({escaped(disagreement.kind + about)})", ""]
    for version in disagreement.versions:
        lines.append(f"- **{escaped(version.value)}**{' (superseded)' if version.superseded else ''}")
        for citation in version.citations:
            said = escaped(described(citation.outlet, citation.published, None) or citation.file)
            lines.append(f"  - {said}: “{escaped(citation.quote)}” {_mark(citation.number)}")
    return "\n".join(lines)


def _source(source: CitedSource) -> str:
    lines = [f"- {_mark(source.number)} {escaped(source.described)} ({escaped(source.place)})"]
    if source.address:
        lines[0] += f" {_code(source.address)}"
    for quote in source.quotes:
        link = f" [in the original](<{quote.link.replace('&', '&amp;')}>)" if quote.link else ""
        lines.append(f"  - “{escaped(quote.words)}”{link}")
    return "\n".join(lines)


def _code(text: str) -> str:
    """Return a text as a code span: an address that is to be no link."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"
