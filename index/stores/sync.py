"""The vector and term stores kept in step with the library, and mended where a kill left them apart."""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import LibraryDamaged
from index.library.editing import EditableLibrary
from index.stores.protocols import Stores


class SyncedStores:
    """The two stores that search reads, as the one writer of the library changes them."""

    def __init__(self, library: EditableLibrary, stores: Stores) -> None:
        self._library = library
        self._terms = stores.terms
        self._vectors = stores.vectors
        self._stores = stores

    def close(self) -> None:
        """Close what is open."""
        self._stores.close()

    def clear_terms(self) -> None:
        """Empty the term store, so that `repair` fills it anew."""
        self._terms.clear()

    def write(self, add: Sequence[str], delete: Sequence[str]) -> None:
        """Add and delete passages by id. Until both stores are done the library says that they may differ from it."""
        if not add and not delete:
            return
        self._library.update_manifest(stores_dirty=True)
        with self._vectors.writing():
            self._library.update_manifest(vectors_dirty=True)
            self._vectors.delete([*delete, *add])
            if add:
                self._vectors.add(*self._library.vectors_of(add))
            self._vectors.close()
            self._library.update_manifest(vectors_dirty=False)
        with self._terms.writer() as writer:
            writer.delete(delete)
            writer.add(self._library.passages_named(add))
        self._library.update_manifest(stores_dirty=False)

    def sweep(self) -> None:
        """Drop stale passages."""
        stale = self._library.stale()
        if stale:
            self.write([], stale)
            self._library.clear_stale()

    def repair(self) -> None:
        """Make both equal to the live passages where they may differ; the library has the vectors of all of them.

        Raises LibraryLocked when readers do not leave, LibraryDamaged when the term store cannot be read.
        """
        manifest = self._library.manifest
        if manifest.vectors_dirty:
            with self._vectors.writing():
                self._vectors.clear()
        elif not manifest.stores_dirty and not self._library.stale() and self._counts_agree():
            return
        live = self._library.passage_ids()
        in_vectors = self._ids_in_vectors()
        in_terms = self._terms.ids()
        orphans = (in_vectors | in_terms) - live
        missing = live - (in_vectors & in_terms)
        self.write(sorted(missing), sorted(orphans.union(self._library.stale())))
        self._library.clear_stale()
        self._library.update_manifest(vectors_dirty=False, stores_dirty=False)

    def _ids_in_vectors(self) -> set[str]:
        """Return what the vector store holds; an unreadable one is emptied, for the library has all that was in it."""
        with self._vectors.writing():
            try:
                return self._vectors.ids()
            except LibraryDamaged:
                self._vectors.clear()
                return set()

    def _counts_agree(self) -> bool:
        with self._vectors.writing():
            in_vectors = self._vectors.count()
        return self._library.counts()["passages"] == in_vectors == self._terms.count()
