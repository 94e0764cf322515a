"""The real server on a loopback port, in a thread, for tests that talk to it with real clients."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.http.app import create_app
from assistant.service.options import ServerOptions
from index.embedding.protocol import Embedder
from index.search import Searcher

MANY = ServerOptions(requests_a_minute=100_000.0, burst=10_000)
"""So many requests that no test meets the limit by chance."""
QUESTION = "For how many days will Russia stop striking energy infrastructure?"


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    url: str
    app: Any

    def client(self, **more: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, **more)


@contextmanager
def served(
    library: Path,
    embedder: Embedder,
    *,
    users: Path | None = None,
    options: ServerOptions = MANY,
    **settings: Any,
) -> Iterator[Served]:
    """Serve a library; without further settings the answers are quoted."""
    from assistant.models.choosing import make_model

    named = Settings(**{"library": str(library), "writer": "quoting", **settings})

    def opened(chosen: Settings) -> Assistant:
        return Assistant(Searcher.open(chosen.library_path, embedder), make_model(chosen), chosen.policy)

    app = create_app(named, open_assistant=opened, users=users, options=options)
    config = uvicorn.Config(app, log_level="error", server_header=False, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", app)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
