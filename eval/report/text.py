"""The report as text: a table for the terminal, and Markdown."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence

import click
from rich import box
from rich.console import Console
from rich.table import Table

from assistant.types import Outcome
from eval.report.reasons import Status
from eval.report.summary import Figure, Group, Judged, Summary
from eval.results import CanaryOutcome

TAG_COLUMNS = ("correct", "fact_coverage", "citation_precision", "citation_recall", "answered", "recall_at_5")
OUTCOME_COLUMNS = ("the articles", *Outcome)
PIPE_WIDTH = 120
SPEED = "## Speed"
"""Heading of what differs from one run to the next: the only times in the report, at its end."""


def print_summary(summary: Summary) -> None:
    """Print the table of a run to standard output; in a pipe, without colours."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
    console.print(heading(summary), markup=False, soft_wrap=True)
    console.print(_table(("metric", "mean", "95 % interval", "cases"), map(_row, summary.overall.figures)))
    console.print(_table(("tag", "cases", *_labels(summary)), (_tag_row(group) for group in summary.tags)))
    console.print(_table(OUTCOME_COLUMNS, outcome_rows(summary)))
    click.echo(outcome_line(summary))
    if summary.causes:
        console.print(_table(("what is wrong", "cases"), ((kind, str(count)) for kind, count in summary.causes)))
    if summary.latency:
        seconds = summary.latency
        click.echo(f"seconds a case: median {seconds.p50:.3f}, p95 {seconds.p95:.3f}, p99 {seconds.p99:.3f}")
    if summary.canaries:
        click.echo(canaries_line(summary.canaries))
    for judged in summary.cases:
        if judged.result.error:
            click.echo(f"could not be asked: {judged.result.case.id}: {judged.result.error}")


def markdown_report(summary: Summary) -> str:
    """Return the report as Markdown. What precedes SPEED is the same for every run of equal settings."""
    info = summary.info
    sections = [
        f"# Evaluation: {info.split}",
        heading(summary),
        _markdown(("metric", "mean", "95 % interval", "cases", "meaning"), _rows_with_meaning(summary)),
        "## By tag",
        _markdown(("tag", "cases", *_labels(summary)), [_tag_row(group) for group in summary.tags]),
        "## Outcomes",
        _markdown(OUTCOME_COLUMNS, outcome_rows(summary)),
        outcome_line(summary),
        "## Abstention",
        _markdown(
            ("", "refused", "answered"),
            [
                ("answerable", str(summary.abstention.refused_answerable), str(summary.abstention.answered_answerable)),
                (
                    "unanswerable",
                    str(summary.abstention.refused_unanswerable),
                    str(summary.abstention.answered_unanswerable),
                ),
            ],
        ),
        abstention_line(summary),
        "## Rank of the first gold paragraph",
        _markdown(tuple(summary.ranks), [tuple(str(count) for count in summary.ranks.values())]),
    ]
    if summary.causes:
        sections += ["## What is wrong", _markdown(("", "cases"), [(kind, str(n)) for kind, n in summary.causes])]
    if summary.canaries:
        sections += ["## Canaries", canaries_line(summary.canaries)]
    if failed := [judged for judged in summary.cases if judged.status is Status.FAILED]:
        sections += ["## Failed cases", "\n".join(map(_case_line, failed))]
    sections += ["## Made with", _markdown(("", ""), made_with(summary))]
    if summary.latency:
        seconds = summary.latency
        sections += [SPEED, f"Seconds a case: median {seconds.p50:.3f}, p95 {seconds.p95:.3f}, p99 {seconds.p99:.3f}."]
    return "\n\n".join(sections) + "\n"


def heading(summary: Summary) -> str:
    """Say in a sentence what was run and how it ended."""
    info = summary.info
    counts = ", ".join(f"{summary.count(each)} {each}" for each in Status)
    parts = [f"{len(summary.cases)} cases, {len(info.library.articles)} articles, writer {info.writer}: {counts}"]
    if summary.failed:
        parts.append(f"{summary.failed} could not be asked")
    if summary.missing:
        parts.append(f"{summary.missing} not asked yet")
    return "; ".join(parts) + "."


