"""The page people chat in: Gradio around `assistant.page`, which knows what to show. No logic lives here.

Gradio reads the annotations of listeners, so they are not postponed here, and it is imported where it is used: it takes
seconds, and `pullquote --help` looks at this file.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from assistant.config import Settings
from assistant.options import Request, global_options
from assistant.page import collection, desk, reader, visitors
from index.errors import PullquoteError, UsageError

HOST = "127.0.0.1"
PORT = 7860
UPLOAD_LIMIT = "25mb"
REQUESTS_A_MINUTE = 600.0
"""The page is for one machine; opening it takes about a hundred requests."""
PEOPLE_AT_ONCE = 24
"""Listeners of one kind that run at a time."""

_EVENTS = "ask stop cite enter forget rate take browse remove paste"
_QUICK: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "multiple"}
_ONCE: dict[str, Any] = {**_QUICK, "trigger_mode": "once"}
_INK, _PAPER, _INK_DARK, _PAPER_DARK = "#1d1b18", "#fbf9f4", "#ece7dc", "#171614"


@dataclass(slots=True)
class _Parts:
    """The elements of the page."""

    masthead: Any
    parcel: Any
    conversations: Any
    talk: Any
    form: Any
    paper: Any
    upload: Any
    adding: Any
    shelf: Any


def build(at: desk.Desk) -> Any:
    """Return the page as Gradio blocks."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    with gr.Blocks(title="Pullquote", fill_width=True, analytics_enabled=False) as page:
        parts = _laid_out(gr)
        shown = [parts.masthead, parts.form, parts.shelf]
        page.load(lambda: (at.masthead(), at.question_form(), at.shelf(collection.Wanted())), None, shown, **_QUICK)
        _connect_answers(gr, at, parts)
        _connect_kept(gr, at, parts)
        _connect_collection(gr, at, parts)
    page.queue(default_concurrency_limit=PEOPLE_AT_ONCE)
    return page


def _laid_out(gr: Any) -> _Parts:
    script = files("assistant.page").joinpath("page.js").read_text("utf-8")

    def part(name: str, value: str = "", events: str = "") -> Any:
        """Return an element whose HTML is the value, as it comes from `assistant.page`, escaped."""
        return gr.HTML(
            value,
            html_template="${value}",
            js_on_load=f"pullquote.connect('{name}', element, trigger, watch); // {[*events.split()]!r}",
            head=f"<script>{script}</script>",
            apply_default_css=False,
            elem_id=f"pq-{name}",
            elem_classes=[f"pq-{name}"],
        )

    masthead, parcel = part("masthead"), part("parcel")
    with gr.Row(elem_id="pq-ask"):
        conversations = part("conversations")
        with gr.Column(elem_id="pq-talking"):
            talk, form = part("talk", events=_EVENTS), part("form")
        paper = part("reader", reader.NOTHING_OPEN)
    with gr.Column(elem_id="pq-collection"):
        with gr.Column(elem_id="pq-adding"):
            part("paste", collection.paste_form())
            upload = gr.File(label="Add files", file_count="multiple", elem_id="pq-upload", height=150, type="filepath")
            adding = part("adding")
        shelf = part("shelf")
    return _Parts(masthead, parcel, conversations, talk, form, paper, upload, adding, shelf)


def _connect_answers(gr: Any, at: desk.Desk, parts: _Parts) -> None:
    """Ask, stop, and open what is cited."""

    def ask(event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str]]:
        sent = _sent(event)
        try:
            question, filters = desk.question_from(sent), desk.filters_from(sent)
        except UsageError as error:
            gr.Warning(str(error))
            return
        asked = at.ask(_owner(request), sent.get("conversation", ""), question, filters, sent.get("run", ""))
        yield from map(_both, asked)

    def stop(event: gr.EventData, request: gr.Request) -> None:
        at.stop(_owner(request), _sent(event).get("run", ""))

    def cite(event: gr.EventData) -> str:
        return at.read(_sent(event))

    talked = [parts.talk, parts.conversations]
    parts.talk.ask(ask, None, talked, **_ONCE, concurrency_limit=PEOPLE_AT_ONCE)
    parts.talk.stop(stop, None, None, **_QUICK)
    parts.talk.cite(cite, None, parts.paper, **_QUICK)


