"""How much speaks for quoting a sentence in an answer of many: a logistic model over what is known of it.

How much of what all the sentences speak of is in it weighs most, and how many names; then what the reader finds in it
for the question, and where it stands. `python -m eval.fitting.salience` fits the weights.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from assistant.evidence.ranking import header, sentences_inside
from assistant.evidence.scope import Scope
from assistant.language.names import names_in
from assistant.language.values import values_in
from assistant.reader.reader import Reader
from assistant.reader.types import Passage as Text
from assistant.summarising.statements import Statement
from index.library.library import Library

_EDGE = 1e-3
_MOST_NAMES, _MOST_VALUES, _MOST_WORDS = 6, 3, 40
"""Beyond so many, more of them say nothing further."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a sentence, each about 0 to 1."""

    relevance: float
    lead: float
    covered: float
    covered_itself: float
    carries: float
    leans: float
    answers: float
    """Of its passage, as a logit over 5."""
    holds: float
    """Of itself, as a logit over 5."""
    names: float
    values: float
    words: float
    quotes: float


WEIGHTS = Features(
    relevance=0.33, lead=0.58, covered=0.24, covered_itself=-0.24, carries=2.46, leans=-0.28, answers=0.42, holds=0.75,
    names=1.00, values=0.39, words=0.66, quotes=0.34,
)  # fmt: skip
"""Fitted on 56 open wide cases (eval/data/wide.jsonl). Left out in turn, .82 of what these must say is said; without
what the reader finds .82 as well: it helps with opinions and who somebody is, not with overviews and timelines."""


def weighed(
    library: Library, question: str, scope: Scope, statements: Sequence[Statement], reader: Reader
) -> list[Statement]:
    """Return the statements with their salience and what the reader finds in them."""
    found = features_of(library, question, scope, statements, reader)
    return [
        replace(each, salience=_weight(features), answers=_probability(features.answers) * _probability(features.holds))
        for each, features in zip(statements, found, strict=True)
    ]


def features_of(
    library: Library, question: str, scope: Scope, statements: Sequence[Statement], reader: Reader
) -> list[Features]:
    """Return what is known of each statement."""
    read = _read(library, question, statements, reader)
    carried = _carried(statements)
    most = max(carried, default=0.0) or 1.0
    found = []
    for each, carries in zip(statements, carried, strict=True):
        answers, holds = read[each.hit.passage.id, each.sentence.start]
        found.append(
            Features(
                relevance=each.relevance,
                lead=each.lead,
                covered=each.covered,
                covered_itself=scope.covered(each.terms),
                carries=carries / most,
                leans=float(each.leans),
                answers=_logit(answers) / 5,
                holds=_logit(holds) / 5,
                names=min(1.0, len(names_in(each.text)) / _MOST_NAMES),
                values=min(1.0, len(values_in(each.text)) / _MOST_VALUES),
                words=min(1.0, len(each.text.split()) / _MOST_WORDS),
                quotes=float("“" in each.text or '"' in each.text),
            )
        )
    return found


def _weight(features: Features) -> float:
    return float(sum(weight * value for weight, value in zip(astuple(WEIGHTS), astuple(features), strict=True)))


def _read(
    library: Library, question: str, statements: Sequence[Statement], reader: Reader
) -> dict[tuple[str, int], tuple[float, float]]:
    """Read the statements' passages; return, by passage and start of sentence, what answers: passage and sentence."""
    hits = {each.hit.passage.id: each.hit for each in statements}
    paragraphs = {hit.article.id: library.paragraphs(hit.article) for hit in hits.values()}
    placed = []
    for hit in hits.values():
        own = paragraphs[hit.article.id]
        sentences = [sentence for each in own for sentence in sentences_inside(hit, each)]
        placed.append((hit, sentences, Text.of(hit.passage.text, sentences, hit.passage.start, header(hit, own))))
    readings = reader.answers(question, [text for _, _, text in placed])
    return {
        (hit.passage.id, sentence.start): (reading.answers, holds)
        for (hit, sentences, _), reading in zip(placed, readings, strict=True)
        for sentence, holds in zip(sentences, reading.sentences, strict=True)
    }


def _carried(statements: Sequence[Statement]) -> list[float]:
    """Return for each sentence the mean share, among all, of what it speaks of."""
    spoken = Counter(term for statement in statements for term in statement.terms)
    total = sum(spoken.values()) or 1
    return [sum(spoken[term] for term in each.terms) / (len(each.terms) or 1) / total for each in statements]


def _logit(probability: float) -> float:
    bounded = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1 - bounded))


def _probability(fifth_of_logit: float) -> float:
    return 1 / (1 + math.exp(-5 * fifth_of_logit))
