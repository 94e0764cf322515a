from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from index.embedding.minilm import MiniLM
from tests.assistant.http.http_server import Served, served


@pytest.fixture(scope="module")
def server(sample_library: Path, tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Served]:
    library = shutil.copytree(sample_library, tmp_path_factory.mktemp("server") / "library")
    with served(library, minilm) as running:
        yield running


@pytest.fixture
def chat(server: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        yield client
