"""Names in a text, under any of their names: "Ukrainian", "Ukraine" and "Kyiv" are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from assistant.language.times import MONTH_NUMBERS, WEEKDAYS
from assistant.language.words import base_of, is_dictionary_word, tokens, without_possessive
from index.splitting.terms import STOPWORDS

_SAME_NAMES = (
    "us u.s america american americans united-states washington",
    "uk u.k britain british briton britons united-kingdom london",
    "eu e.u european-union brussels",
    "un u.n united-nations",
    "russia russian russians moscow kremlin",
    "ukraine ukrainian ukrainians kyiv kiev",
    "france french paris",
    "germany german germans berlin",
    "china chinese beijing",
    "israel israeli israelis jerusalem",
    "iran iranian iranians tehran",
    "turkey turkish turks ankara türkiye",
    "poland polish poles warsaw",
    "spain spanish madrid",
    "denmark danish danes copenhagen",
    "finland finnish finns helsinki",
    "netherlands dutch hague",
    "switzerland swiss",
    "ireland irish dublin",
    "wales welsh",
    "greece greek greeks athens",
    "sweden swedish swedes stockholm",
    "norway norwegian norwegians oslo",
    "saudi saudis riyadh",
    "japan japanese tokyo",
    "india indian delhi",
    "uae emirates emirati",
)
"""Ways to name one country or its government that reports use for one another; the first stands for all."""
_TWO_WORDS = re.compile(r"\b(?:United (?:States|Kingdom|Nations)|European Union|White House|Downing Street)\b")
_JOINED = {
    "UnitedStates": "us", "UnitedKingdom": "uk", "UnitedNations": "un", "EuropeanUnion": "eu", "WhiteHouse": "us",
    "DowningStreet": "uk",
}  # fmt: skip
_AROUND_NAME = ' ,;:!?()“”"'
_SENTENCE_BREAKS = frozenset(".!?:")
_OPENING_WORDS = frozenset(
    "besides per whereas after before when while since until during although though because if once unless unlike like "
    "despite according both neither either each every all under over above below between among within without against "
    "about around near beyond following including concerning regarding given asked earlier later also meanwhile "
    "however yet still only even just first last one two three no not yes today yesterday tomorrow".split()
)
"""Words with a capital that open a sentence, and are no names."""
_NUMERAL = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|half)\b",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"[A-Z](?:\.?[A-Z]){2,5}s?")
"""Its letters may be the first ones of words that stand in the source: POWs, prisoners of war."""
_SPELLED = range(3, 7)
"""How many letters it has."""
_NO_NAMES = STOPWORDS | _OPENING_WORDS | MONTH_NUMBERS.keys() | WEEKDAYS.keys()


def name_key(word: str) -> str:
    """Return what a word of a name stands for, in small letters; empty for function words and marks."""
    plain = without_possessive(word.strip(_AROUND_NAME)).strip(".").lower()
    return (_aliases().get(plain, "") or base_of(plain)) if plain else ""


def names_in(text: str) -> list[str]:
    """Return the words of names in a text, as they stand, in order; a sentence's first word only if it is no other."""
    found: list[str] = []
    for before, word in pairwise([".", *tokens(joined_names(text))]):
        if not word[0].isupper() or word.lower() in STOPWORDS:
            continue
        if before in _SENTENCE_BREAKS and not _in_capitals(word) and _opens_sentence(word):
            continue
        found.append(word)
    return list(dict.fromkeys(found))


def _in_capitals(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _opens_sentence(word: str) -> bool:
    """Whether a word needs no name's reason for a capital at the head of a sentence."""
    return word.lower() in _OPENING_WORDS or is_dictionary_word(word) or bool(_NUMERAL.match(word))


def missing_names(text: str, source: Iterable[str]) -> list[str]:
    """Return the words of names in a text that stand nowhere in the source texts, under any of their names."""
    return absent(names_in(text), source)


def absent(words: Iterable[str], source: Iterable[str]) -> list[str]:
    """Return the words that stand nowhere in the source texts, under any name that they may mean."""
    parts = list(source)
    known = {key for part in parts for word in tokens(f"{part} {joined_names(part)}") for key in _keys(word)}
    letters = (word[0].lower() if word[0].isalnum() else " " for part in parts for word in (*tokens(part), "."))
    initials = "".join(letters)
    missing = [word for word in words if not known.intersection(_keys(word))]
    if not any(map(_ABBREVIATION.fullmatch, missing)):
        return missing
    spelled = {initials[at : at + size] for size in _SPELLED for at in range(len(initials) - size + 1)}
    return [word for word in missing if not (_ABBREVIATION.fullmatch(word) and _spelled(word) in spelled)]


def _spelled(word: str) -> str:
    return "".join(letter for letter in word if letter.isupper()).lower()


def joined_names(text: str) -> str:
    """Return a text in which names of two words are one: "United States" becomes "UnitedStates"."""
    return _TWO_WORDS.sub(lambda match: match[0].replace(" ", ""), text)


def is_name(word: str) -> bool:
    """Whether a word looks like one of a name by itself: a capital, and no month, weekday or opening word."""
    return word[0].isupper() and word.lower() not in _NO_NAMES


def _keys(word: str) -> set[str]:
    if not word[0].isalnum():
        return set()
    return {_JOINED.get(word, ""), name_key(word), without_possessive(word).strip(".").lower()} - {""}


@cache
def _aliases() -> dict[str, str]:
    return {name: group.split()[0] for group in _SAME_NAMES for name in group.split()}
