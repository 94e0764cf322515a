"""The default embedder with a memory, for measurements that meet the same sentences again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embedding import MiniLM, Vectors, embed_in_batches


class CachingEmbedder:
    """The default embedder, each text embedded once: questions on one set meet the same sentences."""

    name, dimension = MiniLM.name, MiniLM.dimension

    def __init__(self) -> None:
        self._embedder = MiniLM()
        self._known: dict[str, Vectors] = {}

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for positions, vectors in embed_in_batches(self._embedder, new):
            self._known |= {new[position]: vector for position, vector in zip(positions, vectors, strict=True)}
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return the question's vector."""
        return np.asarray(self.embed_passages([text])[0], dtype=np.float32)
