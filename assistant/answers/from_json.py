"""Read stored answers back: what `Answer.to_json` wrote, now or with an earlier version, becomes an Answer again."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from assistant.safe_text import whole_characters
from assistant.types import Answer, Outcome
from index.errors import UsageError

_LARGEST = 2**53
"""Whole numbers beyond this are no offsets, and do not survive every reader of JSON."""
_SHOWN_CHARACTERS = 60
_HOW_TO_MAKE = 'Make one like this: pullquote ask "What was agreed?" --json > answer.json'


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A line of a batch that holds no answer, and why."""

    line: int
    reason: str


def answer_from_json(value: object) -> Answer:
    """Return the answer that a JSON object holds; fields that it lacks get defaults, others are passed over.

    Halves of characters, which no file could hold, become the replacement sign. Raises UsageError, naming the field,
    when it is no answer.
    """
    try:
        answer = _read(Answer, value, "")
    except RecursionError:
        raise UsageError("This is no answer: it is nested too deeply.") from None
    if not isinstance(answer, Answer):
        raise TypeError(type(answer))
    _check_sections(answer)
    if isinstance(value, Mapping) and "outcome" not in value:
        return replace(answer, outcome=Outcome.ANSWERS if answer.answered else Outcome.NO_ANSWER)
    return answer


def _check_sections(answer: Answer) -> None:
    """Raise UsageError where a section names a claim that is not there, or that another place names."""
    seen: set[int] = set()
    for number, section in enumerate(answer.sections):
        for position, claim in enumerate(section.claims):
            place = f"sections[{number}].claims[{position}]"
            if not 0 <= claim < len(answer.claims):
                raise _not_one(place, f"the place of one of the {len(answer.claims)} claims, counted from 0", claim)
            if claim in seen:
                raise _not_one(place, "a claim that no other section has, nor this one twice", claim)
            seen.add(claim)


def answers_in(text: str, name: str) -> Iterator[Answer | NoAnswer]:
    """Yield the answers of a file: one answer, a list, an exported conversation, or a batch with one a line.

    Lines of a batch that hold no answer are yielded as such. Raises UsageError, with `name`, when there is none at all.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise UsageError(f"{name} holds no answer: it is nested too deeply. {_HOW_TO_MAKE}") from None
    except ValueError:
        yield from _in_lines(text, name)
        return
    match value:
        case {"turns": [*items]}:
            found = [item.get("answer") if isinstance(item, dict) else item for item in items]
        case [*items]:
            found = items
        case _:
            found = [value]
    if not found:
        raise UsageError(f"{name} holds no answer. {_HOW_TO_MAKE}")
    for item in found:
        try:
            yield answer_from_json(item)
        except UsageError as error:
            raise UsageError(f"{name}: {error} {_HOW_TO_MAKE}") from None


def _in_lines(text: str, name: str) -> Iterator[Answer | NoAnswer]:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    found = [_in_line(number, line) for number, line in lines]
    if not any(isinstance(entry, Answer) for entry in found):
        raise UsageError(f"{name} holds no answer. {_HOW_TO_MAKE}")
    yield from found


def _in_line(number: int, line: str) -> Answer | NoAnswer:
    try:
        return answer_from_json(json.loads(line))
    except (UsageError, RecursionError) as error:
        return NoAnswer(number, str(error))
    except ValueError:
        return NoAnswer(number, "This is not JSON.")


# --- by type -------------------------------------------------------------------------------------------------------


@cache
def _fields_of(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """Return name, type and whether there is a default, for each field."""
    hints = get_type_hints(kind)
    return tuple(
        (entry.name, hints[entry.name], entry.default is not MISSING or entry.default_factory is not MISSING)
        for entry in fields(kind)
    )


def _read(kind: Any, value: Any, place: str) -> Any:
    """Return `value` as `kind`, one of the types that an answer is made of."""
    origin = get_origin(kind)
    if origin is types.UnionType:
        if value is None and type(None) in get_args(kind):
            return None
        return _read(next(option for option in get_args(kind) if option is not type(None)), value, place)
    if origin is Literal:
        if value in get_args(kind):
            return value
        raise _not_one(place, " or ".join(get_args(kind)), value)
    if origin is tuple:
        items = _read_list(get_args(kind)[0], value, place)
        if get_args(kind)[-1] is not ... and len(items) != len(get_args(kind)):
            raise _not_one(place, f"a list of {len(get_args(kind))}", value)
        return items
    if origin is not None and issubclass(origin, Mapping):
        return {str(name): _read(get_args(kind)[1], item, f"{place}.{name}") for name, item in _object(value, place)}
    if is_dataclass(kind):
        return _read_object(kind, value, place)
    return _read_plain(kind, value, place)


def _read_list(kind: Any, value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _not_one(place, "a list", value)
    return tuple(_read(kind, item, f"{place}[{position}]") for position, item in enumerate(value))


def _read_object(kind: Any, value: Any, place: str) -> Any:
    given = dict(_object(value, place))
    read: dict[str, Any] = {}
    for name, field_kind, has_default in _fields_of(kind):
        inside = f"{place}.{name}" if place else name
        if name in given:
            read[name] = _read(field_kind, given[name], inside)
        elif not has_default:
            raise UsageError(f"This is no answer: {inside} is missing.")
    return kind(**read)


def _object(value: Any, place: str) -> Iterator[tuple[Any, Any]]:
    if not isinstance(value, Mapping):
        raise _not_one(place, "an object", value)
    return iter(value.items())


def _read_plain(kind: Any, value: Any, place: str) -> Any:
    if kind is str and isinstance(value, str):
        return whole_characters(value)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return float(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        raise _not_one(place, " or ".join(kind), value)
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}
    raise _not_one(place, names.get(kind, "something else"), value)


def _not_one(place: str, wanted: str, value: Any) -> UsageError:
    shown = repr(value)
    shown = shown if len(shown) <= _SHOWN_CHARACTERS else shown[: _SHOWN_CHARACTERS - 1] + "…"
    return UsageError(f"This is no answer: {place or 'it'} must be {wanted}, not {shown}.")
