"""Read plain text and Markdown: lines that a wrapped text broke are joined, so that each paragraph is one line."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from pathlib import Path

from index.errors import ReadError
from index.reading.decoding import clean_lines, decode
from index.reading.tables import Columns, article_from
from index.types import RawArticle

# With these, at least 292 of 294 public news texts wrapped at 60 to 80 columns come back exactly, and of the 300 texts
# that are not wrapped none is touched.
WRAP_WIDTHS = range(40, 101)
WRAPPED_LINES = 4
FULL_SHARE = 0.85
MID_SENTENCE_SHARE = 0.4

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
LONGEST_FRONT_MATTER = 20_000
"""Characters. YAML takes its time, and repeats what a name stands for as often as it is named."""
MOST_BRACKETS = 200
LIST_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
FENCE = re.compile(r"\s{0,3}(```|~~~)")
UNDERLINE = re.compile(r"(=+|-{2,})\s*$")
CODE = re.compile(r" {4}|\t")
LONGEST_WRAPPED_LINE = 160
SENTENCE_ENDS = tuple(".!?…\"'\u2019”)»。」\uff01\uff1f")


def read_text(data: bytes, path: Path) -> RawArticle:
    """Read plain text; a hard-wrapped one is unwrapped. Raises ReadError for binary data."""
    return RawArticle(text=_unwrap(clean_lines(decode(data))), source=str(path), file=path.name)


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


def read_markdown(data: bytes, path: Path) -> RawArticle:
    """Read Markdown with or without YAML front matter. Raises ReadError for binary data and for invalid YAML."""
    text = clean_lines(decode(data)).lstrip("\n")
    match = FRONT_MATTER.match(text)
    record = _yaml(match[1]) if match else None
    if match and record is not None:
        text = text[match.end() :]
    names = Columns().find(record or {})
    return article_from(record or {}, names, _join_soft_wraps(text), str(path), path.name)


def _yaml(text: str) -> dict[str, object] | None:
    """Return front matter as strings and lists of them, or None if it is none but text between two rules."""
    import yaml  # type: ignore[import-untyped, unused-ignore]

    if len(text) > LONGEST_FRONT_MATTER:
        raise ReadError(f"has front matter of more than {LONGEST_FRONT_MATTER:,} characters: put the text behind it")
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise ReadError("has front matter that is nested too deep: give names and texts")
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.BaseLoader)):
            raise ReadError("has front matter that names a value elsewhere (*name): write the value out")
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
