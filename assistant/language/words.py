"""The words of English text: tokens, base forms, parts of speech. Needs no model."""

from __future__ import annotations

import re
from functools import cache

from index.splitting.dictionary import inflections_of, lemmas_by_part, lemmas_of
from index.splitting.terms import STOPWORDS, terms

_TOKEN = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*|[;:.!?,()]")
_WINDOW = 120
"""Characters, about twenty words, on either side of a place that may tell what it means: a rule of thumb."""
_LONGEST_WORD = 60
"""Letters up to which a word is one, as the term index has it."""
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTS_OF_SPEECH = ("VERB", "NOUN", "ADJ", "ADV", "AUX")
"""In which order a word is looked up: "struck" is taken for a form of "strike", whatever else it may be."""


def tokens(text: str) -> list[str]:
    """Return the words and the marks that end or part clauses, as they stand, in order."""
    return _TOKEN.findall(text)


def before(text: str, position: int) -> str:
    """Return what stands right before a place: all that is read of it, so that a long text takes no longer a place."""
    return text[max(0, position - _WINDOW) : position]


def behind(text: str, position: int) -> str:
    """Return what stands right behind a place."""
    return text[position : position + _WINDOW]


def words_of(text: str) -> list[str]:
    """Return the content words of a text as base forms, each once, in order: "struck" and "strikes" are "strike"."""
    return list(dict.fromkeys(base for base in (base_of(word) for word in tokens(text)) if base))


def base_of(word: str) -> str:
    """Return the index term of a word's base form; empty for function words and marks."""
    lowered = word.lower()
    if lowered in STOPWORDS or not lowered[0].isalnum() or len(lowered) > _LONGEST_WORD:
        return ""
    found = terms(lemma_of(lowered))
    return found[0] if found else ""


@cache
def lemma_of(word: str) -> str:
    """Return the dictionary form of an English word in small letters; the word itself if no dictionary has it."""
    lemmas = lemmas_by_part(word)
    return next((str(lemmas[part][0]) for part in _PARTS_OF_SPEECH if lemmas.get(part)), word)


def is_dictionary_word(word: str) -> bool:
    """Whether an English dictionary has the word in small letters."""
    return bool(lemmas_by_part(word.lower()))


def may_be(part: str, word: str) -> bool:
    """Whether an English dictionary has the word as a form of a VERB, NOUN, ADJ, ADV or AUX."""
    return part in lemmas_by_part(word.lower())


def forms_of(word: str) -> set[str]:
    """Return a word in small letters with its other forms, as a dictionary has them: "woman", "women"."""
    lowered = word.lower()
    forms = {lowered, lowered.replace("-", "")}
    for lemma in lemmas_of(lowered):
        forms |= {lemma, *inflections_of(lemma)}
    return forms


def without_possessive(word: str) -> str:
    """Return a word without an "’s" or "’" at its end."""
    return _POSSESSIVE.sub("", word)
