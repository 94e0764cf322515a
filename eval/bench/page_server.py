"""The page as people start it, in a process of its own, and readers without a browser, for measurements and tests."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
_START = "import ui; from assistant.cli.main import cli, main; cli.add_command(ui.command); main()"
_START_SECONDS = 90
_ANSWER_SECONDS = 120.0
_OURS = ("PULLQUOTE_", "OPENAI_", "GRADIO_", "PYTEST_")


@dataclass
class PageServer:
    """A `pullquote` server that runs; `lines` is what it has said."""

    url: str
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def peak_bytes(self) -> int:
        """The most memory that it has used so far (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@contextmanager
def page_server(library: Path, *arguments: str, command: str = "ui", **environment: str) -> Iterator[PageServer]:
    """Run `pullquote ui`, or `serve`, with quoted answers on a free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    process = subprocess.Popen(
        [sys.executable, "-c", _START, "--library", str(library), command, "--port", "0", *arguments],
        cwd=ROOT,
        env={**kept, "PULLQUOTE_WRITER": "quoting", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = PageServer("", process)
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in process.stdout or ():
            server.lines.append(line)
            said.put(line)
        said.put("")

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    try:
        while not (line := said.get(timeout=_START_SECONDS)).startswith("http://"):
            if not line:
                raise RuntimeError("the server did not start:\n" + "".join(server.lines))
        server.url = line.split()[0].removesuffix("/docs").rstrip("/").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        yield server
    finally:
        process.terminate()
        process.wait(20)
        reading.join(5)
        if process.stdout:
            process.stdout.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question went: seconds to the first evidence and to the end, the last HTML of the talk, and the list."""

    evidence: float
    done: float
    talk: str
    listed: str
    error: str = ""


class Reader:
    """Somebody with a browser of their own: a cookie, a session of Gradio's, one conversation."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=_ANSWER_SECONDS)
        self.conversation = ""
        self._session = uuid.uuid4().hex[:11]
        self._config: dict[str, Any] = {}

    def open(self) -> None:
        """Open the page."""
        self.client.get("/").raise_for_status()
        self._config = self.client.get("/config").raise_for_status().json()
        self.send("load")

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def ask(self, question: str) -> Asked:
        """Ask in the conversation, as the page's script does."""
        sent = {"conversation": self.conversation, "question": question, "outlet": "", "since": "", "until": "",
                "run": uuid.uuid4().hex}  # fmt: skip
        began = time.perf_counter()
        evidence, talk, listed = 0.0, "", ""
        for message in self.events("ask", sent):
            if message.get("msg") in {"process_generating", "process_completed"}:
                if not message.get("success", True):
                    return Asked(0.0, 0.0, talk, listed, json.dumps(message)[:300])
                talk, listed = _grown([talk, listed], message["output"].get("data") or [])
                if not evidence and 'data-paragraph="' in talk.rpartition('<article class="turn')[2]:
                    evidence = time.perf_counter() - began
        took = time.perf_counter() - began
        self.conversation = _between(talk, 'class="turns"', 'data-conversation="', '"')
        return Asked(evidence or took, took, talk, listed, "" if self.conversation else talk[-300:] or "no answer")

    def send(self, event: str, sent: dict[str, Any] | None = None) -> list[Any]:
        """Send an event of the page; return the values of its last message."""
        values: list[Any] = []
        for message in self.events(event, sent):
            if message.get("msg") == "process_completed" and message.get("success"):
                values = message["output"].get("data") or []
        return values

    def events(
        self,
        event: str,
        sent: dict[str, Any] | None,
        *,
        data: Sequence[Any] = (),
    ) -> Iterator[dict[str, Any]]:
        """Send an event, and yield Gradio's messages about it."""
        function = next(
            entry for entry in self._config["dependencies"] if any(name == event for _, name in entry["targets"])
        )
        body = {
            "data": [*data],
            "event_data": sent,
            "fn_index": function["id"],
            "trigger_id": function["targets"][0][0],
            "session_hash": self._session,
        }
        self.client.post("/gradio_api/queue/join", json=body).raise_for_status()
        listening = self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session})
        with listening as reply:
            for line in reply.iter_lines():
                if line.startswith("data: "):
                    message = json.loads(line[6:])
                    if message.get("msg") == "close_stream":
                        return
                    yield message


def _grown(before: Sequence[str], values: Sequence[Any]) -> list[str]:
    """Return texts as a message leaves them, which holds them whole or as edits (Gradio sends what differs)."""
    grown = list(before)
    for place, value in enumerate(values[: len(grown)]):
        if isinstance(value, str):
            grown[place] = value
        elif isinstance(value, list):
            for action, path, edit in value:
                if path == []:
                    grown[place] = grown[place] + edit if action == "append" else edit
    return grown


def _between(text: str, *marks: str) -> str:
    """Return what stands between the last two marks, behind the others."""
    for mark in marks[:-1]:
        text = text.partition(mark)[2]
    return text.partition(marks[-1])[0]
