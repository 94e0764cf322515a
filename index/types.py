"""The values that flow through the index: articles, their parts, and search results."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path


def text_hash(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class RawArticle:
    r"""What a reader makes of one file, or of one row of a table.

    `text` holds one paragraph per non-empty line, with line ends normalised to "\n".
    `source` is the absolute path (or address) it came from; a row of a table adds `#` and the row's key.
    `file` is the base name of that path. Everything but text, source and file may be unknown.
    """

    text: str
    source: str
    file: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None

    @property
    def path(self) -> Path:
        """The file that it came from."""
        return file_of(self.source, self.file)

    @property
    def is_row(self) -> bool:
        """Whether it is one row of a table."""
        return str(self.path) != self.source

    @property
    def content_hash(self) -> str:
        """Hash of everything that a reader of the article would see."""
        parts = (self.text, self.title, self.outlet, self.author, self.url, self.published, self.language)
        return text_hash("\x1f".join("" if part is None else str(part) for part in parts))


def file_of(source: str, file: str) -> Path:
    """Return the path in `source`, without the row's key that may stand behind it; `file` is the path's base name."""
    start = 0
    while (position := source.find(file, start)) >= 0:
        end = position + len(file)
        if source[end : end + 1] in ("", "#"):
            return Path(source[:end])
        start = position + 1
    return Path(source)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file in a folder that was not read, for it is of a kind that is not."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a row of a table, that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of an article in the library. `id` is a slug and never changes; `revision` counts from 1."""

    id: str
    revision: int
    text: str
    content_hash: str
    source: str
    file: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None

    @property
    def path(self) -> Path:
        """The file that it came from."""
        return file_of(self.source, self.file)

    @property
    def raw(self) -> RawArticle:
        """The article as a reader would have made it."""
        return RawArticle(**{each.name: getattr(self, each.name) for each in fields(RawArticle)})

    @property
    def name(self) -> str:
        """What to call the article in a list: its title, else the beginning of its text."""
        return self.title or opening(self.text)


def opening(text: str, limit: int = 72) -> str:
    """Return the first line of `text`, cut at a word so that it has at most `limit` characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.–—-") + "…"


class ParagraphKind(StrEnum):
    """What a paragraph is. Furniture belongs to the page, not to the report: it is numbered but never searched."""

    BODY = "body"
    HEADING = "heading"
    LIST = "list"
    QUOTE = "quote"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph; `start` and `end` are character offsets into the article's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph (from 1, furniture counted): `article.text[start:end] == text`."""

    article_id: str
    number: int
    text: str
    start: int
    end: int
    kind: ParagraphKind

    @property
    def key(self) -> str:
        """How a person names it: `reuters-ceasefire#7`."""
        return f"{self.article_id}#{self.number}"


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and ranked: a paragraph, a run of short ones, or a part of a long one.

    `start` and `end` index the article's text; `first` and `last` are paragraph numbers. `embedded_text` puts the
    context line (title, outlet, date) in front of the text. `id` is a hash of article, place and embedded text.
    """

    id: str
    article_id: str
    first: int
    last: int
    start: int
    end: int
    text: str
    embedded_text: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be searched; an empty field allows all.

    Dates are inclusive; an undated article fails a date filter. Outlets compare without case.
    """

    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.outlets or self.since or self.until or self.articles)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a set of articles is about: how many, from which outlets (most articles first), dates, newest titles."""

    articles: int
    outlets: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. `score` is the fused score; ranks count from 1 and are None where unseen."""

    passage: Passage
    article: Article
    score: float
    dense_score: float | None = None
    dense_rank: int | None = None
    lexical_score: float | None = None
    lexical_rank: int | None = None
    copies: tuple[Passage, ...] = ()
    """The same text in other articles, folded into this hit (one voice)."""
