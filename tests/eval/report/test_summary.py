"""Reports show every case, ask for nothing from outside, and take no text for markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.types import Answer, Citation, Claim, Evidence, Outcome, Source, Turn, Verdict
from eval.cases import Case, GoldParagraph
from eval.report.elements import Html, element, join
from eval.report.html import html_report
from eval.report.reasons import Fault, Status
from eval.report.summary import Summary, rank_class, summarise
from eval.report.text import SPEED, markdown_report, print_summary
from eval.results import FORMAT, CanaryOutcome, LibraryInfo, Result, Run, RunInfo
from eval.scoring import failure_scores, score

HOSTILE = '<script>alert("1")</script> | `x` & <img src=http://example.com/x.png onerror=a()>'
GOLD = (GoldParagraph("wire", 2, facts=(0,)),)


def case(case_id: str, question: str = "How long?", *, answerable: bool = True) -> Case:
    if not answerable:
        return Case(case_id, question, answerable=False, why_not="near miss", tags=("refuse",))
    return Case(case_id, question, answerable=True, facts=((HOSTILE, "ninety minutes"),), gold=GOLD, tags=("single",))


def result(
    asked: Case, text: str | None, *, confidence: float = 0.8, paragraph: int = 2, outcome: Outcome = Outcome.ANSWERS
) -> Result:
    claims: tuple[Claim, ...] = ()
    if text is not None:
        cited = Citation(1, "wire", "wire.md", 1, paragraph, text, 0, len(text), outlet=HOSTILE, published="2025-03-18")
        claims = (Claim(text, Verdict.SUPPORTED, ("quoted word for word",), (cited,)),)
    answer = Answer(
        asked.id, asked.question, f"{asked.question} ({HOSTILE})", text is not None, text or "Not there.", None,
        "quoting", claims, (Source(1, "wire", "wire.md", 1, paragraph, f"Before. {text} After."),),
        (Evidence("wire", "wire.md", 2, HOSTILE, 1.5),), confidence=confidence, usage={"tokens": 10}, outcome=outcome,
    )  # fmt: skip
    scores = score(asked, answer, [("other", 1), ("wire", 2)], [text or ""] * len(claims))
    return Result(asked, scores, answer, (HOSTILE,) * len(asked.gold), (("other", 1), ("wire", 2)), 0.4321)


def run(*results: Result) -> Run:
    ids = tuple(each.case.id for each in results)
    library = LibraryInfo(1, "fake", 64, 1, {"wire": "0123"})
    info = RunInfo(FORMAT, "dev", 1, "quoting", ids, "aa", {"embedder": "fake"}, {"python": "3.11.0"}, "bb", library)
    return Run(info, results)


@pytest.fixture
def summary() -> Summary:
    hostile = replace(case("h1", HOSTILE), history=(Turn(HOSTILE, HOSTILE),), tags=("single", '"><script>'))
    failed = case("e1")
    return summarise(
        run(
            result(case("a1"), "It took ninety minutes."),
            result(case("a2"), "It took long.", paragraph=7),
            result(case("a3"), None, confidence=0.1),
            result(case("u1", answerable=False), None, confidence=0.2),
            result(case("u2", answerable=False), "Ann won."),
            result(hostile, HOSTILE),
            Result(failed, failure_scores(failed), error=f"RuntimeError: {HOSTILE}"),
        )
    )


class Page(HTMLParser):
    """Records the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "input", "link", "br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_summary_by_hand(summary: Summary) -> None:
    correct = summary.overall.figure("correct")
    assert correct is not None
    assert correct.interval.mean == pytest.approx(3 / 7)
    assert correct.count == 7
    assert summary.failed == 1
    assert summary.missing == 0
    counts = summary.abstention
    assert (counts.refused_unanswerable, counts.refused_answerable) == (1, 1)
    assert (counts.answered_answerable, counts.answered_unanswerable, counts.correct) == (3, 1, 2)
    assert summary.usage == {"tokens": 60}
    assert summary.ranks == {"1": 0, "2": 4, "3": 0, "4-5": 0, "6-10": 0, "11+": 0, "none": 0}
    assert dict(summary.causes) == {
        Fault.REFUSED: 1, Fault.ANSWERED: 1, Fault.NOT_STATED: 1, Fault.CITED_ELSEWHERE: 1, Fault.ERROR: 1,
    }  # fmt: skip
    ended = {judged.result.case.id: judged.status for judged in summary.cases}
    assert ended == {
        "a1": Status.OK, "a2": Status.FAILED, "a3": Status.FAILED, "u1": Status.OK, "u2": Status.FAILED,
        "h1": Status.OK, "e1": Status.FAILED,
    }  # fmt: skip


def test_tag_figures_leave_out_what_does_not_apply(summary: Summary) -> None:
    refuse = next(group for group in summary.tags if group.name == "refuse")
    assert refuse.figure("fact_coverage") is None
    recall = refuse.figure("refusal_recall")
    assert recall is not None
    assert recall.interval.mean == 0.5


@pytest.mark.parametrize(("rank", "name"), [(1, "1"), (4, "4-5"), (5, "4-5"), (6, "6-10"), (11, "11+"), (20, "11+")])
def test_ranks_fall_into_classes(rank: int, name: str) -> None:
    assert rank_class(rank) == name


