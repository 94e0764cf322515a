"""Search: dense and lexical candidates, fused, copies folded, with the scores that explain each place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from index.embedding.caching import CachingEmbedder
from index.embedding.protocol import Embedder, Vectors
from index.errors import ConfigError
from index.fusion import fuse
from index.library.compatibility import check_embedder
from index.library.library import Library
from index.splitting.terms import terms
from index.stores.embedded import embedded_stores
from index.stores.exact import exact_nearest
from index.stores.protocols import Stores
from index.syndication import fold_copies
from index.types import Filters, Hit, Paragraph

CANDIDATES = 50
"""Passages that each search hands to fusion."""


class Searcher:
    """Reads one library. Any number may be open at once, also while a writer is at work; use as a context manager.

    The embedder gets a memory unless it has one, so that no text of a question is embedded twice. `stores` are those
    that the library's writer fills; the embedded ones unless others are given.
    """

    def __init__(self, library: Library, embedder: Embedder, stores: Stores | None = None) -> None:
        self.library = library
        self.embedder = embedder if isinstance(embedder, CachingEmbedder) else CachingEmbedder(embedder)
        self._stores = stores or embedded_stores(library.path)
        self._generation = -1
        self._scan: tuple[int, list[str], Vectors] | None = None

    @classmethod
    def open(cls, path: Path, embedder: Embedder, open_stores: Callable[[Path], Stores] = embedded_stores) -> Searcher:
        """Open a library for searching.

        Raises NotFound when there is none and ConfigError when another embedder made it.
        """
        library = Library.open(path)
        try:
            check_embedder(path, library.manifest, embedder)
        except ConfigError:
            library.close()
            raise
        return cls(library, embedder, open_stores(path))

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all stores."""
        self._stores.close()
        self.library.close()

    def search(self, question: str, count: int = 10, filters: Filters | None = None, *, fold: bool = True) -> list[Hit]:
        """Return the best passages for a question, best first, at most `count`.

        With `fold`, copies of one text in several articles are one hit.
        """
        if not question.strip():
            return []
        return self.search_vector(question, self.embedder.embed_query(question), count, filters, fold=fold)

    def search_vector(
        self, question: str, vector: Vectors, count: int = 10, filters: Filters | None = None, *, fold: bool = True
    ) -> list[Hit]:
        """Search as `search` does, with the question's vector already at hand: shape (dimension,)."""
        manifest = self.library.manifest
        if manifest.generation != self._generation:
            check_embedder(self.library.path, manifest, self.embedder)
            self._stores.terms.reload()
            self._generation = manifest.generation
        allowed = self.library.article_ids(filters) if filters else None
        depth = max(CANDIDATES, count)
        lexical = dict(self._stores.terms.search(question, depth, allowed))
        dense = dict(self._nearest(vector, depth, allowed, trusted=not manifest.vectors_dirty))
        located = self.library.locate(list(dense.keys() | lexical.keys()))
        lexical_ranks = _ranks(lexical)
        dense_ranks = _ranks(dense)
        unseen_ids, unseen = self.library.vectors_of([key for key in lexical if key not in dense])
        dense |= dict(exact_nearest(unseen_ids, unseen, vector, len(unseen_ids)))
        fused = fuse(
            {key: score for key, score in dense.items() if key in located},
            {key: score for key, score in lexical.items() if key in located},
        )
        hits = [
            Hit(
                located[key].passage, located[key].article, score,
                dense.get(key), dense_ranks.get(key), lexical.get(key), lexical_ranks.get(key),
            )
            for key, score in fused
        ]  # fmt: skip
        return fold_copies(hits, count) if fold else hits[:count]

    def neighbours(self, hit: Hit, before: int = 1, after: int = 1) -> list[Paragraph]:
        """Return the paragraphs of a hit with those around it, in order: context to read, not to rank."""
        return [
            paragraph
            for paragraph in self.library.paragraphs(hit.article)
            if hit.passage.first - before <= paragraph.number <= hit.passage.last + after
        ]

    def rarity(self, term: str) -> float:
        """Return how rare an index term is in the collection: inverse document frequency."""
        return self._stores.terms.rarity(term)

    def stands(self, words: Iterable[str]) -> bool:
        """Whether one of these words stands in any article: in its text, furniture too, title, outlet or author.

        In another form, too; of a word with a hyphen, a part of it is enough.
        """
        words = list(words)
        held = any(self._stores.terms.holds(term) for word in words for term in terms(word))
        return held or self.library.mentions(words)

    def _nearest(
        self, vector: Vectors, count: int, allowed: Sequence[str] | None, *, trusted: bool
    ) -> list[tuple[str, float]]:
        """Ask the store; with a filter, or where it is being written or is not there, scan the library's vectors."""
        if allowed is not None:
            return exact_nearest(*self.library.vectors(allowed), vector, count)
        found = self._stores.vectors.search(vector, count, self._generation) if trusted else None
        if found is not None:
            return found
        if self._scan is None or self._scan[0] != self._generation:
            self._scan = (self._generation, *self.library.vectors())
        return exact_nearest(*self._scan[1:], vector, count)


def _ranks(scores: dict[str, float]) -> dict[str, int]:
    return {key: rank for rank, key in enumerate(scores, start=1)}
