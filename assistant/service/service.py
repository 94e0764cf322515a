"""What the doors share: answers as they are made, in threads; the library; the kept conversations.

The page uses it too: `app.state.service` of the app that `create_app` returns.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.conversations.store import Conversations
from assistant.models.choosing import choose
from assistant.safe_text import whole_characters
from assistant.service.errors import TooSlow
from assistant.service.first_questions import first_questions
from assistant.service.options import ServerOptions
from assistant.service.workers import Workers, opener, processors
from assistant.types import Answer, Event, Turn
from index.errors import PullquoteError
from index.library.library import Library
from index.types import Filters

T = TypeVar("T")

_GRACE_SECONDS = 3.0
"""Given to a model to stop when the time is up, before the answer goes without it."""
_READERS = 2
"""Threads for what needs no answer: search, lists, articles. They are never held up by a model."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what belongs to it."""

    question: str
    history: Sequence[Turn] = ()
    filters: Filters = field(default_factory=Filters)


class Stop:
    """Says whether an answer is still wanted: the asker is there, the time is not up, the server runs."""

    def __init__(self, seconds: float, closing: threading.Event) -> None:
        self.gone = threading.Event()
        self.note = f"The model was stopped after {seconds:g} seconds; what stood by then is shown."
        """What is said of an answer that the time, and not the model, has ended."""
        self._closing = closing
        self._end = time.monotonic() + seconds

    def __call__(self) -> bool:
        """Whether to stop."""
        return self.gone.is_set() or self._closing.is_set() or self.late

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return self.left <= 0

    @property
    def left(self) -> float:
        """Seconds until the time is up."""
        return self._end - time.monotonic()


class _Answering:
    """An answer in the making, as its asker sees it: what has come, and what stands when the time is up."""

    def __init__(self, stop: Stop, future: Future[None]) -> None:
        self.over = False
        self._stop = stop
        self._future = future
        self._evidence: Answer | None = None

    def __enter__(self) -> _Answering:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.gone.set()
        self._future.cancel()

    @property
    def patience(self) -> float:
        """Seconds to wait for the next event."""
        return max(self._stop.left + _GRACE_SECONDS, 0.0)

    def came(self, event: Event | None) -> Iterator[Event]:
        """Take what came, and pass it on; None ends it. Raises what the thread raised."""
        if event is None:
            self.over = True
            self._future.result()
            return
        self._evidence = _answer_in(event) or self._evidence
        yield event

    def late(self) -> Iterator[Event]:
        """End it because the time is up: with the evidence, if it has come. Raises TooSlow."""
        self.over = True
        if self._evidence is None:
            raise TooSlow("There was no answer in time; the server is busy. Try again in a few seconds.")
        yield Event("done", self._evidence.with_note(self._stop.note))


