"""Turn the lines of printed pages into paragraphs, by their place, their font size and their last character."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from index.reading.front_matter import SENTENCE_ENDS

LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
PAGE_NUMBER = re.compile(r"(?i)\W*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*")
BULLET = re.compile(r"[•▪●‣◦]\s*")
PARAGRAPH_GAP = 1.3
INDENT_POINTS = (4, 40)
SHORT_LINE = 0.75


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page; `x` and `y` are points from the lower left corner, `size` is that of the font."""

    text: str
    x: float
    y: float
    size: float
    page: int


def without_running_heads(pages: list[list[PageLine]]) -> list[PageLine]:
    """Return the lines of all pages without page numbers and what stands at the edge of most pages."""

    def edge(page: list[PageLine]) -> set[str]:
        return {re.sub(r"\d+", "0", line.text.strip()) for line in page[:2] + page[-2:]}

    seen = Counter(text for page in pages for text in edge(page))
    often = {text for text, count in seen.items() if count > max(1, len(pages) / 2)}
    lines: list[PageLine] = []
    for page in pages:
        for position, line in enumerate(page):
            at_edge = min(position, len(page) - 1 - position)
            repeated = at_edge <= 1 and re.sub(r"\d+", "0", line.text.strip()) in often
            if not repeated and not (at_edge == 0 and len(page) > 1 and PAGE_NUMBER.fullmatch(line.text)):
                lines.append(line)
    return lines


def join_lines(lines: list[PageLine]) -> str:
    """Return the text of one or more lines, a paragraph a line, with hyphens at line ends undone."""
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


def _starts_paragraph(line: PageLine, following: PageLine, leading: float, width: int) -> bool:
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
