"""Take kept conversations out of Pullquote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from assistant.answers.exporting import Exported
from assistant.conversations.store import Conversation, KeptTurn


def exported_conversation(conversation: Conversation, turns: Sequence[KeptTurn]) -> Exported:
    """Return a conversation to export."""
    record = {
        "conversation": asdict(conversation),
        "turns": [
            {
                "number": turn.number,
                "asked": turn.asked,
                "question": turn.question,
                "answer": turn.answer.to_json(),
                "feedback": [asdict(entry) for entry in turn.feedback],
            }
            for turn in turns
        ],
    }
    return Exported(conversation.name, tuple(turn.answer for turn in turns), record)
