"""What an answer of many sentences is made of: groups of chosen statements, each under a heading."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from assistant.summarising.selecting import Chosen
from assistant.summarising.statements import Statement

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group:
    """Chosen statements that stand together."""

    heading: str
    """Empty where they need none."""
    chosen: tuple[Chosen, ...]
    day: date | None = None
    """The day that they tell of, in a timeline and among the latest news."""


def grouped(chosen: Iterable[Chosen], key: Callable[[Statement], Key]) -> dict[Key, list[Chosen]]:
    """Return chosen statements by some key, in the order in which the keys come up."""
    groups: dict[Key, list[Chosen]] = {}
    for each in chosen:
        groups.setdefault(key(each.statement), []).append(each)
    return groups


def as_written(chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Return chosen statements by article, in the order in which these come up; those of each as it is written."""
    articles = grouped(chosen, lambda statement: statement.article.id)
    return tuple(
        each for own in articles.values() for each in sorted(own, key=lambda other: other.statement.sentence.start)
    )
