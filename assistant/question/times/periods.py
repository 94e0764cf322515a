"""The period that a question names: "last week", "from 3 to 5 May", "since March 2020"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from assistant.language.calendar import Span, day_span, moved, told_day, told_span, years_span
from assistant.question.times.named_dates import NamedTime
from assistant.question.times.named_times import TimeReader
from assistant.question.times.time_tokens import Tokens

_LONGEST_QUESTION = 2_000
"""Characters of a question in which a period is looked for."""
_BOUNDS = {
    ("since",): "since", ("ever", "since"): "since", ("starting", "from"): "since", ("before",): "before",
    ("prior", "to"): "before", ("earlier", "than"): "before", ("after",): "after", ("later", "than"): "after",
    ("until",): "until", ("till",): "until", ("up", "to"): "until", ("up", "until"): "until", ("by",): "until",
    ("no", "later", "than"): "until", ("on", "or", "after"): "from", ("not", "before"): "from",
    ("since", "at", "least"): "since", ("on", "or", "before"): "until", ("before", "or", "after"): "around",
    ("around",): "around", ("circa",): "around",
}  # fmt: skip
_LINKS = frozenset({"to", "through", "until", "till", "-", "–", "—"})
_PAIRS = frozenset({"and", "or", "&", "/"})
_NOW = frozenset({"now", "present", "today", "date"})
_PREPOSITIONS = frozenset("in on at during over throughout within of from for back sometime as toward towards".split())
"""What goes with the words of a period."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a question asks about, both among them; None is open. The words stand at start:end."""

    since: date | None
    until: date | None
    start: int
    end: int

    def told(self) -> str:
        """Say which days they are: "the week of 13 to 19 May 2024", "March 2020", "since 3 May 2024"."""
        if self.since is None:
            return f"until {told_day(self.until)}" if self.until else ""
        if self.until is None:
            return f"since {told_day(self.since)}"
        return told_span(Span(self.since, self.until))

    def words(self, question: str) -> str:
        """Return the words of the question that name the period."""
        return question[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Found:
    """Days, one side of which may be open, and the tokens that name them."""

    since: date | None
    until: date | None
    start: int
    end: int
    bound: str = ""


def period_of(question: str, today: date) -> Period | None:
    """Return the period that a question names, relative ones seen from today; the first, where it names several."""
    tokens = Tokens(question[:_LONGEST_QUESTION])
    reading = _Periods(tokens, today)
    found = next((found for place in range(len(tokens)) if (found := reading.at(place)) is not None), None)
    if found is None:
        return None
    return Period(found.since, found.until, tokens[found.start].start, tokens[found.end - 1].end)


def without(question: str, period: Period) -> str:
    """Return a question without the words of its period, and without the preposition before them.

    The preposition stays where the period belongs to a noun: "at last week's summit" becomes "at summit".
    """
    tokens = Tokens(question)
    first = next((place for place in range(len(tokens)) if tokens[place].start >= period.start), len(tokens))
    behind = next((place for place in range(first, len(tokens)) if tokens[place].start >= period.end), len(tokens))
    start, end = period.start, period.end
    of_noun = tokens.is_possessive(behind)
    if of_noun:
        end = tokens[behind + (tokens.at(behind + 1) == "s")].end
    elif tokens.at(first) != "the" or tokens.ends_phrase(behind):
        if tokens.skip(first - 4, "in", "the", "course", "of") == first:
            first -= 4
            start = tokens[first].start
        while first > 0 and tokens.at(first - 1) in _PREPOSITIONS:
            first -= 1
            start = tokens[first].start
    left, right = question[:start].rstrip(), question[end:].lstrip()
    if right.startswith(",") and (left.endswith(",") or not left):
        left, right = left.rstrip(" ,"), right.lstrip(" ,")
    if "," in period.words(question):  # a comma closes "May 3, 2020,"
        right = right.removeprefix(",").lstrip()
    if not left:
        return right[:1].upper() + right[1:] if question[:1].isupper() else right
    return left + right if right[:1] in tuple(".,;:?!)") else f"{left} {right}".rstrip()


class _Periods:
    """Finds periods in the words of a question: times with what bounds or joins them."""

    def __init__(self, tokens: Tokens, today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._times = TimeReader(tokens, today)

    def at(self, start: int) -> _Found | None:
        """Return the period whose words begin at a token."""
        word = self._tokens.at(start)
        if not word or (self._tokens.at(start - 1) == "-" and self._tokens.joined(start)):  # the run-up to
            return None
        if word in ("from", "between"):
            return self._range(start, start + 1) or (self._from(start) if word == "from" else None)
        for words, bound in _BOUNDS.items():
            if word == words[0] and (behind := self._tokens.skip(start, *words)) > start:
                found = self._bounded(start, behind, bound)
                if found:
                    return self._with_other_bound(found)
        if found := self._range(start, start):
            return found
        time = self._times.time(start)
        span = time.resolved(self._today) if time else None
        return _Found(span.first, span.last, start, time.end) if time and span else None

    def _from(self, start: int) -> _Found | None:
        """Read "from Monday on" as since, and "from March 2020" as the month."""
        time = self._times.time(start + 1)
        span = time.resolved(self._today) if time else None
        if time is None or span is None:
            return None
        if self._tokens.at(time.end) in ("on", "onward", "onwards", "forward"):
            return replace(self._since(span, start, time.end + 1))
        return _Found(span.first, span.last, start + 1, time.end)

    def _bounded(self, start: int, behind: int, bound: str) -> _Found | None:
        if bound == "until" and self._tokens.at(behind) in _NOW:
            return _Found(None, self._today, start, behind + 1, bound)
        time = self._times.time(behind)
        span = time.resolved(self._today) if time else None
        if time is None or span is None:
            return None
        match bound:
            case "since":
                return self._since(span, start, time.end)
            case "before":
                return _Found(None, moved(span.first, -1), start, time.end, bound)
            case "from":
                return _Found(span.first, None, start, time.end, bound)
            case "after":
                return _Found(moved(span.last, 1), None, start, time.end, bound)
            case "until":
                return _Found(None, span.last, start, time.end, bound)
        wider = 1 if time.unit == "day" else 0
        return _Found(moved(span.first, -wider), moved(span.last, wider), start, time.end)

    def _since(self, span: Span, start: int, end: int) -> _Found:
        return _Found(span.first, self._today if span.first <= self._today else None, start, end, "since")

    def _with_other_bound(self, found: _Found) -> _Found:
        """Join what follows, if it bounds the other side: "after 3 May and before 10 May"."""
        tokens = self._tokens
        behind = found.end + (tokens.at(found.end) == ",")
        behind += tokens.at(behind) in ("and", "but")
        for words, bound in _BOUNDS.items():
            if found.bound and bound != found.bound and tokens.skip(behind, *words) > behind:
                other = self._bounded(behind, behind + len(words), bound)
                if other is None or "around" in (bound, found.bound):
                    continue
                lower, upper = (found, other) if found.bound in ("since", "after", "from") else (other, found)
                if lower.since and upper.until and upper.since is None and lower.since <= upper.until:
                    return _Found(lower.since, upper.until, found.start, other.end)
        return found

    # -- from one time to another

    def _range(self, start: int, place: int) -> _Found | None:
        """Read "3 to 5 May", "March and April 2020", "2019–20"; behind "from" and "between", any two times."""
        tokens = self._tokens
        introduced = place > start
        bare = tokens.skip(place, "the")
        left = self._times.time(place)
        day = self._times.day_number(bare)
        ends = [(left, left.end)] if left else []
        if day and self._is_link(bare + 1):
            ends.append((self._bare_day(day, bare + 1), bare + 1))
        for first, link in ends:
            if first is not None and self._is_link(link):
                found = self._joined(first, link, introduced=introduced)
                if found is not None:
                    span, end = found
                    return _Found(span.first, span.last, start, end)
        return None

    def _is_link(self, place: int) -> bool:
        return self._tokens.at(place) in _LINKS or self._tokens.at(place) in _PAIRS

    def _bare_day(self, day: int, end: int) -> NamedTime:
        """Return a day of the month that the other end of a range will tell."""
        return NamedTime(0, end, f"{day}")

    def _joined(self, left: NamedTime, link: int, *, introduced: bool) -> tuple[Span, int] | None:
        tokens, times = self._tokens, self._times
        if introduced and tokens.at(link) in _LINKS and tokens.at(tokens.skip(link + 1, "the")) in _NOW:
            span = left.resolved(self._today)
            end = tokens.skip(link + 1, "the") + 1
            return (Span(span.first, self._today), end) if span and span.first <= self._today else None
        lead = "in" if tokens.at(link) in _PAIRS else "to"
        right = times.time(link + 1, "in") or times.time(tokens.skip(link + 1, tokens.at(link - 1)), lead)
        if right is None or left.unit.isdecimal():
            right = self._day_behind(left, link) or right
        if right is None:
            return None
        if left.unit.isdecimal():
            if right.unit != "day" or right.month is None:
                return None
            month, day = right.month, int(left.unit)
            left = replace(right, in_year=lambda year: day_span(year, month, day))
        elif tokens.at(link) in _PAIRS and not introduced and left.unit != right.unit:
            return None
        span = self._between(left, right)
        return (span, right.end) if span else None

    def _day_behind(self, left: NamedTime, link: int) -> NamedTime | None:
        """Read the second day of "May 3 to 5, 2020", and the second year of "2019–20"."""
        tokens, times = self._tokens, self._times
        at = tokens.skip(link + 1, "the")
        day, word = times.day_number(at), tokens.at(at)
        if left.unit == "year" and left.year and tokens.at(link) in ("-", "–", "/") and word.isdecimal():
            short = len(word) == 2 and int(word) == (left.year + 1) % 100  # noqa: PLR2004 - digits
            return NamedTime(0, at + 1, "year", years_span(left.year + 1), year=left.year + 1) if short else None
        if day is None or left.unit != "day" or left.month is None or left.year is not None:
            return None
        year, end = times.year_behind(at + 1)
        if year is None and not tokens.ends_phrase(at + 1):
            return None
        month = left.month
        return replace(left, end=end, in_year=lambda year: day_span(year, month, day), year=year)

    def _between(self, left: NamedTime, right: NamedTime) -> Span | None:
        """Return the days from the first of one time to the last of another; a year told once holds for both."""
        today = self._today
        if left.weekday is not None and right.weekday is not None and left.span:
            first = left.span.first
            return Span(first, moved(first, (right.weekday - left.weekday) % 7 or 7))
        begin = left.resolved(today, right.year)
        end = right.resolved(today, left.year or (begin.first.year if begin else None))
        if begin and end and begin.first > end.last:
            if left.year is None and left.in_year:
                begin = left.in_year(end.first.year - 1) if right.year or right.span else begin
            if begin and begin.first > end.last and right.year is None and right.in_year:
                end = right.in_year(begin.first.year + 1)
        return Span(begin.first, end.last) if begin and end and begin.first <= end.last else None
