"""A list from the catalogue as HTML: each article opens in the reader pane."""

from __future__ import annotations

from assistant.answers.listing_view import ListedView, ListingView
from assistant.page.elements import attributes, table, text


def listing(shown: ListingView, *, as_table: bool) -> str:
    """Return the finding and the entries."""
    if as_table and shown.entries:
        entries = table(shown.columns, [(_name(entry), *map(text, entry.cells[1:])) for entry in shown.entries])
    else:
        items = "".join(f'<li>{_name(entry)} <span class="by">{text(entry.by)}</span></li>' for entry in shown.entries)
        entries = f"<ol>{items}</ol>" if items else ""
    more = f'<p class="aside">{text(shown.more)}</p>' if shown.more else ""
    return f'<section class="listing"><p class="found" dir="auto">{text(shown.said)}</p>{entries}{more}</section>'


def _name(entry: ListedView) -> str:
    """Return the name, of an article as what opens it."""
    if not entry.article:
        return f'<span class="title" dir="auto">{text(entry.name)}</span>'
    return (
        f'<button type="button" class="title" dir="auto"{attributes(event="cite", article=entry.article)}>'
        f"{text(entry.name)}</button>"
    )
