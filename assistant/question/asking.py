"""A question as it is to be answered: standing alone, its form, the time and outlets that it asks, what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.language.times import MONTHS, WEEKDAYS
from assistant.question.following.reshaping import FollowedUp, Manner
from assistant.question.form import form_of
from assistant.question.outlets import outlets_asked, outlets_named
from assistant.question.sides import SideKind, Sides, sides_of
from assistant.question.times.periods import Period
from assistant.question.times.taken import Taken, taken
from assistant.question.topic import topic_of
from assistant.types import Form
from index.types import Filters

_VAGUE = re.compile(r"\b(?:recent(?:ly)?|lately|so far|these days|nowadays)\b", re.IGNORECASE)
_NAMED_TIME = re.compile(rf"\d|\b(?:{'|'.join((*MONTHS, *WEEKDAYS, 'weekend'))})", re.IGNORECASE)
"""What a date has, and a period seen from today has not."""
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
_DATED = re.compile(rf"\d|\b(?:{'|'.join(MONTHS)}|last|this|past|since)\b", re.IGNORECASE)
_OF_DETAILS = frozenset({Form.COMPARISON, Form.OPINION, Form.WHO_IS})
_FACT_PERIOD = re.compile(r"\b(?:last|this|past|previous|yesterday|today|tonight|ago)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the articles."""

    text: str
    """The question, standing alone, without the period that alone is searched."""
    form: Form
    topic: str
    """What a wide question is about; empty for everything."""
    filters: Filters
    """The reader's own, narrowed to what the question asks."""
    manner: Manner
    sides: Sides
    """What a comparison lines up."""
    period: str = ""
    """The period that alone is searched, in words; empty for all times."""
    told: str = ""
    """What the reader is told of how the question was taken."""

    def with_told(self, first: str) -> Asked:
        """Return the same, with something that the reader is told first."""
        return replace(self, told=" ".join(filter(None, (first, self.told))))


def asked_of(  # noqa: PLR0913 - what a question is read with
    followed: FollowedUp,
    filters: Filters,
    *,
    outlets: Sequence[str],
    rarity: Callable[[str], float],
    today: date,
    newest: date | None,
    form: Form | None = None,
) -> Asked:
    """Read a question. `newest` is the day of the collection's newest article: later than that nothing is known.

    `form` stands in for the one that the words show.
    """
    text, manner = followed.text, followed.manner
    form = form or manner.form or form_of(text, outlets)
    seen_from = min(today, newest) if newest else today
    filters, narrowed = _to_manner(filters, manner)
    named = _outlets(text, form, outlets, filters)
    topical = outlets_named(text, named)[1] if named else text
    if named and not filters.outlets:
        filters = replace(filters, outlets=named)
    sides = sides_of(text, topic_of(topical), named, rarity) if form is Form.COMPARISON else Sides(SideKind.UNSAID)
    time, within = (None, filters) if sides.kind is SideKind.TIMES else in_its_time(text, form, filters, seen_from)
    if time is None:
        return Asked(text, form, topic_of(topical), filters, manner, sides, told=narrowed)
    of_topic = taken(topical, seen_from)
    told = _told(time, newest if newest and newest < today else None)
    return Asked(
        time.rest, form, topic_of(of_topic.rest if of_topic else topical), within, manner, sides, time.period.told(),
        " ".join(filter(None, (told, narrowed))),
    )  # fmt: skip


def in_its_time(text: str, form: Form, filters: Filters, seen_from: date) -> tuple[Taken | None, Filters]:
    """Return the time that alone is searched, and the filters narrowed to it; none if these have one."""
    time = None if filters.since or filters.until else _time(text, form, seen_from)
    if time is None:
        return None, filters
    return time, replace(filters, since=time.period.since, until=_until(time.period, form))


def _outlets(text: str, form: Form, outlets: Sequence[str], filters: Filters) -> tuple[str, ...]:
    """Return the outlets that a wide question asks; a comparison asks all that it names. A list reads them itself."""
    if form is Form.COMPARISON:
        return outlets_named(text, outlets)[0]
    if not form.is_wide or form in {Form.LIST, Form.COUNT} or filters.outlets:
        return ()
    return outlets_asked(text, outlets)


def _time(text: str, form: Form, seen_from: date) -> Taken | None:
    """Return the time that alone is searched: of a fact only one that is told from today, for articles lie about it.

    A fact of a named day may stand in any article; which sentence is of that day the search and the reader find. Just
    so a weekday in a question for what some say: it is the one that the articles speak of.
    """
    if form is Form.TALK or (time := taken(text, seen_from)) is None:
        return None
    words = " ".join(time.words)
    seen_from_today = _FACT_PERIOD.search(words) and not _NAMED_TIME.search(words) and not _VAGUE.search(words)
    if form in _OF_DETAILS and _WEEKDAY.search(words) and not _DATED.search(words):
        return None
    return time if form.is_wide or seen_from_today else None


def _until(period: Period, form: Form) -> date | None:
    """Return the last day that is searched: what happens on a day is news the next one, too."""
    one_day = period.until is not None and period.until == period.since
    reported = one_day and form not in {Form.LIST, Form.COUNT}
    return period.until + timedelta(days=1) if period.until and reported else period.until


def _to_manner(filters: Filters, manner: Manner) -> tuple[Filters, str]:
    """Narrow the filters as a follow-up asks; the second value says so to the reader."""
    said = ""
    if manner.outlets:
        filters = replace(filters, outlets=manner.outlets)
    if manner.before:
        last = manner.before - timedelta(days=1)
        filters = replace(filters, until=min(filters.until, last) if filters.until else last)
        said = f"Only articles before {manner.before.day} {manner.before:%B %Y} were searched."
    return filters, said


def _told(time: Taken, newest: date | None) -> str:
    """Say which days a time is taken to be; one told from today, also from which day that is."""
    words = " ".join(time.words).strip()
    if _NAMED_TIME.search(words):
        return f"Only articles of {time.period.told()} were searched."
    seen = f", seen from the newest article, of {newest.day} {newest:%B %Y}" if newest else ""
    return f"“{words}” is taken as {time.period.told()}{seen}; only articles of that time were searched."
