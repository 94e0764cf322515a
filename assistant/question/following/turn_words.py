"""The words by which a turn of a conversation leans on those before it; `turns.json` holds them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from assistant.question.following.phrases import Phrases, words_of

WORDS = Path(__file__).with_name("turns.json")


@cache
def turn_words(kind: str) -> Phrases[str]:
    """Return the words of a kind: "fillers", "asks", "before"."""
    held = json.loads(WORDS.read_text("utf-8"))
    return Phrases.of(((phrase, kind) for phrase in held[kind]), held["sets"])


def has(text: str, kind: str) -> bool:
    """Whether a text has words of a kind."""
    return turn_words(kind).are_in(text)


def without(text: str, kind: str) -> tuple[str, bool]:
    """Return a text without its words of a kind, and whether there were any."""
    rest, found = turn_words(kind).taken_out(text)
    return rest, bool(found)


def opened(text: str, kind: str) -> int:
    """Return how many characters of a text its first words take, as long as they are of a kind."""
    words, place = words_of(text), 0
    phrases = turn_words(kind)
    while says := phrases.at(words, place):
        place += says[0]
    if not place:
        return 0
    return words[place].start if place < len(words) else len(text)
