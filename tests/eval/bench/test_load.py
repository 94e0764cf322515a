"""A few people at once on the real page: no error, and nobody sees what another asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eval.bench.load import measure


def test_people_at_once_are_answered_and_see_their_own_only(sample_library: Path, tmp_path: Path) -> None:
    pytest.importorskip("gradio", reason="the extra web is not installed")
    library = Path(shutil.copytree(sample_library, tmp_path / "library"))
    for found in measure(library, people=4, questions=2, reading=(0.0, 0.1)):
        assert found.errors == []
        assert found.mixed == 0
        assert len(found.asked) == 8
        assert "| 8 | 0 | 0 |" in found.row()
