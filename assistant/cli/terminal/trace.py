"""What `ask --trace` prints: each step with its time and all that it worked with, prompts as the model read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.trace import Step, Trace

_INDENT = "    "


def trace_lines(trace: Trace) -> Iterator[str]:
    """Yield the lines that show a trace; the last is the sum of the times."""
    for step in trace.steps:
        yield from _step(step)
    yield f"total  {sum(step.seconds for step in trace.steps):.3f} s"


def _step(step: Step) -> Iterator[str]:
    yield f"{step.name}  {step.seconds:.3f} s"
    for name, value in step.details.items():
        yield from _value(name, value)


def _value(name: str, value: Any) -> Iterator[str]:
    match value:
        case [*items] if items:
            yield f"{_INDENT}{name}:"
            for number, item in enumerate(items, start=1):
                yield from _item(number, item)
        case dict() if value:
            yield f"{_INDENT}{name}: {_pairs(value)}"
        case str() if "\n" in value:
            yield f"{_INDENT}{name}:"
            yield from (f"{_INDENT}{_INDENT}| {line}" for line in value.splitlines())
        case _:
            yield f"{_INDENT}{name}: {_short(value)}"


def _item(number: int, item: Any) -> Iterator[str]:
    if isinstance(item, str):
        first, *others = item.splitlines() or [""]
        yield f"{_INDENT}{_INDENT}{number}. {first}"
        yield from (f"{_INDENT}{_INDENT}   {line}" for line in others)
    elif isinstance(item, Mapping):
        flat = {key: value for key, value in item.items() if not isinstance(value, Mapping)}
        yield f"{_INDENT}{_INDENT}{number}. {_pairs(flat)}"
        for key, value in item.items():
            if isinstance(value, Mapping):
                yield f"{_INDENT}{_INDENT}   {key}: {_pairs(value)}"
    else:
        yield f"{_INDENT}{_INDENT}{number}. {_short(item)}"


def _pairs(values: Mapping[str, Any]) -> str:
    return "  ".join(f"{key} {_short(value)}" for key, value in values.items())


def _short(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "–" if value is None else str(value)
