"""Questions about a library of news articles in, checked answers out.

    from assistant import ask

    print(ask("What was agreed?", library="mine").text)

The names below are what other programs may rely on. Each is imported when it is first used, so that `import assistant`
costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answering import Assistant, ask
    from assistant.config import Settings, load_settings
    from assistant.types import Answer, Turn

__all__ = ["Answer", "Assistant", "Settings", "Turn", "ask", "load_settings"]

if not TYPE_CHECKING:  # a type checker would take any name for one of ours
    _HOMES = {
        "Answer": "assistant.types",
        "Assistant": "assistant.answering",
        "Settings": "assistant.config",
        "Turn": "assistant.types",
        "ask": "assistant.answering",
        "load_settings": "assistant.config",
    }

    def __getattr__(name: str) -> object:
        """Import a public name from the module that has it (PEP 562)."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
