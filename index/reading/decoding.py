"""Turn bytes into text: the encoding of a file, and text without what is none."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import BinaryIO

from index.errors import ReadError

MEGABYTE = 1024 * 1024

LINE_END = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
NOT_TEXT = re.compile("[\x00\ufeff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

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


def decode(data: bytes, declared: str | None = None) -> str:
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


def table_encoding(table: BinaryIO) -> str:
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


def clean_lines(text: str) -> str:
    """Return `text` with newlines for all line ends, without NUL and byte order marks, U+FFFD for lone surrogates."""
    return LONE_SURROGATE.sub("\ufffd", NOT_TEXT.sub("", LINE_END.sub("\n", text)))


def clean_field(value: str | None) -> str | None:
    """Return `value` on one line with single spaces; None if nothing is left of it."""
    return None if value is None else " ".join(clean_lines(value).split()) or None
