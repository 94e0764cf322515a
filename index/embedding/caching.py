"""An embedder with a memory: a text that was embedded before is not embedded again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from index.embedding.batching import embed_in_batches
from index.embedding.protocol import Embedder, Vectors

MOST_BYTES = 64_000_000
"""Vectors of 40,000 texts with the default embedder."""


class CachingEmbedder:
    """Another embedder with a memory that forgets what was not asked for longest. May be used by several threads."""

    def __init__(self, embedder: Embedder, most_bytes: int = MOST_BYTES) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._passages: OrderedDict[str, Vectors] = OrderedDict()
        self._questions: OrderedDict[str, Vectors] = OrderedDict()
        self._bytes = 0

    @property
    def dimension(self) -> int:
        """Width of the vectors."""
        return self._embedder.dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text; of those that are new, equal ones are embedded once."""
        found = self._known(self._passages, texts)
        new = [text for text in dict.fromkeys(texts) if text not in found]
        for positions, vectors in embed_in_batches(self._embedder, new):
            fresh = {new[position]: vector.copy() for position, vector in zip(positions, vectors, strict=True)}
            self._remember(self._passages, fresh)
            found |= fresh
        return np.stack([found[text] for text in texts]) if texts else self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return the question's vector."""
        known = self._known(self._questions, [text])
        if text not in known:
            known = {text: self._embedder.embed_query(text)}
            self._remember(self._questions, known)
        return known[text].copy()

    def _known(self, memory: OrderedDict[str, Vectors], texts: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            found = {text: memory[text] for text in texts if text in memory}
            for text in found:
                memory.move_to_end(text)
        return found

    def _remember(self, memory: OrderedDict[str, Vectors], fresh: dict[str, Vectors]) -> None:
        with self._lock:
            for text, vector in fresh.items():
                self._bytes += 0 if text in memory else _size(text, vector)
                memory[text] = vector
            while self._bytes > self._most_bytes:
                longest = self._passages or self._questions
                self._bytes -= _size(*longest.popitem(last=False))


def _size(text: str, vector: Vectors) -> int:
    return len(text) + vector.nbytes
