"""A chat model: how a reply is streamed, retried, stopped and counted, whatever gives it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from assistant.config import Settings
from assistant.models.failures import Failure
from assistant.models.stream import POLL_SECONDS, Reading
from assistant.models.types import Chunk, Message, ReplySource, Task
from index.errors import ModelError

TRIES = 3
BACKOFF_SECONDS = 0.5
"""Waited before the second try, doubled for the third; up to as much again is added at random."""
LONGEST_WAIT_SECONDS = 20.0
"""If the endpoint asks for a longer wait, the user is told instead."""

_WORD_TOKENS = 4
_PRICES_ARE_FOR = 1_000_000
_RANDOM = random.SystemRandom()


@dataclass(slots=True)
class Usage:
    """What a model has used so far; adds up over calls. Tokens as the endpoint counts them, 0 where it does not."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    """US dollars by the prices in the settings; 0 where none are set."""


class ChatModel:
    """A chat model at temperature 0 with a fixed seed. May be used by several threads at a time."""

    def __init__(self, source: ReplySource, settings: Settings) -> None:
        self._source = source
        self._timeout = settings.model_timeout
        self._prices = (settings.prompt_price, settings.completion_price)
        self._counting = threading.Lock()
        self._readings: set[Reading] = set()
        self._closed = False
        self.small = settings.model_size == "small" or (not settings.model_size and source.small)
        self.usage = Usage()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what is being read and let the model go; the embedded one stops with its last user."""
        self._closed = True
        with self._counting:
            readings = list(self._readings)
        for reading in readings:
            reading.cut()
        self._source.close()

    @property
    def name(self) -> str:
        """What answers show as the writer's model.

        Asks the endpoint when no model is named, once; raises ModelError when it does not answer.
        """
        return self._source.name()

    @property
    def known_name(self) -> str:
        """The model's name, or nothing while the endpoint would have to be asked for it."""
        return self._source.known_name

    @property
    def address(self) -> str:
        """Where the model is, for people: never with a key."""
        return self._source.address

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,
    ) -> str:
        """Return the whole reply. Raises ModelError."""
        return "".join(self.stream(messages, max_tokens=max_tokens, schema=schema))

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[str]:
        """Yield the reply as it is written; the request is made when the first piece is asked for.

        `schema` is a JSON schema that the reply must follow, where the endpoint takes it. When `cancelled` turns true,
        or the iterator is closed, reading stops within a second, without an error. What fails before the first piece is
        tried again where that may help; after it nothing is, for the reader has seen it. Raises ModelError.
        """
        for chunk in self._chunks(Task(tuple(messages), max_tokens, schema), cancelled):
            yield chunk.text

    def affirms(self, messages: Sequence[Message]) -> float:
        """Return the probability, 0 to 1, that the model answers yes and not no; 0 or 1 where only its word is known.

        Raises ModelError.
        """
        chunks = list(self._chunks(Task(tuple(messages), _WORD_TOKENS, likely_words=True)))
        shares = {"yes": 0.0, "no": 0.0}
        for word, probability in (
            next((chunk.likely_words for chunk in chunks if chunk.likely_words), None) or {}
        ).items():
            if word.strip().lower() in shares:
                shares[word.strip().lower()] += probability
        total = sum(shares.values())
        said = "".join(chunk.text for chunk in chunks).strip().lower()
        return shares["yes"] / total if total else float(said.startswith("yes"))

    def _chunks(self, task: Task, cancelled: Callable[[], bool] | None = None) -> Iterator[Chunk]:
        """Yield the pieces of a reply that hold text; what fails before the first one is tried again."""

        def stopped() -> bool:
            return self._closed or (cancelled is not None and cancelled())

        for attempt in range(1, TRIES + 1):
            failure = None
            spoken = False
            with self._reading(task) as reading:
                for event in reading.events(self._timeout, stopped):
                    if isinstance(event, Failure):
                        failure = event
                    elif event.text:
                        spoken = True
                        yield event
            if failure is None:
                return
            wait = BACKOFF_SECONDS * 2 ** (attempt - 1) * (1 + _RANDOM.random())
            if failure.wait is not None:
                wait = failure.wait
            if spoken or attempt == TRIES or not failure.worth_retrying or wait > LONGEST_WAIT_SECONDS:
                raise ModelError(failure.message, failure.cause)
            if not pause(wait, stopped):
                return

    @contextmanager
    def _reading(self, task: Task) -> Iterator[Reading]:
        """Read one reply, and count what it used, however it ends."""
        with Reading(self._source, task) as reading:
            with self._counting:
                self._readings.add(reading)
            try:
                yield reading
            finally:
                with self._counting:
                    self._readings.discard(reading)
                    self._count(reading)

    def _count(self, reading: Reading) -> None:
        prompt, completion = reading.prompt_tokens, reading.completion_tokens
        self.usage.calls += reading.answered
        self.usage.prompt_tokens += prompt
        self.usage.completion_tokens += completion
        self.usage.cost += (self._prices[0] * prompt + self._prices[1] * completion) / _PRICES_ARE_FOR


def pause(seconds: float, cancelled: Callable[[], bool]) -> bool:
    """Wait between two tries; return False as soon as it is cancelled."""
    end = time.monotonic() + seconds
    while not cancelled():
        left = end - time.monotonic()
        if left <= 0:
            return True
        time.sleep(min(left, POLL_SECONDS))
    return False
