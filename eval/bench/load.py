"""Measure the page with twenty people at once, and write the table to docs/benchmarks.md.

    python -m eval.bench.load                 20 people, 4 questions each
    python -m eval.bench.load --people 5      fewer, and the table is only printed

The real server runs in a process of its own, on the sample collection, and quotes. Each reader has a browser's cookie
and session and a conversation of their own, and reads 1 to 3 seconds before the next question. In the worst case all
ask at the same instant, twice, of a server that has just started.
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

import numpy as np

from assistant.service.workers import processors
from eval.bench.page_server import Asked, Reader, page_server
from eval.cases import load_cases
from index.embedding.minilm import MiniLM
from index.indexing import Indexer

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "benchmarks.md"
CASES = ROOT / "eval" / "data" / "sample.jsonl"
PEOPLE = 20
QUESTIONS = 4
READING_SECONDS = (1.0, 3.0)
_OPENING_SECONDS = 10.0
"""People open the page within this time, and not with one stroke."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a round of questions gave."""

    name: str
    asked: Sequence[Asked]
    mixed: int
    """Questions of others that somebody saw in their own talk or list."""

    @property
    def errors(self) -> list[str]:
        """What went wrong."""
        return [each.error for each in self.asked if each.error]

    def row(self) -> str:
        """Return a row of the table."""
        evidence = np.percentile([each.evidence for each in self.asked], [50, 95])
        done = np.percentile([each.done for each in self.asked], [50, 95])
        return (
            f"| {self.name} | {len(self.asked)} | {len(self.errors)} | {self.mixed} | {evidence[0]:.2f} / "
            f"{evidence[1]:.2f} s | {done[0]:.2f} / {done[1]:.2f} s |"
        )


HEAD = (
    "| | questions | errors | seen by others | first evidence, p50 / p95 | whole answer, p50 / p95 |",
    "|---|---|---|---|---|---|",
)


def measure(
    library: Path, people: int, questions: int, reading: tuple[float, float] = READING_SECONDS, *, seed: int = 1
) -> list[Measured]:
    """Have people ask: first all at the same instant on a server that has just started, then as people do."""
    texts = [case.question for case in load_cases(CASES) if not case.history]
    random.Random(seed).shuffle(texts)  # noqa: S311 - no secret
    parts = [texts[person::people] for person in range(people)]
    rounds = []
    with tempfile.TemporaryDirectory() as waiting:
        for name, pauses, count in (("all at the same instant", (0.0, 0.0), 2), ("as people ask", reading, questions)):
            with page_server(library, GRADIO_TEMP_DIR=waiting) as server:
                rounds.append(_round(name, server.url, [part[:count] for part in parts], pauses))
    return rounds


def _round(name: str, url: str, parts: Sequence[Sequence[str]], pauses: tuple[float, float]) -> Measured:
    together = threading.Barrier(len(parts))

    def read(person: int) -> tuple[list[Asked], str]:
        chance = random.Random(person)  # noqa: S311
        reader = Reader(url)
        time.sleep(chance.uniform(0.0, _OPENING_SECONDS if pauses[1] else _OPENING_SECONDS / 2))
        try:
            reader.open()
            if not pauses[1]:
                together.wait(_OPENING_SECONDS * 6)
            asked = []
            for question in parts[person]:
                asked.append(reader.ask(question))
                time.sleep(chance.uniform(*pauses))
            seen = "".join(map(str, reader.send("enter", {"to": reader.conversation})))
        finally:
            reader.close()
        return asked, seen

    with ThreadPoolExecutor(len(parts)) as pool:
        results = list(pool.map(read, range(len(parts))))
    mixed = 0
    for person, (_, seen) in enumerate(results):
        own = all(escape(question) in seen for question in parts[person])
        others = sum(
            escape(question) in seen for other, part in enumerate(parts) for question in part if other != person
        )
        mixed += others + (not own)
    return Measured(name, [each for asked, _ in results for each in asked], mixed)


def _write(rows: Sequence[str], people: int) -> None:
    """Put the table between its markers; the text around it stays."""
    where = f"Measured {date.today()} on {platform.machine()}, {processors()} processors, {people} people."
    begin, end = "<!-- load: begin -->", "<!-- load: end -->"
    before, rest = TABLE.read_text("utf-8").split(begin, 1)
    table = "\n".join([where, "", *rows])
    TABLE.write_text(f"{before}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}", "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run both rounds and print the table; return 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        library = Path(name) / "library"
        with Indexer(library, MiniLM()) as indexer:
            indexer.add([ROOT / "articles"])
        rounds = measure(library, given.people, given.questions)
    rows = [*HEAD, *(each.row() for each in rounds)]
    print("\n".join(rows))
    for error in (error for each in rounds for error in each.errors):
        print(error, file=sys.stderr)
    if (given.people, given.questions) == (PEOPLE, QUESTIONS):
        _write(rows, given.people)
    return int(any(each.errors or each.mixed for each in rounds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
