"""The words of English text: tokens, base forms, clauses, and how much of one text another covers. Needs no model."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from index.splitting.dictionary import inflections_of, lemmas_by_part, lemmas_of
from index.splitting.terms import STOPWORDS, terms

_TOKEN = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*|[;:.!?,()]")
_WINDOW = 120
"""Characters, about twenty words, on either side of a place that may tell what it means: a rule of thumb."""
_LONGEST_WORD = 60
"""Letters up to which a word is one, as the term index has it."""
_POSSESSIVE = re.compile(r"['’]s?$")
_CLAUSE = re.compile(
    r"(?:,\s*|\s)(?=(?:and|but|while|whereas|because|although|though|so|yet)\s)|[;:]\s+"
    r"|,\s*(?=(?:who|which|where|with|after|before)\s)|\s[–—]\s"
)
_CLAUSE_MIN_WORDS = 2
"""Content words, mostly a doer and a verb, that can be wrong by themselves; a shorter clause joins its neighbour."""
_SEGMENT = re.compile(
    r"[,;:]\s+|\s[–—]\s|\s(?=(?:and|but|while|when|because|after|before|that|which|who|whom|although|though|as|until)\s)"
)
_SEGMENT_MIN_WORDS = 3
"""Content words from which a vector of a part of a sentence tells what it says: one more than makes a clause."""
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


def content_tokens(text: str) -> list[str]:
    """Return the content words of a text in small letters, in order, repeated ones too."""
    return [word.lower() for word in tokens(text) if base_of(word)]


@cache
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


def clauses(text: str) -> list[str]:
    """Return the clauses of a sentence: parts with enough content to be right or wrong by themselves."""
    parts: list[list[str]] = []
    for part in _CLAUSE.split(text):
        if parts and len(words_of(part)) < _CLAUSE_MIN_WORDS:
            parts[-1].append(part)
        elif part.strip():
            parts.append([part])
    joined = [" ".join(part) for part in parts]
    if len(joined) > 1 and len(words_of(joined[0])) < _CLAUSE_MIN_WORDS:
        joined[:2] = [f"{joined[0]} {joined[1]}"]
    return joined or [text]


def segments(sentence: str) -> list[str]:
    """Return the parts of a sentence, and pairs of neighbouring ones, that say enough to be compared by themselves."""
    parts = [part.strip() for part in _SEGMENT.split(sentence)]
    parts += [f"{first} {second}" for first, second in pairwise(parts)]
    return [part for part in parts if len(words_of(part)) >= _SEGMENT_MIN_WORDS and part != sentence]


def coverage(text: str, source: set[str], rarity: Callable[[str], float]) -> float:
    """Return the weighted share of a text's content words that the source has, 0 to 1; 1 without content words."""
    wanted = words_of(text)
    total = sum(rarity(word) for word in wanted)
    return sum(rarity(word) for word in wanted if word in source) / total if total else 1.0
