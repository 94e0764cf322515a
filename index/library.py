"""The library: SQLite holds articles, revisions, paragraphs, passages and vectors, and is the one source of truth."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamaged, LibraryError, NotFound
from index.passages import SETTINGS_VERSION, context_line
from index.types import Article, Coverage, Filters, Kind, Paragraph, Passage, RawArticle

FORMAT = 1
DATABASE = "library.db"
_VARIABLES = 5_000  # placeholders in one statement, well below SQLite's limit

_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE revision (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'live', 'superseded', 'removed')),
    text TEXT NOT NULL, content_hash TEXT NOT NULL, source TEXT NOT NULL, file TEXT NOT NULL,
    title TEXT, outlet TEXT, author TEXT, url TEXT, published TEXT, language TEXT, added_at TEXT NOT NULL,
    PRIMARY KEY (article_id, revision));
CREATE UNIQUE INDEX live_revision ON revision (article_id) WHERE state = 'live';
CREATE UNIQUE INDEX pending_revision ON revision (article_id) WHERE state = 'pending';
CREATE INDEX revision_source ON revision (source);
CREATE INDEX revision_content ON revision (content_hash);
CREATE TABLE paragraph (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL, number INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (article_id, revision, number)) WITHOUT ROWID;
CREATE TABLE passage (
    id TEXT NOT NULL, article_id TEXT NOT NULL, revision INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector_key TEXT NOT NULL,
    PRIMARY KEY (id, revision)) WITHOUT ROWID;
CREATE INDEX passage_article ON passage (article_id, revision);
CREATE INDEX passage_vector ON passage (vector_key);
CREATE TABLE vector (key TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE stale (passage_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_ARTICLE_COLUMNS = (
    "article_id, revision, text, content_hash, source, file, title, outlet, author, url, published, language"
)
# A passage is searchable when its revision is live; one join says so everywhere.
_LIVE = "FROM passage JOIN revision USING (article_id, revision) WHERE revision.state = 'live'"


@dataclass(frozen=True, slots=True)
class Manifest:
    """How the library was made. `generation` counts the changes, so that a reader knows when to look again."""

    format: int
    library_id: str
    embedder: str
    dimension: int
    passage_settings: int
    created: str
    generation: int = 0
    stores_dirty: bool = False
    """Set while Chroma and Tantivy are brought up to date: left so by a killed process, they are compared."""
    vectors_dirty: bool = False
    """Set while the vector store is written: a store left so by a killed process is rebuilt, never trusted."""


@dataclass(frozen=True, slots=True)
class Located:
    """A live passage with the article that it stands in."""

    passage: Passage
    article: Article


class Library:
    """Reads and writes one library's database. Use `Library.open`, and as a context manager."""

    def __init__(self, path: Path, connection: sqlite3.Connection, manifest: Manifest) -> None:
        self.path = path
        self._connection = connection
        self._manifest = manifest

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open an existing library for reading.

        Raises NotFound when there is none, LibraryDamaged when it is not one of ours or cannot be read.
        """
        database = path / DATABASE
        if not database.is_file():
            raise NotFound(f"There is no library at {path}. Make one: pullquote --library {path} add FOLDER")
        return cls._opened(path, _connect_readonly(database))

    @classmethod
    def open_for_writing(cls, path: Path, embedder: str, dimension: int) -> Library:
        """Open a library for writing, and create it when there is none. Hold the writer lock.

        Raises LibraryError when the folder cannot be written to, LibraryDamaged as `open` does.
        """
        database = path / DATABASE
        try:
            connection = sqlite3.connect(database, isolation_level=None, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'manifest'").fetchone()
            if not tables:
                manifest = Manifest(FORMAT, uuid.uuid4().hex, embedder, dimension, SETTINGS_VERSION, _now())
                statements = "".join(
                    f"INSERT INTO manifest VALUES ({_quoted(key)}, {_quoted(json.dumps(value))});"
                    for key, value in asdict(manifest).items()
                )
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {statements} COMMIT;")
        except sqlite3.DatabaseError as error:
            raise _database_error(database, error) from error
        return cls._opened(path, connection)

    @classmethod
    def _opened(cls, path: Path, connection: sqlite3.Connection) -> Library:
        connection.row_factory = sqlite3.Row
        try:
            manifest = _read_manifest(connection)
        except (sqlite3.DatabaseError, TypeError, ValueError) as error:
            connection.close()
            raise _database_error(path / DATABASE, error) from error
        if manifest.format != FORMAT:
            connection.close()
            raise LibraryDamaged(
                f"The library {path} has format {manifest.format}; this version reads format {FORMAT}. "
                "Make it anew from its articles: pullquote --library NEW add FOLDER"
            )
        return cls(path, connection, manifest)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; further calls fail."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen together or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    # -- manifest

    @property
    def manifest(self) -> Manifest:
        """The manifest as it is on disk now."""
        self._manifest = _read_manifest(self._connection)
        return self._manifest

    def update_manifest(self, **changes: object) -> None:
        """Change fields of the manifest."""
        self._connection.executemany(
            "UPDATE manifest SET value = ? WHERE key = ?", [(json.dumps(value), key) for key, value in changes.items()]
        )

    # -- reading articles

    def articles(self, filters: Filters | None = None) -> list[Article]:
        """Return the live articles that pass the filters, newest first, undated ones last."""
        where, values = _filter_clause(filters or Filters())
        rows = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM revision WHERE state = 'live' {where} "
            "ORDER BY published IS NULL, published DESC, article_id",
            values,
        )
        return [_article(row) for row in rows]

    def article_ids(self, filters: Filters) -> list[str]:
        """Return the ids of the live articles that pass the filters."""
        where, values = _filter_clause(filters)
        rows = self._connection.execute(f"SELECT article_id FROM revision WHERE state = 'live' {where}", values)
        return [row["article_id"] for row in rows]

    def coverage(self, filters: Filters) -> Coverage:
        """Return what the live articles that pass the filters are about, with at most eight outlets and six titles."""
        where, values = _filter_clause(filters)
        live = f"FROM revision WHERE state = 'live' {where}"
        count, first, last = self._connection.execute(
            f"SELECT count(*), min(published), max(published) {live}", values
        ).fetchone()
        outlets = self._connection.execute(
            f"SELECT outlet {live} AND outlet IS NOT NULL GROUP BY outlet ORDER BY count(*) DESC, outlet LIMIT 8",
            values,
        )
        titles = self._connection.execute(
            f"SELECT title {live} AND title IS NOT NULL ORDER BY published IS NULL, published DESC, article_id LIMIT 6",
            values,
        )
        return Coverage(count, tuple(row[0] for row in outlets), first, last, tuple(row[0] for row in titles))

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """Return the live revision of an article, or the revision asked for, which may be superseded or removed.

        Raises NotFound with the nearest names.
        """
        condition = "state = 'live'" if revision is None else "revision = ?"
        row = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM revision WHERE article_id = ? AND {condition}",
            (article_id,) if revision is None else (article_id, revision),
        ).fetchone()
        if row is None:
            raise self._unknown_article(article_id)
        return _article(row)

    def _unknown_article(self, article_id: str) -> NotFound:
        import difflib

        ids = [
            row["article_id"]
            for row in self._connection.execute("SELECT article_id FROM revision WHERE state = 'live'")
        ]
        near = difflib.get_close_matches(article_id, ids, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`pullquote list` shows the names."
        return NotFound(f"There is no article {article_id!r} in {self.path}. {hint}")

    def paragraphs(self, article: Article) -> list[Paragraph]:
        """Return the paragraphs of one revision of an article, in order."""
        rows = self._connection.execute(
            "SELECT number, start, end, kind FROM paragraph WHERE article_id = ? AND revision = ? ORDER BY number",
            (article.id, article.revision),
        )
        return [
            Paragraph(
                article.id,
                row["number"],
                article.text[row["start"] : row["end"]],
                row["start"],
                row["end"],
                Kind(row["kind"]),
            )
            for row in rows
        ]

    def find_by_source(self, source: str) -> tuple[Article, str] | None:
        """Return the newest revision that came from a path, with its state, unless the article was removed."""
        row = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS}, state FROM revision WHERE source = ? AND state IN ('live', 'pending') "
            "ORDER BY revision DESC LIMIT 1",
            (source,),
        ).fetchone()
        return (_article(row), row["state"]) if row else None

    def find_by_content(self, content_hash: str) -> Article | None:
        """Return the live or pending article that has exactly this content."""
        row = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM revision WHERE content_hash = ? AND state IN ('live', 'pending') LIMIT 1",
            (content_hash,),
        ).fetchone()
        return _article(row) if row else None

    def has_article_id(self, article_id: str) -> bool:
        """Whether an id is in use, or was."""
        return (
            self._connection.execute("SELECT 1 FROM revision WHERE article_id = ?", (article_id,)).fetchone()
            is not None
        )

    # -- reading passages

    def locate(self, passage_ids: Sequence[str]) -> dict[str, Located]:
        """Return the live passages among `passage_ids`; others are left out."""
        found: dict[str, Located] = {}
        articles: dict[tuple[str, int], Article] = {}
        for part in _parts(passage_ids):
            rows = self._connection.execute(
                f"SELECT passage.id, first, last, start, end, {_ARTICLE_COLUMNS} {_LIVE} AND passage.id IN ({_marks(part)})",
                part,
            )
            for row in rows:
                key = (row["article_id"], row["revision"])
                if key not in articles:
                    articles[key] = _article(row)
                found[row["id"]] = Located(_passage(row, articles[key]), articles[key])
        return found

    def passages_named(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Return the passages with these ids, live or pending; one that is both comes once."""
        found: dict[str, Passage] = {}
        for part in _parts(passage_ids):
            rows = self._connection.execute(
                f"SELECT passage.id, first, last, start, end, {_ARTICLE_COLUMNS} FROM passage "
                f"JOIN revision USING (article_id, revision) WHERE passage.id IN ({_marks(part)})",
                part,
            )
            found |= {row["id"]: _passage(row, _article(row)) for row in rows}
        return list(found.values())

    def passages(self, article: Article) -> list[Passage]:
        """Return the passages of one revision of an article, in reading order."""
        rows = self._connection.execute(
            "SELECT id, first, last, start, end FROM passage WHERE article_id = ? AND revision = ? ORDER BY start",
            (article.id, article.revision),
        )
        return [_passage(row, article) for row in rows]

    def passage_ids(self) -> set[str]:
        """Return the ids of all live passages."""
        return {row["id"] for row in self._connection.execute(f"SELECT passage.id {_LIVE}")}

    def counts(self) -> dict[str, int]:
        """Count live articles, their paragraphs and passages, pending articles and vectors."""
        queries = {
            "articles": "SELECT count(*) FROM revision WHERE state = 'live'",
            "paragraphs": "SELECT count(*) FROM paragraph JOIN revision USING (article_id, revision) WHERE state = 'live'",
            "passages": f"SELECT count(*) {_LIVE}",
            "pending": "SELECT count(*) FROM revision WHERE state = 'pending'",
            "vectors": "SELECT count(*) FROM vector",
        }
        return {name: int(self._connection.execute(query).fetchone()[0]) for name, query in queries.items()}

    # -- vectors

    def vectors(self, article_ids: Sequence[str] | None = None) -> tuple[list[str], NDArray[np.float32]]:
        """Return ids and vectors of the live passages, of all articles or of some: shape (count, dimension)."""
        query = "SELECT passage.id, data FROM vector JOIN passage ON vector.key = passage.vector_key JOIN revision USING (article_id, revision) WHERE revision.state = 'live'"
        if article_ids is None:
            rows = self._connection.execute(query).fetchall()
        else:
            rows = []
            for part in _parts(article_ids):
                rows += self._connection.execute(f"{query} AND article_id IN ({_marks(part)})", part).fetchall()
        return _matrix(rows, self._manifest.dimension)

    def vectors_of(self, passage_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Return ids and vectors of the named passages; those without a vector are left out."""
        rows: list[sqlite3.Row] = []
        for part in _parts(passage_ids):
            rows += self._connection.execute(
                f"SELECT DISTINCT passage.id, data FROM passage JOIN vector ON key = vector_key WHERE passage.id IN ({_marks(part)})",
                part,
            ).fetchall()
        return _matrix(rows, self._manifest.dimension)

    def missing_vectors(self, articles: Sequence[Article]) -> dict[str, str]:
        """Return the texts to embed, by vector key, for the given revisions."""
        missing: dict[str, str] = {}
        for article in articles:
            rows = self._connection.execute(
                "SELECT id, first, last, start, end, vector_key FROM passage LEFT JOIN vector ON key = vector_key "
                "WHERE article_id = ? AND revision = ? AND key IS NULL",
                (article.id, article.revision),
            )
            missing |= {row["vector_key"]: _passage(row, article).embedded_text for row in rows}
        return missing

    def store_vectors(self, vectors: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        """Keep vectors by key; they survive whatever happens next, so that no text is embedded twice."""
        with self.transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                [(key, np.ascontiguousarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors],
            )

    def forget_vectors(self) -> None:
        """Drop every vector, when another embedder takes over."""
        self._connection.execute("DELETE FROM vector")

    # -- writing articles: pending, then live, then the old passages are stale

    def add_pending(self, raw: RawArticle, article_id: str) -> Article:
        """Write a new revision that nobody sees yet; a pending one of the same article is replaced."""
        connection = self._connection
        self.drop_pending(article_id)
        (last,) = connection.execute(
            "SELECT coalesce(max(revision), 0) FROM revision WHERE article_id = ?", (article_id,)
        ).fetchone()
        article = Article(
            id=article_id, revision=last + 1, text=raw.text, content_hash=raw.content_hash, source=raw.source, file=raw.file,
            title=raw.title, outlet=raw.outlet, author=raw.author, url=raw.url, published=raw.published, language=raw.language,
        )  # fmt: skip
        connection.execute(
            f"INSERT INTO revision ({_ARTICLE_COLUMNS}, state, added_at) VALUES ({_marks(range(14))})",
            (
                article.id, article.revision, article.text, article.content_hash, article.source, article.file, article.title, article.outlet,
                article.author, article.url, article.published.isoformat() if article.published else None, article.language, "pending", _now(),
            ),
        )  # fmt: skip
        return article

    def drop_pending(self, article_id: str) -> None:
        """Forget a revision that has not gone live."""
        row = self._connection.execute(
            "SELECT revision FROM revision WHERE article_id = ? AND state = 'pending'", (article_id,)
        ).fetchone()
        if row:
            for table in ("passage", "paragraph", "revision"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", (article_id, row["revision"])
                )

    def set_parts(self, article: Article, paragraphs: Sequence[Paragraph], passages: Sequence[Passage]) -> None:
        """Write the paragraphs and passages of a revision in place of any it has."""
        key = (article.id, article.revision)
        for table in ("passage", "paragraph"):
            self._connection.execute(f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", key)
        self._connection.executemany(
            "INSERT INTO paragraph VALUES (?, ?, ?, ?, ?, ?)",
            [(*key, part.number, part.start, part.end, part.kind.value) for part in paragraphs],
        )
        self._connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(part.id, *key, part.first, part.last, part.start, part.end, part.vector_key) for part in passages],
        )

    def pending(self) -> list[Article]:
        """Return the revisions that are written but not live, in the order in which they came."""
        rows = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM revision WHERE state = 'pending' ORDER BY added_at, article_id"
        )
        return [_article(row) for row in rows]

    def promote(self, articles: Sequence[Article]) -> None:
        """Make pending revisions live and note which passages of the earlier ones are stale, all in one transaction."""
        with self.transaction():
            for article in articles:
                self._retire(article.id, "superseded", keep_revision=article.revision)
                self._connection.execute(
                    "UPDATE revision SET state = 'live' WHERE article_id = ? AND revision = ?",
                    (article.id, article.revision),
                )
            self._next_generation()

    def retire(self, article_ids: Sequence[str]) -> None:
        """Remove articles: their revisions stay readable for old citations, their passages are stale."""
        with self.transaction():
            for article_id in article_ids:
                self.drop_pending(article_id)
                self._retire(article_id, "removed", keep_revision=None)
            self._next_generation()

    def _retire(self, article_id: str, state: str, keep_revision: int | None) -> None:
        live = self._connection.execute(
            "SELECT revision FROM revision WHERE article_id = ? AND state = 'live'", (article_id,)
        ).fetchone()
        if live is None:
            return
        old = (article_id, live["revision"])
        self._connection.execute(
            "INSERT OR IGNORE INTO stale SELECT id FROM passage WHERE article_id = ? AND revision = ? "
            "AND id NOT IN (SELECT id FROM passage WHERE article_id = ? AND revision = ?)",
            (*old, article_id, -1 if keep_revision is None else keep_revision),
        )
        keys = [
            row["vector_key"]
            for row in self._connection.execute(
                "SELECT vector_key FROM passage WHERE article_id = ? AND revision = ?", old
            )
        ]
        self._connection.execute("DELETE FROM passage WHERE article_id = ? AND revision = ?", old)
        self._connection.executemany(
            "DELETE FROM vector WHERE key = ? AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_key = key)",
            [(key,) for key in keys],
        )
        self._connection.execute("UPDATE revision SET state = ? WHERE article_id = ? AND revision = ?", (state, *old))

    def _next_generation(self) -> None:
        self._connection.execute("UPDATE manifest SET value = value + 1 WHERE key = 'generation'")

    def set_source(self, article: Article, source: str, file: str) -> None:
        """Record that the file of an article has moved."""
        self._connection.execute(
            "UPDATE revision SET source = ?, file = ? WHERE article_id = ? AND revision = ?",
            (source, file, article.id, article.revision),
        )

    def stale(self) -> list[str]:
        """Return the ids of passages that may still stand in the derived stores."""
        return [row["passage_id"] for row in self._connection.execute("SELECT passage_id FROM stale")]

    def clear_stale(self) -> None:
        """Say that the derived stores have dropped the stale passages."""
        self._connection.execute("DELETE FROM stale")


def _connect_readonly(database: Path) -> sqlite3.Connection:
    """Open read-only; on a medium that cannot be written at all, SQLite needs to be told that nothing changes."""
    uri = database.resolve().as_uri()
    for options in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(f"{uri}?{options}", uri=True, isolation_level=None, timeout=30)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
        except sqlite3.DatabaseError as error:
            connection.close()
            raise _database_error(database, error) from error
        else:
            return connection
    raise LibraryError(
        f"{database} cannot be opened. Check the permissions of the folder, or choose another with --library."
    )


def _database_error(database: Path, error: Exception) -> LibraryError:
    if isinstance(error, sqlite3.OperationalError):
        return LibraryError(
            f"{database} cannot be written ({error}). Make the folder writable and check the disk's space, or choose another with --library."
        )
    return LibraryDamaged(
        f"{database} is not a library that can be read ({error}). Restore it from a copy, or make a new one with --library NEW."
    )


def _read_manifest(connection: sqlite3.Connection) -> Manifest:
    return Manifest(**{row[0]: json.loads(row[1]) for row in connection.execute("SELECT key, value FROM manifest")})


def _filter_clause(filters: Filters) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    if filters.outlets:
        clauses.append(f"lower(outlet) IN ({_marks(filters.outlets)})")
        values += [outlet.lower() for outlet in filters.outlets]
    if filters.articles:
        clauses.append(f"article_id IN ({_marks(filters.articles)})")
        values += filters.articles
    if filters.since:
        clauses.append("published >= ?")
        values.append(filters.since.isoformat())
    if filters.until:
        clauses.append("published <= ?")
        values.append(filters.until.isoformat())
    return "".join(f" AND {clause}" for clause in clauses), values


def _article(row: sqlite3.Row) -> Article:
    return Article(
        id=row["article_id"], revision=row["revision"], text=row["text"], content_hash=row["content_hash"], source=row["source"],
        file=row["file"], title=row["title"], outlet=row["outlet"], author=row["author"], url=row["url"],
        published=date.fromisoformat(row["published"]) if row["published"] else None, language=row["language"],
    )  # fmt: skip


def _passage(row: sqlite3.Row, article: Article) -> Passage:
    text = article.text[row["start"] : row["end"]]
    context = context_line(article)
    embedded_text = f"{context}\n{text}" if context else text
    return Passage(row["id"], article.id, row["first"], row["last"], row["start"], row["end"], text, embedded_text)


def _matrix(rows: Sequence[sqlite3.Row], dimension: int) -> tuple[list[str], NDArray[np.float32]]:
    data = b"".join(row["data"] for row in rows)
    return [row["id"] for row in rows], np.frombuffer(data, dtype=np.float32).reshape(len(rows), dimension)


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _VARIABLES):
        yield values[start : start + _VARIABLES]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
