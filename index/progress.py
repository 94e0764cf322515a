"""What a long run tells: how far it has come, and what it did in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from index.types import PassedOver, Unreadable


class Progress(Protocol):
    """Where a long run reports to."""

    def start(self, what: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self, steps: int) -> None:
        """Say that steps are done."""


class Silent:
    """Reports nothing."""

    def start(self, what: str, total: int) -> None:
        """Ignore the stage."""

    def advance(self, steps: int) -> None:
        """Ignore the steps."""


@dataclass(slots=True)
class AddReport:
    """What an `add` did, by article id; `failed` holds what could not be read, and why."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    """Articles of an earlier run that was cut short."""
    failed: list[Unreadable] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    """Files in the folders that are of a kind that is not read."""
