"""The HTTP connections of one request to a chat model, which another thread can cut."""

from __future__ import annotations

import socket
import threading
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    import openai

_CONNECT_SECONDS = 10.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Wire:
    """The HTTP connections of one call, which another thread can cut while this one waits for bytes.

    Closing a client or a response does not wake a thread that waits in `recv`; shutting the socket down does, on every
    system. httpx shows its sockets through the documented `trace` extension.
    """

    def __init__(self, timeout: float) -> None:
        self.content_type = ""
        self._patience = timeout + _CONNECT_SECONDS
        """For a thread that was left behind; the limit between two chunks is Reading's to keep."""
        self._is_cut = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._client: httpx.Client | None = None

    def openai(self, base_url: str, key: str) -> openai.OpenAI:
        """Return an openai client over these connections. It never tries again: that is done in one place."""
        import httpx
        import openai

        timeout = httpx.Timeout(self._patience, connect=_CONNECT_SECONDS)
        if self._client is None:
            here = urllib.parse.urlsplit(base_url).hostname in _LOOPBACK
            self._client = httpx.Client(
                timeout=timeout,
                follow_redirects=True,
                # a proxy of the environment would look for the server on its own machine
                mounts=dict.fromkeys(("all://", "http://", "https://")) if here else None,
                event_hooks={"request": [self._trace_request], "response": [self._note_response]},
            )
        return openai.OpenAI(
            api_key=key or "none", base_url=base_url, timeout=timeout, max_retries=0, http_client=self._client
        )

    @property
    def is_cut(self) -> bool:
        """Whether nobody waits for the reply any more."""
        return self._is_cut

    def cut(self) -> None:
        """End whatever runs over these connections."""
        with self._lock:
            self._is_cut = True
            for opened in self._sockets:
                with suppress(OSError):  # closed by now, or wrapped in one that encrypts
                    opened.shutdown(socket.SHUT_RDWR)
            self._sockets.clear()

    def close(self) -> None:
        """Close the connections; for the thread that used them."""
        if self._client is not None:
            self._client.close()

    def _trace_request(self, request: httpx.Request) -> None:
        request.extensions["trace"] = self._trace

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._sockets.append(info["return_value"].get_extra_info("socket"))
                is_cut = self._is_cut
            if is_cut:
                self.cut()

    def _note_response(self, response: httpx.Response) -> None:
        self.content_type = response.headers.get("content-type", "")
