"""The clients that people have: openai (also streaming) and mcp, over HTTP and standard streams."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from assistant.answers.from_json import answer_from_json
from index.embedding.minilm import MiniLM
from tests.assistant.http.http_server import QUESTION, Served, served
from tests.assistant.openai_wire import Reply, Wire

ROOT = Path(__file__).resolve().parents[3]
HOLDS = "Russia will stop striking Ukraine's energy infrastructure for 30 days. "
INVENTED = "The Pope will visit Mars in 2050 with 12 zebras. "
ASKED: Any = [{"role": "user", "content": QUESTION}]


# --- openai


def test_openai_client_gets_text_annotations_and_the_whole_answer(chat: openai.OpenAI) -> None:
    completion = chat.chat.completions.create(model="pullquote", messages=ASKED, temperature=0.7, seed=1)
    (choice,) = completion.choices
    content = choice.message.content or ""
    assert choice.finish_reason == "stop"
    assert "30 days" in content
    assert "[1]" in content
    assert "- [1] Sample Wire" in content
    (annotation, *_) = choice.message.annotations or []
    cited = annotation.url_citation
    assert content[cited.start_index : cited.end_index] == "[1]"
    assert cited.url.startswith("https://example.org/sample-wire/2025/03/18/sample-wire-call")
    assert answer_from_json(completion.model_extra["pullquote"]).answered  # type: ignore[index]


def test_openai_client_streams_the_same(chat: openai.OpenAI) -> None:
    whole = chat.chat.completions.create(model="pullquote", messages=ASKED).choices[0].message.content
    with chat.chat.completions.create(
        model="pullquote", messages=ASKED, stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].choices[0].delta.model_extra["annotations"]  # type: ignore[index]
    assert chunks[-2].model_extra["pullquote"]["answered"]  # type: ignore[index]
    assert chunks[-1].usage is not None


def test_openai_client_lists_the_model(chat: openai.OpenAI) -> None:
    assert [model.id for model in chat.models.list()] == ["pullquote"]
    assert chat.models.retrieve("pullquote").owned_by == "pullquote"


def test_earlier_messages_are_the_history(chat: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "And how many were wounded?"}, {"type": "image_url", "image_url": {"url": "x"}}]
    messages: Any = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "How many prisoners are swapped?"},
        {"role": "assistant", "content": "175. [1]\n\nSources:\n- [1] A paper"},
        {"role": "user", "content": parts},
    ]
    completion = chat.chat.completions.create(model="pullquote", messages=messages)
    assert "prisoners" in completion.model_extra["pullquote"]["standalone_question"]  # type: ignore[index]


def test_filters_go_in_as_an_extension(chat: openai.OpenAI) -> None:
    completion = chat.chat.completions.create(
        model="pullquote", messages=ASKED, extra_body={"pullquote": {"filters": {"until": "2000-01-01"}}}
    )
    assert completion.choices[0].message.content == (
        "The articles do not answer this question. No article is of 1 January 2000 or before."
    )


def test_errors_have_openais_shape(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="the model here is pullquote"):
        chat.chat.completions.create(model="gpt-4", messages=ASKED)
    with pytest.raises(openai.BadRequestError, match="the last must be the question") as caught:
        chat.chat.completions.create(model="pullquote", messages=[{"role": "system", "content": "x"}])
    assert caught.value.type == "invalid_request_error"
    with pytest.raises(openai.BadRequestError, match="messages"):
        chat.chat.completions.create(model="pullquote", messages=[])


def composed(library: Path, minilm: MiniLM, text: str) -> tuple[list[str], str]:
    """What the openai client streams of a model's reply: the pieces, and the writer."""
    with (
        Wire() as wire,
        served(library, minilm, writer="composed", openai_base_url=wire.url) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client,
    ):
        wire.script(Reply(text))
        with client.chat.completions.create(model="pullquote", messages=ASKED, stream=True) as stream:
            chunks = list(stream)
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    return pieces, chunks[-1].model_extra["pullquote"]["writer"]  # type: ignore[index]


def test_claims_are_streamed_once_they_are_checked(sample_library: Path, minilm: MiniLM) -> None:
    pieces, writer = composed(sample_library, minilm, HOLDS + INVENTED)
    assert writer == "composed"
    assert len(pieces) == 3
    assert pieces[0].startswith(HOLDS.strip()[:-1])
    assert "Pope" in pieces[1]
    assert "(unsupported" in pieces[1]
    assert "Sources:" in pieces[2]


def test_invention_is_not_streamed_before_it_is_known_to_be_one(sample_library: Path, minilm: MiniLM) -> None:
    pieces, writer = composed(sample_library, minilm, INVENTED * 2)
    assert writer == "quoting"
    assert len(pieces) == 1
    assert "Pope" not in pieces[0]
    assert "30 days" in pieces[0]


# --- mcp


async def _use(client: Client) -> dict[str, Any]:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    calls = {
        "ask": {"question": QUESTION, "since": "2025-01-01"},
        "search": {"query": "prisoner exchange", "count": 2},
        "read_article": {"article": "sample-wire-call"},
        "wrong": {"article": "../../etc/passwd"},
    }
    done = {
        name: await client.call_tool("read_article" if name == "wrong" else name, arguments)
        for name, arguments in calls.items()
    }
    return {"tools": tools, **done}


def _check(used: dict[str, Any]) -> None:
    assert set(used["tools"]) == {"ask", "search", "read_article"}
    assert all(tool.annotations.read_only_hint for tool in used["tools"].values())
    assert "[1]" in used["ask"].content[0].text
    assert answer_from_json(used["ask"].structured_content).answered
    assert len(used["search"].structured_content["hits"]) == 2
    assert "¶1 Russia will stop striking" in used["read_article"].content[0].text
    assert used["wrong"].is_error
    assert "There is no article" in used["wrong"].content[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_mcp_client_calls_all_tools_over_http(server: Served, mode: str) -> None:
    async def session() -> dict[str, Any]:
        async with Client(f"{server.url}/mcp", mode=mode) as client:
            return await _use(client)

    _check(asyncio.run(session()))


def test_mcp_client_calls_all_tools_over_standard_streams(sample_library: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PULLQUOTE_CONFIG": ""}
    command = ["-m", "assistant.cli.main", "--library", str(sample_library), "mcp", "--writer", "quoting"]

    async def session() -> dict[str, Any]:
        started = StdioServerParameters(command=sys.executable, args=command, env=environment)
        async with Client(stdio_client(started)) as client:
            return await _use(client)

    _check(asyncio.run(session()))
