"""Fixtures that several packages use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[1]


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
