"""Pullquote as a model behind OpenAI's chat completions, for Open WebUI, the `openai` client and their like.

The last message of the user is the question, those before it are the history. Whatever else a request holds (prompts
of the system, temperature, tools) has no bearing on what articles say, and is passed over.
Source of the shapes: https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from assistant.http.api import REFUSALS, Shared, failure_of
from assistant.http.chat_tasks import LONGEST_TASK, is_task, task_reply
from assistant.http.chat_text import ChatText, spoken
from assistant.http.errors import AsciiJSON, as_json
from assistant.http.requests import LONGEST_QUESTION, FilterBody
from assistant.http.streaming import EventStream, unless_gone
from assistant.service.service import Asked, Service
from assistant.types import Answer, Claim, Turn
from index.errors import NotFound, PullquoteError, UsageError

MODEL = "pullquote"
_OWNER = "pullquote"

router = APIRouter(prefix="/v1", tags=["openai"], responses=REFUSALS)


class Message(BaseModel):
    """A message; content may be a text or a list of parts, of which the texts are read."""

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The text."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "\n".join(part["text"] for part in self.content if isinstance(part.get("text"), str))


class StreamOptions(BaseModel):
    """What a stream holds besides the text."""

    include_usage: bool | None = None


class Extension(BaseModel):
    """What OpenAI's requests have no field for; the `openai` client sends it with `extra_body`."""

    filters: FilterBody = FilterBody()


class ChatBody(BaseModel):
    """A request for a chat completion. Fields that are not named here are passed over."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "What did Grushko tell Izvestia?"}]}]
        }
    )

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    pullquote: Extension | None = None


@router.get("/models", summary="List the models: there is one")
async def models() -> dict[str, Any]:
    """Return OpenAI's list."""
    return {"object": "list", "data": [_model()]}


@router.get("/models/{model}", summary="Describe a model")
async def model(model: str) -> dict[str, Any]:
    """Return OpenAI's description of a model."""
    _check_model(model)
    return _model()


@router.post("/chat/completions", summary="Answer as OpenAI's chat completions do")
async def chat_completions(request: Request, body: ChatBody, service: Shared) -> Response:
    """Answer the last message. Marks like [1] stand in the text, sources under it and in `annotations`.

    The field `pullquote` holds the whole answer, with every quote.
    """
    _check_model(body.model)
    completion = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
    if (reply := _task_reply(body)) is not None:
        return _replied(reply, completion, streamed=bool(body.stream), with_usage=_wants_usage(body))
    asked = _asked(body)
    if body.stream:
        return await _streamed(service, asked, completion, with_usage=_wants_usage(body))
    answer = await unless_gone(request, service.answer(asked))
    if isinstance(answer, Response):
        return answer
    text = ChatText()
    text.finish(answer)
    message = {"role": "assistant", "content": text.content, "refusal": None, "annotations": text.annotations}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return AsciiJSON(
        completion
        | {"object": "chat.completion", "choices": [choice], "usage": _usage(answer), "pullquote": answer.to_json()}
    )


async def _streamed(service: Service, asked: Asked, completion: dict[str, Any], *, with_usage: bool) -> Response:
    """Return the answer in pieces; what fails before the first of them is an error like others."""
    events = service.events(asked)
    first = await anext(events, None)
    envelope = completion | {"object": "chat.completion.chunk"}

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        return _data(envelope | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]} | more)

    async def lines() -> AsyncGenerator[str, None]:
        event = first
        text = ChatText()
        try:
            async with contextlib.aclosing(events):
                yield chunk({"role": "assistant", "content": ""})
                while event is not None:
                    piece = ""
                    if isinstance(event.value, Claim):
                        piece = text.claim(event.value)
                    elif event.kind == "done":
                        piece = text.finish(event.value)
                    else:
                        text.begin(event.value)
                    if piece:
                        yield chunk({"content": piece})
                    if event.kind == "done" and isinstance(event.value, Answer):
                        yield chunk({"annotations": text.annotations}, "stop", pullquote=event.value.to_json())
                        if with_usage:
                            yield _data(envelope | {"choices": [], "usage": _usage(event.value)})
                    event = await anext(events, None)
                yield "data: [DONE]\n\n"
        except PullquoteError as error:
            yield _data(failure_of(service, error))

    return EventStream(lines())


