"""Messages as LlamaIndex takes them, and pieces of its replies as we do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.models.types import Chunk, Task

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse


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