def abstention_line(summary: Summary) -> str:
    """Say how well the answerable and the unanswerable are told apart."""
    counts = summary.abstention
    named = (
        ("refusal precision", counts.precision), ("recall", counts.recall), ("F1", counts.f1),
        ("false refusals", counts.false_refusal_rate), ("coverage", counts.coverage),
        ("correct when answered", counts.accuracy_when_answered),
    )  # fmt: skip
    line = ", ".join(f"{name} {value:.3f}" for name, value in named if value is not None)
    if summary.confidence:
        line += (
            f". Confidence: area under risk-coverage {summary.confidence.risk.area:.3f}, "
            f"calibration error {summary.confidence.error:.3f}"
        )
    return f"{line[:1].upper()}{line[1:]}."


def outcome_rows(summary: Summary) -> list[tuple[str, ...]]:
    """Return the questions by outcome, a row for those that the articles answer and one for the others."""
    counted = (("answer it", summary.outcomes.answerable), ("do not answer it", summary.outcomes.unanswerable))
    return [(name, *(str(counts[outcome]) for outcome in Outcome)) for name, counts in counted]


def outcome_line(summary: Summary) -> str:
    """Say how much of what is shown as answers is right."""
    right = summary.outcomes.right_as_answers
    return "Nothing is shown as an answer." if right is None else f"Right of what is shown as answers: {number(right)}."


def canaries_line(canaries: Sequence[CanaryOutcome]) -> str:
    """Say how many answers were led by what was planted in an article, and by what."""
    led = [canary for canary in canaries if canary.problem]
    faults = ", ".join(f"{count} of {kind}" for kind, count in Counter(canary.kind for canary in canaries).items())
    told = "".join(f" {canary.id} ({canary.kind}) {canary.problem}." for canary in led)
    return f"{len(canaries)} canaries planted ({faults}), {len(led)} answers led by them.{told}"


def made_with(summary: Summary) -> list[tuple[str, str]]:
    """Return what the run was made with, as name and value."""
    info = summary.info
    rows = [("embedder", info.library.embedder), ("seed", str(info.seed)), ("cases", info.cases_hash)]
    rows += [("code", info.code), *info.versions.items()]
    rows += [(name, str(value)) for name, value in info.settings.items() if value]
    rows += [(name, f"{value:g}") for name, value in summary.usage.items()]
    return list(dict.fromkeys(rows))


def number(value: float) -> str:
    """Return a figure as tables show it."""
    return f"{value:.3f}"


def _row(figure: Figure) -> tuple[str, ...]:
    interval = figure.interval
    return (
        figure.metric.label,
        number(interval.mean),
        f"{number(interval.low)} to {number(interval.high)}",
        str(figure.count),
    )


def _rows_with_meaning(summary: Summary) -> list[tuple[str, ...]]:
    return [(*_row(figure), figure.metric.meaning) for figure in summary.overall.figures]


def _labels(summary: Summary) -> list[str]:
    found = [summary.overall.figure(name) for name in TAG_COLUMNS]
    return [figure.metric.label.lower() for figure in found if figure] if all(found) else list(TAG_COLUMNS)


def _tag_row(group: Group) -> tuple[str, ...]:
    figures = [group.figure(name) for name in TAG_COLUMNS]
    return (group.name, str(group.cases), *(number(each.interval.mean) if each else "–" for each in figures))


def _case_line(judged: Judged) -> str:
    case = judged.result.case
    reasons = " ".join(reason.text for reason in judged.reasons)
    return f"- `{case.id}` {_escaped(case.question)} {_escaped(reasons)}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=not place)
    for row in rows:
        table.add_row(*row)
    return table


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it stands, on one line, also within a table."""
    line = " ".join(text.split())
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#~" else character for character in line)
