from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.form import WEIGHTS, Model, form_of
from assistant.types import Form
from eval.fitting.forms.examples import OUTLETS, pooled, written
from eval.fitting.forms.measuring import figures

ROOT = Path(__file__).resolve().parents[3]
LEAST_ACCURACY, LEAST_APART = 0.85, 0.81
"""What the model reaches on questions held out of its fitting, and on those in other words, less a little."""
MOST_FACTS_WIDE = 0.06
"""Of the held-out questions for one fact, most of which were written to look like wider ones."""
MOST_POOLED_WIDE = 0.02
LARGEST = 1_200_000
"""Bytes of the weights' file."""
SHORT = 150
"""Characters of a question that is read as a whole."""
MOST_GROWTH = 3
"""Times the work for twice the text."""


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Who leads the delegation?", Form.FACT),
        ("What happened to the driver?", Form.FACT),
        ("How has the storm affected power in Texas?", Form.FACT),
        ("Who is the current governor of Ohio?", Form.FACT),
        ("When was the law published?", Form.FACT),
        ("What did the minister say about the latest figures?", Form.FACT),
        ("how many people died", Form.FACT),
        ("Summarise the coverage of the strike", Form.OVERVIEW),
        ("what happened last week", Form.OVERVIEW),
        ("brexit", Form.OVERVIEW),
        ("Give me a timeline of the talks", Form.TIMELINE),
        ("How did the crisis unfold?", Form.TIMELINE),
        ("What's the latest on the ceasefire?", Form.LATEST),
        ("any news about the ferry", Form.LATEST),
        ("Compare the responses of France and Germany", Form.COMPARISON),
        ("How do the Gazette and the Herald differ on the toll?", Form.COMPARISON),
        ("Who is Dan Scavino?", Form.WHO_IS),
        ("who's kushner", Form.WHO_IS),
        ("Which articles mention Boris Johnson?", Form.LIST),
        ("Who wrote the article on generators?", Form.LIST),
        ("How many articles are there about Brexit?", Form.COUNT),
        ("What do critics say about the law?", Form.OPINION),
        ("thanks!", Form.TALK),
        ("What can you do?", Form.TALK),
    ],
)
def test_frame_of_a_question_shows_its_form(question: str, form: Form) -> None:
    assert form_of(question) is form


@pytest.mark.parametrize("topic", ["Zorblax", "the Quenby affair", "Ann Bell", "Ruritania"])
def test_topic_of_a_question_does_not_change_its_form(topic: str) -> None:
    assert form_of(f"Which articles mention {topic}?") is Form.LIST
    assert form_of(f"What is the latest on {topic}?") is Form.LATEST
    assert form_of(f"How many people were hurt in {topic}?") is Form.FACT


def test_outlet_is_no_topic() -> None:
    assert form_of("What did Quenby Wire publish in March?", ["The Quenby Wire"]) is Form.LIST
    assert form_of("how many articles did the wire publish", ["The Quenby Wire"]) is Form.COUNT


@pytest.mark.parametrize(
    "task", ["Generate a concise, 3-5 word title", "Generate 1-3 broad tags", "Suggest follow-ups"]
)
def test_task_of_a_chat_program_is_talk_whatever_was_asked(task: str) -> None:
    chat = "USER: What is the latest on the ceasefire?\nASSISTANT: Talks go on.\n" * 20
    assert form_of(f"### Task:\n{task}.\n### Chat History:\n<chat_history>\n{chat}</chat_history>") is Form.TALK


@pytest.mark.parametrize(
    "text", ["", " ", "?", "...", "\n", "'", "''s", "\ud800", "İ", "ß" * 50, "¿Quién?", "何が起きた"]
)
def test_any_sign_may_be_asked(text: str) -> None:
    assert form_of(text, ["", " ", "The", "'", text]) in Form


@given(st.text(), st.lists(st.text()))
def test_any_text_has_a_form(question: str, outlets: list[str]) -> None:
    assert form_of(question, outlets) in Form


@given(st.sampled_from([each.question for each in written() if len(each.question) < SHORT]))
def test_form_does_not_depend_on_the_mark_or_the_spaces(question: str) -> None:
    bare = question.strip(" ?!.")
    assert form_of(bare) is form_of(f"  {bare.replace(' ', '  ')} ?")


def test_only_facts_and_talk_are_not_wide() -> None:
    assert {form for form in Form if not form.is_wide} == {Form.FACT, Form.TALK}


def test_probabilities_sum_to_one() -> None:
    likely = Model.load().probabilities("What's the latest on the ceasefire?")
    assert likely.keys() == set(Form)
    assert sum(likely.values()) == pytest.approx(1)


def test_middle_of_a_long_text_is_not_read() -> None:
    start, end = "What is the latest on the ceasefire? " + "x " * 250, " y" * 150
    assert form_of(start + "Who is he? " * 100_000 + end) is form_of(start + "How many? " * 100_000 + end)


@pytest.mark.parametrize("unit", ["one two ", "a", "The Ann ", "'s ", "? ", "#", "what is ", "1 "])
def test_twice_the_text_takes_at_most_three_times_the_work(unit: str) -> None:
    def work(text: str) -> float:
        start = time.process_time()
        for _ in range(20):
            form_of(text, ["The Ann Bell", "UN"])
        return time.process_time() - start

    text = unit * 2_000
    assert min(work(text * 2) for _ in range(3)) <= MOST_GROWTH * min(work(text) for _ in range(3))


def test_model_is_read_at_first_use() -> None:
    code = (
        "import sys, assistant.question.form as form; print(form._model.cache_info().currsize, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]


def test_weights_are_small_and_say_where_they_come_from() -> None:
    held = json.loads(WEIGHTS.read_text("utf-8"))
    assert WEIGHTS.stat().st_size < LARGEST
    assert "python -m eval.fitting.forms" in held["about"]


def test_held_out_questions_are_told_rightly() -> None:
    found = figures(Model.load(), [each for each in written() if each.is_held_out])
    assert found.accuracy >= LEAST_ACCURACY
    assert found.facts_taken_as_wide <= MOST_FACTS_WIDE


def test_questions_in_other_words_are_told_rightly() -> None:
    assert figures(Model.load(), written(apart=True)).accuracy >= LEAST_APART


def test_public_questions_for_a_fact_are_left_as_such() -> None:
    held = [each for each in pooled() if each.is_held_out]
    assert figures(Model.load(), held).facts_taken_as_wide <= MOST_POOLED_WIDE


def test_every_form_is_written_for_and_measured() -> None:
    held = [each for each in written() if each.is_held_out]
    assert {each.form for each in held} == set(Form) == {each.form for each in written(apart=True)}
    assert OUTLETS
