"""What later articles set aside: an answer leads with what stands now, and shows what stood before beside it.

A figure gives way to a successor only where an article says that it is not right, or where its own outlet later gives
another one. That some other outlet's article is newer makes nothing wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.asked_times import is_of_other_time, times_asked
from assistant.disagreement import ABOUT_FIGURES, ASKED, YES_OR_NO, Difference, Side
from assistant.gate.types import ValueKind
from assistant.gate.values import values_in
from assistant.quoting import MAX_CLAIMS, Quoted
from assistant.ranking import Candidate, Question

_REPORTING = r"(?:sa(?:id|ys?)|report(?:ed)?|gave|given?|put|thought|announced?|stated?|named?|print(?:ed)?)"
_ASKS_FOR_EARLIER = re.compile(
    r"\b(?:first|earl(?:y|ier|iest)|original|initial|previous|older?|wrong|mistaken|incorrect)\s+(?:\w+\s+){0,2}?"
    r"(?:report|figure|number|version|count|toll|estimate|account|summary)s?\b"
    rf"|\b(?:originally|initially|previously|formerly|at first|first|earlier|wrongly)\s+(?:\w+\s+)?{_REPORTING}\b"
    rf"|\b{_REPORTING}\s+(?:\w+\s+){{0,3}}?(?:originally|initially|previously|at first|first|earlier)\b"
    r"|\bused to\b|\bat the time\b|\bbefore (?:the|it|its) correct",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\b(?:number|figure|amount|total|toll|count|sum)s?\b", re.IGNORECASE)
_OTHER_TIMES = re.compile(r"\b(?:today|yesterday|tonight|tomorrow|so far|until|by (?:noon|midnight))\b", re.IGNORECASE)


def current_first(question: Question, chosen: Sequence[Quoted], differences: Sequence[Difference]) -> list[Quoted]:
    """Return the sentences to quote, at most MAX_CLAIMS: before one whose figure is superseded comes what stands now.

    A figure that an article sets aside is not quoted at all; it remains in the difference, marked. Nothing changes
    where the question asks for what stood before, or the figure is not what it asks for.
    """
    answering = list(chosen)
    for difference, outdated in _outdated(differences):
        current = _successor(question, difference, outdated)
        stating = [quoted for quoted in answering if current and _states(quoted.candidate, outdated, current)]
        if current is None or not stating:
            continue
        places = {candidate.place for candidate in current.candidates}
        there = [quoted for quoted in answering if quoted.candidate.place in places]
        left = [quoted for quoted in answering if quoted not in there]
        if outdated.rejected:
            left = [quoted for quoted in left if quoted not in stating]
        lead, *further = current.candidates
        answering = [*(there or [Quoted(lead, further)]), *left]
    return answering[:MAX_CLAIMS]


def without_superseded(
    question: Question, candidates: Sequence[Candidate], differences: Sequence[Difference]
) -> list[Candidate]:
    """Return the candidates without the paragraphs of a superseded figure, if those of its successor are among them."""
    left = list(candidates)
    for difference, outdated in _outdated(differences):
        current = _successor(question, difference, outdated)
        if current is None:
            continue
        standing = {candidate.paragraph.key for candidate in current.candidates}
        if standing.isdisjoint(candidate.paragraph.key for candidate in left):
            continue
        gone = {candidate.paragraph.key for candidate in left if _states(candidate, outdated, current)} - standing
        left = [candidate for candidate in left if candidate.paragraph.key not in gone]
    return left


def _outdated(differences: Iterable[Difference]) -> list[tuple[Difference, Side]]:
    return [(difference, side) for difference in differences for side in difference.versions if side.superseded]


def _successor(question: Question, difference: Difference, outdated: Side) -> Side | None:
    """Return the version that took the place of a superseded one; None where none did, or the question is not for it.

    That is the newest of its own outlet; else, where an article sets it aside, the first that stands.
    """
    others = [side for side in difference.versions if side is not outdated and not side.rejected]
    own = [side for side in others if _outlets(side) & _outlets(outdated) and _newest(side) >= _newest(outdated)]
    standing = [side for side in others if not side.superseded] if outdated.rejected else []
    current = max(own, key=_newest, default=next(iter(standing), None))
    if current is None or not _is_asked(question, outdated, current) or _ASKS_FOR_EARLIER.search(question.text):
        return None
    lead = current.candidates[0]
    if is_of_other_time(question.text, lead.hit.article, lead.paragraph):
        return None
    return None if _names_time(question) and not outdated.rejected else current


def _is_asked(question: Question, outdated: Side, current: Side) -> bool:
    """Whether the question wants the figure: not something else about it, and not just what the old one belongs to."""
    named = values_in(question.text)
    names_outdated, names_current = (
        any(value.equals(other) for value in values_in(side.value) for other in named) for side in (outdated, current)
    )
    if names_outdated and not names_current:
        return bool(YES_OR_NO.match(question.text))
    by_words = ABOUT_FIGURES.search(question.text) or _FIGURE.search(question.text)
    return names_outdated or question.kind in ASKED or bool(by_words)


def _names_time(question: Question) -> bool:
    """Whether a question is about some day, so that what was reported later may not be what it wants."""
    weekdays = any(value.kind is ValueKind.WEEKDAY for value in values_in(question.text))
    return weekdays or bool(times_asked(question.text)) or bool(_OTHER_TIMES.search(question.text))


def _states(candidate: Candidate, outdated: Side, current: Side) -> bool:
    """Whether a sentence states a superseded figure, as one of its version's sentences or in one of their articles."""
    if candidate.place in {other.place for other in outdated.candidates}:
        return True
    if candidate.hit.article.id not in {other.hit.article.id for other in outdated.candidates}:
        return False
    stated = values_in(candidate.sentence.text)
    of_outdated, of_current = (
        any(value.equals(other) for value in values_in(side.value) for other in stated) for side in (outdated, current)
    )
    return of_outdated and not of_current


def _outlets(side: Side) -> set[str]:
    return {candidate.hit.article.outlet or candidate.hit.article.id for candidate in side.candidates}


def _newest(side: Side) -> str:
    return max(str(candidate.hit.article.published or "") for candidate in side.candidates)
