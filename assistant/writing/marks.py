"""Marks in a model's text, as it streams: `[2]` ties the sentence it stands in, or behind, to source 2.

Sentences, bullets and the cells of tables are sentences. Headings are none: they begin a section, as do the first cell
of a table's row and the day in front of an entry of a timeline (assistant/writing/lines.py).

The parser decides by the characters alone, never by how they were cut into pieces: any split gives the same claims. A
reader is shown sentences, each with its marks behind it, numbered in the order of first use; a mark that names no
source is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.safe_text import for_model
from assistant.writing.lines import Row, Table, cells_of, dated, heading_of, in_column, is_long, needs_whole_line
from index.splitting.sentences import split_sentences

_OPENERS = "[【［"
_MARK = re.compile(
    r"[\[【［]\s*\^?\s*(?:(?:source|paragraph|quelle|no\.?)\s*)?(?P<numbers>\d{1,3}(?:\s*(?:[,;&+]|and|[-–—]|(?:source|paragraph))\s*\d{1,3})*)\s*\^?\s*(?:†[^\]】］]*)?[\]】］]",
    re.IGNORECASE,
)
_MARK_START = re.compile(r"[\[【［][\s^\dA-Za-z.,;&+–—†-]*")
_LONGEST_MARK = 48
"""Characters after which an opening bracket without a closing one is text."""
_RANGE = re.compile(r"(\d{1,3})\s*[-–—]\s*(\d{1,3})")
_LONGEST_RANGE = 10
_BULLET = re.compile(r"^\s*(?:[-*•‣–—]|\d{1,2}[.)])\s+")
_SPACE = re.compile(r"\s+")
_BEFORE_POINT = re.compile(r"\s+(?=[.,;:!?…])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_COLOUR = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
_FENCE = re.compile(r"[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence of a model's text with the sources that its marks name (from 1, as the model saw them)."""

    text: str
    sources: tuple[int, ...]
    unknown: int = 0
    """How many of its marks named no source."""
    section: int = 0
    """Sentences with the same number stand together; numbers only rise."""
    heading: str = ""
    """What stands over its section, if anything."""


class Sections:
    """Numbers the sections of a text, and puts sentences into them."""

    def __init__(self) -> None:
        self._number = 0
        self._heading = ""
        self._above = ""
        """The heading of the lines; rows and dated entries have their own."""
        self._is_own = False

    def head(self, heading: str) -> None:
        """Begin a section under a heading."""
        self._number += 1
        self._heading = self._above = heading
        self._is_own = False

    def begin(self, day: str) -> None:
        """Begin a line: one with a day in front is a section, and so is what follows it without one."""
        if day:
            self.row(day)
        elif self._is_own:
            self.head(self._above)

    def row(self, heading: str) -> None:
        """Begin a section of one row or entry."""
        self._number += 1
        self._heading = heading
        self._is_own = True

    def put(self, sentence: MarkedSentence) -> MarkedSentence:
        """Return a sentence of the section that is open."""
        return replace(sentence, section=self._number, heading=self._heading)


class MarkParser:
    """Turns pieces of a streamed text into marked sentences. `known` is the number of sources that the model saw."""

    def __init__(self, known: int) -> None:
        self._known = known
        self._line = ""
        self._is_begun = False
        """Whether the first sentences of the line are out."""
        self._sections = Sections()
        self._table = Table()

    def feed(self, piece: str) -> list[MarkedSentence]:
        """Take the next piece; return the sentences that are complete now."""
        found: list[MarkedSentence] = []
        for character in piece:
            if character in "\n\r":
                found += self._flush()
                continue
            self._line += character
            if character.isspace() and (self._is_begun or not needs_whole_line(self._line)):
                found += self._complete()
        return found

    def finish(self) -> list[MarkedSentence]:
        """Return what is left when the text has ended."""
        return [*self._flush(), *self._rows(self._table.close())]

    def _flush(self) -> list[MarkedSentence]:
        line, self._line = self._line, ""
        is_begun, self._is_begun = self._is_begun, False
        if is_begun:
            return self._prose(line, begins=False)
        if not line.strip():
            return self._rows(self._table.close())
        line = for_model(_COLOUR.sub("", line))
        cells = cells_of(line)
        if cells:
            return self._rows(self._table.take(cells))
        found = self._rows(self._table.close())
        heading = heading_of(line)
        if heading is not None and not _MARK.search(heading):
            self._sections.head(_clean(heading))
            return found
        return [*found, *self._prose(line.lstrip("# \t") if heading is not None else line, begins=True)]

    def _complete(self) -> list[MarkedSentence]:
        """Take the sentences off the line that nothing behind them can change any more.

        A sentence is complete when another one has begun behind it and has more than its first word, for marks and the
        next word decide where it ends.
        """
        if _open_bracket(self._line):
            return []
        bare, _ = _without_marks(self._line, self._known)
        sentences = split_sentences(bare)
        if len(sentences) < _COMPLETE_FROM or len(sentences[-1].text.split()) < _COMPLETE_FROM:
            return []
        leading = _leads(self._line)
        cut = _offset(self._line, sentences[-2].end if leading else sentences[-1].start, past_marks=not leading)
        done, self._line = self._line[:cut], self._line[cut:]
        begins, self._is_begun = not self._is_begun, True
        before = self._rows(self._table.close()) if begins else []
        return [*before, *self._prose(done, begins=begins)]

    def _prose(self, line: str, *, begins: bool) -> list[MarkedSentence]:
        """Return the sentences of a line, or of its rest where its first ones are out."""
        sentences = _attached(line, self._known)
        if begins and sentences:
            day, text = dated(sentences[0].text)
            self._sections.begin(day)
            if day:
                sentences = [*([replace(sentences[0], text=text)] if text else []), *sentences[1:]]
        return [self._sections.put(sentence) for sentence in sentences]

    def _rows(self, rows: Sequence[Row]) -> list[MarkedSentence]:
        """Return the cells of rows: one that states something in its first cell has no heading."""
        found: list[MarkedSentence] = []
        for row in rows:
            named, *others = row.cells
            states = bool(_MARK.search(named)) or is_long(named) or not others
            self._sections.row("" if states else _clean(named))
            for column, text in list(zip(row.columns, row.cells, strict=True))[0 if states else 1 :]:
                sentences = _attached(text, self._known) if any(map(str.isalnum, text)) else []
                found += [
                    self._sections.put(replace(sentence, text=in_column(sentence.text, _clean(column))))
                    for sentence in sentences
                ]
        return found


