"""A question, read once: what it asks for, its words and names, its vector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.calibration.fitted import Calibration, calibration
from assistant.question.kinds import Kind, content_terms, expected_kind, names
from index.embedding.protocol import Embedder, Vectors


@dataclass(frozen=True, slots=True)
class Question:
    """A standalone question with what is computed from it once."""

    text: str
    kind: Kind
    terms: Mapping[str, float]
    """Content terms with their weight (rarity in the collection)."""
    names: tuple[str, ...]
    vector: Vectors
    fitted: Calibration
    """The numbers by which its answers are chosen and refused: those of the embedder."""

    @classmethod
    def analyse(
        cls, text: str, embedder: Embedder, rarity: Callable[[str], float], fitted: Calibration | None = None
    ) -> Question:
        """Read a question: expected kind, weighted terms, names, vector."""
        terms = {term: rarity(term) for term in content_terms(text)}
        fitted = fitted or calibration(embedder.name)
        return cls(text, expected_kind(text), terms, tuple(names(text)), embedder.embed_query(text), fitted)
