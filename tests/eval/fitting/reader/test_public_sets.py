"""Public sets as examples, from small files of the same form and from those that come with the repository."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.reader.encoding import LONGEST_PASSAGE, tokens_of
from eval.fitting.reader.data import SETS
from eval.fitting.reader.examples import ANSWERS, JUDGES, REFUTED, SUPPORTED, UNKNOWN
from eval.fitting.reader.public_sets import ROWS_AND_WEIGHT, group_of, read_sets

PASSAGE = "The council of Olden met on Tuesday and approved 340 houses ."


def rows(folder: Path, name: str, *found: dict[str, Any]) -> Path:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in found)
    return folder


def question(**changes: Any) -> dict[str, Any]:
    answers = [{"text": "340 houses", "start": PASSAGE.index("340")}]
    row = {
        "question": "What was approved ?",
        "passage": PASSAGE,
        "answerable": True,
        "answers": answers,
        "title": "Olden",
    }
    return {**row, **changes}


def test_question_is_read_with_its_answer_and_plain_spaces(tmp_path: Path) -> None:
    (example,) = read_sets(rows(tmp_path, "mine", question()))
    assert (example.task, example.label, example.query) == (ANSWERS, 1, "What was approved?")
    assert example.passage.endswith("340 houses.")
    assert example.answer is not None
    assert example.passage[slice(*example.answer)] == "340 houses"
    assert (example.source, example.group) == ("mine", group_of(PASSAGE))


def test_question_without_an_answer_has_none(tmp_path: Path) -> None:
    (example,) = read_sets(rows(tmp_path, "mine", question(answerable=False, answers=[])))
    assert (example.label, example.answer) == (0, None)


def test_answer_without_its_place_is_left_out(tmp_path: Path) -> None:
    assert list(read_sets(rows(tmp_path, "mine", question(answers=[])))) == []


@pytest.mark.parametrize(("label", "expected"), [("supported", SUPPORTED), ("refuted", REFUTED), ("unknown", UNKNOWN)])
def test_claim_is_read_with_its_label(tmp_path: Path, label: str, expected: int) -> None:
    row = {"claim": "340 houses were approved .", "passage": PASSAGE, "label": label}
    (example,) = read_sets(rows(tmp_path, "mine", row))
    assert (example.task, example.label, example.query) == (JUDGES, expected, "340 houses were approved.")
    assert example.wrong == (() if label == "supported" else None)


def test_set_that_only_measures_is_not_read(tmp_path: Path) -> None:
    assert ROWS_AND_WEIGHT["clapnq_dev"][0] == 0
    assert list(read_sets(rows(tmp_path, "clapnq_dev", question()))) == []


def test_answer_of_a_long_passage_stays_in_what_is_read_of_it(tmp_path: Path) -> None:
    lead = "It rained in Skar for days and nights . " * 80
    answers = [{"text": "340 houses", "start": len(lead) + PASSAGE.index("340")}]
    long = question(passage=f"{lead}{PASSAGE} {lead}".strip(), answers=answers)
    (example,) = read_sets(rows(tmp_path, "mine", long))
    assert example.answer is not None
    assert example.passage[slice(*example.answer)] == "340 houses"
    assert len(tokens_of(example.passage).ids) <= LONGEST_PASSAGE


def test_passages_that_differ_in_marks_alone_are_one_group() -> None:
    assert group_of("The  council, met.") == group_of("the council met")
    assert group_of("The council met.") != group_of("The council left.")


@pytest.mark.parametrize("path", sorted(SETS.glob("*.jsonl.gz")), ids=lambda path: path.name.split(".")[0])
def test_every_committed_set_is_known_has_a_licence_and_rows_of_the_form(path: Path) -> None:
    name = path.name.removesuffix(".jsonl.gz")
    assert ROWS_AND_WEIGHT[name][0] > 0
    assert path.with_name(f"{name}.LICENCE.txt").read_text("utf-8").strip()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            assert row["passage"].strip()
            if "claim" in row:
                assert row["label"] in ("supported", "refuted", "unknown")
            else:
                assert row["question"].strip()
                for answer in row["answers"] if row["answerable"] else ():
                    assert row["passage"][answer["start"] :].startswith(answer["text"])
