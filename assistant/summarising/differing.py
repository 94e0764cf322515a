"""Where articles differ in what a comparison lines up."""

from __future__ import annotations

from assistant.differing.differences import Difference, find_differences, to_show
from assistant.evidence.relating import Relations
from assistant.question.asking import Asked
from assistant.question.question import Question
from assistant.summarising.telling import Told
from assistant.types import Form
from index.search import Searcher

COMPARED = 60
"""Statements among which is looked for other versions: the most salient."""


def differences_in(searcher: Searcher, asked: Asked, told: Told, relations: Relations) -> list[Difference]:
    """Return where the statements of a comparison differ in a value, if it quotes two of the versions; else none."""
    if asked.form is not Form.COMPARISON:
        return []
    question = Question.read(asked.text, searcher.embedder, searcher.rarity)
    salient = sorted(told.statements, key=lambda each: -each.salience)[:COMPARED]
    stated = [each.statement.candidate for group in told.groups for each in group.chosen]
    found = find_differences(question, [each.candidate for each in salient], relations, stated)
    places = {candidate.place for candidate in stated}
    return [difference for difference in to_show(question, found) if _quoted_versions(difference, places) > 1]


def _quoted_versions(difference: Difference, places: set[tuple[str, int]]) -> int:
    return sum(any(each.place in places for each in version.candidates) for version in difference.versions)
