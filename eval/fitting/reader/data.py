"""All that the reader learns from and is measured on meanwhile, split by passage, and shown to hold nothing judged."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.reader.header import header_of
from eval.fitting.reader.edits import claims_about
from eval.fitting.reader.examples import ANSWERS, UNLABELLED, Example
from eval.fitting.reader.near_misses import elsewhere, exchanged, without_answer
from eval.fitting.reader.public_sets import group_of, read_sets
from eval.fitting.reader.written import articles, read_written

_DATA = Path(__file__).parents[2] / "data"
_RUN = 13
"""Words in a row that a text shares with one that is judged only if it was taken from it."""
_WORD = re.compile(r"\w+")
_WRITTEN_BELOW = (0.07, 0.14)
_NEAR_MISSES_BELOW = (0.1, 0.25)
_OTHERS_BELOW = (0.01, 0.03)
"""Draws from 0 to 1 below which a group is tuned on, and below which it is tested on."""
_LONG = 40
"""Words of a passage above which claims are made from its sentences."""

SETS = Path(__file__).parent / "sets"
WRITTEN = ("written", "stories", "statements")


@dataclass(frozen=True, slots=True)
class Parts:
    """`train` is learned from; `tune` sets thresholds and says when to stop; `test` is only reported."""

    train: list[Example]
    tune: list[Example]
    test: list[Example]


def gather(sets: Sequence[Path], measured: Sequence[Path] = (), seed: int = 0, scale: float = 1.0) -> Parts:
    """Read, make and split all examples.

    `sets` are folders of public sets, `measured` folders of sets that are only reported: nothing that shares a run of
    words with these is learned from. `scale` takes a part of what is made.
    """
    parts = put_aside(sets, measured, seed)
    questions = [each for each in parts.train if each.task == ANSWERS and each.label == 1 and each.source not in _EASY]
    chance = random.Random(seed)
    made = [
        *without_answer(questions, int(14_000 * scale), seed),
        *exchanged(questions, int(12_000 * scale), seed),
        *_edited(questions, int(9_000 * scale), chance),
        *_about_articles({each.group for each in parts.train if each.source in WRITTEN}, chance),
    ]
    train = [*parts.train, *made]
    train += elsewhere([each for each in parts.train if each.header], int(80_000 * scale), seed)
    train += _beside_others(parts.train, chance)
    chance.shuffle(train)
    return Parts(train, parts.tune, parts.test)


def put_aside(sets: Sequence[Path], measured: Sequence[Path] = (), seed: int = 0) -> Parts:
    """Read all that was written and all public sets, without what shares words with what is judged, and split it."""
    forbidden = Forbidden.read(measured)
    public = [each for folder in sets for each in read_sets(folder, seed)]
    examples = [*_once(public), *read_written()]
    return split([each for each in examples if not forbidden.holds(each.passage)], seed)


_EASY = frozenset({"squad_sentences", "qamr", "qadiscourse"})
"""Sets whose passages are a sentence: nothing is left when it is taken out."""


def split(examples: Sequence[Example], seed: int) -> Parts:
    """Put groups aside by chance: a seventh of what was written, a quarter of human near misses, .03 of the rest."""
    near_misses = {each.group for each in examples if each.source == "unansq"}
    parts = Parts([], [], [])
    for each in examples:
        draw = int(hashlib.sha256(f"{seed} {each.group}".encode()).hexdigest()[:8], 16) / 16**8
        if each.source in WRITTEN:
            tune, test = _WRITTEN_BELOW
        else:
            tune, test = _NEAR_MISSES_BELOW if each.group in near_misses else _OTHERS_BELOW
        side = parts.tune if draw < tune else parts.test if draw < test else parts.train
        side.append(each)
    return parts


def _once(examples: Iterable[Example]) -> Iterator[Example]:
    seen: set[tuple[int, str, str]] = set()
    for each in examples:
        key = (each.task, each.query.lower().strip(), group_of(each.passage))
        if key not in seen:
            seen.add(key)
            yield each


def _edited(questions: Sequence[Example], most: int, chance: random.Random) -> Iterator[Example]:
    passages = {
        each.passage: each for each in questions if len(each.passage.split()) > _LONG and not each.passage.islower()
    }
    for each in chance.sample(list(passages.values()), min(most, len(passages))):
        yield from claims_about(each.passage, each.header, "encyclopaedia", each.group, chance, 1)


def _about_articles(groups: set[str], chance: random.Random) -> Iterator[Example]:
    for article in articles():
        group, header = f"article {article['n']}", header_of(article["title"], article["date"])
        if group in groups:
            for passage in article["paragraphs"]:
                yield from claims_about(passage, header, "news", group, chance, 3)


def _beside_others(train: Sequence[Example], chance: random.Random) -> Iterator[Example]:
    """Written questions and claims beside other paragraphs of their article, for a teacher to judge."""
    by_group = {f"article {article['n']}": article for article in articles()}
    for each in train:
        if each.source in ("written", "stories"):
            others = [text for text in by_group[each.group]["paragraphs"] if text != each.passage]
            for other in chance.sample(others, min(2, len(others))):
                yield replace(
                    each, passage=other, label=UNLABELLED, answer=None, wrong=None, weight=1.0, source="elsewhere"
                )


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Runs of words of all texts that answers are judged on: nothing that holds one is learned from."""

    runs: frozenset[int]

    @classmethod
    def read(cls, measured: Sequence[Path]) -> Forbidden:
        """Read the evaluation data of the project, and the sets that it is measured on."""
        runs: set[int] = set()
        for text in _judged(measured):
            runs.update(_runs(text))
        return cls(frozenset(runs))

    def holds(self, text: str) -> bool:
        """Whether a text shares a run of words with one that is judged."""
        return not self.runs.isdisjoint(_runs(text))


def _runs(text: str) -> Iterator[int]:
    words = _WORD.findall(text.lower())
    for start in range(max(1, len(words) - _RUN + 1)):
        if len(words[start : start + _RUN]) == _RUN:
            yield hash(tuple(words[start : start + _RUN]))


def judged_files(measured: Sequence[Path]) -> list[Path]:
    """Return the files whose texts are judged on: the project's evaluation data, and sets that are only reported."""
    found = [path for folder in measured for path in sorted(folder.rglob("*")) if path.suffix in (".json", ".jsonl")]
    return [*sorted(_DATA.glob("*.jsonl")), *found]


def _judged(measured: Sequence[Path]) -> Iterator[str]:
    for path in judged_files(measured):
        text = path.read_text(encoding="utf-8")
        for part in text.splitlines() if path.suffix == ".jsonl" else [text]:
            yield from _strings(json.loads(part))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
