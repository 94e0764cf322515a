"""Fit how an embedder's cosines become MiniLM's, on the sentences, words and questions of a collection."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.calibration.likeness import Scale, quantile_knots
from assistant.language.words import content_tokens
from eval.cases import Case, split
from index.embedding.batching import embed_in_batches
from index.embedding.protocol import Embedder, Vectors
from index.errors import UsageError
from index.progress import Progress, Silent
from index.reading.readers import find_files, read_file
from index.splitting.sentences import split_sentences
from index.types import RawArticle

MOST_TEXTS = 800
"""Of each sort; their pairs are 320,000, of which 320 lie beyond the last quantile."""
FEWEST_TEXTS = 50
SEED = 1


def fit_scale(
    embedder: Embedder, reference: Embedder, cases: Iterable[Case], articles: Path, progress: Progress | None = None
) -> Scale:
    """Embed the same texts with both, and lay the quantiles of the cosines of their pairs on the reference's.

    The questions are those of the development half. Raises UsageError where the articles or cases are too few to tell.
    """
    sentences = _sentences(articles)
    questions = sorted({case.question for case in cases if split(case.id) == "dev"})
    words = sorted({word for sentence in sentences for word in content_tokens(sentence)})
    if min(map(len, (sentences, questions, words))) < FEWEST_TEXTS:
        raise UsageError(
            f"{articles} holds {len(sentences)} sentences and {len(words)} words, and the cases {len(questions)} "
            f"questions: too few to compare embedders on, {FEWEST_TEXTS} of each are needed. Leave out --articles and "
            "--cases for the sample's."
        )
    questions, sentences, words = map(_some, (questions, sentences, words))
    progress = progress or Silent()
    progress.start("Embedding", 2 * (len(questions) + len(sentences) + len(words)))
    pairs = [_cosines(each, questions, sentences, words, progress) for each in (embedder, reference)]
    return Scale(*(quantile_knots(own, known) for own, known in zip(*pairs, strict=True)))


def _sentences(articles: Path) -> list[str]:
    read = (item for file in find_files([articles]) for item in read_file(file))
    lines = (line for item in read if isinstance(item, RawArticle) for line in item.text.splitlines())
    return sorted({sentence.text for line in lines for sentence in split_sentences(line)})


def _some(texts: Sequence[str]) -> list[str]:
    return random.Random(SEED).sample(texts, min(MOST_TEXTS, len(texts)))  # noqa: S311 - a fair choice, no secret


def _cosines(
    embedder: Embedder, questions: Sequence[str], sentences: Sequence[str], words: Sequence[str], progress: Progress
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the cosines of all pairs: questions with sentences, sentences, words."""
    asked = []
    for question in questions:
        asked.append(embedder.embed_query(question))
        progress.advance(1)
    stated, said = (_embedded(embedder, texts, progress) for texts in (sentences, words))
    return (np.stack(asked) @ stated.T).ravel(), _of_pairs(stated), _of_pairs(said)


def _embedded(embedder: Embedder, texts: Sequence[str], progress: Progress) -> Vectors:
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    for positions, batch in embed_in_batches(embedder, texts):
        vectors[positions] = batch
        progress.advance(len(positions))
    return vectors


def _of_pairs(vectors: Vectors) -> NDArray[np.float32]:
    return np.asarray((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)])
