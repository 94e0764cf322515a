"""The wheel, installed outside the tree into an environment of its own, does what the checkout does.

The libraries that it needs are those of the environment that runs the tests: a path file lends them, so that nothing is
downloaded. That each is declared is another test's business.
"""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("articles", "assistant", "eval", "index")
FILES = ("LICENSE", "README.md", "pyproject.toml", "ui.py")
QUESTION = "What does Grushko demand?"


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel, and the folder that its commands run in, far from the checkout."""

    wheel: Path
    environment: Path
    folder: Path

    def variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE_", "PYTHON"))}
        ours = {"HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder / "cache"), "PULLQUOTE_WRITER": "quoting"}
        return {**kept, **ours, "PULLQUOTE_LIBRARY": str(self.folder / "library")}

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run the installed `pullquote` and return what it printed."""
        command = [str(self.environment / "bin" / "pullquote"), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.variables(), capture_output=True, text=True, check=False
        )
        assert done.returncode == status, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def serving(self, command: str) -> Iterator[str]:
        """Run a server of ours on a free port, and give its address."""
        process = subprocess.Popen(
            [str(self.environment / "bin" / "pullquote"), command, "--port", "0"],
            cwd=self.folder, env=self.variables(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        said = process.stderr
        assert said is not None
        try:
            address = next((line.split()[0] for line in said if line.startswith("http://")), "")
            assert address, f"{command} did not start"
            yield address.removesuffix("/docs").rstrip("/")
        finally:
            process.terminate()
            process.communicate(timeout=30)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    base = tmp_path_factory.mktemp("wheel")
    tree, environment = base / "tree", base / "environment"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, tree / file)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    offline = ["-q", "--no-index", "--no-deps"]
    subprocess.run([*pip, "wheel", *offline, "--no-build-isolation", "-w", str(base), str(tree)], check=True)
    (wheel,) = base.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", *offline, str(wheel)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    # Lends the libraries, but not the checkout: path files in there are not followed.
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
    shutil.rmtree(tree)
    folder = base / "elsewhere"
    folder.mkdir()
    return Installed(wheel, environment, folder)


def test_everything_of_the_tree_is_in_the_wheel(installed: Installed) -> None:
    there = {
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = set(zipfile.ZipFile(installed.wheel).namelist())
    assert there | {"ui.py"} == {name for name in packed if ".dist-info/" not in name}


def test_help_names_every_command_and_the_version_is_ours(installed: Installed) -> None:
    shown = installed.run("--help")
    assert all(f"\n  {name} " in shown for name in ("add", "ask", "eval", "serve", "ui"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert installed.run("--version").split()[-1] == version


def test_code_comes_from_the_wheel(installed: Installed) -> None:
    code = "import assistant, index, ui; print(assistant.__file__, index.__file__, ui.__file__)"
    command = [str(installed.environment / "bin" / "python"), "-c", code]
    done = subprocess.run(
        command, cwd=installed.folder, env=installed.variables(), capture_output=True, text=True, check=True
    )
    assert all(Path(file).is_relative_to(installed.environment) for file in done.stdout.split())


@pytest.fixture(scope="module")
def filled(installed: Installed) -> Installed:
    """The same with a library of the articles that came with the wheel."""
    (articles,) = installed.environment.glob("lib/python*/site-packages/articles")
    assert "16 added" in installed.run("add", str(articles))
    return installed


def test_question_is_answered_and_refused(filled: Installed) -> None:
    answer = json.loads(filled.run("ask", QUESTION, "--json"))
    assert answer["claims"]
    assert "do not answer" in filled.run("ask", "Who won the 2022 World Cup?", status=1)


def test_evaluation_runs_on_the_articles_that_came_along(filled: Installed) -> None:
    assert "report.html" in filled.run("eval", "run", "--limit", "5")
    assert (filled.folder / ".eval" / "dev" / "report.html").is_file()


def test_server_answers_over_loopback(filled: Installed) -> None:
    with filled.serving("serve") as address:
        assert httpx.get(f"{address}/healthz", timeout=30).status_code == 200
        answer = httpx.post(f"{address}/api/ask", json={"question": QUESTION}, timeout=60).json()
        assert answer["claims"]


def test_page_comes_with_its_style_and_script(filled: Installed) -> None:
    pytest.importorskip("gradio", reason="the extra web is not installed")
    assert "--users" in filled.run("ui", "--help")
    with filled.serving("ui") as address:
        assert "Pullquote" in httpx.get(address, timeout=60).text
        assert ".welcome" in httpx.get(f"{address}/config", timeout=60).text
