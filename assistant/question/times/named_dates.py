"""Dates in a question as the calendar has them: "22 April", "March 2020", "the summer of 2020", "Q1", "the 2010s"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.language.calendar import SEASONS, InYear, Span, day_span, months_span, newest, season_span, years_span
from assistant.language.times import MONTH_NUMBERS, MONTHS, WEEKDAYS
from assistant.question.times.time_tokens import Tokens

STEPS = {"last": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
ORDINALS = {
    word: place for place, word in enumerate("first second third fourth fifth sixth seventh eighth".split(), start=1)
} | {"last": -1, "final": -1, "opening": 1, "closing": -1}
LEADS = frozenset(
    "in on at during over since until till before after from between by to through throughout of around about within "
    "to early late mid".split()
)
"""Words before a time that would tell little by itself: "in May", "over the summer"."""
LIKE_WORDS = frozenset("may march mar jan sep dec".split())
_MAY_BE_A_PERSON = frozenset("before after since until by from to about of".split())
"""Behind these a name may stand, too: "since May took office"."""
_NO_DATES = frozenset({"9/11", "24/7", "7/7"})
_SHORT_WEEKDAY = 3
"""Letters of "Mon"."""
_CURRENCIES = frozenset("$€£¥")
_CENTURY, _LAST_CENTURY_FROM = 100, 30
"""The 30s are the 1930s, the 20s the 2020s."""


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time that the tokens from start to end name: days, or what is so called in each year."""

    start: int
    end: int
    unit: str
    span: Span | None = None
    in_year: InYear | None = None
    year: int | None = None
    month: int | None = None
    weekday: int | None = None

    def resolved(self, today: date, year: int | None = None) -> Span | None:
        """Return the days: those of its year, or of `year`, or the newest that have begun by today."""
        if self.span is not None:
            return self.span
        if self.in_year is None:
            return None
        year = self.year or year
        return self.in_year(year) if year else newest(self.in_year, today)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a time may begin, with the word before it; "the" is passed over."""

    at: int
    lead: str
    the: bool

    @property
    def led(self) -> bool:
        """Whether a word is before it that makes little tell a time."""
        return self.lead in LEADS


class DateReader:
    """Reads dates in the words of a question."""

    def __init__(self, tokens: Tokens, today: date) -> None:
        self._tokens = tokens
        self._today = today

    def year_behind(self, at: int) -> tuple[int | None, int]:
        """Return the year told at a token, "2020", "of last year", and where it ends; None, and the token, if none."""
        tokens = self._tokens
        place = at + (tokens.at(at) == ",")
        place += tokens.at(place) == "of"
        if tokens.at(place) in ("last", "this", "next") and tokens.at(place + 1) == "year":
            return self._today.year + STEPS[tokens.at(place)], place + 2
        if self._is_year(place, "in"):
            return int(tokens.at(place)), place + 1
        short = tokens.at(at + 1)
        if tokens.at(at) in ("'", "’") and tokens.joined(at + 1) and len(short) == 2 and short.isdecimal():  # noqa: PLR2004
            return self._today.year // _CENTURY * _CENTURY + int(short), at + 2
        return None, at

    def month_at(self, at: int) -> tuple[int | None, int]:
        """Return the number of the month named at a token, and where its name ends."""
        tokens = self._tokens
        number = MONTH_NUMBERS.get(tokens.at(at))
        if number is None:
            return None, at
        dotted = tokens.at(at) not in MONTHS and tokens.at(at + 1) == "." and tokens.joined(at + 1)
        return number, at + 1 + dotted

    def day_number(self, at: int) -> int | None:
        """Return the day of a month that a token may tell: "22", "22nd", "third"."""
        word = self._tokens.at(at)
        digits = word[:-2] if word[-2:] in ("st", "nd", "rd", "th") else word
        value = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= 2 else 0  # noqa: PLR2004
        value = value or max(ORDINALS.get(word, 0), 0)
        return value if 1 <= value <= 31 else None  # noqa: PLR2004 - days of a month

    def _digits(self, place: Place) -> NamedTime | None:
        """Read a date in digits, the day before the month wherever both fit."""
        word = self._tokens.at(place.at)
        parts = word.replace("/", "-").replace(".", "-").strip("-").split("-")
        if len(parts) < 2 or not all(part.isdecimal() for part in parts):  # noqa: PLR2004 - day and month
            return None
        numbers = [int(part) for part in parts]
        if len(parts[0]) == 4:  # noqa: PLR2004 - digits of a year
            year, month, day = numbers
        else:
            day, month, year = (*numbers, 0)[:3]
            if month > 12 >= day:  # noqa: PLR2004 - months of a year
                day, month = month, day
            if len(parts[-1]) == 2 and len(parts) == 3:  # noqa: PLR2004 - digits
                year += 1900 if year >= 70 else 2000  # noqa: PLR2004 - as POSIX has it
        if len(parts) == 2 and (not place.led or word in _NO_DATES):  # noqa: PLR2004 - day and month
            return None
        return self._day_time(place.at + 1, month, day, year or None)

    def _day(self, place: Place) -> NamedTime | None:
        """Read "22 April", "April 22nd, 2024", "Monday, the 22nd of April"."""
        tokens, at = self._tokens, place.at
        if len(tokens.at(at)) >= _SHORT_WEEKDAY and any(name.startswith(tokens.at(at)) for name in WEEKDAYS):
            at += 1 + (tokens.at(at + 1) == ",")
            at = tokens.skip(at, "the")
        month, behind = self.month_at(at)
        if month is not None:
            number_at = tokens.skip(behind, "the")
            day = self.day_number(number_at)
            if day is None or tokens.at(number_at) in ORDINALS or self._counts_things(number_at, place.lead):
                return None
            year, end = self.year_behind(number_at + 1)
            return self._day_time(end, month, day, year)
        day = self.day_number(at)
        month_at = tokens.skip(at + 1, "of")
        month, behind = self.month_at(month_at)
        if day is None or month is None or (tokens.at(at) in ORDINALS and month_at == at + 1):
            return None
        year, end = self.year_behind(behind)
        word = tokens[month_at]
        plain = tokens.at(at).isdecimal() and month_at == at + 1
        if word.text in ("may", "march") and plain and not (word.capital or place.led or year):
            return None
        return self._day_time(end, month, day, year)

    def _counts_things(self, at: int, lead: str) -> bool:
        """Whether a number behind a month counts what follows: "in March 20 people died"."""
        tokens = self._tokens
        behind = tokens[at + 1]
        content = not tokens.ends_phrase(at + 1) and not behind.capital and not behind.text[0].isdigit()
        return behind.text in ("%", "percent", "million") or (
            tokens.at(at).isdecimal() and content and lead not in ("on", "since", "until", "from", "of")
        )

    def _day_time(self, end: int, month: int, day: int, year: int | None) -> NamedTime | None:
        if day_span(2000, month, day) is None:
            return None
        return NamedTime(0, end, "day", in_year=lambda year: day_span(year, month, day), year=year, month=month)

    def _month(self, place: Place) -> NamedTime | None:
        """Read "in March", "March 2020"; "May" and "march" alone where no person and no walk may be meant."""
        month, behind = self.month_at(place.at)
        if month is None:
            return None
        year, end = self.year_behind(behind)
        if year is None and not self._is_month_alone(place, behind):
            return None
        return NamedTime(0, end, "month", in_year=lambda year: months_span(date(year, month, 1), 1), year=year)

    def _is_month_alone(self, place: Place, behind: int) -> bool:
        tokens = self._tokens
        if tokens.at(place.at) not in LIKE_WORDS:
            return place.led or (place.the and not tokens[behind].capital) or tokens.is_possessive(behind)
        if not place.led or place.the or tokens.is_possessive(behind):
            return False
        return place.lead not in _MAY_BE_A_PERSON or tokens.ends_phrase(behind)

    def _season(self, place: Place) -> NamedTime | None:
        """Read "in the summer of 2020", "winter 2019", "over the summer"."""
        tokens, name = self._tokens, self._tokens.at(place.at)
        if name not in SEASONS:
            return None
        year, end = self.year_behind(place.at + 1)
        if year is None and not (place.led and tokens.ends_phrase(place.at + 1) and tokens.at(place.at + 1) != "of"):
            return None
        if year and tokens.at(end) in ("-", "–", "/") and self._is_next_year(year, end + 1):
            end += 2
        return NamedTime(0, end, "season", in_year=lambda year: season_span(name, year), year=year)

    def _is_next_year(self, year: int, at: int) -> bool:
        return self._tokens.at(at) in (str(year + 1), f"{(year + 1) % _CENTURY:02}")

    def _quarter(self, place: Place) -> NamedTime | None:
        """Read "Q1 2020", "2020 Q1", "H2 2020"."""
        tokens, at = self._tokens, place.at
        before = self._is_year(at, "in") and bool(tokens.at(at + 1))
        name = tokens.at(at + before)
        if len(name) != 2 or name[0] not in "qh" or name[1] not in ("1234" if name[0] == "q" else "12"):  # noqa: PLR2004
            return None
        months = 3 if name[0] == "q" else 6
        first = (int(name[1]) - 1) * months + 1
        year, end = (int(tokens.at(at)), at + 2) if before else self.year_behind(at + 1)
        return NamedTime(0, end, "quarter", in_year=lambda year: months_span(date(year, first, 1), months), year=year)

    def _year(self, place: Place) -> NamedTime | None:
        at = place.at
        named = self._tokens.at(at) == "year"
        if named and self._is_year(at + 1, "in"):
            at += 1
        elif not (place.led and not place.the and self._is_year(at, place.lead)):
            return None
        year = int(self._tokens.at(at))
        return NamedTime(0, at + 1, "year", span=years_span(year), year=year)

    def _is_year(self, at: int, lead: str) -> bool:
        """Whether a number from 1900 to 2099 is a year: "in 2019", but not "of 2000 soldiers"."""
        tokens, word = self._tokens, self._tokens.at(at)
        if not (len(word) == 4 and word.isdecimal() and word.isascii() and "1900" <= word < "2100"):  # noqa: PLR2004
            return False
        behind = tokens[at + 1]
        if tokens.at(at - 1) in _CURRENCIES or behind.text == "%":
            return False
        if behind.text in ("-", ",", ".") and tokens.joined(at + 1) and tokens.joined(at + 2):
            part = tokens.at(at + 2)
            return behind.text == "-" and (part.isdecimal() or part in MONTH_NUMBERS)
        content = not tokens.ends_phrase(at + 1) and not behind.capital and behind.text not in MONTH_NUMBERS
        counted = content and (behind.text.endswith("s") or behind.text in ("people", "men", "women", "children"))
        return not counted or (lead in ("in", "since", "during") and word[2:] != "00")

    def _decade(self, place: Place) -> NamedTime | None:
        """Read "the 2010s", "the '90s"."""
        tokens = self._tokens
        at = place.at + (tokens.at(place.at) in ("'", "’"))
        digits = tokens.at(at)[:-1]
        if tokens.at(at)[-1:] != "s" or not (digits.isdecimal() and digits.isascii() and digits[-1] == "0"):
            return None
        year = int(digits)
        if len(digits) == 2 and place.the and place.led:  # noqa: PLR2004 - digits
            year += 1900 if year >= _LAST_CENTURY_FROM else 2000
        if not (place.the or place.led) or not 1900 <= year < 2100:  # noqa: PLR2004 - the years that there are
            return None
        return NamedTime(0, at + 1, "decade", span=years_span(year, 10))
