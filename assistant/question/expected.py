"""What a sentence holds of the kind that a question expects: a number, a time, a name, a reason, something said."""

from __future__ import annotations

from assistant.language.times import relative_days
from assistant.language.types import Value, ValueKind
from assistant.language.values import is_denied, values_in
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
