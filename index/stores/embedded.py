"""The stores that need nothing but the install: Chroma and Tantivy, in the library's folder."""

from __future__ import annotations

from pathlib import Path

from index.stores.chroma import ChromaVectors
from index.stores.protocols import Stores
from index.stores.tantivy import TantivyTerms


def embedded_stores(library_path: Path) -> Stores:
    """Return the stores of the library in a folder; nothing is opened or made yet."""
    return Stores(ChromaVectors(library_path), TantivyTerms(library_path / "tantivy"))
