"""What later articles set aside: an answer leads with what stands now, and shows what stood before beside it.

A figure gives way to a successor only where an article that gives this one says that it is wrong, or where its own
outlet later gives another one. That some other outlet's article is newer makes nothing wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.differing.differences import ASKED, Difference, Side
from assistant.evidence.ranking import Candidate
from assistant.language.types import ValueKind
from assistant.language.values import values_in
from assistant.question.asked_times import is_of_other_time
from assistant.question.question import Question
from assistant.question.wishes import Wish
from assistant.quoting.choosing import MAX_CLAIMS, Quoted

_FIGURES = {ValueKind.COUNT, ValueKind.MONEY, ValueKind.PERCENT}


def current_first(question: Question, chosen: Sequence[Quoted], differences: Sequence[Difference]) -> list[Quoted]:
    """Return the sentences to quote, at most MAX_CLAIMS: before one whose figure is superseded comes what stands now.

    A figure that an article calls wrong is not quoted at all; it remains in the difference, marked. Nothing changes
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
        if outdated.denied_by:
            left = [quoted for quoted in left if quoted not in stating]
        lead, *further = current.candidates
        answering = [*(there or [Quoted(lead, further)]), *left]
    return answering[:MAX_CLAIMS]


def without_superseded(
    question: Question, candidates: Sequence[Candidate], differences: Sequence[Difference]
) -> list[Candidate]:
    """Return the candidates with the paragraphs of a superseded figure replaced by those of its successor.

    Where those were not found, nothing is replaced.
    """
    left = list(candidates)
    for difference, outdated in _outdated(differences):
        current = _successor(question, difference, outdated)
        if current is None:
            continue
        standing = {candidate.paragraph.key for candidate in current.candidates}
        gone = {candidate.paragraph.key for candidate in left if _states(candidate, outdated, current)} - standing
        there = [candidate for candidate in left if candidate.paragraph.key in standing]
        if not there or not gone:
            continue
        first = next(place for place, candidate in enumerate(left) if candidate.paragraph.key in gone | standing)
        others = [candidate for candidate in left[first:] if candidate.paragraph.key not in gone | standing]
        left = [*left[:first], *there, *others]
    return left


def _outdated(differences: Iterable[Difference]) -> list[tuple[Difference, Side]]:
    return [(difference, side) for difference in differences for side in difference.versions if side.superseded]


def _successor(question: Question, difference: Difference, outdated: Side) -> Side | None:
    """Return the version that took the place of a superseded one; None where none did, or the question is not for it.

    That is what an article gives that calls the other wrong, else what an outlet of the other gave later.
    """
    others = [side for side in difference.versions if side is not outdated and not side.denied_by]
    correcting = [side for side in others if outdated.denied_by & {each.hit.article.id for each in side.candidates}]
    later = [side for side in others if _is_later_of_one_outlet(side, outdated)]
    current = next(iter(correcting or later), None)
    if current is None or not _is_asked(question, difference, outdated, current):
        return None
    lead = current.candidates[0]
    if Wish.EARLIER in question.wishes or is_of_other_time(question.times, lead.hit.article, lead.paragraph):
        return None
    return None if question.names_time and not outdated.denied_by else current


def _is_later_of_one_outlet(side: Side, other: Side) -> bool:
    """Whether some outlet gave one version in a later article than the other."""
    newest, before = _newest_of_outlets(side), _newest_of_outlets(other)
    return any(newest[outlet] > before[outlet] for outlet in newest.keys() & before.keys())


def _newest_of_outlets(side: Side) -> dict[str, str]:
    newest: dict[str, str] = {}
    for article in (candidate.hit.article for candidate in side.candidates):
        outlet = article.outlet or article.id
        newest[outlet] = max(newest.get(outlet, ""), str(article.published or ""))
    return newest


def _is_asked(question: Question, difference: Difference, outdated: Side, current: Side) -> bool:
    """Whether the question wants the figure: not something else about it, and not just what the old one belongs to."""
    names_outdated, names_current = (
        any(value.equals(other) for value in values_in(side.value) for other in question.values)
        for side in (outdated, current)
    )
    if names_outdated and not names_current:
        return Wish.YES_OR_NO in question.wishes
    if names_outdated or Wish.DIFFERENCES in question.wishes:
        return True
    kinds = ASKED.get(question.kind, _FIGURES if Wish.FIGURE in question.wishes else set())
    if Wish.MONEY not in question.wishes:
        kinds = kinds - {ValueKind.MONEY}
    return difference.kind in {kind.value for kind in kinds}


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
