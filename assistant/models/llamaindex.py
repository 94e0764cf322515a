"""Any LlamaIndex class as a source of replies."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.models.failures import ReplyError
from assistant.models.messages import chat_messages, counted
from assistant.models.types import Chunk, Task
from index.errors import ConfigError


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
