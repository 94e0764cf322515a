"""Settings: the only place that reads the environment and the settings file.

Order of precedence: command line, environment, settings file, defaults. The file is TOML, at `PULLQUOTE_CONFIG` or
`pullquote/config.toml` in the user's configuration folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from index.embedding.protocol import EmbedderSettings
from index.errors import ConfigError

ENVIRONMENT = {
    "PULLQUOTE_LIBRARY": "library",
    "PULLQUOTE_EMBEDDER": "embedder",
    "PULLQUOTE_WRITER": "writer",
    "PULLQUOTE_MODEL": "model",
    "PULLQUOTE_POLICY": "policy",
    "OPENAI_BASE_URL": "openai_base_url",
    "OPENAI_API_KEY": "openai_api_key",
}
"""Variables that are settings, and which."""

_CHOICES = {
    "writer": ("auto", "quoting", "composed"),
    "model_size": ("", "small", "large"),
    "policy": ("mark", "drop", "rewrite"),
}

LEAST_CONTEXT = 500
"""Tokens: room for a few paragraphs."""

_KINDS: dict[type, tuple[str, tuple[type, ...]]] = {
    str: ("string", (str,)),
    int: ("whole number", (int,)),
    float: ("number", (int, float)),
    dict: ("table", (dict,)),
}
"""What a setting may be in the file, by the type of its default."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults. A key of the settings file has the name of a field."""

    library: str = ""
    """Folder of the library; empty means the user's data folder."""
    embedder: str = "minilm"
    """minilm, multilingual-e5, openai:MODEL or llamaindex:package.module.Class."""
    embedder_options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments for a LlamaIndex embedding class."""
    openai_base_url: str = ""
    """Address of an OpenAI-compatible server; empty means OpenAI's own."""
    openai_api_key: str = field(default="", repr=False)
    writer: str = "auto"
    """quoting (no chat model), composed (a chat model writes), or auto: composed where a model is at hand."""
    model: str = ""
    """Name of a model at the endpoint, embedded, embedded:FILE.gguf or llamaindex:package.module.Class."""
    model_options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments for a LlamaIndex class; for an endpoint, further fields of each request."""
    model_size: str = ""
    """small or large: which prompts suit the model. Empty: small for the embedded model, large for others."""
    model_timeout: float = 60.0
    """Seconds without a sign of life after which the model counts as too slow."""
    prompt_price: float = 0.0
    """Dollars a million tokens read."""
    completion_price: float = 0.0
    """Dollars a million tokens written."""
    policy: str = "mark"
    """What becomes of a sentence that its source does not support: mark, drop or rewrite."""
    research_calls: int = 3
    """Times that a large model is asked, before it writes, what to search for; 0: the question alone is searched."""
    research_seconds: float = 20.0
    """Seconds after which a large model is asked for no further search, and searched no further."""
    context_tokens: int = 12_000
    """Tokens of paragraphs that a large model is shown to write from, at most; what is not relevant is not shown."""

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                allowed = ", ".join(filter(None, choices))
                raise ConfigError(f"The setting {name} must be one of {allowed}, not {getattr(self, name)!r}.")
        # `not >` rather than `<=`, because TOML has nan
        if not self.model_timeout > 0:
            raise ConfigError(f"The setting model_timeout must be more than 0 seconds, not {self.model_timeout}.")
        for name in ("prompt_price", "completion_price"):
            if not getattr(self, name) >= 0:
                raise ConfigError(f"The setting {name} must be 0 or more dollars, not {getattr(self, name)}.")
        for name in ("research_calls", "research_seconds"):
            if not getattr(self, name) >= 0:
                raise ConfigError(f"The setting {name} must be 0 or more, not {getattr(self, name)}.")
        if not self.context_tokens >= LEAST_CONTEXT:
            raise ConfigError(f"The setting context_tokens must be {LEAST_CONTEXT} or more, not {self.context_tokens}.")

    @property
    def library_path(self) -> Path:
        """The library's folder."""
        if self.library:
            return Path(self.library).expanduser()
        import platformdirs

        return platformdirs.user_data_path("pullquote") / "library"

    @property
    def embedder_settings(self) -> EmbedderSettings:
        """What `index.embedding.registry.make_embedder` needs."""
        return EmbedderSettings(
            self.embedder, self.openai_base_url or None, self.openai_api_key or None, dict(self.embedder_options)
        )


def load_settings(overrides: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force; `overrides` come from the command line, where None means not given.

    Raises ConfigError for a file that is not TOML, an unknown key or a value of the wrong type.
    """
    environment = os.environ if environment is None else environment
    settings = _from_file(environment)
    from_environment = {name: environment[key] for key, name in ENVIRONMENT.items() if environment.get(key)}
    given = {name: value for name, value in overrides.items() if value is not None}
    return replace(settings, **{**from_environment, **given})


def _from_file(environment: Mapping[str, str]) -> Settings:
    named = environment.get("PULLQUOTE_CONFIG")
    path = Path(named).expanduser() if named else _default_file()
    if not path.is_file():
        if named:
            raise ConfigError(f"There is no settings file {path} (PULLQUOTE_CONFIG). Create it, or unset the variable.")
        return Settings()
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not a settings file: {error}. It must be TOML.") from error
    defaults = Settings()
    allowed = [entry.name for entry in fields(Settings)]
    for name, value in values.items():
        if name not in allowed:
            raise ConfigError(f"{path} has an unknown setting {name!r}. Known: {', '.join(allowed)}.")
        kind, types = _KINDS[type(getattr(defaults, name))]
        if not isinstance(value, types) or isinstance(value, bool):
            shown = "a value" if name == "openai_api_key" else repr(value)
            raise ConfigError(f"{path}: {name} must be a {kind}, not {shown}.")
    try:
        return Settings(**values)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def _default_file() -> Path:
    import platformdirs

    return platformdirs.user_config_path("pullquote") / "config.toml"
