"""How an answer is wanted: long or short, as a table, as a timeline; and the words of a question that say so.

`manners.json` holds the words, those in curly brackets standing for each of a set. The longest run of words that fits
is taken: "too short" asks for more, "short" for less.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from assistant.question.following.phrases import Phrases, Word, skip, words_of
from assistant.types import Form

WORDS = Path(__file__).with_name("manners.json")

Length = Literal["", "short", "long"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is wanted, beyond what the question asks; the defaults change nothing."""

    form: Form | None = None
    length: Length = ""
    as_table: bool = False
    outlets: tuple[str, ...] = ()
    """The outlets that alone are wanted; empty for all."""
    before: date | None = None
    """Only what happened before this day is wanted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What some words change of a manner; None leaves it as it is."""

    form: Form | None = None
    length: Length | None = None
    as_table: bool | None = None

    def applied_to(self, manner: Manner) -> Manner:
        """Return the manner with this change."""
        return replace(
            manner,
            form=self.form or manner.form,
            length=manner.length if self.length is None else self.length,
            as_table=manner.as_table if self.as_table is None else self.as_table,
        )


_CHANGES = {
    "long": Change(length="long"),
    "short": Change(length="short"),
    "table": Change(as_table=True),
    "no table": Change(as_table=False),
    "timeline": Change(form=Form.TIMELINE),
    "comparison": Change(form=Form.COMPARISON),
    "opinion": Change(form=Form.OPINION),
    "latest": Change(form=Form.LATEST),
    "overview": Change(form=Form.OVERVIEW),
    "short overview": Change(form=Form.OVERVIEW, length="short"),
}
_MOST_WISHES = 4
_LAST_WORDS = frozenset("please thanks thank you".split())
"""May stand behind the words that end a question."""
_AROUND = " \t\n,;:.–—-("
_TABLE_OF = {
    "of": "an overview of",
    "on": "an overview on",
    "about": "an overview about",
    "comparing": "a comparison of",
}
"""What a table of something shows."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    edges: Phrases[Change]
    """What may begin or end a full question."""
    alone: Phrases[Change]
    """What says how in a turn that names no topic; all of the former is among it."""
    sizes: Mapping[str, Change]
    """Adjectives before a summary."""
    politely: frozenset[str]
    asking: frozenset[str]
    summaries: frozenset[str]


def read_manner(question: str) -> tuple[str, Manner]:
    """Return a full question without the words that say how its answer is wanted, and what they say.

    They count at its beginning and its end, and as adjectives of a summary that it asks for.
    """
    manner = Manner()
    for _ in range(_MOST_WISHES):
        taken = _without_size(question) or _without_table(question) or _without_edge(question)
        if not taken or not words_of(taken[0]):
            break
        question, manner = taken[0], taken[1].applied_to(manner)
    return question, manner


def without_manner(turn: str, manner: Manner) -> tuple[str, Manner, bool]:
    """Take the words that say how from a turn that names no topic.

    Returns what is left of it, the manner as they change it, and whether there were any.
    """
    rest, changes = _vocabulary().alone.taken_out(turn)
    for change in changes:
        manner = change.applied_to(manner)
    return rest, manner, bool(changes)


def _without_edge(question: str) -> tuple[str, Change] | None:
    """Take words that begin or end a question, politely or not."""
    words = words_of(question)
    return _without_beginning(question, words) or _without_end(question, words)


def _without_beginning(question: str, words: Sequence[Word]) -> tuple[str, Change] | None:
    known = _vocabulary()
    for place in range(skip(words, 0, known.politely | known.asking) + 1):
        says = known.edges.at(words, place)
        if not says and [word.text for word in words[place : place + 2]] == ["more", "about"]:
            says = 1, _CHANGES["long"]
        behind = words[place + says[0] :] if says else ()
        if not says or not behind:
            continue
        lead, rest = question[: words[place].start], question[behind[0].start :]
        if place:
            return f"{lead}{rest}", says[1]
        if len(behind) > 1 and behind[0].text in _TABLE_OF:  # tl;dr on the strike
            return f"Summary of {question[behind[1].start :]}", says[1]
        return rest[:1].upper() + rest[1:], says[1]
    return None


def _without_end(question: str, words: Sequence[Word]) -> tuple[str, Change] | None:
    end = len(words)
    while end and words[end - 1].text in _LAST_WORDS:
        end -= 1
    edges = _vocabulary().edges
    for place in range(max(end - edges.longest, 0), end):
        says = edges.at(words, place)
        if says and place + says[0] == end:
            said = question[: words[place].start].rstrip(_AROUND)
            behind = question[words[end - 1].end :].lstrip(" ,)")
            return (said if said.endswith(("?", "!")) else said + behind), says[1]
    return None


def _without_size(question: str) -> tuple[str, Change] | None:
    """Take "short" from "a short summary", which a question asks for at its beginning."""
    words, known = words_of(question), _vocabulary()
    place = skip(words, 0, known.politely | known.asking)
    article = skip(words, place, {"a", "an", "the"})
    end = skip(words, article, known.sizes.keys() | {"and", "very", "really", "more"})
    change = next((known.sizes[word.text] for word in words[article:end] if word.text in known.sizes), None)
    if change is None or known.summaries.isdisjoint(word.text for word in words[end : end + 2]):
        return None
    rest = question[words[end].start :]
    said = question[words[place].start : words[article].start] if article > place else ""
    if said.strip().lower() in {"a", "an"}:
        said = "an " if rest[0].lower() in "aeiou" else "a "
    return f"{question[: words[place].start]}{said}{rest}", change


def _without_table(question: str) -> tuple[str, Change] | None:
    """Make an overview of "a table of", which a question asks for at its beginning."""
    words, known = words_of(question), _vocabulary()
    place = skip(words, 0, known.politely | known.asking)
    table = skip(words, place, {"a", "an", "the", "short", "simple"})
    of = words[table + 1 : table + 2]
    if table + 2 >= len(words) or words[table].text != "table" or of[0].text not in _TABLE_OF:
        return None
    rest = question[words[table + 2].start :]
    return f"{question[: words[place].start]}{_TABLE_OF[of[0].text]} {rest}", _CHANGES["table"]


def _changing(held: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Change]]:
    return ((phrase, _CHANGES[name]) for name, phrases in held.items() for phrase in phrases)


@cache
def _vocabulary() -> _Vocabulary:
    held = json.loads(WORDS.read_text("utf-8"))
    edges, alone, sets = held["at the edges"], held["alone"], held["sets"]
    sizes = {word: _CHANGES[name] for name, words in held["before a summary"].items() for word in words}
    return _Vocabulary(
        Phrases.of(_changing(edges), sets),
        Phrases.of([*_changing(alone), *_changing(edges)], sets),
        sizes,
        frozenset(held["politely"]),
        frozenset(held["asking for"]),
        frozenset(held["summaries"]),
    )