def _replied(reply: str, completion: dict[str, Any], *, streamed: bool, with_usage: bool) -> Response:
    """Return a reply for which no article was asked, whole or as a stream of one piece."""
    message = {"role": "assistant", "content": reply}
    usage = dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), 0)
    if not streamed:
        whole: dict[str, Any] = {**message, "refusal": None, "annotations": []}
        choice = {"index": 0, "message": whole, "finish_reason": "stop", "logprobs": None}
        return AsciiJSON(completion | {"object": "chat.completion", "choices": [choice], "usage": usage})
    envelope = completion | {"object": "chat.completion.chunk"}

    async def lines() -> AsyncGenerator[str, None]:
        for delta, finish in ((message, None), ({}, "stop")):
            yield _data(envelope | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
        if with_usage:
            yield _data(envelope | {"choices": [], "usage": usage})
        yield "data: [DONE]\n\n"

    return EventStream(lines())


def _data(value: dict[str, Any]) -> str:
    return f"data: {as_json(value)}\n\n"


def _task_reply(body: ChatBody) -> str | None:
    """Return the reply to what a chat program asks for itself; None where its reader asks.

    The prompt is the last message; or that of the system, which one message with the conversation follows.
    """
    *earlier, last = body.messages
    if last.role not in {"user", "system"} or not last.text.strip():
        return None
    said = [message for message in earlier if message.role in {"user", "assistant"}]
    if is_task(last.text[: LONGEST_TASK + 1]):
        if len(last.text) > LONGEST_TASK:
            raise UsageError(f"messages: the task has {len(last.text):,} characters; at most {LONGEST_TASK:,} go.")
        return task_reply(last.text, _history(said))
    system = "\n".join(message.text for message in earlier if message.role == "system")[:LONGEST_QUESTION]
    if last.role == "user" and not said and is_task(system):
        return task_reply(f"{system}\n{last.text}"[:LONGEST_TASK])
    return None


def _asked(body: ChatBody) -> Asked:
    """Return the question of a request. Raises UsageError when there is none."""
    said = [message for message in body.messages if message.role in {"user", "assistant"}]
    if not said or said[-1].role != "user" or not said[-1].text.strip():
        raise UsageError('messages: the last must be the question: {"role": "user", "content": "What was agreed?"}')
    question = said[-1].text
    if len(question) > LONGEST_QUESTION:
        raise UsageError(f"messages: the question has {len(question):,} characters; at most {LONGEST_QUESTION:,} go.")
    extension = body.pullquote or Extension()
    return Asked(question, _history(said[:-1]), extension.filters.filters())


def _history(messages: Sequence[Message]) -> list[Turn]:
    turns: list[Turn] = []
    for message in messages:
        text = message.text[:LONGEST_QUESTION]
        if message.role == "user":
            turns.append(Turn(text))
        elif turns:
            turns[-1] = Turn(turns[-1].question, spoken(text))
    return turns


def _check_model(name: str) -> None:
    if name != MODEL:
        raise NotFound(f"There is no model {name[:80]!r}; the model here is {MODEL}.")


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": _OWNER}


def _wants_usage(body: ChatBody) -> bool:
    return bool(body.stream_options and body.stream_options.include_usage)


def _usage(answer: Answer) -> dict[str, int]:
    """Return the tokens that a model used for the answer; none where it is quoted."""
    prompt, completion = (int(answer.usage.get(f"{kind}_tokens", 0)) for kind in ("prompt", "completion"))
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
