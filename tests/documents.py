"""The documents that a reader is given, and the blocks of code in them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]


def blocks(document: Path, language: str) -> list[str]:
    """Return the blocks of a language; sh, python, console, toml and json are run or read by tests, text is not."""
    return re.findall(rf"^```{language}\n(.*?)^```", document.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a document in a shell, in a folder with the samples; `pullquote` is this checkout's command."""
    shell = f'pullquote() {{ {shlex.quote(sys.executable)} -m assistant.cli.main "$@"; }}; {command}'
    given = {"PYTHONPATH": str(ROOT), "PULLQUOTE_LIBRARY": str(folder / "library"), "PULLQUOTE_CONFIG": ""}
    if not (folder / "articles").exists():
        (folder / "articles").symlink_to(ROOT / "articles")
    return subprocess.run(
        ["bash", "-c", shell],
        cwd=folder, env={**os.environ, **given, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
