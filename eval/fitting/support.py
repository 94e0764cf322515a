"""Measure the gate on labelled claims, and fit what is left to judge after the exact checks.

    python -m eval.fitting.support          # table of the release half, by kind
    python -m eval.fitting.support --fit    # fit on the development half, write MiniLM's calibration, then the same

Each supported claim is also shown with the paragraphs beside the one it cites: true claims in a wrong place.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import assistant.calibration.fitted as calibrated
from assistant.calibration.fitted import Calibration, calibration
from assistant.gate.checking import Gate, support
from assistant.gate.types import CitedParagraph, Finding
from assistant.types import Verdict
from eval.cases import Part, split
from eval.claims import LabelledClaim, load_claims
from index.embedding.caching import CachingEmbedder
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.library.library import Library
from index.types import Article, Paragraph

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "eval" / "data" / "claims.jsonl"
BLIND = ROOT / "eval" / "data" / "claims-blind.jsonl"
"""Written later by somebody who had not seen the gate."""
ARTICLES = ROOT / "articles"

FEATURES = {
    "coverage": 1, "cosine": 1, "weakest_cosine": 1, "verbatim": 1, "names": 1,
    "negation": -1, "denial": -1, "denial_of_part": -1, "close_denial": -1, "worded_denial": -1,
    "close_opposite": -1, "unexplained": -1, "turned_round": -1, "other_doer": -1,
}  # fmt: skip
"""Features of the fit, and the only sign that their weight may have: no label can make a likeness count against."""
RIDGE = 1e-3
"""Pull of the weights to 0, by which features that say the same share their weight."""
MISPLACED_WEIGHT = 0.5
"""Of a true claim beside the paragraph that states it, in the fit: there are two for each true claim."""
TRUE_CLAIMS_LOST, TRUE_CLAIMS_HALVED = 0.05, 0.12
"""Share of the true claims of the development half that may be called unsupported, and less than supported."""
EXACT_KINDS = ("number", "date", "name", "altered quotation", "stitched quotation", "misattributed quotation")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Checked:
    """A labelled claim with what the gate found."""

    claim: LabelledClaim
    finding: Finding

    @property
    def right(self) -> bool:
        """Whether the gate calls it supported just when it is."""
        return (self.finding.verdict is Verdict.SUPPORTED) == self.claim.supported


class Collection:
    """The paragraphs of a library by article and number, and a gate that knows its outlets."""

    def __init__(self, library: Library) -> None:
        self.articles: dict[str, Article] = {article.id: article for article in library.articles()}
        self.paragraphs: dict[tuple[str, int], Paragraph] = {
            (article.id, paragraph.number): paragraph
            for article in self.articles.values()
            for paragraph in library.paragraphs(article)
        }
        outlets = {article.outlet for article in self.articles.values() if article.outlet}
        self.gate = Gate(CachingEmbedder(MiniLM()), sorted(outlets))

    def check(self, claim: str, places: Iterable[tuple[str, int]]) -> Finding:
        """Check a claim against paragraphs, each named by article and number."""
        return self.gate.check(
            claim, [CitedParagraph(self.paragraphs[place], self.articles[place[0]]) for place in places]
        )


def sample_collection(folder: Path) -> Collection:
    """Index the sample articles into a folder and return what the claims are about."""
    with Indexer(folder / "library", MiniLM()) as indexer:
        indexer.add([ARTICLES])
    with Library.open(folder / "library") as library:
        return Collection(library)


def check_claims(collection: Collection, claims: Iterable[LabelledClaim], part: Part | None = None) -> list[Checked]:
    """Check the claims of one half, or all."""
    return [
        Checked(claim, collection.check(claim.claim, [(cite.article, cite.paragraph) for cite in claim.cites]))
        for claim in claims
        if part is None or split(claim.id) == part
    ]


def misplaced(collection: Collection, claims: Iterable[LabelledClaim]) -> list[Finding]:
    """Check the true claims that cite one paragraph against its neighbours, which do not state them."""
    return [
        collection.check(claim.claim, [place])
        for claim in claims
        if claim.supported and len(claim.cites) == 1
        for step in (-1, 1)
        if (place := (claim.cites[0].article, claim.cites[0].paragraph + step)) in collection.paragraphs
    ]


def fit(checked: Sequence[Checked], elsewhere: Sequence[Finding]) -> Calibration:
    """Fit the weights on what passes the exact checks, by logistic regression with a sign for each weight."""
    from scipy.optimize import minimize

    seen = [(entry.finding, entry.claim.supported, 1.0) for entry in checked] + [
        (finding, False, MISPLACED_WEIGHT) for finding in elsewhere
    ]
    judged = [entry for entry in seen if entry[0].score > 0]
    matrix = _matrix([finding.features for finding, _, _ in judged])
    signs = np.asarray([1.0 if supported else -1.0 for _, supported, _ in judged])
    shares = np.asarray([weight for _, _, weight in judged])
    for side in (1.0, -1.0):
        shares[signs == side] /= 2 * shares[signs == side].sum()

    def loss(values: Matrix) -> float:
        margins = signs * (matrix @ values[:-1] + values[-1])
        return float((shares * np.logaddexp(0, -margins)).sum() + RIDGE * (values[:-1] ** 2).sum())

    bounds = [(0, None) if sign > 0 else (None, 0) for sign in FEATURES.values()] + [(None, None)]
    found = minimize(loss, np.zeros(len(FEATURES) + 1), bounds=bounds, method="L-BFGS-B").x.round(3)
    weights = {name: float(value) for name, value in zip(FEATURES, found[:-1], strict=True) if value}
    fitted = replace(calibration(), support_weights=weights, support_intercept=float(found[-1]))
    return _with_thresholds(fitted, [entry.finding for entry in checked if entry.claim.supported])


def _with_thresholds(fitted: Calibration, true_claims: Sequence[Finding]) -> Calibration:
    scores = sorted(_score(fitted, finding) for finding in true_claims)
    partly, supported = (
        round(float(np.floor(100 * scores[int(share * len(scores))]) / 100), 2)
        for share in (TRUE_CLAIMS_LOST, TRUE_CLAIMS_HALVED)
    )
    return replace(fitted, partly_from=partly, supported_from=supported)


def _score(fitted: Calibration, finding: Finding) -> float:
    return support(finding.features, fitted) if finding.score > 0 else 0.0


def _matrix(rows: Sequence[Mapping[str, float]]) -> Matrix:
    return np.asarray([[row[name] for name in FEATURES] for row in rows], dtype=float)


def table(checked: Sequence[Checked]) -> str:
    """Return the figures by kind as a Markdown table, with the balanced accuracy under it."""
    lines = [
        "| kind | claims | judged rightly | called unsupported | called partly supported |",
        "|---|---|---|---|---|",
    ]
    for kind in dict.fromkeys(entry.claim.kind for entry in checked):
        of_kind = [entry for entry in checked if entry.claim.kind == kind]
        verdicts = [entry.finding.verdict for entry in of_kind]
        cells = (
            kind, str(len(of_kind)), f"{_mean(entry.right for entry in of_kind):.3f}",
            f"{_mean(verdict is Verdict.UNSUPPORTED for verdict in verdicts):.3f}",
            f"{_mean(verdict is Verdict.PARTLY for verdict in verdicts):.3f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    true, false = ([entry for entry in checked if entry.claim.supported is side] for side in (True, False))
    sensitivity, specificity = (_mean(entry.right for entry in side) for side in (true, false))
    exact = [entry for entry in false if entry.claim.kind in EXACT_KINDS]
    lost = _mean(entry.finding.verdict is Verdict.UNSUPPORTED for entry in true)
    summary = (
        f"Balanced accuracy {(sensitivity + specificity) / 2:.3f}: {sensitivity:.3f} of the true claims called "
        f"supported, {specificity:.3f} of the others not. Changed numbers, dates, names and quotations caught: "
        f"{_mean(entry.right for entry in exact):.3f}. True claims called unsupported: {lost:.3f}."
    )
    return "\n".join([*lines, "", summary])


def _mean(flags: Iterable[bool]) -> float:
    return float(np.mean([float(flag) for flag in flags] or [0.0]))


def main(arguments: Sequence[str]) -> None:
    """Print the table of the release half; with --fit, fit on the development half first."""
    claims = load_claims(CLAIMS)
    with tempfile.TemporaryDirectory() as folder:
        collection = sample_collection(Path(folder))
        if "--fit" in arguments:
            own = [claim for claim in claims if split(claim.id) == "dev"]
            fitted = fit(check_claims(collection, own), misplaced(collection, own))
            calibrated.FILE.write_text(json.dumps(asdict(fitted), indent=2) + "\n", "utf-8")
            calibration.cache_clear()
            print(f"development half:\n\n{table(check_claims(collection, own))}\n\nrelease half:\n")
        print(table(check_claims(collection, claims, "release")))
        beside = misplaced(collection, [claim for claim in claims if split(claim.id) == "release"])
        caught = _mean(finding.verdict is not Verdict.SUPPORTED for finding in beside)
        print(f"True claims beside the paragraph that states them, {len(beside)}: {caught:.3f} not called supported.")
        print(f"\nwritten blind, when the gate stood:\n\n{table(check_claims(collection, load_claims(BLIND)))}")


if __name__ == "__main__":
    main(sys.argv[1:])
