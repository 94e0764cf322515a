"""A stored answer becomes a draft case that is not counted until a person has finished it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.conversations.store import Conversations, Feedback
from assistant.types import Answer, Citation, Claim, Turn, Verdict
from eval.cases import DRAFT, load_cases, split
from eval.drafts import add_draft, add_new_drafts, disliked_answers, draft_case, read_answer
from index.errors import NotFound, UsageError
from index.types import Filters, text_hash


def citation(paragraph: int) -> Citation:
    return Citation(1, "wire", "wire.md", 1, paragraph, "q", 0, 1, paragraph_hash=text_hash(f"text {paragraph}"))


ANSWER = Answer(
    "1a2b", "How long?", "How long? (call Trump Putin)", answered=True, text="90 minutes [1]", as_of=None,
    writer="quoting",
    claims=(
        Claim("90 minutes", Verdict.SUPPORTED, (), (citation(3), citation(5))),
        Claim("And more", Verdict.SUPPORTED, (), (citation(3),)),
    ),
)  # fmt: skip


def stored(**extra: Any) -> str:
    return json.dumps({**ANSWER.to_json(), **extra})


def test_draft_suggests_what_was_cited_and_keeps_notes(tmp_path: Path) -> None:
    text = stored(
        feedback={"thumb": "down", "note": "It was longer."},
        history=[{"question": "Who called?", "answer": "Trump."}],
        filters={"outlets": ["Sample Wire"], "since": "2025-03-18", "until": None, "articles": []},
    )
    draft = draft_case(read_answer(text, "answer.json"), "Seen on Monday.")
    assert (draft.id, draft.question, draft.tags, draft.facts) == ("1a2b", "How long?", (DRAFT,), ())
    assert [(gold.article, gold.paragraph, gold.hash) for gold in draft.gold] == [
        ("wire", number, text_hash(f"text {number}")[:16]) for number in (3, 5)
    ]
    assert draft.history == (Turn("Who called?", "Trump."),)
    assert draft.filters is not None
    assert draft.filters.outlets == ("Sample Wire",)
    assert draft.note == "It was longer.\nSeen on Monday."


def test_follow_up_without_its_history_is_asked_as_it_was_understood() -> None:
    assert draft_case(read_answer(stored(), "-")).question == "How long? (call Trump Putin)"


def test_answers_with_a_thumb_down_are_drafted_with_notes_history_and_filters(tmp_path: Path) -> None:
    filters = Filters(("Sample Wire",), since=date(2025, 3, 18))
    with Conversations.open(tmp_path, "ann") as store:
        conversation = store.create()
        store.append(conversation, replace(ANSWER, id="good", question="Who called?"))
        store.append(conversation, replace(ANSWER, id="bad"), filters)
        store.rate(conversation, 1, Feedback(1, "Right."))
        store.rate(conversation, 2, Feedback(-1, "It was longer."))
        store.rate(conversation, 2, Feedback(-1, claim=1))
        of_bob = store.of("bob")
        other = of_bob.create()
        of_bob.append(other, replace(ANSWER, id="half"))
        of_bob.rate(other, 1, Feedback(-1, "More than 90.", claim=0))
    drafts = [draft_case(each) for each in disliked_answers(tmp_path)]
    assert [(draft.id, draft.note) for draft in drafts] == [
        ("bad", "It was longer.\nSentence 2: thumb down"),
        ("half", "Sentence 1: More than 90."),
    ]
    assert drafts[0].history == (Turn("Who called?", "90 minutes [1]"),)
    assert (drafts[0].filters, drafts[1].filters) == (filters, None)
    file = tmp_path / "drafts.jsonl"
    assert add_new_drafts(drafts[:1], file) == (1, 0)
    file.write_text(file.read_text("utf-8").replace("It was longer.", "being finished"), "utf-8")
    assert add_new_drafts(drafts, file) == (1, 1)
    assert "being finished" in file.read_text("utf-8")


def test_refusal_becomes_a_draft_without_gold() -> None:
    draft = draft_case(read_answer(stored(answered=False, claims=[]), "-"), case_id="mine")
    assert (draft.id, draft.gold) == ("mine", ())


def test_unfinished_draft_is_refused_and_says_what_to_fill_in(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    assert add_draft(draft_case(read_answer(stored(), "-")), file)
    with pytest.raises(UsageError, match=r"line 1: is a draft: an answerable case needs facts.*remove its tag 'draft'"):
        load_cases(file)
    row = json.loads(file.read_text("utf-8"))
    row["facts"] = [["90 minutes"]]
    file.write_text(json.dumps(row), "utf-8")
    with pytest.raises(UsageError, match=r"is a draft: no gold paragraph states fact 0: add .* remove its tag"):
        load_cases(file)
    row["gold"] = [{**row["gold"][0], "facts": [0]}]
    file.write_text(json.dumps(row), "utf-8")
    with pytest.raises(UsageError, match=r"is a draft: nothing is missing\. Check it, and remove its tag"):
        load_cases(file)
    row["tags"] = ["single"]
    file.write_text(json.dumps(row), "utf-8")
    (case,) = load_cases(file)
    assert case.gold[0].hash == text_hash("text 3")[:16]
    assert split(case.id) in {"dev", "release"}


def test_finished_draft_keeps_history_filters_and_note(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    text = stored(
        history=["Who called?"], filters={"since": "2025-03-18"}, feedback={"thumb": "down", "note": "Not there."}
    )
    add_draft(draft_case(read_answer(text, "-")), file)
    row = json.loads(file.read_text("utf-8"))
    row |= {"answerable": False, "why_not": "near miss", "gold": [], "tags": []}
    file.write_text(json.dumps(row), "utf-8")
    (case,) = load_cases(file)
    assert case.note == "Not there."
    assert case.history == (Turn("Who called?"),)
    assert case.filters == Filters(since=case.filters.since if case.filters else None)
    assert "Not there" not in repr(case)


def test_same_answer_twice_is_one_draft_and_another_needs_another_id(tmp_path: Path) -> None:
    file = tmp_path / "new" / "drafts.jsonl"
    draft = draft_case(read_answer(stored(), "-"))
    assert add_draft(draft, file)
    assert not add_draft(draft, file)
    assert file.read_text("utf-8").count("\n") == 1
    other = draft_case(read_answer(stored(), "-"), note="Wrong.")
    with pytest.raises(UsageError, match=r"line 1: has the id '1a2b' already\. Change that line, or .*--id"):
        add_draft(other, file)
    assert add_draft(draft_case(read_answer(stored(), "-"), case_id="other"), file)
    assert file.read_text("utf-8").count("\n") == 2


def test_draft_goes_on_a_line_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text('{"id": "x"}', "utf-8")
    add_draft(draft_case(read_answer(stored(), "-")), file)
    assert [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()] == ["x", "1a2b"]


@pytest.mark.parametrize("text", ["", "[]", '{"id": "a", "question": "Q?"}', '{"error": "no"}'])
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"answer\.json: is no answer \(.*pullquote ask --json"):
        read_answer(text, "answer.json")


def test_file_that_holds_no_cases_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("my notes\n", "utf-8")
    with pytest.raises(UsageError, match=r"notes\.txt, line 1: is no case"):
        add_draft(draft_case(read_answer(stored(), "-")), file)
    with pytest.raises(NotFound, match="cannot be read"):
        add_draft(draft_case(read_answer(stored(), "-")), tmp_path)
    assert file.read_text("utf-8") == "my notes\n"
