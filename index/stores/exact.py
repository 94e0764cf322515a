"""Nearest vectors by comparing all: where a filter leaves few, and where the vector store cannot be asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.protocol import Vectors


def exact_nearest(ids: Sequence[str], vectors: Vectors, query: Vectors, count: int) -> list[tuple[str, float]]:
    """Return the `count` nearest of the given vectors with their cosines, best first. All are of unit length."""
    if not ids:
        return []
    cosines: NDArray[np.float32] = vectors @ query
    count = min(count, len(ids))
    best = np.argpartition(-cosines, count - 1)[:count]
    return [(ids[position], float(cosines[position])) for position in best[np.argsort(-cosines[best], kind="stable")]]
