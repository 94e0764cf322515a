"""Fit how much speaks for quoting a sentence: `python -m eval.fitting.salience --library wikinews=DIR ...`.

Prints the weights for assistant/summarising/salience.py. A sentence counts as one to quote if it holds a fact that a
case demands; each case counts the same, however many sentences it has.
"""

from __future__ import annotations

from dataclasses import astuple, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from assistant.evidence.scope import scope_of
from assistant.question.asking import asked_of
from assistant.question.following.reshaping import FollowedUp
from assistant.reader.reader import reader
from assistant.summarising.salience import Features, features_of
from assistant.summarising.statements import Statement, on_topic, statements_in
from assistant.summarising.telling import ARTICLES_READ
from eval.wide.cases import WideCase, load_wide_cases
from eval.wide.scoring import plain
from index.embedding.minilm import MiniLM
from index.search import Searcher
from index.types import Filters

if TYPE_CHECKING:
    from numpy.typing import NDArray

CASES = Path(__file__).parents[1] / "data" / "wide.jsonl"


@click.command()
@click.option("--library", "libraries", multiple=True, required=True, metavar="NAME=DIR")
def main(libraries: tuple[str, ...]) -> None:
    """Fit the weights on the open cases of the collections that have a library here."""
    from sklearn.linear_model import LogisticRegression

    cases = [case for case in load_wide_cases(CASES) if case.part == "open" and case.facts]
    rows: list[NDArray[np.float64]] = []
    labels: list[float] = []
    weights: list[float] = []
    for name, folder in (entry.split("=", 1) for entry in libraries):
        with Searcher.open(Path(folder), MiniLM()) as searcher:
            for case in (case for case in cases if case.collection == name):
                found, statements = _read(searcher, case)
                rows += [np.array(astuple(each)) for each in found]
                labels += [_is_wanted(case, each) for each in statements]
                weights += [100 / len(found)] * len(found)
    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    model.fit(np.vstack(rows), np.array(labels), sample_weight=np.array(weights))
    named = zip((field.name for field in fields(Features)), model.coef_[0], strict=True)
    click.echo(", ".join(f"{name}={weight:.2f}" for name, weight in named))


def _read(searcher: Searcher, case: WideCase) -> tuple[list[Features], list[Statement]]:
    library = searcher.library
    asked = asked_of(
        FollowedUp(case.question), Filters(), outlets=library.outlets(), rarity=searcher.rarity, today=date.today(),
        newest=library.newest(), form=case.form,
    )  # fmt: skip
    scope = scope_of(searcher, asked.topic, asked.filters)
    statements = on_topic(scope, statements_in(library, scope, scope.articles[:ARTICLES_READ]))
    return features_of(library, asked.text, scope, statements, reader()), statements


def _is_wanted(case: WideCase, statement: Statement) -> float:
    named = {statement.article.id, statement.article.title}
    heard = not case.articles or bool(named.intersection(case.articles))
    said = plain(statement.text)
    return float(heard and any(plain(words) in said for fact in case.facts for words in fact))


if __name__ == "__main__":
    main()
