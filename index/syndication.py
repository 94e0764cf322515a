"""The same text in several outlets is one voice: near-copies among the hits are folded into one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.lexical import STOPWORDS
from index.types import Hit

_WORD = re.compile(r"\w+")

COPY_SIMILARITY = 0.65
"""Jaccard overlap of words above which two passages are one text with small edits."""
FOLD_DEPTH = 60
"""Hits among which copies are looked for at least: copies rank near each other."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the copies of a text have in common: its words and, among them, its numbers."""

    words: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Signature:
        """Return the signature of a text; function words do not count."""
        found = frozenset(_WORD.findall(text.lower())) - STOPWORDS
        return cls(found, frozenset(word for word in found if word[0].isdigit()))

    def is_copy_of(self, other: Signature) -> bool:
        """Whether both are of one text with small edits. A changed number makes another statement, never a copy."""
        if not self.words or self.numbers != other.numbers:
            return False
        return len(self.words & other.words) >= COPY_SIMILARITY * len(self.words | other.words)


def fold_copies(hits: Sequence[Hit], count: int | None = None) -> list[Hit]:
    """Fold each hit that copies a better one, from another article, into that one's `copies`; return the best `count`.

    Of a text and its copies the earliest published stands for all, at the place of the best ranked. Copies are looked
    for among the first hits only, as many as it takes to fill `count`, and at least FOLD_DEPTH.
    """
    wanted = len(hits) if count is None else count
    groups: list[tuple[Signature, list[Hit]]] = []
    for rank, hit in enumerate(hits):
        if len(groups) >= wanted and rank >= FOLD_DEPTH:
            break
        own = Signature.of(hit.passage.text)
        for other, members in groups:
            if own.is_copy_of(other) and all(member.article.id != hit.article.id for member in members):
                members.append(hit)
                break
        else:
            groups.append((own, [hit]))
    return [_folded(members) for _, members in groups[:wanted]]


def _folded(members: Sequence[Hit]) -> Hit:
    best = members[0]
    if len(members) == 1:
        return best
    first = min(
        members, key=lambda hit: (hit.article.published is None, str(hit.article.published), members.index(hit))
    )
    copies = tuple(hit.passage for hit in members if hit is not first)
    return replace(first, score=best.score, copies=copies)
