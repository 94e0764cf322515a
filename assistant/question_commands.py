"""The commands that ask the library: search, ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

import click

from assistant.options import (
    Request,
    filter_options,
    filters_from,
    global_options,
    iso,
    print_json,
    print_json_line,
)
from index.errors import UsageError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.types import Filters, Hit, Paragraph

NOT_IN_THE_ARTICLES = 1


@click.command()
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
        hits = searcher.search(question, count, filters_from(filters))
        around = {hit.passage.id: searcher.neighbours(hit, context, context) for hit in hits} if context else {}
    if request.as_json:
        print_json([_hit_json(hit, around.get(hit.passage.id, ())) for hit in hits])
    elif hits:
        request.terminal().hits(hits, around, explain=explain)
    else:
        request.terminal().line("No passage matches.")
    return 0 if hits else NOT_IN_THE_ARTICLES


@click.command()
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
            return _ask_batch(assistant, batch, filters_from(filters))
        answer = assistant.ask(question or "", filters=filters_from(filters))
    if request.as_json:
        print_json(answer.to_json())
    else:
        request.terminal().answer(answer)
    return 0 if answer.answered else NOT_IN_THE_ARTICLES


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
            print_json_line(assistant.ask(record["question"], history, filters, answer_id).to_json())
        except (UsageError, json.JSONDecodeError) as error:
            failed += 1
            print_json_line(
                {"id": record.get("id") if isinstance(record, dict) else None, "line": number, "error": str(error)}
            )
    return UsageError.exit_code if failed else 0


def _hit_json(hit: Hit, around: Sequence[Paragraph]) -> dict[str, Any]:
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
        "published": iso(hit.article.published),
        "score": hit.score,
        "dense_score": hit.dense_score,
        "dense_rank": hit.dense_rank,
        "lexical_score": hit.lexical_score,
        "lexical_rank": hit.lexical_rank,
        "copies": [f"{copy.article_id}#{copy.first}" for copy in hit.copies],
        "context": [asdict(paragraph) for paragraph in around],
    }
