from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import PullquoteError
from index.library.library import Library

ROOT = Path(__file__).resolve().parents[3]
ARTICLE = "---\ntitle: {title}\noutlet: Sample Wire\npublished: 2025-03-18\n---\n\n{text}\n"


def pullquote(*arguments: str | Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PULLQUOTE_CONFIG": "", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def vectors_kept(library: Path) -> int:
    try:
        with Library.open(library) as opened:
            return opened.counts()["vectors"]
    except PullquoteError:
        return 0


def assert_one_line(done: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def test_answer_exits_0_and_refusal_exits_1(sample_library: Path) -> None:
    assert pullquote("--library", sample_library, "ask", "What does Grushko demand?").returncode == 0
    refused = pullquote("--library", sample_library, "ask", "Who won the 2022 World Cup?")
    assert refused.returncode == 1
    assert "do not answer" in refused.stdout


def test_files_that_a_folder_s_add_passes_over_are_counted_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("The quay crane was dismantled on Friday.", "utf-8")
    for name in ("b.rtf", "c.rtf", "d.eml", ".hidden.zip"):
        (folder / name).write_text("x", "utf-8")
    added = pullquote("--library", tmp_path / "library", "add", folder)
    assert (added.returncode, added.stdout) == (0, "1 added.\n")
    assert added.stderr == "3 files passed over: 2 .rtf, 1 .eml (b.rtf, c.rtf and 1 more).\n"
    again = json.loads(pullquote("--library", tmp_path / "library", "add", folder, "--json").stdout)
    assert again["unchanged"] == ["a"]
    assert again["passed_over"][2] == {"file": str(folder / "d.eml"), "reason": "files that end in .eml are not read"}
    assert len(again["passed_over"]) == 3


def test_options_stand_before_or_behind_the_command(sample_library: Path) -> None:
    before = pullquote("--library", sample_library, "--json", "list")
    behind = pullquote("list", "--json", "--library", sample_library)
    assert before.stdout == behind.stdout
    assert len(json.loads(before.stdout)) == 16


def test_pipe_gets_plain_text_without_line_breaks_of_ours(sample_library: Path) -> None:
    shown = pullquote("--library", sample_library, "show", "sample-wire-call#2", COLUMNS="40").stdout
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) > 150


def test_every_line_of_an_article_is_shown_by_number(sample_library: Path) -> None:
    article = json.loads(pullquote("--library", sample_library, "show", "demo-herald-abu-dhabi", "--json").stdout)
    numbers = [paragraph["number"] for paragraph in article["paragraphs"]]
    assert numbers == list(range(1, len(numbers) + 1))
    fifth = pullquote("--library", sample_library, "show", "demo-herald-abu-dhabi¶5").stdout
    assert fifth.rstrip().endswith("Advertisement")


def test_batch_answers_line_by_line_and_reports_bad_lines(sample_library: Path) -> None:
    lines = [
        json.dumps({"id": "a", "question": "What does Grushko demand?"}),
        "no json",
        json.dumps({"id": "b", "question": "And when?", "history": [{"question": "Did Grushko speak?"}]}),
    ]
    done = pullquote("--library", sample_library, "ask", "--batch", "-", stdin="\n".join(lines))
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 2
    assert (first["id"], first["answered"]) == ("a", True)
    assert (second["line"], "error" in second) == (2, True)
    assert third["id"] == "b"
    assert "Grushko" in third["standalone_question"]


def test_wrong_path_names_it_and_makes_no_library(tmp_path: Path) -> None:
    done = pullquote("--library", tmp_path / "l", "add", tmp_path / "nowhere")
    assert_one_line(done, 2, "nowhere", "Check the path")
    assert not (tmp_path / "l").exists()


def test_empty_folder_says_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_one_line(pullquote("--library", tmp_path / "l", "add", tmp_path / "empty"), 2, ".md", ".pdf")


def test_bad_files_are_reported_and_good_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.md").write_text(
        ARTICLE.format(title="Good", text="The rink in Demo Falls opened at noon."), "utf-8"
    )
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    with (folder / "huge.txt").open("w", encoding="utf-8") as file:
        for _ in range(50):
            file.write("word " * 200_000)
    done = pullquote("--library", tmp_path / "l", "add", folder)
    assert done.returncode == 0
    assert "1 added" in done.stdout
    assert "Traceback" not in done.stderr
    assert "binary" in done.stderr
    assert "25 MB" in done.stderr


def test_library_of_another_embedder_names_the_way_out(sample_library: Path) -> None:
    setting = "llamaindex:llama_index.core.MockEmbedding"
    path = sample_library.parent / "other.toml"
    path.write_text(f'embedder = "{setting}"\n[embedder_options]\nembed_dim = 8\n', "utf-8")
    done = pullquote("--library", sample_library, "ask", "Who called?", PULLQUOTE_CONFIG=str(path))
    assert_one_line(done, 2, "minilm-l6-v2-int8", "rebuild")


