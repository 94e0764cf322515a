from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.cli.terminal.answers import AnswerPrinter
from assistant.cli.terminal.chat import Chat, stopping
from assistant.cli.terminal.printing import Terminal
from assistant.conversations.store import Conversations
from assistant.models.types import Message
from assistant.service.stopping import STOPPED_QUOTED, STOPPED_WRITING, stoppable
from assistant.types import Answer, Citation, Claim, Disagreement, Event, Verdict, Version
from index.embedding.minilm import MiniLM
from index.errors import ModelError
from index.search import Searcher
from index.types import Filters
from tests.assistant.openai_wire import Reply, Wire, refusal
from tests.assistant.typed import CTRL_C, CTRL_D, Typed
from tests.fakes import ScriptedModel

ROOT = Path(__file__).resolve().parents[4]
FIRST = "How many prisoners will each side free?"
FOLLOW_UP = "And when will they be exchanged?"
GRUSHKO = "What does Grushko demand?"
QUOTING = {"PULLQUOTE_WRITER": "quoting", "PULLQUOTE_CONFIG": "", "OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}


@pytest.fixture
def library(sample_library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_library, tmp_path / "library"))


def piped(library: Path, lines: Sequence[str], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "chat", "--library", str(library), *options],
        cwd=ROOT, env={**os.environ, **QUOTING}, input="\n".join(lines), capture_output=True, text=True, check=False,
    )  # fmt: skip


def kept(library: Path) -> list[str]:
    with Conversations.open(library) as store:
        return [entry.id for entry in store.conversations()]


# -- in a pipe


def test_each_line_of_a_pipe_is_a_question_and_follow_ups_use_the_history(library: Path) -> None:
    done = piped(library, [FIRST, "", FOLLOW_UP])
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "> " not in done.stdout.splitlines()[0]
    with Conversations.open(library) as store:
        first, second = store.turns(kept(library)[0])
    assert first.answer.text.partition(" [")[0] in done.stdout
    assert (first.question, second.question) == (FIRST, FOLLOW_UP)
    assert "prisoners" in second.answer.standalone_question


def test_commands_of_a_pipe(library: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes of today.md"
    lines = [
        GRUSHKO,
        "/sources",
        "/open 1",
        f"/export '{target}'",
        "/list",
        "/new",
        FIRST,
        "/list",
        "/help",
        "/quit",
        "x",
    ]
    done = piped(library, lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1] The Example Gazette" in done.stdout
    assert "  7> " in done.stdout
    assert "»" in done.stdout
    assert f"Written to {target}." in done.stdout
    assert "Izvestia" in target.read_text("utf-8")
    assert "A new conversation." in done.stdout
    assert "/export FILE" in done.stdout
    assert len(kept(library)) == 2


def test_open_shows_the_cited_words_among_the_paragraphs_around(library: Path) -> None:
    shown = piped(library, [GRUSHKO, "/open 1"]).stdout
    with Conversations.open(library) as store:
        answer = store.turns(kept(library)[0])[0].answer
    quotes = [citation.quote for claim in answer.claims for citation in claim.citations if citation.number == 1]
    assert quotes
    for quote in quotes:
        assert f"»{quote}«" in shown
    numbers = [line[:3].strip() for line in shown.splitlines() if line[:3].strip().isdigit()]
    cited = answer.sources[0].paragraph
    assert numbers == [str(number) for number in range(cited - 1, cited + 2)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/nonsense", "There is no command /nonsense"),
        ("/open 1", "no answer yet"),
        ("/sources", "no answer yet"),
        ("/export x.md", "nothing to export yet"),
        ("/export", "Name one file"),
        ("/export 'x.md", "Name one file"),
    ],
)
def test_command_that_cannot_be_carried_out_says_why(library: Path, line: str, said: str) -> None:
    done = piped(library, [line])
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


@pytest.mark.parametrize("number", ["99", "0", "", "x"])
def test_source_that_is_not_there_names_those_that_are(library: Path, number: str) -> None:
    done = piped(library, [GRUSHKO, f"/open {number}"])
    assert "it has 1" in done.stderr


