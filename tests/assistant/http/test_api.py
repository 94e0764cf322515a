"""Pullquote's own doors, over a real connection: answers, their steps, search, articles and kept conversations."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answers.from_json import answer_from_json
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from tests.assistant.http.http_server import MANY, QUESTION, Served, served
from tests.assistant.openai_wire import Reply, Wire

SENTENCE = "Russia will stop striking Ukraine's energy infrastructure for 30 days. "


@pytest.fixture(scope="module")
def library(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(sample_library, tmp_path_factory.mktemp("served") / "library"))


@pytest.fixture(scope="module")
def server(library: Path, minilm: MiniLM) -> Iterator[Served]:
    with served(library, minilm) as running:
        yield running


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    kind = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)


# --- answers


def test_answer_is_the_same_as_in_the_terminal(server: Served) -> None:
    with server.client() as client:
        reply = client.post("/api/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    answer = answer_from_json(reply.json())
    assert answer.answered
    assert answer.sources[0].article == "sample-wire-call"
    assert "30 days" in answer.text


def test_refusal_is_an_answer(server: Served) -> None:
    with server.client() as client:
        reply = client.post("/api/ask", json={"question": "Who won the 2022 World Cup?"})
    assert reply.status_code == 200
    assert reply.json()["answered"] is False
    assert reply.json()["coverage"]["articles"] == 16


def test_history_and_filters_take_part(server: Served) -> None:
    history = [{"question": "How many prisoners are swapped?"}]
    with server.client() as client:
        leaning = client.post("/api/ask", json={"question": "And how many were wounded?", "history": history}).json()
        narrowed = client.post("/api/ask", json={"question": QUESTION, "filters": {"outlets": ["demo herald"]}}).json()
        none = client.post("/api/ask", json={"question": QUESTION, "filters": {"since": "2030-01-01"}}).json()
    assert "prisoners" in leaning["standalone_question"]
    assert {entry["outlet"] for entry in narrowed["evidence"]} == {"Demo Herald"}
    assert none["coverage"]["articles"] == 0


@pytest.mark.parametrize("asked", [{"json": {"stream": True}}, {"headers": {"Accept": "text/event-stream"}}])
def test_steps_come_as_events(server: Served, asked: dict[str, Any]) -> None:
    body = {"question": QUESTION, **asked.pop("json", {})}
    with server.client() as client, client.stream("POST", "/api/ask", json=body, **asked) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        steps = list(events(reply.iter_lines()))
    assert [kind for kind, _ in steps] == ["evidence", "done"]
    assert steps[0][1]["text"] == steps[1][1]["text"]
    assert steps[1][1]["timings"]


def test_where_articles_differ_there_is_an_event(server: Served) -> None:
    body = {"question": "How many prisoners of war will each side hand over?", "stream": True}
    with server.client() as client, client.stream("POST", "/api/ask", json=body) as reply:
        steps = list(events(reply.iter_lines()))
    assert [kind for kind, _ in steps] == ["evidence", "disagreement", "done"]
    assert len(steps[1][1]["versions"]) >= 2


def test_claims_of_a_model_come_one_by_one(library: Path, minilm: MiniLM) -> None:
    with Wire() as wire, served(library, minilm, writer="composed", openai_base_url=wire.url) as server:
        wire.script(Reply(SENTENCE * 2))
        body = {"question": QUESTION, "stream": True}
        with server.client() as client, client.stream("POST", "/api/ask", json=body) as reply:
            steps = list(events(reply.iter_lines()))
    assert [kind for kind, _ in steps][:2] == ["evidence", "claim"]
    assert steps[0][1]["writer"] == "quoting"
    assert steps[1][1]["verdict"] == "supported"
    assert steps[-1][0] == "done"
    assert steps[-1][1]["writer"] == "composed"


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
@pytest.mark.parametrize("stream", [True, False])
def test_model_stops_when_the_client_leaves(library: Path, minilm: MiniLM, path: str, stream: bool) -> None:
    with Wire() as wire, served(library, minilm, writer="composed", openai_base_url=wire.url) as server:
        wire.script(Reply(SENTENCE, hang=True))
        body = {"question": QUESTION, "stream": stream}
        if path.startswith("/v1"):
            body = {"messages": [{"role": "user", "content": QUESTION}], "stream": stream}
        with server.client() as client:
            if stream:
                with client.stream("POST", path, json=body) as answer:
                    lines = answer.iter_lines()
                    next(line for line in lines if "data:" in line)
                    _until_asked(wire)
            else:
                leaving = threading.Thread(target=_ask_and_leave, args=(server.url + path, body, wire))
                leaving.start()
                leaving.join()
            assert wire.left.wait(30)
            wire.script(Reply(SENTENCE))
            assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200


def _ask_and_leave(url: str, body: dict[str, Any], wire: Wire) -> None:
    """Send a request on a bare connection, and hang up when the model has been asked."""
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    content = json.dumps(body).encode()
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        _until_asked(wire)


def _until_asked(wire: Wire) -> None:
    for _ in range(600):
        if wire.requests:
            return
        threading.Event().wait(0.05)
    raise AssertionError("the model was not asked within 30 seconds")


def test_time_limit_ends_the_model_and_keeps_what_stands(library: Path, minilm: MiniLM) -> None:
    options = replace(MANY, seconds=4.0)
    with (
        Wire() as wire,
        served(library, minilm, writer="composed", openai_base_url=wire.url, options=options) as server,
    ):
        wire.script(Reply("", hang=True))
        with server.client() as client:
            reply = client.post("/api/ask", json={"question": QUESTION})
        assert wire.left.wait(30)
    assert reply.status_code == 200
    assert reply.json()["answered"]
    assert reply.json()["writer"] == "quoting"
    assert "stopped after 4 seconds" in reply.json()["note"]


def test_twenty_clients_at_once_are_all_answered(server: Served) -> None:
    def ask(_: int) -> tuple[int, bool]:
        with server.client() as client:
            reply = client.post("/api/ask", json={"question": QUESTION})
            return reply.status_code, reply.json().get("answered", False)

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(20))) == [(200, True)] * 20


def test_who_comes_when_too_many_wait_is_told_to_come_later(library: Path, minilm: MiniLM) -> None:
    options = replace(MANY, answers_at_once=1, waiting=0)
    with (
        Wire() as wire,
        served(library, minilm, writer="composed", openai_base_url=wire.url, options=options) as server,
        server.client() as client,
    ):
        wire.script(Reply("", hang=True))
        with client.stream("POST", "/api/ask", json={"question": QUESTION, "stream": True}) as first:
            lines = first.iter_lines()  # held, for letting go of it hangs up
            next(lines)
            _until_asked(wire)
            second = client.post("/api/ask", json={"question": QUESTION})
            healthy = client.get("/healthz")
        assert wire.left.wait(30)
    assert second.status_code == 503
    assert second.headers["retry-after"]
    assert second.json()["error"]["code"] == "busy"
    assert healthy.status_code == 200


# --- the library


def test_search_finds_with_filters(server: Served) -> None:
    with server.client() as client:
        hits = client.get("/api/search", params={"q": "prisoner exchange", "count": 3}).json()["hits"]
        others = client.get("/api/search", params={"q": "prisoner exchange", "outlet": "Demo Herald"}).json()["hits"]
        later = client.get("/api/search", params={"q": "prisoner exchange", "from": "2026-01-01"}).json()["hits"]
    assert len(hits) == 3
    assert hits[0]["score"] >= hits[1]["score"]
    assert {hit["outlet"] for hit in others} == {"Demo Herald"}
    assert min(hit["published"] for hit in later) >= "2026-01-01"


def test_articles_are_listed_filtered_and_paged(server: Served) -> None:
    with server.client() as client:
        first = client.get("/api/articles", params={"count": 2}).json()
        rest = client.get("/api/articles", params={"count": 500, "offset": 2}).json()
        found = client.get("/api/articles", params={"q": "HOCKEY herald"}).json()
    assert first["total"] == rest["total"] == 16
    assert len(first["articles"]) == 2
    assert len(rest["articles"]) == 14
    assert [article["id"] for article in found["articles"]] == ["demo-herald-ice-hockey"]
    assert not {"source", "text", "path"} & set(found["articles"][0])


def test_article_is_read_with_numbered_paragraphs(server: Served) -> None:
    with server.client() as client:
        article = client.get("/api/articles/sample-wire-call").json()
        unknown = client.get("/api/articles/sample-wire-cal")
        never = client.get("/api/articles/sample-wire-call", params={"revision": 7})
    assert [entry["number"] for entry in article["paragraphs"]] == list(range(1, len(article["paragraphs"]) + 1))
    assert article["paragraphs"][0]["text"].startswith("Russia will stop striking")
    assert unknown.status_code == never.status_code == 404
    assert "Did you mean sample-wire-call" in unknown.json()["error"]["message"]


def test_changed_and_replaced_library_is_seen(sample_articles: Path, tmp_path: Path, minilm: MiniLM) -> None:
    library, other = tmp_path / "library", tmp_path / "other"
    with Indexer(library, minilm) as indexer:
        indexer.add([sample_articles / "demo-herald-ice-hockey.md"])
    with served(library, minilm) as server, server.client() as client:
        assert client.get("/api/articles").json()["total"] == 1
        with Indexer(library, minilm) as indexer:
            indexer.add([sample_articles / "sample-wire-call.md"])
        assert client.post("/api/ask", json={"question": QUESTION}).json()["answered"]
        with Indexer(library, minilm) as indexer:
            indexer.rebuild()
        assert client.post("/api/ask", json={"question": QUESTION}).json()["answered"]
        with Indexer(other, minilm) as indexer:
            indexer.add([sample_articles / "specimen-post-generators.md"])
        shutil.rmtree(library)
        gone = client.get("/api/articles")
        other.rename(library)
        names = [article["id"] for article in client.get("/api/articles").json()["articles"]]
    assert gone.status_code == 503
    assert names == ["specimen-post-generators"]


def test_server_without_a_library_says_what_to_do(tmp_path: Path, minilm: MiniLM) -> None:
    with served(tmp_path / "none", minilm) as server, server.client() as client:
        asked = client.post("/api/ask", json={"question": QUESTION})
        health = client.get("/healthz")
    assert asked.status_code == health.status_code == 503
    assert "pullquote --library" in asked.json()["error"]["message"]


# --- conversations


def test_conversation_is_kept_with_its_turns(server: Served) -> None:
    with server.client() as client:
        begun = client.post("/api/conversations", json={"name": "Strikes"})
        place = f"/api/conversations/{begun.json()['id']}"
        asked = {"question": QUESTION, "conversation": begun.json()["id"]}
        assert client.post("/api/ask", json=asked).json()["turn"] == 1
        leaning = {"question": "And when was that agreed?", "conversation": begun.json()["id"], "stream": True}
        with client.stream("POST", "/api/ask", json=leaning) as reply:
            (*_, (kind, done)) = events(reply.iter_lines())
        assert (kind, done["turn"]) == ("done", 2)
        assert client.put(f"{place}/turns/1/feedback", json={"thumb": 1, "claim": 0}).status_code == 204
        kept = client.get(place).json()
        assert kept["turns"][0]["question"] == QUESTION
        assert kept["turns"][0]["feedback"][0]["thumb"] == 1
        assert client.patch(place, json={"name": "Energy"}).json()["name"] == "Energy"
        assert [entry["id"] for entry in client.get("/api/conversations?q=energy").json()["conversations"]] == [
            begun.json()["id"]
        ]
        for kind in ("md", "html", "json", "csl"):
            exported = client.get(f"{place}/export", params={"format": kind})
            assert exported.status_code == 200
            assert exported.headers["content-disposition"].startswith("attachment")
        assert client.delete(place).status_code == 204
        assert client.get(place).status_code == 404
        assert client.post("/api/ask", json=asked).status_code == 404


def test_page_of_the_doors_fetches_nothing(server: Served) -> None:
    with server.client() as client:
        page = client.get("/docs")
        document = client.get("/openapi.json").json()
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "http://" not in page.text.replace(server.url, "")
    assert "https://" not in page.text
    assert all(path in page.text for path in document["paths"])
