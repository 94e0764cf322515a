"""Which embedder a name stands for: the one place where an embedder is added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.embedding.llamaindex import LlamaIndexEmbedder
from index.embedding.minilm import MiniLM
from index.embedding.multilingual_e5 import MultilingualE5
from index.embedding.openai_compatible import OpenAICompatible
from index.embedding.protocol import Embedder, EmbedderSettings
from index.errors import ConfigError


@dataclass(frozen=True, slots=True)
class RegisteredEmbedder:
    """How an embedder is made, and what it needs."""

    make: Callable[[str, EmbedderSettings], Embedder]
    """From what stands behind the colon, "" if nothing does, and the settings. May raise ImportError and ConfigError.
    """
    wants: str = ""
    """What stands behind the colon, as messages call it; empty for an embedder that has only its name."""
    extra: str = ""
    """The extra of the install that has its libraries; empty if the install has them."""


EMBEDDERS: dict[str, RegisteredEmbedder] = {
    "minilm": RegisteredEmbedder(lambda _rest, _settings: MiniLM()),
    "multilingual-e5": RegisteredEmbedder(lambda _rest, _settings: MultilingualE5(), extra="multilingual"),
    "openai": RegisteredEmbedder(
        lambda model, settings: OpenAICompatible(model, settings.base_url, settings.api_key), "MODEL"
    ),
    "llamaindex": RegisteredEmbedder(
        lambda dotted_name, settings: LlamaIndexEmbedder(dotted_name, settings.options), "package.module.Class"
    ),
}
"""By the part of the setting `embedder` in front of the colon."""


def make_embedder(settings: EmbedderSettings) -> Embedder:
    """Return the embedder that the settings name.

    Raises ConfigError for an unknown name, a missing extra or a class that cannot be made.
    """
    kind, _, rest = settings.name.partition(":")
    registered = EMBEDDERS.get(kind)
    if registered is None or bool(rest) is not bool(registered.wants):
        raise ConfigError(
            f"There is no embedder {settings.name!r}. Use {_names()} (setting `embedder`, PULLQUOTE_EMBEDDER)."
        )
    try:
        return registered.make(rest, settings)
    except ImportError as error:
        if not registered.extra:
            raise
        raise ConfigError(
            f"The embedder {kind} is not installed ({error}). Install it: pip install 'pullquote[{registered.extra}]'"
        ) from error


def _names() -> str:
    *names, last = (f"{kind}:{each.wants}" if each.wants else kind for kind, each in EMBEDDERS.items())
    return f"{', '.join(names)} or {last}" if names else last
