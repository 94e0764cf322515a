"""Cosines of any embedder on one scale.

Embedders differ in how alike they hold texts that have nothing to do with each other: pairs of sentences of the sample
collection have a median cosine of .12 with MiniLM, and of .79 with multilingual-e5. Every weight and threshold is said
in MiniLM's cosines. For another embedder the quantiles of its cosines over the same pairs are laid on MiniLM's, so that
as many pairs pass a threshold as do there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.embedding.protocol import Vectors

Knots = Sequence[tuple[float, float]]
"""Pairs (cosine of the embedder, cosine of MiniLM), both rising; between them lies a straight line. None: as it is."""
QUANTILES = (0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999)
"""Of the cosines of all pairs: further out, the sample collection has too few. From the last on, to 1 and 1."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How an embedder's cosines become MiniLM's: of questions with texts, of sentences, of single words."""

    questions: Knots = field(default=())
    sentences: Knots = field(default=())
    words: Knots = field(default=())

    def question(self, vector: Vectors, texts: Vectors) -> Vectors:
        """Return how like a question is to texts: shapes (dimension,) and (texts, dimension), to (texts,)."""
        return _scaled(texts @ vector, self.questions)

    def question_cosine(self, cosine: float) -> float:
        """Return the same for a cosine that is known."""
        return float(_scaled(np.asarray(cosine), self.questions))

    def between(self, one: Vectors, other: Vectors) -> Vectors:
        """Return how like sentences are: shapes (rows, dimension) and (columns, dimension), to (rows, columns)."""
        return _scaled(one @ other.T, self.sentences)

    def between_words(self, one: Vectors, other: Vectors) -> Vectors:
        """Return how like words are, in the same shapes."""
        return _scaled(one @ other.T, self.words)


def quantile_knots(cosines: NDArray[np.float32], reference: NDArray[np.float32]) -> Knots:
    """Return the knots that lay the cosines of pairs on a reference's cosines of the same pairs."""
    own, known = (np.quantile(values, QUANTILES) for values in (cosines, reference))
    pairs = [(round(float(one), 4), round(float(other), 4)) for one, other in zip(own, known, strict=True)]
    return (*(pair for pair in pairs if pair[0] < 1), (1.0, 1.0))


def _scaled(cosines: NDArray[np.float32], knots: Knots) -> Vectors:
    """Return cosines on MiniLM's scale; those below the first knot go on along the first line."""
    if not knots:
        return cosines
    own, known = np.asarray(knots, dtype=np.float64).T
    scaled = np.interp(cosines, own, known)
    slope = (known[1] - known[0]) / max(own[1] - own[0], 1e-6)
    scaled += np.minimum(cosines - own[0], 0) * slope
    return np.asarray(np.clip(scaled, -1.0, 1.0), dtype=np.float32)