_COMPLETE_FROM = 2


def parse(text: str, known: int) -> list[MarkedSentence]:
    """Return the marked sentences of a whole text."""
    parser = MarkParser(known)
    return [*parser.feed(text), *parser.finish()]


def _open_bracket(line: str) -> bool:
    """Whether the line ends inside what may become a mark."""
    position = max(line.rfind(opener) for opener in _OPENERS)
    tail = line[position:] if position >= 0 else ""
    return bool(tail) and len(tail) <= _LONGEST_MARK and _MARK_START.fullmatch(tail) is not None


def _without_marks(line: str, known: int) -> tuple[str, list[tuple[int, tuple[int, ...], int]]]:
    """Return the text without marks, and for each mark its place in that text, its known sources, its unknown ones."""
    parts: list[str] = []
    marks: list[tuple[int, tuple[int, ...], int]] = []
    length = end = 0
    for match in _MARK.finditer(line):
        before = line[end : match.start()]
        parts.append(before)
        length += len(before)
        named = _numbers(match["numbers"])
        sources = tuple(number for number in named if 1 <= number <= known)
        marks.append((length, sources, len(named) - len(sources)))
        end = match.end()
    parts.append(line[end:])
    return "".join(parts), marks


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    for first, last in _RANGE.findall(text):
        if 0 <= int(last) - int(first) < _LONGEST_RANGE:
            numbers += range(int(first), int(last) + 1)
    numbers += [int(digits) for digits in re.findall(r"\d+", text)]
    return list(dict.fromkeys(numbers))


def _leads(line: str) -> bool:
    """Whether a line begins with a mark: then marks stand in front of their sentences."""
    match = _MARK.search(line)
    return match is not None and not _BULLET.sub("", line[: match.start()] + " ").strip(" \t([*_")


def _offset(line: str, place: int, *, past_marks: bool) -> int:
    """Return the offset in the line of what is at `place` without marks, past or before marks that stand there."""
    position = length = 0
    for match in _MARK.finditer(line):
        gap = match.start() - position
        if length + gap > place or (length + gap == place and not past_marks):
            break
        length += gap
        position = match.end()
    return position + (place - length)


def _attached(line: str, known: int) -> list[MarkedSentence]:
    """Return the sentences of a line with the marks that belong to each.

    A mark belongs to the sentence in or behind which it stands. Where the line begins with a mark, marks stand in front
    of their sentences.
    """
    line = _BULLET.sub("", for_model(_COLOUR.sub("", line)))  # what hides would hide a mark
    bare, marks = _without_marks(line, known)
    sentences = split_sentences(bare)
    if not sentences:
        return []
    leading = _leads(line)
    found: list[MarkedSentence] = []
    for index, sentence in enumerate(sentences):
        following = sentences[index + 1].start if index + 1 < len(sentences) else len(bare) + 1
        if leading:
            first = 0 if index == 0 else sentences[index - 1].end
            own = [
                mark for mark in marks if first <= mark[0] <= sentence.start or sentence.start < mark[0] < sentence.end
            ]
            if index == len(sentences) - 1:
                own += [mark for mark in marks if mark[0] >= sentence.end and mark not in own]
        else:
            own = [mark for mark in marks if (index == 0 or sentence.start < mark[0]) and mark[0] <= following]
            own = [
                mark
                for mark in own
                if not (mark[0] == following and following <= len(bare) and index + 1 == len(sentences))
            ]
        sources = tuple(dict.fromkeys(number for mark in own for number in mark[1]))
        text = _clean(sentence.text)
        if text:
            found.append(MarkedSentence(text, sources, sum(mark[2] for mark in own)))
    return found


def _clean(text: str) -> str:
    """Return a sentence without the gaps that marks leave, and without tags, links and signs of layout."""
    text = _TAG.sub("", _LINK.sub(r"\1", text))
    text = _SPACE.sub(" ", _FENCE.sub("", text))
    return _BEFORE_POINT.sub("", text).strip()
