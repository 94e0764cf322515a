"""Each embedder has numbers of its own; one without them is told of, with the command that fits them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.calibration.fitted import FILE, FIT_SCALE, FOLDER, calibration, calibration_notice, own_file
from assistant.cli.main import main
from assistant.config import Settings
from assistant.gate.checking import Gate
from assistant.question.question import Question
from assistant.service.workers import opener
from index.embedding.minilm import MiniLM
from index.embedding.multilingual_e5 import MultilingualE5
from index.errors import ConfigError
from index.indexing import Indexer
from index.search import Searcher
from tests.fakes import FakeEmbedder, SqueezedEmbedder


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    calibration.cache_clear()
    yield tmp_path / "config"
    calibration.cache_clear()


def test_every_packaged_embedder_has_its_own() -> None:
    for name in (MiniLM.name, MultilingualE5.name):
        assert (FOLDER / f"{name}.json").is_file()
        assert calibration_notice(name) is None
    assert not calibration().scale.questions
    assert calibration(MultilingualE5.name).scale.words


def test_unknown_embedder_has_the_default_numbers_and_a_notice() -> None:
    assert calibration("openai:large") == calibration()
    told = calibration_notice("openai:large") or ""
    assert "openai:large has no calibration" in told
    assert FIT_SCALE in told


def test_own_file_comes_before_the_packaged_one() -> None:
    for name in (MiniLM.name, "llamaindex:a.B:org/model"):
        file = own_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**json.loads(FILE.read_text("utf-8")), "threshold": 0.123}), "utf-8")
        calibration.cache_clear()
        assert calibration(name).threshold == 0.123
        assert calibration_notice(name) is None
    assert {path.name for path in file.parent.iterdir()} == {f"{MiniLM.name}.json", "llamaindex-a.B-org-model.json"}


def test_broken_own_file_is_named_with_what_to_do() -> None:
    file = own_file("fake")
    file.parent.mkdir(parents=True)
    file.write_text('{"threshold": "high"}', "utf-8")
    with pytest.raises(ConfigError, match=rf"fake\.json is not a calibration.*{FIT_SCALE}"):
        calibration("fake")


def test_answers_and_checks_do_not_depend_on_how_near_an_embedder_puts_all_texts(tmp_path: Path) -> None:
    article = tmp_path / "rink.md"
    article.write_text("# Rink\n\nThe rink seats 2,150 people. The old hall was sold.\n\nRain fell all day.\n", "utf-8")
    lines = ((0.75, 0.0), (1.0, 1.0))
    squeezed = own_file("squeezed")
    squeezed.parent.mkdir(parents=True)
    scale = dict.fromkeys(("questions", "sentences", "words"), lines)
    squeezed.write_text(json.dumps({**json.loads(FILE.read_text("utf-8")), "scale": scale}), "utf-8")
    said = []
    for embedder in (FakeEmbedder("fake"), SqueezedEmbedder("squeezed"), SqueezedEmbedder("unknown")):
        library = tmp_path / embedder.name
        with Indexer(library, embedder) as indexer:
            indexer.add([article])
        with Assistant(Searcher.open(library, embedder)) as assistant:
            confidence = assistant.ask("How many people does the rink seat?").confidence
        support = Gate(embedder)._fitted.scale.between(embedder.vector("the rink"), embedder.vector("the old rink"))
        said.append((round(confidence, 3), round(float(support), 3)))
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_given_numbers_stand_in_for_the_embedder_s() -> None:
    other = replace(calibration(), threshold=0.9)
    assert Question.read("How long?", FakeEmbedder(), lambda _: 1.0).fitted == calibration()
    assert Question.read("How long?", FakeEmbedder(), lambda _: 1.0, fitted=other).fitted == other


def test_package_holds_a_calibration_for_each_file() -> None:
    for file in FOLDER.iterdir():
        assert calibration(file.stem).sentence_weights


def test_ask_and_status_tell_once_where_nothing_was_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rink.md").write_text("# Rink\n\nThe rink seats 2,150 people.\n", "utf-8")
    monkeypatch.setattr("assistant.answering.make_embedder", lambda _: FakeEmbedder())
    with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
        indexer.add([tmp_path / "rink.md"])

    def told(*arguments: str) -> tuple[str, str]:
        with pytest.raises(SystemExit):
            main(["--library", str(tmp_path / "library"), *arguments])
        printed = capsys.readouterr()
        return printed.out, printed.err

    for command in (("ask", "How many people does the rink seat?"), ("status",)):
        assert told(*command)[1].count("The embedder fake has no calibration") == 1
    assert json.loads(told("status", "--json")[0])["calibrated"] is False
    own = own_file("fake")
    own.parent.mkdir(parents=True)
    own.write_text(FILE.read_text("utf-8"), "utf-8")
    assert told("ask", "How many people does the rink seat?")[1] == ""
    assert json.loads(told("status", "--json")[0])["calibrated"] is True


def test_servers_log_where_nothing_was_fitted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = {"known": FakeEmbedder(MiniLM.name), "other": FakeEmbedder("fake")}
    monkeypatch.setattr("assistant.service.workers.make_embedder", lambda settings: made[settings.name])
    opener(Settings(embedder="known"), None)
    assert not caplog.messages
    opener(Settings(embedder="other"), None)
    assert [message for message in caplog.messages if "fake has no calibration" in message] == caplog.messages != []
