from __future__ import annotations

import json
import multiprocessing
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from assistant.answers.from_json import NoAnswer, answer_from_json, answers_in
from assistant.conversations.store import Conversations, Feedback
from assistant.types import Answer, Claim, Turn, Verdict
from index.errors import LibraryDamaged, LibraryError, NotFound, UsageError
from index.types import Filters
from tests.assistant.made_answers import ANSWERS


def answer(question: str = "Who called?", text: str = "Trump called Putin. [1]") -> Answer:
    claim = Claim(text, Verdict.SUPPORTED, ("quoted word for word",), ())
    return Answer("a1", question, question, True, text, "2025-03-18", "quoting", claims=(claim,))


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    return Conversations.open(tmp_path)


# -- answers as JSON


@settings(max_examples=200)
@given(ANSWERS)
def test_any_answer_comes_back_as_it_was(made: Answer) -> None:
    assert answer_from_json(json.loads(json.dumps(made.to_json()))) == made


def test_answer_of_an_earlier_version_gets_defaults_and_later_fields_are_passed_over() -> None:
    old = {name: value for name, value in answer().to_json().items() if name not in {"note", "model", "disagreements"}}
    read = answer_from_json({**old, "trace": [], "invented_later": 1})
    assert (read.note, read.model, read.disagreements) == (None, None, ())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": 3}, "question must be a text, not 3"),
        ({"answered": 1}, "answered must be true or false"),
        ({"claims": {"text": "x"}}, "claims must be a list"),
        ({"claims": [{"text": "x"}]}, r"claims\[0\].verdict is missing"),
        ({"claims": [{"text": "x", "verdict": "sure", "reasons": [], "citations": []}]}, "supported or partly"),
        ({"confidence": float("nan")}, "confidence must be a number"),
        ({"timings": {"search": "fast"}}, "timings.search must be a number"),
    ],
)
def test_what_is_no_answer_is_refused_with_the_field(change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        answer_from_json({**answer().to_json(), **change})


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"line": 2, "error": "it must be an object"}])
def test_other_json_is_no_answer(value: object) -> None:
    with pytest.raises(UsageError, match="no answer"):
        answer_from_json(value)


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", "[" * 100_000, "9" * 5000, '{"turns": []}'])
def test_file_without_an_answer_says_how_to_make_one(text: str) -> None:
    with pytest.raises(UsageError, match="no answer"):
        list(answers_in(text, "x.json"))


def test_batch_is_read_line_by_line_and_bad_lines_are_named() -> None:
    line = json.dumps(answer().to_json())
    first, second, third = answers_in(f"{line}\n\nno json\n{line}\n", "x.jsonl")
    assert (first, third) == (answer(), answer())
    assert second == NoAnswer(3, "This is not JSON.")


def test_half_a_character_is_replaced_so_that_any_file_can_hold_it() -> None:
    read = answer_from_json({**answer().to_json(), "question": "a\ud800b\ud83d\ude00"})
    assert read.question == "a\ufffdb😀"


# -- conversations


def test_turns_come_back_whole_and_in_order(store: Conversations) -> None:
    conversation = store.create()
    assert [store.append(conversation, answer(question)) for question in ("One?", "Two?")] == [1, 2]
    turns = store.turns(conversation)
    assert [(turn.number, turn.answer) for turn in turns] == [(1, answer("One?")), (2, answer("Two?"))]
    assert list(store.history(conversation)) == [Turn("One?", answer().text), Turn("Two?", answer().text)]


def test_conversation_survives_the_process_that_made_it(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        conversation = store.create()
        store.append(conversation, answer())
    with Conversations.open(tmp_path) as again:
        assert again.turn(conversation, 1).answer == answer()


def test_conversation_goes_by_its_first_question_until_it_is_named(store: Conversations) -> None:
    conversation = store.create()
    assert store.conversation(conversation).name == "New conversation"
    store.append(conversation, answer("Who called?"))
    assert store.conversation(conversation).name == "Who called?"
    store.rename(conversation, "  The call ")
    assert store.conversation(conversation).name == "The call"


def test_list_has_what_changed_last_first(store: Conversations) -> None:
    first, second = store.create("first"), store.create("second")
    assert [entry.id for entry in store.conversations()] == [second, first]
    store.append(first, answer())
    assert [(entry.id, entry.turns) for entry in store.conversations()] == [(first, 1), (second, 0)]


def test_search_needs_every_word_and_ignores_case(store: Conversations) -> None:
    call, rink = store.create("Ärger"), store.create()
    store.append(call, answer("Who called?", "TRUMP called Putin. [1]"))
    store.append(rink, answer("Who runs the rink?", "100% Demo_Falls does. [1]"))

    def found(text: str) -> list[str]:
        return [entry.id for entry in store.search(text)]

    assert found("trump CALLED") == [call]
    assert found("who") == [rink, call]
    assert found("ärger") == [call]
    assert found("trump rink") == []
    assert found("%") == found("demo_") == [rink]
    assert found("trump'; DROP TABLE turn") == []


def test_conversations_of_one_owner_are_unknown_to_another(store: Conversations) -> None:
    hers, his = store.of("ann"), store.of("bob")
    conversation = hers.create()
    hers.append(conversation, answer())
    assert his.conversations() == his.search("trump") == store.conversations() == []
    for attempt in (
        lambda: his.turns(conversation),
        lambda: his.turn(conversation, 1),
        lambda: his.history(conversation),
        lambda: his.append(conversation, answer()),
        lambda: his.rename(conversation, "mine"),
        lambda: his.rate(conversation, 1, Feedback(1)),
        lambda: his.delete(conversation),
    ):
        with pytest.raises(NotFound, match="no conversation"):
            attempt()
    assert len(hers.turns(conversation)) == 1


def test_feedback_is_kept_for_answer_and_claim_and_replaced(store: Conversations) -> None:
    conversation = store.create()
    store.append(conversation, answer())
    store.rate(conversation, 1, Feedback(1, "good"))
    store.rate(conversation, 1, Feedback(-1, "who says so?", claim=0))
    store.rate(conversation, 1, Feedback(-1, "not so good"))
    given = store.turn(conversation, 1).feedback
    assert [(entry.thumb, entry.note, entry.claim) for entry in given] == [
        (-1, "not so good", None),
        (-1, "who says so?", 0),
    ]


def test_feedback_on_what_is_not_there_is_refused(store: Conversations) -> None:
    conversation = store.create()
    store.append(conversation, answer())
    with pytest.raises(NotFound, match="no turn 2"):
        store.rate(conversation, 2, Feedback(1))
    with pytest.raises(NotFound, match="no claim 1; it has 1"):
        store.rate(conversation, 1, Feedback(1, claim=1))
    with pytest.raises(UsageError, match="thumb"):
        store.rate(conversation, 1, Feedback(5))


def test_deleted_conversation_leaves_nothing_in_the_file(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        conversation = store.create()
        store.append(conversation, answer("A very private question?"))
        store.rate(conversation, 1, Feedback(1, "a private note"))
        store.delete(conversation)
        with pytest.raises(NotFound):
            store.turns(conversation)
    for file in tmp_path.iterdir():
        assert b"private" not in file.read_bytes()


def test_deleted_conversation_can_be_put_back_whole_by_its_owner(tmp_path: Path) -> None:
    filters = Filters(("Sample Wire",), since=date(2025, 3, 1))
    with Conversations.open(tmp_path, "ann") as store:
        conversation = store.create("Calls")
        store.append(conversation, answer(), filters)
        store.append(conversation, answer("And then?"))
        store.rate(conversation, 1, Feedback(-1, "who says so?", claim=0))
        before = store.conversations(), store.turns(conversation)
        assert [turn.filters for turn in before[1]] == [filters, Filters()]
        deleted = store.delete(conversation)
        assert (deleted.name, store.conversations()) == ("Calls", [])
        with pytest.raises(UsageError, match="cannot be put back"):
            store.of("eve").restore(deleted)
        store.restore(deleted)
        assert (store.conversations(), store.turns(conversation)) == before
        with pytest.raises(UsageError, match="cannot be put back"):
            store.restore(deleted)


def test_file_from_before_filters_were_kept_is_taken_over(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        conversation = store.create()
        store.append(conversation, answer())
    connection = sqlite3.connect(tmp_path / "conversations.db")
    connection.execute("DROP TABLE asked_within")
    connection.close()
    with Conversations.open(tmp_path) as store:
        assert store.turn(conversation, 1).filters == Filters()
        store.append(conversation, answer(), Filters(until=date(2025, 3, 19), articles=("a",)))
        assert store.turn(conversation, 2).filters == Filters(until=date(2025, 3, 19), articles=("a",))


def _append_many(folder: Path, conversation: str, count: int) -> None:
    with Conversations.open(folder) as store:
        for _ in range(count):
            store.append(conversation, answer())


def test_processes_append_at_once_without_losing_a_turn(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        conversation = store.create()
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append_many, args=(tmp_path, conversation, 20)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with Conversations.open(tmp_path) as store:
        assert [turn.number for turn in store.turns(conversation)] == list(range(1, 61))


def test_file_of_another_program_or_version_is_left_alone(tmp_path: Path) -> None:
    for name, statement, said in (
        ("other", "CREATE TABLE things (x)", "another program"),
        ("later", "PRAGMA user_version = 99", "format 99"),
    ):
        (tmp_path / name).mkdir()
        connection = sqlite3.connect(tmp_path / name / "conversations.db")
        connection.execute(statement)
        connection.close()
        with pytest.raises(LibraryDamaged, match=said):
            Conversations.open(tmp_path / name)
    (tmp_path / "conversations.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(LibraryDamaged, match="move it away"):
        Conversations.open(tmp_path)


def test_no_folder_and_no_permission_name_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="add FOLDER"):
        Conversations.open(tmp_path / "none")
    (tmp_path / "conversations.db").mkdir()  # what cannot be opened, whoever asks
    with pytest.raises(LibraryError, match="writable"):
        Conversations.open(tmp_path)
