"""What the documents tell a reader to type runs, and shows what they say that it shows."""

from __future__ import annotations

import json
import re
import shlex
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.config import ENVIRONMENT, Settings, load_settings
from eval.cases import load_cases
from tests.documents import DOCUMENTS, ROOT, blocks, run

SETTINGS = ROOT / "docs" / "settings.md"
EVALUATION = ROOT / "docs" / "evaluation.md"


def having(language: str) -> list[Path]:
    return [document for document in DOCUMENTS if blocks(document, language)]


def commands(document: Path) -> list[str]:
    lines = [line for block in blocks(document, "sh") for line in block.splitlines()]
    return [line.split("   #")[0].strip() for line in lines if "pullquote" in line]


def test_there_is_something_to_run() -> None:
    assert len([command for document in DOCUMENTS for command in commands(document)]) >= 16
    assert len(having("console")) >= 2
    assert len([block for document in DOCUMENTS for block in blocks(document, "python")]) >= 5


@pytest.mark.parametrize("document", having("sh"), ids=lambda document: document.stem)
def test_every_command_runs(document: Path, tmp_path: Path) -> None:
    if not any(" add " in command for command in commands(document)[:1]):
        run("pullquote add articles", tmp_path)
    for command in commands(document):
        done = run(command, tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), command


@pytest.mark.parametrize("document", having("console"), ids=lambda document: document.stem)
def test_session_shows_real_output(document: Path, tmp_path: Path) -> None:
    for step in re.split(r"^\$ ", "".join(blocks(document, "console")), flags=re.MULTILINE)[1:]:
        command, expected = step.split("\n", 1)
        assert run(command, tmp_path).stdout == expected, command


@pytest.mark.parametrize("document", having("python"), ids=lambda document: document.stem)
def test_every_program_runs(document: Path, tmp_path: Path) -> None:
    run("pullquote --library mine add articles", tmp_path)
    for number, block in enumerate(blocks(document, "python")):
        program = tmp_path / f"program{number}.py"
        program.write_text(block, "utf-8")
        done = run(f"{shlex.quote(sys.executable)} {program.name}", tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout.strip(), block


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_every_make_target_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = document.read_text("utf-8")
    shown = "\n".join(blocks(document, "sh") + blocks(document, "text"))
    named = {*re.findall(r"^make ([a-z-]+)", shown, re.MULTILINE), *re.findall(r"`make ([a-z-]+)", text)}
    assert named <= targets


@pytest.mark.parametrize("document", having("json"), ids=lambda document: document.stem)
def test_every_json_is_json(document: Path) -> None:
    assert all(json.loads(block) for block in blocks(document, "json"))


def test_example_of_a_case_is_one(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(blocks(EVALUATION, "json")), "utf-8")
    assert len(load_cases(file)) == 1


def test_settings_example_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\n".join(blocks(SETTINGS, "toml")), "utf-8")
    assert tomllib.loads(path.read_text("utf-8"))
    settings = load_settings({}, {"PULLQUOTE_CONFIG": str(path)})
    assert settings.embedder == "openai:text-embedding-3-small"
    assert settings.model == "embedded"


def test_table_has_every_setting_with_its_variable() -> None:
    rows = re.findall(r"^\| ([a-z_`, ]*)\| ?([A-Z_`]*) ?\|", SETTINGS.read_text("utf-8"), re.MULTILINE)
    listed = {name: variable.strip("`") for names, variable in rows for name in re.findall("[a-z_]+", names) or [""]}
    listed.pop("in", None)
    assert set(listed) - {""} == {field.name for field in fields(Settings)}
    assert listed.pop("") == "PULLQUOTE_CONFIG"
    assert {variable: name for name, variable in listed.items() if variable} == ENVIRONMENT
