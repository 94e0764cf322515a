"""Threads that answer questions. A library's connections belong to the thread that opened them, and so each has its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from assistant.answering import Assistant
from assistant.types import Event
from index.errors import LibraryError, PullquoteError

WORKERS = 8
"""Questions that are answered at a time; what waits for a model's reply costs nothing."""

_WAIT_SECONDS = 600
_BROKEN = "Something went wrong that should not have; the server's log says what. Please try again."

Task = Callable[[Assistant], Iterator[Event]]


class _Job:
    """A question that one thread answers and another one shows, event by event."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.events: SimpleQueue[Event | PullquoteError | None] = SimpleQueue()


class Workers:
    """A number of threads, each with an assistant that is opened for its first question."""

    def __init__(self, open_assistant: Callable[[], Assistant], count: int = WORKERS) -> None:
        self._open = open_assistant
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._run, name=f"answers-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def stream(self, task: Task) -> Iterator[Event]:
        """Yield what a task yields, as it comes. The task goes on to its end even if nobody looks any more.

        Raises PullquoteError as the task does.
        """
        job = _Job(task)
        self._jobs.put(job)
        while (event := job.events.get(timeout=_WAIT_SECONDS)) is not None:
            if isinstance(event, PullquoteError):
                raise event
            yield event

    def close(self) -> None:
        """Let the threads end after what they are doing."""
        for _ in self._threads:
            self._jobs.put(None)

    def _run(self) -> None:
        assistant: Assistant | None = None
        while (job := self._jobs.get()) is not None:
            try:
                assistant = assistant or self._open()
                for event in job.task(assistant):
                    job.events.put(event)
            except PullquoteError as error:
                job.events.put(error)
            except Exception:  # whatever it was, the thread must live on, and the reader must not wait for ever
                logging.getLogger(__name__).exception("answering failed")
                job.events.put(LibraryError(_BROKEN))
            finally:
                job.events.put(None)
        if assistant:
            assistant.searcher.close()
