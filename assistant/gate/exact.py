"""The exact checks of the gate: outlets, quotations and their speakers, values, names. Each returns what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.gate.types import CitedParagraph
from assistant.language.bounds import BOUNDED, bears_out, bound_start
from assistant.language.names import absent, missing_names, name_key, names_in
from assistant.language.quotations import Found, Quotation, locate, outside_quotations, quotations_in, speakers
from assistant.language.roles import someone_else
from assistant.language.times import MONTHS, WEEKDAYS, resolved_dates
from assistant.language.types import Value, ValueKind
from assistant.language.values import counted_words, values_in
from assistant.language.words import base_of, before, behind, may_be, tokens, words_of
from index.splitting.sentences import split_sentences
from index.types import opening

_SHOWN_CHARACTERS = 60
"""Of a quotation in a reason: enough to find it again in the claim."""
_NEAR_COUNT = 60
"""Characters around a number, about ten words, in which the thing stands that it counts: a rule of thumb."""
_COUNTING = (ValueKind.COUNT, ValueKind.PERCENT, ValueKind.MONEY)
_THINGS = (ValueKind.COUNT, ValueKind.PERCENT)
"""Kinds whose numbers may be of anything, so that the words beside them have to tell."""
_DEFINITE = re.compile(r"\b(?:the|these|those|both|his|her|its|their|other)\s+$", re.IGNORECASE)
_FEW = 5
"""The largest number in words that may point at things named before: "the five presidents", but not "the 40 houses"."""
_SIDES = {"before", "after"}
_SIDE = re.compile(r"\b(before|after)\s{1,3}(?:(?:about|around)\s{1,3})?$", re.IGNORECASE)
_CALENDAR = frozenset(name.title() for name in (*MONTHS, *WEEKDAYS))


def wrong_outlets(claim: str, cited: Sequence[CitedParagraph], outlets: Iterable[str]) -> list[str]:
    """Return reasons against a claim that names one of the collection's outlets, and cites others."""
    own = {(entry.article.outlet or "").casefold() for entry in cited}
    text = " ".join(entry.paragraph.text for entry in cited).casefold()
    return [
        f"{outlet} is named, but not cited"
        for outlet in outlets
        if outlet.casefold() not in own
        and re.search(rf"\b{re.escape(outlet.casefold())}\b", claim.casefold())
        and outlet.casefold() not in text
    ]


