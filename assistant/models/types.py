"""What can be asked for a reply, and what flows between it and the asker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a model."""

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    likely_words: bool = False
    """Whether to ask for the probabilities of the words that might have come first."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A sign of life: text, a count of tokens, both or neither."""

    text: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    likely_words: Mapping[str, float] | None = None
    """Probabilities, 0 to 1, of the words that might have stood in this piece's place."""
    ready: bool = False
    """Says that preparations are over and the request goes out now."""


class Call(Protocol):
    """One request. `chunks` blocks; `cut` may be called from another thread, at any time and more than once."""

    def chunks(self) -> Iterator[Chunk]:
        """Make the request and yield the reply. Raises whatever the libraries raise."""

    def cut(self) -> None:
        """End the request."""


class ReplySource(Protocol):
    """A model that can be asked: what every chat model is behind `assistant.models.chat_model.ChatModel`."""

    label: str
    """Begins the sentences about failures: "The model at http://…"."""
    address: str
    small: bool
    known_name: str
    """The model's name, empty while it is not known."""
    secrets: tuple[str, ...]
    """What must not appear in any message."""
    fixes: Mapping[str, str]
    """What helps against a cause of failure, where it differs from the usual."""

    def name(self) -> str:
        """Return the model's name."""

    def call(self, task: Task) -> Call:
        """Return a request that is yet to be made."""

    def close(self) -> None:
        """Let go of what the model holds."""
