"""Build HTML so that text cannot become markup: a plain string is escaped, only `Html` is taken as it is."""

from __future__ import annotations

from assistant.safe_text import for_html

VOID = frozenset("br hr input link meta".split())


class Html(str):
    """A string that is HTML already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | float | bool | None) -> Html:
    """Return an element. In the names of attributes `_` is `-`, and one at the end is dropped: `class_`, `data_tags`.

    An attribute that is None or False is left out, one that is True has no value.
    """
    shown = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    inner = "" if name in VOID else f"{join(*children)}</{name}>"
    return Html(f"<{name}{shown}>{inner}")


def join(*parts: str) -> Html:
    """Return the parts one after the other, escaped where they are not HTML."""
    return Html("".join(part if isinstance(part, Html) else for_html(part) for part in parts))


def _attribute(name: str, value: str | float | bool) -> str:
    if value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    shown = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f" {key}" if value is True else f' {key}="{for_html(shown)}"'
