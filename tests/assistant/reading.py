"""Questions as they are read where no vector and no collection matters."""

from __future__ import annotations

from assistant.question.question import Question
from tests.fakes import FakeEmbedder


def read(text: str) -> Question:
    """Read a question with made-up vectors, all words alike rare."""
    return Question.read(text, FakeEmbedder(), lambda _: 1.0)
