"""Values in a text: equal ones are equal however they are written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.times import resolved_dates
from assistant.language.types import ValueKind
from assistant.language.values import counted_words, values_in


def one(text: str) -> object:
    (value,) = values_in(text)
    return value


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("one hundred and seventy-five prisoners", "175 prisoners"),
        ("a 30-day halt", "thirty days"),
        ("March 19", "19 March"),
        ("March 19, 2025", "2025-03-19"),
        ("on March 19", "the 19th of March 2025"),
        ("10 a.m.", "ten in the morning"),
        ("10:30 pm", "22:30"),
        ("two weeks", "a fortnight, or 14 days"),
        ("an hour and a half", "90 minutes"),
        ("half an hour", "30 minutes"),
        ("5 percent", "five per cent"),
        ("two fifths of it", "40%"),
        ("$34 million", "34,000,000 dollars"),
        ("2,500 soldiers", "two and a half thousand soldiers"),
        ("3.2 million people", "3,200,000 people"),
        ("two dozen", "24"),
        ("every week", "weekly"),
        ("a decade-long war lasting 10 years", "ten years"),
    ],
)
def test_same_value_in_other_words(first: str, second: str) -> None:
    assert any(value.equals(other) for value in values_in(first) for other in values_in(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("175 prisoners", "150 prisoners"),
        ("30 days", "30 weeks"),
        ("30 days", "30 soldiers"),
        ("March 19", "March 18"),
        ("March 19, 2025", "March 19, 2026"),
        ("$5 million", "€5 million"),
        ("10 a.m.", "10 p.m."),
        ("5 percent", "5 people"),
        ("each week", "each month"),
        ("this week", "next week"),
    ],
)
def test_other_value_is_not_equal(first: str, second: str) -> None:
    assert values_in(first)
    assert values_in(second)
    assert not any(value.equals(other) for value in values_in(first) for other in values_in(second))


@pytest.mark.parametrize(
    "text", ["no one came", "one of them", "one by one", "may be late", "they march on", "a week is 2"]
)
def test_word_that_only_looks_like_a_value_is_left(text: str) -> None:
    assert [value.kind for value in values_in(text)] in ([], [ValueKind.COUNT])


def test_values_do_not_overlap_and_stand_where_they_say() -> None:
    text = "On Tuesday, March 18, 2025, at 10 a.m., 175 of 350 people (50%) paid $5 for 2 hours."
    values = values_in(text)
    assert [text[value.start : value.end] for value in values] == [
        *("Tuesday", "March 18, 2025", "10 a.m.", "175", "350", "50%", "$5", "2 hours"),
    ]


def test_what_a_number_counts_stands_behind_it() -> None:
    text = "23 seriously wounded soldiers, and more"
    assert counted_words(text, values_in(text)[0]) == "seriously wounded soldiers"


def test_weekday_means_the_days_around_publication() -> None:
    days = resolved_dates("It began on Tuesday.", date(2025, 3, 19))
    assert days == {date(2025, 3, 18), date(2025, 3, 25)}
    assert resolved_dates("It began yesterday.", date(2025, 3, 19)) == {date(2025, 3, 18)}
    assert resolved_dates("It ends on April 31.", date(2025, 3, 19)) == set()


@given(st.text())
def test_any_text_has_values_that_lie_in_it(text: str) -> None:
    end = 0
    for value in values_in(text):
        assert end <= value.start < value.end <= len(text)
        end = value.end
        assert value.equals(value)


@given(st.integers(0, 10**9))
def test_digits_mean_their_number(number: int) -> None:
    assert any(value.amount == number for value in values_in(f"exactly {number:,} people"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ten mınutes", "ten minutes"),
        ("three ſixths of it", "three sixths of it"),
        ("THİS week", "this week"),
        ("ſix in the morning", "six in the morning"),
    ],
)
def test_letters_that_patterns_take_for_others_are_read_as_those(first: str, second: str) -> None:
    (value,), (other,) = values_in(first), values_in(second)
    assert value.equals(other)


@pytest.mark.parametrize(
    ("text", "kind", "amount", "unit"),
    [
        ("the tenth patrol", ValueKind.ORDINAL, 10, ""),
        ("his 2nd attempt", ValueKind.ORDINAL, 2, ""),
        ("the 19th century", ValueKind.ORDINAL, 19, ""),
        ("over 100 mph", ValueKind.COUNT, 100, "mile"),
        ("161 km/h", ValueKind.COUNT, 161, "km"),
        ("139km of track", ValueKind.COUNT, 139, "km"),
        ("six feet", ValueKind.COUNT, 6, "foot"),
    ],
)
def test_places_in_an_order_and_measures_are_read(text: str, kind: ValueKind, amount: float, unit: str) -> None:
    (value,) = values_in(text)
    assert (value.kind, value.amount, value.unit) == (kind, amount, unit)


@pytest.mark.parametrize("text", ["sixty seconds", "a third of the votes", "the first time", "the 100,000th death"])
def test_what_is_no_place_in_an_order_is_not_read_as_one(text: str) -> None:
    assert ValueKind.ORDINAL not in {value.kind for value in values_in(text)}
