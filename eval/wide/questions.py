"""How questions are read: their form, the time they name, typing errors. `python -m eval.wide.questions`.

The questions were written by others than the reading, and put away until it stood; since then they are seen.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from assistant.answering import Assistant
from assistant.config import load_settings
from assistant.question.form import form_of
from assistant.question.times.taken import taken
from assistant.types import Answer
from eval.wide.scoring import plain

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some questions are read rightly, and what the others are taken for."""

    right: int
    of: int
    wrong: Counter[str]

    def __str__(self) -> str:
        wrong = "; ".join(f"{what} {count}" for what, count in self.wrong.most_common(8))
        return f"{self.right} of {self.of} ({self.right / self.of:.3f}){f': {wrong}' if wrong else ''}"


def forms() -> Share:
    """Return how many questions get the form that a person gave them."""
    rows = list(_rows("forms-blind"))
    taken_for = [(row["form"], form_of(row["question"]).value) for row in rows]
    return _share([f"{asked} as {found}" if asked != found else "" for asked, found in taken_for])


def times() -> Share:
    """Return of how many questions the days are taken that a person meant; or none, where none were meant."""
    found = []
    for row in _rows("times-blind"):
        time = taken(row["question"], date.fromisoformat(row["today"]))
        days = (time.period.since, time.period.until) if time else (None, None)
        meant = tuple(date.fromisoformat(row[name]) if row[name] else None for name in ("since", "until"))
        if days == meant and (time is not None) == row["is_period"]:
            found.append("")
        elif not row["is_period"]:
            found.append("none was meant")
        else:
            found.append("other days" if time else "missed")
    return _share(found)


def typing(library: Path) -> tuple[Share, Share]:
    """Return how many facts are answered, as the questions are meant and with their typing errors."""
    rows = list(_rows("typed-blind"))
    with Assistant.open(load_settings({"library": str(library), "writer": "quoting"})) as assistant:
        shares = [
            _share(["" if _states(row, assistant.ask(row[name])) else "not answered" for row in rows])
            for name in ("question", "typed")
        ]
    return shares[0], shares[1]


@click.command()
@click.option("--library", type=click.Path(path_type=Path, file_okay=False), help="Of Wikinews, for typing errors.")
def main(library: Path | None) -> None:
    """Print how questions are read."""
    click.echo(f"form: {forms()}")
    click.echo(f"time: {times()}")
    if library:
        meant, typed = typing(library)
        click.echo(f"facts: {meant}")
        click.echo(f"facts, with typing errors: {typed}")


def _share(wrong: list[str]) -> Share:
    return Share(wrong.count(""), len(wrong), Counter(filter(None, wrong)))


def _states(row: dict[str, Any], answer: Answer) -> bool:
    said = plain(" ".join(claim.text for claim in answer.claims))
    return all(any(plain(words) in said for words in fact) for fact in row["facts"])


def _rows(name: str) -> Iterator[dict[str, Any]]:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return (json.loads(line) for line in lines if line.strip())


if __name__ == "__main__":
    main()
