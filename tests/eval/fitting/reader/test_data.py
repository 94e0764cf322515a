"""What is learned from is kept apart from what is measured on."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.fitting.reader.data import SETS, Forbidden, put_aside, split
from eval.fitting.reader.examples import ANSWERS, Example
from eval.fitting.reader.public_sets import ROWS_AND_WEIGHT
from eval.fitting.reader.written import read_written

TEXT = "the growers of lindow have planted eighty pear trees by the lane that leads to the old mill"
EXAMPLE = Example(ANSWERS, "How many?", TEXT, 1, source="squad", group="g")


@pytest.fixture(scope="module")
def forbidden() -> Forbidden:
    return Forbidden.read([])


def test_groups_stay_on_one_side() -> None:
    written = list(read_written())
    parts = split(written, 0)
    sides = [{each.group for each in side} for side in (parts.train, parts.tune, parts.test)]
    assert all(sides)
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    assert sum(map(len, (parts.train, parts.tune, parts.test))) == len(written)
    assert split(written, 0) == parts
    assert split(written, 1) != parts


def test_passage_of_a_near_miss_is_on_the_side_of_the_near_miss() -> None:
    examples = [
        replace(EXAMPLE, source=source, group=f"g{number}") for number in range(300) for source in ("unansq", "squad")
    ]
    parts = split(examples, 0)
    assert {each.group for each in parts.train}.isdisjoint(each.group for each in (*parts.tune, *parts.test))
    assert len(parts.tune) + len(parts.test) > 50, "a quarter of them"


def test_text_with_a_run_of_what_is_judged_is_forbidden(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(json.dumps({"rows": [{"text": f"It is said that {TEXT}."}]}) + "\n", "utf-8")
    found = Forbidden.read([tmp_path])
    words = TEXT.split()
    assert found.holds(TEXT.upper())
    assert found.holds(" ".join(["but", *words[3:16], "fell"]))
    assert not found.holds(" ".join(words[:12]))
    assert not found.holds("")


def test_judged_questions_of_the_project_are_forbidden(forbidden: Forbidden) -> None:
    assert forbidden.holds((Path(__file__).parents[4] / "eval" / "data" / "tampered-open.jsonl").read_text("utf-8"))


# -- nothing that is learned from stands in eval/data


def test_nothing_that_is_learned_from_shares_a_run_of_words_with_what_is_judged(forbidden: Forbidden) -> None:
    parts = put_aside([])
    learned = [*parts.train, *parts.tune, *parts.test]
    assert len(learned) > 15_000
    assert [each for each in learned if forbidden.holds(each.passage) or forbidden.holds(each.query)] == []


@pytest.mark.parametrize("path", sorted(SETS.glob("*.jsonl.gz")), ids=lambda path: path.name.split(".")[0])
def test_no_public_passage_shares_a_run_of_words_with_what_is_judged(forbidden: Forbidden, path: Path) -> None:
    assert ROWS_AND_WEIGHT[path.name.removesuffix(".jsonl.gz")]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        passages = {json.loads(line)["passage"] for line in lines}
    shared = [passage for passage in passages if forbidden.holds(passage)]
    assert shared == []
