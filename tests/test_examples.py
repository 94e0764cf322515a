"""The examples run, offline, on the sample articles."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval.bench.page_server import page_server
from tests.documents import ROOT

EXAMPLES = ROOT / "examples"


def run(name: str, argument: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(EXAMPLES / name), argument]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_asking_prints_an_answer_with_its_sources_and_a_refusal(sample_library: Path, tmp_path: Path) -> None:
    printed = run("ask.py", str(sample_library), tmp_path)
    assert "175 prisoners" in printed
    assert "[1] Demo Herald, 2025-03-19: demo-herald-prisoners-correction#2" in printed
    assert "do not answer" in printed


def test_retriever_finds_the_paragraph(sample_library: Path, tmp_path: Path) -> None:
    assert "specimen-post-generators" in run("llamaindex_retriever.py", str(sample_library), tmp_path).splitlines()[0]


def test_node_parser_gives_a_stock_index_our_passages(sample_articles: Path, tmp_path: Path) -> None:
    assert "specimen-post-generators.md" in run("llamaindex_node_parser.py", str(sample_articles), tmp_path)


@pytest.mark.slow
def test_openai_client_gets_an_answer(sample_library: Path, tmp_path: Path) -> None:
    with page_server(sample_library, command="serve") as server:
        assert "Izvestia" in run("openai_client.py", f"{server.url}/v1", tmp_path)


def test_every_example_is_tested_and_named() -> None:
    here = Path(__file__).read_text("utf-8")
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    for example in EXAMPLES.glob("*.py"):
        assert f'"{example.name}"' in here
        assert example.name in listed
