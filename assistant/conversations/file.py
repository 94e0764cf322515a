"""The file that conversations are kept in: its tables, how it is opened, and what its errors mean to a reader."""

from __future__ import annotations

import sqlite3
import time
from functools import partial
from typing import Any

from index.errors import LibraryDamaged, LibraryError
from index.library.sqlite import WAIT_SECONDS, Connection, connect

CONVERSATIONS = "conversations.db"
FORMAT = 1
_RETRY_SECONDS = 0.02

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversation_owner ON conversation (owner, changed);
CREATE TABLE IF NOT EXISTS turn (
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    asked TEXT NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (conversation, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feedback (
    conversation TEXT NOT NULL, turn INTEGER NOT NULL, claim INTEGER NOT NULL,
    thumb INTEGER NOT NULL, note TEXT NOT NULL, given TEXT NOT NULL,
    PRIMARY KEY (conversation, turn, claim),
    FOREIGN KEY (conversation, turn) REFERENCES turn (conversation, number) ON DELETE CASCADE) WITHOUT ROWID;
"""

_ADDED = """
CREATE TABLE IF NOT EXISTS asked_within (
    conversation TEXT NOT NULL, turn INTEGER NOT NULL, filters TEXT NOT NULL,
    PRIMARY KEY (conversation, turn),
    FOREIGN KEY (conversation, turn) REFERENCES turn (conversation, number) ON DELETE CASCADE) WITHOUT ROWID;
"""
"""What came later, and earlier versions pass over."""


def open_file(place: str) -> Connection:
    """Open the file, or ":memory:", and make its tables when there are none. Any thread may use the connection.

    Raises LibraryError when it cannot be written to, LibraryDamaged when it is not one of ours.
    """
    connection = connect(place, partial(_explained, place), one_thread=False)
    try:
        _prepare(connection, place)
    except LibraryError:
        connection.close()
        raise
    return connection


def _prepare(connection: Connection, place: str) -> None:
    """Set a connection up, and make the tables when there are none."""
    connection.create_function("contains", 2, _contains, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, FORMAT):
        raise LibraryDamaged(
            f"The conversations in {place} have format {version}; this version reads format {FORMAT}. "
            "Use the version of Pullquote that wrote them, or move the file away to begin anew."
        )
    _use_write_ahead_log(connection)
    if version == 0:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name <> 'conversation'").fetchone()
        (ours,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'conversation'").fetchone()
        if tables and not ours:
            raise LibraryDamaged(f"{place} belongs to another program. Move it away; conversations then begin anew.")
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'asked_within'").fetchone():
        connection.executescript(f"BEGIN IMMEDIATE; {_ADDED} COMMIT;")


def _use_write_ahead_log(connection: Connection) -> None:
    """Turn the write-ahead log on. SQLite does not wait by itself when two processes do it at once."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except LibraryError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _explained(place: str, error: sqlite3.DatabaseError) -> LibraryError:
    if isinstance(error, sqlite3.OperationalError):
        return LibraryError(
            f"The conversations in {place} cannot be kept ({error}). Make the folder writable and check the disk's "
            "space, or choose another library with --library."
        )
    return LibraryDamaged(
        f"The conversations in {place} cannot be read ({error}). Restore the file from a copy, or move it away; "
        "conversations then begin anew, and the articles are not touched."
    )


def _contains(text: Any, word: str) -> bool:
    return word in str(text).casefold()