def test_error_does_not_end_the_chat_and_export_does_not_replace(library: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes.html"
    lines = [GRUSHKO, f"/export {target}", f"/export {target}", "/export notes.doc", f"/export --force {target}"]
    done = piped(library, lines)
    assert done.stderr.count("\n") == 2
    assert "--force" in done.stderr
    assert "does not say its format" in done.stderr
    assert done.stdout.count("Written to") == 2


def test_json_is_one_answer_a_line(library: Path) -> None:
    done = piped(library, [FIRST, FOLLOW_UP], "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == [FIRST, FOLLOW_UP]


def test_conversation_is_resumed_with_its_history(library: Path) -> None:
    piped(library, [FIRST])
    (conversation,) = kept(library)
    done = piped(library, ["/sources", FOLLOW_UP], "--resume", conversation)
    assert done.returncode == 0
    assert "[1] Demo Herald" in done.stdout
    with Conversations.open(library) as store:
        assert [turn.question for turn in store.turns(conversation)] == [FIRST, FOLLOW_UP]
        assert "prisoners" in store.turn(conversation, 2).answer.standalone_question
    assert piped(library, [], "--resume", "nope").returncode == 2


def test_bytes_that_are_no_utf_8_are_a_question_like_another(library: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "chat", "--library", str(library)],
        cwd=ROOT, env={**os.environ, **QUOTING}, input=b"\xff\xfe\x00?\n" + GRUSHKO.encode(), capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Izvestia" in done.stdout


def test_library_that_cannot_be_written_to_still_answers(library: Path) -> None:
    (library / "conversations.db").mkdir()
    done = piped(library, [FIRST, FOLLOW_UP])
    assert done.returncode == 0
    assert "This conversation is not kept" in done.stderr
    assert "prisoners" in done.stdout


# -- in a terminal


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as opened:
        yield opened


def composing(wire: Wire) -> dict[str, str]:
    return {
        **QUOTING, "PULLQUOTE_WRITER": "composed", "OPENAI_BASE_URL": wire.url, "OPENAI_API_KEY": "sk-test",
        "PULLQUOTE_CONFIG": str(ROOT / "tests" / "no_research.toml"),
    }  # fmt: skip


def test_terminal_prompts_and_ctrl_c_clears_the_line_and_ctrl_d_leaves(library: Path) -> None:
    with Typed("chat", "--library", library, environment=QUOTING) as chat:
        chat.wait_for("/help shows the commands")
        chat.wait_for(">")
        chat.type("Who won the wor")
        chat.wait_for("Who won the wor")
        chat.press_ctrl_c_until(">", times=2)
        chat.type("/nonsense\n")
        chat.wait_for("There is no command /nonsense")
        chat.type(f"{GRUSHKO}\n")
        chat.wait_for("Quoted word for word.")
        chat.wait_for(">", times=4)
        chat.type(CTRL_D)
        assert chat.wait_for_end() == 0
    (conversation,) = kept(library)
    assert f"pullquote chat --resume {conversation}" in chat.shown
    with Conversations.open(library) as store:
        assert [turn.question for turn in store.turns(conversation)] == [GRUSHKO]


def test_evidence_is_shown_first_then_each_claim_with_its_verdict(library: Path, wire: Wire) -> None:
    wire.script(lambda request: written(request["messages"][-1]["content"]))
    with Typed("chat", "--library", library, environment=composing(wire)) as chat:
        chat.wait_for("Ctrl-D leaves")
        chat.type(f"{GRUSHKO}\n")
        chat.wait_for("each sentence checked against its sources")
        chat.type("/quit\n")
        assert chat.wait_for_end() == 0
    shown = " ".join(chat.shown.split())
    order = ["Quoted word for word.", "Reading on", "Written by", "(unsupported:", "each sentence checked against"]
    places = [shown.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_ctrl_c_stops_the_answer_and_not_the_chat(library: Path, wire: Wire) -> None:
    wire.script(Reply("The deputy minister", hang=True))
    with Typed("chat", "--library", library, environment=composing(wire)) as chat:
        chat.wait_for("Ctrl-D leaves")
        chat.type(f"{GRUSHKO}\n")
        chat.wait_for("Reading on")
        while not wire.requests:
            assert chat.process.poll() is None
        chat.type(CTRL_C)
        chat.wait_for(STOPPED_QUOTED)
        assert wire.left.wait(30)
        chat.type("/list\n")
        chat.wait_for("1 question")
        chat.type("/quit\n")
        assert chat.wait_for_end() == 0
    with Conversations.open(library) as store:
        (turn,) = store.turns(kept(library)[0])
    assert (turn.answer.answered, turn.answer.writer, turn.answer.note) == (True, "quoting", STOPPED_QUOTED)


def test_failing_model_leaves_the_quoted_answer_with_one_line(library: Path, wire: Wire) -> None:
    wire.script(refusal(401, "bad key"))
    with Typed("ask", GRUSHKO, "--library", library, environment=composing(wire)) as ask:
        assert ask.wait_for_end() == 0
    assert ask.shown.count("Izvestia") >= 1
    assert ask.shown.count("Note: Quoted only.") == 1
    assert "sk-test" not in ask.shown


def test_ask_in_a_pipe_prints_only_the_final_answer(library: Path, wire: Wire) -> None:
    wire.script(lambda request: written(request["messages"][-1]["content"]))
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "ask", GRUSHKO, "--library", str(library)],
        cwd=ROOT, env={**os.environ, **composing(wire)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Quoted word for word" not in done.stdout
    assert "Reading on" not in done.stdout
    assert "(unsupported: " in done.stdout
    assert done.stdout.count("\n[1] ") == 1


# -- with a scripted model, in process


def written(prompt: str) -> str:
    """Write two sentences about Grushko: one that stands in a paragraph, one that stands nowhere."""
    number = next(
        line[1 : line.index("]")] for line in prompt.splitlines() if line.startswith("[") and "Izvestia" in line
    )
    told = next(line for line in prompt.splitlines() if line.startswith(f"[{number}]"))
    quoted = told[told.index('"') :]
    return f"{quoted} [{number}] In all, 4711 penguins signed the treaty. [{number}]"


def script(messages: Sequence[Message]) -> str:
    if "Last question:" in messages[-1].content:
        return "When will the prisoners of Russia and Ukraine be exchanged?"
    return written(messages[-1].content) if "Izvestia" in messages[-1].content else "NOT IN THE ARTICLES"


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(script)


@pytest.fixture
def composer(sample_library: Path, model: ScriptedModel) -> Iterator[Assistant]:
    with Assistant(Searcher.open(sample_library, MiniLM()), model) as opened:  # type: ignore[arg-type]
        yield opened


def test_model_is_given_the_history_of_the_conversation(composer: Assistant, model: ScriptedModel) -> None:
    with Conversations.in_memory() as store:
        chat = Chat(composer, store, Terminal(), Filters())
        assert chat.take(FIRST)
        assert chat.take(FOLLOW_UP)
        assert chat.conversation
        assert store.turn(chat.conversation, 2).answer.standalone_question.startswith("When will the prisoners")
    asked = [messages[-1].content for messages in model.asked if "Last question:" in messages[-1].content]
    assert len(asked) == 1
    assert FIRST in asked[0]


def test_stopping_after_a_claim_keeps_what_was_written(composer: Assistant) -> None:
    stopped = threading.Event()
    events: list[Event] = []
    for event in stoppable(composer.stream(GRUSHKO, cancelled=stopped.is_set), stopped):
        events.append(event)
        if event.kind == "claim":
            stopped.set()
    last = events[-1].value
    assert isinstance(last, Answer)
    assert (last.writer, last.note) == ("composed", STOPPED_WRITING)
    assert last.claims[0] == next(event.value for event in events if event.kind == "claim")
    assert "4711 penguins" not in last.text


def test_stopping_before_there_is_an_answer_gives_none(composer: Assistant) -> None:
    stopped = threading.Event()
    stopped.set()
    assert list(stoppable(composer.stream(GRUSHKO), stopped)) == []


def test_second_ctrl_c_leaves_the_quoted_answer_at_once() -> None:
    quoted = Answer("a", "q", "q", True, "t", None, "quoting")

    def stuck() -> Iterator[Event]:
        yield Event("evidence", quoted)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with stopping() as stopped:
        *_, last = stoppable(stuck(), stopped)
    assert isinstance(last.value, Answer)
    assert last.value.note == STOPPED_QUOTED


def test_ctrl_c_means_what_it_did_after_the_answer() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopping() as stopped:
        signal.raise_signal(signal.SIGINT)
        assert stopped.is_set()
    assert signal.getsignal(signal.SIGINT) is before


def test_model_that_breaks_off_leaves_a_note(composer: Assistant, model: ScriptedModel) -> None:
    model.broken = ModelError("The connection broke. Ask again.", "cut")
    answer = composer.ask(GRUSHKO)
    assert (answer.writer, answer.note) == ("quoting", "Quoted only. The connection broke. Ask again.")


# -- how an answer is printed


def test_doubtful_claims_differing_articles_and_notes_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    citation = Citation(1, "a", "a.md", 1, 1, "It took 90 minutes.", 0, 19, "T", "Sample Wire", "2025-03-18")
    other = Citation(2, "b", "b.md", 1, 1, "It took an hour.\x1b[31m", 0, 16, "T", "Demo Herald", "2025-03-17")
    claims = (
        Claim("It took 90 minutes.", Verdict.SUPPORTED, ("stated",), (citation,)),
        Claim("It took 40 minutes.", Verdict.UNSUPPORTED, ("number 40 is not in the cited paragraph",), (citation,)),
        Claim("It rained.", Verdict.UNSUPPORTED, ("no paragraph is cited", "nothing states it"), ()),
        Claim("It was long.", Verdict.PARTLY, (), (other,)),
    )
    versions = (Version("90 minutes", (citation,)), Version("an hour", (other,), superseded=True))
    differing = (Disagreement("duration", "call", versions),)
    answer = Answer("x", "q", "q", True, "", "2025-03-18", "composed", claims, disagreements=differing)
    AnswerPrinter(Terminal()).answer(replace(answer, model="tiny", note="One line."))
    printed = capsys.readouterr().out
    assert "It took 40 minutes. [1] (unsupported: number 40 is not in the cited paragraph)" in printed
    assert "It rained. (unsupported: no paragraph is cited; nothing states it)" in printed
    assert "It was long. [2] (partly supported)" in printed
    assert "The articles differ (duration: call)" in printed
    assert (
        "  90 minutes\n    Sample Wire · 18 March 2025 “It took 90 minutes.” [1]\n  an hour (superseded)\n" in printed
    )
    assert "Written by tiny, each sentence checked" in printed
    assert "\nNote: One line.\n" in printed
    assert "\x1b" not in printed


# -- ask --trace


def ask(library: Path, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "--library", str(library), "ask", *arguments],
        cwd=ROOT, env={**os.environ, **QUOTING}, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_trace_shows_steps_times_and_scores_beside_the_answer(sample_library: Path) -> None:
    done = ask(sample_library, GRUSHKO, "--trace")
    assert done.stdout == ask(sample_library, GRUSHKO).stdout
    for step in ("question", "search", "read", "quote", "total"):
        assert any(line.startswith(f"{step}  ") and line.endswith(" s") for line in done.stderr.splitlines()), step
    assert "1. passage example-gazette-before-the-call#7  score" in done.stderr
    assert "confidence: 0." in done.stderr


def test_trace_is_a_field_in_json(sample_library: Path) -> None:
    steps = json.loads(ask(sample_library, GRUSHKO, "--trace", "--json").stdout)["trace"]
    assert [step["name"] for step in steps][:4] == ["asked", "question", "search", "read"]
    assert "trace" not in json.loads(ask(sample_library, GRUSHKO, "--json").stdout)
    line = ask(sample_library, "--batch", "-", "--trace", stdin=json.dumps({"question": GRUSHKO})).stdout
    assert json.loads(line)["trace"]


def test_trace_shows_the_prompt_as_the_model_read_it(library: Path, wire: Wire) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "--library", str(library), "ask", GRUSHKO, "--trace"],
        cwd=ROOT, env={**os.environ, **composing(wire)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (first, *_) = wire.requests
    for message in first["messages"]:
        assert message["content"].splitlines()[0] in done.stderr
    assert "sk-test" not in done.stderr


def test_writer_option_goes_before_the_settings(library: Path, wire: Wire) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "ask", GRUSHKO, "--library", str(library), "--writer", "quoting"],
        cwd=ROOT, env={**os.environ, **composing(wire)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Quoted word for word." in done.stdout
    assert wire.requests == []
    wrong = ask(library, GRUSHKO, "--writer", "nobody")
    assert wrong.returncode == 2
