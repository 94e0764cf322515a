"""Words of a collection that differ from a typed one by a slip of the keyboard or two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

_SHORTEST_WORD, LONGEST_WORD, _TWO_SLIPS_FROM = 3, 40, 8
"""Letters of the words that a slip is compared with, and from which on two slips are looked for."""
_SWAPPED, _VOWELS = 2, frozenset("aeiou")


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Counts that are looked up by what they are, not by what they hold."""

    counts: Mapping[str, int]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.counts is other.counts

    def __hash__(self) -> int:
        return id(self.counts)


_Lists = Mapping[tuple[int, str, int], Sequence[str]]
"""Words by their first (0) or second (1) letter and their length: a slip is compared with these alone."""


@lru_cache(maxsize=2)
def _lists(same: _Same) -> _Lists:
    lists: dict[tuple[int, str, int], list[str]] = defaultdict(list)
    for word in same.counts:
        if _SHORTEST_WORD <= len(word) <= LONGEST_WORD:
            lists[0, word[0], len(word)].append(word)
            lists[1, word[1], len(word)].append(word)
    return dict(lists)


def nearest(word: str, counts: Mapping[str, int]) -> list[str]:
    """Return the words with the fewest slips between them and one, if these are few enough."""
    most = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    near: dict[str, int] = {}
    for candidate, slips in _near(word, most, _lists(_Same(counts))):
        near[candidate] = min(slips, near.get(candidate, slips))
    return [candidate for candidate, slips in near.items() if slips == min(near.values())]


def _near(word: str, most: int, lists: _Lists) -> Iterator[tuple[str, int]]:
    """Yield words with the number of slips, at most so many, or one where the first letter is not right."""
    yield from _within(word, 0, word[0], most, lists)
    for candidate, slips in _within(word, 0, word[1], 1, lists):
        if candidate[1] == word[0] or word[1:] == candidate:
            yield candidate, slips
    for candidate, slips in _within(word, 1, word[0], 1, lists):
        if word == candidate[1:]:
            yield candidate, slips


def _within(word: str, place: int, letter: str, most: int, lists: _Lists) -> Iterator[tuple[str, int]]:
    """Yield the words with a letter at a place, and with at most so many slips."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    for length in range(len(word) - most, len(word) + most + 1):
        words = lists.get((place, letter, length), ())
        for candidate, slips, _ in process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=None):
            yield candidate, int(slips)


def is_plain_slip(word: str, candidate: str) -> bool:
    """Whether a word is another with two neighbours swapped, or a letter doubled or not: no other word looks so."""
    if len(word) != len(candidate):
        return _undoubled(word) == _undoubled(candidate)
    exchanged = [(one, other) for one, other in zip(word, candidate, strict=True) if one != other]
    return len(exchanged) == _SWAPPED and exchanged[0] == exchanged[1][::-1]


def plain_slips(word: str) -> Iterator[str]:
    """Yield what a word may be a plain slip of."""
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    for place, letter in enumerate(word):
        yield word[:place] + letter + word[place:]
        if word[place - 1 : place] == letter:
            yield word[:place] + word[place + 1 :]


def exchanges_vowels(word: str, candidate: str) -> bool:
    """Whether two words of one length differ in a vowel: "Hanson", "Hansen"."""
    pairs = zip(word, candidate, strict=False) if len(word) == len(candidate) else ()
    return any(one != other and _VOWELS.issuperset((one, other)) for one, other in pairs)


def _undoubled(word: str) -> str:
    return "".join(letter for letter, following in zip_longest(word, word[1:]) if letter != following)
