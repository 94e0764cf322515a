"""The `pullquote` command: its entry, and how errors become one line and an exit code.

Exit codes: 0 answered or done, 1 not in the articles, 2 usage or settings, 3 failure, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import click

from assistant.cli import chat, library, models, questions, servers
from assistant.cli import stored_answers as answers
from assistant.cli.options import Request, global_options
from index.errors import PullquoteError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

STOPPED = 130


class Commands(click.Group):
    """Our commands, and those of entry points, which are looked up only where one of ours does not fit, or for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all."""
        return sorted({*super().list_commands(ctx), *_added()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name; one that cannot be loaded says so when it is run."""
        if command := super().get_command(ctx, cmd_name):
            return command
        entry = _added().get(cmd_name)
        try:
            return cast("click.Command", entry.load()) if entry else _missing(cmd_name) if cmd_name == "eval" else None
        except (ImportError, AttributeError) as error:
            return _missing(cmd_name, f" ({error})")


def _added() -> dict[str, EntryPoint]:
    from importlib.metadata import distributions

    # Not `entry_points`, which sees only the first of two: a checkout may hold the metadata of an earlier install.
    entries = (entry for distribution in distributions() for entry in distribution.entry_points)
    return {entry.name: entry for entry in entries if entry.group == "pullquote.commands"}


def _missing(name: str, reason: str = "") -> click.Command:
    """Return a command that says that its part of Pullquote is not there, whatever it is given."""

    def fail(_: tuple[str, ...]) -> None:
        raise UsageError(
            f"The command {name} is not installed{reason}. "
            "Install Pullquote anew: pipx reinstall pullquote, or in a checkout make install"
        )

    take_anything = {"ignore_unknown_options": True, "help_option_names": []}
    arguments = click.Argument(["_"], nargs=-1)
    return click.Command(name, take_anything, fail, [arguments], short_help="Not installed.")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='\b\nExamples:\n  pullquote add FOLDER\n  pullquote ask "What was agreed?"',
)
@click.version_option(package_name="pullquote", prog_name="pullquote")
@global_options
def cli() -> None:
    """Ask a collection of news articles; every sentence of an answer names the paragraph it came from.

    Begin with `add`, then `ask`. Exit codes: 0 answered or done, 1 not in the articles, 2 usage or settings, 3 failure.
    """


for command in (
    library.add,
    questions.ask,
    chat.chat,
    answers.export,
    library.list_,
    servers.mcp,
    models.models,
    library.rebuild,
    library.remove,
    questions.search,
    servers.serve,
    library.show,
    library.status,
    servers.token,
    servers.user,
    answers.verify,
):
    cli.add_command(command)


@contextmanager
def _reported(request: Request) -> Iterator[None]:
    """Turn every error into one line and an exit code; a traceback is shown only with --debug."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was done is kept; repeat the command to finish.", err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except PullquoteError as error:
        if request.debug:
            raise
        click.echo(f"pullquote: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if request.debug:
            raise
        reason = " ".join(str(error).split()) or type(error).__name__
        click.echo(f"pullquote: unexpected: {reason[:300]} Repeat with --debug for the details.", err=True)
        sys.exit(PullquoteError.exit_code)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    request = Request()
    with _reported(request):
        code = cli.main(arguments, obj=request, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
