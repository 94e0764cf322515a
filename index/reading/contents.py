"""What a file really holds, told by its first bytes, where that is not what its name says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ReadError

HEAD_BYTES = 1024
"""How much is looked at. A PDF may begin this far in (ISO 32000-1, appendix H)."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Contents that are none of a text: what they are, how they begin, and what to do about it."""

    name: str
    starts: Sequence[bytes]
    fix: str
    suffix: str = ""
    """The ending under which they are read, if they are."""


_UNPACK = "unpack it, and give the files in it"
_WORDS = "what stands in it is no text: type or copy the words into a .txt file"
_PROGRAM = "a program is no article: give the article's own file"
_ZIP = b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"

# Source of the first bytes: https://www.garykessler.net/library/file_sigs.html
_KINDS = (
    _Kind("a PDF file", [b"%PDF-"], "give it the ending .pdf", ".pdf"),
    _Kind("a Word file", _ZIP, "give it the ending .docx", ".docx"),
    _Kind("an old Word or Office file", [bytes.fromhex("d0cf11e0a1b11ae1")], "save it as .docx", ".docx"),
    _Kind("a ZIP archive", _ZIP, _UNPACK),
    _Kind("a gzip archive", [b"\x1f\x8b"], _UNPACK),
    _Kind("a bzip2 archive", [b"BZh"], _UNPACK),
    _Kind("an xz archive", [b"\xfd7zXZ\0"], _UNPACK),
    _Kind("a zstd archive", [b"\x28\xb5\x2f\xfd"], _UNPACK),
    _Kind("a 7-Zip archive", [b"7z\xbc\xaf\x27\x1c"], _UNPACK),
    _Kind("a RAR archive", [b"Rar!\x1a\x07"], _UNPACK),
    _Kind("a PNG picture", [b"\x89PNG\r\n\x1a\n"], _WORDS),
    _Kind("a JPEG picture", [b"\xff\xd8\xff"], _WORDS),
    _Kind("a GIF picture", [b"GIF87a", b"GIF89a"], _WORDS),
    _Kind("a TIFF picture", [b"II*\0", b"MM\0*"], _WORDS),
    _Kind("a sound or film", [b"ID3", b"OggS", b"RIFF", b"\x1aE\xdf\xa3", b"fLaC"], _WORDS),
    _Kind("a Windows program", [b"MZ"], _PROGRAM),
    _Kind("a Linux program", [b"\x7fELF"], _PROGRAM),
    _Kind("a Mac program", [b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"], _PROGRAM),
    _Kind("a database", [b"SQLite format 3\0"], "export its articles as .csv or .jsonl"),
    _Kind("an RTF file", [b"{\\rtf"], "save it as .docx or .txt"),
)
_MARKS_OF_LETTERS = tuple(mark for kind in _KINDS for mark in kind.starts if mark.isalnum())
"""A text may begin so, too."""


def check_contents(head: bytes, suffix: str) -> None:
    """Raise ReadError, with what to do, where a file's first bytes are those of another kind than its ending says.

    Text is not looked at: whether it can be read is found out by reading it.
    """
    if suffix == ".docx" and head.startswith(_ZIP):
        return  # which archive it is, its reader tells
    kind = _kind_of(head)
    if kind is None:
        if suffix == ".pdf" and head.strip() and b"%PDF-" not in head:
            raise ReadError("is not a PDF file, whatever its name says: give it the ending of what it is")
        return
    if kind.suffix != suffix:
        raise ReadError(f"is {kind.name}, not a {suffix} file: {kind.fix}")


def _kind_of(head: bytes) -> _Kind | None:
    if head.startswith(_MARKS_OF_LETTERS) and b"\0" not in head:
        return None
    found = [kind for kind in _KINDS if head.startswith(tuple(kind.starts))]
    if head.startswith(_ZIP):
        is_word = b"word/" in head or b"[Content_Types].xml" in head
        return next(kind for kind in found if bool(kind.suffix) is is_word)
    return found[0] if found else None
