"""What files can be read, and by what: the one place where a format is added."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadError
from index.reading.decoding import MEGABYTE, decode, table_encoding
from index.reading.front_matter import read_markdown, read_text
from index.reading.html import read_html
from index.reading.pdf import read_pdf
from index.reading.tables import Columns, articles_in_csv, articles_in_json, articles_in_json_lines
from index.reading.word import read_docx
from index.types import RawArticle, Unreadable

MAX_FILE_BYTES = 25 * MEGABYTE

Reader = Callable[[Path, Columns], Iterator[RawArticle | Unreadable]]
"""Yields what is in a file; `Columns` are those of a table. May raise ReadError, and whatever its parser raises."""


def one_article(read: Callable[[bytes, Path], RawArticle]) -> Reader:
    """Return the reader of files that hold one article each, from a function that takes all of a file's bytes."""

    def read_whole(path: Path, _columns: Columns) -> Iterator[RawArticle | Unreadable]:
        yield read(whole_file(path), path)

    return read_whole


def whole_file(path: Path) -> bytes:
    """Return a file's bytes. Raises ReadError for one that is empty, or longer than an article may be."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
        size = os.fstat(file.fileno()).st_size
    if len(data) > MAX_FILE_BYTES:
        raise ReadError(
            f"is {size / MEGABYTE:.0f} MB; the limit for one article is {MAX_FILE_BYTES / MEGABYTE:.0f} MB: "
            "split it, or convert it to .jsonl with one article a line"
        )
    if not data.strip():
        raise ReadError("is empty")
    return data


def _read_delimited(path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    with path.open(encoding=_encoding_of(path), newline="") as lines:
        yield from articles_in_csv(lines, path, columns)


def _read_json_lines(path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    with path.open(encoding=_encoding_of(path)) as lines:
        yield from articles_in_json_lines(lines, path, columns)


def _encoding_of(path: Path) -> str:
    with path.open("rb") as table:
        return table_encoding(table)


def _read_json(path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    try:
        value: object = json.loads(decode(whole_file(path)))
    except json.JSONDecodeError as error:
        raise ReadError(
            f"is not valid JSON: {error.msg}, line {error.lineno}, column {error.colno} "
            "(a file with one object a line is to end in .jsonl)"
        ) from error
    yield from articles_in_json(value, path, columns)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files that are read."""

    suffixes: tuple[str, ...]
    """The endings of its files, in small letters, the usual one first."""
    read: Reader
    starts: tuple[bytes, ...] = ()
    """How its files begin; empty for a text, of which reading tells whether it is one."""
    may_start_late: bool = False
    """Whether that may also stand further in, among the first bytes."""
    members: tuple[bytes, ...] = ()
    """For an archive: names of which the first bytes hold one, where other archives begin alike."""
    extra: str = ""
    """The extra of the install that has its libraries; empty if the install has them."""


FORMATS: dict[str, Format] = {
    "a text file": Format((".txt", ".text"), one_article(read_text)),
    "a Markdown file": Format((".md", ".markdown"), one_article(read_markdown)),
    "an HTML page": Format((".html", ".htm"), one_article(read_html)),
    # ISO 32000-1, appendix H: what stands in front of the mark is passed over
    "a PDF file": Format((".pdf",), one_article(read_pdf), (b"%PDF-",), may_start_late=True),
    "a Word file": Format(
        (".docx",),
        one_article(read_docx),
        (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"),
        members=(b"word/", b"[Content_Types].xml"),
    ),
    "a CSV table": Format((".csv", ".tsv"), _read_delimited),
    "a file of JSON lines": Format((".jsonl", ".ndjson"), _read_json_lines),
    "a JSON file": Format((".json",), _read_json),
}
"""By what messages call a file of the format."""


def format_for(path: Path) -> Format | None:
    """Return the format that a file's ending stands for, or None if files that end so are not read."""
    suffix = path.suffix.lower()
    return next((each for each in FORMATS.values() if suffix in each.suffixes), None)


def readable_suffixes() -> list[str]:
    """Return the endings of the files that are read, sorted."""
    return sorted(suffix for each in FORMATS.values() for suffix in each.suffixes)
