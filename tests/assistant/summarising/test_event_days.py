"""On which day something happened that a sentence tells."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.summarising.event_days import event_day

TUESDAY = date(2024, 1, 9)


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("The bridge was closed on 3 January.", date(2024, 1, 3)),
        ("The bridge was closed on 30 December.", date(2023, 12, 30)),
        ("The bridge was closed on January 3, 2021.", date(2021, 1, 3)),
        ("They met on Monday.", date(2024, 1, 8)),
        ("They met on Tuesday.", TUESDAY),
        ("They met on Wednesday.", date(2024, 1, 3)),
        ("They will meet on Friday.", date(2024, 1, 12)),
        ("Schools stay closed on Wednesday, the mayor says.", date(2024, 1, 10)),
        ("It opened yesterday.", date(2024, 1, 8)),
        ("It opens tomorrow.", date(2024, 1, 10)),
        ("On Monday they agreed to meet on 20 January.", date(2024, 1, 8)),
        ("It took years.", None),
        ("On 31 February they met.", None),
    ],
)
def test_day_is_seen_from_publication(sentence: str, day: date | None) -> None:
    assert event_day(sentence, TUESDAY) == day


def test_without_a_date_of_publication_only_a_whole_date_tells_a_day() -> None:
    assert event_day("They met on Monday.", None) is None
    assert event_day("They met on 3 May 2021.", None) == date(2021, 5, 3)
