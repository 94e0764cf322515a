"""Text as HTML: whatever articles, models and readers wrote is escaped here, and nowhere turned into markup."""

from __future__ import annotations

import re
from html import escape

from assistant.answers.from_json import whole_characters
from assistant.answers.wording import described
from assistant.types import Citation, Evidence, Source

# Characters that are invisible, or that turn the direction of writing; replaced one for one, so that offsets stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]")


def text(value: object) -> str:
    """Return a value as text of an element or of an attribute in double quotes."""
    return escape(_CONTROLS.sub("\ufffd", whole_characters(str(value))), quote=True)


def attributes(**values: object) -> str:
    """Return `data-` attributes with a space before each; None and False are left out, True has no value."""
    kept = {name.replace("_", "-"): value for name, value in values.items() if value is not None and value is not False}
    return "".join(f" data-{name}" + ("" if value is True else f'="{text(value)}"') for name, value in kept.items())


def button(label: str, event: str, *, kind: str = "plain", name: str = "", **values: object) -> str:
    """Return a button that sends an event with values; `name` is what screen readers say where the label is a sign."""
    named = f' aria-label="{text(name)}" title="{text(name)}"' if name else ""
    return f'<button type="button" class="{kind}"{named}{attributes(event=event, **values)}>{text(label)}</button>'


def said_by(place: Citation | Source | Evidence) -> str:
    """Return outlet and day of a place in an article, or the file's name where neither is known."""
    return described(place.outlet, place.published, None) or place.title or place.file
