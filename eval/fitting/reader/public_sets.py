"""Public question and claim sets as examples: which are read, how many rows of each, and how much a row weighs."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.fitting.reader.examples import ANSWERS, JUDGES, REFUTED, SUPPORTED, UNKNOWN, Example, plain_spaces, window

_LABELS = {"supported": SUPPORTED, "refuted": REFUTED, "unknown": UNKNOWN}

ROWS_AND_WEIGHT: dict[str, tuple[int, float]] = {
    "squad_du_test": (20_000, 1.0),
    "squad_flan": (20_000, 1.0),
    "squad_routerlens": (20_000, 1.0),
    "squadshifts": (20_000, 1.0),
    "qed": (20_000, 1.0),
    "selqa": (20_000, 1.0),
    "unansq": (20_000, 1.5),
    "squad2_first10": (20_000, 1.5),
    "clapnq_dev": (0, 1.0),  # what answers are measured on
    "squad_sentences": (2_500, 0.5),
    "derived_squad_near_miss": (6_000, 0.3),
    "qamr": (7_000, 0.5),
    "qadiscourse": (2_500, 0.3),
    "fairytaleqa": (3_000, 0.5),
    "covidqa": (1_376, 0.7),
    "mnli_dev": (20_000, 1.0),
    "fever": (20_000, 1.0),
    "fever_symmetric": (20_000, 1.0),
    "foolmetwice": (20_000, 0.8),
    "seminli_wiki": (20_000, 1.0),
    "cad_nli": (6_000, 0.4),
    "snli_devtest": (6_000, 0.4),
    "scitail_test": (1_500, 0.4),
    "musique_directions": (0, 0.0),  # two hops over many paragraphs: no passage of ours
    "nq_directions": (20_000, 0.3),
    "repliqa": (20_000, 0.7),
    "squad2_directions": (20_000, 1.3),
    "squad2_train_unanswerable": (20_000, 1.0),
    "mnli_train10k": (20_000, 1.0),
    "vitaminc_real": (40_000, 1.0),
    "vitaminc_synthetic": (20_000, 0.6),
    "sufficient_facts": (20_000, 0.6),
    "timeqa_human": (20_000, 0.5),
    "wice": (0, 0.0),  # text from pages whose licence nobody gives
}
"""By set, from reading random rows: toy domains, templates and labels made by a rule are capped and weigh less."""
_LETTERS = re.compile(r"[^\W_]+")
_UNLISTED = (60_000, 1.0)
_SHORTEST = 20
"""Characters of a passage."""
_TITLED = 0.7
"""Share of the passages with a title that stand under it."""


def read_sets(folder: Path, seed: int = 0) -> Iterator[Example]:
    """Yield the examples of every set `NAME.jsonl.gz` of a folder."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        most, weight = ROWS_AND_WEIGHT.get(name, _UNLISTED)
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines] if most else []
        chance = random.Random(f"{seed} {name}")
        chance.shuffle(rows)
        for row in rows[:most]:
            yield from _claim(row, name, weight, chance) if "claim" in row else _question(row, name, weight, chance)


def group_of(passage: str) -> str:
    """Return what passages share that are one but for case, spaces and marks."""
    return hashlib.sha256("".join(_LETTERS.findall(passage.lower())).encode()).hexdigest()[:16]


def _question(row: dict[str, Any], name: str, weight: float, chance: random.Random) -> Iterator[Example]:
    passage, answer = row["passage"], None
    if row["answerable"] and row["answers"]:
        first = row["answers"][0]
        passage, start = plain_spaces(passage, first["start"])
        words, _ = plain_spaces(first["text"])
        if passage[start : start + len(words)] != words:
            passage, start, words = row["passage"], first["start"], first["text"]
        answer = (start, start + len(words))
    else:
        passage, _ = plain_spaces(passage)
    group = group_of(row["passage"])
    passage, answer = window(passage, answer, chance)
    if len(passage) < _SHORTEST or (row["answerable"] and not answer):
        return
    question, _ = plain_spaces(row["question"])
    header = _header(row.get("title", ""), chance)
    yield Example(ANSWERS, question, passage, int(row["answerable"]), weight, header, answer, None, name, group)


def _claim(row: dict[str, Any], name: str, weight: float, chance: random.Random) -> Iterator[Example]:
    passage, _ = window(plain_spaces(row["passage"])[0], None, chance)
    label, group = _LABELS[row["label"]], group_of(row.get("title") or row["passage"])
    claim, _ = plain_spaces(row["claim"])
    wrong = () if label == SUPPORTED else None
    header = _header(row.get("title", ""), chance)
    yield Example(JUDGES, claim, passage, label, weight, header, None, wrong, name, group)


def _header(title: str, chance: random.Random) -> str:
    """Return a title as the header, more often than not; names of sets are no titles."""
    return title if title and "_wiki" not in title and title != "wikinews" and chance.random() < _TITLED else ""
