"""Find article files and read them: each becomes articles, or a reason why it cannot be read."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import NotFound, ReadError, UsageError
from index.reading.contents import HEAD_BYTES, check_contents
from index.reading.decoding import LONE_SURROGATE, clean_field, clean_lines
from index.reading.formats import format_for, readable_suffixes
from index.reading.tables import Columns
from index.types import PassedOver, RawArticle, Unreadable

__all__ = ["Columns", "find_files", "find_passed_over", "read_file"]

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
            files = [file for file in _files_below(path) if format_for(file) and file.is_file()]
            if not files:
                raise UsageError(f"{path}: nothing in this folder can be read; files that can end in {_endings()}")
        elif format_for(path) and path.is_file():
            files = [path]
        else:
            raise ReadError(f"{path}: files of this kind are not read; files that are end in {_endings()}")
        for file in sorted(map(_absolute, files)):
            found.setdefault(file.resolve(), file)
    return sorted(found.values())


def find_passed_over(paths: Sequence[Path]) -> list[PassedOver]:
    """Return the files in the folders among `paths` that `find_files` leaves out, sorted, each once; no hidden ones."""
    below = {_absolute(file) for path in paths if path.is_dir() for file in _files_below(path)}
    return [
        PassedOver(LONE_SURROGATE.sub("\ufffd", str(file)), f"files {_ending(file)} are not read")
        for file in sorted(below)
        if format_for(file) is None
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


def _endings() -> str:
    return " ".join(readable_suffixes())


def _read(path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    found = format_for(path)
    if found is None:
        raise ReadError(f"is of a kind that is not read; files that are end in {_endings()}")
    with path.open("rb") as file:
        check_contents(file.read(HEAD_BYTES), path.suffix.lower())
    try:
        yield from found.read(path, columns)
    except ImportError as error:
        wanted = f"'pullquote[{found.extra}]'" if found.extra else "--force-reinstall pullquote"
        raise ReadError(f"needs {error.name}, which is not installed. Install it: pip install {wanted}") from error


def _tidy(item: RawArticle | Unreadable) -> RawArticle | Unreadable:
    """Put the promises about `RawArticle.text` into effect, whoever read it, and keep reasons to one line."""
    source = LONE_SURROGATE.sub("\ufffd", item.source)
    if isinstance(item, Unreadable):
        return Unreadable(source, clean_field(CONTROL.sub(" ", item.reason)) or "cannot be read")
    text = clean_lines(item.text)
    if not text.strip():
        return Unreadable(source, "has no text")
    return replace(
        item,
        text=text,
        source=source,
        file=LONE_SURROGATE.sub("\ufffd", item.file),
        title=clean_field(item.title),
        outlet=clean_field(item.outlet),
        author=clean_field(item.author),
        url=clean_field(item.url),
        language=clean_field(item.language),
    )
