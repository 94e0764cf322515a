"""Who is reading, told apart by a cookie: a layer around any ASGI application."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

COOKIE = "pullquote_reader"
_YEAR_SECONDS = 31_536_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN_BYTES = 32

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""The page's Content-Security-Policy. Gradio builds its components with inline scripts, inline styles and `Function`;
nothing may come from elsewhere."""
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Visitors:
    """Gives each browser that has none a cookie of its own, with the page."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        known = token_in(value for name, value in scope["headers"] if name == b"cookie")
        fresh = None if known else secrets.token_urlsafe(_TOKEN_BYTES)
        secure = scope.get("scheme") == "https"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if fresh and _is_page(scope, headers):
                    headers.append((b"set-cookie", _cookie(fresh, secure=secure)))
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, sending)


def token_in(cookies: Iterable[bytes]) -> str | None:
    """Return the reader's token in cookie headers, if there is one that we could have given."""
    for line in cookies:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(line.decode("latin-1"))
        except CookieError:
            continue
        if COOKIE in jar and _TOKEN.fullmatch(jar[COOKIE].value):
            return jar[COOKIE].value
    return None


def owner_of(username: str | None, token: str | None) -> str:
    """Return the owner of conversations: the one who is signed in, else the browser; of its token only a hash is kept.

    Without either, as where cookies are refused, nothing is shared: each call has an owner of its own.
    """
    if username:
        return f"user:{username}"
    secret = token if token and _TOKEN.fullmatch(token) else secrets.token_urlsafe(_TOKEN_BYTES)
    return f"browser:{hashlib.sha256(secret.encode()).hexdigest()}"


def _is_page(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether this is a page, and not one of its many parts, which are asked for at the same time."""
    kinds = (value for name, value in headers if name.lower() == b"content-type")
    return scope["method"] == "GET" and any(kind.startswith(b"text/html") for kind in kinds)


def _cookie(token: str, *, secure: bool) -> bytes:
    flags = "; Secure" if secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={_YEAR_SECONDS}; HttpOnly; SameSite=Lax{flags}".encode()
