"""The list of hostile inputs against the real server with its page: it stays up, and nothing is lost."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.http.tokens import make_user
from eval.bench.page_server import Reader, page_server
from index.library.library import Library
from index.types import Filters
from tests.assistant.http.hostile_inputs import HOSTILE, At
from tests.assistant.http.http_server import QUESTION


@contextmanager
def somebody_outside() -> Iterator[tuple[str, list[str]]]:
    """A server that the page has no business with, and what it was asked for."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000).decode("latin-1"))

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
        listening.shutdown(socket.SHUT_RDWR)


def held(library: Path) -> dict[str, Any]:
    """Everything in a library, by article."""
    with Library.open(library) as opened:
        return {
            article.id: (article, opened.paragraphs(article), article.revision)
            for article in opened.articles(Filters())
        }


def is_up(url: str) -> bool:
    return httpx.get(f"{url}/healthz", timeout=60).json() == {"status": "ok"}


def test_list_is_long_enough() -> None:
    assert len({entry.__name__ for entry in HOSTILE}) == len(HOSTILE) >= 40


def test_hostile_inputs_are_refused_or_text_and_nothing_is_lost(sample_library: Path, tmp_path: Path) -> None:
    pytest.importorskip("gradio", reason="the extra web is not installed")
    library = Path(shutil.copytree(sample_library, tmp_path / "library"))
    uploads, users = tmp_path / "waiting", tmp_path / "users.txt"
    make_user(users, "anna", "correct horse battery")
    failures: dict[str, str] = {}
    with (
        somebody_outside() as (outside_url, outside),
        page_server(library, GRADIO_TEMP_DIR=str(uploads)) as page,
        page_server(library, "--users", str(users), GRADIO_TEMP_DIR=str(tmp_path / "locked")) as locked,
    ):
        keeper = Reader(page.url)
        keeper.open()
        first = keeper.ask(QUESTION)
        assert "30 days" in first.talk, first
        before, kept = held(library), keeper.send("enter", {"to": keeper.conversation})
        reader = Reader(page.url)
        reader.open()
        reader.ask(QUESTION)
        at = At(page, locked, reader, uploads, outside, outside_url)
        for entry in HOSTILE:
            began = time.monotonic()
            try:
                entry(at)
            except Exception as error:  # noqa: BLE001 - all that fail are named at the end
                failures[entry.__name__] = f"{type(error).__name__}: {error}"[:600]
            assert is_up(page.url), entry.__name__
            assert is_up(locked.url), entry.__name__
            print(f"{entry.__name__}: {time.monotonic() - began:.1f} s")  # noqa: T201 - shown where the test fails
        assert not failures, "\n".join(f"{name}: {what}" for name, what in failures.items())
        after = held(library)
        assert {name: after.get(name) for name in before} == before
        assert keeper.send("enter", {"to": keeper.conversation})[0] == kept[0]
        fresh = Reader(page.url)
        fresh.open()
        assert "30 days" in fresh.ask(QUESTION).talk
        assert outside == []
        for opened in (keeper, reader, fresh):
            opened.close()
