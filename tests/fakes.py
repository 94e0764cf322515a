"""Fakes that stand at the project's seams: they depend on the text, and record what they were asked."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from assistant.models.chat_model import Usage
    from assistant.models.types import Message
    from assistant.reader.reader import Calibrated
    from assistant.reader.types import AnswerReading, Judgement, Passage
    from index.errors import ModelError


class FakeEmbedder:
    """An `index.embedding.protocol.Embedder`: a hashed bag of words, the same in every process and for every batch.

    The hash takes the name in, so that the vectors of fakes with different names do not fit each other.
    `seconds_a_batch` slows it down, for runs that are to be interrupted.
    """

    def __init__(self, name: str = "fake", dimension: int = 64, seconds_a_batch: float = 0.0) -> None:
        self.name = name
        self.dimension = dimension
        self.seconds_a_batch = seconds_a_batch
        self.embedded: list[str] = []
        self.questions: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        if self.seconds_a_batch:
            time.sleep(self.seconds_a_batch)
        return np.stack([self.vector(text) for text in texts]) if texts else np.zeros((0, self.dimension), np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.questions.append(text)
        return self.vector(text)

    def vector(self, text: str) -> NDArray[np.float32]:
        """Return what a text is embedded as; asking here is not recorded."""
        counts = np.zeros(self.dimension, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()) or ["(no words)"]:
            counts[zlib.crc32(f"{self.name}:{word}".encode("utf-8", "surrogatepass")) % self.dimension] += 1
        return np.asarray(counts / np.linalg.norm(counts), dtype=np.float32)


# What needs the assistant is imported where it is used: tests of the index use this file without it.


@dataclass
class FakeReader:
    """An `assistant.reader.reader.Reader` that compares words; `asked` and `judged` hold what it was asked to read.

    A passage answers as far as it has the question's words, and so does each sentence. A claim is supported as far as
    the passage has its words. Pairs in `at_odds` contradict each other where the first words stand in one text and the
    second in the other.
    """

    at_odds: Sequence[tuple[str, str]] = ()
    asked: list[str] = field(default_factory=list)
    judged: list[tuple[str, str]] = field(default_factory=list)

    @property
    def calibrated(self) -> Calibrated:
        from assistant.reader.reader import Calibrated

        return Calibrated(
            sha256="", place=0.1, answered=(0.5, 0.5, 0.0, 0.0), answers_from=0.6, may_answer_from=0.3, stated_from=0.6,
            unclear_from=0.3, contradicted_from=0.5, same_from=0.6, apart_from=0.7, wrong_from=0.0,
        )  # fmt: skip

    def answers(self, question: str, passages: Sequence[Passage]) -> list[AnswerReading]:
        from assistant.reader.types import AnswerReading

        self.asked += [passage.text for passage in passages]
        return [
            AnswerReading(
                _overlap(question, passage.text),
                tuple(_overlap(question, passage.text[start:end]) for start, end in passage.spans),
                passage.spans,
            )
            for passage in passages
        ]

    def judges(self, pairs: Sequence[tuple[str, Passage]]) -> list[Judgement]:
        from assistant.reader.types import Judgement

        self.judged += [(claim, passage.text) for claim, passage in pairs]
        judged = []
        for claim, passage in pairs:
            texts = (claim, passage.text)
            odd = any(one in a and two in b for one, two in self.at_odds for a, b in (texts, texts[::-1]))
            share = _overlap(claim, passage.text)
            judged.append(Judgement(0.05, 0.9, 0.05) if odd else Judgement(0.95 * share, 0.0, 1 - 0.95 * share))
        return judged


def _overlap(wanted: str, text: str) -> float:
    words = set(re.findall(r"\w+", wanted.lower()))
    return len(words & set(re.findall(r"\w+", text.lower()))) / len(words) if words else 0.0


def _no_usage() -> Usage:
    from assistant.models.chat_model import Usage

    return Usage()


@dataclass
class ScriptedModel:
    """A `ChatModel` that says what it is told to; `asked` holds the messages of every request.

    `reply` makes the reply from the messages; it is streamed in pieces of a few characters. `agrees` is what it answers
    to yes-or-no questions. `broken` is raised once the reply has been given.
    """

    reply: Callable[[Sequence[Message]], str]
    small: bool = False
    name: str = "scripted"
    agrees: float = 1.0
    broken: ModelError | None = None
    usage: Usage = field(default_factory=_no_usage)
    asked: list[list[Message]] = field(default_factory=list)
    closed: bool = False

    @property
    def known_name(self) -> str:
        return self.name

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[str]:
        self.asked.append(list(messages))
        self.usage.calls += 1
        said = self.reply(messages)
        for start in range(0, len(said), 7):
            if cancelled and cancelled():
                return
            yield said[start : start + 7]
        if self.broken:
            raise self.broken

    def complete(self, messages: Sequence[Message], **options: Any) -> str:
        return "".join(self.stream(messages, **options))

    def affirms(self, messages: Sequence[Message]) -> float:
        self.asked.append(list(messages))
        self.usage.calls += 1
        return self.agrees

    def close(self) -> None:
        self.closed = True
