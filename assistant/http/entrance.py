"""What a request to the page passes: the doors that the page has, and, with sign-in, who may open them."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import stat
import time
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http.errors import error_response
from assistant.http.guard import is_ours
from assistant.http.sign_in import SIGN_IN, SIGN_OUT, SignIn
from assistant.service.options import LEAST_FREE_BYTES

USER = "pullquote.user"
"""Where a request's scope says who is signed in."""

_DOORS = {
    "GET": {
        *("/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/config"),
        *("/gradio_api/queue/data", "/gradio_api/upload_progress", "/gradio_api/startup-events"),
    },
    "POST": {"/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/cancel", "/gradio_api/reset"},
}
_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")
"""What Gradio's page asks for. Gradio's many other doors, to files of the server and to other sites, stay shut."""
_UPLOAD = "/gradio_api/upload"
_CANCELS = ("/gradio_api/cancel", "/gradio_api/reset")
_FORGOTTEN_SECONDS = 3_600
_MOST_WAITING_BYTES = 1_000_000_000


class Entrance:
    """ASGI middleware inside the guard; our own doors are not its business."""

    def __init__(self, app: ASGIApp, sign_in: SignIn | None = None, uploads: Path | None = None) -> None:
        self._app = app
        self._uploads = uploads
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        method, path = "GET" if scope["method"] == "HEAD" else scope["method"], scope["path"]
        if self._sign_in is not None:
            if path in {SIGN_IN, SIGN_OUT}:
                await self._sign_in(scope, receive, send)
                return
            scope[USER] = self._sign_in.name_in(Headers(scope=scope))
            if scope[USER] is None:
                refusal = (
                    RedirectResponse(SIGN_IN, 303)
                    if (method, path) == ("GET", "/")
                    else error_response(401, f"Sign in first, at {SIGN_IN}.", "sign_in")
                )
                await refusal(scope, receive, send)
                return
        if path not in _DOORS.get(method, ()) and not (method == "GET" and _in_folder(path)):
            shown = error_response(404, f"There is nothing at {path[:200]}.", "not_found")
            await shown(scope, receive, send)
            return
        if path == _UPLOAD and self._uploads and not await asyncio.to_thread(_has_room, self._uploads):
            full = error_response(507, "There is no room for uploads now. Try again in an hour.", "full")
            await full(scope, receive, send)
            return
        await self._app(scope, receive, _calm(send) if path in _CANCELS else send)


def _calm(send: Send) -> Send:
    """Let the cancelling of what has no number yet pass: Gradio's script may know of an answer before of its number."""

    async def calm(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.UNPROCESSABLE_ENTITY:
            message = {**message, "status": HTTPStatus.OK}
        await send(message)

    return calm


def _has_room(uploads: Path) -> bool:
    """Delete uploads that nobody came for, and say whether there is room for more. Broken-off uploads stay behind."""
    uploads.mkdir(parents=True, exist_ok=True)
    waiting = 0
    for file in uploads.rglob("*"):
        with contextlib.suppress(OSError):
            found = file.stat()
            if not stat.S_ISREG(found.st_mode):
                continue
            if time.time() - found.st_mtime > _FORGOTTEN_SECONDS:
                file.unlink()
            else:
                waiting += found.st_size
    return waiting < _MOST_WAITING_BYTES and shutil.disk_usage(uploads).free > LEAST_FREE_BYTES


def _in_folder(path: str) -> bool:
    return path.startswith(_FOLDERS) and ".." not in path and "\0" not in path
