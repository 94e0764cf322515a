"""Read tables of articles: CSV and its relatives, JSON lines, and a JSON array of objects."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from math import isnan
from pathlib import Path
from threading import Lock
from typing import TextIO

from index.errors import UsageError
from index.reading.dates import parse_date
from index.types import RawArticle, Unreadable

MAX_FIELD_CHARS = 25 * 1024 * 1024
"""As much as one article may hold; what is longer is an unclosed quotation mark, or a file of another kind."""

DELIMITERS = ",;\t|"

COMMON_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "content",
        "article",
        "article_text",
        "full_text",
        "maintext",
        "article_body",
        "articlebody",
    ),
    "title": ("title", "headline", "name"),
    "outlet": ("outlet", "source", "publisher", "publication", "site", "source_name", "sitename", "site_name"),
    "author": ("author", "authors", "byline"),
    "url": ("url", "link", "source_url", "canonical", "canonical_url"),
    "published": (
        *("published", "date", "published_at", "publishedat", "publication_date", "date_publish", "pubdate"),
        *("date_published", "datepublished", "published_date", "timestamp"),
    ),
    "id": ("id", "article_id", "uid", "guid"),
    "language": ("language", "lang"),
}
"""What people call each field of an article, likeliest first; compared without case, with spaces and hyphens as `_`."""

_END = "\x00end of table"
_field_limit = Lock()


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a table's columns; None stands for the common names of that field."""

    text: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    id: str | None = None
    language: str | None = None

    @classmethod
    def parse(cls, spec: str) -> Columns:
        """Read "text=body,title=headline". Raises UsageError, naming the fields, for anything else."""
        allowed = [field.name for field in fields(cls)]
        named: dict[str, str] = {}
        for part in spec.split(","):
            field, _, column = (side.strip() for side in part.partition("="))
            if field not in allowed or not column or field in named:
                raise UsageError(
                    f"--columns {spec!r}: cannot use {part.strip()!r}; write FIELD=COLUMN, separated by commas, "
                    f"each field once, where FIELD is one of {', '.join(allowed)}"
                )
            named[field] = column
        return cls(**named)

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Return which of `names` holds which field, for the fields that are there."""
        exact = list(names)
        folded: dict[str, str] = {}
        for name in exact:
            folded.setdefault(_fold(name), name)
        found: dict[str, str] = {}
        for field, common in COMMON_NAMES.items():
            asked = getattr(self, field)
            candidates = common if asked is None else (_fold(asked),)
            match = asked if asked in exact else next((folded[name] for name in candidates if name in folded), None)
            if match is not None:
                found[field] = match
        return found


def article_from(
    record: Mapping[str, object], names: Mapping[str, str], text: str, source: str, file: str
) -> RawArticle:
    """Make an article of `text` and of what `record` says about it; `names` is what `Columns.find` returned."""
    values = {field: _cell(record[name]) for field, name in names.items() if field not in {"text", "id", "published"}}
    published = record[names["published"]] if "published" in names else None
    outlet, url = values.get("outlet"), values.get("url")
    if outlet and outlet.startswith(("http://", "https://")):  # "source: https://..." is an address, not an outlet
        outlet, url = None, url or outlet
    return RawArticle(
        text=text,
        source=source,
        file=file,
        title=values.get("title"),
        outlet=outlet,
        author=values.get("author"),
        url=url,
        published=parse_date(published if isinstance(published, int | float) else _cell(published)),
        language=values.get("language"),
    )


def articles_in_csv(lines: TextIO, path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    """Yield the rows of a table with a header; `lines` is open with `newline=""`. The delimiter is found out."""
    return _articles(_csv_records(lines, columns), path, columns)


def articles_in_json_lines(lines: TextIO, path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    """Yield the objects of a file that has one on each line; rows are counted by lines."""
    return _articles(_json_records(lines), path, columns)


def articles_in_json(value: object, path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    """Yield the objects of an array, of the one array inside an object ({"articles": [...]}), or a single object."""
    if isinstance(value, dict) and "text" not in columns.find(value):
        arrays = [
            item for item in value.values() if isinstance(item, list) and any(isinstance(row, dict) for row in item)
        ]
        value = arrays[0] if len(arrays) == 1 else value
    rows = value if isinstance(value, list) else [value]
    return _articles(((number, _json_record(row)) for number, row in enumerate(rows, 1)), path, columns)


def _articles(
    rows: Iterable[tuple[int, Mapping[str, object] | str]], path: Path, columns: Columns
) -> Iterator[RawArticle | Unreadable]:
    """Make articles of records; a record that is a string says why its row has none."""
    unseen = {getattr(columns, field.name): field.name for field in fields(columns) if getattr(columns, field.name)}
    keys: set[str] = set()
    shape: tuple[str, ...] | None = None
    first_shape: tuple[str, ...] = ()
    names: dict[str, str] = {}
    without_text: list[int] = []
    empty, found = True, False
    for number, record in rows:
        empty = False
        if isinstance(record, str):
            yield Unreadable(f"{path}#{number}", f"row {number} {record}")
            continue
        if tuple(record) != shape:
            shape = tuple(record)
            first_shape = first_shape or shape
            names = columns.find(shape)
            unseen = {asked: field for asked, field in unseen.items() if field not in names}
        if "text" not in names and not found:
            without_text.append(number)  # until a row has one, perhaps no row has: then the table gets one report
            continue
        if "text" in names and not found:
            found = True
            yield from (_textless(path, earlier) for earlier in without_text)
        text = _cell(record[names["text"]], between="\n") if "text" in names else None
        if text is None:
            yield _textless(path, number)
            continue
        key = next(
            (value for field in ("id", "url") if field in names and (value := _cell(record[names[field]]))), None
        )
        key = " ".join(key.split()) if key else str(number)
        if key in keys:  # two rows must not take each other's place
            key = f"{key}#{number}"
        keys.add(key)
        yield article_from(record, names, text, f"{path}#{key}", path.name)
    if empty:
        yield Unreadable(str(path), "has no rows")
    elif without_text and not found:
        asked = f"has no column {columns.text!r}" if columns.text else "has no column that is known to hold the article"
        yield Unreadable(
            str(path), f"{asked}; its columns are {_listed(first_shape)}: say which with --columns text=NAME"
        )
    elif unseen:
        asked = ", ".join(f"{name!r} (asked for as {field})" for name, field in unseen.items())
        yield Unreadable(str(path), f"has no column {asked}; its columns are {_listed(first_shape)}: correct --columns")


def _csv_records(lines: TextIO, columns: Columns) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    header_line = next((line for line in lines if line.strip()), "")
    told = header_line.lower().startswith("sep=") and header_line.strip()[4:5]  # a line that Excel writes
    if told:
        header_line = next(lines, "")
    delimiter = told or _delimiter(header_line, columns)
    reader = csv.reader(chain([header_line], lines, [_END]), delimiter=delimiter)
    header: list[str] = []
    number = 0
    while True:
        try:
            record = _next_record(reader)
        except csv.Error as error:
            yield (
                number + 1,
                f"cannot be read ({error}); a quotation mark may be left open: the rest of the file is skipped",
            )
            return
        if record == [_END]:
            return
        if record and _END in record[-1]:
            yield number + 1, "opens a quotation mark and never closes it: close it, or double those inside the text"
            return
        if not any(field.strip() for field in record):
            continue
        if not header:
            header = [name.strip() for name in record]
            continue
        number += 1
        if any(field.strip() for field in record[len(header) :]):
            yield number, f"has {len(record)} fields and the header {len(header)}: put its text in quotation marks"
        else:
            values: dict[str, object] = {}
            for name, value in zip(header, record, strict=False):
                if name:
                    values.setdefault(name, value)
            yield number, values


def _next_record(reader: Iterator[list[str]]) -> list[str]:
    # The limit belongs to the whole process, so it is lifted for one record and put back.
    with _field_limit:
        limit = csv.field_size_limit(MAX_FIELD_CHARS)
        try:
            return next(reader)
        finally:
            csv.field_size_limit(limit)


def _delimiter(header: str, columns: Columns) -> str:
    """Return the delimiter that finds the most known columns in the header, then the most columns."""

    def columns_found(delimiter: str) -> tuple[int, int]:
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
        return len(columns.find(names)), len(names)

    return max(DELIMITERS, key=columns_found)


def _json_records(lines: TextIO) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    for number, line in enumerate(iter(lambda: lines.readline(MAX_FIELD_CHARS), ""), 1):
        if len(line) == MAX_FIELD_CHARS:
            yield number, "is longer than one article may be: the rest of the file is skipped"
            return
        if not line.strip():
            continue
        try:
            yield number, _json_record(json.loads(line))
        except json.JSONDecodeError as error:
            yield number, f"is not valid JSON ({error.msg}, column {error.colno})"
        except (ValueError, RecursionError) as error:
            yield number, f"is not usable JSON ({error})"


def _json_record(value: object) -> Mapping[str, object] | str:
    return value if isinstance(value, dict) else "is not a JSON object: write {...} with the text of the article in it"


def _cell(value: object, between: str = ", ") -> str | None:
    """Return a value as text: several ones joined, an object by its name, and None for nothing."""
    if isinstance(value, list):
        return between.join(filter(None, (_cell(item) for item in value))) or None
    if isinstance(value, dict):
        return next((_cell(value[key]) for key in ("name", "text", "$oid", "$date") if key in value), None)
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    text = str(value)
    return text if text.strip() else None


def _fold(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _textless(path: Path, number: int) -> Unreadable:
    return Unreadable(f"{path}#{number}", f"row {number} has no text")


def _listed(names: tuple[str, ...], shown: int = 12, width: int = 40) -> str:
    cut = [name if len(name) <= width else name[: width - 1] + "…" for name in names[:shown]]
    return ", ".join(cut) + (f" and {len(names) - shown} more" if len(names) > shown else "")
