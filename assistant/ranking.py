"""Which sentence answers the question: features of each candidate sentence, and their weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.calibration import calibration
from assistant.questions import Kind, content_terms, counted_nearby, expected_kind, holds_kind, names
from index.embedding import Embedder, Vectors
from index.types import Hit, Paragraph, Sentence

VALUES = frozenset({Kind.NUMBER, Kind.DURATION, Kind.TIME})
NAMES = frozenset({Kind.PERSON, Kind.PLACE})
MANNERS = frozenset({Kind.REASON, Kind.SAYING})


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


@dataclass(frozen=True, slots=True)
class Question:
    """A standalone question with what is computed from it once."""

    text: str
    kind: Kind
    terms: Mapping[str, float]
    """Content terms with their weight (rarity in the collection)."""
    names: tuple[str, ...]
    vector: Vectors

    @classmethod
    def analyse(cls, text: str, embedder: Embedder, rarity: Callable[[str], float]) -> Question:
        """Read a question: expected kind, weighted terms, names, vector."""
        terms = {term: rarity(term) for term in content_terms(text)}
        return cls(text, expected_kind(text), terms, tuple(names(text)), embedder.embed_query(text))


def rank_sentences(
    question: Question, places: Sequence[tuple[Hit, Paragraph, Sequence[Sentence]]], embedder: Embedder
) -> list[Candidate]:
    """Score every sentence of the given paragraphs, best first."""
    flat = [
        (hit, paragraph, sentence, before)
        for hit, paragraph, sentences in places
        for sentence, before in zip(sentences, ("", *(earlier.text for earlier in sentences)), strict=False)
    ]
    if not flat:
        return []
    vectors = embedder.embed_passages([sentence.text for _, _, sentence, _ in flat])
    best = max(hit.score for hit, _, _, _ in flat)
    features = [
        sentence_features(question, hit, sentence, before, float(vector @ question.vector), best)
        for (hit, _, sentence, before), vector in zip(flat, vectors, strict=True)
    ]
    weights = calibration().sentence_weights
    scores = [math.fsum(weight * values[name] for name, weight in weights.items()) for values in features]
    exponentials = [math.exp(score - max(scores)) for score in scores]
    total = math.fsum(exponentials)
    candidates = [
        Candidate(sentence, paragraph, hit, values, score, exponential / total, vector)
        for (hit, paragraph, sentence, _), values, score, exponential, vector in zip(
            flat, features, scores, exponentials, vectors, strict=True
        )
    ]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def sentence_features(
    question: Question, hit: Hit, sentence: Sentence, before: str, cosine: float, best_hit_score: float
) -> dict[str, float]:
    """Return the features of one sentence by name: all between -1 and 1 but the gap, which is at most 0.

    `cosine` and `passage_cosine` compare the question's vector with those of the sentence and of its passage,
    `passage_gap` is the passage's fused score less the best one's, the coverages are weighted shares of the question's
    terms: in the sentence, in it and the one `before` it, in the passage. `holds_value`, `holds_name` and
    `holds_manner` say that the expected kind of answer is there (a number or time; a person or place; a reason or
    something said), `counted` that a number stands at what "how many" counts, `names` is the share of the question's
    names that the passage has.
    """
    surroundings = set(content_terms(hit.passage.embedded_text))
    own = set(content_terms(sentence.text))
    holds = holds_kind(question.kind, sentence.text, question.text) is True
    counted = counted_nearby(sentence.text, question.text)
    return {
        "cosine": cosine,
        "passage_cosine": hit.dense_score or 0.0,
        "passage_gap": hit.score - best_hit_score,
        "coverage": coverage(question.terms, own),
        "coverage_with_before": coverage(question.terms, own.union(content_terms(before))),
        "paragraph_coverage": coverage(question.terms, surroundings),
        "holds_value": float(holds and question.kind in VALUES),
        "holds_name": float(holds and question.kind in NAMES),
        "holds_manner": float(holds and question.kind in MANNERS),
        "counted": float(counted is True),
        "uncounted": float(counted is False),
        "names": _share_named(question.names, surroundings),
    }


def coverage(weighted_terms: Mapping[str, float], found: set[str]) -> float:
    """Return the weighted share of the question's terms that were found, 0 to 1; 1 for a question without terms."""
    total = math.fsum(weighted_terms.values())
    return math.fsum(weight for term, weight in weighted_terms.items() if term in found) / total if total else 1.0


def _share_named(wanted: Sequence[str], found: set[str]) -> float:
    if not wanted:
        return 1.0
    return float(np.mean([set(content_terms(name)) <= found for name in wanted]))
