"""Fakes that stand at the project's seams: they depend on the text, and record what they were asked."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class FakeEmbedder:
    """An `index.embedding.Embedder`: a hashed bag of words, the same in every process and for every batch.

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
