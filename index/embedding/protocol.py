"""What an embedder is: text to unit vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import text_hash

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Text to vectors. All vectors are float32 of unit length and `dimension` wide."""

    name: str
    """Stands in the manifest: vectors of embedders with different names never mix."""

    @property
    def dimension(self) -> int:
        """Width of the vectors."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text: shape (len(texts), dimension)."""

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question: shape (dimension,)."""


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    """Which embedder to use.

    `name` is a name in `index.embedding.registry.EMBEDDERS`, with what the embedder wants to know behind a colon:
    "minilm", "openai:MODEL". `base_url` and `api_key` are those of an endpoint, `options` the arguments of a class.
    """

    name: str = "minilm"
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)


def vector_key(name: str, dimension: int, text: str) -> str:
    """Return the key under which an embedder's vector of a text is kept: equal texts are embedded once."""
    return text_hash(f"{name}/{dimension}\x1f{text}")


def unit_vectors(vectors: NDArray[Any]) -> Vectors:
    """Scale rows to length one; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(norms == 0, 1.0, norms), dtype=np.float32)
