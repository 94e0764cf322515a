"""Text made harmless, in one place, for every door through which it leaves: page, exports, terminal, chat, models.

Articles, models and readers may write characters that cannot be seen, that turn the direction of writing or that give a
terminal orders. All doors show the same sign in their place. What stays is what some language spells with: the joiners
of Persian, Hindi and emoji, and the soft hyphen; a model alone, which may take them for anything, reads none of these.
"""

from __future__ import annotations

import re
import string
import unicodedata
from html import escape

SIGN = "\ufffd"
"""Stands for a character that is not shown, one for one, so that offsets stay."""

_UNSEEN = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"  # orders to a terminal, and other controls but tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"  # without width, without meaning
    "\U000e0000-\U000e007f"  # tags: a hidden alphabet
)
_SPELLING = "\u00ad\u200c\u200d"
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_HIDDEN_FROM_MODELS = re.compile(f"[{_UNSEEN}{_SPELLING}]")
_SPACES = re.compile(r"\s+")

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&$^=!]")
_MARKDOWN_LINE_START = re.compile(r"^(?:[-+]|\d{1,9}(?=[.)])|:)")
_MARKDOWN_LINK = re.compile(r"(?<=\bwww)\.|:(?=//)|(?<=[\w.+-])@(?=\w)", re.IGNORECASE)
_LIVE_IN_CHAT = re.compile(r"!(?=\[)|(?<=\])(?=[(:\[])|<(?=[A-Za-z/!?])")


def whole_characters(text: str) -> str:
    """Return a text with halves of characters (lone surrogates) replaced, so that it can be written anywhere."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def visible(text: str) -> str:
    """Return a text in which nothing hides: SIGN stands for what has no shape, turns text or orders a terminal about.

    Lines and tabs stay. This is all that a terminal needs.
    """
    return _HIDDEN.sub(SIGN, whole_characters(text))


def one_line(text: str) -> str:
    """Return a text on one line with single spaces, in which nothing hides."""
    return visible(_SPACES.sub(" ", text).strip())


def one_line_in_parts(before: str, words: str, after: str) -> tuple[str, str, str]:
    """Return three parts of a text as `one_line` shows the whole; the second must begin and end with no space."""
    first, second, third = (visible(_SPACES.sub(" ", part)) for part in (before, words, after))
    return first.lstrip(), second, third.rstrip()


def for_html(text: str) -> str:
    """Return a text as that of an element, or of an attribute in double quotes; lines stay."""
    return escape(visible(text), quote=True)


def for_markdown(text: str) -> str:
    """Return a text on one line that Markdown shows as it is: no emphasis, link, list, heading, HTML or entity."""
    line = _within_markdown(one_line(text))
    return _MARKDOWN_LINE_START.sub(lambda match: f"{match[0]}\\" if match[0][0].isdigit() else f"\\{match[0]}", line)


def strong_in_markdown(before: str, words: str, after: str) -> str:
    """Return a text on one line as `for_markdown` does, with `words` in it in bold.

    Stars are none where a sign stands between them and a letter; such signs at the ends of the words are left out.
    """
    before, words, after = one_line_in_parts(before, words, after)
    first, last = 0, len(words)
    while first < last and not _bold_may_border(words[first], f"{before}{words[:first]}"[-1:]):
        first += 1
    while first < last and not _bold_may_border(words[last - 1], f"{words[last:]}{after}"[:1]):
        last -= 1
    if first == last:
        return for_markdown(f"{before}{words}{after}")
    start = for_markdown(f"{before}{words[:first]}|").removesuffix("\\|")
    return f"{start}**{_within_markdown(words[first:last])}**{_within_markdown(words[last:] + after)}"


def _within_markdown(line: str) -> str:
    """Return one line escaped but for what is markup only where a line begins."""
    line = _MARKDOWN.sub(lambda match: f"\\{match[0]}", line)
    return _MARKDOWN_LINK.sub(lambda match: f"\\{match[0]}", line)


def _bold_may_border(inner: str, outer: str) -> bool:
    """Whether stars between these two characters, the outer of which may be none, begin or end bold words.

    Source: https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    if inner.isalnum() or unicodedata.category(inner).startswith("M"):
        return True
    return not inner.isspace() and (not outer or outer.isspace() or outer in string.punctuation)


def for_chat(text: str) -> str:
    """Return a text on one line that reads as plain text, and in which nothing comes alive as Markdown or HTML.

    A picture in an article must not be fetched by who reads about it.
    """
    return _LIVE_IN_CHAT.sub(lambda match: f"{match[0]}\\" if match[0] == "!" else f"\\{match[0]}", one_line(text))


def for_model(text: str) -> str:
    """Return a text without all that hides, nothing in its place: a model is to read what a reader sees."""
    return _HIDDEN_FROM_MODELS.sub("", whole_characters(text))
