"""The commands for answers that were stored: verify, export."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from assistant.cli.options import Request, global_options
from assistant.cli.terminal.printing import print_json, print_json_line
from index.errors import NotFound, UsageError

if TYPE_CHECKING:
    from assistant.answers.exporting import Exported
    from assistant.answers.from_json import NoAnswer
    from assistant.answers.verifying import Report
    from assistant.config import Settings
    from assistant.gate.checking import Gate
    from assistant.types import Answer

DOES_NOT_HOLD = 1


class _ExportFormatName(click.ParamType[str]):
    """One of the export formats, which are imported when they are asked for."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's
        from assistant.answers.exporting import EXPORT_FORMATS

        return f"[{'|'.join(EXPORT_FORMATS)}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from assistant.answers.exporting import export_format

        try:
            export_format(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)
        return value


@click.command()
@click.argument("answers", type=click.File("rb"), metavar="ANSWER.json")
@global_options
@click.pass_obj
def verify(request: Request, answers: IO[bytes]) -> int:
    """Re-check stored answers against the library of today; no model is asked.

    ANSWER.json is what `ask --json`, `ask --batch` or `export` wrote; - reads standard input. For each sentence it says
    whether it is supported still, its source has changed or its source is gone.

    Exit codes: 0 all hold, 1 something does not, 2 not an answer file.
    """
    from assistant.answers.from_json import NoAnswer
    from assistant.answers.verifying import Verifier
    from assistant.cli.terminal.verified import report_lines
    from index.library.library import Library

    found = _read(answers)
    settings = request.settings
    terminal = request.terminal()
    reports: list[Report] = []
    broken: list[NoAnswer] = []
    with ExitStack() as opened:
        library = opened.enter_context(Library.open(settings.library_path))
        verifier = Verifier(library, lambda: _gate(settings, opened))
        for entry in found:
            if isinstance(entry, NoAnswer):
                broken.append(entry)
                terminal.error(f"pullquote: line {entry.line}: {entry.reason}")
                continue
            reports.append(verifier.verify(entry))
            if request.as_json:
                (print_json if len(found) == 1 else print_json_line)(reports[-1].to_json())
            else:
                for line in report_lines(reports[-1]):
                    terminal.line(line)
    if broken:
        return UsageError.exit_code
    return 0 if all(report.holds for report in reports) else DOES_NOT_HOLD


@click.command()
@click.argument("answers", type=click.File("rb"), metavar="[ANSWER.json]", required=False)
@click.option("--conversation", metavar="ID", help="Export a kept conversation; /list in `pullquote chat` shows them.")
@click.option("--to", "target", metavar="FILE", required=True, help="File to write; - is standard output.")
@click.option("--format", "kind", type=_ExportFormatName(), help="Instead of the file's suffix.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@global_options
@click.pass_obj
def export(
    request: Request, answers: IO[bytes] | None, *, conversation: str | None, target: str, kind: str | None, force: bool
) -> None:
    """Write stored answers to read (.md, .html), for programs (.json) or for citation managers (.csl.json).

    The format is that of FILE's suffix. Quotes link to their place in the original.
    """
    from assistant.answers.exporting import format_of, rendered, write_whole

    if (answers is None) == (conversation is None):
        raise UsageError(
            "Give an answer file, or --conversation ID. Example: pullquote export answer.json --to notes.md"
        )
    kind = format_of(target, kind)
    settings = request.settings
    exported = _conversation(settings, conversation) if conversation else _answers(settings, answers)
    text = rendered(exported, kind, datetime.now().astimezone().date())
    if target == "-":
        click.echo(text, nl=False)
        return
    write_whole(Path(target), text, force=force)
    if request.as_json:
        print_json({"written": target, "format": kind, "answers": len(exported.answers)})
    else:
        request.terminal().line(f"Written to {target}.")


def _read(answers: IO[bytes]) -> Sequence[Answer | NoAnswer]:
    """Return what an answer file holds. Raises UsageError when that is no answer."""
    from assistant.answers.from_json import answers_in

    name = "Standard input" if answers.name in {"<stdin>", "-"} else str(answers.name)
    try:
        text = answers.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} holds no answer: it is not text in UTF-8.") from None
    except IsADirectoryError:
        raise UsageError(f"{name} is a folder. Name the answer file in it.") from None
    return list(answers_in(text, name))


def _gate(settings: Settings, opened: ExitStack) -> Gate:
    from assistant.gate.checking import Gate
    from index.embedding.registry import make_embedder
    from index.search import Searcher

    searcher = opened.enter_context(Searcher.open(settings.library_path, make_embedder(settings.embedder_settings)))
    return Gate(searcher.library.outlets())


def _answers(settings: Settings, answers: IO[bytes] | None) -> Exported:
    from assistant.answers.exporting import authors_in, exported_answers
    from assistant.answers.from_json import NoAnswer
    from index.library.library import Library

    found = _read(answers) if answers else ()
    broken = [entry for entry in found if isinstance(entry, NoAnswer)]
    if broken:
        raise UsageError(f"Line {broken[0].line} holds no answer: {broken[0].reason} Take it out, or repeat the batch.")
    exported = exported_answers([entry for entry in found if not isinstance(entry, NoAnswer)])
    with suppress(NotFound), Library.open(settings.library_path) as library:  # only for the authors
        return replace(exported, authors=authors_in(library, exported.answers))
    return exported


def _conversation(settings: Settings, conversation: str) -> Exported:
    from assistant.answers.exporting import authors_in
    from assistant.conversations.exporting import exported_conversation
    from assistant.conversations.store import Conversations
    from index.library.library import Library

    with Library.open(settings.library_path) as library, Conversations.open(settings.library_path) as store:
        exported = exported_conversation(store.conversation(conversation), store.turns(conversation))
        return replace(exported, authors=authors_in(library, exported.answers))
