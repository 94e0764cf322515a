"""The vector store with a real Chroma collection, and the exact scan that stands in for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import LibraryDamaged
from index.stores.chroma import ChromaVectors
from index.stores.exact import exact_nearest
from index.stores.locks import store_lock

ROOT = Path(__file__).resolve().parents[3]


def units(count: int, seed: int = 1, width: int = 16) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


IDS = [f"passage-{number:03}" for number in range(120)]
VECTORS = units(len(IDS))
[QUERY] = units(1, seed=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChromaVectors]:
    store = ChromaVectors(tmp_path)
    with store.writing():
        store.add(IDS, VECTORS)
    yield store
    store.close()


def brute_force(ids: list[str], vectors: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
    cosines = [(float(np.dot(vector, QUERY)), key) for key, vector in zip(ids, vectors, strict=True)]
    return [(key, cosine) for cosine, key in sorted(cosines, reverse=True)[:count]]


def test_nearest_come_first_with_their_cosines(store: ChromaVectors) -> None:
    found = store.search(QUERY, 10, generation=1)
    assert found is not None
    expected = brute_force(IDS, VECTORS, 10)
    assert [key for key, _ in found] == [key for key, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)


def test_more_than_there_are_gives_all(store: ChromaVectors) -> None:
    found = store.search(QUERY, 500, generation=1)
    assert found is not None
    assert {key for key, _ in found} == set(IDS)


def test_deleted_vectors_are_gone_and_unknown_ids_are_no_error(store: ChromaVectors) -> None:
    nearest = [key for key, _ in store.search(QUERY, 5, generation=1) or []]
    store.delete([*nearest, "unknown"])
    assert store.count() == len(IDS) - 5
    assert store.ids() == set(IDS) - set(nearest)
    assert not set(nearest) & {key for key, _ in store.search(QUERY, 50, generation=2) or []}
    store.add(nearest[:1], QUERY[None, :])
    assert store.search(QUERY, 1, generation=3) == [(nearest[0], pytest.approx(1.0, abs=1e-5))]


def test_cleared_store_is_gone_from_disk_and_can_be_filled_again(store: ChromaVectors, tmp_path: Path) -> None:
    store.clear()
    assert not (tmp_path / "chroma").exists()
    assert store.ids() == set()
    assert store.count() == 0
    assert store.search(QUERY, 5, generation=1) is None
    store.delete(["unknown"])
    store.add(IDS[:3], VECTORS[:3])
    assert store.ids() == set(IDS[:3])


def test_store_that_nobody_wrote_is_not_made_by_reading(tmp_path: Path) -> None:
    store = ChromaVectors(tmp_path)
    assert store.search(QUERY, 5, generation=1) is None
    assert store.ids() == set()
    assert store.count() == 0
    assert list(tmp_path.iterdir()) == []


def test_reader_is_turned_away_while_a_writer_holds_the_lock(store: ChromaVectors, tmp_path: Path) -> None:
    reader = ChromaVectors(tmp_path)
    with store.writing():
        assert reader.search(QUERY, 5, generation=1) is None
    assert reader.search(QUERY, 5, generation=1) is not None
    reader.close()


def test_reader_is_turned_away_while_another_process_writes(store: ChromaVectors, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.stores.chroma import ChromaVectors\n"
        "with ChromaVectors(Path(sys.argv[1])).writing():\n    print('holding', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        assert writer.stdout.readline() == "holding\n"
        assert store.search(QUERY, 5, generation=1) is None
        writer.kill()
    assert store.search(QUERY, 5, generation=1) is not None


def test_readers_do_not_keep_each_other_out(store: ChromaVectors, tmp_path: Path) -> None:
    with store_lock(tmp_path / "vectors.lock", exclusive=False) as free:
        assert free
        assert store.search(QUERY, 5, generation=1) is not None


def test_reader_sees_new_vectors_when_the_generation_moves_on(store: ChromaVectors, tmp_path: Path) -> None:
    """The writer is another process, as always: Chroma keeps what it has loaded."""
    store.close()
    reader = ChromaVectors(tmp_path)
    assert "new" not in dict(reader.search(QUERY, 500, generation=1) or [])
    add_in_another_process(tmp_path)
    found = reader.search(QUERY, 1, generation=2)
    assert found == [("new", pytest.approx(1.0, abs=1e-5))]
    reader.close()


def test_two_readers_in_one_process_see_new_vectors(store: ChromaVectors, tmp_path: Path) -> None:
    """As two open conversations of one server are."""
    store.close()
    readers = [ChromaVectors(tmp_path), ChromaVectors(tmp_path)]
    for reader in readers:
        reader.search(QUERY, 5, generation=1)
    add_in_another_process(tmp_path)
    try:
        assert [dict(reader.search(QUERY, 1, generation=2) or []).keys() for reader in readers] == [{"new"}, {"new"}]
    finally:
        for reader in readers:
            reader.close()


def add_in_another_process(library: Path) -> None:
    code = (
        "import sys, numpy; from pathlib import Path; from index.stores.chroma import ChromaVectors\n"
        "store = ChromaVectors(Path(sys.argv[1])); numbers = [float(n) for n in sys.argv[2].split()]\n"
        "with store.writing():\n    store.add(['new'], numpy.array([numbers], dtype=numpy.float32)); store.close()\n"
    )
    numbers = " ".join(str(float(number)) for number in QUERY)
    subprocess.run(
        [sys.executable, "-c", code, str(library), numbers], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def garbage(path: Path) -> None:
    path.write_bytes(b"\xde\xad\xbe\xef" * 4096)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def zeros_at_the_end(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))


def test_store_can_be_opened_any_number_of_times(store: ChromaVectors, tmp_path: Path) -> None:
    """A server opens it anew after every change of the library."""
    store.close()
    reader = ChromaVectors(tmp_path)
    spellings = set()
    for generation in range(1, 6):
        assert reader.search(QUERY, 5, generation) is not None
        spellings.add(reader._name)
    reader.close()
    assert len(spellings) == 1


@pytest.mark.parametrize("suffixes", [{".sqlite3"}, {".bin", ".pickle"}, {".sqlite3", ".bin", ".pickle"}])
@pytest.mark.parametrize("damage", [garbage, empty, half, zeros_at_the_end])
def test_torn_store_is_not_read_and_raises_nothing(
    store: ChromaVectors, tmp_path: Path, damage: Callable[[Path], None], suffixes: set[str]
) -> None:
    store.close()
    damaged = [path for path in (tmp_path / "chroma").rglob("*") if path.suffix in suffixes]
    for path in damaged:
        damage(path)
    reader = ChromaVectors(tmp_path)
    for generation in (1, 2):
        found = reader.search(QUERY, 5, generation)
        assert found is None or {key for key, _ in found} <= set(IDS)
    reader.count()
    try:
        assert reader.ids() <= set(IDS)
    except LibraryDamaged as error:
        assert "pullquote rebuild" in str(error)  # noqa: PT017 - either is right
    reader.clear()
    assert not (tmp_path / "chroma").exists()


def test_failed_opening_does_not_spoil_the_next(store: ChromaVectors, tmp_path: Path) -> None:
    """As when another process changes the files at that moment ("disk I/O error")."""
    store.close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    content = database.read_bytes()
    garbage(database)
    assert ChromaVectors(tmp_path).search(QUERY, 5, generation=1) is None
    database.write_bytes(content)
    reader = ChromaVectors(tmp_path)
    try:
        assert reader.search(QUERY, 5, generation=2) is not None
    finally:
        reader.close()


def test_writer_gets_its_turn_among_readers_that_follow_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stores.locks._PATIENCE_SECONDS", 0.5)
    lock = tmp_path / "vectors.lock"
    with store_lock(lock, exclusive=True):
        pass
    begun, done = threading.Event(), threading.Event()

    def read_without_a_gap() -> None:
        with ExitStack() as held:
            while not done.is_set():
                following = ExitStack()
                if not following.enter_context(store_lock(lock, exclusive=False)):
                    break
                held.close()
                held.push(following.pop_all())
                begun.set()

    readers = threading.Thread(target=read_without_a_gap)
    readers.start()
    try:
        begun.wait()
        with store_lock(lock, exclusive=True) as free:
            assert free
    finally:
        done.set()
        readers.join()


@given(st.integers(0, 60), st.integers(1, 80), st.integers(0, 1000))
def test_exact_scan_equals_brute_force(rows: int, count: int, seed: int) -> None:
    ids, vectors = IDS[:rows], units(rows, seed)
    found = exact_nearest(ids, vectors, QUERY, count)
    expected = brute_force(ids, vectors, count)
    assert [key for key, _ in found] == [key for key, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)
