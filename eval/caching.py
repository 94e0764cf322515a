"""The default embedder with a memory, for measurements that meet the same sentences again and again."""

from __future__ import annotations

from index import caching
from index.embedding import MiniLM


class CachingEmbedder(caching.CachingEmbedder):
    """The default embedder, each text embedded once: questions on one set meet the same sentences."""

    def __init__(self) -> None:
        super().__init__(MiniLM())