def wrong_quotations(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    """Return reasons against the quotations of a claim: words that do not stand there, or that another said."""
    wrong: list[str] = []
    for quotation in quotations_in(claim):
        places = [(entry, locate(quotation.words, _as_published(entry))) for entry in cited]
        verbatim = [entry for entry, place in places if place.found is Found.VERBATIM]
        shown = opening(quotation.words, _SHOWN_CHARACTERS)
        if not verbatim:
            found = Found.STITCHED if any(place.found is Found.STITCHED for _, place in places) else Found.ALTERED
            wrong.append(f"quotation “{shown}” is {found.value}")
        elif not any(_said_by(claim, quotation, entry) for entry in verbatim):
            wrong.append(f"quotation “{shown}” is by someone else")
    return wrong


def wrong_values(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    """Return reasons against the values of a claim: not stated in any cited paragraph, or for another thing there."""
    outside = outside_quotations(claim)
    sources = [(entry, values_in(entry.paragraph.text), values_in(entry.context)) for entry in cited]
    wrong = []
    for value in values_in(outside):
        if _points_back(value, outside):
            continue
        shown = outside[bound_start(value, outside) : value.end]
        if not any(_stated(value, outside, entry, values, context) for entry, values, context in sources):
            wrong.append(f"{value.kind.value} {shown} is not in the cited paragraph")
        elif value.kind in _COUNTING and all(
            _counts_something_else(value, outside, entry.paragraph.text, values) for entry, values, _ in sources
        ):
            wrong.append(f"{shown} stands for something else in the cited paragraph")
    return wrong


def wrong_names(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    """Return reasons against the names of a claim: not in the cited articles at all, or in somebody else's place."""
    known = {name for entry in cited for name in names_elsewhere(claim, [entry])}
    source = " ".join(entry.paragraph.text for entry in cited)
    return [
        *(f"{name} is not named in the cited paragraph" for name in _missing(claim, cited) if name not in known),
        *(
            f"{name} stands for someone else in the cited paragraph"
            for name in someone_else(outside_quotations(claim), source)
        ),
    ]


def names_elsewhere(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    """Return the names of a claim that the cited paragraphs do not have, and their articles have elsewhere.

    The paragraph may well mean them ("he", "the president"); that is for a reader, or a model, to judge.
    """
    missing = _missing(claim, cited)
    nowhere = absent(missing, [entry.article.text for entry in cited]) if missing else []
    return [name for name in missing if name not in nowhere]


def _missing(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    texts = [part for entry in cited for part in (entry.paragraph.text, entry.context)]
    return [name for name in missing_names(outside_quotations(claim), texts) if name not in _CALENDAR]


# --- speakers ------------------------------------------------------------------------------------------------------


def _as_published(entry: CitedParagraph) -> str:
    return entry.article.text[entry.paragraph.start : entry.paragraph.end]


def _said_by(claim: str, quotation: Quotation, entry: CitedParagraph) -> bool:
    """Whether the speaker whom the claim names is the one of the paragraph; true where either names none."""
    claimed = _keys(speakers(claim))
    if not claimed:
        return True
    zone = _speaking_zone(quotation.words, entry)
    source = _keys(speakers(zone))
    outlet = _keys((entry.article.outlet or "").casefold().split())
    before = entry.article.text[: entry.paragraph.end]
    if source:
        return bool(claimed & (source | _names_of_roles(source, before))) or (
            not quotations_in(zone) and claimed <= outlet
        )
    return bool(claimed & ({name_key(word) for word in before.split()} | outlet))


def _keys(words: Iterable[str]) -> set[str]:
    return {name_key(word) or word for word in words}


def _names_of_roles(speaking: set[str], text: str) -> set[str]:
    """Return who else a speaker may be: names in sentences that tell what he is ("F. Lee, a volunteer")."""
    return {
        name_key(name)
        for sentence in split_sentences(text)
        if speaking & {name_key(word) for word in sentence.text.split() if word.islower()}
        for name in names_in(sentence.text)
    }


def _speaking_zone(words: str, entry: CitedParagraph) -> str:
    """Return the sentences in which the quotation stands; a speaker is named there, or else nowhere near."""
    text = _as_published(entry)
    spans = locate(words, text).spans
    touched = [
        sentence.text
        for sentence in split_sentences(text)
        if any(sentence.start < end and start < sentence.end for start, end in spans)
    ]
    zone = " ".join(touched)
    return zone if speakers(zone) else text


# --- values --------------------------------------------------------------------------------------------------------


def _points_back(value: Value, text: str) -> bool:
    """Whether it is the two of "the two presidents": it points at those who were named, and states no number."""
    spelled = not text[value.start].isdigit()
    few = value.kind is ValueKind.COUNT and spelled and value.amount <= _FEW
    return few and bool(_DEFINITE.search(before(text, value.start)))


def _stated(
    value: Value, claim: str, entry: CitedParagraph, written: Sequence[Value], context: Sequence[Value]
) -> bool:
    """Whether a cited paragraph, or what is known of its article, states a value of the claim, in whatever words."""
    values = [*written, *context]
    if value.kind in BOUNDED:
        return any(bears_out(value, other) for other in _of_the_same(value, claim, entry.paragraph.text, values))
    if value.kind is not ValueKind.DATE and (same := [other for other in values if value.equals(other)]):
        own, text = _side(claim, value), entry.paragraph.text
        return not all(other in written and {own, _side(text, other)} == _SIDES for other in same)
    match value.kind:
        case ValueKind.ORDINAL:  # "the second round" is "round 2", or told in other words where no place is named
            numbered = any(other.kind is ValueKind.COUNT and other.amount == value.amount for other in values)
            return numbered or not any(other.kind is value.kind for other in values)
        case ValueKind.RATE | ValueKind.PART_OF_DAY:
            return not any(other.kind is value.kind for other in values)
        case ValueKind.STEP:
            return not any((other.kind, other.unit) == (value.kind, value.unit) for other in values)
    days = resolved_dates(entry.paragraph.text, entry.article.published)
    return _falls_on(value, days, entry.article.published, values)


def _of_the_same(value: Value, claim: str, text: str, values: Sequence[Value]) -> Iterator[Value]:
    """Yield the values that may state a number of the claim: the same number, or one of the same thing in its text."""
    counted = _words_beside(claim, value)
    for other in values:
        if value.kind is other.kind and not value.measures_like(other):
            continue
        plain = value.kind is ValueKind.COUNT and other.kind is not ValueKind.DURATION
        if _is_age(value, claim) and _is_age(other, text) and _years(value) == _years(other):
            yield replace(value, bound=other.bound)
        if value.amount == other.amount:
            yield replace(other, kind=value.kind, unit=value.unit) if plain else other
        elif value.kind not in _THINGS or counted & _words_beside(text, other):
            yield other


def _side(text: str, value: Value) -> str:
    """Return "before" or "after" where a text says so of a time, else nothing."""
    found = _SIDE.search(before(text, value.start))
    return found[1].lower() if found else ""


def _is_age(value: Value, text: str) -> bool:
    """Whether a number may be of years of age: "aged 28", "28 years old", "she was 28"."""
    old = behind(text, value.end).lstrip(" -")[:3] == "old"
    return value.kind is ValueKind.COUNT or (value.kind is ValueKind.DURATION and value.amount < 0 and old)


def _years(value: Value) -> float:
    return value.amount if value.kind is ValueKind.COUNT else -value.amount / 12


def _falls_on(value: Value, days: set[date], published: date | None, values: Sequence[Value]) -> bool:
    """Whether a date, weekday, month or year is that of a named day, or of publication where the text names none."""
    if value.kind is ValueKind.DATE and published is None:
        return any(value.equals(other) for other in values)
    named = days or ({published} if published else set())
    match value.kind:
        case ValueKind.DATE:
            wanted = divmod(int(value.amount), 100)
            return any((day.month, day.day) == wanted and value.year in (None, day.year) for day in named)
        case ValueKind.WEEKDAY:
            return value.amount in {day.weekday() for day in named}
        case ValueKind.MONTH:
            months = {int(other.amount) // 100 for other in values if other.kind is ValueKind.DATE}
            return value.amount in months | {day.month for day in (days if months else named)}
        case ValueKind.YEAR:
            years = {day.year for day in (*days, published)} if published else set()
            return value.amount in years | {other.year for other in values}
    return False


def _counts_something_else(value: Value, claim: str, text: str, values: Sequence[Value]) -> bool:
    """Whether the text gives this number to another thing, and another number to the thing that the claim counts."""
    counted = set(words_of(counted_words(claim, value)))
    here = [other for other in values if value.equals(other)]
    if not all(_names_what_it_counts(text, other) for other in here):
        return False
    if not counted or not here or any(counted & _words_around(text, other) for other in here):
        return False
    rivals = [other for other in values if other.kind is value.kind and not value.equals(other)]
    return any(counted & set(words_of(counted_words(text, other))) for other in rivals)


def _names_what_it_counts(text: str, value: Value) -> bool:
    """Whether a noun, or what tells more of it, comes right behind a number: not in "at least 45 were aboard"."""
    first = next(iter(tokens(behind(text, value.end))), "")
    return bool(base_of(first or ".")) and (may_be("NOUN", first) or may_be("ADJ", first))


def _words_beside(text: str, value: Value) -> set[str]:
    return set(words_of(text[max(0, value.start - _NEAR_COUNT) : value.start])) | set(
        words_of(text[value.end : value.end + _NEAR_COUNT])
    )


def _words_around(text: str, value: Value) -> set[str]:
    return set(words_of(text[max(0, value.start - _NEAR_COUNT) : value.end + _NEAR_COUNT]))
