from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.differing.differences import MAX_WITNESSES, Difference, find_differences, to_show
from assistant.evidence.relating import Relations
from assistant.reader.reader import reader
from tests.assistant.reading import read
from tests.assistant.reports import Report, candidates_of
from tests.fakes import FakeReader

Differ = Callable[..., list[Difference]]


@pytest.fixture(scope="session")
def differ() -> Differ:
    relations = Relations(reader())

    def ask(text: str, *reports: Report) -> list[Difference]:
        question = read(text)
        return find_differences(question, candidates_of(question, reports), relations)

    return ask


def values(differences: Sequence[Difference]) -> list[set[str]]:
    return [{version.value for version in difference.versions} for difference in differences]


FLOOD_EARLY = (
    "Morning Post", "2024-09-15", "Flood hits the Lower Tarn valley",
    ("The river Tarn burst its banks on Saturday.\nAt least 12 people died in the flood, the mayor of Millau said.\n"
    "Rescuers were looking for 9 missing residents."),
)  # fmt: skip
FLOOD_LATE = (
    "Evening Star", "2024-09-17", "Tarn flood: more bodies found",
    ("The flood in the Tarn valley killed 17 people, according to the fire service.\n"
    "Another 40 people were injured and about 2,500 have left their homes."),
)  # fmt: skip
BUDGET = (
    "City Paper", "2023-03-01", "Harbour bridge budget approved",
    "The council of Oldport approved the new harbour bridge on Tuesday. The bridge will cost $4.9 million.",
)  # fmt: skip


def test_two_death_tolls_of_one_flood_differ_and_the_older_is_superseded(differ: Differ) -> None:
    (found,) = differ("How many people died in the Tarn flood?", FLOOD_EARLY, FLOOD_LATE)
    assert found.kind == "number"
    assert {version.value: version.superseded for version in found.versions} == {"At least 12": True, "17": False}
    assert "flood" in found.about


def test_dead_missing_and_injured_are_counted_apart(differ: Differ) -> None:
    assert differ("How many people are missing after the Tarn flood?", FLOOD_EARLY, FLOOD_LATE) == []
    assert differ("How many people were injured in the Tarn flood?", FLOOD_EARLY, FLOOD_LATE) == []


def test_question_about_something_else_shows_no_difference(differ: Differ) -> None:
    assert differ("Which river burst its banks?", FLOOD_EARLY, FLOOD_LATE) == []
    assert differ("Who spoke about the dead of the Tarn flood?", FLOOD_EARLY, FLOOD_LATE) == []
    assert differ("When did the Tarn burst its banks?", FLOOD_EARLY, FLOOD_LATE) == []


def test_question_whether_reports_agree_shows_the_difference(differ: Differ) -> None:
    assert values(
        differ("Do the reports agree on how many people the Tarn flood killed?", FLOOD_EARLY, FLOOD_LATE)
    ) == [{"At least 12", "17"}]


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("The new harbour bridge in Oldport will cost $6.2 million, the council said.", True),
        ("The new harbour bridge in Oldport will cost $4.87 million, the council said.", False),
        ("The new harbour bridge in Oldport will cost about $5 million, the council said.", False),
        ("The new harbour bridge in Oldport will cost 6.2 million euros, the council said.", False),
        ("The old museum in Oldport will cost $6.2 million to repair, the council said.", False),
        ("The new harbour bridge in Westhaven will cost $6.2 million, its mayor said.", False),
    ],
)
def test_costs_differ_only_for_one_thing_beyond_rounding(differ: Differ, said: str, differs: bool) -> None:
    other = ("Harbour News", "2023-03-02", "Bridge vote", said)
    assert bool(differ("How much will the Oldport harbour bridge cost?", BUDGET, other)) is differs


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("Some 34,000 fans watched the final at Rovers Park.", "The final at Rovers Park drew 31,200 fans.", True),
        ("Some 34,000 fans watched the final at Rovers Park.", "The final at Rovers Park drew 33,870 fans.", False),
        (
            "More than 33,000 fans watched the final at Rovers Park.",
            "The final at Rovers Park drew 33,870 fans.",
            False,
        ),
        ("At Rovers Park 34,000 fans watched the final.", "The final at Rovers Park had 412 police on duty.", False),
        (
            "At Rovers Park 34,000 fans watched the final.",
            "At Rovers Park 28,000 fans watched last year's final.",
            False,
        ),
        (
            "Each club sold 15,000 tickets for the final to fans.",
            "In all 30,000 tickets for the final went to fans.",
            False,
        ),
    ],
)
def test_attendance(differ: Differ, first: str, second: str, differs: bool) -> None:
    asked = (
        "How many tickets were sold for the final?"
        if "tickets" in first
        else "How many fans watched the final at Rovers Park?"
    )
    reports = (("A", "2022-05-07", "Cup final", first), ("B", "2022-05-08", "Cup final report", second))
    assert bool(differ(asked, *reports)) is differs


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("The research ship Aurora will reach Bergen on May 3.", "The Aurora is to reach Bergen on May 5.", True),
        ("The research ship Aurora will reach Bergen on May 3.", "The Aurora reaches Bergen on 3 May 2021.", False),
        (
            "The research ship Aurora will reach Bergen on May 3.",
            "The Aurora left Tromso for Bergen on April 28.",
            False,
        ),
    ],
)
def test_arrival_dates(differ: Differ, first: str, second: str, differs: bool) -> None:
    reports = (("A", "2021-04-29", "Aurora on her way", first), ("B", "2021-04-30", "The Aurora sails", second))
    assert bool(differ("When will the Aurora reach Bergen?", *reports)) is differs


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("more than 90 minutes", "just under two hours", True),
        ("more than 90 minutes", "over an hour and a half", False),
        ("three hours", "five hours", True),
        ("about a month", "30 days", False),
        ("three hours", "nine weeks", False),
    ],
)
def test_lengths_of_one_meeting(differ: Differ, first: str, second: str, differs: bool) -> None:
    reports = (
        (
            "A",
            "2020-02-03",
            "Miners meet the ministry",
            f"The miners met the energy ministry on Monday. The meeting lasted {first}.",
        ),
        (
            "B",
            "2020-02-04",
            "Talks with miners",
            f"Leaders of the miners met the energy ministry. Their meeting took {second}, a spokesman said.",
        ),
    )
    assert bool(differ("How long did the miners meet the energy ministry?", *reports)) is differs


