"""What a text affirms and what it denies: negating words, and words that mean the opposite of one another."""

from __future__ import annotations

import re

from assistant.language.words import base_of, lemma_of, tokens
from index.splitting.dictionary import NEGATIONS, lemmas_of, opposites_of

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
    only_written = {lemma: base for base, lemmas in _lemmas(source).items() if base not in said for lemma in lemmas}
    return [
        (word, other)
        for word, lemmas in _lemmas(claim).items()
        if word in said and word not in written
        for other in dict.fromkeys(only_written.get(each, "") for lemma in lemmas for each in opposites_of(lemma))
        if other in written and said[word] & written[other]
    ]


def _lemmas(text: str) -> dict[str, frozenset[str]]:
    """Return the dictionary forms of each content word of a text, by its base form."""
    return {base: lemmas_of(word.lower()) for word in tokens(text) if (base := base_of(word))}


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "n’t")) or lemma_of(word) in _REFUSALS
