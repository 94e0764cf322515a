"""What a comparison lines up: outlets, times, or things that the question names side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.types import ValueKind
from assistant.language.values import values_in
from assistant.question.kinds import content_terms
from index.splitting.terms import STOPWORDS

MOST_SIDES = 5
_JOINS = re.compile(r"\b(?:and|or|versus|vs\.?|against|with|to|than|from)\b|[,/]", re.IGNORECASE)
_PRESS = re.compile(
    r"\b(?:outlets?|newspapers?|papers?|media|press|reports?|reporters?|articles?|accounts?|sources?|versions?|"
    r"coverage|broadcasters?|agenc(?:y|ies)|publications?)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:chang(?:e[ds]?|ing)|evolv\w+|shift\w*|then and now|now and then|before and after|over time|used to|"
    r"compared? to (?:before|earlier|then)|since then|still|at first|earlier)\b",
    re.IGNORECASE,
)


class SideKind(StrEnum):
    """What the sides of a comparison are."""

    OUTLETS = "outlets"
    TIMES = "times"
    THINGS = "things"
    CHANGES = "then and now"
    UNSAID = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a comparison; `named` as the question has them, where it names them."""

    kind: SideKind
    named: tuple[str, ...] = ()


def sides_of(question: str, topic: str, outlets: Sequence[str], rarity: Callable[[str], float]) -> Sides:
    """Return what a comparison lines up. `outlets` are those that it names; `rarity` tells how rare a term is."""
    if len(outlets) > 1:
        return Sides(SideKind.OUTLETS, tuple(outlets))
    times = tuple(question[value.start : value.end] for value in values_in(question) if value.kind in _LONG_TIMES)
    if len(times) > 1:
        return Sides(SideKind.TIMES, times[:MOST_SIDES])
    if things := _things(topic, rarity):
        return Sides(SideKind.THINGS, things)
    if _PRESS.search(question):
        return Sides(SideKind.OUTLETS)
    return Sides(SideKind.CHANGES if _CHANGES.search(question) else SideKind.UNSAID)


_LONG_TIMES = {ValueKind.MONTH, ValueKind.YEAR, ValueKind.DATE}


def _things(topic: str, rarity: Callable[[str], float]) -> tuple[str, ...]:
    """Return the words of a topic that "and" or the like parts, if it names two and more: of each part what is next."""
    parts = [part.split() for part in _JOINS.split(topic)]
    parts = [[word for word in part if word.lower() not in STOPWORDS and content_terms(word)] for part in parts]
    parts = [part for part in parts if part]
    if len(parts) < 2:  # noqa: PLR2004 - one thing is not compared
        return ()
    first, *others = parts
    capital = any(word[0].isupper() for part in parts for word in part)
    heads = [_name(reversed(first), capital)[::-1], *(_name(iter(part), capital) for part in others)]
    named = [" ".join(words) for words in heads if words]
    held = [thing for thing in named if all(rarity(term) > 0 for term in content_terms(thing))]
    return tuple(dict.fromkeys(held))[:MOST_SIDES] if len(set(held)) > 1 else ()


def _name(words: Iterable[str], capital: bool) -> list[str]:
    """Return the words next to the join: the whole name where names have capitals, else one word."""
    found: list[str] = []
    for word in words:
        if found and not (capital and word[0].isupper()):
            break
        found.append(word)
    return found
