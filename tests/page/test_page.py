"""The page in a real Chromium: what a reader sees, does and can rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.turns import Conversations
from eval.cases import load_cases
from index.library import Library
from tests.assistant.openai_wire import Reply, Wire, refusal
from tests.page.conftest import HOSTILE, Browser

pytestmark = pytest.mark.slow

DAYS = "For how many days will Russia stop striking energy infrastructure?"
PRISONERS = "How many prisoners of war is each side to release?"
SAMPLE_CASES = Path(__file__).resolve().parents[2] / "eval" / "data" / "sample.jsonl"
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


def test_cancelling_what_has_no_number_yet_is_no_error(address: str) -> None:
    for door in ("cancel", "reset"):
        sent = httpx.post(f"{address}/gradio_api/{door}", json={"session_hash": "a", "fn_index": 1})
        assert sent.status_code == HTTPStatus.OK


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


def test_model_writes_under_the_evidence_and_each_sentence_is_checked(
    browser: Browser, start: Callable[..., str], own_library: Path
) -> None:
    wrong = "The pause covers 90 bridges [1]."
    with Wire() as wire:
        wire.script(Reply(f"Russia will stop striking energy infrastructure for 30 days [1]. {wrong}"))
        page = browser.open(start(own_library, **composed_by(wire)))
        turn = ask(page, DAYS)
    assert turn.locator(".evidence .mark").count() == 1  # what was there first stays where it was
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
