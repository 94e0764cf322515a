"""The pictures of the documentation, taken from the page as it is: `make pictures` puts them into `docs/pictures`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.page.asking import PRISONERS, WORLD_CUP, ask
from tests.page.conftest import ROOT, Browser

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "pictures"
IN_DOCS = ROOT / "docs" / "pictures"
LARGEST_BYTES = 300_000


def test_pictures_of_the_documentation_can_be_taken(
    browser: Browser, start: Callable[..., str], sample_library: Path, tmp_path: Path
) -> None:
    library = shutil.copytree(sample_library, tmp_path / "library")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = browser.open(start(library), width=1280, height=860)
    ask(page, PRISONERS)
    page.wait_for_selector(".ask-next")
    page.locator(".mark").first.click()
    page.wait_for_selector(".cited")
    page.wait_for_timeout(300)  # what slides in has arrived
    page.screenshot(path=PICTURES / "page.png")
    page.keyboard.press("Escape")
    ask(page, WORLD_CUP)
    page.screenshot(path=PICTURES / "refused.png")
    page.click("nav [data-view=collection]")
    page.wait_for_selector(".articles li")
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / "collection.png")
    taken = {file.name: file.stat().st_size for file in PICTURES.glob("*.png")}
    assert taken.keys() == {file.name for file in IN_DOCS.glob("*.png")}
    assert max(taken.values()) < LARGEST_BYTES
