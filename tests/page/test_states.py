"""Each state of the page at desk and telephone width, light and dark: axe looks at it, and a picture is kept of it.

The pictures are in `build/screenshots`, to be looked at after a change of looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.assistant.openai_wire import Wire, refusal
from tests.page.asking import DAYS, PRISONERS, WORLD_CUP, ask
from tests.page.conftest import ROOT, Browser

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots"
HEIGHTS = {1440: 900, 390: 844}
TELEPHONE = 500
"""Width below which the list of conversations is a drawer."""
LONG_ARTICLE = "\n\n".join(
    f"The ferry to Testville sailed {count} times in week {count}. On its way it met {count} boats."
    for count in range(100)
)

State = tuple[str, Callable[[Any], None]]


def first_visit(page: Any) -> None:
    page.wait_for_selector(".welcome")


def disagreement(page: Any) -> None:
    ask(page, PRISONERS)
    page.wait_for_selector(".ask-next")


def answer_with_sources(page: Any) -> None:
    ask(page, DAYS)
    page.locator(".turn").last.locator(".claim").first.scroll_into_view_if_needed()


def sentence_rated(page: Any) -> None:
    page.locator(".nod.down").first.click()
    page.wait_for_selector(".claim .thought")


def reader(page: Any) -> None:
    page.locator(".mark").first.click()
    page.wait_for_selector(".cited")


def refused(page: Any) -> None:
    page.keyboard.press("Escape")
    ask(page, WORLD_CUP)


def renaming(page: Any) -> None:
    if page.viewport_size["width"] < TELEPHONE:
        page.click(".drawer")
    page.click(".conversations [data-event=renaming]")


def deleted(page: Any) -> None:
    page.keyboard.press("Escape")
    page.locator(".conversations [data-event=forget]").first.click()
    page.wait_for_selector(".gone .undo")


def collection(page: Any) -> None:
    if page.viewport_size["width"] < TELEPHONE:
        page.keyboard.press("Escape")
    page.click("nav [data-view=collection]")
    page.wait_for_selector(".articles li")


def upload_running(page: Any) -> None:
    files = [
        {"name": f"ferry-{number}.txt", "mimeType": "text/plain", "buffer": f"{number}. {LONG_ARTICLE}".encode()}
        for number in range(4)
    ]
    page.set_input_files("#pq-upload input[type=file]", files)
    page.wait_for_selector(".adding .running")


def upload_failed(page: Any) -> None:
    page.wait_for_selector(".adding .running", state="detached")
    broken = {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 this is none"}
    page.set_input_files("#pq-upload input[type=file]", [broken])
    page.wait_for_selector(".adding .failed:has-text('broken.pdf')")


def article_removed(page: Any) -> None:
    page.locator(".articles button:text-is('Remove')").first.click()
    page.wait_for_selector(".told .undo")


QUOTING: tuple[State, ...] = tuple(
    (step.__name__, step)
    for step in (
        first_visit, disagreement, answer_with_sources, sentence_rated, reader, refused, renaming, deleted, collection,
        upload_running, upload_failed, article_removed,
    )
)  # fmt: skip
MODEL_DOWN: tuple[State, ...] = (("model_down", answer_with_sources),)


@pytest.fixture(scope="module")
def unreachable() -> Iterator[str]:
    """The address of a model that lets nobody in."""
    with Wire() as wire:
        wire.script(refusal(401, "wrong key", code="invalid_api_key"))
        yield wire.url


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(
    browser: Browser, start: Callable[..., str], own_library: Path, *, unreachable: str, scheme: str, width: int
) -> None:  # fmt: skip
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    PICTURES.mkdir(parents=True, exist_ok=True)
    down = {"PULLQUOTE_WRITER": "composed", "OPENAI_BASE_URL": unreachable}
    found: list[str] = []
    for environment, states in (({}, QUOTING), (down, MODEL_DOWN)):
        page = browser.open(start(own_library, **environment), width=width, height=HEIGHTS[width], scheme=scheme)
        for name, reach in states:
            reach(page)
            page.wait_for_timeout(300)  # what slides in has arrived, so that colours are the final ones
            page.screenshot(path=PICTURES / f"{width}-{scheme}-{name}.png")
            found += [
                f"{name}: {violation['id']}: {[node['html'][:150] for node in violation['nodes']][:3]}"
                for violation in axe.run(page).response["violations"]
                if violation["impact"] in {"serious", "critical"}
            ]
    assert not found, "\n".join(found)
