"""An embedder behind an OpenAI-compatible endpoint."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embedding.protocol import Vectors, unit_vectors
from index.errors import ConfigError, LibraryError

_MATRIX_DIMENSIONS = 2


class OpenAICompatible:
    """An embedding model behind an OpenAI-compatible endpoint (OpenAI, Ollama, vLLM, LM Studio, llama.cpp)."""

    def __init__(self, model: str, base_url: str | None, api_key: str | None) -> None:
        if not base_url and not api_key:
            raise ConfigError(
                f"The embedder openai:{model} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
            )
        import openai

        self.name = f"openai:{model}"
        self._model = model
        self._client = openai.OpenAI(api_key=api_key or "none", base_url=base_url, timeout=60.0, max_retries=3)
        self._dimension: int | None = None

    @property
    def dimension(self) -> int:
        """Width of the vectors; asks the endpoint once."""
        if self._dimension is None:
            self._dimension = int(self.embed_query("dimension").shape[0])
        return self._dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed one batch in one request.

        Raises LibraryError when the endpoint cannot be reached or answers with an error.
        """
        import httpx
        import openai

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        try:
            response = self._client.embeddings.create(model=self._model, input=list(texts))
            rows = sorted(response.data, key=lambda row: row.index)
            vectors = np.asarray([row.embedding for row in rows], dtype=np.float32)
        except (openai.OpenAIError, httpx.HTTPError, ValueError, AttributeError, TypeError) as error:
            raise self._failure(" ".join(str(error).split()) or type(error).__name__) from error
        if vectors.ndim != _MATRIX_DIMENSIONS or vectors.shape[0] != len(texts) or not vectors.shape[1]:
            raise self._failure(
                f"it returned no vectors, or not one a text: shape {vectors.shape} for {len(texts)} texts"
            )
        if not np.isfinite(vectors).all():
            raise self._failure("it returned vectors that hold no numbers")
        return unit_vectors(vectors)

    def _failure(self, reason: str) -> LibraryError:
        """Return the error for a request that failed; a key that the endpoint repeats is not shown."""
        shown = reason.replace(self._client.api_key, "[key]")[:200]
        return LibraryError(
            f"The embedding endpoint at {self._client.base_url} failed: {shown}. Check OPENAI_BASE_URL, OPENAI_API_KEY "
            f"and that {self._model!r} is an embedding model; what was embedded so far is kept."
        )

    def embed_query(self, text: str) -> Vectors:
        """Embed one question in one request."""
        return np.asarray(self.embed_passages([text])[0], dtype=np.float32)
