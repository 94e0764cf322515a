"""Kept conversations over HTTP. Each belongs to the name whose token began it; to others it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from assistant.answers.exporting import EXPORT_FORMATS, authors_in, export_format
from assistant.conversations.exporting import exported_conversation
from assistant.conversations.store import Conversations, Feedback
from assistant.http.api import REFUSALS, Owner, Shared
from assistant.http.errors import AsciiJSON
from assistant.http.requests import LARGEST_NUMBER, LONGEST_QUESTION
from assistant.service.service import Service

T = TypeVar("T")

router = APIRouter(prefix="/api/conversations", tags=["conversations"], responses=REFUSALS)

Id = Annotated[str, Path(max_length=100)]
Format = Annotated[
    str,
    Query(alias="format", pattern=f"^(?:{'|'.join(EXPORT_FORMATS)})$", json_schema_extra={"enum": [*EXPORT_FORMATS]}),
]


class NameBody(BaseModel):
    """What a conversation is called."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)] = ""


class FeedbackBody(BaseModel):
    """What a reader thinks of an answer, or of one of its claims, counted from 0."""

    model_config = ConfigDict(extra="forbid")

    thumb: Literal[-1, 0, 1]
    note: Annotated[str, Field(max_length=LONGEST_QUESTION)] = ""
    claim: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] | None = None


async def _in_store(service: Service, owner: str, work: Callable[[Conversations], T]) -> T:
    return await run_in_threadpool(lambda: work(service.conversations(owner)))


@router.get("", summary="List conversations")
async def listed(
    service: Shared, owner: Owner, q: Annotated[str, Query(max_length=LONGEST_QUESTION)] = ""
) -> dict[str, list[dict[str, Any]]]:
    """List the conversations, the one that changed last first; with `q`, those that hold all its words."""
    found = await _in_store(service, owner, lambda store: store.search(q) if q.strip() else store.conversations())
    return {"conversations": [asdict(entry) for entry in found]}


@router.post("", status_code=201, summary="Begin a conversation")
async def begin(service: Shared, owner: Owner, body: NameBody) -> dict[str, Any]:
    """Begin a conversation; its id goes into `conversation` of /api/ask."""

    def work(store: Conversations) -> dict[str, Any]:
        return asdict(store.conversation(store.create(body.name)))

    return await _in_store(service, owner, work)


@router.get("/{conversation}", summary="Read a conversation")
async def read(service: Shared, owner: Owner, conversation: Id) -> Response:
    """Return a conversation with all its turns and feedback."""

    def work(store: Conversations) -> Any:
        return exported_conversation(store.conversation(conversation), store.turns(conversation)).record

    return AsciiJSON(await _in_store(service, owner, work))


@router.patch("/{conversation}", summary="Rename a conversation")
async def rename(service: Shared, owner: Owner, conversation: Id, body: NameBody) -> dict[str, Any]:
    """Give a conversation another name; an empty one takes its name away."""

    def work(store: Conversations) -> dict[str, Any]:
        store.rename(conversation, body.name)
        return asdict(store.conversation(conversation))

    return await _in_store(service, owner, work)


@router.delete("/{conversation}", status_code=204, summary="Delete a conversation")
async def delete(service: Shared, owner: Owner, conversation: Id) -> None:
    """Delete a conversation with all that is in it."""
    await _in_store(service, owner, lambda store: store.delete(conversation))


@router.put("/{conversation}/turns/{turn}/feedback", status_code=204, summary="Rate an answer")
async def rate(
    service: Shared,
    owner: Owner,
    conversation: Id,
    turn: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)],
    body: FeedbackBody,
) -> None:
    """Keep what a reader thinks, in place of what was kept before."""
    given = Feedback(body.thumb, body.note, body.claim)
    await _in_store(service, owner, lambda store: store.rate(conversation, turn, given))


@router.get("/{conversation}/export", summary="Export a conversation", response_class=Response)
async def export(
    service: Shared,
    owner: Owner,
    conversation: Id,
    kind: Format = "md",
) -> Response:
    """Return a conversation as a file, in the format that is asked for."""
    exported = await _in_store(
        service, owner, lambda store: exported_conversation(store.conversation(conversation), store.turns(conversation))
    )
    authors = await service.reading(lambda assistant: authors_in(assistant.searcher.library, exported.answers))
    written = export_format(kind)
    text = written.render(replace(exported, authors=authors), datetime.now(UTC).date())
    return Response(
        text.encode("utf-8", "replace"),
        media_type=written.media_type,
        headers={"content-disposition": f'attachment; filename="conversation{written.suffixes[0]}"'},
    )
