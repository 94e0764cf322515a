"""What a hostile client tries: each time it is refused in one line or shown as text, and the server stays up."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from assistant.http.app import check_address
from assistant.http.rates import Rate
from assistant.http.tokens import make_token, remove_token
from assistant.service.options import ServerOptions
from index.embedding.minilm import MiniLM
from index.errors import UsageError
from index.indexing import Indexer
from tests.assistant.http.http_server import MANY, QUESTION, Served, served

SCRIPT = "<script>alert(1)</script>"
HOSTILE_ARTICLE = f"""---
title: "{SCRIPT} ![x](https://evil.example/pixel.png)"
outlet: "<img src=x onerror=alert(1)>"
url: "javascript:alert(1)"
date: 2025-05-01
---
The zebra committee of Ruritania approved 12 new bridges ![x](https://evil.example/p.png) {SCRIPT} on Monday.

[evil]: https://evil.example/ "t"
"""
WORDS = [
    SCRIPT,
    "'; DROP TABLE revision; --",
    '" OR 1=1 --',
    "title:* AND (((",
    "a" * 3999,
    "(a+)+$" * 100,
    "%s%n%x" * 50,
    "\x00\x01\x1b[2J",
    "\u202e\u2066right to left",
    "👩‍👩‍👧‍👦" * 200,
    "../../../../etc/passwd",
    "{{7*7}} ${7*7}",
    "NEAR(a b, 99999999999)",
    "*",
    "?" * 1000,
]
IDS = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "..\\..\\secrets",
    "/etc/passwd",
    "file:///etc/passwd",
    "sample-wire-call/../../library.db",
    "library.db",
    "conversations.db",
    "%00",
    "a' OR '1'='1",
    "x" * 5000,
    "%ff%fe",
    "sample-wire-call#1",
]


@pytest.fixture(scope="module")
def server(sample_library: Path, tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("guarded")
    library = Path(shutil.copytree(sample_library, folder / "library"))
    (folder / "evil.md").write_text(HOSTILE_ARTICLE, "utf-8")
    with Indexer(library, minilm) as indexer:
        indexer.add([folder / "evil.md"])
    with served(library, minilm) as running:
        yield running


def one_line_error(reply: httpx.Response) -> dict[str, Any]:
    """Check that a refusal is one line of JSON without a traceback; return what it says."""
    assert 400 <= reply.status_code < 500
    assert reply.headers["content-type"] == "application/json"
    assert "\n" not in reply.text
    assert "Traceback" not in reply.text
    error: dict[str, Any] = reply.json()["error"]
    assert error["message"]
    return error


def is_up(server: Served) -> bool:
    with server.client() as client:
        return client.get("/healthz").json() == {"status": "ok"}


# --- what is asked for


@pytest.mark.parametrize("words", WORDS)
def test_any_words_are_only_words(server: Served, words: str) -> None:
    with server.client() as client:
        asked = client.post("/api/ask", json={"question": words})
        found = client.get("/api/search", params={"q": words})
        listed = client.get("/api/articles", params={"q": words, "outlet": words[:500]})
        chatted = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": words}]})
    assert {reply.status_code for reply in (asked, found, listed, chatted)} <= {200, 400}
    assert asked.headers["content-type"] == "application/json"
    assert listed.json()["articles"] == []
    assert is_up(server)


@pytest.mark.parametrize("name", IDS)
def test_ids_are_looked_up_and_never_opened(server: Served, name: str) -> None:
    with server.client() as client:
        for path in (name, quote(name, safe="")):
            reply = client.get(f"/api/articles/{path}")
            assert "root:" not in reply.text
            assert reply.status_code in {404, 422} or reply.json()["id"] == "sample-wire-call"  # "#1" ends an address
            assert client.get(f"/api/conversations/{path}").status_code in {404, 422, 200}
        conversation = client.post("/api/ask", json={"question": QUESTION, "conversation": name})
    one_line_error(conversation)
    assert is_up(server)


@pytest.mark.parametrize("count", ["99999999999999999999", "-1", "0", "1e9", "NaN", "💣", ""])
def test_counts_have_limits(server: Served, count: str) -> None:
    with server.client() as client:
        one_line_error(client.get("/api/search", params={"q": "x", "count": count}))
        one_line_error(client.get("/api/articles", params={"count": count or "x"}))
        one_line_error(client.get("/api/articles/sample-wire-call", params={"revision": count or "x"}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"question": "\xed\xa0\x80"}',
        b'{"question": "\\ud800 what"}',
        b'{"question": ""}',
        b'{"question": "   "}',
        b'{"question": 7}',
        b'{"question": "x", "history": "no list"}',
        b'{"question": "x", "history": [7]}',
        b'{"question": "x", "history": [{"question": "x"}], "conversation": "y"}',
        b'{"question": "x", "filters": {"since": "yesterday"}}',
        b'{"question": "x", "filters": {"since": "0000-00-00"}}',
        b'{"question": "x", "unknown": 1}',
        b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"question": "' + b"x" * 5000 + b'"}',
        json.dumps({"question": "x", "filters": {"articles": ["y"] * 100_000}}).encode(),
    ],
)
def test_bodies_that_do_not_fit_are_refused(server: Served, body: bytes) -> None:
    with server.client() as client:
        one_line_error(client.post("/api/ask", content=body, headers={"Content-Type": "application/json"}))
        one_line_error(client.post("/v1/chat/completions", content=body, headers={"Content-Type": "application/json"}))
        assert client.post("/mcp", content=body, headers={"Content-Type": "application/json"}).status_code < 500
    assert is_up(server)


def test_large_bodies_are_refused(server: Served) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(100))

    with server.client() as client:
        announced = client.post("/api/ask", content=b"x" * 10_000_000)
        in_pieces = client.post("/api/ask", content=pieces())
    assert announced.status_code == in_pieces.status_code == 413
    assert "at most 1,000,000 bytes" in one_line_error(announced)["message"]
    assert is_up(server)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nshort",
        b"GET /api/search?q=" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /api/articles/%zz%ff HTTP/1.1\r\nHost: [::bad\r\n\r\n",
    ],
)
def test_broken_requests_do_no_harm(server: Served, sent: bytes) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    assert is_up(server)


def test_hostile_article_is_text_in_json_and_dead_in_chat(server: Served) -> None:
    question = "How many bridges did the zebra committee of Ruritania approve?"
    with server.client() as client:
        asked = client.post("/api/ask", json={"question": question})
        chatted = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": question}]})
        read = client.get("/api/articles/evil")
    assert asked.json()["answered"]
    assert SCRIPT in asked.json()["text"]
    for reply in (asked, chatted, read):
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-content-type-options"] == "nosniff"
    message = chatted.json()["choices"][0]["message"]
    assert "12 new bridges" in message["content"]
    assert not any(live in message["content"] for live in ("![", "](", " <script", " <img", "javascript:"))
    assert message["annotations"] == []


# --- who may


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost.evil.example:80"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "LOCALHOST:1234", "Origin": "http://localhost:1234"}, 200),
    ],
)
def test_pages_of_other_sites_are_kept_out(server: Served, headers: dict[str, str], status: int) -> None:
    with server.client() as client:
        reply = client.get("/api/articles", headers=headers)
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("path", ["/api/articles", "/nothing", "/docs", "/openapi.json", "/healthz", "/v1/models"])
def test_every_reply_has_the_headers(server: Served, path: str) -> None:
    with server.client() as client:
        headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    return tmp_path / "tokens.txt"


def test_token_is_needed_shown_once_and_kept_as_a_hash(sample_library: Path, minilm: MiniLM, tokens: Path) -> None:
    token = make_token(tokens, "newsroom")
    assert token not in tokens.read_text("utf-8")
    assert tokens.stat().st_mode & 0o077 == 0
    with served(sample_library, minilm, users=tokens) as server, server.client() as client:
        for path in ("/api/articles", "/v1/models", "/mcp", "/docs", "/openapi.json", "/nothing"):
            refused = client.get(path)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
        assert client.get("/healthz").status_code == 200
        for wrong in (f"{token}x", token[:-1], "pq_newsroom_", "pq_other_x", "newsroom", "x" * 10_000):
            one_line_error(client.get("/api/articles", headers={"Authorization": f"Bearer {wrong}"}))
        right = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/articles", headers=right).status_code == 200
        newer = make_token(tokens, "newsroom")
        assert client.get("/api/articles", headers=right).status_code == 401
        right = {"Authorization": f"Bearer {newer}"}
        assert client.get("/api/articles", headers=right).status_code == 200
        remove_token(tokens, "newsroom")
        assert client.get("/api/articles", headers=right).status_code == 401


def test_guessing_tokens_is_slowed_down(sample_library: Path, minilm: MiniLM, tokens: Path) -> None:
    make_token(tokens, "newsroom")
    options = replace(MANY, refusals_a_minute=3.0)
    with served(sample_library, minilm, users=tokens, options=options) as server, server.client() as client:
        guesses = [
            client.get("/v1/models", headers={"Authorization": f"Bearer pq_newsroom_{n}"}).status_code for n in range(5)
        ]
    assert guesses == [401, 401, 401, 429, 429]


def test_conversations_of_one_name_are_unknown_to_another(
    sample_library: Path, tmp_path: Path, minilm: MiniLM, tokens: Path
) -> None:
    library = Path(shutil.copytree(sample_library, tmp_path / "library"))
    anna, bert = ({"Authorization": f"Bearer {make_token(tokens, name)}"} for name in ("anna", "bert"))
    with served(library, minilm, users=tokens) as server, server.client() as client:
        begun = client.post("/api/conversations", json={"name": "Hers"}, headers=anna).json()["id"]
        place = f"/api/conversations/{begun}"
        asked = {"question": QUESTION, "conversation": begun}
        assert client.get(place, headers=anna).status_code == 200
        assert client.get("/api/conversations", headers=bert).json() == {"conversations": []}
        assert client.get("/api/conversations?q=hers", headers=bert).json() == {"conversations": []}
        for refused in (
            client.get(place, headers=bert),
            client.get(f"{place}/export", headers=bert),
            client.patch(place, json={"name": "His"}, headers=bert),
            client.delete(place, headers=bert),
            client.post("/api/ask", json=asked, headers=bert),
        ):
            assert refused.status_code == 404
        assert client.get(place, headers=anna).json()["conversation"]["name"] == "Hers"


def test_where_the_library_lies_is_not_told_to_others(tmp_path: Path, minilm: MiniLM, tokens: Path) -> None:
    right = {"Authorization": f"Bearer {make_token(tokens, 'newsroom')}"}
    with served(tmp_path / "none", minilm, users=tokens) as server, server.client() as client:
        reply = client.get("/api/articles", headers=right)
    assert reply.status_code == 503
    assert str(tmp_path) not in reply.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "news.example"])
def test_beyond_loopback_sign_in_is_needed(host: str, tokens: Path) -> None:
    with pytest.raises(UsageError, match="pullquote token NAME"):
        check_address(host, None)
    tokens.write_text("", "utf-8")
    with pytest.raises(UsageError, match="pullquote token NAME"):
        check_address(host, tokens)
    make_token(tokens, "newsroom")
    assert check_address(host, tokens).hosts == ()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_on_loopback_it_starts_without(host: str) -> None:
    assert check_address(host, None).hosts == ServerOptions().hosts


# --- how often


def test_who_asks_too_often_is_told_when_to_come_again(sample_library: Path, minilm: MiniLM) -> None:
    options = replace(MANY, requests_a_minute=6.0, burst=3)
    with served(sample_library, minilm, options=options) as server, server.client() as client:
        replies = [client.get("/v1/models") for _ in range(4)]
        assert client.get("/healthz").status_code == 200
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 10
    assert one_line_error(replies[-1])["type"] == "rate_limit_error"


def test_buckets_fill_up_again_and_are_each_clients_own() -> None:
    now = [0.0]
    rate = Rate(60.0, 2, lambda: now[0])
    assert [rate.take("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert rate.take("b") == 0.0
    now[0] += 0.5
    assert rate.take("a") == pytest.approx(0.5)
    now[0] += 0.5
    assert rate.take("a") == 0.0
    now[0] += 1000.0
    assert [rate.take("a") for _ in range(3)] == [0.0, 0.0, 1.0]
