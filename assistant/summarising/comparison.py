"""A comparison: what each outlet, thing or time has to say, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.answers.wording import day as day_in_words
from assistant.evidence.relating import Relations
from assistant.language.times import MONTH_NUMBERS
from assistant.question.kinds import content_terms
from assistant.question.sides import SideKind, Sides
from assistant.summarising.groups import Group, as_written
from assistant.summarising.selecting import select
from assistant.summarising.statements import Statement

MOST_SIDES = 6
SENTENCES = 14
FEWEST = 2
"""Sentences of each side at least, as far as there are any."""


def comparison(
    statements: Sequence[Statement], sides: Sides, relations: Relations, *, count: int | None = None
) -> list[Group]:
    """Choose what each side says; where no sides can be told, what each outlet, else each article says."""
    parted = _parted(statements, sides)
    if len(parted) < 2 and sides.kind is not SideKind.UNSAID:  # noqa: PLR2004 - nothing to compare
        parted = _parted(statements, Sides(SideKind.UNSAID))
    shown = parted[:MOST_SIDES]
    each = max(FEWEST, (count or SENTENCES) // max(1, len(shown)))
    groups = [(heading, select(own, each, relations, heard=0.2)) for heading, own in shown]
    return [Group(heading if len(groups) > 1 else "", as_written(chosen)) for heading, chosen in groups if chosen]


def _parted(statements: Sequence[Statement], sides: Sides) -> list[tuple[str, list[Statement]]]:
    """Return the statements of each side under its heading."""
    match sides.kind:
        case SideKind.OUTLETS:
            return _by_outlet(statements, sides.named)
        case SideKind.THINGS:
            return [(thing, own) for thing in sides.named if (own := _about(statements, thing, sides.named))]
        case SideKind.TIMES:
            return [(time, own) for time in sides.named if (own := _of_time(statements, time))]
        case SideKind.CHANGES:
            return _by_day(statements)
    outlets = _by_outlet(statements, ())
    return outlets if len(outlets) > 1 else _by_article(statements)


def _by_outlet(statements: Sequence[Statement], named: Sequence[str]) -> list[tuple[str, list[Statement]]]:
    found: dict[str, list[Statement]] = {outlet: [] for outlet in named}
    for statement in statements:
        outlet = statement.article.outlet
        if outlet and (not named or outlet in found):
            found.setdefault(outlet, []).append(statement)
    return [(outlet, own) for outlet, own in found.items() if own]


def _by_article(statements: Sequence[Statement]) -> list[tuple[str, list[Statement]]]:
    found: dict[str, tuple[str, list[Statement]]] = {}
    for statement in statements:
        found.setdefault(statement.article.id, (statement.article.name, []))[1].append(statement)
    return list(found.values())


def _by_day(statements: Sequence[Statement]) -> list[tuple[str, list[Statement]]]:
    """Return the earliest day on which articles appeared, and the newest ones."""
    days: dict[date, list[Statement]] = {}
    for statement in statements:
        if statement.article.published:
            days.setdefault(statement.article.published, []).append(statement)
    ordered = sorted(days)
    shown = [*ordered[:1], *ordered[1:][-3:]]
    return [(day_in_words(day.isoformat()), days[day]) for day in shown]


def _about(statements: Sequence[Statement], thing: str, things: Sequence[str]) -> list[Statement]:
    """Return what is told of one thing: its name is in the sentence, else in paragraph or title, and no other there."""
    name = frozenset(content_terms(thing))
    others = [frozenset(content_terms(other)) for other in things if other != thing]
    found = []
    for each in statements:
        around = frozenset(content_terms(f"{each.article.title or ''} {each.paragraph.text}"))
        elsewhere = any(other <= each.terms for other in others)
        if name <= each.terms or (name <= around and not elsewhere):
            found.append(each)
    return found


def _of_time(statements: Sequence[Statement], time: str) -> list[Statement]:
    """Return what articles of a month, year or day told: those whose date has all that the words name."""
    words = [word.strip(".,").lower() for word in time.split()]
    months = {MONTH_NUMBERS[word] for word in words if word in MONTH_NUMBERS}
    numbers = {int(digits) for word in words if (digits := word.rstrip("stndrh")).isdigit()}

    def fits(day: date | None) -> bool:
        if day is None or (months and day.month not in months):
            return False
        return all(number in {day.year, day.day} for number in numbers)

    return [each for each in statements if fits(each.article.published)]
