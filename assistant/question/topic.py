"""What a wide question is about: its words without those that say what kind of answer is wanted."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from index.splitting.terms import STOPWORDS

WORDS = Path(__file__).with_name("topic.json")
"""Words that say what is wanted, not of what: "summarise", "latest", "article". A word of a name is kept: "Time"."""
_SMALL = frozenset("new old first last next one two great big second third".split())
"""Words that belong to a topic only in front of a word that does: "New Hampshire", "last round"."""
_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*")
_MOST_JOINING = 2
"""Small words that may stand between two words of a topic."""
_LONGEST = 40
"""Words of a topic: more tell nothing further to a search."""


def topic_of(question: str) -> str:
    """Return the words of a question that say what it is about, in their order; empty where it is about everything.

    Small words are kept between two words that stay: "fall of the wall". The text is that without times and outlets.
    """
    words = [match[0] for match in _WORD.finditer(question)]
    kept = {place for place, word in enumerate(words) if _is_topical(word, opens=place == 0)}
    kept |= {place for place, word in enumerate(words) if word.lower() in _SMALL and place + 1 in kept}
    if not kept:
        return ""
    spoken: list[str] = []
    joining: list[str] = []
    for place in range(min(kept), max(kept) + 1):
        if place not in kept:
            joining.append(words[place])
            continue
        if len(joining) <= _MOST_JOINING and all(word.lower() in STOPWORDS for word in joining):
            spoken += joining
        joining = []
        spoken.append(words[place])
    return " ".join(spoken[:_LONGEST])


@cache
def _asking() -> frozenset[str]:
    return frozenset(json.loads(WORDS.read_text("utf-8"))["words"].split())


def _is_topical(word: str, *, opens: bool) -> bool:
    plain = word.lower().replace("’", "'")
    plain = plain.removesuffix("'s") or plain
    if plain in STOPWORDS or plain in _SMALL:
        return False
    is_name = word[0].isupper() and not opens
    return plain not in _asking() or is_name
