"""The same text in several outlets is one voice: near-copies among the hits are folded into one.

Two texts are copies only where nothing but harmless differences is left: whole sentences that one of them leaves out,
articles and the like, and words for which the other has a form or a synonym in the same place. A name, a number, a
negation, a word of another meaning, or words in another order make another statement, however much else is equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache, reduce
from operator import or_

from index.splitting.dictionary import NEGATIONS, are_synonyms
from index.splitting.sentences import split_sentences
from index.splitting.terms import STOPWORDS
from index.types import Hit

_WORD = re.compile(r"[^\W_]+(?:[.,'’:][^\W_]+)*")
_FREE = frozenset("a an the that which has have had also it its and".split())
"""Words that one copy may have and the other lack. No form of "be": with it, who did becomes whom it was done to."""

COPY_SIMILARITY = 0.65
"""Jaccard overlap of words above which two passages are one text with small edits."""
_BITS = 512
_MOST_APART = (1 - COPY_SIMILARITY) / (1 + COPY_SIMILARITY)
"""Share of the words of two texts, counted in each, that only one of them has where the overlap is COPY_SIMILARITY."""
LONGEST = 200
"""Words of a sentence up to which edits are looked for; a longer one is a copy only if it is the same word for word."""
_KEPT = 1_024
"""Texts whose signatures are kept: searches of one question, and of the next ones, find the same passages."""
FOLD_DEPTH = 60
"""Hits among which copies are looked for at least: copies rank near each other."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A text, ready to be compared with others: its content words, and the words of each sentence in order."""

    words: frozenset[str]
    sentences: tuple[tuple[str, ...], ...]
    bits: int
    """A bit for each word, one of _BITS by its hash: where two texts differ in many, they share few words."""

    @staticmethod
    @lru_cache(maxsize=_KEPT)
    def of(text: str) -> Signature:
        """Return the signature of a text."""
        sentences = tuple(tuple(_WORD.findall(sentence.text)) for sentence in split_sentences(text))
        words = frozenset(word.lower() for sentence in sentences for word in sentence) - STOPWORDS
        bits = reduce(or_, (1 << hash(word) % _BITS for word in words), 0)
        return Signature(words, tuple(filter(None, sentences)), bits)

    def is_copy_of(self, other: Signature) -> bool:
        """Whether both are one text with harmless edits alone."""
        both = len(self.words) + len(other.words)
        if not self.words or (self.bits ^ other.bits).bit_count() > _MOST_APART * both:
            return False
        shared = len(self.words & other.words)
        if shared < COPY_SIMILARITY * (both - shared):
            return False
        return self.sentences == other.sentences or _only_trimmed(self.sentences, other.sentences)


def _only_trimmed(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> bool:
    """Whether two lists of sentences are the same in the same order, apart from some that one of the two leaves out.

    Nowhere may both have a sentence of their own, and no sentence that denies may be the one left out.
    """
    place = 0
    skipped: list[Sequence[str]] = []
    for sentence in one:
        match = next((at for at in range(place, len(other)) if _says_the_same(sentence, other[at])), None)
        if match is None:
            skipped.append(sentence)
        elif skipped and match > place:
            return False
        else:
            if any(map(_denies, (*skipped, *other[place:match]))):
                return False
            place, skipped = match + 1, []
    return not (skipped and other[place:]) and not any(map(_denies, (*skipped, *other[place:])))


def _says_the_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sentences are word for word the same, harmless words and synonyms in place apart."""
    if list(map(str.lower, one)) == list(map(str.lower, other)):
        return True
    if max(len(one), len(other)) > LONGEST:
        return False
    first, second = ([word for word in words if word.lower() not in _FREE] for words in (one, other))
    small_first, small_second = ([word.lower() for word in words] for words in (first, second))
    for kind, start, end, other_start, other_end in SequenceMatcher(
        None, small_first, small_second, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        if end - start != other_end - other_start:
            return False
        pairs = zip(range(start, end), range(other_start, other_end), strict=True)
        if not all(_may_stand_for(first, at, second, place) for at, place in pairs):
            return False
    return True


def _may_stand_for(words: Sequence[str], at: int, others: Sequence[str], place: int) -> bool:
    """Whether the word of a sentence at one place may stand for that of another; a name or number never does."""
    one, other = words[at], others[place]
    if any(word[0].isdigit() or (index > 0 and word[0].isupper()) for word, index in ((one, at), (other, place))):
        return False
    return are_synonyms(one.lower(), other.lower())


def _denies(sentence: Sequence[str]) -> bool:
    return any(word.lower() in NEGATIONS or word.lower().endswith(("n't", "n’t")) for word in sentence)


def fold_copies(hits: Sequence[Hit], count: int | None = None) -> list[Hit]:
    """Fold each hit that copies a better one, from another article, into that one's `copies`; return the best `count`.

    Of a text and its copies the earliest published stands for all, at the place of the best ranked. Copies are looked
    for among the first hits only, as many as it takes to fill `count`, and at least FOLD_DEPTH.
    """
    wanted = len(hits) if count is None else count
    groups: list[list[tuple[Signature, Hit]]] = []
    for rank, hit in enumerate(hits):
        if len(groups) >= wanted and rank >= FOLD_DEPTH:
            break
        own = Signature.of(hit.passage.text)
        for members in groups:
            # Each with each: what two texts leave out of a third may be where they differ.
            if all(own.is_copy_of(other) and member.article.id != hit.article.id for other, member in members):
                members.append((own, hit))
                break
        else:
            groups.append([(own, hit)])
    return [_folded([hit for _, hit in members]) for members in groups[:wanted]]


def _folded(members: Sequence[Hit]) -> Hit:
    best = members[0]
    if len(members) == 1:
        return best
    first = min(
        members, key=lambda hit: (hit.article.published is None, str(hit.article.published), members.index(hit))
    )
    copies = tuple(hit.passage for hit in members if hit is not first)
    return replace(first, score=best.score, copies=copies)
