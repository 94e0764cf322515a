"""The command for conversations: chat."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.options import Request, filter_options, filters_from, global_options
from assistant.cli.questions import settings_with, writer_option
from index.errors import LibraryError

if TYPE_CHECKING:
    from assistant.cli.terminal.chat import Chat
    from assistant.cli.terminal.printing import Terminal
    from assistant.conversations.store import Conversations


@click.command()
@click.option("--resume", metavar="ID", help="Go on with a kept conversation; /list shows them.")
@writer_option
@filter_options
@global_options
@click.pass_obj
def chat(request: Request, /, resume: str | None, writer: str | None, **filters: Any) -> int:
    """Ask one question after another; a question may lean on those before it.

    Conversations are kept beside the library. In a pipe each line is a question, and the end of input ends the chat.
    """
    from assistant.answering import Assistant
    from assistant.cli.terminal.chat import Chat, lines_piped, lines_typed

    settings = settings_with(request, writer)
    terminal = request.terminal()
    typed = sys.stdin.isatty() and sys.stdout.isatty()
    with (
        Assistant.open(settings) as assistant,
        _store(settings.library_path, terminal, must_be_kept=bool(resume)) as store,
    ):
        talk = Chat(assistant, store, terminal, filters_from(filters), as_json=request.as_json)
        earlier = talk.resume(resume) if resume else []
        if not typed:
            _run(talk, lines_piped())
            return talk.errors
        terminal.line(_greeting(earlier))
        _run_typed(talk, lines_typed(earlier), terminal)
        if talk.conversation:
            terminal.line(f"Go on with: pullquote chat --resume {talk.conversation}")
    return 0


def _store(library: Path, terminal: Terminal, *, must_be_kept: bool) -> Conversations:
    """Open the kept conversations; where the library cannot be written to, say so and keep them for this chat only."""
    from assistant.conversations.store import Conversations

    try:
        return Conversations.open(library)
    except LibraryError as error:
        if must_be_kept:
            raise
        terminal.error(f"This conversation is not kept. {error}")
        return Conversations.in_memory()


def _greeting(earlier: list[str]) -> str:
    if not earlier:
        return "Ask a question. /help shows the commands, Ctrl-D leaves."
    return f"After {len(earlier)} question(s), the last: {earlier[-1]}"


def _run(talk: Chat, lines: Iterable[str]) -> None:
    for line in lines:
        if not talk.take(line):
            return


def _run_typed(talk: Chat, lines: Iterable[str], terminal: Terminal) -> None:
    for line in lines:
        try:
            if not talk.take(line):
                return
        except KeyboardInterrupt:
            terminal.line("Stopped.")
