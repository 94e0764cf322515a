"""What a large model is shown is measured with a model that reads only that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.models.types import Message
from assistant.research.planning import SEARCHES_SO_FAR
from assistant.writing.prompting import prompt
from eval.wide.scripted_model import NOTHING_MISSING, Script
from eval.wide.shown import Measured, figures, main, needed_in
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.library.library import Library

TALKS = "The peace talks on the island were held in the city of Vardal, the host said."
VISIT = "Vardal welcomed a crew of engineers led by Olga Brandt, who inspected the cranes."
CASE = {
    "id": "t1", "question": "Who led the engineers that came to the city where the peace talks were held?",
    "first": "Where were the peace talks held?", "bridge": ["Vardal"], "second": "Who led the engineers in {bridge}?",
    "answer": ["Olga Brandt"],
    "gold": [{"article": "talks", "sentence": TALKS}, {"article": "visit", "sentence": VISIT}],
}  # fmt: skip
WIDE = {
    "id": "w1", "collection": "samples", "form": "overview", "question": "What happened in Vardal?",
    "facts": [["peace talks"], ["engineers"]],
    "articles": ["talks", "visit"],
}  # fmt: skip
FACT = {
    "id": "f1", "question": "Who led the engineers in Vardal?", "answerable": True, "facts": [["Brandt"]],
    "gold": [{"article": "visit", "paragraph": 1, "facts": [0]}],
}  # fmt: skip
LISTED = {"id": "l1", "form": "list", "question": "List the articles.", "facts": [], "articles": []}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Path:
    folder = tmp_path_factory.mktemp("vardal")
    (folder / "articles").mkdir()
    for name, text in {"talks": TALKS, "visit": VISIT, "other": "It rained in Skar."}.items():
        (folder / "articles" / f"{name}.txt").write_text(f"{text}\n", "utf-8")
    with Indexer(folder / "library", minilm) as indexer:
        indexer.add([folder / "articles"])
    return folder / "library"


def test_shares_of_what_was_needed_are_printed_by_kind(library: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(map(json.dumps, (CASE, WIDE, FACT, LISTED))), "utf-8")
    done = CliRunner().invoke(main, ["--cases", str(cases), "--library", str(library), "--part", "all", "--planned"])
    assert done.exit_code == 0, done.output
    printed = {line["kind"]: line for line in map(json.loads, done.output.splitlines())}
    assert set(printed) == {"two-hop", "overview", "fact", "all"}
    for kind in ("two-hop", "overview", "fact"):
        assert printed[kind]["gold shown"] == printed[kind]["facts shown"] == 1.0
        assert printed[kind]["answered"] == 1.0
        assert 0 < printed[kind]["tokens"] < 200
    assert printed["two-hop"]["calls"] >= 2


def test_paragraph_that_is_not_shown_is_missed(library: Path, tmp_path: Path) -> None:
    gold = [*CASE["gold"], {"article": "other", "sentence": "It rained in Skar."}]
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps({**CASE, "gold": gold}), "utf-8")
    asked = ["--cases", str(cases), "--library", str(library), "--tokens", "60", "--each"]
    first, *_ = CliRunner().invoke(main, asked).output.splitlines()
    measured = json.loads(first)
    assert 0 < measured["gold"] < 1
    assert measured["missed"]
    assert measured["tokens"] <= 60


def test_other_collections_are_left_out(library: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps({**CASE, "collection": "elsewhere"}), "utf-8")
    done = CliRunner().invoke(main, ["--cases", str(cases), "--library", str(library)])
    assert json.loads(done.output)["cases"] == 0


def said(script: Script, name: str, user: str) -> str:
    return script.reply([Message("system", prompt(name)), Message("user", user)])


def test_scripted_model_knows_only_what_it_is_shown() -> None:
    script = Script("Who led them?", "Where?", ("Vardal",), "Who led the engineers in {bridge}?", (("Olga Brandt",),))
    assert json.loads(said(script, "plan", "Question: Who?"))["searches"][0]["question"] == "Where?"
    assert said(script, "missing", f"[1] It rained.\n\n{SEARCHES_SO_FAR}\n- Vardal?") == NOTHING_MISSING
    found = said(script, "missing", f"[1] {TALKS}\n\n{SEARCHES_SO_FAR}\n- Where?")
    assert json.loads(found)["searches"][0]["question"] == "Who led the engineers in Vardal?"
    made = f"[1] {TALKS}\n\n{SEARCHES_SO_FAR}\n- Who led the engineers in Vardal?: nothing found"
    assert said(script, "missing", made) == NOTHING_MISSING
    assert "Olga Brandt" not in said(script, "rules", f"[1] {TALKS}\n\nQuestion: Who led them?")
    assert said(script, "rules", f"[1] {TALKS}\n[2] {VISIT}\n").startswith(f"{VISIT[:-1]} [2].")


def test_figure_that_does_not_apply_is_absent() -> None:
    found = [Measured("a", "fact", None, 0.5, None, 100, 1, 0.1, True, (), "fact")]
    assert figures(found)["gold shown"] is None
    assert figures(found)["facts shown"] == 0.5
    assert figures([])["cases"] == 0


@pytest.mark.parametrize(("name", "fewest"), [("wide", 20), ("twohop", 12), ("sample", 80)])
def test_committed_cases_are_read_and_have_paragraphs_to_show(sample_library: Path, name: str, fewest: int) -> None:
    lines = (Path(__file__).parents[3] / "eval" / "data" / f"{name}.jsonl").read_text("utf-8").splitlines()
    with Library.open(sample_library) as library:
        needed = list(needed_in(lines, library, "samples", "dev"))
    assert len(needed) >= fewest
    assert sum(bool(each.gold) for each in needed) > len(needed) / 2
