"""Two ranked lists to one, on normalised scores."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

LEXICAL_WEIGHT = 0.35
"""Share of BM25 in the fused score. Of .3 to .45, best for XQuAD-en and ClapNQ together (docs/benchmarks.md)."""
NORMALISED_OVER = 50
"""Best scores of a list that its mean and deviation are taken over."""


def fuse(
    dense: Mapping[str, float], lexical: Mapping[str, float], lexical_weight: float = LEXICAL_WEIGHT
) -> list[tuple[str, float]]:
    """Return all ids with the weighted sum of their z-scores, best first; ties go by id.

    An id that the lexical list lacks matched no word (score 0), or ranked below a full list (its lowest score); one
    that the dense list lacks gets that list's lowest. A list that does not tell its members apart says nothing.
    """
    keys = dense.keys() | lexical.keys()
    lexical_floor = 0.0 if len(lexical) < NORMALISED_OVER else min(lexical.values())
    dense_z = z_scores(dense, keys, min(dense.values(), default=0.0))
    lexical_z = z_scores(lexical, keys, lexical_floor)
    fused = {key: (1 - lexical_weight) * dense_z[key] + lexical_weight * lexical_z[key] for key in dense_z}
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))


def z_scores(scores: Mapping[str, float], keys: Collection[str], missing: float) -> dict[str, float]:
    """Return (score - mean) / deviation for `keys`; a key without a score counts as `missing`.

    Mean and deviation are those of the best scores; where these do not differ, all are zero.
    """
    filled = {key: scores.get(key, missing) for key in keys}
    best = sorted(filled.values(), reverse=True)[:NORMALISED_OVER]
    mean = math.fsum(best) / len(best) if best else 0.0
    deviation = math.sqrt(math.fsum((score - mean) ** 2 for score in best) / len(best)) if best else 0.0
    if deviation <= 1e-9 * max(1.0, abs(mean)):
        return dict.fromkeys(keys, 0.0)
    return {key: (score - mean) / deviation for key, score in filled.items()}
