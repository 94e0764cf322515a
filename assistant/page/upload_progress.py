"""Adding articles on the page, as HTML: the form for a pasted text, and how far an upload is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.page.elements import text


def paste_form() -> str:
    """Return the form for a text that is pasted."""
    return (
        '<h2>Add articles</h2><details class="paste"><summary>Paste a text</summary><form data-event="paste">'
        '<label>Title <input name="title" maxlength="300" required></label>'
        '<div class="fields"><label>Outlet <input name="outlet" maxlength="200"></label>'
        '<label>Date <input type="date" name="published"></label>'
        '<label>Address <input name="url" inputmode="url" maxlength="2000"></label></div>'
        '<label>Text <textarea name="text" rows="8" required></textarea></label>'
        '<button class="primary">Add to the collection</button></form></details>'
    )


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is. `done` of `total` steps of what is going on now with file `place` of `files`."""

    name: str
    place: int
    files: int
    what: str = "Reading"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """What became of one file of an upload."""

    name: str
    said: str
    failed: bool = False


def adding_page(adding: UploadProgress | None, outcomes: Sequence[UploadOutcome]) -> str:
    """Return the progress of an upload, file by file; `adding` is None when all are done."""
    lines = "".join(
        f'<li class="{"failed" if outcome.failed else "fine"}">'
        f'<span aria-hidden="true">{"✕" if outcome.failed else "✓"}</span> '
        f"<strong>{text(outcome.name)}</strong> {text(outcome.said)}</li>"
        for outcome in outcomes
    )
    running = ""
    if adding:
        what = f"File {adding.place} of {adding.files}: {adding.name} · {adding.what}"
        value = f' value="{adding.done}" max="{adding.total}"' if adding.total else ""
        running = f'<label class="running">{text(what)} <progress{value}></progress></label>'
    return f'<div class="adding" role="status">{running}<ul>{lines}</ul></div>' if adding or outcomes else ""
