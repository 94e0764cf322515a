"""Threads that answer, each with an Assistant of its own.

SQLite's connections belong to the thread that opened them, so work goes to the threads instead of assistants to the
work. What is large is shared: one embedder for all, and the vectors that it has made. A thread is started when all
others are busy.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.models.choosing import make_model
from assistant.research.types import Budget
from assistant.service.errors import Busy, Unavailable, log
from index.embedding.caching import CachingEmbedder
from index.embedding.protocol import Embedder, Vectors
from index.embedding.registry import make_embedder
from index.errors import ConfigError, LibraryError, PullquoteError
from index.library.database import DATABASE
from index.search import Searcher

T = TypeVar("T")

_LEAVING_SECONDS = 5.0
"""How long closing waits for a thread; one that a model holds up ends with the process."""


class Workers:
    """A pool of threads for work that needs an Assistant."""

    def __init__(self, open_assistant: Callable[[], Assistant], library: Path, count: int, waiting: int) -> None:
        self.closing = threading.Event()
        """Set when the pool closes: what can be stopped, stops."""
        self._open = open_assistant
        self._library = library
        self._count = count
        self._most = count + waiting
        self._jobs: queue.SimpleQueue[tuple[Callable[[Assistant], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._taken = 0
        self._threads: list[threading.Thread] = []

    def submit(self, work: Callable[[Assistant], T]) -> Future[T]:
        """Have a thread do this. Raises Busy when too much waits already, or the server closes."""
        future: Future[T] = Future()
        with self._lock:
            if self._taken >= self._most or self.closing.is_set():
                raise Busy("Too many requests are waiting. Try again in a few seconds.")
            self._taken += 1
            self._jobs.put((work, future))
            if len(self._threads) < min(self._taken, self._count):
                thread = threading.Thread(target=self._work, name=f"pullquote-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def close(self) -> None:
        """End the threads and close their libraries."""
        with self._lock:
            self.closing.set()
            threads = list(self._threads)
        for _ in threads:
            self._jobs.put(None)
        for thread in threads:
            thread.join(_LEAVING_SECONDS)

    def _work(self) -> None:
        """Do one job after another, with the library as it is on disk at the time."""
        with contextlib.closing(_Opened(self._open, self._library)) as opened:
            while (job := self._jobs.get()) is not None:
                self._do(opened, *job)
                del job

    def _do(self, opened: _Opened, work: Callable[[Assistant], T], future: Future[T]) -> None:
        try:
            if future.set_running_or_notify_cancel():
                try:
                    result = work(opened.assistant())
                except BaseException as error:
                    if isinstance(error, LibraryError | ConfigError):
                        opened.close()
                    self._free()
                    future.set_exception(error)
                else:
                    self._free()
                    future.set_result(result)
            else:
                self._free()
        finally:
            del work, future

    def _free(self) -> None:
        with self._lock:
            self._taken -= 1


class _Opened:
    """The assistant of one thread; opened anew when another library stands in its place."""

    def __init__(self, open_assistant: Callable[[], Assistant], library: Path) -> None:
        self._open = open_assistant
        self._database = library / DATABASE
        self._assistant: Assistant | None = None
        self._file: tuple[int, int] | None = None

    def assistant(self) -> Assistant:
        """Return the assistant. Raises Unavailable when the library cannot be opened."""
        file = self._identity()
        if self._assistant is not None and file != self._file:
            self.close()
        if self._assistant is None:
            try:
                self._assistant = self._open()
            except PullquoteError as error:
                raise Unavailable(str(error)) from error
            self._file = file
        return self._assistant

    def close(self) -> None:
        """Close the library, if it is open."""
        assistant, self._assistant = self._assistant, None
        if assistant is not None:
            try:
                assistant.close()
            except PullquoteError:
                log.exception("the library did not close")

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._database.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


class _TakingTurns:
    """An embedder that one thread uses at a time."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        with self._lock:
            return self._embedder.dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        with self._lock:
            return self._embedder.embed_query(text)


def opener(settings: Settings, open_assistant: Callable[[Settings], Assistant] | None) -> Callable[[], Assistant]:
    """Return what opens an assistant in each thread. Unless it is given, one embedder serves them all.

    onnxruntime, tokenizers and the openai client may be used by several threads; of other embedders nothing is known,
    and their calls take turns. Raises ConfigError when there is no such embedder.
    """
    if open_assistant is not None:
        return lambda: open_assistant(settings)
    embedder = make_embedder(settings.embedder_settings)
    if settings.embedder.partition(":")[0] not in {"minilm", "openai"}:
        embedder = _TakingTurns(embedder)
    embedder = CachingEmbedder(embedder)

    def opened() -> Assistant:
        model = make_model(settings)
        return Assistant(Searcher.open(settings.library_path, embedder), model, settings.policy, Budget.of(settings))

    return opened


def processors() -> int:
    """Return how many processors we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
