"""One question, answered and kept in a thread of its own: a reader who reloads the page, or leaves, loses nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue

from assistant.service.service import Asked, Service
from assistant.service.stopping import stoppable
from assistant.types import Answer, Event
from index.errors import LibraryError, PullquoteError

_BROKEN = "Something went wrong that should not have; the server's log says what. Please try again."


class Keeping:
    """Answers one question; `conversation` is the one that the answer is kept in, empty while there is none."""

    def __init__(self, service: Service, owner: str, conversation: str, asked: Asked, stopped: threading.Event) -> None:
        self.conversation = conversation
        self._service = service
        self._owner = owner
        self._asked = asked
        self._stopped = stopped
        self._events: SimpleQueue[Event | PullquoteError | None] = SimpleQueue()

    def begin(self) -> None:
        """Begin to answer; the answer is finished and kept even if nobody ever looks."""
        threading.Thread(target=self._run, name="keeping", daemon=True).start()

    def events(self) -> Iterator[Event]:
        """Yield what is found and written, without the last event: the answer is kept by then.

        Raises PullquoteError as answering does.
        """
        while (event := self._events.get()) is not None:
            if isinstance(event, PullquoteError):
                raise event
            yield event

    def _run(self) -> None:
        try:
            events = self._service.stream(self._asked, cancelled=self._stopped.is_set)
            for event in stoppable(events, self._stopped):
                if event.kind == "done" and isinstance(event.value, Answer):
                    self._keep(event.value)
                else:
                    self._events.put(event)
        except PullquoteError as error:
            self._events.put(error)
        except Exception:  # whatever it was, the reader must not wait for ever
            logging.getLogger(__name__).exception("answering failed")
            self._events.put(LibraryError(_BROKEN))
        finally:
            self._events.put(None)

    def _keep(self, answer: Answer) -> None:
        store = self._service.conversations(self._owner)
        self.conversation = self.conversation or store.create()
        store.append(self.conversation, replace(answer, question=self._asked.question), self._asked.filters)
