"""Signing in to the page with name and password, and out again: a plain page without scripts, and a cookie."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import secrets
import time
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from assistant.http.rates import Rate
from assistant.http.tokens import Accounts

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
COOKIE = "pullquote_session"
_SECONDS = 7 * 86_400
_MOST_SESSIONS = 10_000
_TOKEN_BYTES = 32
_FORM_BYTES = 4_000
_WRONG = "Name or password is wrong."

_STYLE = (
    "body{font:17px/1.5 system-ui,-apple-system,'Segoe UI','Helvetica Neue',sans-serif;margin:0;color:#1d1b18;"
    "background:#fbf9f4}main{max-width:22rem;margin:14vh auto;padding:0 1.25rem}"
    "h1{font:600 2rem/1.2 Georgia,'Times New Roman',serif;margin:0 0 1.5rem}label{display:block;margin:0 0 1rem}"
    "input{display:block;box-sizing:border-box;width:100%;font:inherit;color:inherit;background:transparent;"
    "padding:.5rem .6rem;border:1px solid #8a857b;border-radius:4px}"
    "button{font:inherit;padding:.5rem 1.2rem;border:0;border-radius:4px;color:#fbf9f4;background:#1d1b18}"
    "[role=alert]{color:#9b1c1c}@media(prefers-color-scheme:dark){body{color:#ece7dc;background:#171614}"
    "button{color:#171614;background:#ece7dc}[role=alert]{color:#ff9d8f}}"
)
_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class _Session:
    """Who is signed in, until when, and the stamp of the password that it was with."""

    name: str
    stamp: bytes
    until: float


class SignIn:
    """The pages /sign-in and /sign-out, and who is signed in. Restarting the server signs everybody out."""

    def __init__(self, accounts: Accounts, tries_a_minute: float) -> None:
        self._accounts = accounts
        self._tries = Rate(tries_a_minute, tries_a_minute)
        self._sessions: dict[bytes, _Session] = {}

    def name_in(self, headers: Headers) -> str | None:
        """Return who is signed in by the cookie; None who is not, no more, or whose password has changed."""
        key = _key(headers)
        session = self._sessions.get(key)
        if session is None:
            return None
        if session.until < time.monotonic() or self._accounts.stamp(session.name) != session.stamp:
            self._sessions.pop(key, None)
            return None
        return session.name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to one of the two pages."""
        request = Request(scope, receive)
        if request.method not in {"GET", "HEAD", "POST"}:
            reply: Response = Response(status_code=405, headers={"allow": "GET, POST"})
        elif scope["path"] == SIGN_OUT:
            reply = self._out(request) if request.method == "POST" else _page(SIGN_OUT)
        else:
            reply = await self._in(request) if request.method == "POST" else _page(SIGN_IN)
        await reply(scope, receive, send)

    async def _in(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if wait := self._tries.wait(address):
            seconds = math.ceil(wait)
            reply = _page(SIGN_IN, f"Too many tries. Try again in {seconds} s.", 429)
            reply.headers["retry-after"] = str(seconds)
            return reply
        self._tries.take(address)
        given = await _form(request)
        name, password = given.get("name", ""), given.get("password", "")
        fits = await asyncio.to_thread(self._accounts.accepts, name, password)
        stamp = self._accounts.stamp(name)
        if not fits or stamp is None:
            return _page(SIGN_IN, _WRONG, 401)
        self._tries.give_back(address)
        while len(self._sessions) >= _MOST_SESSIONS:
            self._sessions.pop(next(iter(self._sessions)))
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._sessions[_hashed(token)] = _Session(name, stamp, time.monotonic() + _SECONDS)
        return _leading_to("/", request, token, _SECONDS)

    def _out(self, request: Request) -> Response:
        self._sessions.pop(_key(request.headers), None)
        return _leading_to(SIGN_IN, request, "", 0)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent; none of one that is too large."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > _FORM_BYTES:
            return {}
    try:
        fields = parse_qs(read.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _leading_to(place: str, request: Request, token: str, seconds: int) -> Response:
    reply = RedirectResponse(place, 303)
    secure = request.url.scheme == "https"
    reply.set_cookie(COOKIE, token, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)
    return reply


def _key(headers: Headers) -> bytes:
    return _hashed(cookie_parser(headers.get("cookie", "")).get(COOKIE, ""))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _page(place: str, failure: str = "", status: int = 200) -> HTMLResponse:
    told = f'<p role="alert">{escape(failure)}</p>' if failure else ""
    fields = (
        '<label>Name <input name="name" autocomplete="username" autocapitalize="none" maxlength="32" required '
        'autofocus></label><label>Password <input name="password" type="password" autocomplete="current-password" '
        'maxlength="256" required></label>'
        if place == SIGN_IN
        else ""
    )
    label = "Sign in" if place == SIGN_IN else "Sign out"
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{label} · Pullquote</title><style>{_STYLE}</style></head><body><main><h1>Pullquote</h1>{told}"
        f'<form method="post" action="{place}">{fields}<button>{label}</button></form></main></body></html>',
        status,
        headers={"content-security-policy": _POLICY, "cache-control": "no-store"},
    )
