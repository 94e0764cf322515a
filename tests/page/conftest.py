"""The real page, started as people start it, and a real Chromium that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from eval.bench.page_server import page_server
from index.embedding.minilm import MiniLM
from index.indexing import Indexer

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>${window.hacked=1}{{value}}`'

_CUT_OFF = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
"""What Gradio's script says when the page that listens to an event is left."""


@dataclass
class Browser:
    """A Chromium. `requested` holds the addresses of all requests, `errors` what went wrong in scripts."""

    chromium: Any
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def open(self, address: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Any:
        """Open the page as a reader who was never here."""
        context = self.chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.contexts.append(context)
        return self.enter(context, address)

    def enter(self, context: Any, address: str) -> Any:
        """Open the page in a browser that may have been here."""
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.goto(address)
        page.wait_for_selector(".turns")
        return page

    def reload(self, page: Any) -> None:
        """Load a page anew, as a reader may while it still listens: what that cuts off is no error of the page."""
        before = len(self.errors)
        page.reload()
        self.errors[before:] = [error for error in self.errors[before:] if not error.startswith(_CUT_OFF)]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    pytest.importorskip("gradio", reason="the extra web is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no chromium on the path")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Browser]:
    opened = Browser(chromium)
    yield opened
    for context in opened.contexts:
        context.close()


@pytest.fixture(scope="session")
def page_library(tmp_path_factory: pytest.TempPathFactory, sample_articles: Path, minilm: MiniLM) -> Path:
    """The sample collection, and an article that would like to run as a script."""
    path = tmp_path_factory.mktemp("page")
    hostile = path / "hostile.md"
    title = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    hostile.write_text(
        f'---\ntitle: "{title}"\noutlet: "{title}"\npublished: 2025-05-05\nurl: "javascript:alert(1)"\n---\n\n'
        f"The lighthouse keeper of Evil Rock counted 41 gulls on Monday {HOSTILE} and wrote it down.\n",
        "utf-8",
    )
    with Indexer(path / "library", minilm) as indexer:
        indexer.add([sample_articles, hostile])
    return path / "library"


@pytest.fixture
def own_library(page_library: Path, tmp_path: Path) -> Path:
    """A copy that a test may change, without what other tests asked."""
    ignored = shutil.ignore_patterns("conversations*")
    return Path(shutil.copytree(page_library, tmp_path / "library", ignore=ignored))


@pytest.fixture(scope="session")
def address(chromium: Any, page_library: Path) -> Iterator[str]:
    """A page on the sample collection, with quoted answers."""
    with page_server(page_library) as running:
        yield running.url


@pytest.fixture
def start(chromium: Any) -> Iterator[Callable[..., str]]:
    """Start a page on a library of the test's own."""
    with ExitStack() as stack:
        yield lambda library, **environment: stack.enter_context(page_server(library, **environment)).url
