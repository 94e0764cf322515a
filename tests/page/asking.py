"""Asking on the page as a reader does, for the tests of the page."""

from __future__ import annotations

import json
from typing import Any

from tests.assistant.openai_wire import Reply, Wire
from tests.page.conftest import Browser

DAYS = "For how many days will Russia stop striking energy infrastructure?"
PRISONERS = "How many prisoners of war is each side to release?"
WORLD_CUP = "Who won the 2022 World Cup?"
ANSWERED = ".turn:not([data-live]) .actions"


def ask(page: Any, question: str) -> Any:
    """Ask, wait for the whole answer, and return its turn."""
    before = page.locator(ANSWERED).count()
    page.fill("#pq-question", question)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll({json.dumps(ANSWERED)}).length > {before}")
    return page.locator(".turn").last


def composed_by(wire: Wire) -> dict[str, str]:
    """Return the environment in which this model writes."""
    return {"PULLQUOTE_WRITER": "composed", "OPENAI_BASE_URL": wire.url}


def asked_of_a_model_that_hangs(wire: Wire, browser: Browser, address: str) -> Any:
    """Return a page on which the evidence stands and the model has not said a word."""
    wire.script(Reply("", hang=True))
    page = browser.open(address)
    page.fill("#pq-question", DAYS)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-live] .evidence .mark")
    return page
