"""What the catalogue lists, as a reader is shown it: the finding, the entries, and how many are not shown."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.wording import counted_articles, day
from assistant.types import Listed, Listing

_NAMES = {"articles": "Title", "outlets": "Outlet", "authors": "Author"}


@dataclass(frozen=True, slots=True)
class ListedView:
    """An article, or the name of an outlet or author."""

    name: str
    by: str
    """What is known of it in one line: outlet, author and day of an article, how many articles another has."""
    article: str | None
    """The article's id, where it is one."""
    cells: tuple[str, ...]
    """The same for a table, one for each column of the listing."""

    @property
    def line(self) -> str:
        """All of it on one line: "The call · Sample Wire · 18 March 2025 (sample-wire-call)"."""
        place = f"({self.article})" if self.article else ""
        return " ".join(filter(None, (self.name, f"· {self.by}" if self.by else "", place)))


@dataclass(frozen=True, slots=True)
class ListingView:
    """A list from the catalogue."""

    said: str
    """The finding in a sentence."""
    columns: tuple[str, ...]
    """Heads of the columns, if the entries are shown as a table."""
    entries: tuple[ListedView, ...]
    more: str | None
    """For example "and 12 more", where not all are listed."""


def view_of_listing(listing: Listing) -> ListingView:
    """Return a list from the catalogue as a reader is shown it."""
    entries, of_name = listing.entries, _NAMES[listing.kind]
    columns = [(of_name, [entry.name for entry in entries])]
    known = (
        ("Outlet", [entry.outlet or "" for entry in entries]),
        ("Author", [entry.author or "" for entry in entries]),
        ("Day", [day(entry.published) if entry.published else "" for entry in entries]),
        ("Articles", ["" if entry.articles is None else str(entry.articles) for entry in entries]),
    )
    columns += [(head, cells) for head, cells in known if head != of_name and any(cells)]
    rows = zip(*(cells for _, cells in columns), strict=True)
    unlisted = listing.total - len(entries)
    return ListingView(
        listing.said, tuple(head for head, _ in columns), tuple(map(_entry, entries, rows)),
        f"and {unlisted} more" if entries and unlisted > 0 else None,
    )  # fmt: skip


def _entry(entry: Listed, cells: tuple[str, ...]) -> ListedView:
    known = (
        entry.outlet if entry.outlet != entry.name else None,
        entry.author if entry.author != entry.name else None,
        day(entry.published) if entry.published else None,
        counted_articles(entry.articles) if entry.articles is not None else None,
    )
    return ListedView(entry.name, " · ".join(filter(None, known)), entry.article, cells)
