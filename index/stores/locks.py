"""Locks between processes: one writer at a time, and nobody reads the vector store while it is written."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from index.errors import LibraryError, LibraryLocked

_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.05


@contextmanager
def writer_lock(path: Path, purpose: str) -> Iterator[None]:
    """Hold the library's writer lock, with our name in the file.

    Raises LibraryLocked, naming the holder, when another process has it, and LibraryError when the folder cannot be
    written to. The lock goes with the process, however it ends.
    """
    descriptor = _open_lock(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text("utf-8", "replace").strip() or "another process"
            raise LibraryLocked(
                f"The library {path.parent} is being written by {holder}. Wait until it is done, then repeat."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{purpose} (process {os.getpid()}, since {datetime.now():%H:%M:%S})\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


@contextmanager
def store_lock(path: Path, *, exclusive: bool) -> Iterator[bool]:
    """Hold the vector store's lock and yield True; a reader that would have to wait gets False at once.

    A writer waits for the readers that are in, who hold the lock for one query each; it holds a second lock meanwhile,
    the turnstile, so that no further ones come in.
    Raises LibraryLocked when they do not leave within half a minute.
    """
    turnstile = path.with_suffix(".turn")
    with ExitStack() as held:
        if exclusive:
            for lock in (turnstile, path):
                descriptor = _open_lock(lock)
                held.callback(os.close, descriptor)
                _wait_for(descriptor, path)
            yield True
        else:
            yield _enter_as_reader(turnstile, path, held)


def _enter_as_reader(turnstile: Path, path: Path, held: ExitStack) -> bool:
    try:
        gate = os.open(turnstile, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(gate, fcntl.LOCK_SH | fcntl.LOCK_NB)
        descriptor = os.open(path, os.O_RDONLY)
        held.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:  # a writer is at work or waits, or there was none yet
        return False
    finally:
        os.close(gate)
    return True


def _wait_for(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LibraryLocked(
                    f"The vectors of {path.parent} are in use by another process. End it, then repeat."
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LibraryError(
            f"The library {path.parent} cannot be written to ({error.strerror}). "
            "Make the folder writable, or choose another with --library."
        ) from error
