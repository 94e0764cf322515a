"""The page in a real Chromium: what a reader sees, does and can rely on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from index.library import Library
from tests.assistant.openai_wire import Reply, Wire, refusal
from tests.page.conftest import HOSTILE, Browser

pytestmark = pytest.mark.slow

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


def cited(page: Any) -> dict[str, Any]:
    """What the reader pane shows as cited."""
    page.wait_for_selector("#pq-reader .cited")
    return {
        "paragraph": int(page.get_attribute("#pq-reader .cited", "data-number")),
        "marked": page.text_content("#pq-reader .cited mark"),
        "headline": page.text_content("#pq-reader .headline"),
    }


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "question",
    [
        DAYS,
        PRISONERS,
        "How were the generators transported to Kharkiv?",
        "What is Dan Scavino's post?",
        "What did Grushko tell Izvestia?",
        "In which city did Ukraine say yes to the 30-day truce?",
    ],
)
def test_every_mark_opens_its_paragraph_with_the_quote_highlighted(
    browser: Browser, address: str, page_library: Path, question: str, width: int
) -> None:
    page = browser.open(address, width=width)
    turn = ask(page, question)
    places = turn.locator(".mark").evaluate_all("marks => marks.map(mark => ({...mark.dataset}))")
    assert places
    for at, place in enumerate(places):
        turn.locator(".mark").nth(at).click()
        page.wait_for_function(
            "([article, number]) => document.querySelector('#pq-reader .cited mark') && "
            "document.querySelector('#pq-reader .cited').dataset.number === number",
            arg=[place["article"], place["paragraph"]],
        )
        with Library.open(page_library) as library:
            article = library.article(place["article"])
        page.wait_for_function("title => document.querySelector('.headline').textContent === title", arg=article.name)
        assert cited(page)["marked"] == article.text[int(place["start"]) : int(place["end"])] == place["quote"]
        assert page.locator("#pq-reader .cited").is_visible()
        assert page.evaluate(
            "() => { const place = document.querySelector('.cited').getBoundingClientRect();"
            " return place.bottom > 0 && place.top < innerHeight && place.left >= 0 && place.left < innerWidth; }"
        )
        page.keyboard.press("Escape")
    assert not browser.errors


def test_answer_says_as_of_when_and_wears_its_verdict_with_reasons(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, DAYS)
    assert "As of 18 March 2025" in turn.locator(".dateline").first.text_content()
    verdict = turn.locator(".verdict").first
    assert verdict.locator("summary").text_content() == "✓ supported"
    verdict.locator("summary").click()
    assert verdict.locator("li").first.is_visible()


def test_hovering_and_focusing_a_mark_shows_what_it_quotes(browser: Browser, address: str) -> None:
    page = browser.open(address)
    mark = ask(page, DAYS).locator(".mark").first
    mark.hover()
    note = page.locator("#pq-note")
    assert "for 30 days" in note.text_content()
    assert "Sample Wire · 18 March 2025" in note.text_content()
    page.keyboard.press("Escape")
    assert not note.is_visible()


def test_articles_that_differ_stand_side_by_side(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, PRISONERS)
    assert "The articles differ" in turn.locator(".differ h3").text_content()
    values = turn.locator(".version h4").all_text_contents()
    assert {re.sub(r"\D", "", value) for value in values} >= {"150", "175"}
    assert turn.locator(".version.superseded .tag").text_content() == "superseded"
    tops = turn.locator(".version").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len({round(top) for top in tops[:2]}) == 1


def test_refusal_shows_what_is_near_and_what_there_is(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, WORLD_CUP)
    assert turn.locator(".refused").text_content() == "The articles do not answer this question."
    assert turn.locator(".nearest li").count() == 3
    assert "The collection has 17 articles" in turn.locator(".coverage").text_content()
    turn.locator(".nearest button").first.click()
    assert page.wait_for_selector("#pq-reader .cited")


def test_previous_and_next_go_through_the_citations(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, PRISONERS).locator(".mark").first.click()
    page.wait_for_selector(".where")
    count = page.locator(".turn .mark").count()
    assert page.text_content(".where") == f"Citation 1 of {count}"
    page.click(".step[aria-label='Next citation']")
    page.wait_for_function(f"document.querySelector('.where').textContent === 'Citation 2 of {count}'")
    page.click(".step[aria-label='Previous citation']")
    page.wait_for_function(f"document.querySelector('.where').textContent === 'Citation 1 of {count}'")


def test_everything_works_by_keyboard_alone(browser: Browser, address: str) -> None:
    page = browser.open(address)

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"Tab never comes to {selector}")

    tab_to(".sample")
    page.keyboard.press("Enter")
    page.wait_for_selector(ANSWERED)
    tab_to(".mark")
    assert page.is_visible("#pq-note")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.cited')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.mark')")
    tab_to(".verdict summary")
    page.keyboard.press("Enter")
    assert page.is_visible(".verdict li")
    tab_to(".thumb")
    page.keyboard.press("Enter")
    page.wait_for_selector(".thumb[aria-pressed=true]")
    tab_to("#pq-question")
    page.keyboard.type(WORLD_CUP)
    page.keyboard.press("Enter")
    page.wait_for_selector(".refused")


def test_reload_loses_nothing_and_others_see_nothing(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, DAYS)
    ask(page, WORLD_CUP)
    page.reload()
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
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("li:has([aria-current]) .close")
    page.wait_for_selector(".welcome")
    assert page.locator(".conversation").count() == 1


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
    page.wait_for_function("document.querySelector('.thought input').getAttribute('value') === 'not <b>that</b>'")
    page.reload()
    page.wait_for_selector(".thumb.down[aria-pressed=true]")
    assert page.input_value(".thought input") == "not <b>that</b>"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, address: str, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page = browser.open(address, width=width, scheme=scheme)
    found: list[str] = []

    def check(state: str) -> None:
        page.wait_for_timeout(300)  # what slides in has arrived, so that colours are the final ones
        found.extend(
            f"{state}: {violation['id']}: {[node['html'][:150] for node in violation['nodes']][:3]}"
            for violation in axe.run(page).response["violations"]
            if violation["impact"] in {"serious", "critical"}
        )

    check("first visit")
    ask(page, PRISONERS)
    check("disagreement")
    page.locator(".mark").first.click()
    page.wait_for_selector(".cited")
    check("reader")
    page.keyboard.press("Escape")
    ask(page, WORLD_CUP)
    check("refusal")
    page.click("nav [data-view=collection]")
    check("collection")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [360, 768, 1024, 2000])
def test_nothing_sticks_out_sideways(browser: Browser, address: str, width: int) -> None:
    page = browser.open(address, width=width)
    ask(page, PRISONERS)
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    page.click("nav [data-view=collection]")
    assert page.evaluate(wide)


def test_nothing_is_asked_of_any_other_host(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, DAYS)
    page.locator(".mark").first.click()
    page.wait_for_selector(".cited")
    page.click("nav [data-view=collection]")
    page.wait_for_selector(".articles li")
    hosts = {
        urlsplit(url).netloc for url in browser.requested if urlsplit(url).scheme in {"http", "https", "ws", "wss"}
    }
    assert hosts == {urlsplit(address).netloc}
    assert not browser.errors


def test_hostile_text_is_shown_as_text(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, "How many gulls did the lighthouse keeper of Evil Rock count on Monday?")
    assert HOSTILE in turn.locator(".said").first.text_content()
    turn.locator(".mark").first.hover()
    turn.locator(".mark").first.click()
    page.wait_for_selector(".cited")
    assert HOSTILE in page.text_content(".cited")
    assert page.text_content(".headline") == HOSTILE
    assert page.locator(".original").count() == 0  # javascript: is no address
    turn = ask(page, f"{HOSTILE} who?")
    assert turn.locator(".question").text_content() == f"{HOSTILE} who?"
    page.click("nav [data-view=collection]")
    page.wait_for_selector(".articles li")
    assert HOSTILE in page.text_content(".articles")
    assert page.evaluate("window.hacked") is None
    assert page.locator(".turns img, .turns script, .paper img, .articles img, .conversations img").count() == 0


# --- with a library of its own ---------------------------------------------------------------------------------------


def test_empty_collection_says_what_to_do_and_takes_files_and_texts(
    browser: Browser, start: Callable[..., str], tmp_path: Path
) -> None:
    page = browser.open(start(tmp_path / "library"))
    assert "The collection is empty" in page.text_content(".welcome")
    page.click(".welcome .primary")
    good, bad = tmp_path / "harbour.txt", tmp_path / "broken.pdf"
    good.write_text("The new harbour at Testville opened on 3 May.\n\nIt cost 12 million crowns.\n")
    bad.write_bytes(b"%PDF-1.7 this is none")
    page.set_input_files("#pq-upload input[type=file]", [str(good), str(bad)])
    page.wait_for_selector(".adding .fine")
    page.wait_for_selector(".adding .failed")
    assert "broken.pdf" in page.text_content(".adding .failed")
    assert str(tmp_path) not in page.content()
    page.wait_for_selector(".articles li")
    page.click(".paste summary")
    page.fill(".paste [name=title]", "Ferry returns")
    page.fill(".paste [name=outlet]", "Testville News")
    page.fill(".paste [name=published]", "2025-06-01")
    page.fill(".paste [name=text]", "The ferry to Testville sails again after 7 weeks in the dock.")
    page.click(".paste .primary")
    page.wait_for_selector(".articles li:has-text('Ferry returns')")
    assert page.text_content("nav [aria-current=page]") == "Collection"
    page.click("nav [data-view=ask]")
    turn = ask(page, "How many weeks was the ferry to Testville in the dock?")
    assert "7 weeks" in turn.locator(".said").first.text_content()
    page.click("nav [data-view=collection]")
    page.fill(".shelf [name=words]", "harbour")
    page.wait_for_function("document.querySelectorAll('.articles li').length === 1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(".articles button:text-is('Remove')")
    page.wait_for_selector(".done:has-text('Removed')")
    assert not browser.errors


def test_model_writes_under_the_evidence_and_each_sentence_is_checked(
    browser: Browser, start: Callable[..., str], page_library: Path, tmp_path: Path
) -> None:
    library = shutil.copytree(page_library, tmp_path / "library")
    wrong = "The pause covers 90 bridges [1]."
    with Wire() as wire:
        wire.script(Reply(f"Russia will stop striking energy infrastructure for 30 days [1]. {wrong}"))
        page = browser.open(start(library, PULLQUOTE_WRITER="composed", OPENAI_BASE_URL=wire.url))
        turn = ask(page, DAYS)
    assert turn.locator(".evidence .mark").count() == 1  # what was there first stays where it was
    assert "Written by wire-model" in turn.locator(".dateline").last.text_content()
    written = turn.locator(":scope > .claims .claim")
    assert written.count() == 2
    assert "supported" in written.first.locator("summary").text_content()
    assert written.last.locator("summary").text_content() == "✕ unsupported"
    page.reload()
    page.wait_for_selector(ANSWERED)
    assert page.locator(".claim").count() == 2


def test_evidence_stands_while_a_model_is_slow_and_stop_keeps_it(
    browser: Browser, start: Callable[..., str], page_library: Path, tmp_path: Path
) -> None:
    library = shutil.copytree(page_library, tmp_path / "library")
    with Wire() as wire:
        wire.script(Reply("", hang=True))
        page = browser.open(start(library, PULLQUOTE_WRITER="composed", OPENAI_BASE_URL=wire.url))
        page.fill("#pq-question", DAYS)
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-live] .evidence .mark")
        page.locator("[data-live] .mark").first.click()
        assert "30 days" in cited(page)["marked"]
        page.click(".stop")
        page.wait_for_selector(ANSWERED)
    assert "Stopped" in page.text_content(".turn .note")
    assert page.locator(".turn .mark").count() > 0


def test_failing_model_leaves_the_quoted_answer_and_says_why(
    browser: Browser, start: Callable[..., str], page_library: Path, tmp_path: Path
) -> None:
    library = shutil.copytree(page_library, tmp_path / "library")
    with Wire() as wire:
        wire.script(refusal(401, "wrong key", code="invalid_api_key"))
        page = browser.open(start(library, PULLQUOTE_WRITER="composed", OPENAI_BASE_URL=wire.url))
        turn = ask(page, DAYS)
    assert "Quoted only." in turn.locator(".note").text_content()
    assert turn.locator(".mark").count() > 0
