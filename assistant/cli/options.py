"""What the commands share: the global options, the filters, and how JSON is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from assistant.cli.terminal.printing import Terminal
    from assistant.config import Settings
    from index.types import Filters


@dataclass(slots=True)
class Request:
    """What the global options say."""

    library: str | None = None
    as_json: bool = False
    debug: bool = False

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        from assistant.config import load_settings

        return load_settings({"library": self.library})

    def terminal(self) -> Terminal:
        """Where to print for people."""
        from assistant.cli.terminal.printing import Terminal

        return Terminal()


def global_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the global options behind the command's name as well as before it."""

    def store(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value:
            setattr(context.ensure_object(Request), str(parameter.name), value)

    options = (
        click.option(
            "--library",
            metavar="DIR",
            callback=store,
            expose_value=False,
            help="Folder of the library. [PULLQUOTE_LIBRARY]",
        ),
        click.option(
            "--json", "as_json", is_flag=True, callback=store, expose_value=False, help="Print JSON for programs."
        ),
        click.option(
            "--debug", is_flag=True, callback=store, expose_value=False, help="Show the traceback of an error."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the options that say which articles to search."""
    options = (
        click.option(
            "--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be given again."
        ),
        click.option(
            "--from",
            "since",
            metavar="DATE",
            callback=_read_date,
            help="Only articles of this day (2025-03-18) or later.",
        ),
        click.option(
            "--to", "until", metavar="DATE", callback=_read_date, help="Only articles of this day or earlier."
        ),
        click.option(
            "--article", "articles", multiple=True, metavar="ARTICLE", help="Only this article; may be given again."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _read_date(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it like 2025-03-18.", param=parameter) from None


def filters_from(options: dict[str, Any]) -> Filters:
    """Return what the filter options say."""
    from index.types import Filters

    return Filters(**options)


def iso(value: date | None) -> str | None:
    """Return a date as JSON has it."""
    return value.isoformat() if value else None
