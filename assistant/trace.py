"""What happened on the way to an answer: each step with its time, and what it worked with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.models.chat_model import ChatModel


@dataclass(slots=True)
class Step:
    """One step: seconds it took, and details by name, as JSON can hold them."""

    name: str
    seconds: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)


class Trace:
    """Collects the steps of one answer."""

    def __init__(self, model: ChatModel | None = None) -> None:
        self.steps: list[Step] = []
        self._before = asdict(model.usage) if model else {}

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Time what is done inside, and let it note details."""
        step = Step(name)
        self.steps.append(step)
        started = time.perf_counter()
        try:
            yield step.details
        finally:
            step.seconds = time.perf_counter() - started

    def timings(self) -> dict[str, float]:
        """Return the seconds by step; those of steps of one name are summed."""
        seconds: dict[str, float] = {}
        for step in self.steps:
            seconds[step.name] = seconds.get(step.name, 0.0) + step.seconds
        return {name: round(value, 4) for name, value in seconds.items()}

    def used(self, model: ChatModel | None) -> dict[str, float]:
        """Return what the model used since the trace began: calls, tokens, dollars; nothing without a model."""
        if model is None:
            return {}
        used = {name: value - self._before.get(name, 0) for name, value in asdict(model.usage).items()}
        return used if used["calls"] else {}

    def to_json(self) -> list[dict[str, Any]]:
        """Return the steps as plain values for `json.dumps`."""
        return [asdict(step) for step in self.steps]
