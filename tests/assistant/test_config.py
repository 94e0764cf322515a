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


def test_chat_model_is_set_in_file_and_environment(tmp_path: Path) -> None:
    file = 'model_timeout = 5\nprompt_price = 0.4\nmodel_size = "small"\n[model_options]\ntop_k = 1'
    environment = {
        **written(tmp_path, file),
        "PULLQUOTE_WRITER": "composed",
        "PULLQUOTE_MODEL": "embedded",
        "PULLQUOTE_POLICY": "drop",
    }
    settings = load_settings({}, environment)
    assert (settings.writer, settings.model, settings.policy) == ("composed", "embedded", "drop")
    assert (settings.model_timeout, settings.prompt_price, settings.model_size) == (5, 0.4, "small")
    assert settings.model_options == {"top_k": 1}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('writer = "robot"', "writer must be one of auto, quoting, composed, not 'robot'"),
        ('policy = "hide"', "policy must be one of mark, drop, rewrite"),
        ('model_size = "huge"', "model_size must be one of small, large"),
        ('model_timeout = "60"', "model_timeout must be a number"),
        ("model_timeout = true", "model_timeout must be a number"),
        ("model_timeout = 0", "more than 0 seconds"),
        ("model_timeout = nan", "more than 0 seconds"),
        ("prompt_price = -1", "0 or more dollars"),
        ("model_options = 3", "model_options must be a table"),
        ("research_calls = 2.5", "research_calls must be a whole number"),
        ("research_calls = true", "research_calls must be a whole number"),
        ("research_calls = -1", "research_calls must be 0 or more"),
        ("research_seconds = nan", "research_seconds must be 0 or more"),
        ("context_tokens = 10", "context_tokens must be 500 or more"),
    ],
)
def test_value_that_is_not_allowed_is_an_error_that_names_file_and_setting(
    tmp_path: Path, line: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_settings({}, written(tmp_path, line))
    assert "config.toml" in str(caught.value)


def test_value_of_the_environment_that_is_not_allowed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"writer must be one of .* not 'robot'"):
        load_settings({}, {**written(tmp_path, ""), "PULLQUOTE_WRITER": "robot"})


def test_key_of_the_wrong_type_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="openai_api_key must be a string") as caught:
        load_settings({}, written(tmp_path, "openai_api_key = 123456"))
    assert "123456" not in str(caught.value)
