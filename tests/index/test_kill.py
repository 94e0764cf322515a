"""An indexing run that is killed loses nothing and serves nothing half-made, whatever the moment."""

from __future__ import annotations

import multiprocessing
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import NotFound
from index.indexing import Indexer
from index.library.database import DATABASE
from index.library.library import Library
from index.search import Searcher
from tests.fakes import FakeEmbedder
from tests.index import interrupted
from tests.index.agreement import assert_complete, assert_only_whole_articles

ARTICLES = 40
SECONDS_A_BATCH = 0.08
PORTION = 60
"""Passages made searchable together: so few that one run goes through every stage several times."""
RUN_SECONDS = 1.7
"""How long an undisturbed run of `interrupted.add` takes over all articles, here; kills are spread over it."""
EDIT_SECONDS = 1.2
MANY_ARTICLES = 600
MANY_SECONDS = 8.0
ROUNDS = 10

WORDS = "harbour council minister bridge tender wagon signal orchard ferry timber budget museum".split()
Texts = dict[str, set[str]]

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["chromadb", "tests.index.interrupted"])


def text_of(number: int, version: int = 0) -> str:
    """An article with words of its own in every paragraph; versions differ in the second paragraph."""
    own = random.Random(f"article {number}")
    paragraphs = [f"{' '.join(own.choices(WORDS, k=18))} mark{number}x{place}." for place in range(6)]
    paragraphs[1] += f" Version {version} of mark{number}."
    return "\n\n".join(paragraphs)


def write(folder: Path, number: int, version: int = 0) -> tuple[str, str]:
    folder.mkdir(exist_ok=True)
    text = text_of(number, version)
    (folder / f"report-{number:02}.txt").write_text(text)
    return f"report-{number:02}", text


def add(library: Path, folder: Path) -> None:
    with Indexer(library, FakeEmbedder()) as indexer:
        assert not indexer.add([folder]).failed


def killed(target: Callable[..., None], arguments: tuple[Any, ...], after: float | None = None) -> int | None:
    """Run `target` in a process; kill it `after` so many seconds, or let it kill itself. Returns the exit code."""
    if after is None:
        process = processes.Process(target=target, args=arguments)
        process.start()
    else:
        here, there = processes.Pipe(duplex=False)
        process = processes.Process(target=target, args=(*arguments, there))
        process.start()
        here.recv()
        process.join(after)
        process.kill()
        here.close()
        there.close()
    process.join()
    exit_code = process.exitcode
    process.close()
    return exit_code


def assert_every_article_once(library: Path, current: dict[str, str]) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        assert {article.id: article.text for article in searcher.library.articles()} == current
        assert len(searcher.library.articles()) == len(current)
        for article_id, text in current.items():
            assert searcher.search(text.split("\n\n")[4])[0].article.id == article_id


def assert_reader_is_safe(library: Path, known: Texts) -> None:
    try:
        assert_only_whole_articles(library, FakeEmbedder(), known)
    except NotFound:
        assert not (library / DATABASE).exists()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_first_run_that_is_killed_is_finished_by_the_next(tmp_path: Path, seed: int) -> None:
    current = dict(write(tmp_path / "articles", number) for number in range(ARTICLES))
    # One kill in each tenth of the run, at a random moment of it.
    delay = RUN_SECONDS * (seed + random.Random(f"fresh {seed}").random()) / ROUNDS
    print(f"killed after {delay:.3f} s")  # noqa: T201 - pytest shows it on failure
    exit_code = killed(interrupted.add, (tmp_path / "library", tmp_path / "articles", SECONDS_A_BATCH, PORTION), delay)
    assert exit_code in {0, -signal.SIGKILL}

    assert_reader_is_safe(tmp_path / "library", {key: {text} for key, text in current.items()})
    add(tmp_path / "library", tmp_path / "articles")

    assert_complete(tmp_path / "library", FakeEmbedder())
    assert_every_article_once(tmp_path / "library", current)


