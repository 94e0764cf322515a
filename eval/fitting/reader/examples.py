"""What the reader learns from: a query beside a passage, with what is right; and many of them as arrays."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assistant.reader.encoding import LONGEST_HEADER, LONGEST_PASSAGE, LONGEST_QUERY, tokens_of
from index.splitting.sentences import split_sentences

ANSWERS, JUDGES = 0, 1
SUPPORTED, REFUTED, UNKNOWN = 0, 1, 2
UNLABELLED = -1
"""Of a pair that only the teacher judges."""
NO_SENTENCE = 255
_SENTENCES = 63
"""Of a passage, that have a number, and a bit in `holds`."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question (`ANSWERS`: 1 answers, 0 does not) or a claim (`JUDGES`: `SUPPORTED` ...) beside a passage.

    `answer` and `wrong` are offsets of characters: of the answering words in the passage, and of the words in the claim
    that the passage does not bear out. None where nobody says which.
    """

    task: int
    query: str
    passage: str
    label: int
    weight: float = 1.0
    header: str = ""
    answer: tuple[int, int] | None = None
    wrong: tuple[tuple[int, int], ...] | None = None
    source: str = ""
    group: str = field(default="", compare=False)
    """Examples of one group (a passage, an article) stay on one side of a split."""


def window(text: str, answer: tuple[int, int] | None, chance: random.Random) -> tuple[str, tuple[int, int] | None]:
    """Return some sentences of a text that is too long to be read at once: those around the answer, or any."""
    if len(tokens_of(text).ids) <= LONGEST_PASSAGE:
        return text, answer
    sentences = split_sentences(text)
    first = last = next(
        (place for place, each in enumerate(sentences) if answer and each.end > answer[0]),
        chance.randrange(len(sentences)),
    )

    def size(one: int, other: int) -> int:
        return len(tokens_of(text[sentences[one].start : sentences[other].end]).ids)

    sides = [-1, 1]
    while sides:
        side = chance.choice(sides)
        one, other = (first - 1, last) if side < 0 else (first, last + 1)
        if one < 0 or other >= len(sentences) or size(one, other) > LONGEST_PASSAGE:
            sides.remove(side)
        else:
            first, last = one, other
    start, end = sentences[first].start, sentences[last].end
    return text[start:end], answer and (answer[0] - start, min(answer[1], end) - start)


def plain_spaces(text: str, offset: int = 0) -> tuple[str, int]:
    """Return a text without the spaces that a tokeniser left before its marks, and where `offset` has gone."""
    parts: list[str] = []
    at = moved = 0
    for match in re.finditer(r" +(?=[,.;:?!)’%]|'s\b|n't\b)|(?<=[(“]) +", text):
        parts.append(text[at : match.start()])
        moved += (match.end() - match.start()) * (match.end() <= offset)
        at = match.end()
    return "".join([*parts, text[at:]]), offset - moved


def pack(examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """Return examples as arrays: three tables of texts as token ids (values and where each text begins), and columns.

    `sentence` gives for each token of the passages the number of its sentence, `holds` for each example a bit for each
    sentence with the answer, `wrong` a bit for each token of the query that is not borne out (of those `wrong_known`).
    """
    queries, headers, passages = _Table(LONGEST_QUERY), _Table(LONGEST_HEADER), _Table(LONGEST_PASSAGE)
    columns: dict[str, list[float]] = {
        name: [] for name in "query header passage task label weight start end holds wrong wrong_known source".split()
    }
    sources = sorted({example.source for example in examples})
    for example in examples:
        start, end, holds = _answer(example)
        wrong = 0
        for left, right in example.wrong or ():
            for place in tokens_of(example.query).within(left, right):
                wrong |= (1 << place) if place < LONGEST_QUERY - 1 else 0
        for name, value in (
            ("query", queries.place(example.query)),
            ("header", headers.place(example.header)),
            ("passage", passages.place(example.passage)),
            ("task", example.task),
            ("label", example.label),
            ("weight", example.weight),
            ("start", start),
            ("end", end),
            ("holds", holds),
            ("wrong", wrong),
            ("wrong_known", example.wrong is not None),
            ("source", sources.index(example.source)),
        ):
            columns[name].append(value)
    arrays = {
        name: np.array(
            values, dtype=np.float32 if name == "weight" else np.uint64 if name in ("holds", "wrong") else np.int32
        )
        for name, values in columns.items()
    }
    for name, table in (("queries", queries), ("headers", headers), ("passages", passages)):
        arrays[name], arrays[f"{name}_at"] = table.arrays()
    arrays["sentence"] = np.concatenate([_sentence_numbers(text) for text in passages.texts])
    arrays["sources"] = np.array(sources)
    return arrays


def save(path: Path, examples: Sequence[Example]) -> None:
    """Write examples, packed, as one compressed file."""
    arrays: dict[str, Any] = {**pack(examples)}
    np.savez_compressed(path, **arrays)


class _Table:
    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.texts: dict[str, int] = {}

    def place(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        ids = [tokens_of(text).ids[: self.longest] for text in self.texts]
        at = np.cumsum([0, *map(len, ids)])
        return np.fromiter((one for each in ids for one in each), dtype=np.uint16), at.astype(np.int64)


def _answer(example: Example) -> tuple[int, int, int]:
    if example.answer is None:
        return -1, -1, 0
    tokens = tokens_of(example.passage).cut(LONGEST_PASSAGE)
    inside = tokens.within(*example.answer)
    if not inside:
        return -1, -1, 0
    numbers = _sentence_numbers(example.passage)
    holds = 0
    for number in {int(numbers[place]) for place in inside} - {NO_SENTENCE}:
        holds |= 1 << number if number < _SENTENCES else 0
    return inside[0], inside[-1], holds


def _sentence_numbers(text: str) -> np.ndarray:
    tokens = tokens_of(text).cut(LONGEST_PASSAGE)
    numbers = np.full(len(tokens.ids), NO_SENTENCE, dtype=np.uint8)
    for number, sentence in enumerate(split_sentences(text)[:_SENTENCES]):
        for place in tokens.within(sentence.start, sentence.end):
            numbers[place] = number
    return numbers


def by_group(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """Return examples by their group."""
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.group, []).append(example)
    return groups
