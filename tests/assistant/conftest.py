from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from index.embedding.minilm import MiniLM
from index.search import Searcher


@pytest.fixture(scope="session")
def sample_library(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample collection's library for this process alone, for answers are kept in it."""
    return Path(shutil.copytree(sample_library, tmp_path_factory.mktemp("sample") / "library"))


@pytest.fixture(scope="session")
def assistant(sample_library: Path, minilm: MiniLM) -> Iterator[Assistant]:
    with Assistant(Searcher.open(sample_library, minilm)) as opened:
        yield opened
