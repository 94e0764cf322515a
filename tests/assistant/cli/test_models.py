from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli.main import main
from assistant.models import embedded_weights
from tests.assistant.openai_wire import Reply, Wire, refusal

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "PULLQUOTE_MODEL", "PULLQUOTE_WRITER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULLQUOTE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setattr(embedded_weights, "available", lambda *_: False)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with Wire() as opened:
        monkeypatch.setenv("OPENAI_BASE_URL", opened.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield opened


def models(*options: str) -> object:
    with pytest.raises(SystemExit) as left:
        main(["models", *options])
    return left.value.code


def test_without_a_model_it_says_how_to_add_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert models() == 0
    printed = capsys.readouterr().out
    assert "quoting" in printed
    assert "OPENAI_API_KEY" in printed
    assert "pip install 'pullquote[local]'" in printed


def test_model_is_shown_and_tried(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire.script(Reply("one two three"))
    assert models() == 0
    printed = capsys.readouterr().out
    assert f"Address     {wire.url}" in printed
    assert "Key         set" in printed
    assert "wire-model: first token after" in printed
    assert "tokens a second" in printed
    assert KEY not in printed
    assert len(wire.requests) == 1


def test_model_is_not_asked_without_a_test(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    assert models("--no-test") == 0
    assert "the first that the endpoint lists" in capsys.readouterr().out
    assert (wire.requests, wire.model_lists) == ([], 0)


def test_failure_is_one_line_with_exit_code_3(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire.script(refusal(401, f"bad {KEY}"))
    assert models() == 3
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "refused the key" in printed.err
    assert KEY not in printed.out + printed.err


def test_json_holds_the_same(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    assert models("--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["writer"], shown["kind"], shown["model"], shown["key"]) == (
        "composed",
        "endpoint",
        "wire-model",
        "set",
    )
    assert shown["test"]["seconds_to_first_token"] >= 0
    wire.script(refusal(401, f"bad {KEY}"))
    assert models("--json") == 3
    assert json.loads(capsys.readouterr().out)["test"]["cause"] == "key"


def test_composing_without_a_model_is_a_settings_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULLQUOTE_WRITER", "composed")
    assert models() == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err
