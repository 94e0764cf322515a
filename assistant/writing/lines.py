"""Lines of a model's text that are no plain prose: headings, rows of tables, entries that begin with a day."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.language.times import dates, months, weekdays, years
from index.splitting.terms import STOPWORDS

LONGEST_HEADING = 9
"""Words; what is longer states something, and is checked like any sentence."""
_SHORT_CELL = 5
"""Words of a cell that says too little without the name of its column."""
_LONGEST_DAY = 48
"""Characters within which the day of an entry ends."""
_BEGINS_LAYOUT = "#|*_-•‣–—>"
_SEPARATORS = (":", " - ", " – ", "—")
_OF_DAYS = frozenset("early mid late around circa".split())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with the names of its columns, empty where it has none."""

    cells: tuple[str, ...]
    columns: tuple[str, ...]


class Table:
    """Takes the rows of a table one by one; the first is its head if a line of dashes follows."""

    def __init__(self) -> None:
        self._columns: tuple[str, ...] = ()
        self._first: tuple[str, ...] | None = None
        self._is_open = False

    def take(self, cells: tuple[str, ...]) -> list[Row]:
        """Take a row; return those that are known to be rows now."""
        if all(cell and not cell.strip("-: ") for cell in cells):
            self._columns, self._first = self._first or self._columns, None
            return []
        if not self._is_open:
            self._is_open, self._first = True, cells
            return []
        return [*self._held(), self._row(cells)]

    def close(self) -> list[Row]:
        """End the table, if there is one; return the row that was held back."""
        held = self._held()
        self._columns, self._is_open = (), False
        return held

    def _held(self) -> list[Row]:
        first, self._first = self._first, None
        return [self._row(first)] if first else []

    def _row(self, cells: tuple[str, ...]) -> Row:
        return Row(cells, (*self._columns, *("",) * len(cells))[: len(cells)])


def needs_whole_line(line: str) -> bool:
    """Whether a line, by its beginning, may be a heading, a row or an entry, so that its end has to be seen."""
    begins = line.lstrip()[:1]
    return not begins or begins in _BEGINS_LAYOUT or begins.isdigit()


def cells_of(line: str) -> tuple[str, ...]:
    """Return the cells of a row of a table; none for any other line."""
    line = line.strip()
    if not line.startswith("|") or line.count("|") < 2:  # noqa: PLR2004 - a cell has two sides
        return ()
    inside = line[1:].removesuffix("|").replace("\\|", "\0")
    return tuple(cell.replace("\0", "|").strip() for cell in inside.split("|"))


def heading_of(line: str) -> str | None:
    """Return the words of a heading: of a line that begins with number signs, or is bold as a whole; else None.

    One that is long, or ends with a full stop, states something, and is none.
    """
    line = line.strip()
    bare = line.lstrip("#").strip()
    if bare == line:
        inner = line.removesuffix(":").strip()
        bold = inner.startswith("**") and inner.endswith("**") and inner.count("**") == 2  # noqa: PLR2004 - both ends
        if not bold:
            return None
        bare = inner.strip("*")
    return None if is_long(bare) or bare.endswith(".") else bare.strip().rstrip(":").strip()


def is_long(text: str) -> bool:
    """Whether words are too many for a name or a heading."""
    return len(text.split()) > LONGEST_HEADING


def dated(sentence: str) -> tuple[str, str]:
    """Return the day in front of a sentence and what follows it; an empty day where there is none."""
    for separator in _SEPARATORS:
        place = sentence.find(separator, 0, _LONGEST_DAY)
        while place >= 0:
            day = sentence[:place].strip("*_ ")
            if names_day(day):
                return day, sentence[place + len(separator) :].strip("*_ ")
            place = sentence.find(separator, place + 1, _LONGEST_DAY)
    return "", sentence


def names_day(text: str) -> bool:
    """Whether a text is a day, a month, a year or a span of them, and nothing else."""
    values = [value for find in (dates, months, years) for value in find(text)]
    if not values or len(text) > _LONGEST_DAY:
        return False
    told = [*values, *weekdays(text)]
    rest = "".join(" " if any(each.start <= at < each.end for each in told) else sign for at, sign in enumerate(text))
    words = "".join(sign if sign.isalnum() else " " for sign in rest).lower().split()
    return all(word in STOPWORDS or word in _OF_DAYS or word.isdigit() for word in words)


def in_column(text: str, column: str) -> str:
    """Return a cell's text as it can be read alone: a short one with the name of its column in front."""
    return f"{column}: {text}" if column and len(text.split()) < _SHORT_CELL else text
