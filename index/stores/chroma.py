"""Nearest vectors: an embedded Chroma collection, derived from the vectors that the library keeps.

Chroma holds ids and vectors alone. Text and fields would be stored three times over, and a filter there costs a scan of
the collection; the library answers filters itself, with the exact vectors of the articles that pass (`exact`).
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.embedding.protocol import Vectors
from index.errors import LibraryDamaged
from index.stores.locks import store_lock

if TYPE_CHECKING:
    import chromadb
    from chromadb.api.client import Client

_COLLECTION = "passages"
_EF_SEARCH = 200  # recall@20 at 100,000 passages is .9955, against .974 at the default of 100
_BATCH = 5_000  # Chroma takes at most 5,461 records a call
_LOCK = "vectors.lock"
_IN_USE: set[str] = set()
"""Spellings of paths that a client has, or that Chroma keeps a failed client under."""


class ChromaVectors:
    """The Chroma collection of one library. One process writes; a reader that finds it busy scans exactly instead."""

    def __init__(self, library_path: Path) -> None:
        self._path = library_path / "chroma"
        self._lock = library_path / _LOCK
        self._client: Client | None = None
        self._collection: chromadb.Collection | None = None
        self._generation: int | None = None
        self._failed_at: int | None = None
        self._name = ""

    def search(self, query: Vectors, count: int, generation: int) -> list[tuple[str, float]] | None:
        """Return up to `count` passage ids with cosines, best first; None when the store cannot be read now.

        `generation` is the library's; when it has moved on, the collection is opened anew.
        """
        if not self._path.is_dir() or self._failed_at == generation:
            return None
        with store_lock(self._lock, exclusive=False) as free:
            if not free:
                return None
            if self._generation != generation:
                self.close()
            try:
                collection = self._open(create=False)
                found = collection.query(query_embeddings=query[None, :], n_results=count, include=["distances"])
            except Exception:  # whatever Chroma raises here, the exact vectors are at hand
                self.close()
                self._failed_at = generation
                return None
            self._generation = generation
        distances = found["distances"] or [[]]
        return [
            (passage_id, 1.0 - float(distance))
            for passage_id, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def ids(self) -> set[str]:
        """Return the ids of all passages in the collection. Hold the writer lock."""
        if not self._path.is_dir():
            return set()
        try:
            return set(self._open(create=False).get(include=[])["ids"])
        except Exception as error:
            raise LibraryDamaged(f"{self._path} cannot be read ({error}). Repair: pullquote rebuild") from error

    def count(self) -> int:
        """Return how many passages the collection holds; an unreadable one holds none."""
        try:
            return self._open(create=False).count() if self._path.is_dir() else 0
        except Exception:  # whatever Chroma raises: the caller rebuilds what does not count up
            return 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep readers out while the collection changes. Raises LibraryLocked when they do not leave."""
        with store_lock(self._lock, exclusive=True):
            yield

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors under new ids. Chroma ignores an id that it has: delete that first."""
        collection = self._open(create=True)
        for start in range(0, len(ids), _BATCH):
            collection.add(ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; unknown ids are no error."""
        if not self._path.is_dir():
            return
        collection = self._open(create=True)
        for start in range(0, len(ids), _BATCH):
            collection.delete(ids=list(ids[start : start + _BATCH]))

    def clear(self) -> None:
        """Delete the collection from disk, unread: a torn one may crash whoever opens it."""
        self.close()
        shutil.rmtree(self._path, ignore_errors=True)

    def close(self) -> None:
        """Let go of the files."""
        self._collection = None
        self._generation = None
        if self._client is not None:
            self._client.close()
            self._client = None
            _IN_USE.discard(self._name)

    def collection(self) -> chromadb.Collection:
        """Return the collection itself, for LlamaIndex's ChromaVectorStore and other readers."""
        return self._open(create=False)

    def _own_name(self) -> str:
        """Return the path in a spelling that nobody else in the process uses.

        Chroma gives the clients of one spelling one state between them: what one has loaded, or failed to load, the
        others get as well.
        """
        spellings = (os.path.join(self._path, *["."] * dots) for dots in itertools.count())  # noqa: PTH118 - keeps dots
        self._name = next(name for name in spellings if name not in _IN_USE)
        _IN_USE.add(self._name)
        return self._name

    def _open(self, *, create: bool) -> chromadb.Collection:
        if self._collection is None:
            import chromadb
            from chromadb.config import Settings

            settings = Settings(anonymized_telemetry=False)
            client = chromadb.PersistentClient(self._own_name(), settings=settings)
            self._client = cast("Client", client)
            if create:
                self._collection = client.get_or_create_collection(
                    _COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
                )
            else:
                self._collection = client.get_collection(_COLLECTION, embedding_function=None)
        return self._collection
