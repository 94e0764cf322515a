"""Dates as articles and tables write them become days, or None."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reading.dates import parse_date


@pytest.mark.parametrize(
    "value",
    [
        *("2019-01-04", "2019-01-04T23:30:00Z", "2019-01-04T23:30:00-05:00", "2019-01-04 10:00:00.123 UTC", "2019/1/4"),
        *(
            "20190104",
            "20190104T101010Z",
            "January 4, 2019",
            "4 January 2019",
            "Jan. 4, 2019",
            "Friday, January 4, 2019",
        ),
        *("Fri, 04 Jan 2019 23:30:00 -0500", "Fri, 4 Jan 2019 10:00:00 GMT", "4 Jan 2019 10:00 EST", " 2019-01-04\n"),
        *(1546560000, 1546560000.5, 1546560000000, "1546560000", "1546560000000", 20190104, date(2019, 1, 4)),
        datetime(2019, 1, 4, 23, 30, tzinfo=UTC),
    ],
)
def test_dates_are_read(value: object) -> None:
    assert parse_date(value) == date(2019, 1, 4)


def test_numeric_dates_are_read_only_when_unambiguous() -> None:
    assert parse_date("13/04/2019") == parse_date("04/13/2019") == parse_date("13.4.2019 10:00") == date(2019, 4, 13)
    assert parse_date("05/05/2019") == date(2019, 5, 5)
    assert parse_date("04/01/2019") is None


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            "",
            "soon",
            "2019",
            "March 2019",
            "March 4",
            "Friday",
            "13/13/2019",
            "2019-02-30",
            "30 February 2019",
            "12:30",
        ),
        *(
            "0001-01-01",
            "9999-12-31",
            True,
            7,
            2019,
            float("nan"),
            float("inf"),
            -1,
            10**30,
            "1" * 500,
            "4 5 2019",
            [],
            {},
        ),
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_date(value) is None


@given(st.text() | st.floats() | st.integers())
def test_any_value_is_a_date_or_none(value: object) -> None:
    assert parse_date(value) is None or isinstance(parse_date(value), date)


@given(st.dates(date(1700, 1, 1), date(2090, 1, 1)))
def test_usual_ways_to_write_a_day_come_back(day: date) -> None:
    for pattern in ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%a, %d %b %Y 12:00:00 +0000", "%Y%m%d", "%d-%b-%Y"):
        assert parse_date(day.strftime(pattern)) == day
    assert parse_date(datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1)) == day