def test_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    library = tmp_path / "l"
    program = (
        "import sys, time; from pathlib import Path\n"
        "from index.embedding.minilm import MiniLM; from index.indexing import Indexer\n"
        "with Indexer(Path(sys.argv[1]), MiniLM()): print('open', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(library)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        done = pullquote("--library", library, "add", ROOT / "articles")
        assert_one_line(done, 3, str(holder.pid), "Wait")
    finally:
        holder.kill()
        holder.communicate()
    assert pullquote("--library", library, "add", ROOT / "articles").returncode == 0


def test_no_library_yet_names_the_command(tmp_path: Path) -> None:
    assert_one_line(pullquote("--library", tmp_path / "none", "ask", "Who?"), 2, "add FOLDER")


def test_damaged_library_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"garbage" * 100)
    assert_one_line(pullquote("--library", tmp_path, "ask", "Who?"), 3, "Restore")


def test_unknown_article_and_paragraph_name_the_near_ones(sample_library: Path) -> None:
    assert_one_line(pullquote("--library", sample_library, "show", "sample-wire-cal"), 2, "sample-wire-call")
    assert_one_line(pullquote("--library", sample_library, "show", "sample-wire-call#99"), 2, "1 to 10")


@pytest.mark.parametrize("arguments", [("ask",), ("ask", "x", "--from", "yesterday"), ("nonsense",), ("search",)])
def test_wrong_usage_exits_2(sample_library: Path, arguments: tuple[str, ...]) -> None:
    done = pullquote("--library", sample_library, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_removed_article_is_gone_from_search_and_back_after_add(sample_library: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(sample_library, library)
    assert pullquote("--library", library, "remove", "example-gazette-before-the-call").returncode == 0
    found = pullquote("--library", library, "search", "Grushko Izvestia", "--json").stdout
    assert "example-gazette-before-the-call" not in found
    old = pullquote("--library", library, "show", "example-gazette-before-the-call#7", "--revision", "1")
    assert "Izvestia" in old.stdout
    assert "1 added" in pullquote("--library", library, "add", ROOT / "articles").stdout
    assert pullquote("--library", library, "ask", "What does Grushko demand?").returncode == 0


def test_interrupt_is_one_line_and_the_next_run_finishes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(400):
        text = "\n\n".join(
            f"Report {number} says that gate {gate} of hall {number} opened at noon." for gate in range(6)
        )
        (folder / f"{number}.md").write_text(ARTICLE.format(title=f"Report {number}", text=text), "utf-8")
    library = tmp_path / "library"
    command = [sys.executable, "-m", "assistant.cli.main", "--library", str(library), "add", str(folder)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while running.poll() is None and not vectors_kept(library):
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate()
    assert running.returncode == 130
    assert errors.strip() == "Stopped. What was done is kept; repeat the command to finish."
    assert pullquote(*command[3:]).returncode == 0
    status = json.loads(pullquote("--library", library, "status", "--json").stdout)
    assert (status["articles"], status["pending"], status["unfinished"]) == (400, 0, False)


def test_help_names_every_command() -> None:
    shown = pullquote("--help").stdout
    for command in ("add", "ask", "list", "rebuild", "remove", "search", "show", "status"):
        assert f"\n  {command} " in shown


@pytest.mark.parametrize(
    "command",
    [("show", "evil"), ("list",), ("search", "red"), ("ask", "How many days of talks has the council agreed to?")],
)
def test_article_cannot_give_orders_to_the_terminal(tmp_path: Path, command: tuple[str, ...]) -> None:
    text = "The council \x1b[31mhas agreed\x1b[0m to 40 days of talks.\x07 Red lines were drawn.\x9b2J"
    (tmp_path / "evil.md").write_text(f'---\ntitle: "Talks \\e]0;owned\\a [bold]agreed[/bold]"\n---\n{text}\n', "utf-8")
    pullquote("--library", tmp_path / "l", "add", tmp_path / "evil.md")
    done = pullquote("--library", tmp_path / "l", *command)
    assert done.stdout.strip()
    assert not set("\x1b\x07\x9b") & set(done.stdout)


def test_list_in_a_pipe_has_columns_between_tabs(sample_library: Path) -> None:
    lines = pullquote("--library", sample_library, "list", "--outlet", "sample wire").stdout.splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["sample-wire-cold-pause", "2026-01-29", "Sample Wire"],
        ["sample-wire-call", "2025-03-18", "Sample Wire"],
    ]
