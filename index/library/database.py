"""The library's database file: its tables, its manifest, and how it is opened."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from index.errors import LibraryDamaged, LibraryError, NotFound
from index.library.sqlite import Connection, connect
from index.splitting.passages import SETTINGS_VERSION

FORMAT = 1
DATABASE = "library.db"

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
    id TEXT NOT NULL, article_id TEXT NOT NULL, revision INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector_key TEXT NOT NULL,
    PRIMARY KEY (id, revision)) WITHOUT ROWID;
CREATE INDEX passage_article ON passage (article_id, revision);
CREATE INDEX passage_vector ON passage (vector_key);
CREATE TABLE vector (key TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE stale (passage_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


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


def open_readonly(path: Path) -> Connection:
    """Open the database of an existing library for reading.

    Raises NotFound when there is none, LibraryDamaged when it is not one of ours, LibraryError when it cannot be read.
    """
    database = path / DATABASE
    if not database.is_file() or not database.stat().st_size:
        raise NotFound(f"There is no library at {path}. Make one: pullquote --library {path} add FOLDER")
    return _checked(_connect_readonly(database), path)


def open_writable(path: Path, embedder: str, dimension: int) -> Connection:
    """Open the database for writing, and create it when there is none.

    Raises LibraryError when the folder cannot be written to, LibraryDamaged when the file is not one of ours.
    """
    database = path / DATABASE
    connection = _connect(database, str(database))
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables:
        _checked(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if not tables:
        manifest = Manifest(FORMAT, uuid.uuid4().hex, embedder, dimension, SETTINGS_VERSION, now())
        statements = "".join(
            f"INSERT INTO manifest VALUES ({_quoted(key)}, {_quoted(json.dumps(value))});"
            for key, value in asdict(manifest).items()
        )
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {statements} COMMIT;")
    return connection


def _checked(connection: Connection, path: Path) -> Connection:
    """Return a connection to one of our databases, of our format; close any other."""
    try:
        found = connection.execute("SELECT value FROM manifest WHERE key = 'format'").fetchone()
        if found is not None and json.loads(found[0]) != FORMAT:
            raise LibraryDamaged(
                f"The library {path} has format {json.loads(found[0])}; this version reads format {FORMAT}. "
                "Make it anew from its articles: pullquote --library NEW add FOLDER"
            )
        read_manifest(connection)
    except (TypeError, ValueError) as error:
        connection.close()
        raise _database_error(path / DATABASE, error) from error
    except LibraryError:
        connection.close()
        raise
    return connection


def _connect(database: Path, target: str, *, uri: bool = False) -> Connection:
    """Connect to `target`, which is the path or a URI of `database`; `fold` compares any alphabet without case."""
    connection = connect(target, partial(_database_error, database), uri=uri)
    connection.create_function("fold", 1, _fold, deterministic=True)
    return connection


def _connect_readonly(database: Path) -> Connection:
    """Open read-only; on a medium that cannot be written at all, SQLite needs to be told that nothing changes."""
    uri = database.resolve().as_uri()
    for options in ("mode=ro", "immutable=1"):
        connection = _connect(database, f"{uri}?{options}", uri=True)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except LibraryDamaged:
            connection.close()
            raise
        except LibraryError:
            connection.close()
        else:
            return connection
    raise LibraryError(
        f"{database} cannot be opened. Check the permissions of the folder, or choose another with --library."
    )


def _database_error(database: Path, error: Exception) -> LibraryError:
    if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
        return LibraryError(
            f"{database} cannot be written ({error}). Make the folder writable and check the disk's space, "
            "or choose another with --library."
        )
    return LibraryDamaged(
        f"{database} is not a library that can be read ({error}). "
        "Restore it from a copy, or make a new one with --library NEW."
    )


def read_manifest(connection: sqlite3.Connection) -> Manifest:
    """Return the manifest as it is on disk now."""
    return Manifest(**{row[0]: json.loads(row[1]) for row in connection.execute("SELECT key, value FROM manifest")})


def _fold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def now() -> str:
    """Return the time as the database keeps it: ISO 8601, UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
