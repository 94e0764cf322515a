"""Find article files and read them: each becomes articles, or a reason why it cannot be read."""

from __future__ import annotations

import codecs
import json
import logging
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any, BinaryIO

from index.dates import parse_date
from index.errors import NotFound, ReadError, UsageError
from index.tables import Columns, article_from, read_csv, read_json, read_json_lines
from index.types import RawArticle, Unreadable

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as DocxParagraph
    from pypdf import DocumentInformation, PageObject

__all__ = ["MAX_FILE_BYTES", "SUFFIXES", "Columns", "find_files", "read_file"]

MAX_FILE_BYTES = 25 * 1024 * 1024
MAX_UNZIPPED_BYTES = 200 * 1024 * 1024
TABLES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})
MEGABYTE = 1024 * 1024

# --- files ---------------------------------------------------------------------------------------------------------


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
            raise NotFound(f"{path}: no such file or folder")
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
        yield _tidy(Unreadable(str(path), f"is damaged, or is not a {path.suffix} file ({detail})"))


def _files_below(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise ReadError(f"{error.filename}: cannot list this folder: {error.strerror}") from error

    for parent, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in files if not name.startswith((".", "~$")))  # ~$: open in Word


def _absolute(path: Path) -> Path:
    return path.resolve() if ".." in path.parts else path.absolute()


def _kinds() -> str:
    return " ".join(sorted(SUFFIXES))


def _read(path: Path, columns: Columns) -> Iterator[RawArticle | Unreadable]:
    suffix = path.suffix.lower()
    if suffix in TABLES:
        with path.open("rb") as table:
            encoding = _table_encoding(table)
        with path.open(encoding=encoding, newline="" if suffix in {".csv", ".tsv"} else None) as lines:
            read = read_csv if suffix in {".csv", ".tsv"} else read_json_lines
            yield from read(lines, path, columns)
    elif suffix == ".json":
        yield from read_json(_json(_decode(_bytes(path))), path, columns)
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


# --- bytes to text -------------------------------------------------------------------------------------------------

