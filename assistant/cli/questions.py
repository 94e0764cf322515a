"""The commands that ask the library: search, ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import IO, TYPE_CHECKING, Any

import click

from assistant.cli.options import Request, filter_options, filters_from, global_options, iso
from assistant.cli.terminal.printing import print_json, print_json_line
from index.errors import UsageError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.config import Settings
    from assistant.trace import Trace
    from assistant.types import Answer
    from index.types import Filters, Hit, Paragraph

NOT_IN_THE_ARTICLES = 1


def writer_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the option that says who writes the answers."""
    option = click.option(
        "--writer",
        type=click.Choice(["auto", "quoting", "composed"]),
        help="Who writes: quoting uses no model, composed needs one, auto takes one if it is there. [PULLQUOTE_WRITER]",
    )
    return option(command)


def settings_with(request: Request, writer: str | None) -> Settings:
    """Return the settings in force, with another writer if one is given."""
    return replace(request.settings, writer=writer) if writer else request.settings


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
    from index.embedding.registry import make_embedder
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
@click.option("--trace", "traced", is_flag=True, help="Show every step with its time, scores and prompts.")
@writer_option
@filter_options
@global_options
@click.pass_obj
def ask(
    request: Request,
    /,
    question: str | None,
    batch: IO[str] | None,
    *,
    traced: bool,
    writer: str | None,
    **filters: Any,
) -> int:
    """Ask a question; each sentence of the answer names its paragraphs.

    In a terminal the quoted answer is shown at once, then what a model writes, sentence by sentence. With --batch, each
    line of FILE is {"id", "question", "history"} and each line that comes back is one answer. The trace goes to
    standard error, or with JSON into the answer's field "trace".

    Exit codes: 0 answered, also where the articles may not answer and what is nearest is shown; 1 not in the articles.
    """
    from assistant.answering import Assistant
    from assistant.trace import Trace

    if (question is None) == (batch is None):
        raise UsageError(
            'Give one question, in quotation marks, or --batch FILE. Example: pullquote ask "What was agreed?"'
        )
    with Assistant.open(settings_with(request, writer)) as assistant:
        if batch is not None:
            return _ask_batch(assistant, batch, filters_from(filters), traced=traced)
        trace = Trace(assistant.model)
        answer = _ask_once(request, assistant, question or "", filters_from(filters), trace)
    if request.as_json:
        print_json(_with_trace(answer, trace if traced else None))
    elif traced:
        from assistant.cli.terminal.trace import trace_lines

        terminal = request.terminal()
        for line in trace_lines(trace):
            terminal.error(line)
    return 0 if answer.answered or answer.form == "talk" else NOT_IN_THE_ARTICLES


def _ask_once(request: Request, assistant: Assistant, question: str, filters: Filters, trace: Trace) -> Answer:
    """Answer one question and print it for people; in a terminal as it comes."""
    if request.as_json:
        return assistant.ask(question, filters=filters, trace=trace)
    from assistant.cli.terminal.answers import AnswerPrinter

    printer = AnswerPrinter(request.terminal())
    if not sys.stdout.isatty():
        answer = assistant.ask(question, filters=filters, trace=trace)
        printer.answer(answer)
        return answer
    model = assistant.model.known_name or "the model" if assistant.model else None
    *_, answer = printer.streamed(assistant.stream(question, filters=filters, trace=trace), model)
    return answer


def _with_trace(answer: Answer, trace: Trace | None) -> dict[str, Any]:
    return answer.to_json() | ({"trace": trace.to_json()} if trace else {})


def _ask_batch(assistant: Assistant, lines: IO[str], filters: Filters, *, traced: bool) -> int:
    from assistant.question.following.follow_up import read_history
    from assistant.trace import Trace

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
            trace = Trace(assistant.model) if traced else None
            print_json_line(_with_trace(assistant.ask(record["question"], history, filters, answer_id, trace), trace))
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
