"""Word documents (.docx)."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.reading.dates import parse_date
from index.reading.decoding import MEGABYTE, clean_lines
from index.reading.properties import author_of, title_of
from index.types import RawArticle

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as DocxParagraph

MAX_UNZIPPED_BYTES = 200 * MEGABYTE
MAX_UNZIPPED_XML_BYTES = 10 * MEGABYTE
"""Of text and styles; in memory they take thirty times as much. A book of 500 pages has half of it."""

MOST_LINES = 50_000
"""Paragraphs and rows of a Word document; each takes some 40 µs."""
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")
WORD_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)


def read_docx(data: bytes, path: Path) -> RawArticle:
    """Read a Word document (.docx). Raises ReadError for the old format, a password, damage, or too large a size."""
    if data.startswith(OLD_WORD):
        raise ReadError("is an old Word file, or has a password: save it as .docx without one")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ReadError("is damaged, or is not a Word file: open it and save it as .docx") from error
    _check_unzipped(sum(entry.file_size for entry in entries), MAX_UNZIPPED_BYTES)
    xml = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    _check_unzipped(sum(entry.file_size for entry in xml), MAX_UNZIPPED_XML_BYTES)
    if not any(entry.filename.endswith("document.xml") for entry in xml):
        raise ReadError("is a ZIP archive, and no Word file: unpack it, and give the files in it")
    from docx import Document
    from docx.table import Table

    document = Document(BytesIO(data))
    lines: list[str] = []
    styles: dict[str | None, str] = {}
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = islice(block.rows, MOST_LINES)
            lines += (" | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in rows)
        else:
            lines.append(_docx_line(block, styles))
        if len(lines) >= MOST_LINES:
            raise ReadError(f"has more than {MOST_LINES:,} paragraphs: split it, or save its text as .txt")
    properties = document.core_properties
    created = properties.created
    return RawArticle(
        text="\n".join(lines),
        source=str(path),
        file=path.name,
        title=title_of(properties.title),
        author=author_of(properties.author),
        published=None
        if created is None or created.replace(tzinfo=UTC) == WORD_TEMPLATE_CREATED
        else parse_date(created),
        language=properties.language,
    )


def _check_unzipped(size: int, limit: int) -> None:
    if size > limit:
        raise ReadError(
            f"unpacks to {size / MEGABYTE:.0f} MB; the limit is {limit / MEGABYTE:.0f} MB: save its text as .txt"
        )


def _docx_line(paragraph: DocxParagraph, styles: dict[str | None, str]) -> str:
    """Return a paragraph as a line; `styles` keeps the names of those that were met, which take long to find."""
    text = clean_lines(paragraph.text).replace("\n", " ")
    if not text.strip():
        return ""
    if (known := paragraph._p.style) not in styles:
        styles[known] = (paragraph.style.name if paragraph.style else None) or ""
    style = styles[known]
    if heading := re.fullmatch(r"Title|Heading ([1-6])", style):
        return f"{'#' * int(heading[1] or 1)} {text}"
    properties = paragraph._p.pPr
    if style.startswith("List") or (properties is not None and properties.numPr is not None):
        return f"- {text}"
    return f"> {text}" if style.endswith("Quote") else text
