"""Pullquote's own doors: ask, search, read. Ids are looked up in the library and never opened as paths."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from assistant.answering import Assistant
from assistant.http.errors import AsciiJSON, ErrorBody, error_body, message_of, status_of
from assistant.http.requests import (
    LARGEST_NUMBER,
    LONGEST_QUESTION,
    MOST_ARTICLES,
    MOST_HITS,
    ArticleBody,
    ArticleFilter,
    Articles,
    AskBody,
    HitBody,
    Hits,
    ReadArticle,
)
from assistant.http.streaming import EventStream, event_line, unless_gone
from assistant.question.following.follow_up import read_history
from assistant.service.service import Asked, Service
from assistant.types import Answer
from index.errors import PullquoteError, UsageError
from index.types import Article, Filters

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": description}
    for status, description in (
        (400, "The request cannot be carried out as it was put"),
        (401, "A token is needed, or it is wrong"),
        (404, "There is none"),
        (413, "The body is too large"),
        (422, "A field does not fit"),
        (429, "Too many requests; Retry-After says when to come again"),
        (503, "The library cannot be read now, or too many requests wait"),
    )
}

router = APIRouter(prefix="/api", tags=["pullquote"], responses=REFUSALS)


def service_of(request: Request) -> Service:
    """Return the service of the app that a request came to."""
    service: Service = request.app.state.service
    return service


def owner_of(request: Request) -> str:
    """Return whose token came with a request; empty where none is needed."""
    return str(request.scope.get("pullquote.owner", ""))


Shared = Annotated[Service, Depends(service_of)]
Owner = Annotated[str, Depends(owner_of)]


@router.post(
    "/ask",
    summary="Ask a question",
    responses={
        200: {
            "model": Answer,
            "description": "The answer; or its steps, as events, with `stream` or `Accept: text/event-stream`",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def ask(request: Request, body: AskBody, service: Shared, owner: Owner) -> Response:
    """Answer from the articles, each sentence with the paragraphs it came from, or say that they do not answer."""
    if not body.question.strip():
        raise UsageError('question: it is empty. Example: {"question": "What was agreed?"}')
    if body.history and body.conversation:
        raise UsageError("history: a kept conversation has its own. Give history or conversation, not both.")
    history = read_history(body.history)
    if body.conversation:
        kept = await run_in_threadpool(service.conversations, owner)
        history = list(await run_in_threadpool(kept.history, body.conversation))
    asked = Asked(body.question, history, body.filters.filters())
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        return await _streamed(service, asked, owner, body.conversation)
    answer = await unless_gone(request, service.answer(asked))
    if isinstance(answer, Response):
        return answer
    return AsciiJSON(await _kept(service, owner, body.conversation, answer, asked.filters))


async def _kept(
    service: Service, owner: str, conversation: str | None, answer: Answer, filters: Filters
) -> dict[str, Any]:
    """Keep an answer if its conversation is kept; return it as it is sent."""
    if not conversation:
        return answer.to_json()
    kept = await run_in_threadpool(service.conversations, owner)
    turn = await run_in_threadpool(kept.append, conversation, answer, filters)
    return answer.to_json() | {"conversation": conversation, "turn": turn}


async def _streamed(service: Service, asked: Asked, owner: str, conversation: str | None) -> Response:
    """Return the steps of an answer; what fails before the first of them is an error like others."""
    events = service.events(asked)
    first = await anext(events, None)

    async def lines() -> AsyncGenerator[str, None]:
        event = first
        try:
            async with contextlib.aclosing(events):
                while event is not None:
                    if event.kind == "done" and isinstance(event.value, Answer):
                        for difference in event.value.disagreements:
                            yield event_line("disagreement", asdict(difference))
                        yield event_line("done", await _kept(service, owner, conversation, event.value, asked.filters))
                    else:
                        yield event_line(event.kind, asdict(event.value))
                    event = await anext(events, None)
        except PullquoteError as error:
            yield event_line("error", failure_of(service, error))

    return EventStream(lines())


def failure_of(service: Service, error: PullquoteError) -> dict[str, Any]:
    """Return what an error looks like once a reply has begun."""
    status, code = status_of(error)
    return error_body(status, message_of(error, str(service.settings.library_path), private=service.private), code)


@router.get("/search", summary="Find the paragraphs nearest to a question")
async def search(
    service: Shared,
    allowed: Annotated[ArticleFilter, Depends()],
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION, description="The question, or words")],
    count: Annotated[int, Query(ge=1, le=MOST_HITS, description="Passages to return")] = 10,
) -> Hits:
    """Search by meaning and by words at once; best first."""

    def work(assistant: Assistant) -> Hits:
        return Hits(hits=[HitBody.of(hit) for hit in assistant.searcher.search(q, count, allowed.filters)])

    return await service.reading(work)


@router.get("/articles", summary="List the articles")
async def articles(
    service: Shared,
    allowed: Annotated[ArticleFilter, Depends()],
    q: Annotated[str, Query(max_length=LONGEST_QUESTION, description="Words that must all be in it")] = "",
    count: Annotated[int, Query(ge=1, le=MOST_ARTICLES)] = 50,
    offset: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Articles:
    """List the newest first; words are looked for in title, outlet, author, id and text, without regard to case."""
    words = q.casefold().split()

    def work(assistant: Assistant) -> Articles:
        found = articles_with(assistant, allowed.filters, words)
        shown = found[offset : offset + count]
        return Articles(articles=[ArticleBody.of(article) for article in shown], total=len(found))

    return await service.reading(work)


def articles_with(assistant: Assistant, filters: Filters, words: list[str]) -> list[Article]:
    """Return the articles that hold every one of the words, which are folded."""

    def holds(article: Article) -> bool:
        parts = (article.title, article.outlet, article.author, article.id, article.text)
        text = "\n".join(part for part in parts if part).casefold()
        return all(word in text for word in words)

    found = assistant.searcher.library.articles(filters)
    return [article for article in found if holds(article)] if words else found


@router.get("/articles/{article}", summary="Read an article")
async def read_article(
    service: Shared,
    article: Annotated[str, Path(max_length=500, description="Its id, as lists and citations have it")],
    revision: Annotated[
        int | None, Query(ge=1, le=LARGEST_NUMBER, description="An earlier revision, as an old citation names it")
    ] = None,
) -> ReadArticle:
    """Return an article with its numbered paragraphs."""

    def work(assistant: Assistant) -> ReadArticle:
        library = assistant.searcher.library
        found = library.article(article, revision)
        return ReadArticle.read(found, library.paragraphs(found))

    return await service.reading(work)
