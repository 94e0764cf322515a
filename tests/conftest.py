"""Fixtures that several packages use."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[1]

# With the extra `local` installed, every command would else have the embedded model write.
os.environ.setdefault("PULLQUOTE_WRITER", "quoting")


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> None:
    """Commands that tests start can be stopped, also where a shell started us in the background, deaf to Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def no_embedded_model() -> Iterator[None]:
    """Settings that leave the writer open mean quoting in tests, also where the embedded model is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.models.embedded_weights.available", lambda *_: False)
        yield


@pytest.fixture(scope="session")
def sample_articles() -> Path:
    """The bundled sample collection."""
    return ROOT / "articles"


@pytest.fixture(scope="session")
def shared_articles() -> Path:
    """The five public reports, which are no part of the repository."""
    folder = Path(os.environ.get("PULLQUOTE_SHARED", ROOT.parent / "shared")) / "articles"
    if not folder.is_dir():
        pytest.skip("the shared articles are not here")
    return folder


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    """The real embedder, loaded once a process."""
    return MiniLM()


@pytest.fixture(scope="session")
def sample_library(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, sample_articles: Path, minilm: MiniLM
) -> Path:
    """A library of the sample collection with real vectors, made once for all test processes. Copy it to change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with (shared / "sample-library.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Indexer(shared / "sample-library", minilm) as indexer:
            indexer.add([sample_articles])
    return shared / "sample-library"
