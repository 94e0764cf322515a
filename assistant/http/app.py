"""The HTTP side: one FastAPI app with Pullquote's own doors, OpenAI's, MCP's, and room for a page.

`create_app` makes the app. A page is mounted on it afterwards, with `gradio.mount_gradio_app(app, blocks, path="/")`;
what it needs is in `app.state.service` (answers in threads, the library, kept conversations) and `app.state.accounts`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.http import api, conversations, mcp_tools, openai_api, reference
from assistant.http.errors import AsciiJSON, error_response, invalid_message, message_of, status_of
from assistant.http.guard import Guard
from assistant.http.tokens import Accounts
from assistant.service.errors import log
from assistant.service.options import LOOPBACK_NAMES, ServerOptions
from assistant.service.service import Service
from index.errors import PullquoteError, UsageError

__all__ = ["ServerOptions", "check_address", "create_app"]


def create_app(
    settings: Settings,
    *,
    open_assistant: Callable[[Settings], Assistant] | None = None,
    users: Path | None = None,
    options: ServerOptions | None = None,
    entrance: Callable[[ASGIApp], ASGIApp] | None = None,
) -> FastAPI:
    """Return the app; the library is opened with the first request.

    `users` is a file that `pullquote token` writes: with it, every door but /healthz needs a token. `open_assistant` is
    called in each thread that answers; by default all share one embedder. `entrance` is a layer that requests pass once
    the guard has let them in: that of a page. Raises NotFound and ConfigError for a file
    or settings that do not fit.
    """
    options = options or ServerOptions()
    accounts = Accounts(users) if users else None
    service = Service(settings, options, open_assistant, private=accounts is not None)
    mcp_app = mcp_tools.http_app(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with mcp_app.running():
            try:
                yield
            finally:
                service.close()

    app = FastAPI(
        title="Pullquote",
        description="Answers about a collection of news articles, each sentence tied to the paragraph it came from.",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    app.state.accounts = accounts
    app.include_router(api.router)
    app.include_router(conversations.router)
    app.include_router(openai_api.router)
    app.router.routes.extend(mcp_app.routes)
    _add_own_pages(app, service)
    _add_error_handlers(app, service)
    if entrance is not None:
        app.add_middleware(entrance)
    app.add_middleware(Guard, options=options, accounts=accounts)
    return app


_REMEDY = "Make a token (pullquote token NAME --file FILE), then add --tokens FILE"


def check_address(
    host: str, users: Path | None, options: ServerOptions | None = None, *, remedy: str = _REMEDY
) -> ServerOptions:
    """Return the options for a server at an address. Beyond loopback any name will do, for sign-in is needed.

    Raises UsageError, with the remedy, beyond loopback without sign-in.
    """
    options = options or ServerOptions()
    if _is_loopback(host):
        return options
    if users is None or not len(Accounts(users)):
        raise UsageError(
            f"{host} can be reached by others, so sign-in is needed. {remedy}; or stay on this machine with "
            "--host 127.0.0.1."
        )
    return replace(options, hosts=() if options.hosts == LOOPBACK_NAMES else options.hosts)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _version() -> str:
    try:
        return version("pullquote")
    except PackageNotFoundError:  # a checkout that is not installed
        return "0"


def _add_own_pages(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", tags=["server"], summary="Say whether the server can answer")
    async def health() -> Response:
        """Return status ok, or an error with 503 when the library cannot be read."""
        await service.reading(lambda assistant: assistant.searcher.library.manifest)
        return AsciiJSON({"status": "ok"})

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(reference.page(app.openapi()), headers={"content-security-policy": reference.POLICY})


def _add_error_handlers(app: FastAPI, service: Service) -> None:
    library = str(service.settings.library_path)

    @app.exception_handler(PullquoteError)
    async def _ours(_: Request, error: PullquoteError) -> Response:
        status, code = status_of(error)
        if status_is_our_fault(status):
            log.error("%s", error)
        headers = {"retry-after": "5"} if code == "busy" else None
        return error_response(status, message_of(error, library, private=service.private), code, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        message, field = invalid_message(error.errors())
        as_openai = request.url.path.startswith("/v1/")
        return error_response(400 if as_openai else 422, message, "invalid", param=field)

    @app.exception_handler(HTTPException)
    async def _other(request: Request, error: HTTPException) -> Response:
        reasons = {
            404: f"There is nothing at {request.url.path[:200]}. /docs shows what there is.",
            405: f"{request.method} is not possible here. /docs shows what is.",
            400: "The body is not JSON. Send one object, in UTF-8, with Content-Type: application/json.",
        }
        message = reasons.get(error.status_code, str(error.detail))
        return error_response(error.status_code, message, headers=error.headers)


def status_is_our_fault(status: int) -> bool:
    """Whether a status says that the server, not the request, is at fault."""
    return status >= 500  # noqa: PLR2004 - HTTP's own number
