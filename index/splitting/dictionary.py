"""What a dictionary of English knows of a word: its dictionary forms, and the words that may stand in its place."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

NEGATIONS = frozenset(
    "not no never without nobody none nothing neither nor nowhere cannot hardly scarcely barely".split()
)
_DICTIONARY = threading.Lock()
"""Held while the dictionary is read: it loads at the first word, and threads that ask together would each load it."""


@cache
def lemmas_by_part(word: str) -> Mapping[str, Sequence[str]]:
    """Return the dictionary forms of a word in small letters for each part of speech that it may be: VERB, NOUN ..."""
    import lemminflect

    with _DICTIONARY:
        found: Mapping[str, Sequence[str]] = lemminflect.getAllLemmas(word)
    return found


def inflections_of(lemma: str) -> set[str]:
    """Return all forms of a dictionary form: "strike", "strikes", "struck"."""
    import lemminflect

    with _DICTIONARY:
        return {form for forms in lemminflect.getAllInflections(lemma).values() for form in forms}


@cache
def lemmas_of(word: str) -> frozenset[str]:
    """Return every dictionary form that a word in small letters may have; the word itself is one of them."""
    return frozenset({word, *(lemma for lemmas in lemmas_by_part(word).values() for lemma in lemmas)})


@cache
def are_synonyms(one: str, other: str) -> bool:
    """Whether two words in small letters may say the same: forms of one word, or synonyms in some sense of both.

    A word of two parts is joined by "_": "turn_down". Opposites never are synonyms, whatever else connects them.
    """
    first, second = _all_lemmas(one), _all_lemmas(other)
    if first & second:
        return True
    synonyms, opposites = _tables()
    if any(word in second for lemma in first for word in opposites.get(lemma, ())):
        return False
    return any(word in second for lemma in first for word in synonyms.get(lemma, ()))


def opposites_of(lemma: str) -> frozenset[str]:
    """Return the dictionary forms that mean the opposite of one, in some sense of both."""
    return frozenset(_tables()[1].get(lemma, ()))


def has_entry(word: str) -> bool:
    """Whether a word, such as "turned_down", has any synonym or opposite."""
    synonyms, opposites = _tables()
    return any(lemma in synonyms or lemma in opposites for lemma in _all_lemmas(word))


def _all_lemmas(word: str) -> frozenset[str]:
    head, _, particle = word.partition("_")
    return frozenset(f"{lemma}_{particle}" for lemma in lemmas_of(head)) if particle else lemmas_of(word)


@cache
def _tables() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return for each word its synonyms, and its opposites."""
    synonyms: dict[str, set[str]] = {}
    opposites: dict[str, set[str]] = {}
    for line in resources.files("index.splitting").joinpath("synonyms.txt").read_text("ascii").splitlines():
        if not line.startswith("#"):
            table = opposites if line.startswith("!") else synonyms
            word, *others = line.lstrip("!").split()
            table.setdefault(word, set()).update(others)
            for other in others:
                table.setdefault(other, set()).add(word)
    return synonyms, opposites
