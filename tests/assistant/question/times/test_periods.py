"""The periods that questions name, by a table, and what holds for any text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.times import periods
from assistant.question.times.periods import Period, period_of, without
from tests.test_linear_time import MOST_GROWTH, TRIES, growth

TODAY = date(2024, 5, 22)
TABLE = Path(__file__).with_name("periods.txt")
WORDS = """
    last the past this next week weeks weekend month year day days Monday sunday March may 5 22nd 2020 2010s Q1 of in on
    since before after until by from to between and - – / , . ' ’ “ ” early mid end first second half few a couple ago
    summer winter 29 February 31 yesterday today so far recently around 22/04/2024 9999 999 years 12.13. 0 99/99/9999
    """.split()
UNITS = [
    "last ", "the last ", "from 3 to ", "the first week of ", "early ", "day after ", "since ", "March ", "5 ", "2020-",
    "the end of the end of ", "“", "‘a ", "1/2/", "22.4.", "between ", "a couple of ", "twenty-", "Monday, ", "so far ",
    "the week of ", "the day before ", "weekend before ", "'", "x", " ", "-", "of last year ",
]  # fmt: skip


def table() -> Iterator[tuple[date, str, str]]:
    today = TODAY
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("@"):
            today = date.fromisoformat(line.split()[1])
        elif line and not line.startswith("#"):
            question, days = line.split(" | ")
            yield today, question, days


def days_of(period: Period | None) -> str:
    if period is None:
        return "none"
    if period.since == period.until:
        return str(period.since)
    return f"{period.since or ''}..{period.until or ''}"


@pytest.mark.parametrize(("today", "question", "days"), list(table()))
def test_a_question_asks_about_the_days_of_the_table(today: date, question: str, days: str) -> None:
    assert days_of(period_of(question, today)) == days


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("last week?", "the week of 13 to 19 May 2024"),
        ("the week of 1 May 2024?", "the week of 29 April to 5 May 2024"),
        ("the week of 31 December 2024?", "the week of 30 December 2024 to 5 January 2025"),
        ("in March 2020?", "March 2020"),
        ("on 22 April?", "22 April 2024"),
        ("in 2019?", "2019"),
        ("in the 2010s?", "2010 to 2019"),
        ("in the summer of 2020?", "June to August 2020"),
        ("in winter 2019?", "December 2019 to February 2020"),
        ("from 3 to 5 May?", "3 to 5 May 2024"),
        ("over the weekend?", "18 and 19 May 2024"),
        ("from 28 April to 5 May?", "28 April to 5 May 2024"),
        ("after 2 May?", "since 3 May 2024"),
        ("before 3 May?", "until 2 May 2024"),
    ],
)
def test_a_period_is_told_in_words(question: str, told: str) -> None:
    period = period_of(question, TODAY)
    assert period is not None
    assert period.told() == told


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("What happened in Paris last week?", "What happened in Paris?"),
        ("What happened in March 2020 in Paris?", "What happened in Paris?"),
        ("On 22 April, who resigned?", "Who resigned?"),
        ("In March 2020 who resigned?", "Who resigned?"),
        ("Who, on 3 May, resigned?", "Who resigned?"),
        ("Who resigned between March and May 2020?", "Who resigned?"),
        ("Who has resigned since 3 May?", "Who has resigned?"),
        ("Who spoke at last week's summit?", "Who spoke at summit?"),
        ("Who won Sunday's election?", "Who won election?"),
        ("Who spoke at the March 2020 summit?", "Who spoke at summit?"),
        ("What happened over the last two weeks in Kyiv?", "What happened in Kyiv?"),
        ("What has happened so far this year?", "What has happened?"),
        ("last week", ""),
    ],
)
def test_the_words_of_a_period_can_be_left_out(question: str, left: str) -> None:
    period = period_of(question, TODAY)
    assert period is not None
    assert without(question, period) == left


def test_the_words_of_a_period_are_those_that_name_it() -> None:
    question = "What did they say in early March, and why?"
    period = period_of(question, TODAY)
    assert period is not None
    assert period.words(question) == "early March"


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.dates())
def test_any_words_on_any_day_are_read_in_order(text: str, today: date) -> None:
    period = period_of(text, today)
    if period is not None:
        assert period.since is None or period.until is None or period.since <= period.until
        assert 0 <= period.start < period.end <= len(text)
        assert without(text, period) is not None
        assert period.told()


@given(st.text(max_size=60), st.dates())
def test_no_text_is_too_odd(text: str, today: date) -> None:
    period = period_of(text, today)
    assert period is None or without(text, period) is not None


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_at_most_three_times_the_work(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "_LONGEST_QUESTION", 10**6)
    grown = [growth(read_all, unit)]
    while grown[-1] > MOST_GROWTH and len(grown) < TRIES:
        grown.append(growth(read_all, unit))
    assert min(grown) <= MOST_GROWTH, grown


def read_all(text: str) -> object:
    return period_of(text, TODAY)
