"""What every request passes: the name it came by, who sent it, how much and how often; and the headers of a reply."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http.errors import AsciiJSON, error_response
from assistant.http.rates import Rate
from assistant.http.tokens import Accounts
from assistant.service.errors import log
from assistant.service.options import ServerOptions
from index.errors import PullquoteError

OURS = ("/api", "/v1", "/mcp", "/docs", "/openapi.json", "/healthz")
OPEN = "/healthz"
"""What needs no token: whether the server lives."""
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy of whatever is no page."""
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_HANGS_UP = {408, 413}
"""After these the rest of the body is not waited for."""
_FRAMES = 8
"""Of a traceback in the log."""
_BODY_SECONDS = 30.0
_DRAINED_BYTES = 32_000_000
"""How much of a body that is too large is read, unkept, so that its sender sees the answer and no broken line."""
_BUSY_PAGE = 10.0
"""How many times more requests a page makes than a program: its files, its uploads, its streams."""


class Guard:
    """ASGI middleware; the outermost of ours, so that nothing leaves without its headers or with a traceback."""

    def __init__(self, app: ASGIApp, options: ServerOptions, accounts: Accounts | None) -> None:
        self._app = app
        self._options = options
        self._accounts = accounts
        self._rate = Rate(options.requests_a_minute, options.burst)
        self._page_rate = Rate(options.requests_a_minute * _BUSY_PAGE, options.burst * _BUSY_PAGE)
        self._wrong = Rate(options.refusals_a_minute, options.refusals_a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        path = scope["path"]
        ours = is_ours(path)
        policy = DATA_POLICY if ours else self._options.page_policy or DATA_POLICY

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in (*_HEADERS.items(), ("content-security-policy", policy)):
                    headers.setdefault(name, value)
                if ours:
                    headers.setdefault("cache-control", "no-store")
                if message["status"] in _HANGS_UP:
                    headers["connection"] = "close"
            await send(message)

        try:
            refusal = await self._refusal(scope, ours=ours)
            if refusal is None and (ours or not self._options.page_policy):
                refusal, receive = await self._body(scope, receive)
            elif refusal is None:
                refusal, receive = self._upload(scope, receive)
            await (refusal or self._app)(scope, receive, guarded)
        except Exception as error:
            log.error("%s %s failed: %s", scope["method"], path, _told(error))
            if not started:
                refusal = error_response(500, "The server failed. Its log says why; ask who runs it.", "failed")
                await refusal(scope, receive, guarded)

    # -- who

    async def _refusal(self, scope: Scope, *, ours: bool) -> AsciiJSON | None:
        headers = Headers(scope=scope)
        address = scope["client"][0] if scope.get("client") else ""
        if refused := self._wrong_place(scope["method"], headers, address):
            return refused
        scope["pullquote.owner"] = ""
        if scope["path"] == OPEN:
            return None
        if not ours and self._options.page_policy:
            return self._too_often(self._page_rate, address)
        if self._accounts is None:
            return self._too_often(self._rate, address)
        return await self._without_token(self._accounts, scope, headers, address)

    def _wrong_place(self, method: str, headers: Headers, address: str) -> AsciiJSON | None:
        """Refuse pages of other sites, and, without sign-in, whoever is not on this machine."""
        host = _host_of(f"//{headers.get('host', '')}")
        if self._options.hosts and host not in self._options.hosts:
            return error_response(
                421, f"This server does not go by that name. Use one of {', '.join(self._options.hosts)}.", "host"
            )
        origin = headers.get("origin")
        foreign = origin is not None and _place_of(origin) != _place_of(f"//{headers.get('host', '')}")
        followed = method == "GET" and headers.get("sec-fetch-mode") == "navigate"  # a link on another page
        if foreign or (headers.get("sec-fetch-site") == "cross-site" and not followed):
            return error_response(403, "Pages of other sites may not use this server.", "origin")
        if self._accounts is None and address and not _is_loopback(address):
            return error_response(
                403,
                "Without sign-in, this server answers its own machine only. Start it with --tokens FILE.",
                "address",
            )
        return None

    async def _without_token(
        self, accounts: Accounts, scope: Scope, headers: Headers, address: str
    ) -> AsciiJSON | None:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return _unknown(
                "A token is needed: Authorization: Bearer TOKEN. Make one: pullquote token NAME --file FILE"
            )
        if wait := self._wrong.wait(address):
            return _later("Too many wrong tokens.", wait)
        try:
            owner = await asyncio.to_thread(accounts.owner_of, token.strip())
        except PullquoteError as error:
            log.error("%s", error)
            return error_response(503, "The server cannot check tokens now. Its log says why.", "tokens")
        if owner is None:
            self._wrong.take(address)
            return _unknown("The token is wrong. Make one: pullquote token NAME --file FILE")
        scope["pullquote.owner"] = f"user:{owner}"
        return self._too_often(self._rate, owner)

    @staticmethod
    def _too_often(rate: Rate, client: str) -> AsciiJSON | None:
        wait = rate.take(client)
        return _later("Too many requests.", wait) if wait else None

    # -- how much

    async def _body(self, scope: Scope, receive: Receive) -> tuple[AsciiJSON | None, Receive]:
        """Read the body, if it is not too large and comes in time; return it in place of the rest."""
        limit = self._options.body_bytes
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                announced = _announced(scope)
                if announced > limit:
                    await _drain(receive, min(announced, _DRAINED_BYTES))
                    return _too_large(limit), receive
                read = bytearray()
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None, _replay(bytes(read), receive, gone=True)
                    read += message.get("body", b"")
                    if len(read) > limit:
                        await _drain(receive, _DRAINED_BYTES)
                        return _too_large(limit), receive
                    if not message.get("more_body"):
                        return None, _replay(bytes(read), receive)
        except TimeoutError:
            return error_response(408, f"The request did not arrive within {_BODY_SECONDS:g} seconds.", "slow"), receive

    def _upload(self, scope: Scope, receive: Receive) -> tuple[AsciiJSON | None, Receive]:
        """Count what a page is sent; what is too large is cut off."""
        limit = self._options.upload_bytes
        if _announced(scope) > limit:
            return _too_large(limit), receive
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            return message if arrived <= limit else {"type": "http.disconnect"}

        return None, counted


def _told(error: BaseException) -> str:
    """Return what failed and where, in a few lines.

    A whole traceback through layers of task groups takes seconds to write, and who leaves a hundred streams would stop
    the server with it.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error.__cause__, HTTPException):  # raised once the reply had begun
        error = error.__cause__
    if isinstance(error, HTTPException):
        return f"{error.status_code} {error.detail}"
    return "".join(traceback.format_exception(error, limit=-_FRAMES, chain=False))


def is_ours(path: str) -> bool:
    """Whether a path is one of our own doors, and not a page's."""
    return any(path == name or path.startswith(f"{name}/") for name in OURS)


def _replay(body: bytes, receive: Receive, *, gone: bool = False) -> Callable[[], Awaitable[Message]]:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        return {"type": "http.disconnect"} if gone else await receive()

    return again


async def _drain(receive: Receive, limit: int) -> None:
    read = 0
    while read < limit:
        message = await receive()
        read += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _too_large(limit: int) -> AsciiJSON:
    return error_response(413, f"The request is too large: at most {limit:,} bytes. Send less.", "too_large")


def _unknown(message: str) -> AsciiJSON:
    return error_response(401, message, "token", headers={"www-authenticate": "Bearer"})


def _later(message: str, wait: float) -> AsciiJSON:
    seconds = math.ceil(min(wait, 3600.0))
    headers = {"retry-after": str(seconds)}
    return error_response(429, f"{message} Try again in {seconds} s.", "rate", headers=headers)


def _host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _place_of(address: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(address)
        return (parts.hostname, parts.port) if parts.hostname else None
    except ValueError:
        return None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
