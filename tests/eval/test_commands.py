"""The commands beside asking and comparing, through `python -m eval` and through `pullquote eval`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assistant.cli import main as pullquote
from assistant.conversations.store import Conversations, Feedback
from assistant.models import choosing
from assistant.models.types import Message
from assistant.types import Answer
from eval.__main__ import cli
from eval.cases import Case, GoldParagraph
from eval.commands import FORMATS
from eval.results import FORMAT, LibraryInfo, Result, ResultLog, RunInfo, write_info
from eval.scoring import Scores
from eval.sets import FORMATS as KNOWN_FORMATS
from index.errors import UsageError
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    {"id": "a", "question": "How many people does the rink seat?", "answers": ["2,150"],
     "title": "Rink", "context": "The rink seats 2,150 people. It is new.\nIt opened in May."},
    {"id": "b", "question": "How high is the hill?", "answers": ["ninety metres"],
     "title": "Hill", "context": "The hill is ninety metres high."},
    {"id": "c", "question": "Who painted the ceiling of the rink?", "answers": [],
     "title": "Rink", "context": "The rink seats 2,150 people. It is new.\nIt opened in May."},
)  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), "utf-8")
    return path


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("minilm", "registry"):
        monkeypatch.setattr(f"index.embedding.{module}.MiniLM", FakeEmbedder)


def run(*arguments: str | Path, text: str | None = None) -> str:
    """Run a command in this process and return what it prints; errors are raised."""
    done = CliRunner().invoke(cli, [str(each) for each in arguments], input=text, standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.stdout


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


# --- import --------------------------------------------------------------------------------------------------------


def test_import_writes_articles_and_cases_and_names_the_next_command(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    printed = run("import", questions, "--out", out)
    assert printed.startswith(f"{out}: 2 articles, 3 cases.\nAsk them: pullquote eval run --articles ")
    assert len((out / "cases.jsonl").read_text("utf-8").splitlines()) == 3
    with pytest.raises(UsageError, match="is there already"):
        run("import", questions, "--out", out)


def test_several_sets_get_a_folder_each(questions: Path, tmp_path: Path) -> None:
    other = questions.with_name("other.jsonl")
    other.write_text(questions.read_text("utf-8"), "utf-8")
    run("import", questions, other, "--out", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"mine.jsonl", "other.jsonl"}
    with pytest.raises(UsageError, match=r"Two sets are called 'mine\.jsonl'"):
        run("import", questions, questions, "--out", tmp_path / "again")


def test_import_scores_at_once(questions: Path, fake_model: None) -> None:
    printed = run("import", "--score", questions)
    assert "| mine.jsonl | yes | fused |" in printed
    assert "| questions | 3 |" in printed
    assert "| F1 of refusing, if everything were refused | 0.500 |" in printed


def test_import_asks_what_to_do(questions: Path, tmp_path: Path) -> None:
    for options in ((), ("--score", "--out", str(tmp_path / "out"))):
        with pytest.raises(UsageError, match="--out DIR to write them, or --score"):
            run("import", questions, *options)


def test_formats_are_those_that_are_read() -> None:
    assert tuple(FORMATS) == KNOWN_FORMATS


# --- add-case ------------------------------------------------------------------------------------------------------


def test_add_case_from_a_pipe_twice(tmp_path: Path) -> None:
    answer = Answer("1a2b", "How long?", "How long?", False, "Not there.", None, "quoting")
    file = tmp_path / "drafts.jsonl"
    for printed in ("is added: write its facts", "was there already"):
        assert f"the draft '1a2b' {printed}" in run(
            "add-case", "-", "--cases", file, "--note", "It is there.", text=json.dumps(answer.to_json())
        )
    assert json.loads(file.read_text("utf-8"))["note"] == "It is there."


def test_add_case_takes_all_disliked_answers_of_a_library(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    with Conversations.open(tmp_path) as store:
        conversation = store.create()
        store.append(conversation, Answer("1a2b", "How long?", "How long?", False, "Not there.", None, "quoting"))
        store.rate(conversation, 1, Feedback(-1, "It is there."))
    for printed in ("1 draft added, 0 there already", "0 drafts added, 1 there already"):
        assert printed in run("add-case", "--from-library", tmp_path, "--out", file)
    assert json.loads(file.read_text("utf-8"))["note"] == "It is there."
    with pytest.raises(UsageError, match="Say which answer"):
        run("add-case", "--out", file)


# --- judge ---------------------------------------------------------------------------------------------------------


class AgreeingModel:
    """Agrees with everything, and stands where the settings' chat model would."""

    name = "agreeing"

    def __enter__(self) -> AgreeingModel:
        return self

    def __exit__(self, *_: object) -> None:
        """Let nothing go."""

    def complete(self, messages: Sequence[Message], *, max_tokens: int = 512) -> str:
        return "AGREE"


