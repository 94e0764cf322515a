"""Whether a text denies something."""

from __future__ import annotations

import re

from assistant.language.words import lemma_of, tokens
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


def denies(text: str) -> bool:
    """Whether a text denies or ends something: an odd number of negating words."""
    words = [word.lower() for word in tokens(_NO_NEGATION.sub(" ", text)) if word[0].isalnum()]
    return sum(_negates(word) or lemma_of(word) in _ENDINGS for word in words) % 2 == 1


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "n’t")) or lemma_of(word) in _REFUSALS
