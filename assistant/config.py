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

from index.embedding import EmbedderSettings
from index.errors import ConfigError

_ENVIRONMENT = {
    "PULLQUOTE_LIBRARY": "library",
    "PULLQUOTE_EMBEDDER": "embedder",
    "OPENAI_BASE_URL": "openai_base_url",
    "OPENAI_API_KEY": "openai_api_key",
}


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
    openai_api_key: str = field(default="", repr=False)

    @property
    def library_path(self) -> Path:
        """The library's folder."""
        if self.library:
            return Path(self.library).expanduser()
        import platformdirs

        return platformdirs.user_data_path("pullquote") / "library"

    @property
    def embedder_settings(self) -> EmbedderSettings:
        """What `index.embedding.make_embedder` needs."""
        return EmbedderSettings(
            self.embedder, self.openai_base_url or None, self.openai_api_key or None, dict(self.embedder_options)
        )


def load_settings(overrides: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force; `overrides` come from the command line, where None means not given.

    Raises ConfigError for a file that is not TOML, an unknown key or a value of the wrong type.
    """
    environment = os.environ if environment is None else environment
    settings = _from_file(environment)
    from_environment = {name: environment[key] for key, name in _ENVIRONMENT.items() if environment.get(key)}
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
    allowed = {entry.name: entry for entry in fields(Settings)}
    for name, value in values.items():
        if name not in allowed:
            raise ConfigError(f"{path} has an unknown setting {name!r}. Known: {', '.join(allowed)}.")
        expected: type = dict if name == "embedder_options" else str
        if not isinstance(value, expected):
            raise ConfigError(f"{path}: {name} must be a {'table' if expected is dict else 'string'}, not {value!r}.")
    return Settings(**values)


def _default_file() -> Path:
    import platformdirs

    return platformdirs.user_config_path("pullquote") / "config.toml"
