"""Replies that come piece by piece (server-sent events), and what happens when who asked has gone.

Source of the format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.http.errors import as_json

T = TypeVar("T")

IDLE_SECONDS = 10.0
"""After so long without news a comment is sent, so that nothing on the way takes the line for dead."""
_GONE = 499
"""Nginx's word for a client that has left; nobody reads it."""


def event_line(kind: str, value: Any) -> str:
    """Return one event."""
    return f"event: {kind}\ndata: {as_json(value)}\n\n"


class EventStream(StreamingResponse):
    """Events, until there are no more or the reader has left, even while there is nothing to send."""

    media_type = "text/event-stream"

    def __init__(self, lines: AsyncGenerator[str, None]) -> None:
        self._lines = lines
        super().__init__(_with_signs_of_life(lines), headers={"cache-control": "no-store", "x-accel-buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - Starlette's
        """Send the events."""
        sending = asyncio.ensure_future(self.stream_response(send))
        try:
            await _first_of(sending, receive)
        except OSError:  # the line broke
            pass
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await sending
            await self._lines.aclose()


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T | Response:
    """Do some work, and stop when who asked for it has gone."""
    task = asyncio.ensure_future(work)
    try:
        return task.result() if await _first_of(task, request.receive) else Response(status_code=_GONE)
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _first_of(task: asyncio.Future[Any], receive: Receive) -> bool:
    """Wait until a task is done, or the client has left; return whether it is done."""
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        await asyncio.wait({leaving})
    return task.done()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _with_signs_of_life(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """Yield the lines, with comments where they are long in coming."""
    coming: asyncio.Future[str | None] | None = None
    try:
        while True:
            coming = asyncio.ensure_future(anext(lines, None))
            while not (await asyncio.wait({coming}, timeout=IDLE_SECONDS))[0]:
                yield ": still at work\n\n"
            if (line := coming.result()) is None:
                return
            yield line
    finally:
        if coming is not None and not coming.done():
            coming.cancel()
            await asyncio.wait({coming})
