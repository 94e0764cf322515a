"""A run goes on after a kill, a failing case does not stop it, and it says what it was made with."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.types import Answer, Citation, Claim, Turn, Verdict
from eval.cases import Case, GoldParagraph, load_cases, split
from eval.provenance import describe
from eval.report.summary import summarise
from eval.report.text import SPEED, markdown_report
from eval.results import RESULTS, RunInfo, read_run
from eval.runner import begin_run, build_library, choose_cases, run_cases, stale_cases
from eval.scoring import failure_scores, score, shows_disagreement
from index.errors import LibraryError, NotFound, UsageError
from index.search import Searcher
from index.stores.locks import writer_lock
from index.types import Filters
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = load_cases(ROOT / "eval" / "data" / "sample.jsonl")
ARTICLES = ("example-gazette-before-the-call", "sample-wire-call", "specimen-post-wire-call", "demo-herald-ice-hockey")
CASES = [case for case in SAMPLE if all(gold.article in ARTICLES for gold in case.gold)][:6]


class FailingAssistant(Assistant):
    """Raises for one question, and answers the others."""

    fails_for = CASES[2].question

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Answer:
        if question == self.fails_for:
            raise RuntimeError("the model\nwent away")
        return super().ask(question, history, filters, answer_id)


class CountingAssistant(Assistant):
    """Records the ids it was asked for."""

    asked: list[str | None]

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Answer:
        self.asked.append(answer_id)
        return super().ask(question, history, filters, answer_id)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, sample_articles: Path) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for name in ARTICLES:
        (folder / f"{name}.md").write_bytes((sample_articles / f"{name}.md").read_bytes())
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, articles: Path) -> Settings:
    settings = Settings(library=str(tmp_path_factory.mktemp("library")), writer="quoting")
    build_library(articles, settings.library_path, settings)
    return settings


def info_of(settings: Settings, cases: Sequence[Case] = CASES) -> RunInfo:
    return describe(cases, settings, part="all", seed=3, writer="quoting")


def report_without_times(folder: Path) -> str:
    report = markdown_report(summarise(read_run(folder)))
    assert SPEED in report
    return report.partition(SPEED)[0]


def run(folder: Path, settings: Settings, workers: int = 1) -> str:
    begin_run(folder, info_of(settings))
    run_cases(CASES, folder, partial(Assistant.open, settings), workers)
    return report_without_times(folder)


def test_several_workers_give_the_report_of_one(tmp_path: Path, settings: Settings) -> None:
    assert run(tmp_path / "one", settings) == run(tmp_path / "two", settings, workers=2)


def test_what_is_there_is_not_asked_again_and_a_torn_line_is(tmp_path: Path, settings: Settings) -> None:
    whole = run(tmp_path, settings)
    results = tmp_path / RESULTS
    lines = results.read_bytes().splitlines(keepends=True)
    results.write_bytes(b"".join(lines[:3]) + lines[3][:100])
    assistant = CountingAssistant(Searcher.open(settings.library_path, Assistant.open(settings).searcher.embedder))
    assistant.asked = []
    run_cases(CASES, tmp_path, lambda: assistant)
    assert assistant.asked == [case.id for case in CASES[3:]]
    assert report_without_times(tmp_path) == whole


@pytest.mark.slow
def test_killed_run_goes_on_to_the_same_report(tmp_path: Path, articles: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    lines = (ROOT / "eval" / "data" / "sample.jsonl").read_text("utf-8").splitlines(keepends=True)
    cases.write_text("".join(lines[:20]), encoding="utf-8")
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"

    def command(folder: Path) -> list[str]:
        options = ["--cases", str(cases), "--articles", str(articles), "--split", "all", "--out", str(folder)]
        return [sys.executable, "-m", "eval", "run", *options]

    process = subprocess.Popen(command(killed), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    results = killed / RESULTS
    while process.poll() is None and (not results.is_file() or results.read_bytes().count(b"\n") < 3):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    process.kill()
    process.wait()
    assert 3 <= results.read_bytes().count(b"\n") < 20
    for folder in (killed, undisturbed):
        done = subprocess.run(command(folder), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
    first, second = ((folder / "report.md").read_text("utf-8").partition(SPEED)[0] for folder in (killed, undisturbed))
    assert first == second
    assert len(read_run(killed).results) == 20


def test_failing_case_is_reported_and_asked_again_next_time(tmp_path: Path, settings: Settings) -> None:
    begin_run(tmp_path, info_of(settings))
    done = run_cases(CASES, tmp_path, partial(FailingAssistant.open, settings))
    failed = [result for result in done.results if result.error]
    assert [result.case.id for result in failed] == [CASES[2].id]
    assert failed[0].error == "RuntimeError: the model went away"
    assert failed[0].scores == failure_scores(CASES[2])
    assert len(done.results) == len(CASES)
    assert "1 could not be asked" in markdown_report(summarise(done))
    again = run_cases(CASES, tmp_path, partial(Assistant.open, settings))
    assert not any(result.error for result in again.results)


def test_run_made_otherwise_is_not_mixed_with_this_one(tmp_path: Path, settings: Settings) -> None:
    run(tmp_path, settings)
    other = replace(info_of(settings), seed=4)
    with pytest.raises(UsageError, match=r"other seed\. Drop it with --replace"):
        begin_run(tmp_path, other)
    begin_run(tmp_path, other, replace_other=True)
    assert read_run(tmp_path).missing == len(CASES)


def test_run_says_what_it_was_made_with_and_no_secret(tmp_path: Path, settings: Settings) -> None:
    secret = replace(
        settings,
        openai_api_key="sk-1234",
        openai_base_url="http://127.0.0.1:1/v1",
        embedder_options={"api_key": "sk-5"},
    )
    begin_run(tmp_path, info_of(secret))
    text = (tmp_path / "run.json").read_text("utf-8")
    info = json.loads(text)
    assert "sk-" not in text
    assert str(settings.library_path) not in text
    assert info["settings"]["openai_base_url"] == "http://127.0.0.1:1/v1"
    assert info["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert sorted(info["library"]["articles"]) == sorted(ARTICLES)
    assert info["library"]["embedder"]
    assert info["seed"] == 3


def test_removed_articles_leave_the_library_of_the_next_run(tmp_path: Path, articles: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for path in articles.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    settings = Settings(library=str(tmp_path / "library"), writer="quoting")
    build_library(folder, settings.library_path, settings)
    (folder / f"{ARTICLES[0]}.md").unlink()
    build_library(folder, settings.library_path, settings)
    assert set(info_of(settings).library.articles) == set(ARTICLES[1:])


def test_two_processes_do_not_write_one_run(tmp_path: Path, settings: Settings) -> None:
    begin_run(tmp_path, info_of(settings))
    with (
        writer_lock(tmp_path / "run.lock", "another"),
        pytest.raises(LibraryError, match="Another process is at the run"),
    ):
        run_cases(CASES, tmp_path, partial(Assistant.open, settings))


def test_folder_without_run_is_an_error_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"pullquote eval run --out"):
        read_run(tmp_path)


def test_splits_are_chosen_and_stale_cases_named(settings: Settings) -> None:
    assert {split(case.id) for case in choose_cases(SAMPLE, "dev")} == {"dev"}
    assert len(choose_cases(SAMPLE, "all")) == len(SAMPLE)
    gold = replace(CASES[0].gold[0], hash="0" * 16)
    edited = replace(CASES[0], gold=(gold,))
    assert [stale.now for stale in stale_cases([CASES[1], edited], settings.library_path)] == ["changed"]


# --- scores by hand ------------------------------------------------------------------------------------------------

TWO_FACTS = Case(
    "c1",
    "What happened?",
    answerable=True,
    facts=(("90 minutes", "an hour and a half"), ("Jeddah",)),
    gold=(
        GoldParagraph("wire", 2, facts=(0,)),
        GoldParagraph("copy", 2, facts=(0,)),
        GoldParagraph("wire", 5, facts=(1,)),
    ),
)
UNANSWERABLE = Case("c2", "Who won?", answerable=False, why_not="outside")


def claim(text: str, article: str, paragraph: int, outlet: str = "", verdict: Verdict = Verdict.SUPPORTED) -> Claim:
    citation = Citation(1, article, f"{article}.md", 1, paragraph, text, 0, len(text), outlet=outlet or article)
    return Claim(text, verdict, (), (citation,))


def answer(*claims: Claim, answered: bool = True) -> Answer:
    text = " ".join(each.text for each in claims)
    return Answer("c1", "What happened?", "What happened?", answered, text, None, "quoting", claims)


def test_scores_of_an_answer_that_states_one_fact_of_two() -> None:
    given = answer(
        claim("It took ninety minutes.", "copy", 2), claim("It rained.", "wire", 9, verdict=Verdict.PARTLY)
    )  # fmt: skip
    ranked = [("wire", 9), ("copy", 2), ("wire", 2), ("wire", 5)]
    scores = score(TWO_FACTS, given, ranked, ["It took ninety minutes.", "It snowed."])
    assert scores.correct == 0
    assert scores.fact_coverage == 0.5
    assert scores.citation_precision == 0.5
    assert scores.citation_recall == 0.5
    assert scores.quote_fidelity == 0.5
    assert scores.claim_support == 0.5
    assert scores.answered == 1
    assert scores.false_refusal == 0
    assert scores.correct_when_answered == 0
    assert scores.recall_at_1 == 0
    assert scores.recall_at_5 == 1
    assert scores.reciprocal_rank == 0.5
    assert scores.evidence_hit == 0
    assert scores.refusal_precision is None
    assert scores.refusal_recall is None
    assert scores.disagreement_shown is None
    assert scores.disagreement_invented == 0


def test_scores_of_refusals() -> None:
    refusal = answer(answered=False)
    wrong = score(TWO_FACTS, refusal, [], [])
    assert (wrong.correct, wrong.fact_coverage, wrong.false_refusal, wrong.refusal_precision) == (0, 0, 1, 0)
    assert (wrong.citation_precision, wrong.quote_fidelity, wrong.correct_when_answered) == (None, None, None)
    right = score(UNANSWERABLE, refusal, [("wire", 1)], [])
    assert right.present() == {"correct": 1, "refusal_precision": 1, "refusal_recall": 1, "answered": 0}


def test_answer_to_an_unanswerable_question_is_not_correct() -> None:
    given = score(UNANSWERABLE, answer(claim("Ann won.", "wire", 1)), [], ["Ann won."])
    assert (given.correct, given.refusal_recall, given.correct_when_answered) == (0, 0, 0)
    assert given.citation_precision is None


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (claim("It took 90 minutes.", "a", 1), claim("It took two hours.", "b", 1), True),
        (claim("It took 90 minutes.", "a", 1), claim("It took ninety minutes.", "b", 1), False),
        (claim("It took 90 minutes.", "a", 1, "Wire"), claim("It took two hours.", "b", 1, "Wire"), False),
        (claim("It took 90 minutes.", "a", 1), claim("It was long.", "b", 1), False),
    ],
)
def test_disagreement_is_two_outlets_with_a_number_each_that_the_other_lacks(
    first: Claim, second: Claim, *, shown: bool
) -> None:
    assert shows_disagreement(answer(first, second)) is shown


def test_disagreement_that_the_answer_names_is_shown() -> None:
    named = replace(answer(claim("It was long.", "a", 1)), disagreements=({"about": "length"},))
    assert shows_disagreement(named)
    assert not shows_disagreement(replace(named, answered=False))


def test_fake_embedder_serves_a_run(tmp_path: Path, articles: Path, embedder: FakeEmbedder) -> None:
    from index.indexing import Indexer

    with Indexer(tmp_path / "library", embedder) as indexer:
        indexer.add([articles])
    begin_run(tmp_path, info_of(Settings(library=str(tmp_path / "library"), writer="quoting")))
    done = run_cases(CASES, tmp_path, lambda: Assistant(Searcher.open(tmp_path / "library", embedder)))
    assert [result.case for result in done.results] == CASES
