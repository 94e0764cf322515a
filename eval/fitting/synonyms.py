"""Make index/splitting/synonyms.txt from the files of WordNet: `python -m eval.fitting.synonyms DICT`.

DICT holds data.verb and so on.

A line holds a word and those behind it in the alphabet that may say the same; one that begins with "!" its opposites.
A word counts in the senses that WordNet's tagged texts use, and in its only one beside a word that they use: an hour is
not a minute, though a way can be an hour or some minutes long. Words of a wider meaning are left out: an expulsion is
no suspension. Names of places and bodies are there if they have several.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

TARGET = Path(__file__).parents[2] / "index" / "synonyms.txt"
_PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_WORD = re.compile(r"[a-z]+(?:_[a-z]+){0,3}")
_SENSE_PARTS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_NAMED = ("14", "15")
"""WordNet's files of nouns for groups and for places."""
_ANTONYM, _DERIVED = "!", "+"


@dataclass(frozen=True, slots=True)
class _Meaning:
    part: str
    words: tuple[str, ...]
    is_named: bool
    """Whether these are names of a place or a body."""
    pointers: tuple[tuple[str, str, str, str], ...]
    """Sign, place of the other meaning, its part of speech, and which word points to which (two hexadecimal pairs)."""


def lines(folder: Path) -> Iterator[str]:
    """Yield the lines of the table, in order."""
    table: dict[tuple[str, str], set[str]] = {}
    for sign, one, other in _pairs(folder):
        first, second = sorted((one, other))
        if first != second:
            table.setdefault((sign, first), set()).add(second)
    for (sign, word), others in sorted(table.items()):
        yield f"{sign}{word} {' '.join(sorted(others))}"


def _pairs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield a sign, empty or that of opposites, and two words."""
    usual, used = _usual(folder)
    meanings = {(part, place): meaning for part in _PARTS for place, meaning in _meanings(folder, part)}
    for (part, place), meaning in meanings.items():
        own = _plain(meaning.words)
        known = own if meaning.is_named else [word for word in own if (word, part, place) in usual]
        yield from (("", *pair) for pair in combinations(known, 2) if meaning.is_named or used.intersection(pair))
        for sign, target, target_part, words in meaning.pointers:
            key = ("a" if target_part == "s" else target_part, target)
            other = meanings.get(key)
            if other is None or meaning.is_named or other.is_named:
                continue
            first, second = bytes.fromhex(words)
            if first and sign in (_ANTONYM, _DERIVED):
                pair = _plain((meaning.words[first - 1], other.words[second - 1]))
                if len(pair) > 1 and (sign == _ANTONYM or (used.issuperset(pair) and pair[0] in known)):
                    yield (_ANTONYM if sign == _ANTONYM else ""), pair[0], pair[1]


def _meanings(folder: Path, part: str) -> Iterator[tuple[str, _Meaning]]:
    for line in (folder / f"data.{_PARTS[part]}").read_text("latin-1").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = tuple(re.sub(r"\(\w+\)", "", word) for word in fields[4 : 4 + 2 * count : 2])
        rest = fields[4 + 2 * count :]
        pointers = tuple(tuple(rest[1 + 4 * at : 5 + 4 * at]) for at in range(int(rest[0])))
        named = part == "n" and fields[1] in _NAMED and all(word[0].isupper() for word in words)
        if named:
            words = tuple(word.lower().replace(".", "") for word in words)
        yield fields[0], _Meaning(part, words, named, pointers)  # type: ignore[arg-type]  # four fields each


def _usual(folder: Path) -> tuple[set[tuple[str, str, str]], set[str]]:
    """Return the senses that count (word, part of speech, place), and the words that the tagged texts use."""
    entries = [line.split() for line in (folder / "index.sense").read_text("ascii").splitlines()]
    words = Counter(key.partition("%")[0] for key, *_ in entries)
    senses = {
        (word, _SENSE_PARTS[rest[0]], place)
        for (word, _, rest), place, count in ((key.partition("%"), place, count) for key, place, _, count in entries)
        if count != "0" or words[word] == 1
    }
    return senses, {key.partition("%")[0] for key, _, _, count in entries if count != "0"}


def _plain(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if _WORD.fullmatch(word)]


if __name__ == "__main__":
    kept = [line for line in TARGET.read_text("ascii").splitlines() if line.startswith("#")]
    TARGET.write_text("\n".join([*kept, *lines(Path(sys.argv[1]))]) + "\n", "ascii")
