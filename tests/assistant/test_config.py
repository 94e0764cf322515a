from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings, load_settings
from index.errors import ConfigError


def written(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return {"PULLQUOTE_CONFIG": str(path)}


def test_defaults_need_nothing(tmp_path: Path) -> None:
    assert load_settings({}, {"PULLQUOTE_CONFIG": str(written(tmp_path, "")["PULLQUOTE_CONFIG"])}) == Settings()


def test_command_line_goes_before_environment_before_file(tmp_path: Path) -> None:
    environment = written(tmp_path, 'library = "file"\nembedder = "file"')
    assert load_settings({}, environment).library == "file"
    environment |= {"PULLQUOTE_LIBRARY": "environment"}
    assert load_settings({"library": None}, environment).library == "environment"
    settings = load_settings({"library": "given"}, environment)
    assert (settings.library, settings.embedder) == ("given", "file")


def test_unknown_setting_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown setting 'libary'.*library"):
        load_settings({}, written(tmp_path, 'libary = "x"'))


def test_value_of_the_wrong_type_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a string"):
        load_settings({}, written(tmp_path, "library = 3"))


def test_file_that_is_no_toml_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be TOML"):
        load_settings({}, written(tmp_path, "library = ["))


def test_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="PULLQUOTE_CONFIG"):
        load_settings({}, {"PULLQUOTE_CONFIG": str(tmp_path / "none.toml")})


def test_key_is_never_shown(tmp_path: Path) -> None:
    settings = load_settings({}, {**written(tmp_path, ""), "OPENAI_API_KEY": "sk-secret"})
    assert settings.embedder_settings.api_key == "sk-secret"
    assert "sk-secret" not in repr(settings)
    assert "sk-secret" not in repr(settings.embedder_settings)