def _connect_kept(gr: Any, at: desk.Desk, parts: _Parts) -> None:
    """Open and delete conversations, rate and export answers."""

    def enter(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        return _both(at.conversation(_owner(request), _sent(event).get("to", "")))

    def forget(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        sent = _sent(event)
        return _both(at.forget(_owner(request), sent.get("to", ""), sent.get("conversation", "")))

    def rate(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        sent = _sent(event)
        place = sent["conversation"], int(sent["turn"]), int(sent["thumb"])
        return _both(at.rate(_owner(request), *place, sent.get("note", "")))

    def take(event: gr.EventData, request: gr.Request) -> str:
        sent = _sent(event)
        return at.export(_owner(request), sent["conversation"], int(sent["turn"]), sent["format"])

    talked = [parts.talk, parts.conversations]
    parts.talk.enter(_guarded(enter), None, talked, **_QUICK)
    parts.talk.forget(_guarded(forget), None, talked, **_QUICK)
    parts.talk.rate(_guarded(rate), None, talked, **_QUICK)
    parts.talk.take(_guarded(take), None, parts.parcel, **_QUICK)


def _connect_collection(gr: Any, at: desk.Desk, parts: _Parts) -> None:
    """Find, add and take out articles."""

    def browse(event: gr.EventData) -> str:
        try:
            return at.shelf(desk.wanted_from(_sent(event)))
        except UsageError as error:
            return at.shelf(collection.Wanted(), str(error), failed=True)

    def remove(event: gr.EventData) -> tuple[str, str, str]:
        sent = _sent(event)
        return at.remove(sent.get("article", ""), desk.wanted_from(sent)), at.masthead(), at.question_form()

    def add(uploaded: list[str] | None) -> Iterator[Any]:
        for step, outcomes in at.intake.add_files([Path(name) for name in uploaded or ()]):
            yield collection.adding_page(step, outcomes), *_unchanged(4)
        yield gr.skip(), None, at.shelf(collection.Wanted()), at.masthead(), at.question_form()

    def paste(event: gr.EventData) -> Iterator[Any]:
        try:
            for step, outcomes in at.intake.add_text(_sent(event)):
                yield collection.adding_page(step, outcomes), *_unchanged(3)
        except UsageError as error:
            yield desk.failure(error), *_unchanged(3)
            return
        yield gr.skip(), at.shelf(collection.Wanted()), at.masthead(), at.question_form()

    def _unchanged(count: int) -> list[Any]:
        return [gr.skip() for _ in range(count)]

    listed = [parts.shelf, parts.masthead, parts.form]
    parts.talk.browse(browse, None, parts.shelf, **{**_QUICK, "trigger_mode": "always_last"})
    parts.talk.remove(_guarded(remove), None, listed, **_QUICK)
    parts.talk.paste(paste, None, [parts.adding, *listed], **_ONCE)
    parts.upload.upload(add, parts.upload, [parts.adding, parts.upload, *listed], **_ONCE)


def create_page(settings: Settings) -> tuple[Any, desk.Desk]:
    """Return the app with all its doors and the page at its root, and what is behind the page."""
    from assistant.http.options import ServerOptions
    from assistant.server import create_app

    app = create_app(settings, options=ServerOptions(page_policy=visitors.POLICY, requests_a_minute=REQUESTS_A_MINUTE))
    at = desk.Desk(app.state.service)
    page = build(at)
    import gradio as gr

    style = files("assistant.page").joinpath("page.css").read_text("utf-8")
    gr.mount_gradio_app(
        app, page, path="/", footer_links=[], run_history=False, show_error=False, max_file_size=UPLOAD_LIMIT,
        theme=_theme(), head=f"<style>{style}</style>", ssr_mode=False, mcp_server=False, pwa=False,
        enable_monitoring=False, blocked_paths=[str(settings.library_path.absolute())],
    )  # fmt: skip
    app.add_middleware(visitors.Visitors)
    return app, at


def _theme() -> Any:
    import gradio as gr

    sans = [gr.themes.Font(name) for name in ("system-ui", "-apple-system", "Segoe UI", "Helvetica Neue", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("ui-monospace", "SFMono-Regular", "Menlo", "monospace")]
    return gr.themes.Base(font=sans, font_mono=mono).set(
        body_background_fill=_PAPER, body_background_fill_dark=_PAPER_DARK,
        body_text_color=_INK, body_text_color_dark=_INK_DARK,
        block_background_fill="transparent", block_background_fill_dark="transparent",
    )  # fmt: skip


def _sent(event: Any) -> dict[str, str]:
    """Return what the page's script sent with an event: names and texts."""
    data = getattr(event, "_data", None)
    return {str(name): str(value) for name, value in data.items()} if isinstance(data, dict) else {}


def _owner(request: Any) -> str:
    return visitors.owner_of(request.username, request.cookies.get(visitors.COOKIE))


def _both(talk: desk.Talk) -> tuple[str, str]:
    return talk.turns, talk.conversations


def _guarded(listener: Any) -> Any:
    """Return a listener whose expected errors become a line on the page."""
    import functools

    import gradio as gr

    @functools.wraps(listener)
    def guarded(*arguments: Any) -> Any:
        try:
            return listener(*arguments)
        except (PullquoteError, KeyError, ValueError) as error:
            ours = isinstance(error, PullquoteError)
            said = str(error) if ours else "The page sent something that is not understood."
            raise gr.Error(said, print_exception=False) from error

    return guarded


@click.command("ui")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="Port on this machine.")
@global_options
@click.pass_obj
def command(request: Request, port: int) -> None:
    """Open the page to chat in, on this machine alone (127.0.0.1)."""
    if find_spec("gradio") is None:
        raise UsageError("The page needs the extra web. Install it: pip install 'pullquote[web]'")
    from assistant.serve_commands import run

    app, at = create_page(request.settings)
    threading.Thread(target=at.warm, name="warming", daemon=True).start()
    run(app, HOST, port, "/")
