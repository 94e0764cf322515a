"""Puts words of like meaning into classes, so that a question may use another word than those fitted to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from sklearn.cluster import KMeans

from index.embedding.minilm import MiniLM
from index.splitting.terms import STOPWORDS

CLASSES = 250
"""Of 0, 250 and 500, that which told most questions rightly."""
FEWEST_POOLED = 6
"""Pooled questions that a word must stand in to be put into a class; those in a written one are put into one anyway."""


def classes_of(written: Iterable[str], pooled: Iterable[str]) -> dict[str, str]:
    """Return the small-letter words of questions, each with the one that stands nearest the middle of its class."""
    often = Counter(word for question in pooled for word in set(_words(question)))
    words = sorted({word for word, count in often.items() if count >= FEWEST_POOLED} | set(_all_words(written)))
    vectors = np.asarray(MiniLM().embed_passages(words))
    means = KMeans(CLASSES, n_init=1, random_state=0).fit(vectors)
    distances = np.linalg.norm(vectors - means.cluster_centers_[means.labels_], axis=1)
    names: dict[int, str] = {}
    for place in np.argsort(distances, kind="stable"):
        names.setdefault(int(means.labels_[place]), words[place])
    return {word: names[int(label)] for word, label in zip(words, means.labels_, strict=True)}


def _all_words(questions: Iterable[str]) -> Iterable[str]:
    return (word for question in questions for word in _words(question))


def _words(question: str) -> list[str]:
    """Return the words that mean something and that nothing shows to be a name."""
    words = "".join(sign if sign.isalnum() else " " for sign in question).split()
    words = [word for word in words if word.isascii() and word.isalpha() and word.islower() and len(word) > 1]
    return [word for word in words if word not in STOPWORDS]
