from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from index.embedding import MiniLM
from index.indexing import Indexer
from index.search import Searcher

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample collection, indexed with the embedder that people use."""
    path = tmp_path_factory.mktemp("sample") / "library"
    with Indexer(path, MiniLM()) as indexer:
        indexer.add([ROOT / "articles"])
    return path


@pytest.fixture(scope="session")
def assistant(sample_library: Path) -> Iterator[Assistant]:
    with Assistant(Searcher.open(sample_library, MiniLM())) as opened:
        yield opened
