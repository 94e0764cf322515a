"""A real HTTP server on loopback that speaks OpenAI's chat completions, well or badly, as a test has it."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PIECE = 5
"""Characters a piece of a stream."""


@dataclass(frozen=True)
class Reply:
    """How one request is answered. Without further words: `text` as a whole reply, streamed if that was asked for."""

    text: str = ""
    status: int = 200
    body: str | None = None
    """Sent as it stands, in place of a reply."""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[str] = ()
    """Data lines sent before the text."""
    finish: str | None = "stop"
    """None: the stream ends without saying why."""
    usage: tuple[int, int] | None = (11, 7)
    """Tokens of prompt and completion."""
    cut: bool = False
    """Break the connection behind the text."""
    hang: bool = False
    """Send nothing more behind the text, until the asker goes or the server is closed."""
    silent: bool = False
    """Send nothing at all, not even a status."""


def refusal(status: int, message: str, /, *, headers: Mapping[str, str] | None = None, **details: Any) -> Reply:
    """An error as OpenAI words it; `details` are its type, code and param."""
    return Reply(
        status=status, body=json.dumps({"error": {"message": message, **details}}), headers=dict(headers or {})
    )


class Wire:
    """The server. `requests` holds the bodies of all chat requests so far, `keys` what came with them."""

    def __init__(self, models: Sequence[str] = ("wire-model",), owned_by: str = "test") -> None:
        self.models = models
        self.owned_by = owned_by
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.model_lists = 0
        self.left = threading.Event()
        """Set when an asker has gone before it had its whole reply."""
        self.closing = threading.Event()
        self._replies: list[Reply] = [Reply("The answer.")]
        self._function: Callable[[dict[str, Any]], str] | None = None
        self._lock = threading.Lock()
        wire = self

        class Handler(_Handler):
            def __init__(self, *arguments: Any) -> None:
                self.wire = wire
                super().__init__(*arguments)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and end every connection."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def script(self, *replies: Reply | Callable[[dict[str, Any]], str]) -> None:
        """Set the replies to come, one a request, the last for ever; or give a function from request to reply."""
        with self._lock:
            if len(replies) == 1 and not isinstance(replies[0], Reply):
                self._function = replies[0]
                return
            self._function = None
            self._replies = [reply for reply in replies if isinstance(reply, Reply)]

    def next_reply(self, request: dict[str, Any], key: str) -> Reply:
        """Record a request and return what to answer."""
        with self._lock:
            self.requests.append(request)
            self.keys.append(key)
            if self._function:
                return Reply(self._function(request))
            return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


def closed_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wire: Wire

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            self._send(404, "{}", "application/json")
            return
        self.wire.model_lists += 1
        listed = [{"id": name, "object": "model", "owned_by": self.wire.owned_by} for name in self.wire.models]
        self._send(200, json.dumps({"object": "list", "data": listed}), "application/json")

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.wire.next_reply(request, self.headers.get("Authorization", "").removeprefix("Bearer "))
        if self.path != "/v1/chat/completions":
            self._send(404, json.dumps({"error": {"message": f"no {self.path} here"}}), "application/json")
        elif reply.silent:
            self._wait()
        elif reply.body is not None:
            self._send(reply.status, reply.body, reply.content_type, reply.headers)
        elif request.get("stream"):
            self._stream(reply, request)
        else:
            message = {"role": "assistant", "content": reply.text}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish}
            whole = {**_envelope(request), "object": "chat.completion", "choices": [choice], **_usage(reply)}
            self._send(reply.status, json.dumps(whole), "application/json")

    def _stream(self, reply: Reply, request: Mapping[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        envelope = {**_envelope(request), "object": "chat.completion.chunk"}

        def chunk(delta: Mapping[str, str], finish: str | None = None) -> str:
            return json.dumps({**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        try:
            for event in reply.events:
                self._event(event)
            self._event(chunk({"role": "assistant", "content": ""}))
            for start in range(0, len(reply.text), PIECE):
                self._event(chunk({"content": reply.text[start : start + PIECE]}))
            if reply.hang:
                self._wait()
            if reply.hang or reply.cut:
                return
            if reply.finish:
                self._event(chunk({}, reply.finish))
            if reply.usage and request.get("stream_options", {}).get("include_usage"):
                self._event(json.dumps({**envelope, "choices": [], **_usage(reply)}))
            self._event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.wire.left.set()

    def _event(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def _wait(self) -> None:
        """Wait until the asker hangs up, or the server is closed."""
        self.close_connection = True
        while not self.wire.closing.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.01)
            if readable and not self.connection.recv(1024):
                self.wire.left.set()
                return

    def _send(self, status: int, body: str, content_type: str, headers: Mapping[str, str] | None = None) -> None:
        content = body.encode()
        self.send_response(status)
        sent = {"Content-Type": content_type, "Content-Length": str(len(content)), "Connection": "close"}
        for name, value in {**sent, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True


def _envelope(request: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "created": 1, "model": request.get("model", "")}


def _usage(reply: Reply) -> dict[str, Any]:
    if not reply.usage:
        return {}
    prompt, completion = reply.usage
    return {"usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}}
