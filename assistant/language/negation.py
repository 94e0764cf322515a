"""What a text affirms and what it denies: negating words, and words that mean the opposite of one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from assistant.language.words import base_of, lemma_of, tokens
from index.splitting.dictionary import NEGATIONS

_REFUSALS = frozenset(
    "refuse reject deny decline fail lack unable exclude dismiss oppose forbid ban prevent prohibit withhold cancel "
    "impossible unchanged unwilling absence absent missing unclear unknown false wrong".split()
)
"""Dictionary forms that negate what they stand with, as "not" does."""
_ENDINGS = frozenset("end stop halt cease suspend drop abandon omit leave lift free spare avoid".split())
"""Dictionary forms that say that something is no longer done: they turn a sentence round, but no single word of it."""
_NO_NEGATION = re.compile(
    r"\b(?:as long as|not long|not only|no doubt|no less than|no more than|whether or not|not least|no sooner|nor)\b",
    re.IGNORECASE,
)
"""Phrases whose "no" or "not" denies nothing; "nor" goes on with a negation that was counted before."""
_NEGATED_WORDS = 5
"""Words behind a negation that it is taken to negate, unless the clause ends before: a rule of thumb."""

_OPPOSITES = """
accept agree approve consent / refuse reject decline disagree oppose
rise grow increase climb gain / fall drop decline decrease shrink lose
raise expand extend double widen / lower cut reduce narrow shorten halve
before earlier / after later
more over above exceed / less fewer under below
begin start open launch resume / end stop finish close halt suspend conclude
win succeed / lose fail
confirm acknowledge admit / deny dispute
allow permit let / ban forbid prohibit bar block
support back endorse favour favor welcome / oppose criticise criticize reject condemn
arrive enter come / leave depart exit go
include contain involve / exclude omit
release free / detain jail arrest imprison hold
attack strike / defend spare
first / last
all every both / none neither
always / never
many much most / few little least
possible able / impossible unable
better / worse
likely certain clear / unlikely uncertain unclear
same equal / different other
inside within / outside
public open / secret private closed
wide broad general full complete / narrow limited partial
long / short brief
new / old
buy / sell
give send deliver supply / receive take get
strengthen / weaken
alive survive / dead die
peaceful calm / violent
friendly warm / hostile cold
large big great high / small little low
early / late
near / far
strong / weak
north / south
east / west
voluntary / forced compulsory
temporary / permanent
safe / dangerous
keep remain continue / change stop leave abandon
easy / hard difficult
happy glad pleased / unhappy sad angry
present / absent
true right correct / false wrong incorrect
heavy / light
quick fast / slow
day / night
morning / evening
direct / indirect
success / failure
increase / cut
optimistic hopeful / pessimistic sceptical skeptical doubtful
"""
"""Each line: words, and those any of which turns a sentence with one of them round."""


def polarity(text: str) -> dict[str, set[bool]]:
    """Return for each content word, as base form, whether it stands negated (true), affirmed (false), or both."""
    found: dict[str, set[bool]] = {}
    left = 0
    for word in tokens(_NO_NEGATION.sub(" ", text)):
        lowered = word.lower()
        if not lowered[0].isalnum():
            left = 0
            continue
        base = base_of(word)
        if base and lowered not in NEGATIONS:
            found.setdefault(base, set()).add(left > 0)
        if _negates(lowered):
            left = 0 if left else _NEGATED_WORDS
        elif left:
            left -= 1
    return found


def denies(text: str) -> bool:
    """Whether a text denies or ends something: an odd number of negating words."""
    words = [word.lower() for word in tokens(_NO_NEGATION.sub(" ", text)) if word[0].isalnum()]
    return sum(_negates(word) or lemma_of(word) in _ENDINGS for word in words) % 2 == 1


def contradicting_polarity(claim: str, source: str) -> list[str]:
    """Return the shared words, as base forms, that one text negates and the other affirms."""
    said, written = polarity(claim), polarity(source)
    return [word for word, sides in said.items() if word in written and not sides & written[word]]


def opposites(claim: str, source: str) -> list[tuple[str, str]]:
    """Return pairs of a claim's word and its opposite that only the source has, at equal negation; base forms."""
    said, written = polarity(claim), polarity(source)
    return [
        (word, other)
        for word, sides in said.items()
        if word not in written
        for other in _opposites().get(word, ())
        if other in written and other not in said and sides & written[other]
    ]


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "n’t")) or lemma_of(word) in _REFUSALS


@cache
def _opposites() -> Mapping[str, set[str]]:
    table: dict[str, set[str]] = {}
    for line in _OPPOSITES.strip().splitlines():
        left, right = ({base_of(entry) for entry in side.split()} - {""} for side in line.split("/"))
        for entry in left:
            table.setdefault(entry, set()).update(right)
        for entry in right:
            table.setdefault(entry, set()).update(left)
    return table
