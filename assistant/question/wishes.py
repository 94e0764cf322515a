"""What a question wants besides a kind of answer: whether, figures, the newest, what stood before."""

from __future__ import annotations

import re
from enum import StrEnum


class Wish(StrEnum):
    """Something that the words of a question say of the answer it wants."""

    YES_OR_NO = "yes or no"
    DIFFERENCES = "whether figures agree"
    FIGURE = "a figure, whatever of"
    MONEY = "money"
    NEWEST = "the newest alone"
    EARLIER = "what stood before"
    PRESENT = "what is or will be"
    CURRENT = "what is now, and not what was"
    OTHER_TIME = "what was at another time than now"


_REPORTING = r"(?:sa(?:id|ys?)|report(?:ed)?|gave|given?|put|thought|announced?|stated?|named?|print(?:ed)?)"
_WISHES = {
    Wish.YES_OR_NO: r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b",
    Wish.DIFFERENCES: r"\b(?:dis)?agree|\bdiffer|\bcontradict|\bconsistent"
    r"|\b(?:same|that|which) (?:number|figure|amount|length|date|time)",
    Wish.FIGURE: r"\b(?:number|figure|amount|total|toll|count|sum)s?\b",
    Wish.MONEY: r"[$€£¥]|\b(?:much|dollars?|euros?|pounds?|roubles?|rubles?|money)\b",
    Wish.NEWEST: r"\b(?:latest|newest|current|currently|most recent|corrected|updated)\b",
    Wish.EARLIER: r"\b(?:first|earl(?:y|ier|iest)|original|initial|previous|older?|wrong|mistaken|incorrect)\s+"
    r"(?:\w+\s+){0,2}?(?:report|figure|number|version|count|toll|estimate|account|summary)s?\b"
    r"|\b(?:originally|initially|previously|formerly|at first|first|earlier|wrongly|mistakenly|incorrectly)\s+"
    rf"(?:\w+\s+)?{_REPORTING}\b"
    rf"|\b{_REPORTING}\s+(?:\w+\s+){{0,3}}?(?:originally|initially|previously|at first|first|earlier)\b"
    r"|\bbefore (?:\w+ ){0,3}?(?:correct|revis|updat|amend)|\b(?:was|were) (?:wrong|mistaken|incorrect)\b"
    r"|\bused to\b|\bat the time\b",
    Wish.PRESENT: r"\b(?:will|is|are|does|do|now|currently|still)\b",
    Wish.CURRENT: r"\b(?:current(?:ly)?|now|nowadays|these days|at present|at the moment|incumbent)\b",
    Wish.OTHER_TIME: r"\b(?:today|yesterday|tonight|tomorrow|so far|until)\b"
    r"|\b(?:first|second|third|last|same|next|following) (?:hours?|days?|night|weeks?|months?)\b",
}
_PATTERNS = {wish: re.compile(pattern, re.IGNORECASE) for wish, pattern in _WISHES.items()}


def wishes_in(question: str) -> frozenset[Wish]:
    """Return what the words of a question ask for."""
    return frozenset(wish for wish, pattern in _PATTERNS.items() if pattern.search(question))
