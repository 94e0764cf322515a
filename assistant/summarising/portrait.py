"""Who or what something named is: the sentences that say it, what newer articles say before what older ones do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.evidence.relating import Relations
from assistant.question.kinds import content_terms
from assistant.summarising.groups import Group
from assistant.summarising.selecting import Chosen, select
from assistant.summarising.statements import Statement

SENTENCES = 5
NAMED = 1.5
"""Salience added to a sentence that has the name itself."""
TELLS_FROM = 0.5
"""Probability by the reader from which a sentence says who somebody is; of such, the newest comes first."""


def portrait(
    statements: Sequence[Statement], topic: str, relations: Relations, *, count: int | None = None
) -> list[Group]:
    """Choose the sentences that say who or what the topic names."""
    name = content_terms(topic)[-1:]
    weighed = [replace(each, salience=each.salience + NAMED * each.terms.issuperset(name)) for each in statements]
    chosen = select(weighed, count or SENTENCES, relations, heard=0.2)
    telling = [each for each in chosen if each.statement.answers >= TELLS_FROM]
    telling.sort(key=_published, reverse=True)
    return [Group("", (*telling, *(each for each in chosen if each not in telling)))] if chosen else []


def _published(chosen: Chosen) -> date:
    return chosen.statement.article.published or date.min
