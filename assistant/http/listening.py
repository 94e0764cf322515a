"""Listen on an address: the socket, uvicorn, and how long a connection may stay without saying what it wants."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import click
import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from index.errors import UsageError

_SILENT_SECONDS = 15.0
"""A connection that has not sent the head of a request by then is closed."""
_WAITING = 512
_MOST_CONNECTIONS = 900
"""Beyond it requests are told to come later; a process has 1,024 files by default."""


class Impatient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # which class it is depends on what is installed
    """Uvicorn's protocol, without its endless patience for who connects and stays silent, or sends byte by byte."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        asyncio.get_running_loop().call_later(_SILENT_SECONDS, self._close_if_silent)

    def _close_if_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


def run(app: Any, host: str, port: int, path: str = "/docs") -> None:
    """Run an app until Ctrl-C. Raises UsageError when the address cannot be listened on."""
    config = uvicorn.Config(
        app, host, port, http=Impatient, log_level="warning", server_header=False, timeout_graceful_shutdown=5,
        limit_concurrency=_MOST_CONNECTIONS,
    )  # fmt: skip
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_WAITING)  # before the address is shown: who reads it may come at once
    except OSError as error:
        listening.close()
        raise UsageError(f"{host}:{port} cannot be listened on ({error.strerror}). Name another --port.") from error
    with listening:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{listening.getsockname()[1]}{path}  (Ctrl-C ends it)", err=True)
        uvicorn.Server(config).run(sockets=[listening])
