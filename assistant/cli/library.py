"""The commands that fill and show the library: add, list, show, remove, status, rebuild."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.options import Request, filter_options, filters_from, global_options, iso
from assistant.cli.terminal.printing import print_json
from index.errors import NotFound, UsageError

if TYPE_CHECKING:
    from index.types import Article


class _NamesEndings(click.Command):
    """A command whose help names the files that are read, which are known where they are read."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        from index.reading.formats import readable_suffixes

        formatter.write_paragraph()
        formatter.write_text(f"Files that are read end in {' '.join(readable_suffixes())}")


@click.command(cls=_NamesEndings)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--columns", metavar="SPEC", help="Columns of a table, e.g. text=body,title=headline,published=date.")
@global_options
@click.pass_obj
def add(request: Request, paths: tuple[str, ...], columns: str | None) -> int:
    """Index files and folders; what has not changed since is skipped.

    Reads articles, and tables of articles. A file that cannot be read is reported and does not stop the others; files
    of other kinds in a folder are counted and named. A run that was stopped is finished by the next.
    """
    from assistant.cli.terminal.printing import ProgressBar
    from index.embedding.registry import make_embedder
    from index.indexing import Indexer
    from index.reading.readers import find_files
    from index.reading.tables import Columns

    settings = request.settings
    named = [Path(path).expanduser() for path in paths]
    find_files(named)  # so that a wrong path leaves no empty library behind
    with (
        ProgressBar() as progress,
        Indexer(settings.library_path, make_embedder(settings.embedder_settings), progress) as indexer,
    ):
        report = indexer.add(named, Columns.parse(columns) if columns else None)
    if request.as_json:
        print_json(asdict(report))
    else:
        request.terminal().added(report)
    readable = report.added or report.updated or report.unchanged or report.duplicates or report.finished
    return 0 if readable else UsageError.exit_code


@click.command("list")
@filter_options
@global_options
@click.pass_obj
def list_(request: Request, /, **filters: Any) -> None:
    """List the articles, newest first."""
    from index.library.library import Library

    with Library.open(request.settings.library_path) as library:
        articles = library.articles(filters_from(filters))
    if request.as_json:
        print_json([_article_json(article) for article in articles])
    else:
        request.terminal().articles(articles)


@click.command()
@click.argument("article", metavar="ARTICLE[#N]")
@click.option("--revision", type=int, metavar="N", help="An earlier revision, as an old citation names it.")
@global_options
@click.pass_obj
def show(request: Request, article: str, revision: int | None) -> None:
    """Show an article with numbered paragraphs, or one paragraph (reuters-ceasefire#7)."""
    from index.library.library import Library

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
        print_json({**_article_json(found), "paragraphs": [asdict(paragraph) for paragraph in paragraphs]})
    else:
        request.terminal().article(found, paragraphs)


@click.command()
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@global_options
@click.pass_obj
def remove(request: Request, articles: tuple[str, ...]) -> None:
    """Take articles out of the library. The files they were read from are left alone."""
    from index.indexing import Indexer

    with Indexer.open_existing(request.settings.library_path) as indexer:
        removed = indexer.remove(articles)
    if request.as_json:
        print_json([_article_json(article) for article in removed])
    else:
        request.terminal().line(f"Removed {', '.join(article.id for article in removed)}.")


@click.command()
@global_options
@click.pass_obj
def status(request: Request) -> None:
    """Say what the library holds, how it was made, and whether its stores agree."""
    from index.library.library import Library

    path = request.settings.library_path
    with Library.open(path) as library:
        manifest, counts, coverage = library.manifest, library.counts(), library.coverage(filters_from({}))
    dirty = manifest.stores_dirty or manifest.vectors_dirty or counts["pending"] > 0
    if request.as_json:
        print_json(
            {
                "library": str(path),
                **counts,
                "unfinished": dirty,
                "manifest": asdict(manifest),
                "coverage": asdict(coverage),
            }
        )
        return
    from assistant.answers.wording import coverage_line

    terminal = request.terminal()
    terminal.line(f"Library     {path}")
    terminal.line(
        f"Holds       {counts['articles']} article(s), {counts['paragraphs']} paragraphs, {counts['passages']} passages"
    )
    terminal.line(f"Embedder    {manifest.embedder} ({manifest.dimension} dimensions)")
    terminal.line(f"State       {'a run was cut short; repeat `pullquote add` to finish it' if dirty else 'complete'}")
    terminal.line(coverage_line(coverage))


@click.command()
@global_options
@click.pass_obj
def rebuild(request: Request) -> None:
    """Make the search indexes anew from the articles in the library, embedding anew only if the embedder changed."""
    from assistant.cli.terminal.printing import ProgressBar
    from index.embedding.registry import make_embedder
    from index.indexing import Indexer
    from index.library.library import Library

    settings = request.settings
    Library.open(settings.library_path).close()
    embedder = make_embedder(settings.embedder_settings)
    with ProgressBar() as progress, Indexer(settings.library_path, embedder, progress) as indexer:
        passages = indexer.rebuild()
    if request.as_json:
        print_json({"passages": passages})
    else:
        request.terminal().line(f"Rebuilt: {passages} passages, embedder {embedder.name}.")


def _article_json(article: Article) -> dict[str, Any]:
    values = asdict(article)
    return {**{key: value for key, value in values.items() if key != "text"}, "published": iso(article.published)}
