"""Which articles tell one story: those whose passages are alike, seen against all the articles that are compared.

Vectors are compared after the mean of all is taken off, for what every article shares tells stories no better apart,
and how alike two texts are in numbers differs from embedder to embedder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.library.library import Library
from index.types import Article

ALIKE_FROM = 0.35
"""Cosine of two articles, the mean taken off, from which they tell one story: chosen by looking at groups of two
collections."""
DAYS_APART = 45
"""Days between two articles beyond which they tell two stories, however alike."""


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell one story, the most telling first."""

    articles: tuple[Article, ...]

    @property
    def newest(self) -> date:
        """The day of its newest article; of undated ones the earliest of all days."""
        return max((each.published or date.min for each in self.articles), default=date.min)


def stories_of(library: Library, articles: Sequence[Article]) -> list[Story]:
    """Return the stories that articles tell, those of the most articles first, then the newest.

    Within a story the article that is nearest to the others comes first.
    """
    vectors = _article_vectors(library, articles)
    known = [each for each in articles if each.id in vectors]
    if not known:
        return [Story((each,)) for each in articles]
    matrix = np.stack([vectors[each.id] for each in known])
    matrix = matrix - matrix.mean(axis=0) if len(known) > 2 else matrix  # noqa: PLR2004 - of two nothing would be left
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    alike = (matrix / np.where(norms > 0, norms, 1)) @ (matrix / np.where(norms > 0, norms, 1)).T
    groups = _linked(known, alike)
    stories = [_story(known, group, alike) for group in groups]
    return sorted(stories, key=lambda story: (-len(story.articles), -story.newest.toordinal()))


def _article_vectors(library: Library, articles: Sequence[Article]) -> dict[str, NDArray[np.float32]]:
    """Return the mean of each article's first passages."""
    vectors: dict[str, NDArray[np.float32]] = {}
    owner = {passage.id: each.id for each in articles for passage in library.passages(each)[:4]}
    ids, matrix = library.vectors_of(list(owner))
    sums: dict[str, list[NDArray[np.float32]]] = {}
    for key, vector in zip(ids, matrix, strict=True):
        sums.setdefault(owner[key], []).append(vector)
    for name, own in sums.items():
        vectors[name] = np.mean(own, axis=0)
    return vectors


def _linked(articles: Sequence[Article], alike: NDArray[np.float32]) -> list[list[int]]:
    """Join what is most alike first, as long as two groups are alike on the mean (average linkage)."""
    groups = [[place] for place in range(len(articles))]
    means = alike.astype(np.float64)
    np.fill_diagonal(means, -np.inf)
    while len(groups) > 1:
        one, other = (int(place) for place in np.unravel_index(int(means.argmax()), means.shape))
        if means[one, other] < ALIKE_FROM:
            break
        if _far_apart(articles, groups[one] + groups[other]):
            means[one, other] = means[other, one] = -np.inf
            continue
        one, other = max(one, other), min(one, other)
        sizes = len(groups[one]), len(groups[other])
        joined = (sizes[0] * means[one] + sizes[1] * means[other]) / sum(sizes)
        means[other], means[:, other] = joined, joined
        means[other, other] = -np.inf
        means = np.delete(np.delete(means, one, axis=0), one, axis=1)
        groups[other] += groups.pop(one)
    return groups


def _far_apart(articles: Sequence[Article], group: Sequence[int]) -> bool:
    days = [day for place in group if (day := articles[place].published)]
    return bool(days) and (max(days) - min(days)).days > DAYS_APART * max(1, len(group) - 1)


def _story(articles: Sequence[Article], group: Sequence[int], alike: NDArray[np.float32]) -> Story:
    central = sorted(group, key=lambda place: -float(alike[place, group].mean()))
    return Story(tuple(articles[place] for place in central))
