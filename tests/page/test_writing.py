"""A model that writes on the page, in a real Chromium: under the evidence, slow, stopped, failing."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.assistant.openai_wire import Reply, Wire, refusal
from tests.page.asking import ANSWERED, DAYS, ask, asked_of_a_model_that_hangs, composed_by
from tests.page.conftest import Browser

pytestmark = pytest.mark.slow


def test_cancelling_what_has_no_number_yet_is_no_error(address: str) -> None:
    for door in ("cancel", "reset"):
        sent = httpx.post(f"{address}/gradio_api/{door}", json={"session_hash": "a", "fn_index": 1})
        assert sent.status_code == HTTPStatus.OK


def test_model_writes_under_the_evidence_and_each_sentence_is_checked(
    browser: Browser, start: Callable[..., str], own_library: Path
) -> None:
    wrong = "The pause covers 90 bridges [1]."
    with Wire() as wire:
        wire.script(Reply(f"Russia will stop striking Ukrainian energy infrastructure for 30 days [1]. {wrong}"))
        page = browser.open(start(own_library, **composed_by(wire)))
        turn = ask(page, DAYS)
    assert turn.locator(".evidence .mark").count() == 2  # what was there first stays where it was
    assert "Written by wire-model" in turn.locator(".dateline").last.text_content()
    written = turn.locator(":scope > .claims .claim")
    assert written.count() == 2
    assert "supported" in written.first.locator("summary").text_content()
    assert written.last.locator("summary").text_content() == "✕ unsupported"
    browser.reload(page)
    page.wait_for_selector(ANSWERED)
    assert page.locator(".claim").count() == 2


def test_evidence_stands_while_a_model_is_slow_and_stop_keeps_it(
    browser: Browser, start: Callable[..., str], own_library: Path
) -> None:
    with Wire() as wire:
        page = asked_of_a_model_that_hangs(wire, browser, start(own_library, **composed_by(wire)))
        page.locator("[data-live] .mark").first.click()
        assert "30 days" in page.text_content("#pq-reader .cited mark")
        page.click(".stop")
        page.wait_for_selector(ANSWERED)
    assert "Stopped" in page.text_content(".turn .note")
    assert page.locator(".turn .mark").count() > 0


def test_failing_model_leaves_the_quoted_answer_and_says_why(
    browser: Browser, start: Callable[..., str], own_library: Path
) -> None:
    with Wire() as wire:
        wire.script(refusal(401, "wrong key", code="invalid_api_key"))
        page = browser.open(start(own_library, **composed_by(wire)))
        turn = ask(page, DAYS)
    assert "Quoted only." in turn.locator(".note").text_content()
    assert turn.locator(".mark").count() > 0