@pytest.mark.parametrize("half", [0, 1])
def test_growing_library_survives_a_kill_in_every_round(tmp_path: Path, half: int) -> None:
    """In each round most articles are edited and some are new; the next round begins where the kill left off."""
    library, articles = tmp_path / "library", tmp_path / "articles"
    current = dict(write(articles, number) for number in range(ARTICLES // 2))
    known: Texts = {key: {text} for key, text in current.items()}
    add(library, articles)
    chance = random.Random(f"growing {half}")
    for round_number in range(1, ROUNDS // 2 + 1):
        for number in chance.sample(range(len(current)), len(current) * 3 // 4):
            current |= [write(articles, number, round_number)]
        current |= dict(write(articles, number) for number in range(len(current), len(current) + 4))
        for key, text in current.items():
            known.setdefault(key, set()).add(text)
        delay = chance.uniform(0, EDIT_SECONDS)
        print(f"round {round_number}: killed after {delay:.3f} s")  # noqa: T201 - pytest shows it on failure
        exit_code = killed(interrupted.add, (library, articles, SECONDS_A_BATCH, PORTION), delay)
        assert exit_code in {0, -signal.SIGKILL}

        assert_reader_is_safe(library, known)
        if chance.random() < 0.7:  # else the next round finds what this one left
            add(library, articles)
            assert_complete(library, FakeEmbedder())
            assert_every_article_once(library, current)
    add(library, articles)
    assert_complete(library, FakeEmbedder())
    assert_every_article_once(library, current)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_library_so_large_that_chroma_writes_its_graph_survives_a_kill(tmp_path: Path, seed: int) -> None:
    """Below about a thousand vectors Chroma keeps the graph in memory, and there is no file to tear."""
    folder = tmp_path / "articles"
    current: dict[str, str] = {}
    for number in range(MANY_ARTICLES):
        current |= [write(folder, number)]
    chance = random.Random(f"many {seed}")
    for _ in range(2):
        delay = chance.uniform(0.5, MANY_SECONDS)
        print(f"killed after {delay:.3f} s")  # noqa: T201 - pytest shows it on failure
        arguments = (tmp_path / "library", folder, 0.0, 600)
        assert killed(interrupted.add, arguments, delay) in {0, -signal.SIGKILL}
        assert_reader_is_safe(tmp_path / "library", {key: {text} for key, text in current.items()})
    add(tmp_path / "library", folder)
    assert_complete(tmp_path / "library", FakeEmbedder())


SEAMS_OF_ADD = [
    "before EditableLibrary.set_parts",
    "after EditableLibrary.set_parts",
    "before Indexer._publish",
    "after EditableLibrary.store_vectors",
    "before ChromaVectors.delete",
    "after ChromaVectors.delete",
    "after ChromaVectors.add",
    "before TantivyWriter.delete",
    "after TantivyWriter.add",
    "before EditableLibrary.promote",
    "after EditableLibrary._retire",
    "before EditableLibrary.next_generation",
    "after EditableLibrary.promote",
    "before EditableLibrary.clear_stale",
    "after EditableLibrary.clear_stale",
]


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path, dict[str, str]]:
    """A complete library of six articles, with its folder and texts."""
    current = dict(write(tmp_path / "articles", number) for number in range(6))
    add(tmp_path / "library", tmp_path / "articles")
    return tmp_path / "library", tmp_path / "articles", current


@pytest.mark.parametrize("moment", SEAMS_OF_ADD)
def test_add_killed_at_a_seam_is_finished_by_the_next(small: tuple[Path, Path, dict[str, str]], moment: str) -> None:
    library, articles, current = small
    known: Texts = {key: {text} for key, text in current.items()}
    for number in (0, 1, 6, 7):
        key, text = write(articles, number, version=1)
        current[key] = text
        known.setdefault(key, set()).add(text)
    assert killed(interrupted.change, (library, "fake", "add", [articles], moment)) == -signal.SIGKILL

    live = assert_only_whole_articles(library, FakeEmbedder(), known)
    assert live >= {f"report-{number:02}" for number in range(6)}
    add(library, articles)

    assert_complete(library, FakeEmbedder())
    assert_every_article_once(library, current)


@pytest.mark.parametrize(
    ("moment", "vectors_dirty", "stores_dirty"),
    [
        ("before Indexer._to_stores", False, False),
        ("before ChromaVectors.delete", True, True),
        ("after ChromaVectors.add", True, True),
        ("before TantivyWriter.delete", False, True),
        ("after TantivyWriter.add", False, True),
        ("before EditableLibrary.promote", False, False),
    ],
)
def test_manifest_says_which_stores_a_killed_run_was_writing(
    small: tuple[Path, Path, dict[str, str]], moment: str, vectors_dirty: bool, stores_dirty: bool
) -> None:
    library, articles, _ = small
    write(articles, 0, version=1)
    assert killed(interrupted.change, (library, "fake", "add", [articles], moment)) == -signal.SIGKILL
    with Library.open(library) as reader:
        assert (reader.manifest.vectors_dirty, reader.manifest.stores_dirty) == (vectors_dirty, stores_dirty)


@pytest.mark.parametrize(
    "moment", ["before EditableLibrary.retire", "after EditableLibrary.retire", "after ChromaVectors.delete"]
)
def test_remove_killed_at_a_seam_is_finished_by_the_next_change(
    small: tuple[Path, Path, dict[str, str]], moment: str
) -> None:
    library, _, current = small
    assert killed(interrupted.change, (library, "fake", "remove", ["report-03"], moment)) == -signal.SIGKILL

    live = assert_only_whole_articles(library, FakeEmbedder(), {key: {text} for key, text in current.items()})
    assert ("report-03" in live) == (moment == "before EditableLibrary.retire")
    with Indexer.open_existing(library) as indexer:
        indexer.remove([*(["report-03"] if "report-03" in live else []), "report-04"])

    assert_complete(library, FakeEmbedder())
    del current["report-03"], current["report-04"]
    assert_every_article_once(library, current)


@pytest.mark.parametrize("embedder_name", ["fake", "another"])
@pytest.mark.parametrize(
    "moment",
    [
        "before TantivyTerms.clear",
        "after TantivyTerms.clear",
        "before ChromaVectors.clear",
        "after ChromaVectors.clear",
        "after ChromaVectors.add",
        "after TantivyWriter.add",
    ],
)
def test_rebuild_killed_at_a_seam_is_finished_by_the_next(
    small: tuple[Path, Path, dict[str, str]], moment: str, embedder_name: str
) -> None:
    library, articles, current = small
    exit_code = killed(interrupted.change, (library, embedder_name, "rebuild", None, moment))
    assert exit_code == -signal.SIGKILL
    with Library.open(library) as reader:
        assert {article.id: article.text for article in reader.articles()} == current

    embedder = FakeEmbedder(embedder_name)
    with Indexer(library, embedder) as indexer:
        assert sorted(indexer.add([articles]).unchanged) == sorted(current)
    assert_complete(library, embedder)


def test_rebuild_killed_while_it_embeds_leaves_the_library_as_it_was(small: tuple[Path, Path, dict[str, str]]) -> None:
    library, _, current = small
    moment = "after EditableLibrary.store_vectors"
    assert killed(interrupted.change, (library, "another", "rebuild", None, moment)) == -signal.SIGKILL
    assert_complete(library, FakeEmbedder())
    assert_every_article_once(library, current)

    embedder = FakeEmbedder("another")
    with Indexer(library, embedder) as indexer:
        indexer.rebuild()
    assert embedder.embedded == []  # what was embedded before the kill was kept
    assert_complete(library, embedder)
    with Library.open(library) as reader:
        assert reader.counts()["vectors"] == reader.counts()["passages"]
