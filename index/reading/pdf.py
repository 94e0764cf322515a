"""The text layer of a PDF file."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ReadError
from index.reading.dates import parse_date
from index.reading.layout import PageLine, join_lines, without_running_heads
from index.reading.properties import author_of, quiet, title_of
from index.types import RawArticle

if TYPE_CHECKING:
    from pypdf import DocumentInformation, PageObject, PdfReader


def read_pdf(data: bytes, path: Path) -> RawArticle:
    """Read the text layer of a PDF. Raises ReadError if it has none, is damaged, or cannot be opened without a key."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    quiet("pypdf")
    try:
        return _pdf_article(PdfReader(BytesIO(data)), path)
    except DependencyError as error:  # AES, for which pypdf wants a library that nothing else here needs
        raise ReadError("is encrypted; save it without protection first (qpdf --decrypt IN.pdf OUT.pdf)") from error
    except PyPdfError as error:
        raise ReadError("is damaged, or is no PDF file: open it, and save or print it as a PDF anew") from error


def _pdf_article(reader: PdfReader, path: Path) -> RawArticle:
    if reader.is_encrypted and not reader.decrypt(""):
        raise ReadError("is protected by a password: save a copy without one (qpdf --decrypt IN.pdf OUT.pdf)")
    lines = without_running_heads([_pdf_lines(page, number) for number, page in enumerate(reader.pages)])
    if not lines:
        raise ReadError("has no text layer; run OCR first (ocrmypdf IN.pdf OUT.pdf)")
    title, author, created = _pdf_metadata(reader.metadata)
    return RawArticle(
        text=join_lines(lines),
        source=str(path),
        file=path.name,
        title=title,
        author=author,
        published=created,
    )


def _pdf_lines(page: PageObject, number: int) -> list[PageLine]:
    lines: list[PageLine] = []
    text, longest, x, y, font_size = "", 0, 0.0, 0.0, 0.0

    def visit(piece: str, page_matrix: Any, text_matrix: Any, _font: Any, size: Any) -> None:
        nonlocal text, longest, x, y, font_size
        for part in re.split("(\n)", piece):
            if part == "\n":
                lines.append(PageLine(text, x, y, font_size, number))
                text, longest = "", 0
                continue
            if not text.strip() and part.strip():
                x = text_matrix[4] * page_matrix[0] + page_matrix[4]
                y = text_matrix[5] * page_matrix[3] + page_matrix[5]
            if len(part.strip()) > longest:  # a bullet or an initial may be of another size than its line
                longest, font_size = len(part.strip()), float(size) * (abs(text_matrix[3] * page_matrix[3]) or 1.0)
            text += part

    page.extract_text(visitor_text=visit)
    lines.append(PageLine(text, x, y, font_size, number))
    return [line for line in lines if line.text.strip()]


def _pdf_metadata(metadata: DocumentInformation | None) -> tuple[str | None, str | None, date | None]:
    if metadata is None:
        return None, None, None
    try:
        created = metadata.creation_date
    except ValueError:  # a date that is no date
        created = None
    return (
        title_of(metadata.title),
        author_of(metadata.author),
        parse_date(created),
    )
