"""Take answers out of Pullquote: Markdown, HTML, CSL-JSON (for citation managers), JSON; written whole or not."""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answers.deep_links import web_address
from assistant.answers.html_page import as_html
from assistant.answers.markdown import as_markdown
from assistant.safe_text import one_line, whole_characters
from assistant.types import Answer, Citation
from index.errors import LibraryError, NotFound, UsageError

if TYPE_CHECKING:
    from index.library.library import Library


@dataclass(frozen=True, slots=True)
class Exported:
    """What is exported: answers under one title. `record` is what the JSON format holds."""

    title: str
    answers: tuple[Answer, ...]
    record: Any
    authors: Mapping[str, str] = field(default_factory=dict)
    """Authors by article, as far as the library knows them."""


def exported_answers(answers: Sequence[Answer]) -> Exported:
    """Return answers to export; one alone is recorded as itself."""
    records = [answer.to_json() for answer in answers]
    title = answers[0].question if len(answers) == 1 else f"{len(answers)} answers"
    return Exported(title, tuple(answers), records[0] if len(records) == 1 else records)


def authors_in(library: Library, answers: Sequence[Answer]) -> dict[str, str]:
    """Return the authors of the cited articles that a library knows, by article."""
    authors: dict[str, str] = {}
    for answer in answers:
        for citation in answer.citations:
            with contextlib.suppress(NotFound):
                if author := library.article(citation.article, citation.revision).author:
                    authors.setdefault(citation.article, author)
    return authors


def format_of(path: str, given: str | None) -> str:
    """Return the format that is asked for, or that a file's name ends with. Raises UsageError."""
    if given:
        return given
    found = [
        (len(suffix), kind)
        for kind, each in EXPORT_FORMATS.items()
        for suffix in each.suffixes
        if path.lower().endswith(suffix)
    ]
    if not found:
        *usual, last = (each.suffixes[0] for each in EXPORT_FORMATS.values())
        raise UsageError(
            f"{path} does not say its format. Let it end with {', '.join(usual)} or {last}, or give --format."
        )
    return max(found)[1]  # .csl.json is not .json


def rendered(exported: Exported, kind: str, accessed: date) -> str:
    """Return the export as text, in one of EXPORT_FORMATS. `accessed` is the day on which the articles were read."""
    return export_format(kind).render(exported, accessed)


def export_format(kind: str) -> ExportFormat:
    """Return a format by its name. Raises UsageError."""
    if kind not in EXPORT_FORMATS:
        raise UsageError(f"There is no format {kind!r}; choose one of {', '.join(EXPORT_FORMATS)}.")
    return EXPORT_FORMATS[kind]


def _json(value: Any) -> str:
    return whole_characters(json.dumps(value, ensure_ascii=False, indent=2, default=str)) + "\n"


def csl_items(exported: Exported, accessed: date) -> list[dict[str, Any]]:
    """Return one CSL-JSON item for each cited article, in the order of first use.

    Source: https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json
    """
    cited: dict[str, Citation] = {}
    for answer in exported.answers:
        for citation in answer.citations:
            cited.setdefault(citation.article, citation)
    return [_csl_item(citation, exported.authors.get(article), accessed) for article, citation in cited.items()]


def _csl_item(citation: Citation, author: str | None, accessed: date) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": citation.article,
        "type": "article-newspaper",
        "title": one_line(citation.title or citation.file),
    }
    if citation.outlet:
        item["container-title"] = one_line(citation.outlet)
    if author:
        item["author"] = [{"literal": one_line(author)}]
    if citation.published:
        with contextlib.suppress(ValueError):
            item["issued"] = _date_parts(date.fromisoformat(citation.published))
    if address := web_address(citation.url):
        item |= {"URL": address, "accessed": _date_parts(accessed)}
    return item


def _date_parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format in which answers are taken out."""

    label: str
    """What people call it."""
    suffixes: tuple[str, ...]
    """The endings of its files, in small letters; the first is the one that a file gets."""
    media_type: str
    render: Callable[[Exported, date], str]
    """Makes the text; the date is the day on which the articles were read."""


EXPORT_FORMATS: dict[str, ExportFormat] = {
    "md": ExportFormat(
        "Markdown", (".md", ".markdown"), "text/markdown; charset=utf-8",
        lambda exported, _accessed: as_markdown(exported.title, exported.answers),
    ),
    "html": ExportFormat(
        "HTML", (".html", ".htm"), "text/html; charset=utf-8",
        lambda exported, _accessed: as_html(exported.title, exported.answers),
    ),
    "json": ExportFormat("JSON", (".json",), "application/json", lambda exported, _accessed: _json(exported.record)),
    "csl": ExportFormat(
        "CSL-JSON", (".csl.json",), "application/vnd.citationstyles.csl+json",
        lambda exported, accessed: _json(csl_items(exported, accessed)),
    ),
}  # fmt: skip
"""By the name that --format and programs give it: the one place where an export format is added."""


def write_whole(path: Path, text: str, *, force: bool) -> None:
    """Write a file so that it is there whole or not at all; one that is there already stays, unless `force` is given.

    Raises UsageError where the file may not or cannot be written.
    """
    path = path.expanduser()
    if path.exists() and (not force or not path.is_file()):
        way_out = "Give --force to replace it, or another name." if path.is_file() else "Give another name."
        raise UsageError(f"{path} is there already. {way_out}")
    path = path.resolve()
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}. Make it first: mkdir -p {path.parent}")
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        try:
            part.write_text(text, "utf-8", errors="replace", newline="\n")
            _put(part, path, force=force)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise UsageError(f"{path} is there already. Give --force to replace it, or another name.") from None
    except OSError as error:
        raise LibraryError(f"{path} cannot be written: {error.strerror}. Give another name.") from error


def _put(part: Path, path: Path, *, force: bool) -> None:
    """Move a written file to its place; without `force` only if nothing has come there meanwhile."""
    if force:
        part.replace(path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError from None
        part.replace(path)
