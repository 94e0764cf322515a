"""A conversation in a terminal or a pipe: questions and answers, the commands between them, and how one is stopped."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering import Assistant
from assistant.answers.exporting import authors_in, format_of, rendered, write_whole
from assistant.cli.terminal.answers import AnswerPrinter
from assistant.cli.terminal.printing import Terminal, print_json_line
from assistant.conversations.exporting import exported_conversation
from assistant.conversations.store import Conversations
from assistant.service.stopping import stoppable
from assistant.types import Answer, Event
from index.errors import NotFound, PullquoteError, UsageError
from index.types import Filters

if TYPE_CHECKING:
    from types import FrameType

PROMPT = "> "

_HELP = """\
Ask a question, or:
  /sources          the sources of the last answer
  /open N           source N in its article, with the paragraphs around it
  /export FILE      the conversation as .md, .html, .json or .csl.json (--force replaces a file)
  /new              begin a new conversation
  /list             the conversations that are kept
  /help             this list
  /quit             leave (Ctrl-D does, too)
Ctrl-C stops an answer."""


class Chat:
    """One conversation at a time. What is asked is kept in the store, with its answer."""

    def __init__(
        self, assistant: Assistant, store: Conversations, terminal: Terminal, filters: Filters, *, as_json: bool = False
    ) -> None:
        self.errors = 0
        """The exit code of the first error, 0 while there was none."""
        self._assistant = assistant
        self._store = store
        self._terminal = terminal
        self._printer = AnswerPrinter(terminal)
        self._filters = filters
        self._as_json = as_json
        self._conversation: str | None = None
        self._last: Answer | None = None

    @property
    def conversation(self) -> str | None:
        """The id of the conversation; None before its first answer."""
        return self._conversation

    def resume(self, conversation: str) -> list[str]:
        """Go on with a kept conversation; return its questions. Raises NotFound."""
        turns = self._store.turns(conversation)
        self._conversation = conversation
        self._last = turns[-1].answer if turns else None
        return [turn.question for turn in turns]

    def take(self, line: str) -> bool:
        """Carry out one line, a question or a command; return whether the chat goes on. Errors are printed."""
        line = line.strip()
        try:
            if not line.startswith("/"):
                if line:
                    self._ask(line)
                return True
            name, _, rest = line.partition(" ")
            if name == "/quit":
                return False
            self._command(name, rest.strip())
        except PullquoteError as error:
            self.errors = self.errors or error.exit_code
            self._terminal.error(f"pullquote: {error}")
        return True

    def _command(self, name: str, rest: str) -> None:
        match name:
            case "/help":
                self._terminal.line(_HELP)
            case "/sources":
                self._printer.sources(self._answered())
            case "/open":
                self._open(rest)
            case "/export":
                self._export(rest)
            case "/new":
                self._conversation = self._last = None
                self._terminal.line("A new conversation.")
            case "/list":
                self._list()
            case _:
                raise UsageError(f"There is no command {name}. /help lists them; a question does not begin with /.")

    # -- questions

    def _ask(self, question: str) -> None:
        history = self._store.history(self._conversation) if self._conversation else ()
        with stopping() as stopped:
            events = self._assistant.stream(question, history, self._filters, cancelled=stopped.is_set)
            answer = self._shown(stoppable(events, stopped))
        if answer is None:
            self._terminal.line("Stopped.")
            return
        self._last = answer
        if self._conversation is None:
            self._conversation = self._store.create()
        self._store.append(self._conversation, answer, self._filters)

    def _shown(self, events: Iterator[Event]) -> Answer | None:
        """Print an answer, in a terminal as it comes; return it, or None when it was stopped before there was one."""
        answer: Answer | None = None
        if not self._as_json and not self._terminal.piped:
            model = self._assistant.model
            for shown in self._printer.streamed(events, (model.known_name or "the model") if model else None):
                answer = shown
            self._terminal.line("")
            return answer
        for event in events:
            if isinstance(event.value, Answer):
                answer = event.value
        if answer and self._as_json:
            print_json_line(answer.to_json())
        elif answer:
            self._printer.answer(answer)
            self._terminal.line("")
        return answer

    # -- commands

    def _answered(self) -> Answer:
        if self._last is None:
            raise UsageError("There is no answer yet. Ask a question first.")
        return self._last

    def _open(self, rest: str) -> None:
        answer = self._answered()
        source = next((entry for entry in answer.sources if str(entry.number) == rest.strip("[]")), None)
        if source is None:
            known = f"it has 1 to {len(answer.sources)}" if answer.sources else "it has none"
            raise NotFound(f"The last answer has no source {rest or 'without a number'}; {known}. Example: /open 1")
        library = self._assistant.searcher.library
        article = library.article(source.article, source.revision)
        near = [entry for entry in library.paragraphs(article) if abs(entry.number - source.paragraph) <= 1]
        spans = [(entry.start, entry.end) for entry in answer.citations if entry.number == source.number]
        self._printer.source(article, near, source.paragraph, spans)

    def _export(self, rest: str) -> None:
        try:
            words = shlex.split(rest)
        except ValueError:
            words = []
        names = [word for word in words if word != "--force"]
        if len(names) != 1:
            raise UsageError("Name one file: /export notes.md (or .html, .json, .csl.json); --force replaces it.")
        if self._conversation is None:
            raise UsageError("There is nothing to export yet. Ask a question first.")
        turns = self._store.turns(self._conversation)
        exported = exported_conversation(self._store.conversation(self._conversation), turns)
        exported = replace(exported, authors=authors_in(self._assistant.searcher.library, exported.answers))
        text = rendered(exported, format_of(names[0], None), datetime.now().astimezone().date())
        write_whole(Path(names[0]), text, force="--force" in words)
        self._terminal.line(f"Written to {names[0]}.")

    def _list(self) -> None:
        listed = self._store.conversations()
        if not listed:
            self._terminal.line("No conversation is kept yet.")
        for entry in listed:
            here = "*" if entry.id == self._conversation else " "
            asked = "1 question" if entry.turns == 1 else f"{entry.turns} questions"
            self._terminal.line(f"{here} {entry.id}  {entry.changed[:10]}  {asked}  {entry.name}")


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """While an answer is made, let Ctrl-C set the event that is yielded; the second one raises KeyboardInterrupt."""
    stopped = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def lines_typed(earlier: Sequence[str]) -> Iterator[str]:
    """Yield what is typed at a prompt, until Ctrl-D; Ctrl-C clears the line. `earlier` lines can be called up again."""
    with suppress(ImportError):  # not every Python has it; the prompt then has no history
        import readline

        for line in earlier:
            readline.add_history(line)
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return
        except KeyboardInterrupt:
            sys.stdout.write("\n")


def lines_piped() -> Iterator[str]:
    """Yield the lines of standard input; bytes that are no UTF-8 become the replacement sign."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")
