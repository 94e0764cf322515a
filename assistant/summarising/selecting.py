"""Which sentences are quoted: those for which most speaks, none that repeats another, no article heard alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.evidence.relating import Relations
from assistant.summarising.statements import Statement

SAME_FROM = 0.6
"""Share of the shorter sentence's content terms in another one from which they say the same; .5 to .8 do as well."""
ALIKE_FROM = 0.35
"""The same from which the reader is asked whether one sentence bears out the other."""
HEARD = 0.3
"""Salience taken off for each sentence of its article that is chosen already."""
MOST_SUPPORTERS = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """A statement that is quoted, with others that bear it out."""

    statement: Statement
    supporters: list[Statement] = field(default_factory=list)


def select(
    statements: Sequence[Statement], count: int, relations: Relations, *, heard: float = HEARD,
    before: Sequence[Chosen] = (),
) -> list[Chosen]:  # fmt: skip
    """Choose up to so many statements, the most salient first.

    One that repeats a chosen one, or one chosen `before`, is left out; if it stands in another article and bears that
    one out, it becomes its further source.
    """
    chosen: list[Chosen] = []
    of_article: Counter[str] = Counter()
    left = list(statements)
    while left and len(chosen) < count:
        best = max(left, key=lambda each: each.salience - heard * of_article[each.article.id])
        left.remove(best)
        if _told(best, [*before, *chosen], relations):
            continue
        chosen.append(Chosen(best))
        of_article[best.article.id] += 1
    return chosen


def overlap(one: Statement, other: Statement) -> float:
    """Return the share of the shorter statement's content terms that the other has, too: 0 to 1."""
    fewest = min(len(one.terms), len(other.terms))
    return len(one.terms & other.terms) / fewest if fewest else 0.0


def _told(statement: Statement, chosen: Sequence[Chosen], relations: Relations) -> bool:
    """Whether a chosen statement says the same; then this one becomes its supporter where it bears all of it out."""
    for other in chosen:
        alike = overlap(statement, other.statement)
        if alike < ALIKE_FROM:
            continue
        elsewhere = statement.article.id != other.statement.article.id
        if elsewhere and relations.states(other.statement.candidate, statement.candidate):
            named = {each.article.id for each in other.supporters}
            if statement.article.id not in named and len(other.supporters) < MOST_SUPPORTERS:
                other.supporters.append(statement)
            return True
        if alike >= SAME_FROM and not (elsewhere and relations.at_odds(other.statement.candidate, statement.candidate)):
            return True
    return False
