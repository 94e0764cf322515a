"""The database: revisions, what is visible when, vectors by text, filters, and how a damaged file is reported."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.errors import LibraryDamaged, LibraryError, NotFound
from index.library.database import DATABASE, FORMAT
from index.library.editing import EditableLibrary
from index.library.library import Library
from index.splitting.paragraphs import split_paragraphs
from index.splitting.passages import make_passages
from index.types import Article, Coverage, Filters, Passage, RawArticle
from tests.fakes import FakeEmbedder

FIRST = "The ferry between the two islands will run every hour from Easter, the operator said on Tuesday."
SECOND = "Crossings had been cut to four a day when the older of the two ships went into dock for repairs."
THIRD = "A return ticket will cost nine crowns, one more than before, and bicycles will travel without charge."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[EditableLibrary]:
    with EditableLibrary.create_or_open(tmp_path, "fake", 64) as library:
        yield library


def raw(text: str = f"{FIRST}\n{SECOND}", name: str = "ferry", **details: object) -> RawArticle:
    return RawArticle(text=text, source=f"/articles/{name}.txt", file=f"{name}.txt", **details)  # type: ignore[arg-type]


def write_pending(library: EditableLibrary, article: RawArticle, article_id: str = "ferry") -> Article:
    with library.transaction():
        pending = library.add_pending(article, article_id)
        paragraphs = split_paragraphs(pending)
        library.set_parts(pending, paragraphs, make_passages(pending, paragraphs))
    return pending


def embed(library: EditableLibrary, *articles: Article) -> list[str]:
    """Embed what is missing, and return the texts that were."""
    missing = library.missing_vectors(articles)
    embedder = FakeEmbedder()
    library.store_vectors((key, embedder.vector(text)) for key, text in missing.items())
    return list(missing.values())


def write_live(library: EditableLibrary, article: RawArticle, article_id: str = "ferry") -> Article:
    pending = write_pending(library, article, article_id)
    embed(library, pending)
    library.promote([pending])
    return pending


def passages(article: Article) -> list[Passage]:
    return make_passages(article, split_paragraphs(article))


def test_everything_that_is_known_of_an_article_comes_back(library: EditableLibrary) -> None:
    given = raw(
        title="Ferry “returns”",
        outlet="Sample Wire",
        author="A. Sample",
        url="https://example.org/ferry",
        published=date(2025, 3, 18),
        language="en",
    )
    written = write_live(library, given)
    article = library.article("ferry")
    assert article == written
    assert (article.id, article.revision, article.content_hash) == ("ferry", 1, given.content_hash)
    assert {field.name: getattr(article, field.name) for field in fields(RawArticle)} == {
        field.name: getattr(given, field.name) for field in fields(RawArticle)
    }
    assert library.paragraphs(article) == split_paragraphs(article)
    assert library.passages(article) == passages(article)
    assert library.article_ids(Filters()) == ["ferry"]
    located = library.locate([passage.id for passage in passages(article)])
    assert {key: value.passage for key, value in located.items()} == {part.id: part for part in passages(article)}
    assert {value.article for value in located.values()} == {article}


def test_hash_changes_with_whatever_a_reader_would_see_and_not_with_the_place() -> None:
    base = raw()
    for field, value in {"text": "x", "title": "x", "outlet": "x", "author": "x", "url": "x", "language": "x"}.items():
        assert replace(base, **{field: value}).content_hash != base.content_hash
    assert replace(base, published=date(2025, 1, 1)).content_hash != base.content_hash
    assert replace(base, source="elsewhere", file="other.txt").content_hash == base.content_hash
    assert replace(base, title="x").content_hash != replace(base, outlet="x").content_hash


def test_pending_revision_is_invisible(library: EditableLibrary) -> None:
    live = write_live(library, raw())
    pending = write_pending(library, raw(f"{FIRST}\n{THIRD}"))
    write_pending(library, raw(THIRD, "new"), "new")
    embed(library, *library.pending())
    new_passage = passages(pending)[1]

    assert library.article("ferry") == live
    assert library.articles() == [live]
    with pytest.raises(NotFound):
        library.article("new")
    assert library.passage_ids() == {passage.id for passage in passages(live)}
    assert library.locate([new_passage.id]) == {}
    assert sorted(library.vectors()[0]) == sorted(library.passage_ids())
    assert library.counts() == {"articles": 1, "paragraphs": 2, "passages": 2, "pending": 2, "vectors": 3}
    assert library.coverage(Filters()).articles == 1
    assert [article.id for article in library.pending()] == ["ferry", "new"]
    assert library.passages_named([new_passage.id]) == [new_passage]


def test_promote_replaces_the_live_revision_and_marks_what_is_stale(library: EditableLibrary) -> None:
    old = write_live(library, raw())
    new = write_live(library, raw(f"{FIRST}\n{THIRD}"))
    assert (old.revision, new.revision) == (1, 2)
    assert library.article("ferry") == new
    assert library.pending() == []
    kept, dropped = passages(old)
    assert library.stale() == [dropped.id]
    assert kept.id in library.passage_ids()
    library.clear_stale()
    assert library.stale() == []


def test_earlier_revision_stays_readable_with_its_paragraphs(library: EditableLibrary) -> None:
    old = write_live(library, raw())
    write_live(library, raw(THIRD))
    assert library.article("ferry", revision=1) == old
    assert [part.text for part in library.paragraphs(old)] == [FIRST, SECOND]
    with pytest.raises(NotFound):
        library.article("ferry", revision=3)


def test_pending_revision_is_replaced_by_the_next_one(library: EditableLibrary) -> None:
    write_live(library, raw())
    write_pending(library, raw(SECOND))
    latest = write_pending(library, raw(THIRD))
    assert latest.revision == 2
    assert library.pending() == [latest]
    library.drop_pending("ferry")
    library.drop_pending("ferry")
    assert library.pending() == []
    assert library.article("ferry").revision == 1


def test_retired_article_is_gone_and_its_old_revision_stays(library: EditableLibrary) -> None:
    article = write_live(library, raw())
    write_pending(library, raw(THIRD))
    library.retire(["ferry"])
    assert library.articles() == []
    assert library.pending() == []
    assert library.passage_ids() == set()
    assert sorted(library.stale()) == sorted(passage.id for passage in passages(article))
    assert library.article("ferry", revision=1) == article
    assert [part.text for part in library.paragraphs(article)] == [FIRST, SECOND]
    assert library.has_article_id("ferry")
    assert library.find_by_source(article.source) == (article, "removed")
    assert library.find_by_content(article.content_hash) is None


def test_words_are_found_in_text_title_outlet_and_author_of_live_articles(library: EditableLibrary) -> None:
    write_live(library, raw(title="Fares rise", outlet="Island Post", author="Émile Ærø"))
    assert all(library.mentions([word]) for word in ("FERRY", "rise", "island post", "émile", "ÆRØ"))
    assert library.mentions(["nowhere", "bicycle", "ship"])
    assert not library.mentions(["docks"])
    assert not any(library.mentions([word]) for word in ("%", "_", "!", "ferry%", "ferry.txt"))
    assert not library.mentions([])


def test_failed_transaction_leaves_nothing_behind(library: EditableLibrary) -> None:
    def fail_half_way() -> None:
        with library.transaction():
            library.add_pending(raw(), "ferry")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    assert library.pending() == []


def test_vectors_are_kept_by_text_and_embedded_once(library: EditableLibrary) -> None:
    one = write_pending(library, raw(f"{FIRST}\n{SECOND}", "one"), "one")
    two = write_pending(library, raw(f"{SECOND}\n{THIRD}", "two"), "two")
    assert sorted(embed(library, one, two)) == sorted([FIRST, SECOND, THIRD])
    library.promote([one, two])
    assert library.counts()["vectors"] == 3
    ids, vectors = library.vectors()
    texts = {passage.id: passage.embedded_text for article in (one, two) for passage in passages(article)}
    assert sorted(ids) == sorted(texts)
    for passage_id, vector in zip(ids, vectors, strict=True):
        np.testing.assert_array_equal(vector, FakeEmbedder().vector(texts[passage_id]))


def test_vectors_are_dropped_when_no_passage_uses_them(library: EditableLibrary) -> None:
    write_live(library, raw(f"{FIRST}\n{SECOND}", "one"), "one")
    write_live(library, raw(f"{SECOND}\n{THIRD}", "two"), "two")
    library.retire(["one"])
    assert library.counts()["vectors"] == 2
    write_live(library, raw(THIRD, "two"), "two")
    assert library.counts()["vectors"] == 1
    library.retire(["two"])
    assert library.counts()["vectors"] == 0


def test_vectors_of_some_articles(library: EditableLibrary) -> None:
    one = write_live(library, raw(f"{FIRST}\n{SECOND}", "one"), "one")
    write_live(library, raw(THIRD, "two"), "two")
    ids, vectors = library.vectors(["one"])
    assert sorted(ids) == sorted(passage.id for passage in passages(one))
    assert vectors.shape == (2, 64)
    assert vectors.dtype == np.float32
    ids, vectors = library.vectors([])
    assert ids == []
    assert vectors.shape == (0, 64)
    ids, vectors = library.vectors_of(["unknown", passages(one)[0].id])
    assert ids == [passages(one)[0].id]
    assert library.vectors(["unknown"])[0] == []


def test_live_articles_can_be_found_by_place_and_by_content(library: EditableLibrary) -> None:
    article = write_live(library, raw())
    assert library.find_by_source("/articles/ferry.txt") == (article, "live")
    assert library.find_by_source("/articles/other.txt") is None
    assert library.find_by_content(raw().content_hash) == article
    library.set_source(article, "/articles/moved.txt", "moved.txt")
    assert library.find_by_source("/articles/ferry.txt") is None
    moved = library.article("ferry")
    assert (moved.source, moved.file) == ("/articles/moved.txt", "moved.txt")
    newer = write_pending(library, raw(THIRD, "moved"))
    assert library.find_by_source("/articles/moved.txt") == (newer, "pending")


def test_unknown_article_is_answered_with_near_names(library: EditableLibrary) -> None:
    write_live(library, raw(name="reuters-ceasefire"), "reuters-ceasefire")
    with pytest.raises(NotFound, match="Did you mean reuters-ceasefire"):
        library.article("reuters-cease-fire")
    with pytest.raises(NotFound, match="pullquote list"):
        library.article("zzzz")


def test_every_change_of_the_live_articles_counts_as_a_generation(library: EditableLibrary) -> None:
    assert library.manifest.generation == 0
    write_live(library, raw())
    assert library.manifest.generation == 1
    write_pending(library, raw(THIRD))
    assert library.manifest.generation == 1
    library.retire(["ferry"])
    assert library.manifest.generation == 2


# -- filters


@pytest.fixture
def dated(library: EditableLibrary) -> EditableLibrary:
    for article_id, outlet, published in (
        ("old", "Sample Wire", date(2025, 3, 17)),
        ("middle", "Demo Herald", date(2025, 3, 18)),
        ("new", "sample wire", date(2025, 3, 19)),
        ("undated", "Sample Wire", None),
        ("nameless", None, None),
    ):
        given = raw(f"{FIRST}\n{article_id}", article_id, title=article_id, outlet=outlet, published=published)
        write_live(library, given, article_id)
    return library


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["new", "middle", "old", "nameless", "undated"]),
        (Filters(outlets=("SAMPLE WIRE",)), ["new", "old", "undated"]),
        (Filters(outlets=("sample wire", "Demo Herald")), ["new", "middle", "old", "undated"]),
        (Filters(outlets=("Unknown",)), []),
        (Filters(since=date(2025, 3, 18)), ["new", "middle"]),
        (Filters(until=date(2025, 3, 18)), ["middle", "old"]),
        (Filters(since=date(2025, 3, 18), until=date(2025, 3, 18)), ["middle"]),
        (Filters(since=date(2025, 3, 20)), []),
        (Filters(articles=("old", "nameless", "unknown")), ["old", "nameless"]),
        (Filters(outlets=("Sample Wire",), since=date(2025, 3, 18)), ["new"]),
    ],
)
def test_filters(dated: EditableLibrary, filters: Filters, expected: list[str]) -> None:
    assert [article.id for article in dated.articles(filters)] == expected
    assert sorted(dated.article_ids(filters)) == sorted(expected)
    assert dated.coverage(filters).articles == len(expected)


@pytest.mark.parametrize("asked", ["Известия", "известия"])
def test_outlet_in_another_alphabet_is_found_with_and_without_its_capital(library: EditableLibrary, asked: str) -> None:
    write_live(library, raw(outlet="Известия"))
    assert library.article_ids(Filters(outlets=(asked,))) == ["ferry"]


def test_filters_are_empty_only_without_any_field() -> None:
    assert not Filters()
    for filters in (Filters(("x",)), Filters(since=date.min), Filters(until=date.max), Filters(articles=("x",))):
        assert filters


def test_coverage(dated: EditableLibrary) -> None:
    assert dated.coverage(Filters()) == Coverage(
        articles=5,
        outlets=("Sample Wire", "Demo Herald", "sample wire"),
        first="2025-03-17",
        last="2025-03-19",
        titles=("new", "middle", "old", "nameless", "undated"),
    )
    assert dated.coverage(Filters(articles=("unknown",))) == Coverage(0)


def test_ids_with_quotes_and_wildcards_are_plain_text(library: EditableLibrary) -> None:
    write_live(library, raw(name="a"), "a")
    for odd in ("' OR 1=1 --", "%", "_", '"', "a' --"):
        assert library.article_ids(Filters(articles=(odd,))) == []
        assert library.article_ids(Filters(outlets=(odd,))) == []
        assert library.locate([odd]) == {}
        assert not library.has_article_id(odd)


def test_more_names_than_one_statement_takes(library: EditableLibrary) -> None:
    article = write_live(library, raw())
    ids = [f"unknown-{number}" for number in range(12_000)] + [passages(article)[0].id]
    assert len(library.locate(ids)) == 1
    assert len(library.vectors_of(ids)[0]) == 1
    assert len(library.passages_named(ids)) == 1
    assert len(library.vectors([*ids, "ferry"])[0]) == 2


# -- opening


def test_reader_sees_what_a_writer_commits(library: EditableLibrary, tmp_path: Path) -> None:
    with Library.open(tmp_path) as reader:
        assert reader.articles() == []
        article = write_live(library, raw())
        assert reader.articles() == [article]
        assert reader.manifest.generation == 1


def test_reader_keeps_its_view_out_of_a_transaction_that_is_open(library: EditableLibrary, tmp_path: Path) -> None:
    article = write_live(library, raw())
    with Library.open(tmp_path) as reader, library.transaction():
        library.set_parts(article, [], [])
        assert len(reader.paragraphs(article)) == 2


def test_reader_cannot_write(library: EditableLibrary, tmp_path: Path) -> None:
    with Library.open(tmp_path) as reader, pytest.raises(LibraryError, match="cannot be written"):
        reader._connection.execute("DELETE FROM revision")


def test_reading_leaves_the_folder_as_it_was(library: EditableLibrary, tmp_path: Path) -> None:
    write_live(library, raw())
    library.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".db"}
    with Library.open(tmp_path) as reader:
        assert len(reader.articles()) == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".db"} == before


def test_library_on_a_medium_that_cannot_be_written_is_read(library: EditableLibrary, tmp_path: Path) -> None:
    """On a real read-only mount, for which root is needed; permissions would not stop root."""
    write_live(library, raw())
    library.close()
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    source = tmp_path / "medium"
    source.mkdir()
    shutil.copy(tmp_path / DATABASE, source)
    script = (
        'mount --bind "$1" "$2" && mount -o remount,ro,bind "$2" && '
        'exec "$3" -c "import sys; from pathlib import Path; from index.library.library import Library; '
        'print([a.id for a in Library.open(Path(sys.argv[1])).articles()])" "$2"'
    )
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(source), str(mounted), sys.executable]
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    result = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    if "unshare:" in result.stderr or "mount:" in result.stderr:
        pytest.skip(f"cannot mount here: {result.stderr.strip()}")
    assert result.stdout == "['ferry']\n", result.stderr


def test_folder_without_a_library_is_not_found_and_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"pullquote --library .* add"):
        Library.open(tmp_path)
    with pytest.raises(NotFound):
        Library.open(tmp_path / "missing")
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(NotFound):
        Library.open(tmp_path)


@pytest.mark.parametrize(
    "content", [b"not a database at all " * 400, b"\x00" * 8192, b"SQLite format 3\x00" + b"\xff" * 8192]
)
def test_file_that_is_no_database_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(LibraryDamaged, match="Restore it from a copy"):
        Library.open(tmp_path)
    with pytest.raises(LibraryDamaged):
        EditableLibrary.create_or_open(tmp_path, "fake", 64)
    assert (tmp_path / DATABASE).read_bytes() == content


def test_truncated_database_is_damaged(library: EditableLibrary, tmp_path: Path) -> None:
    library.close()
    path = tmp_path / DATABASE
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(LibraryDamaged):
        Library.open(tmp_path)


def test_damage_in_the_middle_is_reported_by_whatever_meets_it(library: EditableLibrary, tmp_path: Path) -> None:
    for number in range(30):
        write_live(library, raw(f"{FIRST} {number}\n{SECOND}", f"ferry-{number}"), f"ferry-{number}")
    library.close()
    path = tmp_path / DATABASE
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\x5a" * (len(content) - 8192))
    with pytest.raises(LibraryDamaged), Library.open(tmp_path) as reader:
        reader.articles()


@pytest.mark.parametrize("content", [b"", None])
def test_database_that_is_not_ours_is_damaged(tmp_path: Path, content: bytes | None) -> None:
    """An empty file is what a run leaves that was killed in its first millisecond."""
    if content is None:
        connection = sqlite3.connect(tmp_path / DATABASE)
        connection.execute("CREATE TABLE other (value)")
        connection.close()
    else:
        (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises((LibraryDamaged, NotFound)):
        Library.open(tmp_path)


def test_nothing_is_written_into_a_database_that_is_not_ours(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("CREATE TABLE other (value)")
    connection.close()
    with pytest.raises(LibraryDamaged):
        EditableLibrary.create_or_open(tmp_path, "fake", 64)


def change_manifest(path: Path, statement: str, *values: str) -> None:
    connection = sqlite3.connect(path / DATABASE)
    with connection:
        connection.execute(statement, values)
    connection.close()


def test_other_format_is_refused_with_both_numbers(library: EditableLibrary, tmp_path: Path) -> None:
    library.close()
    change_manifest(tmp_path, "UPDATE manifest SET value = ? WHERE key = 'format'", str(FORMAT + 1))
    with pytest.raises(LibraryDamaged, match=f"format {FORMAT + 1}; this version reads format {FORMAT}"):
        Library.open(tmp_path)


def test_later_format_with_a_field_we_do_not_know_is_named_as_such(library: EditableLibrary, tmp_path: Path) -> None:
    library.close()
    change_manifest(tmp_path, "UPDATE manifest SET value = ? WHERE key = 'format'", str(FORMAT + 1))
    change_manifest(tmp_path, "INSERT INTO manifest VALUES (?, ?)", "language", json.dumps("en"))
    with pytest.raises(LibraryDamaged, match=f"format {FORMAT + 1}"):
        Library.open(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM manifest WHERE key = 'format'",
        "UPDATE manifest SET value = 'no json' WHERE key = 'embedder'",
        "DELETE FROM manifest",
    ],
)
def test_manifest_that_lacks_something_is_damaged(library: EditableLibrary, tmp_path: Path, statement: str) -> None:
    library.close()
    change_manifest(tmp_path, statement)
    with pytest.raises(LibraryDamaged):
        Library.open(tmp_path)


def test_library_error_is_what_a_caller_catches() -> None:
    assert issubclass(LibraryDamaged, LibraryError)
