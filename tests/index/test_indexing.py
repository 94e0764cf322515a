"""Adding, updating, moving, removing and rebuilding; only what changed is embedded again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from index.embedding.protocol import Vectors
from index.errors import ConfigError, LibraryError, LibraryLocked, NotFound, UsageError
from index.indexing import Indexer, slug
from index.library.database import DATABASE
from index.library.library import Library
from index.progress import AddReport
from index.reading import readers
from index.search import Searcher
from tests.fakes import FakeEmbedder
from tests.index.agreement import assert_complete

PARAGRAPHS = (
    "The harbour council voted on Monday to rebuild the northern breakwater before the autumn storms arrive.",
    "Work is to begin in May and to cost 12.4 million crowns, the mayor told reporters after the vote.",
    "Fishermen had asked for the repair since a wave tore out forty metres of the wall two winters ago.",
    "An earlier plan was dropped when the quarry that was to deliver the granite closed without notice.",
)
OTHER = "The orchard cooperative will press its own cider again, seven years after the old mill burned down.\n"


class Folder:
    """A library with a folder of articles beside it."""

    def __init__(self, path: Path) -> None:
        self.articles = path / "articles"
        self.articles.mkdir()
        self.library = path / "library"
        self.embedder = FakeEmbedder()

    def write(self, name: str, text: str | Iterable[str]) -> Path:
        path = self.articles / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else "\n\n".join(text))
        return path

    def add(self, *paths: Path) -> AddReport:
        with Indexer(self.library, self.embedder) as indexer:
            return indexer.add(paths or [self.articles])

    def add_and_check(self, *paths: Path) -> AddReport:
        report = self.add(*paths)
        assert_complete(self.library, self.embedder)
        return report

    def remove(self, *article_ids: str) -> None:
        with Indexer.open_existing(self.library) as indexer:
            indexer.remove(article_ids)
        assert_complete(self.library, self.embedder)

    def texts(self) -> dict[str, str]:
        with Library.open(self.library) as library:
            return {article.id: article.text for article in library.articles()}

    def first(self, question: str) -> str:
        with Searcher.open(self.library, self.embedder) as searcher:
            return searcher.search(question)[0].article.id


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def only(field: str, *ids: str) -> AddReport:
    return AddReport(**{field: list(ids)})


def test_new_articles_are_added_and_found(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.write("deeper/down/orchard.txt", OTHER)
    report = folder.add_and_check()
    assert report == only("added", "orchard", "harbour")
    assert sorted(folder.embedder.embedded) == sorted([*PARAGRAPHS, OTHER.strip()])
    assert folder.first("granite from the quarry") == "harbour"
    assert folder.first("cider mill") == "orchard"


def test_second_run_changes_nothing_and_embeds_nothing(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    with Library.open(folder.library) as library:
        before = library.manifest
    folder.embedder.embedded.clear()
    assert folder.add_and_check() == only("unchanged", "harbour")
    with Library.open(folder.library) as library:
        assert library.manifest == before
    assert folder.embedder.embedded == []


def test_of_a_changed_article_only_the_changed_paragraphs_are_embedded(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    changed = PARAGRAPHS[1].replace("12.4", "13.9")
    folder.write("harbour.txt", [PARAGRAPHS[0], changed, *PARAGRAPHS[2:]])
    assert folder.add_and_check() == only("updated", "harbour")
    assert folder.embedder.embedded == [changed]
    with Library.open(folder.library) as library:
        assert library.article("harbour").revision == 2
        assert "12.4" in library.article("harbour", revision=1).text


def test_paragraph_in_front_moves_the_others_without_embedding_them(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    folder.write("harbour.txt", [OTHER.strip(), *PARAGRAPHS])
    folder.add_and_check()
    assert folder.embedder.embedded == [OTHER.strip()]


def test_changed_title_embeds_all_paragraphs_again(folder: Folder) -> None:
    body = "\n\n".join(PARAGRAPHS)
    folder.write("harbour.md", f"---\ntitle: Breakwater\n---\n{body}")
    folder.add()
    folder.embedder.embedded.clear()
    folder.write("harbour.md", f"---\ntitle: Council rebuilds breakwater\n---\n{body}")
    assert folder.add_and_check() == only("updated", "harbour")
    assert len(folder.embedder.embedded) == len(PARAGRAPHS)


def test_same_paragraph_in_two_articles_is_embedded_once(folder: Folder) -> None:
    folder.write("one.txt", PARAGRAPHS[:2])
    folder.write("two.txt", PARAGRAPHS[1:])
    folder.add_and_check()
    assert sorted(folder.embedder.embedded) == sorted(PARAGRAPHS)


def test_moved_file_keeps_its_article(folder: Folder) -> None:
    old = folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    new = old.rename(folder.articles / "breakwater.txt")
    assert folder.add_and_check() == only("unchanged", "harbour")
    with Library.open(folder.library) as library:
        assert library.article("harbour").source == str(new)
        assert library.article("harbour").file == "breakwater.txt"
    folder.write("breakwater.txt", PARAGRAPHS[:2])
    assert folder.add_and_check() == only("updated", "harbour")


def test_copy_beside_the_original_is_a_duplicate(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.write("harbour-copy.txt", PARAGRAPHS)
    report = folder.add_and_check()
    assert report == AddReport(added=["harbour-copy"], duplicates=["harbour-copy"])
    assert len(folder.texts()) == 1


def test_file_that_makes_room_for_another_under_its_name_stays_in_the_library(folder: Folder) -> None:
    """As rolling names do: today.txt becomes yesterday.txt, and there is a new today.txt."""
    today = folder.write("today.txt", PARAGRAPHS)
    folder.add()
    today.rename(folder.articles / "yesterday.txt")
    folder.write("today.txt", OTHER)
    folder.add()
    assert sorted(folder.texts().values()) == sorted(["\n\n".join(PARAGRAPHS), OTHER])


def test_number_sign_in_a_path_is_not_a_row_of_a_table(folder: Folder) -> None:
    old = folder.write("#1 harbour.txt", PARAGRAPHS)
    assert folder.add_and_check() == only("added", "1-harbour")
    old.rename(folder.articles / "breakwater.txt")
    assert folder.add_and_check() == only("unchanged", "1-harbour")


def test_articles_of_one_name_get_different_ids(folder: Folder) -> None:
    folder.write("a/report.txt", PARAGRAPHS)
    folder.write("b/report.txt", OTHER)
    assert folder.add_and_check() == only("added", "report", "report-2")


def test_removed_article_is_gone_and_its_text_still_resolves(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.write("orchard.txt", OTHER)
    folder.add()
    folder.remove("harbour")
    assert folder.texts().keys() == {"orchard"}
    assert folder.first("granite from the quarry") == "orchard"
    with Library.open(folder.library) as library:
        assert library.article("harbour", revision=1).text == "\n\n".join(PARAGRAPHS)
        with pytest.raises(NotFound, match="harbour"):
            library.article("harbour")


def test_removed_article_that_is_added_again_comes_back_under_its_id(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.remove("harbour")
    assert folder.add_and_check() == only("added", "harbour")
    with Library.open(folder.library) as library:
        assert library.article("harbour").revision == 2
    assert folder.first("granite from the quarry") == "harbour"


def test_removed_article_is_put_back_without_its_file(folder: Folder) -> None:
    file = folder.write("harbour.txt", PARAGRAPHS)
    folder.write("orchard.txt", OTHER)
    folder.add()
    folder.remove("harbour")
    file.unlink()
    with Library.open(folder.library) as library:
        before = library.article("harbour", 1)
        assert [article.id for article in library.removed()] == ["harbour"]
    with Indexer(folder.library, folder.embedder) as indexer:
        restored = indexer.restore("harbour")
    assert (restored.raw, restored.revision) == (before.raw, 2)
    assert_complete(folder.library, folder.embedder)
    with Library.open(folder.library) as library:
        assert library.removed() == []
        assert "breakwater" in library.article("harbour").text


def test_article_that_was_being_put_back_when_all_ended_is_finished_by_the_next_run(folder: Folder) -> None:
    class Failing(FakeEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            raise LibraryError("the endpoint is gone")

    folder.write("harbour.txt", PARAGRAPHS)
    other = folder.write("orchard.txt", OTHER)
    folder.add()
    folder.remove("harbour")
    with Indexer(folder.library, Failing()) as indexer, pytest.raises(LibraryError, match="endpoint"):
        indexer.restore("harbour")
    folder.add_and_check(other)
    with Library.open(folder.library) as library:
        assert library.article("harbour").revision == 2


def test_only_what_was_removed_and_is_in_under_no_other_name_is_put_back(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    with Indexer(folder.library, folder.embedder) as indexer:
        with pytest.raises(NotFound, match="was removed"):
            indexer.restore("harbour")
        indexer.remove(["harbour"])
        indexer.add([folder.write("copy.txt", PARAGRAPHS)])
        with pytest.raises(UsageError, match="already, as copy"):
            indexer.restore("harbour")


def test_removing_an_unknown_article_removes_none(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    with Indexer.open_existing(folder.library) as indexer, pytest.raises(NotFound, match="harbour"):
        indexer.remove(["harbour", "harbor"])
    assert folder.texts().keys() == {"harbour"}


def test_article_whose_file_is_deleted_stays_until_it_is_removed(folder: Folder) -> None:
    harbour = folder.write("harbour.txt", PARAGRAPHS)
    folder.write("orchard.txt", OTHER)
    folder.add()
    harbour.unlink()
    assert folder.add_and_check() == only("unchanged", "orchard")
    assert folder.texts().keys() == {"harbour", "orchard"}


def test_bad_file_is_reported_and_does_not_stop_the_others(folder: Folder) -> None:
    folder.write("a-harbour.txt", PARAGRAPHS)
    (folder.articles / "b-broken.docx").write_bytes(b"PK\x03\x04 no archive")
    (folder.articles / "c-empty.txt").touch()
    folder.write("d-orchard.txt", OTHER)
    report = folder.add_and_check()
    assert report.added == ["a-harbour", "d-orchard"]
    assert [Path(item.source).name for item in report.failed] == ["b-broken.docx", "c-empty.txt"]


def test_file_that_disappears_during_the_run_is_reported(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a-harbour.txt", PARAGRAPHS)
    folder.write("b-gone.txt", OTHER)
    folder.write("c-orchard.txt", OTHER)
    gone = folder.articles / "b-gone.txt"

    def find_then_lose(paths: Sequence[Path]) -> list[Path]:
        found = readers.find_files(paths)
        gone.unlink()
        return found

    monkeypatch.setattr("index.indexing.find_files", find_then_lose)
    report = folder.add_and_check()
    assert report.added == ["a-harbour", "c-orchard"]
    assert [item.source for item in report.failed] == [str(gone)]


def test_unreadable_update_leaves_the_last_good_revision(folder: Folder) -> None:
    path = folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    path.write_bytes(b"\x00\x01\x02 binary")
    report = folder.add_and_check()
    assert [item.source for item in report.failed] == [str(path)]
    assert folder.texts() == {"harbour": "\n\n".join(PARAGRAPHS)}


def test_rows_of_a_table_are_articles_and_update_by_key(folder: Folder) -> None:
    folder.write("news.csv", f'id,title,text\n7,Harbour,"{PARAGRAPHS[0]}"\n8,Orchard,"{OTHER.strip()}"\n')
    assert folder.add_and_check() == only("added", "harbour", "orchard")
    folder.write("news.csv", f'id,title,text\n7,Harbour,"{PARAGRAPHS[1]}"\n8,Orchard,"{OTHER.strip()}"\n')
    report = folder.add_and_check()
    assert (report.updated, report.unchanged) == (["harbour"], ["orchard"])


def test_empty_folder_is_a_usage_error_and_unknown_path_not_found(folder: Folder) -> None:
    with pytest.raises(UsageError, match="nothing in this folder"):
        folder.add()
    with pytest.raises(NotFound, match="no such file"):
        folder.add(folder.articles / "missing")


def test_failing_embedder_loses_nothing_that_was_embedded(folder: Folder) -> None:
    class Failing(FakeEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> object:  # type: ignore[override]
            if len(self.embedded) >= 64:
                raise LibraryError("The endpoint is down.")
            return super().embed_passages(texts)

    lines = [f"Paragraph {number} of the report on the harbour, the orchard and the mill." for number in range(100)]
    folder.write("harbour.txt", lines)
    with Indexer(folder.library, Failing()) as indexer, pytest.raises(LibraryError, match="endpoint"):
        indexer.add([folder.articles])
    assert folder.texts() == {}
    folder.add_and_check()
    assert len(folder.embedder.embedded) == 100 - 64
    assert folder.texts().keys() == {"harbour"}


def test_writer_that_comes_second_is_told_who_holds_the_lock(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    holder_code = (
        "import sys; from pathlib import Path\n"
        "from index.indexing import Indexer; from tests.fakes import FakeEmbedder\n"
        "with Indexer(Path(sys.argv[1]), FakeEmbedder()):\n    print('holding', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder_code, str(folder.library)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        with pytest.raises(LibraryLocked, match=f"process {holder.pid}"):
            folder.add()
        assert folder.first("granite from the quarry") == "harbour"  # readers are not kept out
        holder.kill()
    folder.write("orchard.txt", OTHER)
    assert folder.add_and_check().added == ["orchard"]


def test_other_embedder_is_refused_with_the_command_that_helps(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    for other in (FakeEmbedder("another"), FakeEmbedder(dimension=32)):
        with Indexer(folder.library, other) as indexer, pytest.raises(ConfigError, match=r"pullquote .*rebuild"):
            indexer.add([folder.articles])
    assert_complete(folder.library, folder.embedder)


def test_rebuild_with_another_embedder_embeds_all_anew(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.write("orchard.txt", OTHER)
    folder.add()
    folder.embedder = FakeEmbedder("another", dimension=32)
    with Indexer(folder.library, folder.embedder) as indexer:
        assert indexer.rebuild() == 5
    assert_complete(folder.library, folder.embedder)
    assert sorted(folder.embedder.embedded) == sorted([*PARAGRAPHS, OTHER.strip()])
    assert folder.first("cider mill") == "orchard"
    assert folder.add_and_check().unchanged == ["harbour", "orchard"]


def test_rebuild_with_an_embedder_of_the_same_name_and_other_dimension(folder: Folder) -> None:
    """A LlamaIndex class with other options, or another model behind the same endpoint."""
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder = FakeEmbedder(dimension=32)
    with Indexer(folder.library, folder.embedder) as indexer:
        assert indexer.rebuild() == 4
    assert_complete(folder.library, folder.embedder)


def test_rebuild_with_the_same_embedder_embeds_nothing(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    with Indexer(folder.library, folder.embedder) as indexer:
        assert indexer.rebuild() == 4
    assert_complete(folder.library, folder.embedder)
    assert folder.embedder.embedded == []


def test_rebuild_that_fails_leaves_the_last_good_state(folder: Folder) -> None:
    class Failing(FakeEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> object:  # type: ignore[override]
            raise LibraryError("Out of quota.")

    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    with Indexer(folder.library, Failing("another")) as indexer, pytest.raises(LibraryError, match="quota"):
        indexer.rebuild()
    assert folder.first("granite from the quarry") == "harbour"


def lose(folder: Path) -> None:
    shutil.rmtree(folder)


def fill_with_garbage(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"\xde\xad" * 2048)


def empty_files(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"")


STORES = ["chroma", "tantivy"]


@pytest.mark.parametrize("damage", [lose, fill_with_garbage, empty_files])
@pytest.mark.parametrize("store", STORES)
def test_rebuild_restores_a_damaged_store(folder: Folder, store: str, damage: Callable[[Path], None]) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    damage(folder.library / store)
    with Indexer(folder.library, folder.embedder) as indexer:
        indexer.rebuild()
    assert_complete(folder.library, folder.embedder)
    assert folder.embedder.embedded == []
    assert folder.first("granite from the quarry") == "harbour"


@pytest.mark.parametrize("stores", [["chroma"], ["tantivy"], STORES])
def test_add_notices_that_a_store_is_gone(folder: Folder, stores: list[str]) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    for store in stores:
        shutil.rmtree(folder.library / store)
    assert folder.first("granite from the quarry") == "harbour"
    assert folder.add_and_check() == only("unchanged", "harbour")
    assert folder.embedder.embedded == []


@pytest.mark.parametrize("damage", [fill_with_garbage, empty_files])
def test_add_mends_vectors_that_cannot_be_read(folder: Folder, damage: Callable[[Path], None]) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.embedder.embedded.clear()
    damage(folder.library / "chroma")
    assert folder.add_and_check() == only("unchanged", "harbour")
    assert folder.embedder.embedded == []


def test_search_works_while_the_vector_store_is_dirty(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.write("orchard.txt", OTHER)
    folder.add()
    with sqlite3.connect(folder.library / DATABASE) as connection:
        connection.execute("UPDATE manifest SET value = 'true' WHERE key = 'vectors_dirty'")
    connection.close()
    fill_with_garbage(folder.library / "chroma")
    with Searcher.open(folder.library, folder.embedder) as searcher:
        hit = searcher.search(PARAGRAPHS[3])[0]
    assert hit.article.id == "harbour"
    assert hit.passage.first == 4
    assert hit.dense_rank == 1
    assert hit.dense_score == pytest.approx(1.0)
    assert folder.add_and_check().unchanged == ["harbour", "orchard"]


def test_vectors_of_replaced_text_are_dropped(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    folder.add()
    folder.write("harbour.txt", PARAGRAPHS[:1])
    folder.add()
    with Library.open(folder.library) as library:
        assert library.counts()["vectors"] == 1


def test_two_articles_may_swap_their_files(folder: Folder) -> None:
    folder.write("a.txt", PARAGRAPHS)
    folder.write("b.txt", OTHER)
    folder.add()
    folder.embedder.embedded.clear()
    folder.write("a.txt", OTHER)
    folder.write("b.txt", PARAGRAPHS)
    assert folder.add_and_check() == only("updated", "a", "b")
    assert folder.texts() == {"a": OTHER, "b": "\n\n".join(PARAGRAPHS)}
    assert folder.embedder.embedded == []


def test_article_may_be_removed_and_added_within_one_session(folder: Folder) -> None:
    folder.write("harbour.txt", PARAGRAPHS)
    with Indexer(folder.library, folder.embedder) as indexer:
        for _ in range(2):
            assert indexer.add([folder.articles]).added == ["harbour"]
            indexer.remove(["harbour"])
        indexer.add([folder.articles])
    assert_complete(folder.library, folder.embedder)


def test_progress_reports_every_file_and_every_text(folder: Folder) -> None:
    class Recorded:
        def __init__(self) -> None:
            self.stages: list[tuple[str, int]] = []
            self.steps: list[int] = []

        def start(self, what: str, total: int) -> None:
            self.stages.append((what, total))
            self.steps.append(0)

        def advance(self, steps: int) -> None:
            self.steps[-1] += steps

    folder.write("harbour.txt", PARAGRAPHS)
    folder.write("orchard.txt", OTHER)
    progress = Recorded()
    with Indexer(folder.library, folder.embedder, progress) as indexer:
        indexer.add([folder.articles])
    assert progress.stages == [("Reading", 2), ("Embedding", 5)]
    assert progress.steps == [2, 5]


def test_library_folder_that_cannot_be_made_is_one_clear_error(folder: Folder) -> None:
    blocking = folder.write("file", "x")
    with pytest.raises(LibraryError, match="--library"), Indexer(blocking / "library", folder.embedder):
        pass


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reuters: Ceasefire, day 2", "reuters-ceasefire-day-2"),
        ("Élysée — communiqué", "elysee-communique"),
        ("snake_case.v2", "snake_case-v2"),
        ("Перемирие", ""),
        ("long " * 20, "long-" * 11 + "long"),
        ("x" * 80, "x" * 60),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected
