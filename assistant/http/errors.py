"""Errors as one line of JSON, in the shape of OpenAI's: what was wrong, and what to do about it; never a traceback."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import Response

from assistant.service.errors import Busy, TooSlow, Unavailable
from index.errors import ConfigError, LibraryError, ModelError, NotFound, PullquoteError, UsageError

_LONGEST_MESSAGE = 500


class ErrorDetail(BaseModel):
    """What went wrong."""

    message: str = Field(description="What was wrong, and what to do about it")
    type: str = Field(description="invalid_request_error, authentication_error, rate_limit_error or server_error")
    param: str | None = Field(default=None, description="The field that was wrong")
    code: str | None = Field(default=None, description="not_found, busy, too_slow, …")


class ErrorBody(BaseModel):
    """The body of every error."""

    error: ErrorDetail


_TYPES = {401: "authentication_error", 403: "authentication_error", 429: "rate_limit_error"}
_SERVER = 500


class AsciiJSON(Response):
    """JSON that can be written whatever its texts hold, halves of characters too."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the content as one line."""
        return as_json(content).encode("ascii")


def as_json(value: Any) -> str:
    """Return a value as one line of JSON in ASCII."""
    return json.dumps(value, default=str, separators=(",", ":"))


def error_body(status: int, message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    """Return the body of an error."""
    kind = _TYPES.get(status, "server_error" if status >= _SERVER else "invalid_request_error")
    line = " ".join(message.split())
    line = line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
    return {"error": {"message": line, "type": kind, "param": param, "code": code}}


def error_response(
    status: int,
    message: str,
    code: str | None = None,
    *,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsciiJSON:
    """Return an error."""
    return AsciiJSON(error_body(status, message, code, param), status, headers)


def status_of(error: PullquoteError) -> tuple[int, str]:
    """Return the HTTP status and the code of one of our errors."""
    match error:
        case Busy():
            return 503, "busy"
        case TooSlow():
            return 504, "too_slow"
        case Unavailable() | LibraryError() | ConfigError():
            return 503, "library_unavailable"
        case ModelError():
            return 502, f"model_{error.cause}"
        case NotFound():
            return 404, "not_found"
        case UsageError():
            return 400, "invalid"
    return 500, "failed"


def message_of(error: PullquoteError, library: str, *, private: bool) -> str:
    """Return what a client is told. With `private`, nothing of where the library is."""
    if private and isinstance(error, Unavailable | LibraryError | ConfigError):
        return "The library cannot be read now. Who runs this server finds the reason in its log."
    return str(error).replace(f" in {library}.", " in the library.")


def invalid_message(errors: Sequence[Mapping[str, Any]]) -> tuple[str, str | None]:
    """Return what is wrong with a request that does not fit its schema, in one sentence, and the field."""
    if not errors:
        return "The request does not fit. /docs shows what it may hold.", None
    first = errors[0]
    place = ".".join(str(part) for part in first.get("loc", ()) if part not in ("body", "query", "path"))
    return f"{place or 'The body'}: {first.get('msg', 'does not fit')}. /docs shows what it may hold.", place or None
