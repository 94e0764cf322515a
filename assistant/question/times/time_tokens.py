"""The words of a question, as the grammar of periods reads them: small, with their places, those in quotes apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.amounts import SMALL_NUMBERS, small_letters
from index.splitting.terms import STOPWORDS

_TOKEN = re.compile(
    r"(?<![\w/.-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{1,2}[./]\d{1,2}[./]\d\d"
    r"|\d{1,2}/\d{1,2}|\d{1,2}\.\d{1,2}\.(?!\d))(?![\w/])|\w+|[^\w\s]"
)
_QUOTES = {"“": "”", '"': '"', "«": "»", "„": "“", "‘": "’", "'": "'"}
_LONGEST_TITLE = 60
"""Characters in quotation marks that may be the title of a film or a book."""
_LONGEST_NUMBER = 3
"""Digits of a number that counts days, weeks or years."""
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_VAGUE = {"few": 3, "several": 5}
"""How many a few are: the last few days are three (the table of periods); more for "several", a rule of thumb."""
_GRAMMAR_WORDS = STOPWORDS | frozenset(
    "after before during since until till or no not so but if as through while against between according about per "
    "all every both again did was were only".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a date in digits or a mark, in small letters."""

    text: str
    start: int
    end: int
    capital: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number told in digits or words, up to the token at `end`."""

    value: int
    end: int
    vague: bool = False


_NONE = Token("", 0, 0, capital=False)


class Tokens:
    """The words of a question in order. A place beyond them, or in quotation marks, holds nothing."""

    def __init__(self, text: str) -> None:
        found = [
            Token(small_letters(match[0]), *match.span(), match[0][0].isupper()) for match in _TOKEN.finditer(text)
        ]
        inside = _inside(found, list(_quoted(text)))
        self._tokens = [_NONE if hidden else token for token, hidden in zip(found, inside, strict=True)]

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, place: int) -> Token:
        return self._tokens[place] if 0 <= place < len(self._tokens) else _NONE

    def at(self, place: int) -> str:
        """Return the word at a place."""
        return self[place].text

    def skip(self, place: int, *words: str) -> int:
        """Return the place behind these words if they stand there, one after the other; the place itself if not."""
        return place + len(words) if all(self.at(place + i) == word for i, word in enumerate(words)) else place

    def joined(self, place: int) -> bool:
        """Whether a token stands right behind the one before it, without a space."""
        return place > 0 and bool(self.at(place)) and self[place - 1].end == self[place].start

    def is_possessive(self, place: int) -> bool:
        """Whether an "’s" or "’" that ends a word stands at a place."""
        return self.at(place) in ("'", "’") and self.joined(place)

    def ends_phrase(self, place: int) -> bool:
        """Whether a phrase may end before a place: at a mark, a function word or the end, and at no noun."""
        word = self.at(place)
        if word == "-" and self.joined(place) and self.joined(place + 1):
            return self.at(place + 1).isdecimal()
        return not word[:1].isalnum() or word in _GRAMMAR_WORDS

    def number(self, place: int) -> Number | None:
        """Return the number from 1 to 999 that begins at a place, "a few" and "a couple of" included."""
        word = self.at(place)
        if word in ("a", "an"):
            inner = self.number(place + 1) if self.at(place + 1) in ("couple", *_VAGUE, "hundred") else None
            return inner or Number(1, place + 1)
        if word in _VAGUE:
            return Number(_VAGUE[word], place + 1, vague=True)
        if word == "couple":
            return Number(2, self.skip(place + 1, "of"))
        if word == "hundred":
            return Number(100, place + 1)
        if word in _TENS:
            ones = place + 1 + (self.at(place + 1) == "-")
            if 0 < SMALL_NUMBERS.get(self.at(ones), 0) < 10:  # noqa: PLR2004 - one digit
                return Number(_TENS[word] + SMALL_NUMBERS[self.at(ones)], ones + 1)
            return Number(_TENS[word], place + 1)
        if word.isdecimal() and word.isascii() and len(word) <= _LONGEST_NUMBER:
            value = int(word)
        else:
            value = SMALL_NUMBERS.get(word, 0)
        return Number(value, place + 1) if value else None


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a short part of the text stands in quotation marks."""
    place = 0
    while place < len(text):
        closing = _QUOTES.get(text[place])
        opens = closing and not (place and text[place - 1].isalnum())
        end = text.find(closing, place + 2, place + _LONGEST_TITLE) if closing and opens else -1
        if end > 0 and not text[end + 1 : end + 2].isalnum() and not (place == 0 and end == len(text) - 1):
            yield place, end + 1
            place = end
        place += 1


def _inside(tokens: list[Token], quoted: list[tuple[int, int]]) -> Iterator[bool]:
    ranges = iter(quoted)
    start, end = next(ranges, (-1, -1))
    for token in tokens:
        while start >= 0 and token.start >= end:
            start, end = next(ranges, (-1, -1))
        yield start <= token.start < end
