"""What later articles set aside: an answer states what stands now, and shows what stood before beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.asked_times import is_of_other_time
from assistant.disagreement import YES_OR_NO, Difference, Side
from assistant.gate.values import values_in
from assistant.quoting import Quoted
from assistant.ranking import Candidate, Question

_ASKS_FOR_EARLIER = re.compile(
    r"\b(?:(?:at )?first|earl(?:y|ier|iest)|original(?:ly)?|initial(?:ly)?|previous(?:ly)?|before|used to|old(?:er)?"
    r"|wrong(?:ly)?|mistaken(?:ly)?|correct(?:s|ed|ion)?|chang(?:e|es|ed)|differ(?:s|ed)?|(?:dis)?agree)\b",
    re.IGNORECASE,
)


def current_first(question: Question, chosen: Sequence[Quoted], differences: Sequence[Difference]) -> list[Quoted]:
    """Return the sentences to quote with those that are superseded replaced by what stands now, which comes first.

    What stood before remains in the difference, marked as superseded. Nothing is replaced where the question asks for
    what stood before, gives its value alone (but for "is it 150?"), or names a time that what stands now is not about.
    """
    answering = list(chosen)
    for difference in differences:
        current = _standing(question, difference)
        if current is None:
            continue
        outdated = set(_places(_superseded(difference)))
        kept = [quoted for quoted in answering if quoted.candidate.place not in outdated]
        if len(kept) == len(answering):
            continue
        lead, *further = current.candidates
        stating = set(_places([current]))
        there = [quoted for quoted in kept if quoted.candidate.place in stating]
        others = [quoted for quoted in kept if quoted not in there]
        answering = [*(there or [Quoted(lead, further)]), *others]
    return answering


def without_superseded(
    question: Question, candidates: Sequence[Candidate], differences: Sequence[Difference]
) -> list[Candidate]:
    """Return the candidates without those of the paragraphs that state just what is superseded, as far as it shows."""
    outdated, standing = set[str](), set[str]()
    for difference in differences:
        current = _standing(question, difference)
        if current is not None:
            outdated |= {each.paragraph.key for side in _superseded(difference) for each in side.candidates}
            standing |= {each.paragraph.key for each in current.candidates}
    return [candidate for candidate in candidates if candidate.paragraph.key not in outdated - standing]


def _standing(question: Question, difference: Difference) -> Side | None:
    """Return the version that stands now, if another one is superseded and the question is not about that one."""
    superseded = _superseded(difference)
    current = next((side for side in difference.versions if not side.superseded), None)
    if current is None or not superseded or _ASKS_FOR_EARLIER.search(question.text):
        return None
    if not YES_OR_NO.match(question.text) and _named(question, superseded) and not _named(question, [current]):
        return None
    lead = current.candidates[0]
    return None if is_of_other_time(question.text, lead.hit.article, lead.paragraph) else current


def _named(question: Question, sides: Sequence[Side]) -> bool:
    """Whether a question gives the value of one of some versions."""
    named = values_in(question.text)
    return any(value.equals(other) for side in sides for value in values_in(side.value) for other in named)


def _superseded(difference: Difference) -> list[Side]:
    return [side for side in difference.versions if side.superseded]


def _places(sides: Iterable[Side]) -> Iterator[tuple[str, int]]:
    return (candidate.place for side in sides for candidate in side.candidates)
