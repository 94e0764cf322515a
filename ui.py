"""The page people chat in: Gradio around `assistant.page`, which knows what to show. No logic lives here.

Gradio reads the annotations of listeners, so they are not postponed here, and it is imported where it is used: it takes
seconds, and `pullquote --help` looks at this file.
"""

import os
import threading
from collections.abc import Iterator
from importlib.resources import files
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
PEOPLE_AT_ONCE = 24
"""Listeners of one kind that run at a time."""

_EVENTS = "ask stop cite enter forget rate take browse remove paste"
_INK, _PAPER, _INK_DARK, _PAPER_DARK = "#1d1b18", "#fbf9f4", "#ece7dc", "#171614"


def build(at: desk.Desk) -> Any:
    """Return the page as Gradio blocks."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

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

    def owner(request: gr.Request) -> str:
        return visitors.owner_of(request.username, request.cookies.get(visitors.COOKIE))

    with gr.Blocks(title="Pullquote", fill_width=True, analytics_enabled=False) as page:
        masthead = part("masthead")
        parcel = part("parcel")
        with gr.Row(elem_id="pq-ask"):
            conversations = part("conversations")
            with gr.Column(elem_id="pq-talking"):
                talk = part("talk", events=_EVENTS)
                form = part("form")
            paper = part("reader", reader.NOTHING_OPEN)
        with gr.Column(elem_id="pq-collection"):
            with gr.Column(elem_id="pq-adding"):
                part("paste", collection.paste_form())
                upload = gr.File(
                    label="Add files", file_count="multiple", elem_id="pq-upload", height=120, type="filepath"
                )
                adding = part("adding")
            shelf = part("shelf")

        quick: dict[str, Any] = {
            "api_visibility": "private", "show_progress": "hidden", "trigger_mode": "multiple", "queue": True,
        }  # fmt: skip
        once = {**quick, "trigger_mode": "once"}
        talked = [talk, conversations]

        def show() -> tuple[str, str, str]:
            return at.masthead(), at.question_form(), at.shelf(collection.Wanted())

        def enter(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
            return _both(at.conversation(owner(request), str(_sent(event).get("to", ""))))

        def ask(event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str]]:
            sent = _sent(event)
            try:
                question, filters = desk.question_from(sent), desk.filters_from(sent)
            except UsageError as error:
                gr.Warning(str(error))
                return
            asked = at.ask(owner(request), sent.get("conversation", ""), question, filters, sent.get("run", ""))
            yield from map(_both, asked)

        def stop(event: gr.EventData, request: gr.Request) -> None:
            at.stop(owner(request), _sent(event).get("run", ""))

        def forget(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
            sent = _sent(event)
            return _both(at.forget(owner(request), sent.get("to", ""), sent.get("conversation", "")))

        def rate(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
            sent = _sent(event)
            rated = at.rate(
                owner(request), sent["conversation"], int(sent["turn"]), int(sent["thumb"]), sent.get("note", "")
            )
            return _both(rated)

        def take(event: gr.EventData, request: gr.Request) -> str:
            sent = _sent(event)
            return at.export(owner(request), sent["conversation"], int(sent["turn"]), sent["format"])

        def cite(event: gr.EventData) -> str:
            return at.read(_sent(event))

        def browse(event: gr.EventData) -> str:
            try:
                return at.shelf(desk.wanted_from(_sent(event)))
            except UsageError as error:
                return at.shelf(collection.Wanted(), str(error), failed=True)

        def remove(event: gr.EventData) -> tuple[str, str, str]:
            sent = _sent(event)
            kept = at.remove(sent.get("article", ""), desk.wanted_from(sent))
            return kept, at.masthead(), at.question_form()

        def add(uploaded: list[str] | None) -> Iterator[Any]:
            for step, outcomes in at.intake.add_files([Path(name) for name in uploaded or ()]):
                yield collection.adding_page(step, outcomes), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            yield gr.skip(), None, at.shelf(collection.Wanted()), at.masthead(), at.question_form()

        def paste(event: gr.EventData) -> Iterator[Any]:
            try:
                for step, outcomes in at.intake.add_text(_sent(event)):
                    yield collection.adding_page(step, outcomes), gr.skip(), gr.skip(), gr.skip()
            except UsageError as error:
                yield desk.failure(error), gr.skip(), gr.skip(), gr.skip()
                return
            yield gr.skip(), at.shelf(collection.Wanted()), at.masthead(), at.question_form()

        page.load(_guarded(show), None, [masthead, form, shelf], **quick)
        talk.enter(_guarded(enter), None, talked, **quick)
        talk.ask(ask, None, talked, **once, concurrency_limit=PEOPLE_AT_ONCE)
        talk.stop(stop, None, None, **quick)
        talk.forget(_guarded(forget), None, talked, **quick)
        talk.rate(_guarded(rate), None, talked, **quick)
        talk.take(_guarded(take), None, parcel, **quick)
        talk.cite(cite, None, paper, **quick)
        talk.browse(browse, None, shelf, **{**quick, "trigger_mode": "always_last"})
        talk.remove(_guarded(remove), None, [shelf, masthead, form], **quick)
        upload.upload(add, upload, [adding, upload, shelf, masthead, form], **once)
        talk.paste(paste, None, [adding, shelf, masthead, form], **once)
    page.queue(default_concurrency_limit=PEOPLE_AT_ONCE)
    return page


def mount(app: Any, settings: Settings) -> desk.Desk:
    """Put the page at the root of a FastAPI application, and return what is behind it, to be closed when it ends."""
    at = desk.Desk(settings)
    page = build(at)
    import gradio as gr

    style = files("assistant.page").joinpath("page.css").read_text("utf-8")
    gr.mount_gradio_app(
        app, page, path="/", footer_links=[], run_history=False, show_error=False, max_file_size=UPLOAD_LIMIT,
        theme=_theme(), css=style, ssr_mode=False, mcp_server=False, pwa=False, enable_monitoring=False,
        blocked_paths=[str(settings.library_path.absolute())],
    )  # fmt: skip
    app.add_middleware(visitors.Visitors)
    return at


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
            said = str(error) if isinstance(error, PullquoteError) else "The page sent something that is not understood."
            raise gr.Error(said, print_exception=False) from error

    return guarded


@click.command("ui")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port on this machine.")
@global_options
@click.pass_obj
def command(request: Request, port: int) -> None:
    """Open the page to chat in, on this machine alone (127.0.0.1)."""
    try:
        import uvicorn
        from fastapi import FastAPI
    except ImportError as error:
        raise UsageError(f"The page needs the extra web ({error}). Install it: pip install 'pullquote[web]'") from None
    settings = request.settings
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    at = mount(app, settings)
    threading.Thread(target=at.warm, name="warming", daemon=True).start()
    click.echo(f"Pullquote: http://{HOST}:{port}/  (library {settings.library_path}; Ctrl-C ends it)")
    try:
        uvicorn.run(app, host=HOST, port=port, log_level="warning")
    finally:
        at.close()
