"""The page people chat in: Gradio around `assistant.page`, which knows what to show. No logic lives here.

Gradio reads the annotations of listeners, so they are not postponed here, and it is imported where it is used: it takes
seconds, and `pullquote --help` looks at this file.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from assistant.cli.options import Request, global_options
from assistant.config import Settings
from assistant.http import sign_in, visitors
from assistant.page import collection, conversation, forms, reader, upload_progress
from assistant.page.library import LibraryPage
from index.errors import PullquoteError, UsageError

PORT = 7860
UPLOAD_LIMIT = "25mb"
REQUESTS_A_MINUTE = 600.0
"""The page is for one machine; opening it takes about a hundred requests."""
PEOPLE_AT_ONCE = 24
"""Listeners of one kind that run at a time."""
MOST_WAITING = 500
"""Events that wait for their turn; the next are refused."""
_MAKE_A_USER = "Make a user (pullquote user NAME --file FILE), then add --users FILE"

_EVENTS = "ask stop cite enter find rename forget unforget rate take further browse remove restore paste"
_QUICK: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "multiple"}
_ONCE: dict[str, Any] = {**_QUICK, "trigger_mode": "once"}
_INK, _PAPER, _INK_DARK, _PAPER_DARK = "#1d1b18", "#fbf9f4", "#ece7dc", "#171614"


@dataclass(slots=True)
class _Parts:
    """The elements of the page."""

    masthead: Any
    parcel: Any
    further: Any
    conversations: Any
    talk: Any
    form: Any
    paper: Any
    upload: Any
    adding: Any
    shelf: Any


def build(at: conversation.ConversationPage, *, signed_in: bool = False) -> Any:
    """Return the page as Gradio blocks."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    with gr.Blocks(title="Pullquote", fill_width=True, analytics_enabled=False) as page:
        parts = _laid_out(gr)
        shown = [parts.masthead, parts.form, parts.shelf]
        page.load(
            lambda: (at.library.masthead(), at.library.question_form(), at.library.listed(collection.ListFilters())),
            None,
            shown,
            **_QUICK,
        )
        asking = _connect_answers(gr, at, parts)
        _connect_kept(gr, at, parts, asking)
        _connect_collection(gr, at.library, parts)
        if signed_in:
            gr.HTML(f'<a href="{sign_in.SIGN_OUT}">Sign out</a>', elem_id="pq-sign-out")
    page.queue(default_concurrency_limit=PEOPLE_AT_ONCE, max_size=MOST_WAITING)
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

    masthead, parcel, further = part("masthead"), part("parcel"), part("further")
    with gr.Row(elem_id="pq-ask"):
        conversations = part("conversations")
        with gr.Column(elem_id="pq-talking"):
            talk, form = part("talk", events=_EVENTS), part("form")
        paper = part("reader", reader.nothing_open())
    with gr.Column(elem_id="pq-collection"):
        with gr.Column(elem_id="pq-adding"):
            part("paste", upload_progress.paste_form())
            upload = gr.File(label="Add files", file_count="multiple", elem_id="pq-upload", height=150, type="filepath")
            adding = part("adding")
        shelf = part("shelf")
    return _Parts(masthead, parcel, further, conversations, talk, form, paper, upload, adding, shelf)


def _connect_answers(gr: Any, at: conversation.ConversationPage, parts: _Parts) -> Any:
    """Ask, stop, and open what is cited; return the listener that asks."""

    def ask(event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str]]:
        sent = _sent(event)
        try:
            question, filters = forms.question_from(sent), forms.filters_from(sent)
        except UsageError as error:
            gr.Warning(str(error))
            return
        asked = at.ask(_owner(request), sent.get("conversation", ""), question, filters, sent.get("run", ""))
        yield from map(_both, asked)

    def stop(event: gr.EventData, request: gr.Request) -> None:
        at.stop(_owner(request), _sent(event).get("run", ""))

    def cite(event: gr.EventData) -> str:
        return at.library.read(_sent(event))

    def further(event: gr.EventData, request: gr.Request) -> str:
        sent = _sent(event)
        return at.further(_owner(request), sent["conversation"], int(sent["turn"]))

    talked = [parts.talk, parts.conversations]
    asking = parts.talk.ask(ask, None, talked, **_QUICK, concurrency_limit=PEOPLE_AT_ONCE)
    parts.talk.stop(stop, None, None, **_QUICK)
    parts.talk.cite(cite, None, parts.paper, **_QUICK)
    parts.talk.further(_guarded(further), None, parts.further, **_QUICK)
    return asking


