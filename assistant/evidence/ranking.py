"""Which sentence answers the question: features of each candidate sentence, and their weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.calibration.likeness import Scale
from assistant.question.expected import counted_nearby, holds_kind
from assistant.question.kinds import AnswerKind, content_terms
from assistant.question.question import Question
from index.embedding.protocol import Embedder, Vectors
from index.types import Hit, Paragraph, Sentence

VALUES = frozenset({AnswerKind.NUMBER, AnswerKind.DURATION, AnswerKind.TIME})
NAMES = frozenset({AnswerKind.PERSON, AnswerKind.PLACE})
MANNERS = frozenset({AnswerKind.REASON, AnswerKind.SAYING})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with where it stands. `vector` is the sentence's own embedding."""

    sentence: Sentence
    paragraph: Paragraph
    hit: Hit
    features: Mapping[str, float]
    score: float
    share: float
    """Softmax of the score over all candidates: how likely this is the sentence that answers, if one does."""
    vector: Vectors
    scale: Scale

    @property
    def place(self) -> tuple[str, int]:
        """Where the sentence stands: its article's id, and the offset in it."""
        return self.hit.article.id, self.sentence.start

    def likeness(self, other: Candidate) -> float:
        """Return how like the sentence is to another's, -1 to 1: a cosine, for every embedder on the scale of one."""
        return float(self.scale.between(self.vector, other.vector))


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence where it stands, with the content terms of what is around it."""

    hit: Hit
    paragraph: Paragraph
    sentence: Sentence
    own: set[str]
    with_before: set[str]
    """Its own terms and those of the sentence before it."""
    passage: set[str]


def rank_sentences(
    question: Question, places: Sequence[tuple[Hit, Paragraph, Sequence[Sentence]]], embedder: Embedder
) -> list[Candidate]:
    """Score every sentence of the given paragraphs, best first."""
    flat = [place for hit, paragraph, sentences in places for place in _places(hit, paragraph, sentences)]
    if not flat:
        return []
    vectors = embedder.embed_passages([place.sentence.text for place in flat])
    best = max(place.hit.score for place in flat)
    scale = question.fitted.scale
    cosines = scale.question(question.vector, vectors)
    features = [_features(question, place, float(cosine), best) for place, cosine in zip(flat, cosines, strict=True)]
    weights = question.fitted.sentence_weights
    scores = [math.fsum(weight * values[name] for name, weight in weights.items()) for values in features]
    exponentials = [math.exp(score - max(scores)) for score in scores]
    total = math.fsum(exponentials)
    candidates = [
        Candidate(place.sentence, place.paragraph, place.hit, values, score, exponential / total, vector, scale)
        for place, values, score, exponential, vector in zip(flat, features, scores, exponentials, vectors, strict=True)
    ]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _places(hit: Hit, paragraph: Paragraph, sentences: Sequence[Sentence]) -> Iterator[_Place]:
    passage = set(content_terms(hit.passage.embedded_text))
    before: set[str] = set()
    for sentence in sentences:
        own = set(content_terms(sentence.text))
        yield _Place(hit, paragraph, sentence, own, own | before, passage)
        before = own


def _features(question: Question, place: _Place, cosine: float, best_hit_score: float) -> dict[str, float]:
    """Return the features of one sentence by name: all between -1 and 1 but the gap, which is at most 0.

    `cosine` and `passage_cosine` compare the question's vector with those of the sentence and of its passage,
    `passage_gap` is the passage's fused score less the best one's, the coverages are weighted shares of the question's
    terms: in the sentence, in it and the one before it, in the passage. `holds_value`, `holds_name` and `holds_manner`
    say that the expected kind of answer is there (a number or time; a person or place; a reason or something said),
    `counted` that a number stands at what "how many" counts, `names` is the share of the question's names that the
    passage has.
    """
    text, dense = place.sentence.text, place.hit.dense_score
    holds = holds_kind(question, text) is True
    counted = counted_nearby(question, text)
    return {
        "cosine": cosine,
        "passage_cosine": 0.0 if dense is None else question.fitted.scale.question_cosine(dense),
        "passage_gap": place.hit.score - best_hit_score,
        "coverage": coverage(question.terms, place.own),
        "coverage_with_before": coverage(question.terms, place.with_before),
        "paragraph_coverage": coverage(question.terms, place.passage),
        "holds_value": float(holds and question.kind in VALUES),
        "holds_name": float(holds and question.kind in NAMES),
        "holds_manner": float(holds and question.kind in MANNERS),
        "counted": float(counted is True),
        "uncounted": float(counted is False),
        "names": _share_named(question.names, place.passage),
    }


def coverage(weighted_terms: Mapping[str, float], found: set[str]) -> float:
    """Return the weighted share of the question's terms that were found, 0 to 1; 1 for a question without terms."""
    total = math.fsum(weighted_terms.values())
    return math.fsum(weight for term, weight in weighted_terms.items() if term in found) / total if total else 1.0


def _share_named(wanted: Sequence[str], found: set[str]) -> float:
    if not wanted:
        return 1.0
    return float(np.mean([set(content_terms(name)) <= found for name in wanted]))
