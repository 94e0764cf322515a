from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from index.embedding.minilm import MiniLM
from index.search import Searcher


@pytest.fixture(scope="session")
def sample_assistant(sample_library: Path, minilm: MiniLM) -> Iterator[Assistant]:
    with Assistant(Searcher.open(sample_library, minilm)) as opened:
        yield opened
