"""The same text in several outlets is one voice: near-copies among the hits are folded into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.lexical import STOPWORDS, terms
from index.types import Hit

COPY_SIMILARITY = 0.65
"""Jaccard overlap of terms above which two passages are one text with small edits, on the sample collection's copies."""


def signature(text: str) -> frozenset[str]:
    """Return the terms of a text that copies keep."""
    return frozenset(terms(text)) - STOPWORDS


def is_copy(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two signatures are of one text. A changed number makes another statement, never a copy."""
    if not first or not second or _numbers(first) != _numbers(second):
        return False
    return len(first & second) / len(first | second) >= COPY_SIMILARITY


def fold_copies(hits: Sequence[Hit]) -> list[Hit]:
    """Fold each hit that copies a better one, from another article, into that one's `copies`.

    Of a text and its copies the earliest published stands for all, at the place of the best ranked.
    """
    groups: list[tuple[frozenset[str], list[Hit]]] = []
    for hit in hits:
        own = signature(hit.passage.text)
        for other, members in groups:
            apart = all(member.article.id != hit.article.id for member in members)
            if apart and is_copy(own, other):
                members.append(hit)
                break
        else:
            groups.append((own, [hit]))
    return [_folded(members) for _, members in groups]


def _folded(members: Sequence[Hit]) -> Hit:
    best = members[0]
    if len(members) == 1:
        return best
    first = min(
        members, key=lambda hit: (hit.article.published is None, str(hit.article.published), members.index(hit))
    )
    copies = tuple(hit.passage for hit in members if hit is not first)
    return replace(first, score=best.score, copies=copies)


def _numbers(terms_of_text: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms_of_text if term[0].isdigit())
