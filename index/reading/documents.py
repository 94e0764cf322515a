"""Read HTML pages, PDF files and Word documents."""

from __future__ import annotations

import logging
import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ReadError
from index.reading.dates import parse_date
from index.reading.decoding import MEGABYTE, clean_lines, decode
from index.reading.layout import PageLine, join_lines, without_running_heads
from index.types import RawArticle

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as DocxParagraph
    from pypdf import DocumentInformation, PageObject, PdfReader

MAX_UNZIPPED_BYTES = 200 * MEGABYTE
MAX_UNZIPPED_XML_BYTES = 10 * MEGABYTE
"""Of text and styles; in memory they take thirty times as much. A book of 500 pages has half of it."""

MOST_LINES = 50_000
"""Paragraphs and rows of a Word document; each takes some 40 µs."""

DECLARED_ENCODING = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
TABLE_LINE = re.compile(r"\|[-| ]+")
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")
WORD_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
PLACEHOLDER_TITLE = re.compile(
    r"(?i)untitled[\W\d]*|\W*anonymous\W*|\W*unspecified\W*|(microsoft )?word( - .*| document)"
    r"|.*\.(docx?|odt|rtf|txt|pdf|indd|qxd|pages|html?)"
)
PLACEHOLDER_AUTHOR = re.compile(r"(?i)python-docx|\W*anonymous\W*|\W*unspecified\W*|unknown|user|admin\w*|owner")


def read_html(data: bytes, path: Path) -> RawArticle:
    """Read the article in a web page. Raises ReadError if none can be told from what is around it."""
    import trafilatura
    from trafilatura.xml import xmltotxt

    for name in ("trafilatura", "htmldate", "courlan"):
        _quiet(name)
    match = DECLARED_ENCODING.search(data[:4096])
    # Decoded here, because trafilatura neither looks at the declaration nor reads Windows-1252 reliably.
    tree = trafilatura.load_html(decode(data, match[1].decode("ascii") if match else None).encode("utf-8"))
    # Without the extensive search a page that gives no date has none; with it, a day that the report mentions is taken.
    search = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
    page = (
        None
        if tree is None
        else trafilatura.bare_extraction(
            tree, with_metadata=True, include_comments=False, include_tables=True, date_extraction_params=search
        )
    )
    if tree is None or page is None or isinstance(page, dict):
        raise ReadError("has no article text that can be told from the page around it: save the text as .txt or .md")
    for head in page.body.iter("head"):
        head.text = f"{'#' * int((head.get('rend') or 'h2')[-1])} {head.text or ''}"
    for quote in page.body.iter("quote"):
        for part in list(quote.iter("p")) or [quote]:
            part.text = f"> {part.text or ''}"
    lines = (line.strip() for line in xmltotxt(page.body, False).split("\n"))
    return RawArticle(
        text="\n".join(line for line in lines if line and not TABLE_LINE.fullmatch(line)),
        source=str(path),
        file=path.name,
        title=page.title,
        outlet=page.sitename,
        author=page.author,
        url=page.url,
        published=parse_date(page.date),
        language=tree.get("lang"),
    )


def read_pdf(data: bytes, path: Path) -> RawArticle:
    """Read the text layer of a PDF. Raises ReadError if it has none, is damaged, or cannot be opened without a key."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    _quiet("pypdf")
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
        _sensible(metadata.title, PLACEHOLDER_TITLE),
        _sensible(metadata.author, PLACEHOLDER_AUTHOR),
        parse_date(created),
    )


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
        title=_sensible(properties.title, PLACEHOLDER_TITLE),
        author=_sensible(properties.author, PLACEHOLDER_AUTHOR),
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


def _sensible(value: str | None, placeholder: re.Pattern[str]) -> str | None:
    return None if value is None or placeholder.fullmatch(value.strip()) else value


def _quiet(name: str) -> None:
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:  # an application that set it wants to hear
        logger.setLevel(logging.CRITICAL)
