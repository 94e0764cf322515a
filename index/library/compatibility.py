"""Whether a library and an embedder belong together."""

from __future__ import annotations

from pathlib import Path

from index.embedding.protocol import Embedder
from index.errors import ConfigError
from index.library.database import Manifest


def check_embedder(library: Path, manifest: Manifest, embedder: Embedder) -> None:
    """Raise ConfigError, with the command that helps, unless the library was made with this embedder."""
    if (manifest.embedder, manifest.dimension) != (embedder.name, embedder.dimension):
        raise ConfigError(
            f"The library {library} was made with the embedder {manifest.embedder} ({manifest.dimension} dimensions), "
            f"and the settings name {embedder.name} ({embedder.dimension}). "
            f"Change the setting back, or embed the library anew: pullquote --library {library} rebuild"
        )
