"""The questions that the model of forms is fitted to and measured on."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

from assistant.types import Form

WRITTEN = Path(__file__).with_name("written")
APART = "apart"
"""The stem of the file whose questions are only measured, never fitted to: written later, in other words."""
POOL = Path(__file__).parents[1] / "reader"
"""Where questions lie that have one answer each: public sets, and some written for the reader."""
MOST_POOLED = 400
"""Questions taken from each file of the pool."""
OF_EACH_FRAME = 10
"""Questions made of each frame."""
MOST_READ = 6_000
"""Questions of each file that are read for their words."""
MOST_NAMING = 5
"""Words of a pooled question up to which it may ask who or what something named is, which it then does not teach."""
MOST_RETYPED = 300
"""Characters of a question that somebody types; longer ones are made by programs."""
OUTLETS = tuple(
    "The Gazette|The Herald|The New York Times|BBC|BBC News|CNN|Reuters|Fox News|The Guardian|Washington Post|NPR|"
    "Associated Press|AP|Al Jazeera|The Times|The Post|Vox|Business Insider|Sample Wire|The Courier|Specimen Post|"
    "Der Spiegel|Le Monde|Politico|Bloomberg|The Independent|Daily Mail|USA Today|The Economist|Wall Street Journal|"
    "Demo Herald|Placeholder Times|AFP|Breitbart|BuzzFeed News|The Telegraph|The Tribune|TASS|Axios|The Hill".split("|")
)
"""Outlets that the questions name."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the form it has."""

    question: str
    form: Form

    @property
    def is_held_out(self) -> bool:
        """Whether it is one of the fifth that is measured, not fitted to."""
        return sha256(self.question.lower().rstrip("?!. ").encode()).digest()[0] % 5 == 0


def written(*, apart: bool = False) -> list[Example]:
    """Return the questions written for this: those to fit to and hold out from, or those that stand apart."""
    files = [path for path in sorted(WRITTEN.glob("*.jsonl")) if path.stem.startswith(APART) == apart]
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    found = {row["question"]: Form(row["form"]) for row in rows}
    return [Example(question, form) for question, form in found.items()]


def framed() -> list[Example]:
    """Return questions made of written frames and topics: a long topic must not hide what is wanted of it."""
    chosen = Random(1)
    topics, names, times = (_lines(name) for name in ("topics", "names", "times"))
    found = []
    for line in _lines("frames"):
        form, frame = line.split("\t")
        for _ in range(OF_EACH_FRAME):
            one, other = chosen.sample(topics, 2)
            filled = {"topic": one, "a": one, "b": other, "name": chosen.choice(names), "time": chosen.choice(times)}
            found.append(Example(frame.format(**filled), Form(form)))
    return found


def _lines(name: str) -> list[str]:
    return [line for line in (WRITTEN / f"{name}.txt").read_text("utf-8").splitlines() if line.strip()]


def pooled() -> list[Example]:
    """Return questions for one fact: some of each file of the pool, the same each time."""
    found: list[str] = []
    for path in _pool():
        found += sorted(set(_questions(path)), key=lambda question: sha256(question.encode()).digest())[:MOST_POOLED]
    return [Example(question, Form.FACT) for question in dict.fromkeys(found) if not _may_be_wide(question)]


def questions() -> Iterator[str]:
    """Yield all questions of the pool, for their words."""
    for path in _pool():
        yield from islice(_questions(path), MOST_READ)


def _pool() -> list[Path]:
    return sorted([*(POOL / "sets").glob("*.jsonl.gz"), *(POOL / "written").glob("news-*.jsonl")])


def _questions(path: Path) -> Iterator[str]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        question = row.get("question") or row.get("q")
        if question:
            yield question


def _may_be_wide(question: str) -> bool:
    """Return whether a pooled question may ask who or what somebody or something named is."""
    words = question.lower().split()
    return (
        words[0] in {"who", "what", "who's", "what's", "tell", "define"}
        and len(words) <= MOST_NAMING
        and "of" not in words
    )


def in_other_hands(question: str) -> Iterable[str]:
    """Return a question as others would type it: as it stands, without capitals, without its mark as well."""
    bare = question.lower().rstrip("?!. ")
    return dict.fromkeys((question, bare) if len(question) < MOST_RETYPED else (question,))