class Service:
    """Answers, searches and reads, for any number of doors. Close it, or use it as a context manager."""

    def __init__(
        self,
        settings: Settings,
        options: ServerOptions,
        open_assistant: Callable[[Settings], Assistant] | None = None,
        *,
        private: bool = False,
    ) -> None:
        self.settings = settings
        self.options = options
        self.private = private
        """Whether clients are others than who runs the server, and are not told where things lie."""
        writes = choose(settings).kind != "quoting"
        at_once = options.answers_at_once if writes else min(options.answers_at_once, processors())
        opened = opener(settings, open_assistant)
        library = settings.library_path
        self._answers = Workers(opened, library, at_once, options.waiting)
        self._reads = Workers(opened, library, _READERS, options.waiting)
        self._store: Conversations | None = None
        self._opening = threading.Lock()
        self._first: tuple[int, Future[tuple[str, ...]]] | None = None

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is being answered, and close the library."""
        self._answers.close()
        self._reads.close()
        with self._opening:
            if self._store is not None:
                self._store.close()
                self._store = None

    # -- answers

    def stream(self, asked: Asked, cancelled: Callable[[], bool] | None = None) -> Iterator[Event]:
        """Answer from any thread, step by step: evidence, then claims, then done, as `Assistant.stream` has them.

        Closing the iterator stops the model, and so does `cancelled`. Raises Busy, TooSlow and our other errors.
        """
        events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        with self._begin(asked, events.put, cancelled) as answering:
            while not answering.over:
                try:
                    steps = answering.came(events.get(timeout=answering.patience))
                except queue.Empty:
                    steps = answering.late()
                yield from steps

    async def events(self, asked: Asked) -> AsyncGenerator[Event, None]:
        """Answer as `stream` does, for async callers; closing the iterator stops the model."""
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | None] = asyncio.Queue()

        def put(event: Event | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(events.put_nowait, event)

        with self._begin(asked, put) as answering:
            while not answering.over:
                try:
                    steps = answering.came(await asyncio.wait_for(events.get(), answering.patience))
                except TimeoutError:
                    steps = answering.late()
                for event in steps:
                    yield event

    async def answer(self, asked: Asked) -> Answer:
        """Answer at once."""
        answer: Answer | None = None
        async with contextlib.aclosing(self.events(asked)) as events:
            async for event in events:
                answer = _answer_in(event) or answer
        if answer is None:  # the server closes
            raise TooSlow("The server is closing. Ask again when it is back.")
        return answer

    def _begin(
        self, asked: Asked, put: Callable[[Event | None], None], cancelled: Callable[[], bool] | None = None
    ) -> _Answering:
        """Have a thread answer; it puts the events, and None behind the last."""
        stop = Stop(self.options.seconds, self._answers.closing)

        def stopped() -> bool:
            return stop() or (cancelled is not None and cancelled())

        def work(assistant: Assistant) -> None:
            if stopped():
                return
            question = whole_characters(asked.question)
            steps = assistant.stream(question, asked.history, asked.filters, cancelled=stopped)
            with contextlib.closing(steps):  # type: ignore[type-var]  # a generator has close
                for event in steps:
                    if stop.gone.is_set():
                        return
                    put(_with_note(event, stop))

        future = self._answers.submit(work)
        future.add_done_callback(lambda _: put(None))
        return _Answering(stop, future)

    # -- the library

    def read(self, work: Callable[[Assistant], T]) -> T:
        """Have a thread do what needs the library and no model, and wait for it. Raises Busy and our other errors."""
        return self._reads.submit(work).result(self.options.seconds)

    async def reading(self, work: Callable[[Assistant], T]) -> T:
        """Do as `read` does, for async callers."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._reads.submit(work)), self.options.seconds)
        except TimeoutError:
            raise TooSlow("The library took too long. Try again in a few seconds, with a narrower request.") from None

    def warm(self) -> None:
        """Begin to load what the first question needs, so that it does not wait for it. Without a library: nothing."""
        for workers in (self._answers, self._reads):
            workers.submit(Assistant.warm)
        self.first_questions()

    def first_questions(self) -> tuple[str, ...]:
        """Return questions to begin with, if they have been made for the library as it stands; else begin to make them.

        Never waits. Without a library, or while too much else waits, there are none.
        """
        try:
            with Library.open(self.settings.library_path) as library:
                generation = library.manifest.generation
            if self._first is None or self._first[0] != generation:
                self._first = (generation, self._reads.submit(first_questions))
        except PullquoteError:
            return ()
        made = self._first[1]
        return made.result() if made.done() and made.exception() is None else ()

    # -- conversations

    def conversations(self, owner: str) -> Conversations:
        """Return the kept conversations of one owner; nobody else's can be reached through them.

        Raises NotFound where there is no library, LibraryError where it cannot be written to.
        """
        with self._opening:
            if self._store is None:
                self._store = Conversations.open(self.settings.library_path)
            return self._store.of(owner)


def _answer_in(event: Event) -> Answer | None:
    return event.value if isinstance(event.value, Answer) else None


def _with_note(event: Event, stop: Stop) -> Event:
    """Say so where the time, and not the model, ended an answer."""
    if event.kind == "done" and stop.late and isinstance(event.value, Answer) and "compose" in event.value.timings:
        return Event("done", event.value.with_note(stop.note))
    return event
