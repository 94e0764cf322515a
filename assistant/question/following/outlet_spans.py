"""Where a text names outlets: in full, without "The", or by their last word where no other outlet shares it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence


def outlet_spans(text: str, outlets: Sequence[str], *, loosely: bool = False) -> Iterator[tuple[str, int, int]]:
    """Yield each outlet that a text names, with the place of its name and the article before it.

    A last word counts behind "the" or with its capital; loosely, in whatever case.
    """
    known = [outlet for outlet in outlets if outlet.removeprefix("The ").split()]
    for outlet in known:
        bare = outlet.removeprefix("The ")
        last = bare.split()[-1]
        named = [rf"(?:the\s+)?{re.escape(bare)}"]
        if sum(other.split()[-1].lower() == last.lower() for other in known) == 1:
            named += [rf"the\s+{re.escape(last)}", re.escape(last) if loosely else rf"(?-i:{re.escape(last)})"]
        for found in re.finditer(rf"(?<!\w)(?:{'|'.join(named)})(?:['’]s?)?(?!\w)", text, re.IGNORECASE):
            yield outlet, found.start(), found.end()


def without_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with these places blank; all others stay where they are."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def without_outlets(text: str, outlets: Sequence[str]) -> str:
    """Return a text with the names of outlets blank."""
    return without_spans(text, [(start, end) for _, start, end in outlet_spans(text, outlets)])
