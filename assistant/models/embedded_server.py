"""The embedded chat model as a source of replies: one llama.cpp server for all, started and ended with its use."""

from __future__ import annotations

import atexit
import json
import secrets
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from assistant.models import embedded_weights
from assistant.models.endpoint import Endpoint
from index.errors import ModelError

_SCRIPT = Path(__file__).with_name("embedded_process.py")

_turn = threading.Lock()
"""Held by the call that the model works on."""
_changing = threading.Lock()
_servers: dict[Path, Server] = {}
"""The servers that run, by their model's file."""


class Server:
    """A llama.cpp server on a free loopback port, with a random key, in a process that ends with ours."""

    def __init__(self, path: Path, name: str) -> None:
        self.key = secrets.token_urlsafe(24)
        self.path = path
        self.users = 0
        self._address = ""
        self._connecting = threading.Lock()
        # -P: the script's folder has a types.py. A new session: Ctrl-C ends an answer, not the server under it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._input = cast("IO[str]", self._process.stdin)
        self._output = cast("IO[str]", self._process.stdout)
        with suppress(BrokenPipeError):  # then `address` says so
            self._input.write(json.dumps({"path": str(path), "name": name, "key": self.key}) + "\n")
            self._input.flush()  # and stays open: its end tells the process to end

    @property
    def has_ended(self) -> bool:
        """Whether the process is no longer there."""
        return self._process.poll() is not None

    def address(self) -> str:
        """Return the server's address, waiting until it has loaded its model. Raises ModelError when it cannot."""
        with self._connecting:
            if not self._address:
                line = self._output.readline()
                answer = json.loads(line) if line.strip() else {}
                if "address" not in answer:
                    self.end()
                    reason = answer.get("error") or f"its process ended with {self._process.returncode}"
                    raise ModelError(
                        f"The embedded model {self.path} cannot be loaded ({reason.rstrip('.')}). Free memory (it "
                        "takes twice the file's size), or name another .gguf file in the setting model.",
                        "model",
                    )
                self._address = answer["address"]
            return self._address

    def end(self) -> None:
        """End the process; it has nothing to save."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._input, self._output):
            with suppress(BrokenPipeError):
                pipe.close()


def acquire(path: Path, name: str) -> Server:
    """Return the server for a model file: the one that runs, or one that now begins to load."""
    with _changing:
        server = _servers.get(path)
        if server is None or server.has_ended:
            if not _servers:
                atexit.register(end_all)
            server = _servers[path] = Server(path, name)
        server.users += 1
        return server


def release(server: Server) -> None:
    """Give a server back; the last user's giving it back ends it."""
    with _changing:
        server.users -= 1
        if server.users > 0:
            return
        if _servers.get(server.path) is server:
            del _servers[server.path]
    server.end()


def end_all() -> None:
    """End every server, for the end of the process."""
    with _changing:
        servers = list(_servers.values())
        _servers.clear()
    for server in servers:
        server.end()


class Embedded(Endpoint):
    """The model on this machine that comes with the extra `local`, or another one in a file; loaded by the first call.

    Raises ConfigError when it is not installed or the file holds no model.
    """

    small = True

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("embedded", "", "", timeout)
        again = "Repeat; if it stays so, name another file, embedded:FILE.gguf, in the setting model."
        self.label = "The embedded model"
        self.address = "on this machine"
        self.fixes = {
            **dict.fromkeys(("unreachable", "server", "garbage"), again),
            "context": "Ask a shorter question.",
            "slow": "Raise the setting model_timeout, or use the quoting writer.",
        }
        self._path = embedded_weights.checked(Path(path).expanduser().resolve()) if path else None
        if self._path is None:
            embedded_weights.check_installed()
        self.known_name = self._path.stem if self._path else embedded_weights.NAME
        self.is_llama_cpp = True
        self.turn = _turn
        self._changing = threading.Lock()
        self._server: Server | None = None
        self._is_closed = False

    def connection(self) -> tuple[str, str]:
        """Return address and key of the server; joins the weights, starts it and waits for it where need be.

        Raises ModelError when it cannot load the model, or the model was closed.
        """
        path = self._path or embedded_weights.joined()
        with self._changing:
            if self._is_closed:
                raise ModelError("The embedded model was closed.", "model")
            if self._server is not None and self._server.has_ended:  # by the system, for want of memory
                release(self._server)
                self._server = None
            if self._server is None:
                self._server = acquire(path, self.known_name)
                self.secrets = (self._server.key,)
            server = self._server
        return f"{server.address()}/v1", server.key

    def close(self) -> None:
        """End the server if nobody else uses it."""
        with self._changing:
            self._is_closed = True
            server, self._server = self._server, None
        if server is not None:
            release(server)
