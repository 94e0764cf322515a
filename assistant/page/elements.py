"""Elements of the page: whatever articles, models and readers wrote is escaped, and nowhere turned into markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.safe_text import for_html


def text(value: object) -> str:
    """Return a value as text of an element or of an attribute in double quotes."""
    return for_html(str(value))


def attributes(**values: object) -> str:
    """Return `data-` attributes with a space before each; None and False are left out, True has no value."""
    kept = {name.replace("_", "-"): value for name, value in values.items() if value is not None and value is not False}
    return "".join(f" data-{name}" + ("" if value is True else f'="{text(value)}"') for name, value in kept.items())


def button(label: str, event: str, *, kind: str = "plain", name: str = "", **values: object) -> str:
    """Return a button that sends an event with values; `name` is what screen readers say where the label is a sign."""
    named = f' aria-label="{text(name)}" title="{text(name)}"' if name else ""
    return f'<button type="button" class="{kind}"{named}{attributes(event=event, **values)}>{text(label)}</button>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells are HTML, the first of each row names it."""
    columns = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row" dir="auto">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for name, *cells in rows
    )
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
