"""A command in a terminal of its own (a pseudo-terminal), typed into and read from as a person would."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60
SECONDS_BEFORE_PRESSING_AGAIN = 2
CTRL_C, CTRL_D = "\x03", "\x04"

# Makes the pseudo-terminal the one that Ctrl-C comes from, then becomes the command.
_START = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, '-m', 'assistant.cli.main', *sys.argv[1:]])"
)
_ORDERS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[=>]|\r|[\x01\x02]")


class Typed:
    """The running command. `shown` is all that it has printed, without colours and orders to the terminal."""

    def __init__(self, *arguments: str | Path, environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", **environment},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._bytes = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def shown(self) -> str:
        return _ORDERS.sub("", self._bytes.decode("utf-8", "replace"))

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, text: str, times: int = 1) -> str:
        """Read until a text has been shown as many times; return all that was shown."""
        self._read_until(lambda: self._count(text) >= times, text)
        return self.shown

    def press_ctrl_c_until(self, text: str, times: int = 1) -> str:
        """Press Ctrl-C at a prompt until a text has been shown as many times; return all that was shown.

        Python's readline loses a signal that comes while it draws the last key; one who types would press again.
        """
        pressed = time.monotonic()
        self.type(CTRL_C)

        def reached() -> bool:
            nonlocal pressed
            if time.monotonic() - pressed > SECONDS_BEFORE_PRESSING_AGAIN:
                pressed = time.monotonic()
                self.type(CTRL_C)
            return self._count(text) >= times

        self._read_until(reached, text)
        return self.shown

    def wait_for_end(self) -> int:
        """Read until the command has ended; return its exit code."""
        self._read_until(lambda: False, "its end", ends=True)
        return self.process.wait(DEADLINE_SECONDS)

    def _count(self, text: str) -> int:
        return " ".join(self.shown.split()).count(text)

    def _read_until(self, reached: Callable[[], bool], wanted: str, *, ends: bool = False) -> None:
        end = time.monotonic() + DEADLINE_SECONDS
        while not reached():
            assert time.monotonic() < end, f"{wanted!r} was not shown in time:\n{self.shown}"
            readable, _, _ = select.select([self._master], [], [], 0.1)
            if not readable:
                continue
            try:
                piece = os.read(self._master, 65536)
            except OSError:  # Linux says so when the other end is closed
                piece = b""
            if not piece:
                assert ends, f"it ended without {wanted!r}:\n{self.shown}"
                return
            self._bytes += piece
