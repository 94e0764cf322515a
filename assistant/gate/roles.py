"""Who does what to whom: the names before and behind a verb, compared between a claim and its source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.gate.names import is_name, joined_names, name_key
from assistant.gate.words import base_of, lemma_of, may_be, tokens
from index.sentences import split_sentences

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+\s+){0,2}?\w+(?:ed|en|un|ung|t)\b(?:\s+\w+){0,8}?\s+by\b",
    re.IGNORECASE,
)
_NEAR_VERB = 8
"""Words before and behind a verb among which its names are looked for: a rule of thumb."""
_TOLD = frozenset("say add report write note state".split())
"""Verbs that may stand before or behind their subject."""


def turned_round(claim: str, source: str) -> list[tuple[str, str, str]]:
    """Return (name, verb, name) of a claim that the source has only the other way round; a passive counts as turned.

    Names are name keys, verbs base forms.
    """
    said, written = _triples(claim), _triples(source)
    return [
        (first, verb, second)
        for first, verb, second in said
        if (second, verb, first) in written and (first, verb, second) not in written
    ]


def other_doer(claim: str, source: str) -> list[tuple[str, str]]:
    """Return (name, verb) of a claim where the source has the verb too, but always behind other names.

    Names are name keys, verbs base forms. Nothing is said of passives, whose doer stands behind the verb.
    """
    if _PASSIVE.search(claim) or _PASSIVE.search(source):
        return []
    said, written = _doers(claim), _doers(source)
    known = {name for names in written.values() for name in names}
    return [
        (name, verb)
        for verb, names in said.items()
        for name in names
        if written.get(verb) and name not in written[verb] and name in known
    ]


def _triples(text: str) -> set[tuple[str, str, str]]:
    """Return the names before and behind each possible verb, near it."""
    found: set[tuple[str, str, str]] = set()
    for sentence in split_sentences(text):
        passive = bool(_PASSIVE.search(sentence.text))
        placed = [word for word in tokens(joined_names(sentence.text)) if word[0].isalnum()]
        for index, word in enumerate(placed):
            if not _is_action(word):
                continue
            before = _names_among(placed[max(0, index - _NEAR_VERB) : index])
            behind = _names_among(placed[index + 1 : index + 1 + _NEAR_VERB])
            pairs = {(first, base_of(word), second) for first in before for second in behind if first != second}
            found |= {(second, verb, first) for first, verb, second in pairs} if passive else pairs
    return found


def _doers(text: str) -> dict[str, set[str]]:
    """Return for each possible verb the nearest names before it, by occurrence."""
    found: dict[str, set[str]] = {}
    for sentence in split_sentences(text):
        last = ""
        for word in tokens(joined_names(sentence.text)):
            if is_name(word):
                last = name_key(word)
            elif last and _is_action(word):
                found.setdefault(base_of(word), set()).add(last)
    return found


def _names_among(words: Sequence[str]) -> set[str]:
    return {name_key(word) for word in words if is_name(word)}


def _is_action(word: str) -> bool:
    return word[0].islower() and bool(base_of(word)) and lemma_of(word) not in _TOLD and may_be("VERB", word)