def test_events_months_apart_do_not_differ(differ: Differ) -> None:
    reports = (
        ("A", "2020-02-03", "Strike", "The strike of the tram drivers in Graz lasted three days."),
        ("B", "2021-11-20", "Strike", "The strike of the tram drivers in Graz lasted five days."),
    )
    assert differ("How long did the tram drivers in Graz strike?", *reports) == []


CORRECTION = (
    "Daily Leaf", "2021-06-03", "Correction on the orchard",
    "Correction: an earlier report gave the number as 80. The growers of Lindow planted 95 pear trees, not 80.",
)  # fmt: skip
EARLY_TREES = ("Daily Leaf", "2021-06-01", "Pears for Lindow", "The growers of Lindow have planted 80 pear trees.")


def test_corrected_figure_is_marked_superseded(differ: Differ) -> None:
    (found,) = differ("How many pear trees did the growers of Lindow plant?", EARLY_TREES, CORRECTION)
    assert {version.value: version.superseded for version in found.versions} == {"80": True, "95": False}


def test_question_for_the_latest_figure_is_not_shown_the_old_one(differ: Differ) -> None:
    text = "What is the latest number of pear trees planted in Lindow?"
    found = differ(text, EARLY_TREES, CORRECTION)
    assert values(found) == [{"80", "95"}]
    assert to_show(read(text), found) == []
    assert to_show(read(text.replace("latest ", "")), found) == found


def test_article_that_states_both_values_holds_them_apart(differ: Differ) -> None:
    both = (
        "B",
        "2021-06-02",
        "Trees",
        "The growers of Lindow planted 80 pear trees by the lane. They planted 95 pear trees by the mill.",
    )
    assert differ("How many pear trees did the growers of Lindow plant?", EARLY_TREES, both) == []


def test_version_with_the_most_outlets_stands_first_with_one_sentence_an_article(differ: Differ) -> None:
    reports = [
        (outlet, "2021-06-01", "Pears for Lindow", f"{opening} planted {count} pear trees in Lindow{more}.")
        for outlet, opening, count, more in (
            ("A", "Growers", 80, ""), ("B", "The village growers", 95, " on a cold and windy Sunday morning"),
            ("C", "Forty families of growers", 95, ", the parish council reports with pride"),
            ("D", "The growers have", 95, " so far, its website shows"),
            ("E", "Eager growers", 95, " behind the chapel after mass"),
        )
    ]  # fmt: skip
    (found,) = differ("How many pear trees were planted in Lindow?", *reports)
    assert [version.value for version in found.versions] == ["95", "80"]
    outlets = [candidate.hit.article.outlet for candidate in found.versions[0].candidates]
    assert len(outlets) == len(set(outlets)) == MAX_WITNESSES


TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            "12 17 people died. dead At least about 90 minutes It lasted two hours, $5 on May 3 not 12".split()
        ),
        max_size=14,
    ).map(" ".join),
)


@given(TEXTS, TEXTS, TEXTS, st.randoms())
def test_any_text_in_any_order_gives_the_same_differences(asked: str, first: str, second: str, random: object) -> None:
    question, relations = read(asked), Relations(FakeReader())
    reports = [("A", "2021-06-01", "A report", first), ("B", "2021-06-02", "A report", second)]
    candidates = candidates_of(question, reports, FakeReader())
    found = find_differences(question, candidates, relations)
    random.shuffle(candidates)  # type: ignore[attr-defined]
    assert find_differences(question, candidates, relations) == found
    assert all(len(difference.versions) > 1 for difference in found)


@given(TEXTS, TEXTS)
def test_one_article_never_differs_from_itself(asked: str, text: str) -> None:
    question, report = read(asked), ("A", "2021-06-01", "A report", text)
    candidates = candidates_of(question, [report], FakeReader())
    assert find_differences(question, candidates, Relations(FakeReader())) == []


FERRY_CORRECTION = (
    "Coast Chronicle", "2024-06-03", "Correction: the ferry fleet",
    "An earlier report gave the number of new ferries as 14; it is 17. The mistake was in a table.",
)  # fmt: skip
FLEET = (
    "Coast Chronicle", "2024-06-01", "More boats for the islands",
    "The islands will get 14 new ferries by 2026, the line said on Saturday.",
)  # fmt: skip


def test_correction_stands_beside_what_it_corrects(differ: Differ) -> None:
    (found,) = differ("I have read both 14 and 17 ferries. Which number is right?", FERRY_CORRECTION, FLEET)
    assert {version.value: version.superseded for version in found.versions} == {"17": False, "14": True}


def test_correction_of_another_number_is_no_version(differ: Differ) -> None:
    text = "The number of new ferries is 17, not 15, the line said."
    other = (*FERRY_CORRECTION[:3], text)
    assert differ("I have read both 15 and 17 ferries. Which number is right?", other, BUDGET) == []
