"""The `pullquote` command. It reads arguments, calls the library and the assistant, and prints; nothing more.

Exit codes: 0 answered or done, 1 not in the articles, 2 usage or settings, 3 failure, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from index.errors import NotFound, PullquoteError, UsageError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.config import Settings
    from assistant.terminal import Terminal
    from index.types import Article, Filters, Hit, Paragraph

NOT_IN_THE_ARTICLES = 1
STOPPED = 130


@dataclass(slots=True)
class Request:
    """What the global options say."""

    library: str | None = None
    as_json: bool = False
    debug: bool = False

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        from assistant.config import load_settings

        return load_settings({"library": self.library})

    def terminal(self) -> Terminal:
        """Where to print for people."""
        from assistant.terminal import Terminal

        return Terminal()


def global_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the global options behind the command's name as well as before it."""

    def store(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value:
            setattr(context.ensure_object(Request), str(parameter.name), value)

    options = (
        click.option(
            "--library",
            metavar="DIR",
            callback=store,
            expose_value=False,
            help="Folder of the library. [PULLQUOTE_LIBRARY]",
        ),
        click.option(
            "--json", "as_json", is_flag=True, callback=store, expose_value=False, help="Print JSON for programs."
        ),
        click.option(
            "--debug", is_flag=True, callback=store, expose_value=False, help="Show the traceback of an error."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the options that say which articles to search."""
    options = (
        click.option(
            "--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be given again."
        ),
        click.option(
            "--from",
            "since",
            metavar="DATE",
            callback=_read_date,
            help="Only articles of this day (2025-03-18) or later.",
        ),
        click.option(
            "--to", "until", metavar="DATE", callback=_read_date, help="Only articles of this day or earlier."
        ),
        click.option(
            "--article", "articles", multiple=True, metavar="ARTICLE", help="Only this article; may be given again."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _read_date(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it like 2025-03-18.", param=parameter) from None


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='\b\nExamples:\n  pullquote add FOLDER\n  pullquote ask "What was agreed?"',
)
@click.version_option(package_name="pullquote", prog_name="pullquote")
@global_options
def cli() -> None:
    """Ask a collection of news articles; every sentence of an answer names the paragraph it came from.

    Begin with `add`, then `ask`. Exit codes: 0 answered or done, 1 not in the articles, 2 usage or settings, 3 failure.
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--columns", metavar="SPEC", help="Columns of a table, e.g. text=body,title=headline,published=date.")
@global_options
@click.pass_obj
def add(request: Request, paths: tuple[str, ...], columns: str | None) -> int:
    """Index files and folders; what has not changed since is skipped.

    Reads .txt, .md, .html, .pdf, .docx, and tables of articles: .csv, .tsv, .jsonl, .json. A file that cannot be
    read is reported and does not stop the others. A run that was stopped is finished by the next.
    """
    from assistant.terminal import ProgressBar
    from index.embedding import make_embedder
    from index.indexing import Indexer
    from index.readers import find_files
    from index.tables import Columns

    settings = request.settings
    named = [Path(path).expanduser() for path in paths]
    find_files(named)  # so that a wrong path leaves no empty library behind
    with (
        ProgressBar() as progress,
        Indexer(settings.library_path, make_embedder(settings.embedder_settings), progress) as indexer,
    ):
        report = indexer.add(named, Columns.parse(columns) if columns else None)
    if request.as_json:
        _print_json(asdict(report))
    else:
        request.terminal().added(report)
    readable = report.added or report.updated or report.unchanged or report.duplicates or report.finished
    return 0 if readable else UsageError.exit_code


@cli.command("list")
@filter_options
@global_options
@click.pass_obj
def list_(request: Request, /, **filters: Any) -> None:
    """List the articles, newest first."""
    from index.library import Library

    with Library.open(request.settings.library_path) as library:
        articles = library.articles(_filters(filters))
    if request.as_json:
        _print_json([_article_json(article) for article in articles])
    else:
        request.terminal().articles(articles)


@cli.command()
@click.argument("article", metavar="ARTICLE[#N]")
@click.option("--revision", type=int, metavar="N", help="An earlier revision, as an old citation names it.")
@global_options
@click.pass_obj
def show(request: Request, article: str, revision: int | None) -> None:
    """Show an article with numbered paragraphs, or one paragraph (reuters-ceasefire#7)."""
    from index.library import Library

    article_id, _, number = article.replace("¶", "#").partition("#")
    with Library.open(request.settings.library_path) as library:
        found = library.article(article_id, revision)
        paragraphs = library.paragraphs(found)
    if number:
        chosen = [paragraph for paragraph in paragraphs if str(paragraph.number) == number]
        if not chosen:
            raise NotFound(f"{article_id} has no paragraph {number!r}; its paragraphs are 1 to {len(paragraphs)}.")
        paragraphs = chosen
    if request.as_json:
        _print_json({**_article_json(found), "paragraphs": [asdict(paragraph) for paragraph in paragraphs]})
    else:
        request.terminal().article(found, paragraphs)


@cli.command()
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@global_options
@click.pass_obj
def remove(request: Request, articles: tuple[str, ...]) -> None:
    """Take articles out of the library. The files they were read from are left alone."""
    from index.indexing import Indexer

    with Indexer.open_existing(request.settings.library_path) as indexer:
        removed = indexer.remove(articles)
    if request.as_json:
        _print_json([_article_json(article) for article in removed])
    else:
        request.terminal().line(f"Removed {', '.join(article.id for article in removed)}.")


@cli.command()
@click.argument("question")
@click.option("-n", "--count", default=10, show_default=True, type=click.IntRange(1, 1000), help="Passages to show.")
@click.option("--context", default=0, type=click.IntRange(0, 50), metavar="N", help="Paragraphs to show around each.")
@click.option("--explain", is_flag=True, help="Show the scores that put each passage in its place.")
@filter_options
@global_options
@click.pass_obj
def search(request: Request, /, question: str, count: int, context: int, explain: bool, **filters: Any) -> int:
    """Find the paragraphs nearest to a question, best first."""
    from index.embedding import make_embedder
    from index.search import Searcher

    settings = request.settings
    with Searcher.open(settings.library_path, make_embedder(settings.embedder_settings)) as searcher:
        hits = searcher.search(question, count, _filters(filters))
        around = {hit.passage.id: searcher.neighbours(hit, context, context) for hit in hits} if context else {}
    if request.as_json:
        _print_json([_hit_json(hit, around.get(hit.passage.id, ())) for hit in hits])
    elif hits:
        request.terminal().hits(hits, around, explain=explain)
    else:
        request.terminal().line("No passage matches.")
    return 0 if hits else NOT_IN_THE_ARTICLES


@cli.command()
@click.argument("question", required=False)
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Answer a JSONL file of questions; - reads standard input.",
)
@filter_options
@global_options
@click.pass_obj
def ask(request: Request, /, question: str | None, batch: IO[str] | None, **filters: Any) -> int:
    """Ask a question; the answer quotes the articles and names the paragraphs.

    With --batch, each line of FILE is {"id", "question", "history"} and each line that comes back is one answer.
    """
    from assistant.answering import Assistant

    if (question is None) == (batch is None):
        raise UsageError(
            'Give one question, in quotation marks, or --batch FILE. Example: pullquote ask "What was agreed?"'
        )
    with Assistant.open(request.settings) as assistant:
        if batch is not None:
            return _ask_batch(assistant, batch, _filters(filters))
        answer = assistant.ask(question or "", filters=_filters(filters))
    if request.as_json:
        _print_json(answer.to_json())
    else:
        request.terminal().answer(answer)
    return 0 if answer.answered else NOT_IN_THE_ARTICLES


@cli.command()
@global_options
@click.pass_obj
def status(request: Request) -> None:
    """Say what the library holds, how it was made, and whether its stores agree."""
    from index.library import Library

    path = request.settings.library_path
    with Library.open(path) as library:
        manifest, counts, coverage = library.manifest, library.counts(), library.coverage(_filters({}))
    dirty = manifest.stores_dirty or manifest.vectors_dirty or counts["pending"] > 0
    if request.as_json:
        _print_json(
            {
                "library": str(path),
                **counts,
                "unfinished": dirty,
                "manifest": asdict(manifest),
                "coverage": asdict(coverage),
            }
        )
        return
    from assistant.terminal import coverage_line

    terminal = request.terminal()
    terminal.line(f"Library     {path}")
    terminal.line(
        f"Holds       {counts['articles']} article(s), {counts['paragraphs']} paragraphs, {counts['passages']} passages"
    )
    terminal.line(f"Embedder    {manifest.embedder} ({manifest.dimension} dimensions)")
    terminal.line(f"State       {'a run was cut short; repeat `pullquote add` to finish it' if dirty else 'complete'}")
    terminal.line(coverage_line(coverage))


@cli.command()
@global_options
@click.pass_obj
def rebuild(request: Request) -> None:
    """Make the search indexes anew from the articles in the library, embedding anew only if the embedder changed."""
    from assistant.terminal import ProgressBar
    from index.embedding import make_embedder
    from index.indexing import Indexer
    from index.library import Library

    settings = request.settings
    Library.open(settings.library_path).close()
    embedder = make_embedder(settings.embedder_settings)
    with ProgressBar() as progress, Indexer(settings.library_path, embedder, progress) as indexer:
        passages = indexer.rebuild()
    if request.as_json:
        _print_json({"passages": passages})
    else:
        request.terminal().line(f"Rebuilt: {passages} passages, embedder {embedder.name}.")


def _ask_batch(assistant: Assistant, lines: IO[str], filters: Filters) -> int:
    from assistant.conversation import read_history

    failed = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        record: Any = None
        try:
            record = json.loads(line)
            if not isinstance(record, dict) or not isinstance(record.get("question"), str):
                raise UsageError('it must be an object with a "question"')
            history = read_history(record.get("history") or [])
            answer_id = str(record["id"]) if record.get("id") is not None else None
            _print_line(assistant.ask(record["question"], history, filters, answer_id).to_json())
        except (UsageError, json.JSONDecodeError) as error:
            failed += 1
            _print_line(
                {"id": record.get("id") if isinstance(record, dict) else None, "line": number, "error": str(error)}
            )
    return UsageError.exit_code if failed else 0


def _filters(options: dict[str, Any]) -> Filters:
    from index.types import Filters

    return Filters(**options)


def _article_json(article: Article) -> dict[str, Any]:
    values = asdict(article)
    return {**{key: value for key, value in values.items() if key != "text"}, "published": _iso(article.published)}


def _hit_json(hit: Hit, around: tuple[Paragraph, ...] | list[Paragraph]) -> dict[str, Any]:
    return {
        "article": hit.article.id,
        "file": hit.article.file,
        "revision": hit.article.revision,
        "paragraph": hit.passage.first,
        "last_paragraph": hit.passage.last,
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "title": hit.article.title,
        "outlet": hit.article.outlet,
        "published": _iso(hit.article.published),
        "score": hit.score,
        "dense_score": hit.dense_score,
        "dense_rank": hit.dense_rank,
        "lexical_score": hit.lexical_score,
        "lexical_rank": hit.lexical_rank,
        "copies": [f"{copy.article_id}#{copy.first}" for copy in hit.copies],
        "context": [asdict(paragraph) for paragraph in around],
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _print_line(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=str))
    sys.stdout.flush()


@contextmanager
def _reported(request: Request) -> Iterator[None]:
    """Turn every error into one line and an exit code; a traceback is shown only with --debug."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was done is kept; repeat the command to finish.", err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except PullquoteError as error:
        if request.debug:
            raise
        click.echo(f"pullquote: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if request.debug:
            raise
        reason = " ".join(str(error).split()) or type(error).__name__
        click.echo(f"pullquote: unexpected: {reason[:300]} Repeat with --debug for the details.", err=True)
        sys.exit(PullquoteError.exit_code)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    request = Request()
    with _reported(request):
        code = cli.main(arguments, obj=request, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
