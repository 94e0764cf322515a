"""Every command of the README runs, and the session it shows is what the command prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.config import ENVIRONMENT, Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line.split("   #")[0].strip() for line in lines if "pullquote" in line]


def run(command: str, library: Path) -> subprocess.CompletedProcess[str]:
    """Run a README line in a shell, with `pullquote` standing for this checkout's command."""
    shell = f'pullquote() {{ {shlex.quote(sys.executable)} -m assistant.cli "$@"; }}; {command}'
    environment = {**os.environ, "PULLQUOTE_LIBRARY": str(library), "PULLQUOTE_CONFIG": ""}
    return subprocess.run(["bash", "-c", shell], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme") / "library"


def test_every_command_runs(library: Path, tmp_path: Path) -> None:
    found = commands()
    assert len(found) >= 12
    for command in found:
        done = run(command.replace("--library mine", f"--library {tmp_path / 'mine'}"), library)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), command


def test_session_shows_real_output(tmp_path: Path) -> None:
    (session,) = blocks("console")
    steps = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    assert len(steps) == 2
    for step in steps:
        command, expected = step.split("\n", 1)
        done = run(command, tmp_path / "library")
        assert done.stdout == expected, command


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)", "\n".join(blocks("sh")), re.MULTILINE))
    named |= set(re.findall(r"`make ([a-z-]+)`", README))
    assert named
    assert named <= targets


def test_settings_example_is_valid(tmp_path: Path) -> None:
    example = "\n".join(blocks("toml"))
    assert tomllib.loads(example)
    path = tmp_path / "config.toml"
    path.write_text(example, "utf-8")
    settings = load_settings({}, {"PULLQUOTE_CONFIG": str(path)})
    assert settings.embedder == "openai:text-embedding-3-small"
    assert settings.model == "embedded"


def test_table_has_every_setting_with_its_variable() -> None:
    rows = re.findall(r"^\| ([a-z_`, ]*)\| ?([A-Z_`]*) ?\|", README[README.index("Every setting") :], re.MULTILINE)
    listed = {name: variable.strip("`") for names, variable in rows for name in re.findall("[a-z_]+", names) or [""]}
    assert set(listed) - {""} == {field.name for field in fields(Settings)}
    assert listed.pop("") == "PULLQUOTE_CONFIG"
    assert {variable: name for name, variable in listed.items() if variable} == ENVIRONMENT


def test_map_names_every_part() -> None:
    for folder in ("index", "assistant", "eval", "articles", "tests", "docs"):
        assert f"`{folder}/`" in README
    for module in re.findall(r"`([a-z_]+)`", README[README.index("## Where things are") :]):
        assert any((ROOT / folder / f"{module}.py").is_file() for folder in ("index", "assistant", "eval")), module