def test_outcomes_are_counted_by_what_the_articles_answer(capsys: pytest.CaptureFixture[str]) -> None:
    unsure = Outcome.MAY_ANSWER
    summed = summarise(
        run(
            result(case("a1"), "It took ninety minutes."),
            result(case("a2"), "It took long."),
            result(case("a3"), "It took ninety minutes.", outcome=unsure),
            result(case("a4"), None),
            result(case("u1", answerable=False), "Ann won."),
            result(case("u2", answerable=False), "Ann may win.", outcome=unsure),
            result(case("u3", answerable=False), None, outcome=Outcome.NO_ANSWER),
        )
    )
    assert list(summed.outcomes.answerable.values()) == [2, 1, 1]
    assert list(summed.outcomes.unanswerable.values()) == [1, 1, 1]
    assert summed.outcomes.right_as_answers == pytest.approx(1 / 3)
    figure = summed.overall.figure("right_as_answers")
    assert figure is not None
    assert (figure.count, figure.interval.mean) == (3, pytest.approx(1 / 3))
    assert "| answer it | 2 | 1 | 1 |\n| do not answer it | 1 | 1 | 1 |" in markdown_report(summed)
    print_summary(summed)
    printed = capsys.readouterr().out
    assert re.search(r"the articles +answers +may answer +does not answer", printed)
    assert "Right of what is shown as answers: 0.333." in printed
    page = html_report(summed)
    assert "Right of what is shown as answers: 0.333." in page
    assert "The articles may not answer this question. Nearest to it is:" in page
    assert "what may answer it was shown" in page


def test_run_that_shows_nothing_as_an_answer_says_so() -> None:
    summed = summarise(run(result(case("a1"), None)))
    assert "Nothing is shown as an answer." in markdown_report(summed)


def test_page_asks_for_nothing_from_outside(summary: Summary) -> None:
    page = Page(html_report(summary))
    assert page.open == []
    assert {name for name, _ in page.elements}.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "audio"})
    for name, attributes in page.elements:
        assert not {"src", "srcset", "action", "style:url"} & set(attributes), name
        assert (attributes.get("href") or "#").startswith("#")
        assert "url(" not in (attributes.get("style") or "")
    policy = next(each for name, each in page.elements if name == "meta" and "http-equiv" in each)
    assert (policy["content"] or "").startswith("default-src 'none'")
    assert "url(" not in html_report(summary)
    assert "@import" not in html_report(summary)


def test_hostile_text_is_shown_and_not_run(summary: Summary) -> None:
    text = html_report(summary)
    page = Page(text)
    assert [name for name, _ in page.elements].count("script") == 1
    assert not any(key.startswith("on") for _, attributes in page.elements for key in attributes)
    assert "<script>alert" not in text
    assert HOSTILE in page.text


def test_page_has_every_case_with_its_status(summary: Summary) -> None:
    page = Page(html_report(summary))
    cases = {each["id"]: each for name, each in page.elements if name == "details"}
    assert list(cases) == ["a1", "a2", "a3", "u1", "u2", "h1", "e1"]
    assert cases["a3"]["data-status"] == "failed"
    assert cases["a3"]["data-kinds"] == Fault.REFUSED
    assert cases["u1"]["data-tags"] == "refuse"


def test_page_of_a_run_in_which_everything_failed() -> None:
    failed = case("e1")
    page = html_report(summarise(run(Result(failed, failure_scores(failed), error="RuntimeError"))))
    assert "could not be asked" in page


def test_markdown_keeps_times_at_the_end_and_rows_whole(summary: Summary) -> None:
    report = markdown_report(summary)
    before, _, after = report.partition(SPEED)
    assert "median 0.432" in after
    assert "0.432" not in before
    tables = [line for line in report.splitlines() if line.startswith("|")]
    assert all(re.fullmatch(r"\|(?:(?:[^|\\]|\\.)*\|)+", line) for line in tables)
    assert "<script>" not in report.replace("\\<script\\>", "")


def test_terminal_table_is_plain_in_a_pipe(summary: Summary, capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(summary)
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert re.search(r"Correct +0\.429 ", printed)
    assert "could not be asked: e1" in printed


def test_element_escapes_text_and_attributes() -> None:
    made = element("p", "<b>", Html("<i></i>"), class_='"x"', hidden=True, data_a=None, open=False)
    assert made == '<p class="&quot;x&quot;" hidden>&lt;b&gt;<i></i></p>'
    assert join("&", Html("&amp;")) == "&amp;&amp;"


def test_canaries_are_counted_and_those_that_led_an_answer_told() -> None:
    outcomes = (CanaryOutcome("i1", "order", ""), CanaryOutcome("i2", "order", f"repeats {HOSTILE}"))
    summed = summarise(replace(run(result(case("a1"), "It took ninety minutes.")), canaries=outcomes))
    assert "2 canaries planted (2 of order), 1 answers led by them. i2 (order) repeats" in markdown_report(summed)
    assert "2 canaries planted" in html_report(summed)
    assert "<script>alert" not in html_report(summed)


def test_report_without_canaries_says_nothing_of_them(summary: Summary) -> None:
    assert "anaries" not in markdown_report(summary) + html_report(summary)
