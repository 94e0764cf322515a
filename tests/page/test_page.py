"""The page in a real Chromium: what a reader sees, does and can rely on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from eval.cases import load_cases
from index.library.library import Library
from tests.page.asking import ANSWERED, DAYS, PRISONERS, WORLD_CUP, ask
from tests.page.conftest import HOSTILE, Browser

pytestmark = pytest.mark.slow

SAMPLE_CASES = Path(__file__).resolve().parents[2] / "eval" / "data" / "sample.jsonl"


SHOWN = """(wanted) => {
    const shown = (selector) => document.querySelector(`#pq-reader ${selector}`);
    const place = shown('.cited')?.getBoundingClientRect();
    return shown('.headline')?.textContent === wanted.title
        && shown('.cited')?.dataset.number === wanted.paragraph
        && shown('.cited mark')?.textContent === wanted.quote
        && (shown('.where')?.textContent ?? '') === wanted.where
        && document.querySelectorAll('#pq-reader mark').length === 1
        && place.bottom > 0 && place.top < innerHeight && place.left >= 0 && place.left < innerWidth;
}"""
"""Whether the reader pane shows an article with the quote highlighted in its paragraph, where a reader sees it."""


def click_every_mark(page: Any, turn: Any, library: Library, *, closing: bool) -> int:
    """Click each mark of an answer, check by the DOM what opens, and return how many there are."""
    places = turn.locator(".mark").evaluate_all("marks => marks.map(mark => ({...mark.dataset}))")
    for at, place in enumerate(places):
        article = library.article(place["article"])
        cut = article.text[int(place["start"]) : int(place["end"])]
        assert cut.encode() == place["quote"].encode()
        turn.locator(".mark").nth(at).click()
        where = f"Citation {at + 1} of {len(places)}" if len(places) > 1 else ""
        wanted = {"title": article.name, "paragraph": place["paragraph"], "quote": place["quote"], "where": where}
        page.wait_for_function(SHOWN, arg=wanted)
        if closing:
            page.keyboard.press("Escape")
    return len(places)


def test_every_mark_of_thirty_answers_opens_its_paragraph_with_the_quote_highlighted(
    browser: Browser, address: str, page_library: Path
) -> None:
    page = browser.open(address)
    asked = marks = 0
    with Library.open(page_library) as library:
        for case in load_cases(SAMPLE_CASES):
            if not case.answerable or case.history or case.filters:
                continue
            page.click(".new")
            page.wait_for_selector(".welcome")
            turn = ask(page, case.question)
            if turn.locator(".refusal").count():
                continue
            found = click_every_mark(page, turn, library, closing=False)
            assert found, case.question
            asked, marks = asked + 1, marks + found
            if asked == 30:
                break
    assert asked == 30
    assert marks > asked
    assert not browser.errors


def test_marks_open_and_close_over_the_whole_screen_of_a_telephone(
    browser: Browser, address: str, page_library: Path
) -> None:
    page = browser.open(address, width=390)
    with Library.open(page_library) as library:
        assert click_every_mark(page, ask(page, PRISONERS), library, closing=True)
    assert not browser.errors


def test_what_was_asked_for_last_is_shown_however_fast(browser: Browser, address: str) -> None:
    page = browser.open(address)
    marks = ask(page, PRISONERS).locator(".mark")
    marks.first.wait_for()
    page.evaluate(
        "() => { const marks = [...document.querySelectorAll('.turn .mark')];"
        " for (let round = 0; round < 6; round++) {"
        " marks[round % marks.length].click();"
        " document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'})); }"
        " marks.at(-1).click(); }"
    )
    count = marks.count()
    page.wait_for_function(
        "said => document.querySelector('.where')?.textContent === said", arg=f"Citation {count} of {count}"
    )
    page.wait_for_timeout(500)  # nothing that was asked for before comes later
    assert page.text_content(".where") == f"Citation {count} of {count}"


def test_answer_says_as_of_when_and_wears_its_verdict_with_reasons(browser: Browser, address: str) -> None:
    page = browser.open(address)
    turn = ask(page, DAYS)
    assert "As of 30 January 2026" in turn.locator(".dateline").first.text_content()
    verdict = turn.locator(".verdict").first
    assert verdict.locator("summary").text_content() == "” word for word"
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
    assert turn.locator(".refused").text_content().startswith("The articles do not answer this question. The words")
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
    page.wait_for_function(f"document.querySelector('.where')?.textContent === 'Citation 2 of {count}'")
    page.click(".step[aria-label='Previous citation']")
    page.wait_for_function(f"document.querySelector('.where')?.textContent === 'Citation 1 of {count}'")


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
    page.click(".articles button:text-is('Remove')")
    page.wait_for_selector(".done:has-text('Removed')")
    assert page.locator(".shelf > .articles li").count() == 0
    page.wait_for_function("document.activeElement.matches('.told .undo')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".done:has-text('is back')")
    assert page.locator(".shelf > .articles li").count() == 1
    page.click(".articles button:text-is('Remove')")
    page.wait_for_selector(".told .undo")
    browser.reload(page)  # the way back is still there
    page.click("nav [data-view=collection]")
    page.click(".removed summary")
    page.click(".removed button:text-is('Put back')")
    page.wait_for_selector(".done:has-text('is back')")
    assert page.locator(".removed").count() == 0
    page.click("nav [data-view=ask]")
    turn = ask(page, "On which day did the new harbour at Testville open?")
    assert "3 May" in turn.locator(".said").first.text_content()
    assert not browser.errors


def test_next_questions_come_after_the_answer_and_are_answered(browser: Browser, address: str) -> None:
    page = browser.open(address)
    ask(page, "How were the generators transported to Kharkiv?")
    first = page.locator(".ask-next").first
    first.wait_for()
    question = first.text_content()
    page.click(".thumb:not(.down)")  # drawing the answers anew keeps them
    page.wait_for_selector(".thumb[aria-pressed=true]")
    assert page.locator(".ask-next").first.text_content() == question
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("count => document.querySelectorAll('.turn .actions').length === count", arg=2)
    last = page.locator(".turn").last
    assert last.locator(".question").text_content() == question
    assert last.locator(".mark").count() > 0
    assert page.locator(".turn").first.locator(".ask-next").count() == 0
    assert not browser.errors
