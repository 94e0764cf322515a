"""Reads one reply in a thread of its own, so that waiting for it can be stopped and has a limit."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self

from assistant.models.failures import Failure, explain, too_slow

if TYPE_CHECKING:
    from assistant.models.types import Chunk, ReplySource, Task

POLL_SECONDS = 0.1
"""How often a wait looks whether it was cancelled."""
_LEAVING_SECONDS = 0.5
"""How long to wait for the thread after cutting its connection; it ends by itself if it takes longer."""


class Reading:
    """One request and its reply. A context manager: leaving it cuts what is still being read."""

    def __init__(self, source: ReplySource, task: Task) -> None:
        self._call = source.call(task)
        self._source = source
        self._events: queue.SimpleQueue[Chunk | Failure | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, name="pullquote-model", daemon=True)
        self.answered = False
        self.prompt_tokens = 0
        self.completion_tokens = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._thread.join(_LEAVING_SECONDS)

    def cut(self) -> None:
        """End the request, from any thread."""
        self._call.cut()

    def events(self, limit: float, cancelled: Callable[[], bool]) -> Iterator[Chunk | Failure]:
        """Yield what arrives, with a failure as the last if there is one; end when done or cancelled.

        `limit` is in seconds between two signs of life, the first wait beginning when the request is ready to go.
        """
        last = None
        while not cancelled():
            left = POLL_SECONDS if last is None else last + limit - time.monotonic()
            if left <= 0:
                yield too_slow(self._source, limit)
                return
            try:
                event = self._events.get(timeout=min(left, POLL_SECONDS))
            except queue.Empty:
                continue
            last = time.monotonic()
            if event is None:
                return
            if isinstance(event, Failure):
                yield event
                return
            if event.ready:
                continue
            self.answered = True
            self.prompt_tokens = event.prompt_tokens or self.prompt_tokens
            self.completion_tokens = event.completion_tokens or self.completion_tokens
            yield event

    def _read(self) -> None:
        """Run in the thread. Failures become sentences here: the original, which may hold a key, goes no further."""
        try:
            for chunk in self._call.chunks():
                self._events.put(chunk)
        except Exception as error:
            self._events.put(explain(error, self._source))
        finally:
            self._events.put(None)
