"""The collection as HTML: what is in it, how to find something, how to take it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers.wording import described
from assistant.page.elements import attributes, button, text
from index.library.database import Manifest
from index.types import Article

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ListedArticles:
    """What the list shows: the articles that pass the filter, of how many, and how they are indexed."""

    articles: Sequence[Article]
    of: int
    outlets: Sequence[str] = ()
    manifest: Manifest | None = None
    removed: Sequence[Article] = ()
    """What was taken out and can be put back."""


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What a reader filters the collection by."""

    words: str = ""
    outlet: str = ""
    since: date | None = None
    until: date | None = None
    asked: str = ""
    """The number of the request, by which the page's script knows the answer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A line about what has just happened; `undo` is the article that can be put back."""

    message: str = ""
    failed: bool = False
    undo: str = ""


def collection_page(listed: ListedArticles, told: Notice | None = None, asked: str = "") -> str:
    """Return filter and list, with a line about what has just happened."""
    choices = "".join(f'<option value="{text(outlet)}">{text(outlet)}</option>' for outlet in listed.outlets)
    return (
        f'<section class="shelf"{attributes(asked=asked or None)}><h2>Collection</h2>'
        '<form class="fields" data-event="browse" role="search" aria-label="Filter the articles">'
        '<label class="wide">Search <input type="search" name="words" placeholder="Words in title or text"></label>'
        f'<label>Outlet <select name="outlet"><option value="">All</option>{choices}</select></label>'
        '<label>From <input type="date" name="since"></label><label>To <input type="date" name="until"></label></form>'
        f'<div class="told" role="status">{_told(told or Notice())}</div><p class="aside">{text(_counted(listed))}</p>'
        f'<ul class="articles">{"".join(map(_article, listed.articles[:MOST_SHOWN]))}</ul>{_removed(listed)}</section>'
    )


def _told(told: Notice) -> str:
    if not told.message:
        return ""
    undo = button("Undo", "restore", kind="undo", article=told.undo) if told.undo else ""
    return f'<p class="{"failure" if told.failed else "done"}">{text(told.message)} {undo}</p>'


def _removed(listed: ListedArticles) -> str:
    """Return the articles that were taken out, folded away."""
    if not listed.removed:
        return ""
    items = "".join(
        f'<li><span class="title" dir="auto">{text(article.name)}</span>'
        f'<p class="by">{text(described(article.outlet, article.published, None) or article.file)}</p>'
        + button("Put back", "restore", name=f"Put back {article.name}", article=article.id)
        + "</li>"
        for article in listed.removed[:MOST_SHOWN]
    )
    return (
        f'<details class="removed"><summary>Removed articles ({len(listed.removed)})</summary>'
        '<p class="aside">They are not searched. Their text is kept, so that what was cited can still be read.</p>'
        f'<ul class="articles">{items}</ul></details>'
    )


def _counted(listed: ListedArticles) -> str:
    if not listed.of:
        return "No articles yet. Add files or paste a text."
    found = len(listed.articles)
    parts = [f"{found} of {listed.of} articles" if found != listed.of else f"{listed.of} articles"]
    if found > MOST_SHOWN:
        parts.append(f"the newest {MOST_SHOWN} are shown")
    if listed.manifest:
        parts.append(f"embedder {listed.manifest.embedder}")
        parts.append(f"library made on {listed.manifest.created[:10]}")
    return " · ".join(parts)


def _article(article: Article) -> str:
    by = described(article.outlet, article.published, None) or article.file
    return (
        f'<li><button type="button" class="title" dir="auto"{attributes(event="cite", article=article.id)}>'
        f'{text(article.name)}</button><p class="by">{text(by)} · <code>{text(article.id)}</code></p>'
        + button("Remove", "remove", name=f"Remove {article.name}", article=article.id)
        + "</li>"
    )
