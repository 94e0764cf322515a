"""Two runs compare case by case, and a gate breaks when a limit is not kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.__main__ import cli, main
from eval.cases import Case
from eval.comparing.diff import compare
from eval.comparing.limits import Limits, broken_limits, read_limits
from eval.figures import FORMAT, CaseFigures, Figures, figures_of, read_figures, write_figures
from eval.metrics import Place
from eval.results import FORMAT as RUN_FORMAT
from eval.results import LibraryInfo, Result, Run, RunInfo
from eval.scoring import Scores
from index.errors import NotFound, UsageError


def figures(*values: Scores, case: str = "x", name: str = "run") -> Figures:
    return Figures(FORMAT, "dev", {f"c{place}": CaseFigures(case, each) for place, each in enumerate(values)}, name)


def write(path: Path, given: Figures) -> Path:
    cases = {key: {"case": each.case, "scores": each.scores.present()} for key, each in given.cases.items()}
    path.write_text(json.dumps({"format": given.format, "split": given.split, "cases": cases}))
    return path


RIGHT = Scores(correct=1.0, citation_precision=1.0, answered=1.0, fact_coverage=1.0, correct_when_answered=1.0)
WRONG = Scores(correct=0.0, citation_precision=0.5, answered=1.0, fact_coverage=0.0, correct_when_answered=0.0)
REFUSED = Scores(correct=0.0, answered=0.0, fact_coverage=0.0)
GOOD = figures(*[RIGHT] * 20)
WORSE = figures(*[RIGHT] * 10, *[WRONG] * 8, *[REFUSED] * 2)


def test_differences_are_those_of_cases_that_both_scored() -> None:
    comparison = compare(GOOD, WORSE, seed=1)
    precision = comparison.difference("citation_precision")
    assert precision is not None
    assert precision.change is not None
    assert precision.count == 18
    assert precision.change.mean == pytest.approx(-8 * 0.5 / 18)
    assert precision.change.low < precision.change.mean < precision.change.high < 0
    assert (precision.before, precision.after) == (1.0, pytest.approx(14 / 18))
    assert comparison.difference("quote_fidelity") is None


def test_flips_say_what_became_of_a_case() -> None:
    lost = compare(GOOD, WORSE, seed=1).flips
    assert [(flip.case_id, flip.gained, flip.outcome) for flip in lost[7:9]] == [
        ("c17", False, "answered → answered wrongly"),
        ("c18", False, "answered → refused"),
    ]
    assert all(flip.gained for flip in compare(WORSE, GOOD, seed=1).flips)
    assert compare(GOOD, GOOD, seed=1).flips == ()


def test_cases_of_one_run_and_edited_cases_are_left_out_and_named() -> None:
    comparison = compare(figures(RIGHT, RIGHT), figures(RIGHT, RIGHT, RIGHT, case="y"), seed=1)
    assert comparison.edited == ("c0", "c1")
    assert comparison.only_after == ("c2",)
    assert comparison.shared == 0


@pytest.mark.parametrize(
    ("name", "limits", "broken"),
    [
        ("correct", Limits(may_fall_by=0.01), True),
        ("correct", Limits(may_fall_by=0.5), False),
        ("correct", Limits(may_rise_by=0.0), False),
        ("correct", Limits(at_least=0.5), False),
        ("correct", Limits(at_least=0.51), True),
        ("correct", Limits(at_most=0.4), True),
        ("quote_fidelity", Limits(at_least=0.1), True),
        ("quote_fidelity", Limits(may_fall_by=0.1), True),
        ("correct_when_answered", Limits(at_least=0.5), False),
    ],
)
def test_limits(name: str, limits: Limits, *, broken: bool) -> None:
    assert bool(broken_limits(compare(GOOD, WORSE, seed=1), {name: limits})) is broken


def test_fall_that_chance_explains_does_not_break_the_gate() -> None:
    one_of_twenty = figures(*[RIGHT] * 19, WRONG)
    assert not broken_limits(compare(GOOD, one_of_twenty, seed=1), {"correct": Limits(may_fall_by=0.01)})


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.toml", "corect = { at_least = 1 }", "no metric 'corect'"),
        ("g.toml", "correct = { atleast = 1 }", r"correct\.atleast"),
        ("g.toml", "correct = 1", "A limit is one of"),
        ("g.toml", "correct = {", "neither TOML nor JSON"),
        ("g.json", "{", "neither TOML nor JSON"),
        ("g.toml", "correct_when_answered = { may_fall_by = 0.1 }", "not compared case by case"),
    ],
)
def test_gate_file_is_read_strictly(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=message):
        read_limits(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("g.toml", "correct = { may_fall_by = 0.01 }", 1),
        ("g.json", '{"correct": {"may_fall_by": 0.01}}', 1),
        ("g.toml", "correct = { may_fall_by = 0.6 }", 0),
        ("g.toml", "wrong = { may_fall_by = 0.6 }", 2),
    ],
)
def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, code: int) -> None:
    before, after = write(tmp_path / "before.json", GOOD), write(tmp_path / "after.json", WORSE)
    (tmp_path / name).write_text(text)
    with pytest.raises(SystemExit) as left:
        main(["diff", str(before), str(after), "--limits", str(tmp_path / name)])
    assert left.value.code == code
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out
    assert ("Limits: broken in 1 place." in printed.out) is (code == 1)
    assert ("no metric 'wrong'" in printed.err) is (code == 2)


def test_diff_without_gate_only_tells(tmp_path: Path) -> None:
    before, after = write(tmp_path / "before.json", GOOD), write(tmp_path / "after.json", WORSE)
    told = CliRunner().invoke(cli, ["diff", str(before), str(after)])
    assert told.exit_code == 0
    assert "before.json → after.json: 20 cases in both." in told.output
    assert "Lost: 10" in told.output
    assert "Gate" not in told.output


def test_figures_of_a_run_are_read_as_they_were_written(tmp_path: Path) -> None:
    places: tuple[Place, ...] = (("a", 1),)
    result = Result(
        Case("c1", "Who?", answerable=False, why_not="outside"), Scores(correct=1.0, answered=1 / 3), retrieved=places
    )
    info = RunInfo(
        RUN_FORMAT, "dev", 1, "quoting", ("c1",), "aa", {}, {}, "bb", LibraryInfo(1, "fake", 64, 1, {})
    )  # fmt: skip
    run = Run(info, (result,))
    write_figures(run, tmp_path / "figures.json")
    assert read_figures(tmp_path / "figures.json").cases == figures_of(run).cases
    assert compare(read_figures(tmp_path / "figures.json"), figures_of(run), seed=1).flips == ()


def test_file_without_figures_is_an_error_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text("{}")
    with pytest.raises(UsageError, match="pullquote eval figures RUN"):
        read_figures(tmp_path / "f.json")
    with pytest.raises(NotFound, match="Give a run's folder"):
        read_figures(tmp_path / "none.json")
