"""Articles in, the passages that are near to a question out.

    from index import Library

    with Library.open(Path("mine")) as library:
        print([article.title for article in library.articles()])

The names below are what other programs may rely on. Each is imported when it is first used, so that `import index`
costs nothing. What plugs into LlamaIndex is in `index.llamaindex`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embedding.protocol import EmbedderSettings
    from index.embedding.registry import make_embedder
    from index.indexing import Indexer
    from index.library.library import Library
    from index.search import Searcher
    from index.types import Filters

__all__ = ["EmbedderSettings", "Filters", "Indexer", "Library", "Searcher", "make_embedder"]

if not TYPE_CHECKING:  # a type checker would take any name for one of ours
    _HOMES = {
        "EmbedderSettings": "index.embedding.protocol",
        "Filters": "index.types",
        "Indexer": "index.indexing",
        "Library": "index.library.library",
        "Searcher": "index.search",
        "make_embedder": "index.embedding.registry",
    }

    def __getattr__(name: str) -> object:
        """Import a public name from the module that has it (PEP 562)."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
