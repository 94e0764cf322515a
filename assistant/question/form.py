"""What form of answer a question wants: one fact, or something wider. A small linear model reads it off the frame.

The frame of a question is what is left of it once its topic is masked: names, numbers, times, outlets, and every word
that the model does not know. `form.json` holds the model; `python -m eval.fitting.forms` writes it.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path

from assistant.types import Form

WEIGHTS = Path(__file__).with_name("form.json")
SURE_TALK = 0.85
"""Probability from which a text is taken for talk: who asks the articles must not be put off with a greeting."""
BEGINNING = 5
"""Letters by which the forms of one word are known for the same: react, reaction."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question is read before it is weighed; the same in fitting and in use."""

    words: frozenset[str]
    """The words that stay; all others are masked."""
    beginnings: frozenset[str]
    """How words that stay begin: by these their other forms are known."""
    classes: Mapping[str, str]
    """Words of like meaning by one that stands for them: critics for pundits."""
    contracted: frozenset[str]
    """Words behind which "'s" stands for "is"."""
    times: frozenset[str]
    """Months and weekdays, which one mask stands for."""
    head: int
    """Characters read from the beginning of a text."""
    tail: int
    """Characters read from the end of a longer one."""

    def frame(self, question: str, outlets: Iterable[str] = ()) -> list[str]:
        """Return a question with its topic masked: 0 for numbers, T times, N names, O outlets, X any other words."""
        return [mask for mask, _ in groupby(mask for mask, _ in self._masked(question, outlets))]

    def features(self, question: str, outlets: Iterable[str] = ()) -> set[str]:
        """Return what the model weighs: words, pairs of words, classes, how the question begins, how long it is."""
        masked = list(self._masked(question, outlets))
        frame = ["^", *(mask for mask, _ in groupby(mask for mask, _ in masked)), "$"]
        known = [word for word in frame[1:-1] if word not in _TOPICS]
        found = {*frame, *map(" ".join, pairwise(frame)), f"length {min(len(frame) - 2, 12)}"}
        found.update(" ".join(frame[:size]) for size in _OPENINGS)
        found.update(f"{one} .. {other}" for one, other in zip(["^", *known], [*known, "$"], strict=True))
        found.update(f"{word[:BEGINNING]}-" for word in known if len(word) >= BEGINNING)
        found.add(f"known {min(len(known), 8)}")
        found.update(_class_features(masked))
        found.update(self._runs(question))
        return found

    def _runs(self, question: str) -> Iterator[str]:
        """Yield the runs of up to three words of a question as they stand: frames of words that seldom occur."""
        words = ["^", *(word.lower() for word in _tokens(self._cut(question).replace("’", "'"))), "$"]
        for size in range(1, _LONGEST_RUN + 1):
            for start in range(len(words) - size + 1):
                yield f"={' '.join(words[start : start + size])}"

    def _masked(self, question: str, outlets: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each word or its mask, with the class of the word, if it has one."""
        text = unicodedata.normalize("NFC", self._cut(question)).replace("’", "'")
        tokens = _without_outlets(_tokens(text), _outlet_words(tuple(outlets)))
        is_cased = any(token in self.words for token in tokens[1:])
        previous = _BREAK
        for word in tokens:
            is_name = is_cased and previous != _BREAK and word[0].isupper() and word != "I"
            small = word.lower()
            mask = word if word in _KEPT else self._mask(small, previous.lower(), is_name)
            yield mask, "" if is_name else self.classes.get(small, "")
            previous = word

    def _cut(self, text: str) -> str:
        return text if len(text) <= self.head + self.tail else f"{text[: self.head]} {text[-self.tail :]}"

    def _mask(self, word: str, previous: str, is_name: bool) -> str:
        if any(map(str.isdigit, word)):
            return "0"
        if word == "'s" and previous in self.contracted:
            return "is"
        if word in self.words and not is_name:
            return word
        if word in self.times:
            return "T"
        if is_name:
            return "N"
        return f"{word[:BEGINNING]}-" if word[:BEGINNING] in self.beginnings else "X"


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model: one weight a feature and form."""

    reading: Reading
    forms: tuple[Form, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    doubt: float
    """The probability of FACT from which a question counts as one, whatever else is likelier."""

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Model:
        """Read a model from its file."""
        held = json.loads(path.read_text("utf-8"))
        reading = Reading(
            words=frozenset(held["words"]),
            beginnings=frozenset(held["beginnings"]),
            classes={word: name for name, words in held["classes"].items() for word in words.split()},
            contracted=frozenset(held["contracted"]),
            times=frozenset(held["times"]),
            head=held["head"],
            tail=held["tail"],
        )
        weights = {feature: tuple(each / held["scale"] for each in row) for feature, row in held["weights"].items()}
        return cls(reading, tuple(map(Form, held["forms"])), tuple(held["bias"]), weights, held["doubt"])

    def probabilities(self, question: str, outlets: Iterable[str] = ()) -> dict[Form, float]:
        """Return how likely each form is; they sum to 1."""
        features = self.reading.features(question, outlets)
        rows = [self.bias, *(self.weights[feature] for feature in features if feature in self.weights)]
        sums = [math.fsum(column) for column in zip(*rows, strict=True)]
        highest = max(sums)
        powers = [math.exp(each - highest) for each in sums]
        total = sum(powers)
        return {form: power / total for form, power in zip(self.forms, powers, strict=True)}

    def form(self, question: str, outlets: Iterable[str] = ()) -> Form:
        """Return the likeliest form, or FACT where that is not unlikely; TALK only where it is sure."""
        likely = self.probabilities(question, outlets)
        if likely[Form.TALK] < SURE_TALK:
            left = 1 - likely.pop(Form.TALK)
            likely = {form: share / left for form, share in likely.items()}
        if likely.pop(Form.FACT) >= self.doubt:
            return Form.FACT
        return max(likely, key=lambda form: likely[form])


def form_of(question: str, outlets: Iterable[str] = ()) -> Form:
    """Return the form of a question, in doubt FACT. `outlets` are those of the collection, by the names it shows."""
    return _model().form(question, outlets)


@cache
def _model() -> Model:
    return Model.load()


_BREAK = "|"
"""Stands for the end of a sentence inside a question."""
_OUTLET = "O"
_KEPT = frozenset((_BREAK, _OUTLET, "#", "<", ":"))
_TOPICS = frozenset("0TNOX")
_OPENINGS = range(3, 6)
_LONGEST_RUN = 3


def _class_features(masked: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the class of each word that has one, by itself and with the words, or masks, before and behind."""
    masks = ["^", *(mask for mask, _ in masked), "$"]
    for place, (_, name) in enumerate(masked):
        if name:
            yield from (f"~{name}", f"{masks[place]} ~{name}", f"~{name} {masks[place + 2]}")


def _tokens(text: str) -> list[str]:
    spaced = "".join(_spaced(text)).replace("'", " '").split()
    found = [word for word in spaced if word != "'"]
    while found and found[-1] == _BREAK:
        found.pop()
    return found


def _spaced(text: str) -> Iterator[str]:
    for sign, following in zip(text, f"{text} "[1:], strict=True):
        if sign.isalnum() or sign == "'":
            yield sign
        elif sign in ".?!\n" and following.isspace():
            yield f" {_BREAK} "
        elif sign in "#<:":
            yield f" {sign} "
        else:
            yield " "


@lru_cache(maxsize=64)
def _outlet_words(outlets: tuple[str, ...]) -> Mapping[str, frozenset[tuple[str, ...]]]:
    """Return how outlets may be named, as runs of words by their first.

    In full, without "The", or by the last word behind "the"; several words also in small letters.
    """
    runs: set[tuple[str, ...]] = set()
    for outlet in outlets:
        words = _tokens(outlet[:_LONGEST_OUTLET])
        bare = words[1:] if [word.lower() for word in words[:1]] == ["the"] else words
        if bare:
            runs.update((tuple(bare), ("the", *map(str.lower, bare)), ("the", bare[-1].lower())))
            runs.update((tuple(map(str.lower, bare)),) if len(bare) > 1 else ())
    return {first: frozenset(run for run in runs if run[0] == first) for first in {run[0] for run in runs}}


_LONGEST_OUTLET = 100


def _without_outlets(tokens: list[str], named: Mapping[str, Collection[tuple[str, ...]]]) -> list[str]:
    kept, place = [], 0
    while place < len(tokens):
        first = tokens[place]
        runs = {*named.get(first, ()), *named.get(first.lower(), ())}
        longest = max((len(run) for run in runs if _stands(run, tokens[place : place + len(run)])), default=0)
        kept.append(_OUTLET if longest else first)
        place += longest or 1
    return kept


def _stands(run: tuple[str, ...], tokens: list[str]) -> bool:
    return run == tuple(tokens) or (len(run) > 1 and run == tuple(map(str.lower, tokens)))
