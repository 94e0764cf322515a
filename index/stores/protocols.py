"""What search asks of a vector store and of a term store.

Both are derived: the library holds every text and vector, so that a store may be emptied, or be unreadable, at any
time. One process writes, under the library's writer lock; any number read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from index.embedding.protocol import Vectors
from index.types import Passage


class VectorStore(Protocol):
    """Unit vectors by passage id, and the nearest of them."""

    def search(self, query: Vectors, count: int, generation: int) -> list[tuple[str, float]] | None:
        """Return up to `count` passage ids with cosines, best first; None when the store cannot be read now.

        `generation` is the library's: what was committed up to it is to be seen. After None all vectors are compared.
        """

    def ids(self) -> set[str]:
        """Return the ids of all passages in the store, inside `writing`. Raises LibraryDamaged if it is unreadable."""

    def count(self) -> int:
        """Return how many passages the store holds; an unreadable one holds none."""

    def writing(self) -> AbstractContextManager[None]:
        """Keep readers out while the store changes. Raises LibraryLocked when they do not leave."""

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors, shape (len(ids), dimension), under ids that the store does not have."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; unknown ids are no error."""

    def clear(self) -> None:
        """Remove everything, unread."""

    def close(self) -> None:
        """Let go of files and connections; the next use opens them again."""


class TermWriter(Protocol):
    """What may be done inside `TermStore.writer`."""

    def add(self, passages: Iterable[Passage]) -> None:
        """Add passages, in place of any with the same id."""

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Remove passages; unknown ids are no error."""


class TermStore(Protocol):
    """Passages by the words in them. Its terms are those of `index.splitting.terms.terms`."""

    def search(self, question: str, count: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Return up to `count` passage ids with BM25 scores, best first; `article_ids` limits where to look."""

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term, as BM25 has it; more than 0."""

    def holds(self, term: str) -> bool:
        """Whether any passage, or the title or outlet of its article, has a term."""

    def reload(self) -> None:
        """See what was committed since."""

    def ids(self) -> set[str]:
        """Return the ids of all passages in the store. Raises LibraryDamaged if it is unreadable."""

    def count(self) -> int:
        """Return how many passages the store holds."""

    def writer(self) -> AbstractContextManager[TermWriter]:
        """Write: everything inside is committed at the end, or nothing is."""

    def clear(self) -> None:
        """Remove everything; a reader sees all of it or nothing."""

    def close(self) -> None:
        """Let go of files and connections; the next use opens them again."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The two stores of one library."""

    vectors: VectorStore
    terms: TermStore

    def close(self) -> None:
        """Close both."""
        self.vectors.close()
        self.terms.close()
