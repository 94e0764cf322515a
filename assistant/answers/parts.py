"""What every export shows of an answer, before it becomes markup: cited sources with their quotes and links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answers.deep_links import deep_link
from assistant.answers.from_json import whole_characters
from assistant.answers.verdicts import made
from assistant.answers.wording import day, described
from assistant.types import Answer, Source

_CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060-\u206f\u202a-\u202e\ufeff\ufff0-\ufffb\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted words, with a link to them in the original where there is one."""

    words: str
    link: str | None


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source of an answer as an export lists it."""

    number: int
    described: str
    """Outlet, date and title."""
    place: str
    """Article and paragraph, as `pullquote show` takes them."""
    quotes: tuple[Quote, ...]
    address: str | None
    """An address that is no link, to be shown as text."""


def cited_sources(answer: Answer) -> list[CitedSource]:
    """Return the sources of an answer with all that is quoted from each."""
    quotes: dict[int, dict[str, None]] = {}
    for citation in answer.citations:
        quotes.setdefault(citation.number, {})[citation.quote] = None
    return [_cited(source, list(quotes.get(source.number, ()))) for source in answer.sources]


def _cited(source: Source, quotes: list[str]) -> CitedSource:
    linked = tuple(Quote(one_line(words), deep_link(source.url, words)) for words in quotes)
    return CitedSource(
        source.number,
        one_line(described(source.outlet, source.published, source.title) or source.file),
        one_line(f"{source.article}#{source.paragraph}"),
        linked,
        one_line(source.url) if source.url and deep_link(source.url, "") is None else None,
    )


def made_line(answer: Answer) -> str:
    """Say as of when an answer stands and who wrote it."""
    said = f"{one_line(made(answer))}."
    return f"As of {day(answer.as_of)}. {said}" if answer.as_of else said


def one_line(text: str) -> str:
    """Return a text on one line, with characters replaced that are invisible or turn the direction of writing."""
    return _SPACES.sub(" ", _CONTROLS.sub("\ufffd", whole_characters(text))).strip()
