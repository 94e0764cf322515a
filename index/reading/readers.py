"""Find article files and read them: each becomes articles, or a reason why it cannot be read."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import NotFound, ReadError, UsageError
from index.reading.contents import HEAD_BYTES, check_contents
from index.reading.decoding import LONE_SURROGATE, MEGABYTE, clean_lines, decode, one_line, table_encoding
from index.reading.documents import read_docx, read_html, read_pdf
from index.reading.front_matter import read_markdown, read_text
from index.reading.tables import Columns, read_csv, read_json, read_json_lines
from index.types import PassedOver, RawArticle, Unreadable

__all__ = ["MAX_FILE_BYTES", "SUFFIXES", "Columns", "find_files", "find_passed_over", "read_file"]

MAX_FILE_BYTES = 25 * MEGABYTE

ARTICLES: dict[str, Callable[[bytes, Path], RawArticle]] = {
    **dict.fromkeys((".txt", ".text"), read_text),
    **dict.fromkeys((".md", ".markdown"), read_markdown),
    **dict.fromkeys((".html", ".htm"), read_html),
    ".pdf": read_pdf,
    ".docx": read_docx,
}
TABLES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})
SUFFIXES = frozenset(ARTICLES) | TABLES | {".json"}

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the readable files at or below `paths` as absolute paths, sorted, each once.

    Hidden files and folders are passed over unless they are named themselves. Raises NotFound for a path that does not
    exist, UsageError for a folder in which nothing can be read, ReadError for a named file of an unknown kind and for
    a folder that cannot be listed.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        try:
            exists = path.exists()
        except OSError as error:
            raise ReadError(f"{path}: cannot be opened: {error.strerror}") from error
        if not exists:
            raise NotFound(f"{path}: no such file or folder. Check the path; give files, or a folder that holds them.")
        if path.is_dir():
            files = [file for file in _files_below(path) if file.suffix.lower() in SUFFIXES and file.is_file()]
            if not files:
                raise UsageError(f"{path}: nothing in this folder can be read; files that can end in {_kinds()}")
        elif path.suffix.lower() in SUFFIXES and path.is_file():
            files = [path]
        else:
            raise ReadError(f"{path}: files of this kind are not read; files that are end in {_kinds()}")
        for file in sorted(map(_absolute, files)):
            found.setdefault(file.resolve(), file)
    return sorted(found.values())


def find_passed_over(paths: Sequence[Path]) -> list[PassedOver]:
    """Return the files in the folders among `paths` that `find_files` leaves out, sorted, each once; no hidden ones."""
    below = {_absolute(file) for path in paths if path.is_dir() for file in _files_below(path)}
    return [
        PassedOver(LONE_SURROGATE.sub("\ufffd", str(file)), f"files {_ending(file)} are not read")
        for file in sorted(below)
        if file.suffix.lower() not in SUFFIXES
    ]


def read_file(path: Path, columns: Columns | None = None) -> Iterator[RawArticle | Unreadable]:
    """Yield the articles of one file; `columns` names those of a table.

    Never raises for what is in a file: a file or a row that cannot be read is yielded as Unreadable.
    """
    path = _absolute(path)
    try:
        for item in _read(path, columns or Columns()):
            yield _tidy(item)
    except ReadError as error:
        yield _tidy(Unreadable(str(path), str(error)))
    except UnicodeError:
        yield _tidy(Unreadable(str(path), "is not valid text in any encoding we can tell: save it as UTF-8"))
    except OSError as error:
        yield _tidy(Unreadable(str(path), f"cannot be read: {error.strerror or error}"))
    except Exception as error:  # what a parser may raise on a damaged file is not documented
        logging.getLogger(__name__).debug("reading %s", path, exc_info=True)
        detail = f"{type(error).__name__}: {error}"[:200]
        yield _tidy(Unreadable(str(path), f"is damaged, or is not a {path.suffix} file: save it anew ({detail})"))


def _files_below(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise ReadError(f"{error.filename}: cannot list this folder: {error.strerror}") from error

    for parent, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in files if not name.startswith((".", "~$")))  # ~$: open in Word


def _ending(file: Path) -> str:
    return f"that end in {CONTROL.sub(' ', file.suffix.lower())}" if file.suffix else "without an ending"


def _absolute(path: Path) -> Path:
    return path.resolve() if ".." in path.parts else path.absolute()


def _kinds() -> str:
    return " ".join(sorted(SUFFIXES))


def _read(path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        with path.open("rb") as file:
            check_contents(file.read(HEAD_BYTES), suffix)
    if suffix in TABLES:
        with path.open("rb") as table:
            encoding = table_encoding(table)
        with path.open(encoding=encoding, newline="" if suffix in {".csv", ".tsv"} else None) as lines:
            read = read_csv if suffix in {".csv", ".tsv"} else read_json_lines
            yield from read(lines, path, columns)
    elif suffix == ".json":
        yield from read_json(_json(decode(_bytes(path))), path, columns)
    elif suffix in ARTICLES:
        yield ARTICLES[suffix](_bytes(path), path)
    else:
        raise ReadError(f"is of a kind that is not read; files that are end in {_kinds()}")


def _bytes(path: Path) -> bytes:
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


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ReadError(
            f"is not valid JSON: {error.msg}, line {error.lineno}, column {error.colno} "
            "(a file with one object a line is to end in .jsonl)"
        ) from error


def _tidy(item: RawArticle | Unreadable) -> RawArticle | Unreadable:
    """Put the promises about `RawArticle.text` into effect, whoever read it, and keep reasons to one line."""
    source = LONE_SURROGATE.sub("\ufffd", item.source)
    if isinstance(item, Unreadable):
        return Unreadable(source, one_line(CONTROL.sub(" ", item.reason)) or "cannot be read")
    text = clean_lines(item.text)
    if not text.strip():
        return Unreadable(source, "has no text")
    return replace(
        item,
        text=text,
        source=source,
        file=LONE_SURROGATE.sub("\ufffd", item.file),
        title=one_line(item.title),
        outlet=one_line(item.outlet),
        author=one_line(item.author),
        url=one_line(item.url),
        language=one_line(item.language),
    )