LINE_END = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
NOT_TEXT = re.compile("[\x00\ufeff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

BYTE_ORDER_MARKS = (
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
BINARY_HEAD_BYTES = 8192
CONTROL_SHARE = 0.05
CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
GUESS_BYTES = 256 * 1024

# An encoding is taken when the accented letters that it yields belong to one family of languages, the likelier encoding
# first. Of 208 English news texts in Windows-1252, charset_normalizer alone read 100 right (curly quotes became Baltic
# or Chinese letters); with the alphabets looked at first, all 208 are.
LATIN_ALPHABETS = {
    "cp1252": ("àâæçèéêëîïôùûüÿœáíñóúìòãõ", "äöüßéáà", "åäöæøéüèà", "áéíóúýðþæö"),
    "cp1250": ("áčďéěíľĺňóôŕřšťúůýžäöü", "ąćęłńóśźż", "áéíóöőúüűä", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâîû",),
}
FEW_ACCENTED = 0.02
NOT_LATIN = re.compile(rb"[\x80-\xff]{5,}")
SIGN_IN_WORD = re.compile(r"[^\W\d_][\xa1-\xac\xae-\xb4\xb6\xb8-\xbf\xd7\xf7\u02c7\u02d8-\u02db][^\W\d_]")


def _tidy(item: RawArticle | Unreadable) -> RawArticle | Unreadable:
    """Put the promises about `RawArticle.text` into effect, whoever read it, and keep reasons to one line."""
    source = LONE_SURROGATE.sub("\ufffd", item.source)
    if isinstance(item, Unreadable):
        return Unreadable(source, _one_line(CONTROL.sub(" ", item.reason)) or "cannot be read")
    text = _lines(item.text)
    if not text.strip():
        return Unreadable(source, "has no text")
    return replace(
        item,
        text=text,
        source=source,
        file=LONE_SURROGATE.sub("\ufffd", item.file),
        title=_one_line(item.title),
        outlet=_one_line(item.outlet),
        author=_one_line(item.author),
        url=_one_line(item.url),
        language=_one_line(item.language),
    )


def _one_line(value: str | None) -> str | None:
    return None if value is None else " ".join(_lines(value).split()) or None


def _lines(text: str) -> str:
    return LONE_SURROGATE.sub("\ufffd", NOT_TEXT.sub("", LINE_END.sub("\n", text)))


def _decode(data: bytes, declared: str | None = None) -> str:
    """Return `data` as text; `declared` is what the file says of its own encoding. Raises ReadError for binary data."""
    encoding = _encoding(data)
    if declared and not encoding.startswith("utf") and not declared.lower().startswith("utf"):
        with suppress(LookupError, UnicodeError):  # a wrong declaration: then the guess is the better one
            return data.decode("cp1252" if codecs.lookup(declared).name in {"iso8859-1", "ascii"} else declared)
    return data.decode(encoding)


def _encoding(data: bytes) -> str:
    """Return the encoding of `data`: UTF-16 or 32 by their mark, UTF-8 if it can be, else the likeliest guess."""
    if marked := _marked_encoding(data):
        return marked
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        return _guessed_encoding(data, error.start)


def _table_encoding(table: BinaryIO) -> str:
    """Return the encoding of an open table, which may be too large to hold."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    marked = _marked_encoding(table.read(BINARY_HEAD_BYTES))
    table.seek(0)
    while not marked and (chunk := table.read(MEGABYTE)):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return _guessed_encoding(chunk, error.start)
    return marked or "utf-8"


def _marked_encoding(data: bytes) -> str | None:
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    head = data[:BINARY_HEAD_BYTES]
    if b"\0" in head or len(head) - len(head.translate(None, CONTROLS)) > CONTROL_SHARE * len(head):
        raise ReadError("looks like a binary file, not text: save it as text, or give it the ending of its kind")
    return None


def _guessed_encoding(data: bytes, start: int) -> str:
    """Guess from what is around `start`, the first byte that is not UTF-8."""
    sample = data[max(0, start - GUESS_BYTES) : start + GUESS_BYTES]
    sample = sample[: sample.rfind(b"\n") + 1] or sample  # no character cut in half at the end
    if latin := _latin_encoding(sample):
        return latin
    from charset_normalizer import from_bytes

    if (best := from_bytes(sample).best()) is None:
        raise ReadError("is in an encoding that cannot be told: save it as UTF-8")
    return best.encoding


def _latin_encoding(data: bytes) -> str | None:
    for encoding, alphabets in LATIN_ALPHABETS.items():
        try:
            text = data.decode(encoding).lower()
        except UnicodeDecodeError:
            continue
        accented = [letter for letter in text if letter > "\x7f" and letter.isalpha() and letter not in "ªº"]
        few = len(accented) <= FEW_ACCENTED * sum(map(str.isalpha, text))
        if (few or any(set(accented) <= set(alphabet) for alphabet in alphabets)) and not SIGN_IN_WORD.search(text):
            return None if NOT_LATIN.search(data) else encoding
    return None


# --- plain text and Markdown ---------------------------------------------------------------------------------------

# With these, at least 292 of 294 public news texts wrapped at 60 to 80 columns come back exactly, and of the 300 texts
# that are not wrapped none is touched.
WRAP_WIDTHS = range(40, 101)
WRAPPED_LINES = 4
FULL_SHARE = 0.85
MID_SENTENCE_SHARE = 0.4

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
LIST_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
FENCE = re.compile(r"\s{0,3}(```|~~~)")
UNDERLINE = re.compile(r"(=+|-{2,})\s*$")
CODE = re.compile(r" {4}|\t")
LONGEST_WRAPPED_LINE = 160
SENTENCE_ENDS = tuple(".!?…\"'\u2019”)»。」\uff01\uff1f")


def _read_text(data: bytes, path: Path) -> RawArticle:
    return RawArticle(text=_unwrap(_lines(_decode(data))), source=str(path), file=path.name)


def _unwrap(text: str) -> str:
    """Join the lines of a hard-wrapped text, whose paragraphs are set apart by blank lines; leave any other as it is.

    A text is hard-wrapped if nearly every line is so full that the next word would not have fitted, and many lines
    begin in the middle of a sentence (with a small letter). Lines that are paragraphs of their own show neither.
    """
    blocks = [
        [line.strip() for line in block.split("\n")] for block in re.split(r"\n(?:[^\S\n]*\n)+", text.strip("\n"))
    ]
    joints = [joint for block in blocks for joint in pairwise(block) if not all(map(LIST_ITEM.match, joint))]
    width = max((len(line) for joint in joints for line in joint if " " in line), default=0)
    if (
        len(blocks) == 1
        or len(joints) < WRAPPED_LINES
        or width not in WRAP_WIDTHS
        or re.search(r"\S(?:\t| {3,})\S", text)
    ):
        return text

    def is_full(line: str, following: str) -> bool:
        return len(line) + 1 + len(following.split(" ", 1)[0]) > width

    full = sum(is_full(*joint) for joint in joints)
    mid_sentence = sum(following[:1].islower() for _, following in joints)
    if full < FULL_SHARE * len(joints) or mid_sentence < MID_SENTENCE_SHARE * len(joints):
        return text
    paragraphs = []
    for block in blocks:
        lines, is_list = block[:1], LIST_ITEM.match(block[0])
        for line, following in pairwise(block):
            if (is_list and LIST_ITEM.match(following)) or not (is_full(line, following) or following[:1].islower()):
                lines.append(following)
            else:
                lines[-1] += ("" if re.search(r"\w[-—]$", line) else " ") + following
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def _read_markdown(data: bytes, path: Path) -> RawArticle:
    text = _lines(_decode(data)).lstrip("\n")
    match = FRONT_MATTER.match(text)
    record = _yaml(match[1]) if match else None
    if match and record is not None:
        text = text[match.end() :]
    names = Columns().find(record or {})
    return article_from(record or {}, names, _join_soft_wraps(text), str(path), path.name)


def _yaml(text: str) -> dict[str, object] | None:
    """Return front matter as strings and lists of them, or None if it is none but text between two rules."""
    import yaml  # type: ignore[import-untyped, unused-ignore]

    try:
        value = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise ReadError(
            f"has front matter that is not valid YAML{place} ({problem}): put the value in quotes"
        ) from error
    if not isinstance(value, dict):
        return None
    return {str(key): None if item in ("", "~", "null") else item for key, item in value.items()}


def _join_soft_wraps(text: str) -> str:
    """Give each block of Markdown and each list item a line of its own; code and tables keep theirs.

    In a block with a line that nobody would wrap so late, the lines are paragraphs, and one ends where a sentence does.
    """
    lines: list[str] = []
    fence = ""
    for is_block, block in groupby(text.split("\n"), key=lambda line: bool(line.strip())):
        source = list(block)
        lines_are_paragraphs = max(map(len, source)) > LONGEST_WRAPPED_LINE
        may_continue = False  # whether the next line can belong to the last one
        for line in source:
            mark, content = FENCE.match(line), line.strip().removesuffix("\\")
            is_item = LIST_ITEM.match(line)
            if (
                fence
                or mark
                or not is_block
                or "|" in line[:1]
                or (CODE.match(line) and not may_continue and not is_item)
            ):
                lines.append(line)
                may_continue = False
                if mark and fence in ("", mark[1]):
                    fence = "" if fence else mark[1]
            elif may_continue and lines[-1][0] not in "->" and (underline := UNDERLINE.match(line)):
                lines[-1] = ("# " if underline[1][0] == "=" else "## ") + lines[-1]
                may_continue = False
            elif HEADING.match(line) or not content.strip(">-*_ "):
                lines.append(content if HEADING.match(line) else "")  # a rule says nothing
                may_continue = False
            else:
                starts = is_item or (content.startswith(">") and not lines[-1].startswith(">"))
                if not may_continue or starts or (lines_are_paragraphs and lines[-1].endswith(SENTENCE_ENDS)):
                    lines.append(re.sub(r"^[*+](?=\s)", "-", content))
                else:
                    lines[-1] += " " + content.lstrip("> ")
                may_continue = True
    return "\n".join(lines)


# --- HTML, PDF, Word -----------------------------------------------------------------------------------------------

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
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
PAGE_NUMBER = re.compile(r"(?i)\W*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*")
BULLET = re.compile(r"[•▪●‣◦]\s*")
PARAGRAPH_GAP = 1.3
INDENT_POINTS = (4, 40)
SHORT_LINE = 0.75


def _quiet(name: str) -> None:
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:  # an application that set it wants to hear
        logger.setLevel(logging.CRITICAL)


def _read_html(data: bytes, path: Path) -> RawArticle:
    import trafilatura
    from trafilatura.xml import xmltotxt

    for name in ("trafilatura", "htmldate", "courlan"):
        _quiet(name)
    match = DECLARED_ENCODING.search(data[:4096])
    # Decoded here, because trafilatura neither looks at the declaration nor reads Windows-1252 reliably.
    tree = trafilatura.load_html(_decode(data, match[1].decode("ascii") if match else None).encode("utf-8"))
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


@dataclass(frozen=True, slots=True)
class _PdfLine:
    """A line of a page; `x` and `y` are points from the lower left corner, `size` is that of the font."""

    text: str
    x: float
    y: float
    size: float
    page: int


def _read_pdf(data: bytes, path: Path) -> RawArticle:
    from pypdf import PdfReader

    _quiet("pypdf")
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ReadError("is protected by a password: save a copy without one (qpdf --decrypt IN.pdf OUT.pdf)")
    lines = _without_running_heads([_pdf_lines(page, number) for number, page in enumerate(reader.pages)])
    if not lines:
        raise ReadError("has no text layer; run OCR first (ocrmypdf IN.pdf OUT.pdf)")
    title, author, created = _pdf_metadata(reader.metadata)
    return RawArticle(
        text=_join_pdf_lines(lines),
        source=str(path),
        file=path.name,
        title=title,
        author=author,
        published=created,
    )


def _pdf_lines(page: PageObject, number: int) -> list[_PdfLine]:
    lines: list[_PdfLine] = []
    text, longest, x, y, font_size = "", 0, 0.0, 0.0, 0.0

    def visit(piece: str, page_matrix: Any, text_matrix: Any, _font: Any, size: Any) -> None:
        nonlocal text, longest, x, y, font_size
        for part in re.split("(\n)", piece):
            if part == "\n":
                lines.append(_PdfLine(text, x, y, font_size, number))
                text, longest = "", 0
                continue
            if not text.strip() and part.strip():
                x = text_matrix[4] * page_matrix[0] + page_matrix[4]
                y = text_matrix[5] * page_matrix[3] + page_matrix[5]
            if len(part.strip()) > longest:  # a bullet or an initial may be of another size than its line
                longest, font_size = len(part.strip()), float(size) * (abs(text_matrix[3] * page_matrix[3]) or 1.0)
            text += part

    page.extract_text(visitor_text=visit)
    lines.append(_PdfLine(text, x, y, font_size, number))
    return [line for line in lines if line.text.strip()]


def _without_running_heads(pages: list[list[_PdfLine]]) -> list[_PdfLine]:
    """Return the lines of all pages without page numbers and what stands at the edge of most pages."""

    def edge(page: list[_PdfLine]) -> set[str]:
        return {re.sub(r"\d+", "0", line.text.strip()) for line in page[:2] + page[-2:]}

    seen = Counter(text for page in pages for text in edge(page))
    often = {text for text, count in seen.items() if count > max(1, len(pages) / 2)}
    lines: list[_PdfLine] = []
    for page in pages:
        for position, line in enumerate(page):
            at_edge = min(position, len(page) - 1 - position)
            repeated = at_edge <= 1 and re.sub(r"\d+", "0", line.text.strip()) in often
            if not repeated and not (at_edge == 0 and len(page) > 1 and PAGE_NUMBER.fullmatch(line.text)):
                lines.append(line)
    return lines


def _join_pdf_lines(lines: list[_PdfLine]) -> str:
    gaps = [
        gap for line, following in pairwise(lines) if line.page == following.page and (gap := line.y - following.y) > 0
    ]
    leading = quantiles(gaps, n=4)[0] if len(gaps) > 1 else 0.0
    width = max(len(line.text) for line in lines)
    whole = " ".join(line.text for line in lines)
    paragraphs = [_unbulleted(lines[0].text)]
    for line, following in pairwise(lines):
        text = following.text.strip()
        if _starts_paragraph(line, following, leading, width):
            paragraphs.append(_unbulleted(text))
        elif (broken := re.search(r"(\w+)[-\u00ad]$", paragraphs[-1])) and text[0].islower():
            rest = re.match(r"\w+", text)
            kept = f"{broken[1]}-{rest[0] if rest else ''}" in whole and not paragraphs[-1].endswith("\u00ad")
            paragraphs[-1] = (paragraphs[-1] if kept else paragraphs[-1][:-1]) + text
        else:
            paragraphs[-1] += " " + text
    return "\n".join(paragraph.translate(LIGATURES) for paragraph in paragraphs)


def _starts_paragraph(line: _PdfLine, following: _PdfLine, leading: float, width: int) -> bool:
    text = following.text.strip()
    ends = line.text.rstrip().endswith(SENTENCE_ENDS)
    if BULLET.match(text):
        return True
    gap = line.y - following.y
    if line.page != following.page or gap < 0:  # the next page, or the next column
        return ends and not text[0].islower()
    indent = following.x - line.x
    return (
        abs(line.size - following.size) > 0.1 * line.size
        or (leading > 0 and gap > PARAGRAPH_GAP * leading)
        or (INDENT_POINTS[0] < indent < INDENT_POINTS[1] and gap > 0 and not BULLET.match(line.text))
        or following.text.startswith("  ")
        or (ends and len(line.text) < SHORT_LINE * width and not text[0].islower())
    )


def _unbulleted(text: str) -> str:
    return BULLET.sub("- ", text.strip(), count=1) if BULLET.match(text.strip()) else text.strip()


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


def _sensible(value: str | None, placeholder: re.Pattern[str]) -> str | None:
    return None if value is None or placeholder.fullmatch(value.strip()) else value


def _read_docx(data: bytes, path: Path) -> RawArticle:
    if data.startswith(OLD_WORD):
        raise ReadError("is an old Word file, or has a password: save it as .docx without one")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ReadError("is damaged, or is not a Word file: open it and save it as .docx") from error
    if size > MAX_UNZIPPED_BYTES:
        raise ReadError(f"unpacks to {size / MEGABYTE:.0f} MB; the limit is {MAX_UNZIPPED_BYTES / MEGABYTE:.0f} MB")
    from docx import Document
    from docx.table import Table

    document = Document(BytesIO(data))
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += (" | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in block.rows)
        else:
            lines.append(_docx_line(block))
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


def _docx_line(paragraph: DocxParagraph) -> str:
    text = _lines(paragraph.text).replace("\n", " ")
    style = (paragraph.style.name if paragraph.style else None) or ""
    if not text.strip():
        return ""
    if heading := re.fullmatch(r"Title|Heading ([1-6])", style):
        return f"{'#' * int(heading[1] or 1)} {text}"
    properties = paragraph._p.pPr
    if style.startswith("List") or (properties is not None and properties.numPr is not None):
        return f"- {text}"
    return f"> {text}" if style.endswith("Quote") else text


ARTICLES: dict[str, Callable[[bytes, Path], RawArticle]] = {
    **dict.fromkeys((".txt", ".text"), _read_text),
    **dict.fromkeys((".md", ".markdown"), _read_markdown),
    **dict.fromkeys((".html", ".htm"), _read_html),
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}
SUFFIXES = frozenset(ARTICLES) | TABLES | {".json"}
