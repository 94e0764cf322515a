"""Every way in which a chat model can fail, as one sentence that says cause and fix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from assistant.safe_text import one_line
from index.errors import ModelError, PullquoteError

if TYPE_CHECKING:
    from assistant.models.types import ReplySource

_LONGEST_DETAIL = 200
_SHORTEST_SECRET = 6
"""Shorter keys are placeholders such as "none"; taking them out would garble the message."""

_SERVER_ERRORS = 500

_QUOTA = re.compile(
    r"insufficient_quota|exceeded your current quota|(?:insufficient|out of|no) (?:credit|balance|funds)",
    re.IGNORECASE,
)
"""Not "billing": OpenAI's messages about the rate of requests link to the page of that name."""
_CONTEXT = re.compile(
    r"exceed_context_size|context_length_exceeded|too many tokens|"
    r"(?:context|prompt).{0,20}(?:length|size|window|too long)",
    re.IGNORECASE,
)
_KEY = re.compile(r"invalid_api_key|authentication", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed."""

    cause: str
    message: str
    worth_retrying: bool = False
    wait: float | None = None
    """Seconds that the endpoint asks to wait."""


class ReplyError(Exception):
    """A reply that arrived and is no answer; `cause` is garbage, cut or empty."""

    def __init__(self, cause: str, what: str) -> None:
        super().__init__(what)
        self.cause = cause


_SENTENCES = {
    "key": ("refused the key", "Set OPENAI_API_KEY to a valid one."),
    "quota": ("says that the account has no credit left", "Add credit there, or use another key or model."),
    "rate": ("gets more requests than it takes", "Wait a while, then repeat."),
    "server": ("failed", "Repeat later, or look into the server's log."),
    "unreachable": ("cannot be reached", "Check OPENAI_BASE_URL, the network and that the server runs."),
    "cut": ("broke off in the middle of the answer", "Repeat the question."),
    "slow": ("took too long", "Raise the setting model_timeout, or use a faster model."),
    "garbage": ("answered with something that is no chat reply", "Check OPENAI_BASE_URL; it mostly ends with /v1."),
    "empty": ("gave an empty answer", "Repeat the question, or use another model."),
    "context": ("cannot read that much text at once", "Ask a shorter question, or give the model a longer context."),
    "model": ("does not do what is asked", "Check the setting model (PULLQUOTE_MODEL)."),
}


def explain(error: BaseException, source: ReplySource) -> Failure:
    """Return what happened to a request, whatever was raised. Keys are taken out of every message."""
    if isinstance(error, ModelError):
        return Failure(error.cause, shown(str(error), source))
    if isinstance(error, PullquoteError):
        return Failure("model", shown(str(error), source))
    if isinstance(error, ReplyError):
        return _failure(error.cause, source, str(error), worth_retrying=error.cause == "cut")
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _refused(status, error, source)
    return _not_connected(error, source) or _other(error, source)


def too_slow(source: ReplySource, limit: float) -> Failure:
    """Return the failure of a model that gave no sign of life for `limit` seconds."""
    return _failure("slow", source, f"nothing for {limit:g} seconds")


def shown(text: str, source: ReplySource) -> str:
    """Return a text as one line without the source's keys, in which nothing hides."""
    for secret in sorted(source.secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[key]")
    return one_line(text)


def error_text(error: BaseException) -> str:
    """Return what an endpoint says about a request that it refused: message, type and code."""
    body = getattr(error, "body", None)
    parts = [body.get(name) for name in ("message", "type", "code")] if isinstance(body, Mapping) else [str(error)]
    return " ".join(str(part) for part in parts if part)


def is_about_context(text: str) -> bool:
    """Say whether an endpoint's message is about a prompt that is too long."""
    return bool(_CONTEXT.search(text))


def _failure(cause: str, source: ReplySource, detail: str = "", **options: Any) -> Failure:
    what, fix = _SENTENCES[cause]
    detail = shown(detail, source)
    if len(detail) > _LONGEST_DETAIL:
        detail = detail[:_LONGEST_DETAIL].rstrip() + "…"
    aside = f" ({detail.rstrip('.')})" if detail else ""
    return Failure(cause, f"{source.label} {what}{aside}. {source.fixes.get(cause, fix)}", **options)


def _refused(status: int, error: BaseException, source: ReplySource) -> Failure:
    """Explain an HTTP status that is no success."""
    text = error_text(error)
    detail = f"{status}: {text}" if text else str(status)
    wait = _asked_wait(getattr(getattr(error, "response", None), "headers", {}))
    match status:
        case 401 | 403:
            return _failure("key", source, detail)
        case 402:
            return _failure("quota", source, detail)
        case 429 if _QUOTA.search(text):
            return _failure("quota", source, detail)
        case 429:
            return _failure("rate", source, detail, worth_retrying=True, wait=wait)
        case 413:
            return _failure("context", source, detail)
        case 408:
            return _failure("server", source, detail, worth_retrying=True, wait=wait)
        case _ if status >= _SERVER_ERRORS:
            return _failure("server", source, detail, worth_retrying=True, wait=wait)
    return _failure("context" if is_about_context(text) else "model", source, detail)


def _not_connected(error: BaseException, source: ReplySource) -> Failure | None:
    """Explain a connection that fails, or breaks, or stays silent."""
    import httpx
    import openai

    within: BaseException | None = error
    if isinstance(error, openai.APIConnectionError):
        within = error.__cause__ or error
    detail = str(within) or type(within).__name__
    if isinstance(within, httpx.TimeoutException) and not isinstance(within, httpx.ConnectTimeout | httpx.PoolTimeout):
        return _failure("slow", source)
    if isinstance(error, openai.APIConnectionError):
        retry = not isinstance(within, httpx.UnsupportedProtocol | httpx.InvalidURL)
        return _failure("unreachable", source, detail, worth_retrying=retry)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return _failure("unreachable", source, detail)
    if isinstance(error, httpx.HTTPError):  # the openai client lets these through once a stream has begun
        return _failure("cut", source, detail, worth_retrying=True)
    return None


def _other(error: BaseException, source: ReplySource) -> Failure:
    """Explain a reply that is not what the wire promises, or an error sent within a stream."""
    import openai

    text = error_text(error)
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIResponseValidationError):
        for cause, pattern in (("context", _CONTEXT), ("quota", _QUOTA), ("key", _KEY)):
            if pattern.search(text):
                return _failure(cause, source, text)
        return _failure("server", source, text, worth_retrying=True)
    if isinstance(error, NotImplementedError | ImportError):
        return _failure("model", source, text or type(error).__name__)
    return _failure("garbage", source, f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _asked_wait(headers: Any) -> float | None:
    """Return the seconds in Retry-After, which are a number or a date."""
    try:
        value = str(headers.get("retry-after") or "")
    except AttributeError:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
