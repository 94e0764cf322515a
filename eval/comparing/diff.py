"""Compare two runs case by case: what each metric gained or lost, and which cases flipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import click
from rich import box
from rich.console import Console
from rich.table import Table

from eval.comparing.uncertainty import Interval, paired_bootstrap
from eval.figures import CaseFigures, Figures
from eval.metrics import mean
from eval.scoring import METRICS, Metric


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in both runs.

    `before` and `after` are the means of each run over all shared cases it applies to. `change` is the mean of the
    differences over the cases it applies to in both, with a 95 % interval; None where the metric is not compared case
    by case.
    """

    metric: Metric
    before: float | None
    after: float | None
    count: int
    change: Interval | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that was correct in one run and not in the other."""

    case_id: str
    question: str
    gained: bool
    outcome: str
    """What became of it: "answered → refused"."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What run B changed against run A, over the cases that both hold in the same wording."""

    before: str
    after: str
    shared: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    edited: tuple[str, ...]
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]

    def difference(self, name: str) -> Difference | None:
        """Return what became of a metric, by name; None if it applies to no case of either run."""
        return next((each for each in self.differences if each.metric.name == name), None)


def compare(before: Figures, after: Figures, seed: int) -> Comparison:
    """Compare two runs over the cases that both hold; a case that was edited in between is left out and named."""
    both = [case_id for case_id in before.cases if case_id in after.cases]
    edited = tuple(case_id for case_id in both if before.cases[case_id].case != after.cases[case_id].case)
    shared = [case_id for case_id in both if case_id not in set(edited)]
    pairs = [(before.cases[case_id], after.cases[case_id]) for case_id in shared]
    differences = (_difference(metric, pairs, seed) for metric in METRICS)
    return Comparison(
        before=before.name,
        after=after.name,
        shared=len(shared),
        only_before=tuple(case_id for case_id in before.cases if case_id not in after.cases),
        only_after=tuple(case_id for case_id in after.cases if case_id not in before.cases),
        edited=edited,
        differences=tuple(each for each in differences if each.before is not None or each.after is not None),
        flips=tuple(flip for case_id in shared if (flip := _flip(case_id, before, after))),
    )


def _difference(metric: Metric, pairs: list[tuple[CaseFigures, CaseFigures]], seed: int) -> Difference:
    first = [pair[0].scores.value(metric.name) for pair in pairs]
    second = [pair[1].scores.value(metric.name) for pair in pairs]
    count = sum(a is not None and b is not None for a, b in zip(first, second, strict=True))
    change = paired_bootstrap(first, second, seed) if metric.paired else None
    return Difference(metric, mean(first), mean(second), count, change)


def _flip(case_id: str, before: Figures, after: Figures) -> Flip | None:
    first, second = before.cases[case_id], after.cases[case_id]
    if first.scores.correct == second.scores.correct:
        return None
    return Flip(
        case_id,
        second.question or first.question,
        gained=(second.scores.correct or 0) > (first.scores.correct or 0),
        outcome=f"{_outcome(first)} → {_outcome(second)}",
    )


def _outcome(figures: CaseFigures) -> str:
    answered = figures.scores.answered
    if answered is None:
        return "could not be asked"
    if not answered:
        return "refused"
    if figures.scores.correct == 1:
        return "answered"
    return "answered in part" if figures.scores.fact_coverage else "answered wrongly"


def print_comparison(comparison: Comparison) -> None:
    """Print what changed, and the cases that flipped."""
    click.echo(f"{comparison.before} → {comparison.after}: {comparison.shared} cases in both.")
    left_out = (
        ("only in the first", comparison.only_before),
        ("only in the second", comparison.only_after),
        ("edited in between, so not compared", comparison.edited),
    )
    for what, case_ids in left_out:
        if case_ids:
            click.echo(f"{len(case_ids)} {what}: {', '.join(case_ids)}")
    print_table(
        ("metric", "before", "after", "change", "95 % interval", "cases"),
        (
            (
                each.metric.label,
                _shown(each.before),
                _shown(each.after),
                f"{each.change.mean:+.3f}" if each.change else "–",
                f"{each.change.low:+.3f} to {each.change.high:+.3f}{_sure(each)}" if each.change else "–",
                str(each.count),
            )
            for each in comparison.differences
        ),
    )
    click.echo(
        "Change: over the cases that the metric applies to in both runs. ▲ better, ▼ worse, • moved: more than chance."
    )
    for title, gained in (("Lost", False), ("Gained", True)):
        flips = [flip for flip in comparison.flips if flip.gained is gained]
        if flips:
            click.echo(f"{title}: {len(flips)}")
        for flip in flips:
            click.echo(f"  {flip.case_id}  {flip.outcome}  {flip.question}".rstrip())


def print_table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a plain table, no cell broken over lines."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _sure(difference: Difference) -> str:
    """Mark a change whose interval lies wholly on one side of nought."""
    change = difference.change
    if change is None or change.low <= 0 <= change.high:
        return "  "
    better = difference.metric.higher_is_better
    return " •" if better is None else " ▲" if (change.low > 0) is better else " ▼"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
