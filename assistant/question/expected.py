"""What a sentence holds of the kind that a question expects: a number, a time, a name, a reason, something said."""

from __future__ import annotations

import re

from assistant.language.times import relative_days
from assistant.language.types import Value, ValueKind
from assistant.language.values import is_denied, values_in
from assistant.language.words import before, behind
from assistant.question.kinds import AnswerKind, content_terms, names
from assistant.question.question import Question

_NUMBERS = {ValueKind.COUNT, ValueKind.PERCENT, ValueKind.MONEY, ValueKind.DURATION}
_TIMES = {ValueKind.DATE, ValueKind.CLOCK, ValueKind.MONTH, ValueKind.YEAR, ValueKind.WEEKDAY}
_VALUES = {
    AnswerKind.NUMBER: _NUMBERS | {ValueKind.RATE},
    AnswerKind.DURATION: {ValueKind.DURATION},
    AnswerKind.TIME: _TIMES | {ValueKind.PERIOD},
}
_EARLIER_YEARS = range(1000, 1900)
"""Numbers of four digits that are years for one who asks when; later ones are read as years anyway."""
_YEAR_DIGITS = 4
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|so that|in order to|caused|led to|thanks to"
    r"|to (?:avoid|prevent|protect|allow|ensure)|given|amid|after|therefore|reasons?|for fear|over concerns?)\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"[“\"«]|\b(?:said|says|told|wrote|stated|added|called|described|demand(?:ed|s)?|insist(?:ed|s)?|argued|claimed"
    r"|warned|according to)\b",
    re.IGNORECASE,
)
_WORDS_BEHIND, _WORDS_BEFORE = 5, 3
"""Words around a number among which the thing stands that it counts."""


def holds_kind(question: Question, sentence: str) -> bool | None:
    """Whether a sentence holds an expected answer that the question does not itself contain; None: no way to tell."""
    match question.kind:
        case AnswerKind.NUMBER | AnswerKind.DURATION | AnswerKind.TIME:
            return bool(_told(question.kind, sentence) - _asked(question))
        case AnswerKind.PERSON | AnswerKind.PLACE:
            return any(not question.terms.keys() >= set(content_terms(name)) for name in names(sentence))
        case AnswerKind.REASON:
            return bool(_REASON.search(sentence))
        case AnswerKind.SAYING:
            return bool(_SAYING.search(sentence))
    return None


def answer_values(question: Question, sentence: str) -> frozenset[str]:
    """Return what in a sentence could be the answer, normalised: numbers, times, or terms of names.

    Left out is what the question itself has, and of several numbers one that the sentence denies ("175, not 150").
    """
    match question.kind:
        case AnswerKind.NUMBER | AnswerKind.DURATION | AnswerKind.TIME:
            return _told(question.kind, sentence) - _asked(question)
        case AnswerKind.PERSON | AnswerKind.PLACE:
            held = frozenset(term for name in names(sentence) for term in content_terms(name))
            return held.difference(question.terms)
    return frozenset()


def counted_nearby(question: Question, sentence: str) -> bool | None:
    """Whether a number stands next to the thing that "how many …" counts; None when nothing is counted."""
    wanted = set(content_terms(question.counted))
    if not wanted:
        return None
    return any(wanted & _words_around(sentence, value) for value in values_in(sentence) if value.kind in _NUMBERS)


def _words_around(sentence: str, value: Value) -> set[str]:
    after = behind(sentence, value.end).split()[:_WORDS_BEHIND]
    return set(content_terms(" ".join([*before(sentence, value.start).split()[-_WORDS_BEFORE:], *after])))


def _told(kind: AnswerKind, sentence: str) -> frozenset[str]:
    """Return the values of a kind in a sentence as equal ones agree, without those denied if it has others."""
    values = [value for value in values_in(sentence) if _is_of(kind, value)]
    if kind is not AnswerKind.TIME:
        values = [value for value in values if not is_denied(sentence, value.start, value.end)] or values
    return frozenset(map(_written, values)) | (relative_days(sentence) if kind is AnswerKind.TIME else frozenset())


def _asked(question: Question) -> frozenset[str]:
    days = relative_days(question.text) if question.kind is AnswerKind.TIME else frozenset()
    return frozenset(_written(value) for value in question.values) | days


def _is_of(kind: AnswerKind, value: Value) -> bool:
    is_year = kind is AnswerKind.TIME and value.amount in _EARLIER_YEARS and value.end - value.start == _YEAR_DIGITS
    return value.kind in _VALUES[kind] or is_year


def _written(value: Value) -> str:
    return f"{value.kind} {value.amount:.12g} {value.unit}".strip()
