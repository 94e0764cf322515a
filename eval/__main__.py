"""The evaluation command: `python -m eval run`, `report`, `diff`, and more; `pullquote eval` is the same.

Exit codes: 0 done, 1 a limit is broken, 2 usage, 3 a case could not be asked, or a failure, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from eval import commands
from eval.commands import A_FILE, A_FOLDER, ANY_PATH, ARTICLES, CASES
from index.errors import PullquoteError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import Settings
    from eval.results import Run
    from eval.runner import Answerer
    from index.progress import Progress

LIMIT_BROKEN = 1
STOPPED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Ask cases with known answers, score what comes back, and compare runs."""


@cli.command()
@click.option("--cases", "cases_file", type=A_FILE, default=CASES, metavar="FILE", help="Cases. [the sample's]")
@click.option(
    "--split",
    "part",
    type=click.Choice(["dev", "release", "all"]),
    default="dev",
    show_default=True,
    help="Half of the cases: settings are tuned on dev, figures published on release.",
)
@click.option("--out", type=A_FOLDER, metavar="DIR", help="Folder of the run. [.eval/SPLIT]")
@click.option("--articles", type=ANY_PATH, default=ARTICLES, metavar="DIR", help="Articles to ask. [the sample]")
@click.option("--library", type=A_FOLDER, metavar="DIR", help="Ask this library as it is, instead of --articles.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that ask.")
@click.option(
    "--writer",
    type=click.Choice(["quoting", "composed", "citation-engine"]),
    default="quoting",
    show_default=True,
    help="Who answers: quotations, the configured chat model, or LlamaIndex's CitationQueryEngine with that model.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask N cases only, always the same.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the intervals' resampling.")
@click.option("--replace", is_flag=True, help="Drop the folder's run if made with other code, cases or articles.")
@click.option("--figures", type=A_FILE, metavar="FILE", help="Write the scores alone to this file as well.")
@click.option("--canaries", is_flag=True, help="Plant the canaries too, and count in the report who was led by them.")
def run(  # noqa: PLR0913 - one parameter an option
    *, cases_file: Path, part: Literal["dev", "release", "all"], out: Path | None, articles: Path,
    library: Path | None, workers: int, writer: str, limit: int | None, seed: int, figures: Path | None, replace: bool,
    canaries: bool,
) -> int:  # fmt: skip
    """Ask every case, print the table, write report.md and report.html into the run's folder.

    A run that was stopped goes on where it was when the command is repeated.
    """
    from dataclasses import replace as changed

    from assistant.cli.terminal.printing import ProgressBar
    from assistant.config import load_settings
    from eval.cases import load_cases
    from eval.figures import write_figures
    from eval.provenance import describe
    from eval.runner import begin_run, build_library, choose_cases, run_cases, stale_cases

    cases = choose_cases(load_cases(cases_file), part, limit)
    out = out or Path(".eval") / part
    settings = changed(
        load_settings({}), library=str(library or out / "library"), writer=writer if writer == "quoting" else "composed"
    )
    with ProgressBar() as progress:
        if library is None:
            build_library(articles, settings.library_path, settings, progress)
        for stale in stale_cases(cases, settings.library_path):
            place = f"{stale.article}#{stale.paragraph}"
            click.echo(f"Stale: case {stale.case_id}: the gold paragraph {place} is {stale.now}.", err=True)
        info = describe(cases, settings, part=part, seed=seed, writer=writer)
        begin_run(out, info, replace_other=replace)
        done = run_cases(cases, out, partial(_answerer(writer), settings), workers, progress)
        if canaries:
            done = _with_canaries(out, settings, progress)
    if figures:
        write_figures(done, figures)
    return _write_reports(done, out)


def _with_canaries(out: Path, settings: Settings, progress: Progress) -> Run:
    from contextlib import nullcontext

    from assistant.models.choosing import make_model
    from eval.canaries import run_canaries
    from eval.results import read_run
    from index.embedding.registry import make_embedder

    with make_model(settings) or nullcontext():  # an embedded model runs as long as somebody uses it
        run_canaries(out, make_embedder(settings.embedder_settings), lambda _: make_model(settings), progress)
    return read_run(out)


def _answerer(writer: str) -> Callable[[Settings], Answerer]:
    if writer == "citation-engine":
        from eval.bench.citation_engine import CitationEngine

        return CitationEngine.open
    from assistant.answering import Assistant

    return Assistant.open


@cli.command()
@click.argument("folder", type=A_FOLDER, metavar="RUN")
def report(folder: Path) -> int:
    """Print the table of a run, and write its report.md and report.html anew."""
    from eval.results import read_run

    return _write_reports(read_run(folder), folder)


@cli.command()
@click.argument("folder", type=A_FOLDER, metavar="RUN")
@click.argument("file", type=A_FILE)
def figures(folder: Path, file: Path) -> None:
    """Write the scores of a run alone to a small file, which `diff` compares with."""
    from eval.figures import write_figures
    from eval.results import read_run

    write_figures(read_run(folder), file)


@cli.command()
@click.argument("before", type=ANY_PATH, metavar="A")
@click.argument("after", type=ANY_PATH, metavar="B")
@click.option("--limits", type=A_FILE, metavar="FILE", help="Limits, TOML or JSON; leave with 1 if one is broken.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the intervals' resampling.")
def diff(before: Path, after: Path, limits: Path | None, seed: int) -> int:
    """Compare two runs, or files of figures, case by case: what B changed against A."""
    from eval.comparing.diff import compare, print_comparison
    from eval.comparing.limits import broken_limits, print_broken, read_limits
    from eval.figures import read_figures

    kept = read_limits(limits) if limits else {}
    comparison = compare(read_figures(before), read_figures(after), seed)
    print_comparison(comparison)
    broken = broken_limits(comparison, kept)
    if limits:
        print_broken(broken, len(kept))
    return LIMIT_BROKEN if broken else 0


def _write_reports(run: Run, folder: Path) -> int:
    """Write both reports, print the table, and return the exit code: 3 when a case could not be asked."""
    from eval.report.html import html_report
    from eval.report.summary import summarise
    from eval.report.text import markdown_report, print_summary

    summary = summarise(run)
    (folder / "report.md").write_text(markdown_report(summary), encoding="utf-8")
    (folder / "report.html").write_text(html_report(summary), encoding="utf-8")
    print_summary(summary)
    click.echo(f"\nReports: {folder / 'report.md'}, {folder / 'report.html'}")
    return PullquoteError.exit_code if summary.failed else 0


for command in (commands.add_case, commands.canaries, commands.import_sets, commands.judge):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code; errors are one line."""
    try:
        code = cli.main(arguments, prog_name="python -m eval", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was asked is kept; repeat the command to go on.", err=True)
        sys.exit(STOPPED)
    except PullquoteError as error:
        click.echo(f"eval: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(f"eval: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(PullquoteError.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
