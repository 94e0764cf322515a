"""Whatever the OpenAPI document allows, and what it does not, the server answers without failing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from index.embedding.minilm import MiniLM
from tests.assistant.http.http_server import Served, served

EXAMPLES = 12


@pytest.fixture(scope="module")
def server(sample_library: Path, tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Served]:
    library = Path(shutil.copytree(sample_library, tmp_path_factory.mktemp("schema") / "library"))
    with served(library, minilm) as running:
        yield running


def check(operation: Any, mode: GenerationMode) -> None:
    """Send requests that fit an operation's description, or do not, as hypothesis makes them up."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def answers(case: Any) -> None:
        reply = case.call(timeout=60)
        assert reply.status_code < 500, f"{case.as_curl_command()}\n{reply.text}"
        if reply.status_code >= 400:
            assert reply.json()["error"]["message"]

    answers()


@pytest.mark.parametrize("mode", GenerationMode)
def test_no_request_makes_the_server_fail(server: Served, mode: GenerationMode) -> None:
    operations = [
        found.ok() for found in schemathesis.openapi.from_url(f"{server.url}/openapi.json").get_all_operations()
    ]
    assert len(operations) >= 14
    for operation in operations:
        if mode is GenerationMode.POSITIVE or operation.body or len(operation.query):
            check(operation, mode)
