"""SQLite connections whose errors say in words what became of which file, whichever statement meets them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from index.errors import LibraryError

WAIT_SECONDS = 30
"""How long a statement waits for another process's."""

Explain = Callable[[sqlite3.DatabaseError], LibraryError]
"""Turns an error of SQLite into one that names the file and the way out."""


class _Cursor(sqlite3.Cursor):
    """Explains errors that come with later rows, too."""

    connection: Connection

    def execute(self, *arguments: Any) -> Any:
        with self.connection.explained():
            return super().execute(*arguments)

    def __next__(self) -> Any:
        with self.connection.explained():
            return super().__next__()

    def fetchone(self) -> Any:
        with self.connection.explained():
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with self.connection.explained():
            return super().fetchall()


class Connection(sqlite3.Connection):
    """A connection that commits by itself, with rows by name; make it with `connect`."""

    explain: Explain

    def execute(self, *arguments: Any) -> Any:
        """Execute a statement; rows that cannot be read are explained too."""
        return self.cursor(_Cursor).execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        """Execute a statement for many rows of values."""
        with self.explained():
            return super().executemany(*arguments)

    def executescript(self, script: str) -> Any:
        """Execute several statements."""
        with self.explained():
            return super().executescript(script)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn SQLite's errors into ours."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self.explain(error) from error


def connect(target: str, explain: Explain, *, uri: bool = False, one_thread: bool = True) -> Connection:
    """Connect to a path, a URI or ":memory:". Raises what `explain` makes of SQLite's errors."""
    try:
        connection = sqlite3.connect(
            target, uri=uri, isolation_level=None, timeout=WAIT_SECONDS, check_same_thread=one_thread,
            factory=Connection,
        )  # fmt: skip
    except sqlite3.DatabaseError as error:
        raise explain(error) from error
    connection.explain = explain
    connection.row_factory = sqlite3.Row
    return connection