def _connect_kept(gr: Any, at: conversation.ConversationPage, parts: _Parts, asking: Any) -> None:
    """Open, find, rename and delete conversations, rate and export answers.

    Whoever opens another conversation watches the answer that is being made no longer; it is kept all the same.
    """

    def enter(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        return _both(at.conversation(_owner(request), _sent(event).get("to", "")))

    def forget(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        sent = _sent(event)
        return _both(at.forget(_owner(request), sent.get("to", ""), sent.get("conversation", "")))

    def unforget(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        sent = _sent(event)
        return _both(at.unforget(_owner(request), sent.get("to", ""), sent.get("conversation", "")))

    def find(event: gr.EventData, request: gr.Request) -> str:
        sent = _sent(event)
        return at.found(_owner(request), sent.get("words", ""), sent.get("conversation", ""), sent.get("asked", ""))

    def rename(event: gr.EventData, request: gr.Request) -> str:
        sent = _sent(event)
        return at.rename(_owner(request), sent.get("to", ""), sent.get("name", ""), sent.get("conversation", ""))

    def rate(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        sent = _sent(event)
        place = sent["conversation"], int(sent["turn"])
        return _both(at.rate(_owner(request), *place, forms.feedback_from(sent), sent.get("note")))

    def take(event: gr.EventData, request: gr.Request) -> str:
        sent = _sent(event)
        return at.export(_owner(request), sent["conversation"], int(sent["turn"]), sent["format"])

    talked = [parts.talk, parts.conversations]
    parts.talk.enter(_guarded(enter), None, talked, cancels=[asking], **_QUICK)
    parts.talk.forget(_guarded(forget), None, talked, **_QUICK)
    parts.talk.unforget(_guarded(unforget), None, talked, **_QUICK)
    parts.talk.find(_guarded(find), None, parts.conversations, **_QUICK)
    parts.talk.rename(_guarded(rename), None, parts.conversations, **_QUICK)
    parts.talk.rate(_guarded(rate), None, talked, **_QUICK)
    parts.talk.take(_guarded(take), None, parts.parcel, **_QUICK)


def _connect_collection(gr: Any, library: LibraryPage, parts: _Parts) -> None:
    """Find, add and take out articles."""

    def browse(event: gr.EventData) -> str:
        try:
            return library.listed(forms.wanted_from(_sent(event)))
        except UsageError as error:
            return library.listed(collection.ListFilters(), collection.Notice(str(error), failed=True))

    def remove(event: gr.EventData) -> tuple[str, str, str]:
        sent = _sent(event)
        return (
            library.remove(sent.get("article", ""), forms.wanted_from(sent)),
            library.masthead(),
            library.question_form(),
        )

    def restore(event: gr.EventData) -> tuple[str, str, str]:
        sent = _sent(event)
        return (
            library.restore(sent.get("article", ""), forms.wanted_from(sent)),
            library.masthead(),
            library.question_form(),
        )

    def add(uploaded: list[str] | None) -> Iterator[Any]:
        for step, outcomes in library.uploads.add_files([Path(name) for name in uploaded or ()]):
            yield upload_progress.adding_page(step, outcomes), None, *_unchanged(3)
        yield gr.skip(), None, library.listed(collection.ListFilters()), library.masthead(), library.question_form()

    def paste(event: gr.EventData) -> Iterator[Any]:
        try:
            for step, outcomes in library.uploads.add_text(_sent(event)):
                yield upload_progress.adding_page(step, outcomes), *_unchanged(3)
        except UsageError as error:
            yield forms.failure(error), *_unchanged(3)
            return
        yield gr.skip(), library.listed(collection.ListFilters()), library.masthead(), library.question_form()

    def _unchanged(count: int) -> list[Any]:
        return [gr.skip() for _ in range(count)]

    listed = [parts.shelf, parts.masthead, parts.form]
    parts.talk.browse(browse, None, parts.shelf, **_QUICK)
    parts.talk.remove(_guarded(remove), None, listed, **_QUICK)
    parts.talk.restore(_guarded(restore), None, listed, **_QUICK)
    parts.talk.paste(paste, None, [parts.adding, *listed], **_ONCE)
    parts.upload.upload(add, parts.upload, [parts.adding, parts.upload, *listed], **_ONCE)


def create_page(
    settings: Settings, host: str = "127.0.0.1", users: Path | None = None
) -> tuple[Any, conversation.ConversationPage]:
    """Return the app with all its doors and the page at its root, and what is behind the page.

    `users` is a file that `pullquote user` writes: with it, people sign in. Raises UsageError for an address that
    others can reach without it, NotFound and ConfigError for a file that cannot be read.
    """
    from assistant.http.app import check_address, create_app
    from assistant.http.entrance import USER, Entrance
    from assistant.http.tokens import Accounts
    from assistant.service.options import ServerOptions

    options = ServerOptions(page_policy=visitors.POLICY, requests_a_minute=REQUESTS_A_MINUTE)
    options = check_address(host, users, options, remedy=_MAKE_A_USER)
    door = sign_in.SignIn(Accounts(users), options.refusals_a_minute) if users else None
    entrance = partial(Entrance, sign_in=door, uploads=_waiting_room())
    app = create_app(settings, users=users, options=options, entrance=entrance)
    at = conversation.ConversationPage(app.state.service)
    page = build(at, signed_in=door is not None)
    import gradio as gr

    def signed_in(request: gr.Request) -> str | None:
        name: str | None = request.scope.get(USER)
        return name

    style = files("assistant.page").joinpath("page.css").read_text("utf-8")
    gr.mount_gradio_app(
        app, page, path="/", footer_links=[], run_history=False, show_error=False, max_file_size=UPLOAD_LIMIT,
        theme=_theme(), head=f"<style>{style}</style>", ssr_mode=False, mcp_server=False, pwa=False,
        enable_monitoring=False, blocked_paths=[str(settings.library_path.absolute())],
        auth_dependency=signed_in if door else None,
    )  # fmt: skip
    app.add_middleware(visitors.Visitors)
    return app, at


def _waiting_room() -> Path:
    """Return the folder that Gradio puts uploads into until they are taken; unless it is set, one that ends with us."""
    if not os.environ.get("GRADIO_TEMP_DIR"):
        made = tempfile.mkdtemp(prefix="pullquote-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        os.environ["GRADIO_TEMP_DIR"] = made
    return Path(os.environ["GRADIO_TEMP_DIR"])


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


def _both(talk: conversation.ConversationView) -> tuple[str, str]:
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
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option(
    "--users", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Have people sign in; see user."
)
@global_options
@click.pass_obj
def command(request: Request, host: str, port: int, users: Path | None) -> None:
    """Open the page to chat in, on this machine alone.

    Elsewhere (--host 0.0.0.0) people have to sign in: pullquote user NAME --file FILE, then --users FILE.
    """
    if find_spec("gradio") is None:
        raise UsageError("The page needs the extra web. Install it: pip install 'pullquote[web]'")
    from assistant.http.listening import run

    app, _ = create_page(request.settings, host, users)
    app.state.service.warm()
    run(app, host, port, "/")
