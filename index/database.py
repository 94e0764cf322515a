"""The library's database file: its tables, its manifest, and how it is opened."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import LibraryDamaged, LibraryError, NotFound
from index.passages import SETTINGS_VERSION

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


def open_readonly(path: Path) -> sqlite3.Connection:
    """Open the database of an existing library for reading.

    Raises NotFound when there is none, LibraryDamaged when it is not one of ours, LibraryError when it cannot be read.
    """
    database = path / DATABASE
    if not database.is_file():
        raise NotFound(f"There is no library at {path}. Make one: pullquote --library {path} add FOLDER")
    return _checked(_connect_readonly(database), path)


def open_writable(path: Path, embedder: str, dimension: int) -> sqlite3.Connection:
    """Open the database for writing, and create it when there is none.

    Raises LibraryError when the folder cannot be written to, LibraryDamaged when the file is not one of ours.
    """
    database = path / DATABASE
    try:
        connection = sqlite3.connect(database, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'manifest'").fetchone()
        if not tables:
            manifest = Manifest(FORMAT, uuid.uuid4().hex, embedder, dimension, SETTINGS_VERSION, now())
            statements = "".join(
                f"INSERT INTO manifest VALUES ({_quoted(key)}, {_quoted(json.dumps(value))});"
                for key, value in asdict(manifest).items()
            )
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {statements} COMMIT;")
    except sqlite3.DatabaseError as error:
        raise _database_error(database, error) from error
    return _checked(connection, path)


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    try:
        manifest = read_manifest(connection)
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        connection.close()
        raise _database_error(path / DATABASE, error) from error
    if manifest.format != FORMAT:
        connection.close()
        raise LibraryDamaged(
            f"The library {path} has format {manifest.format}; this version reads format {FORMAT}. "
            "Make it anew from its articles: pullquote --library NEW add FOLDER"
        )
    return connection


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


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def now() -> str:
    """Return the time as the database keeps it: ISO 8601, UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
