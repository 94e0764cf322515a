"""The container's files: linted, and true to the tree. No container engine is needed for it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.documents import ROOT

LINES = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yml").read_text("utf-8"))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_linter_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [str(hadolint), str(ROOT / "Dockerfile")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_copied_is_there_and_let_through() -> None:
    copied = {
        name
        for line in LINES
        if line.startswith("COPY") and "--from" not in line
        for name in line.split()[1:-1]
    }  # fmt: skip
    let_through = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text("utf-8").split() if line.startswith("!")
    }
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_container_runs_as_nobody_special() -> None:
    (user,) = [line.split()[1] for line in LINES if line.startswith("USER")]
    assert user.isdigit()
    assert int(user) > 0


@pytest.mark.parametrize("name", ["page", "programs"])
def test_service_of_ours_can_write_to_its_volumes_only(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert {volume.split(":")[0] for volume in service["volumes"]} <= COMPOSE["volumes"].keys()
    assert service["image"] == f"pullquote:{VERSION}"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
