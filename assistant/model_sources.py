"""What can be asked for a reply, and what flows between it and the asker; and any LlamaIndex class as such a source."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from assistant.model_failures import ReplyError
from index.errors import ConfigError

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse


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
    grammar: str | None = None
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


class Source(Protocol):
    """A model that can be asked."""

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


def chat_messages(task: Task) -> list[ChatMessage]:
    """Return the messages as LlamaIndex has them; half characters, which no request can hold, become question marks."""
    from llama_index.core.base.llms.types import ChatMessage

    return [
        ChatMessage(role=message.role, content=message.content.encode("utf-8", "replace").decode())
        for message in task.messages
    ]


def counted(response: ChatResponse) -> Chunk:
    """Return a piece of a LlamaIndex reply with the tokens that it says were used."""
    counts = response.additional_kwargs
    return Chunk(response.delta or "", int(counts.get("prompt_tokens") or 0), int(counts.get("completion_tokens") or 0))


class LlamaIndexModel:
    """Any LlamaIndex LLM class, by dotted name, made with the given options.

    Which arguments of a call a class takes differs, so limits, schemas and seeds are not passed on: they belong into
    the options. A call cannot be cut from outside; what still arrives after a stop is dropped.
    """

    small = False
    secrets: tuple[str, ...]
    fixes: Mapping[str, str]

    def __init__(self, dotted_name: str, options: Mapping[str, Any]) -> None:
        module_name, _, class_name = dotted_name.rpartition(".")
        try:
            made = getattr(importlib.import_module(module_name), class_name)
            fields = getattr(made, "model_fields", {})
            fixed = {"temperature": 0.0} if "temperature" in fields else {}
            self._model: Any = made(**{**fixed, **options})
            name = str(self._model.metadata.model_name)
        except (ImportError, AttributeError, ValueError, TypeError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise ConfigError(
                f"The LlamaIndex model {dotted_name} cannot be made: {reason} "
                "Check the dotted name, that its package is installed, and `model_options`."
            ) from None
        self.label = f"The model {dotted_name}"
        self.address = dotted_name
        self.known_name = name if name not in {"", "unknown", "None"} else class_name
        self.secrets = tuple(value for name, value in options.items() if isinstance(value, str) and "key" in name)
        self.fixes = {
            "key": "Set a valid one in `model_options`.",
            "unreachable": "Check the network and the addresses in `model_options`.",
            "garbage": "Check `model_options`.",
        }

    def name(self) -> str:
        """Return the name that the class gives its model."""
        return self.known_name

    def call(self, task: Task) -> _LlamaIndexCall:
        """Return a request that is yet to be made."""
        return _LlamaIndexCall(self._model, task)

    def close(self) -> None:
        """Do nothing: LlamaIndex's models have no end."""


class _LlamaIndexCall:
    def __init__(self, model: Any, task: Task) -> None:
        self._model = model
        self._task = task
        self._is_cut = threading.Event()

    def chunks(self) -> Iterator[Chunk]:
        messages = chat_messages(self._task)
        yield Chunk(ready=True)
        spoken = False
        for response in self._model.stream_chat(messages):
            if self._is_cut.is_set():
                return
            chunk = counted(response)
            spoken = spoken or bool(chunk.text)
            yield chunk
        if not spoken:
            raise ReplyError("empty", "")

    def cut(self) -> None:
        self._is_cut.set()
