"""The commands for servers: serve (HTTP), mcp (standard streams), and who may come in: token, user."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from assistant.cli.options import Request, global_options
from assistant.cli.questions import settings_with, writer_option

_PATH = click.Path(path_type=Path, dir_okay=False)
DEFAULT_PORT = 8000


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Accept the options that every server has; `server_options_from` reads them."""
    from assistant.service.options import ServerOptions

    defaults = ServerOptions()
    options = (
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
        click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535)),
        click.option("--tokens", type=_PATH, metavar="FILE", help="Let in who has a token of this file; see token."),
        click.option(
            "--rate",
            "requests_a_minute",
            default=defaults.requests_a_minute,
            show_default=True,
            type=click.FloatRange(min=1),
            help="Requests a minute for each client.",
        ),
        click.option(
            "--answers",
            "answers_at_once",
            default=defaults.answers_at_once,
            show_default=True,
            type=click.IntRange(1, 64),
            help="Answers that are written at a time.",
        ),
        click.option(
            "--seconds",
            default=defaults.seconds,
            show_default=True,
            type=click.FloatRange(min=1),
            help="Longest time for an answer.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@server_options
@writer_option
@global_options
@click.pass_obj
def serve(request: Request, /, host: str, port: int, *, tokens: Path | None, writer: str | None, **limits: Any) -> None:
    """Answer over HTTP: /api, OpenAI's /v1, MCP at /mcp. /docs shows what they take.

    Listens on this machine only. Elsewhere it needs tokens: pullquote token NAME --file FILE.
    """
    from assistant.http.app import check_address, create_app
    from assistant.http.listening import run
    from assistant.service.options import ServerOptions

    options = check_address(host, tokens, ServerOptions(**limits))
    app = create_app(settings_with(request, writer), users=tokens, options=options)
    app.state.service.warm()
    run(app, host, port)


@click.command()
@writer_option
@global_options
@click.pass_obj
def mcp(request: Request, /, writer: str | None) -> None:
    """Answer an agent over standard input and output (Model Context Protocol).

    Tools: ask, search, read_article. The agent starts this command itself, for example as
    {"command": "pullquote", "args": ["mcp"]}.
    """
    from assistant.http.mcp_tools import make_server
    from assistant.service.options import ServerOptions
    from assistant.service.service import Service

    with Service(settings_with(request, writer), ServerOptions()) as service:
        make_server(service).run("stdio")


@click.command()
@click.argument("name")
@click.option("--file", "path", type=_PATH, required=True, metavar="FILE", help="The tokens file; made when needed.")
@click.option("--remove", is_flag=True, help="Take the name out; its token ends at once.")
@click.pass_obj
def token(_: Request, /, name: str, path: Path, *, remove: bool) -> None:
    """Make a token for a program or person and show it, this once.

    The file keeps a hash of it, from which it cannot be read. A second token for a name replaces the first.
    """
    from assistant.http.tokens import make_token, remove_token

    if remove:
        remove_token(path, name)
        click.echo(f"Removed {name}.", err=True)
        return
    made = make_token(path, name)
    click.echo(made)
    if sys.stdout.isatty():
        click.echo(f"Keep it now, it is not shown again. Use: pullquote serve --host 0.0.0.0 --tokens {path}", err=True)


@click.command()
@click.argument("name")
@click.option("--file", "path", type=_PATH, required=True, metavar="FILE", help="The users file; made when needed.")
@click.option("--remove", is_flag=True, help="Take the name out; it is signed out at once.")
@click.pass_obj
def user(_: Request, /, name: str, path: Path, *, remove: bool) -> None:
    """Let a person sign in to the page with a password, which is asked for.

    The file keeps a hash of it, from which it cannot be read. Piped in, the password is the first line. The names of
    people and the tokens of programs may stand in one file.
    """
    from assistant.http.tokens import make_user, remove_token

    if remove:
        remove_token(path, name)
        click.echo(f"Removed {name}.", err=True)
        return
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    make_user(path, name, password)
    click.echo(f"{name} may sign in. Use: pullquote ui --host 0.0.0.0 --users {path}", err=True)
