"""What a file really holds, told by its first bytes, where that is not what its name says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ReadError
from index.reading.formats import FORMATS, Format

HEAD_BYTES = 1024
"""How much is looked at. A PDF may begin this far in (ISO 32000-1, appendix H)."""


@dataclass(frozen=True, slots=True)
class _Foreign:
    """Contents that are not read: what they are, how they begin, and what to do about it."""

    name: str
    starts: Sequence[bytes]
    fix: str
    told_by: str = ""
    """The ending whose reader says more about them."""


_UNPACK = "unpack it, and give the files in it"
_WORDS = "what stands in it is no text: type or copy the words into a .txt file"
_PROGRAM = "a program is no article: give the article's own file"

# Source of the first bytes: https://www.garykessler.net/library/file_sigs.html
_FOREIGN = (
    _Foreign("an old Word or Office file", [bytes.fromhex("d0cf11e0a1b11ae1")], "save it as .docx", ".docx"),
    _Foreign("a ZIP archive", [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"], _UNPACK),
    _Foreign("a gzip archive", [b"\x1f\x8b"], _UNPACK),
    _Foreign("a bzip2 archive", [b"BZh"], _UNPACK),
    _Foreign("an xz archive", [b"\xfd7zXZ\0"], _UNPACK),
    _Foreign("a zstd archive", [b"\x28\xb5\x2f\xfd"], _UNPACK),
    _Foreign("a 7-Zip archive", [b"7z\xbc\xaf\x27\x1c"], _UNPACK),
    _Foreign("a RAR archive", [b"Rar!\x1a\x07"], _UNPACK),
    _Foreign("a PNG picture", [b"\x89PNG\r\n\x1a\n"], _WORDS),
    _Foreign("a JPEG picture", [b"\xff\xd8\xff"], _WORDS),
    _Foreign("a GIF picture", [b"GIF87a", b"GIF89a"], _WORDS),
    _Foreign("a TIFF picture", [b"II*\0", b"MM\0*"], _WORDS),
    _Foreign("a sound or film", [b"ID3", b"OggS", b"RIFF", b"\x1aE\xdf\xa3", b"fLaC"], _WORDS),
    _Foreign("a Windows program", [b"MZ"], _PROGRAM),
    _Foreign("a Linux program", [b"\x7fELF"], _PROGRAM),
    _Foreign("a Mac program", [b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"], _PROGRAM),
    _Foreign("a database", [b"SQLite format 3\0"], "export its articles as .csv or .jsonl"),
    _Foreign("an RTF file", [b"{\\rtf"], "save it as .docx or .txt"),
)


def check_contents(head: bytes, suffix: str) -> None:
    """Raise ReadError, with what to do, where a file's first bytes are those of another kind than its ending says.

    Text is not looked at: whether it can be read is found out by reading it.
    """
    name, named = next(((name, each) for name, each in FORMATS.items() if suffix in each.suffixes), ("", None))
    if named and named.starts and head.startswith(named.starts):
        return  # which archive it is, its reader tells
    for other, each in FORMATS.items():
        if _begins_as(head, each.starts) and (not each.members or any(member in head for member in each.members)):
            raise ReadError(f"is {other}, not a {suffix} file: give it the ending {each.suffixes[0]}")
    foreign = next((each for each in _FOREIGN if _begins_as(head, each.starts)), None)
    if foreign and foreign.told_by != suffix:
        raise ReadError(f"is {foreign.name}, not a {suffix} file: {foreign.fix}")
    if foreign is None and named and head.strip() and not _may_be(named, head):
        raise ReadError(f"is not {name}, whatever its name says: give it the ending of what it is")


def _may_be(named: Format, head: bytes) -> bool:
    return not named.starts or (named.may_start_late and any(start in head for start in named.starts))


def _begins_as(head: bytes, starts: Sequence[bytes]) -> bool:
    """Whether contents begin so; a text may, too, with the marks that consist of letters."""
    return any(head.startswith(start) and (b"\0" in head or not start.isalnum()) for start in starts)
