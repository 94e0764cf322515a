"""Bounds of values: "more than 90 minutes", "nearly 300 people", and which of them bears out which.

A bound stands for the numbers that it leaves open, from a lowest to a highest. What a text says is borne out where the
source leaves open none but those: "more than 90" by "more than 97" or 120, and not by "about 90". The same holds for a
number that the source only bounds: "90 minutes" is more than "more than 90 minutes" says.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from assistant.language.types import Bound, Value, ValueKind
from assistant.language.words import lemma_of, tokens

BOUNDED = frozenset({ValueKind.COUNT, ValueKind.PERCENT, ValueKind.MONEY, ValueKind.DURATION})
"""Kinds of value that a bound may open."""

# What "about" leaves open. Set by hand, against the table in tests/assistant/language/test_bounds.py.
_PLAY = 0.05
"""On either side, relative to the number; "nearly" and "just over" have as much in all, on their one side."""
_SMALL, _FEW = 20, 10
"""Counts below the first have a play of one, below the second of none: "about five" is five."""

_BEYOND = 1.5
"""How far a number may lie beyond a bound, as its multiple: nobody calls ten hours "more than 90 minutes"."""

_REACH = 40
"""Characters before or behind a value in which the words of its bound stand."""
_PHRASES = {
    Bound.JUST_OVER: r"(?:just|slightly|(?:a )?little|barely) (?:over|above|more than|past)",
    Bound.JUST_UNDER: r"(?:just|slightly|a little|a bit) (?:under|below|less than|fewer than|short of|shy of)"
    r"|almost|nearly|not quite",
    Bound.AT_LEAST: r"at least|(?:no|not) (?:fewer|less) than|a minimum of",
    Bound.AT_MOST: r"at (?:the )?most|(?:no|not) more than|up to|as (?:many|much) as|a maximum of",
    Bound.OVER: r"(?:(?:well|far) )?(?:more than|over|above|upwards of|in excess of)|exceed(?:s|ed|ing)?",
    Bound.UNDER: r"(?:(?:well|far) )?(?:less than|fewer than|under|below)",
    Bound.ABOUT: r"about|around|roughly|some|approximately|an estimated|close to",
}
_BEFORE = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{bound.name}>{words})' for bound, words in _PHRASES.items())}) (?:the |an? )?$".replace(
        " ", r"\s{1,3}"
    ),
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:\s\w{1,20}){0,2}?\s(?:(?P<AT_LEAST>or (?:more|longer))|(?P<AT_MOST>or (?:less|fewer))|(?P<ABOUT>or so))\b",
    re.IGNORECASE,
)
_ROUGH = (Bound.ABOUT, Bound.JUST_UNDER, Bound.JUST_OVER)
_PLACES = frozenset("over under above below about around".split())
"""Words that are no bound of a few things, but say where: "a dispute over two islands"."""
_GIVE = frozenset("hand turn give sign".split())
"""Verbs with which "over" says that something passes to another: "handed over 175 prisoners"."""


def bounded(value: Value, text: str) -> Value:
    """Return a value with the bound that the words around it set."""
    if value.kind not in BOUNDED:
        return value
    found = _before(value, text) or _BEHIND.match(text, value.end, value.end + _REACH)
    return replace(value, bound=Bound[found.lastgroup]) if found and found.lastgroup else value


def bound_start(value: Value, text: str) -> int:
    """Return where a value begins with the words of its bound before it."""
    found = _before(value, text) if value.kind in BOUNDED else None
    return value.start - len(found[0]) if found else value.start


def bears_out(said: Value, written: Value) -> bool:
    """Whether a value of a source, with its bound, states what a text says with its own."""
    if (said.kind, said.amount < 0) != (written.kind, written.amount < 0) or not said.measures_like(written):
        return False
    if said.bound is written.bound and said.amount == written.amount:
        return True
    few, many = sorted((abs(said.amount), abs(written.amount)))
    if many > _BEYOND * few:
        return False
    low, high = _open(said)
    rounds = said.kind is ValueKind.DURATION or _digits(said.amount) < _digits(written.amount)
    if said.bound in _ROUGH and said.amount != written.amount and not rounds:
        return False  # "about 71" is no other way to say 70
    if said.bound is Bound.ABOUT and written.bound in _ROUGH:
        return low <= abs(written.amount) <= high
    if said.bound is Bound.JUST_UNDER:
        high = abs(said.amount)  # "nearly 300" of 300 themselves is loose, and no mistake
    least, most = _open(written)
    return low <= least and most <= high


def _open(value: Value) -> tuple[float, float]:
    """Return the lowest and the highest number that a value leaves open."""
    amount = abs(value.amount)
    whole = value.kind is ValueKind.COUNT
    play = _play(value.kind, amount)
    above = math.floor(amount) + 1 if whole else math.nextafter(amount, math.inf)
    below = math.ceil(amount) - 1 if whole else math.nextafter(amount, -math.inf)
    return {
        Bound.EXACT: (amount, amount),
        Bound.ABOUT: (amount - play, amount + play),
        Bound.JUST_UNDER: (amount - 2 * play, below),
        Bound.JUST_OVER: (above, amount + 2 * play),
        Bound.AT_LEAST: (amount, math.inf),
        Bound.AT_MOST: (0, amount),
        Bound.OVER: (above, math.inf),
        Bound.UNDER: (0, below),
    }[value.bound]


def _digits(amount: float) -> int:
    """Return how many digits a number has that are not only zeros at its end: 2,500 has two."""
    return len(f"{abs(amount):.12g}".replace(".", "").strip("0"))


def _play(kind: ValueKind, amount: float) -> float:
    if kind is ValueKind.COUNT and amount < _SMALL:
        return 1 if amount >= _FEW else 0
    return _PLAY * amount


def _before(value: Value, text: str) -> re.Match[str] | None:
    found = _BEFORE.search(text[max(0, value.start - _REACH) : value.start])
    if found is None:
        return None
    word = tokens(found[0])[0].lower()
    if word in _PLACES and value.kind is ValueKind.COUNT and value.amount < _FEW:
        return None
    earlier = tokens(found.string[: found.start()])
    passes = word == "over" and earlier and lemma_of(earlier[-1].lower()) in _GIVE
    return None if passes else found
