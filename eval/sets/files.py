"""Read the JSON of public sets into checked shapes; an error names file, line, field and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from index.errors import NotFound, UsageError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Shape = TypeVar("Shape")


def read_json(path: Path, shape: TypeAdapter[Shape]) -> Shape:
    """Return what a JSON file holds. Raises NotFound, and UsageError that names the field that does not fit."""
    try:
        return shape.validate_json(_text(path))
    except ValidationError as error:
        raise UsageError(f"{path}: {_explain(error.errors()[0])}") from error


def read_json_lines(path: Path, shape: TypeAdapter[Shape]) -> Iterator[tuple[int, Shape]]:
    """Yield the number and value of each line that is not empty.

    Raises NotFound, and UsageError that names the line and the field that does not fit.
    """
    for number, line in read_lines(path):
        try:
            value = shape.validate_json(line)
        except ValidationError as error:
            raise UsageError(f"{path}, line {number}: {_explain(error.errors()[0])}") from error
        yield number, value


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number, from 1, and text of each line that is not empty. Raises NotFound and UsageError."""
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            yield number, line


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}). Give a file or folder that is there.") from error
    except UnicodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error


def _explain(error: ErrorDetails) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).removeprefix(".")
    match error["type"]:
        case "json_invalid":
            return f"is not JSON ({error['ctx']['error']}). Correct it, or download the set again."
        case "missing" | "missing_argument":
            return f"{where} is missing. Add it, or name the set's format with --format."
        case "value_error":
            return f"{error['ctx']['error']}."
        case _:
            return f"{where or 'the line'}: {error['msg']}. Correct it, or name the set's format with --format."
