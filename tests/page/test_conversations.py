"""Conversations on the page in a real Chromium: kept, found again, renamed, exported, rated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.conversations.store import Conversations
from tests.assistant.openai_wire import Wire
from tests.page.asking import ANSWERED, DAYS, PRISONERS, WORLD_CUP, ask, asked_of_a_model_that_hangs, composed_by
from tests.page.conftest import Browser

pytestmark = pytest.mark.slow


def test_reload_loses_nothing_and_others_see_nothing(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, DAYS)
    ask(page, WORLD_CUP)
    browser.reload(page)
    page.wait_for_selector(ANSWERED)
    assert page.locator(".question").all_text_contents() == [DAYS, WORLD_CUP]
    assert page.locator(".conversation").count() == 1
    stranger = browser.open(address + urlsplit(page.url)._replace(scheme="", netloc="", path="").geturl())
    assert stranger.locator(".turn").count() == 0
    assert stranger.locator(".conversation").count() == 0


def test_conversations_are_opened_and_deleted(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, DAYS)
    page.click(".new")
    page.wait_for_selector(".welcome")
    ask(page, WORLD_CUP)
    assert page.locator(".conversation").count() == 2
    page.click(f".conversation:has-text('{DAYS[:20]}')")
    page.wait_for_function("([q]) => document.querySelector('.question')?.textContent === q", arg=[DAYS])
    page.click("li:has([aria-current]) [data-event=forget]")
    page.wait_for_selector(".welcome")
    assert page.locator(".conversation").count() == 1
    page.wait_for_function("document.activeElement.matches('.gone .undo')")
    page.keyboard.press("Enter")
    page.wait_for_function("([q]) => document.querySelector('.question')?.textContent === q", arg=[DAYS])
    assert page.locator(".conversation").count() == 2
    assert page.locator(".gone .undo").count() == 0
    page.click(f"li:has-text('{WORLD_CUP[:20]}') [data-event=forget]")
    page.wait_for_selector(".gone .undo")
    assert page.text_content(".question") == DAYS
    browser.reload(page)
    page.wait_for_selector(ANSWERED)
    assert page.locator(".conversation").count() == 1
    assert page.locator(".gone .undo").count() == 0


def test_answer_that_is_not_waited_for_is_kept_and_does_not_call_its_reader_back(
    browser: Browser, start: Callable[..., str], own_library: Path
) -> None:
    with Wire() as wire:
        page = asked_of_a_model_that_hangs(wire, browser, start(own_library, **composed_by(wire)))
        page.click(".new")
        page.wait_for_selector(".welcome")
    with Conversations.open(own_library) as kept:  # the model is gone, and the quoted answer is kept
        for _ in range(600):
            turns = [one.turns for owner in kept.owners() for one in kept.of(owner).conversations()]
            if any(turns):
                break
            page.wait_for_timeout(100)
        assert turns == [1]
    page.wait_for_timeout(500)
    assert page.is_visible(".welcome")
    assert not urlsplit(page.url).fragment
    browser.reload(page)
    page.click(f".conversation:has-text('{DAYS[:20]}')")
    page.wait_for_selector(ANSWERED)
    assert page.text_content(".question") == DAYS
    assert not browser.errors


def test_conversation_is_renamed_in_its_place(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, DAYS)
    page.focus(".conversations [data-event=renaming]")
    page.keyboard.press("Enter")
    assert page.input_value(".rename input") == DAYS
    page.keyboard.type("Never mind")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.conversation')")
    assert page.text_content(".conversation .name") == DAYS
    page.click(".conversations [data-event=renaming]")
    page.keyboard.type("Energy <i>truce</i>")
    page.keyboard.press("Enter")
    page.wait_for_selector(".conversation:has-text('Energy <i>truce</i>')")
    browser.reload(page)
    page.wait_for_selector(ANSWERED)
    assert page.text_content(".conversation .name") == "Energy <i>truce</i>"
    page.click(".conversations [data-event=renaming]")
    page.fill(".rename input", "")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".conversation:has-text('{DAYS}')")
    assert not browser.errors


def test_conversations_are_searched_by_name_questions_and_answers(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, DAYS)
    page.click(".new")
    page.wait_for_selector(".welcome")
    ask(page, "What is Dan Scavino's post?")
    names = page.locator(".conversation .name")

    def wait_for(count: int) -> None:
        page.wait_for_function(f"document.querySelectorAll('.conversation').length === {count}")

    page.fill(".find input", "deputy chief")
    wait_for(1)
    assert names.all_text_contents() == ["What is Dan Scavino's post?"]
    ask(page, PRISONERS)  # what is asked meanwhile does not end the search
    page.wait_for_selector("[data-asked] .conversation")
    wait_for(1)
    page.fill(".find input", "zeppelin")
    page.wait_for_selector(".conversations .aside:has-text('No conversation holds these words.')")
    page.fill(".find input", "")
    wait_for(2)
    assert not browser.errors


def test_filters_belong_to_the_conversation(browser: Browser, address: str) -> None:
    page = browser.open(address)
    page.click(".filters summary")
    page.select_option(".ask [name=outlet]", "Sample Wire")
    page.fill(".ask [name=since]", "2025-03-01")
    turn = ask(page, DAYS)
    assert turn.locator(".within").text_content() == "Asked of: Sample Wire, from 1 March 2025"
    first = page.url
    page.click(".new")
    page.wait_for_selector(".welcome")
    said = page.locator(".filters summary")
    page.wait_for_function("document.querySelector('.filters summary').textContent === 'All articles'")
    ask(page, WORLD_CUP)
    assert said.text_content() == "All articles"
    page.click(f".conversation:has-text('{DAYS[:20]}')")
    only = "Only Sample Wire, from 2025-03-01"
    page.wait_for_function("only => document.querySelector('.filters summary').textContent === only", arg=only)
    browser.reload(page)
    page.wait_for_selector(ANSWERED)
    page.wait_for_function("only => document.querySelector('.filters summary').textContent === only", arg=only)
    assert page.url == first
    assert page.input_value(".ask [name=since]") == "2025-03-01"


@pytest.mark.parametrize(
    ("label", "ending", "holds"),
    [("Markdown", ".md", "# For how many"), ("HTML", ".html", "<!doctype html>"), ("JSON", ".json", '"claims"')],
)
def test_answer_is_exported(browser: Browser, address: str, label: str, ending: str, holds: str) -> None:
    page = browser.open(address)
    turn = ask(page, DAYS)
    turn.locator(".exports summary").click()
    with page.expect_download() as saved:
        turn.locator(f".exports button:text-is('{label}')").click()
    assert saved.value.suggested_filename.endswith(ending)
    assert holds in Path(saved.value.path()).read_text("utf-8")


def test_thumb_and_note_are_kept(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, DAYS)
    turn.locator(".thumb.down").click()
    page.wait_for_selector(".thumb.down[aria-pressed=true]")
    page.fill(".thought input", "not <b>that</b>")
    page.click(".thought button")
    page.wait_for_function("document.querySelector('.thought input')?.getAttribute('value') === 'not <b>that</b>'")
    browser.reload(page)
    page.wait_for_selector(".thumb.down[aria-pressed=true]")
    assert page.input_value(".thought input") == "not <b>that</b>"


def test_each_sentence_is_rated_for_itself(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, DAYS)
    turn.locator(".verdict summary").first.click()
    page.focus(".nod.down")
    page.keyboard.press("Enter")
    page.wait_for_selector(".nod.down[aria-pressed=true]")
    assert page.get_attribute(".nod.down", "aria-label") == "Bad sentence 1"
    assert page.locator(".thumb[aria-pressed=true]").count() == 0
    assert turn.locator(".verdict li").first.is_visible()  # what was unfolded stays so
    page.fill(".claim .thought input", "30 days from when?")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.claim .thought input')?.defaultValue === '30 days from when?'")
    page.click(".nod:not(.down)")
    page.wait_for_selector(".nod:not(.down)[aria-pressed=true]")
    browser.reload(page)
    page.wait_for_selector(".nod:not(.down)[aria-pressed=true]")
    assert page.input_value(".claim .thought input") == "30 days from when?"
    assert not browser.errors
