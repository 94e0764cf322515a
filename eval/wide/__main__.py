"""Ask wide questions and score the answers: `python -m eval.wide CASES --library samples=DIR --library wikinews=DIR`.

Each case names its collection; of collections without a library the cases are left out, and counted.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from assistant.answering import Assistant
from assistant.config import load_settings
from assistant.types import Answer, Form
from eval.wide.baseline import first_passages
from eval.wide.cases import WideCase, load_wide_cases
from eval.wide.scoring import scores_of
from index.errors import PullquoteError

Scored = tuple[WideCase, Answer, dict[str, float]]
COLUMNS = (
    "form", "answered", "facts", "articles", "outlets", "first", "order", "repeats", "verbatim", "supported",
    "forbidden", "sentences", "exact",
)  # fmt: skip


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--library", "libraries", multiple=True, metavar="NAME=DIR", help="Library of a collection; repeatable.")
@click.option("--part", type=click.Choice(["open", "blind", "all"]), default="all", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write answers and scores."
)
@click.option("--given-form", is_flag=True, help="Take the form from the case instead of from the question.")
@click.option("--baseline", is_flag=True, help="Score the first eight passages of a search instead of answers.")
@click.option("--writer", type=click.Choice(["quoting", "composed"]), default="quoting", show_default=True)
def main(  # noqa: PLR0913, PLR0917 - one parameter an option
    file: Path, libraries: tuple[str, ...], part: str, out: Path | None, given_form: bool, baseline: bool, writer: str
) -> None:
    """Ask the cases of FILE, and print how well they are answered, by form."""
    folders = dict(entry.split("=", 1) for entry in libraries)
    cases = [case for case in load_wide_cases(file) if part in {"all", case.part}]
    asked = [case for case in cases if case.collection in folders]
    scored: list[Scored] = []
    for name, folder in folders.items():
        with Assistant.open(replace(load_settings({}), library=folder, writer=writer)) as assistant:
            articles = {article.id: article for article in assistant.searcher.library.articles()}
            for case in (case for case in asked if case.collection == name):
                if baseline:
                    answer = first_passages(assistant.searcher, case.question, case.form)
                else:
                    answer = assistant.ask(case.question, form=case.form if given_form else None)
                scored.append((case, answer, scores_of(case, answer, articles)))
    if out:
        _write(scored, out)
    _print(scored, left_out=len(cases) - len(asked))


def _print(scored: Sequence[Scored], left_out: int) -> None:
    console = Console(width=150)
    table = Table("cases", "n", *COLUMNS)
    for form in (*Form, None):
        own = [scores for case, _, scores in scored if form in {None, case.form}]
        if own:
            means = _means(own)
            figures = (f"{means[name]:.2f}" if name in means else "" for name in COLUMNS)
            table.add_row(form.value if form else "all", str(len(own)), *figures)
    console.print(table)
    if left_out:
        console.print(f"{left_out} cases are of collections without a library.")


def _means(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each score over the cases that it applies to."""
    values: dict[str, list[float]] = defaultdict(list)
    for each in scores:
        for name, value in each.items():
            values[name].append(value)
    return {name: sum(own) / len(own) for name, own in values.items()}


def _write(scored: Sequence[Scored], out: Path) -> None:
    rows = [
        {"id": case.id, "question": case.question, "scores": scores, "answer": answer.to_json()}
        for case, answer, scores in scored
    ]
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except PullquoteError as error:
        click.echo(f"eval.wide: {error}", err=True)
        sys.exit(error.exit_code)
