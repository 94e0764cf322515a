"""Runs of words that mean something, and where a text has them; the longest that fits is taken."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SET = re.compile(r"\{(\w+)\}")
_FEW, _SOME = 10, 200
"""Below as many, something is "#few" or "#some", and "#many" from there on."""
_LONGEST_COUNT = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text in small letters, a number by how large it is, and its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrases(Generic[T]):
    """Runs of words with what each of them means."""

    meanings: Mapping[tuple[str, ...], T]
    longest: int

    @classmethod
    def of(cls, held: Iterable[tuple[str, T]], sets: Mapping[str, Sequence[str]] | None = None) -> Phrases[T]:
        """Return phrases as they are written: a name in curly brackets stands for each of a set."""
        meanings = {run: meaning for phrase, meaning in held for run in _expanded(phrase, sets or {})}
        return cls(meanings, max(map(len, meanings), default=0))

    def at(self, words: Sequence[Word], place: int) -> tuple[int, T] | None:
        """Return how many words from a place on are a phrase, the most that fit, and what it means."""
        for size in range(min(self.longest, len(words) - place), 0, -1):
            meaning = self.meanings.get(tuple(word.text for word in words[place : place + size]))
            if meaning is not None:
                return size, meaning
        return None

    def taken_out(self, text: str) -> tuple[str, list[T]]:
        """Return a text without its phrases, and what they mean, in order; without any, the text as it is."""
        words, kept, place = words_of(text), list[str](), 0
        meant: list[T] = []
        while place < len(words):
            size, meaning = self.at(words, place) or (1, None)
            if meaning is None:
                kept.append(text[words[place].start : words[place].end])
            else:
                meant.append(meaning)
            place += size
        return (" ".join(kept) if meant else text), meant

    def are_in(self, text: str) -> bool:
        """Whether a text has one of the phrases."""
        words = words_of(text)
        return any(self.at(words, place) for place in range(len(words)))


def words_of(text: str) -> list[Word]:
    """Return the words of a text."""
    return [Word(_plain(match[0]), *match.span()) for match in _WORD.finditer(text)]


def skip(words: Sequence[Word], place: int, these: Collection[str]) -> int:
    """Return the place behind words that are among these."""
    while place < len(words) and words[place].text in these:
        place += 1
    return place


def _plain(word: str) -> str:
    if word.isdecimal():
        size = int(word) if len(word) <= _LONGEST_COUNT else _SOME
        return "#few" if size < _FEW else "#some" if size < _SOME else "#many"
    return word.lower().replace("’", "'")


def _expanded(phrase: str, sets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the runs of words that a phrase stands for."""
    texts = _SET.split(phrase)  # text, name of a set, text, …
    for chosen in product(*(sets[text] if place % 2 else [text] for place, text in enumerate(texts))):
        yield tuple("".join(chosen).split())
