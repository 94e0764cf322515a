"""Any LlamaIndex embedding class as an embedder."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from index.embedding.protocol import Vectors, unit_vectors
from index.errors import ConfigError


class LlamaIndexEmbedder:
    """Any LlamaIndex embedding class, by dotted name, made with the given options."""

    def __init__(self, dotted_name: str, options: Mapping[str, Any]) -> None:
        module_name, _, class_name = dotted_name.rpartition(".")
        try:
            self._model: Any = getattr(importlib.import_module(module_name), class_name)(**options)
        except (ImportError, AttributeError, ValueError, TypeError) as error:
            raise ConfigError(
                f"The LlamaIndex embedding {dotted_name} cannot be made: {str(error).splitlines()[0]} "
                "Check the dotted name, that its package is installed, and `embedder_options`."
            ) from error
        self.name = f"llamaindex:{dotted_name}:{getattr(self._model, 'model_name', '')}"
        self._dimension: int | None = None

    @property
    def dimension(self) -> int:
        """Width of the vectors; embeds one word to find out."""
        if self._dimension is None:
            self._dimension = int(self.embed_query("dimension").shape[0])
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed one batch through `get_text_embedding_batch`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return unit_vectors(np.asarray(self._model.get_text_embedding_batch(list(texts)), dtype=np.float32))

    def embed_query(self, text: str) -> Vectors:
        """Embed one question through `get_query_embedding`."""
        return unit_vectors(np.asarray(self._model.get_query_embedding(text), dtype=np.float32))
