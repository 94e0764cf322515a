"""Many texts to one embedder: in batches that waste no work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.embedding.protocol import Embedder, Vectors

BATCH_SIZE = 16
"""Texts a call. Measured on two cores: larger batches gain nothing and pad more."""


def embed_in_batches(embedder: Embedder, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
    """Embed many texts, longest first in batches of like length; yield (positions in `texts`, vectors) a batch.

    Like lengths waste no padding, and the longest first show at once whether memory suffices.
    """
    order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
    for start in range(0, len(order), BATCH_SIZE):
        positions = order[start : start + BATCH_SIZE]
        yield positions, embedder.embed_passages([texts[position] for position in positions])