def test_judge_reports_how_it_agrees_with_the_metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        run("judge", tmp_path)
    case = Case("a", "How long?", True, (), (("an hour",),), (GoldParagraph("wire", 1, facts=(0,)),))
    answer = Answer("a", "How long?", "How long?", True, "60 minutes", None, "quoting")
    library = LibraryInfo(1, "fake", 64, 1, {})
    write_info(RunInfo(FORMAT, "dev", 1, "quoting", ("a",), "", {}, {}, "", library), tmp_path)
    with ResultLog(tmp_path) as log:
        log.append(Result(case, Scores(correct=0.0), answer))
    monkeypatch.setattr(choosing, "make_model", lambda settings: None)
    with pytest.raises(UsageError, match=r"Judging needs a chat model\. Set OPENAI_API_KEY"):
        run("judge", tmp_path)
    monkeypatch.setattr(choosing, "make_model", lambda settings: AgreeingModel())
    printed = run("judge", tmp_path)
    assert "Judge: agreeing, 1 answers" in printed
    assert "correct: 0.000 of 1" in printed
    assert "Right only by the judge: a" in printed
    assert (tmp_path / "judgements.jsonl").is_file()


# --- under the main command ----------------------------------------------------------------------------------------


def test_main_command_has_the_group_with_its_exit_codes(tmp_path: Path) -> None:
    shown = command("assistant.cli.main", "eval", "--help")
    assert shown.returncode == 0
    assert "add-case" in shown.stdout
    missing = command("assistant.cli.main", "eval", "diff", tmp_path / "x", tmp_path / "y")
    assert missing.returncode == UsageError.exit_code
    assert missing.stderr.startswith(f"pullquote: {tmp_path / 'x'}: cannot be read")
    assert "eval " in command("assistant.cli.main", "--help").stdout


def test_group_is_not_loaded_for_other_commands() -> None:
    code = (
        "import sys\nfrom assistant.cli.main import cli\n"
        "cli.main(['status', '--help'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'eval' or name == 'importlib.metadata'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"


class BrokenEntry:
    """An entry point of a package that is gone."""

    name = "eval"

    def load(self) -> object:
        raise ModuleNotFoundError("No module named 'eval'")


@pytest.mark.parametrize("added", [{}, {"eval": BrokenEntry()}])
def test_missing_group_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, added: dict[str, BrokenEntry]) -> None:
    monkeypatch.setattr(pullquote, "_added", lambda: added)
    with pytest.raises(UsageError, match=r"The command eval is not installed.*\. Install Pullquote anew"):
        pullquote.cli.main(["eval", "run", "--split", "dev", "-h"], standalone_mode=False)
    shown = CliRunner().invoke(pullquote.cli, ["--help"])
    assert shown.exit_code == 0
    assert ("Not installed" in shown.stdout) == bool(added)


def test_unknown_command_is_unknown_still() -> None:
    with pytest.raises(click.UsageError, match="No such command 'nosuch'"):
        pullquote.cli.main(["nosuch"], standalone_mode=False)
