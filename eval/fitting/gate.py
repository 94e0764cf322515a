"""What the gate calls labelled claims: the tables of docs/benchmarks.md.

    python -m eval.fitting.gate

Claims about the sample articles (`claims*.jsonl`), by kind; and claims in which one thing was changed (`tampered-*`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.gate.checking import Gate
from assistant.gate.types import CitedParagraph
from assistant.types import Verdict
from eval.cases import split
from eval.claims import LabelledClaim, load_claims
from eval.metrics import share
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.library.library import Library
from index.splitting.paragraphs import split_paragraphs
from index.types import Article

DATA = Path(__file__).parents[1] / "data"
ARTICLES = Path(__file__).parents[2] / "articles"


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim of a kind, whether it is true, and what the gate called it."""

    kind: str
    true: bool
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether it is called supported just when it is true."""
        return (self.verdict is Verdict.SUPPORTED) == self.true


def check_labelled(claims: Iterable[LabelledClaim]) -> list[Checked]:
    """Check claims about the sample articles."""
    with tempfile.TemporaryDirectory() as folder:
        with Indexer(Path(folder) / "library", MiniLM()) as indexer:
            indexer.add([ARTICLES])
        with Library.open(Path(folder) / "library") as library:
            articles = {article.id: article for article in library.articles()}
            cited = {
                (article.id, paragraph.number): CitedParagraph(paragraph, article)
                for article in articles.values()
                for paragraph in library.paragraphs(article)
            }
            gate = Gate(library.outlets())
    return [
        Checked(
            claim.kind,
            claim.supported,
            gate.check(claim.claim, [cited[cite.article, cite.paragraph] for cite in claim.cites]).verdict,
        )
        for claim in claims
    ]


def check_tampered(part: str) -> list[Checked]:
    """Check true claims about a paragraph and the same with one thing changed; `part` is open or blind."""
    gate, found = Gate(), []
    for line in (DATA / f"tampered-{part}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        article = Article(id="a", revision=1, text=row["paragraph"], content_hash="", source="a.txt", file="a.txt")
        cited = [CitedParagraph(paragraph, article) for paragraph in split_paragraphs(article)]
        found.append(Checked(row["kind"], True, gate.check(row["sentence"], cited).verdict))
        if row["tampered"]:
            found.append(Checked(row["kind"], False, gate.check(row["tampered"], cited).verdict))
    return found


def table(checked: Sequence[Checked]) -> str:
    """Return by kind, and true or changed, what was judged rightly, called partly supported and unsupported."""
    lines = ["| kind | claims | judged rightly | partly | unsupported |", "|---|---|---|---|---|"]
    for kind, true in dict.fromkeys((each.kind, each.true) for each in checked):
        mine = [each for each in checked if (each.kind, each.true) == (kind, true)]
        name = f"{kind} ({'true' if true else 'changed'})"
        figures = (
            share(each.right for each in mine),
            share(each.verdict is Verdict.PARTLY for each in mine),
            share(each.verdict is Verdict.UNSUPPORTED for each in mine),
        )
        lines.append(f"| {name} | {len(mine)} | {' | '.join(f'{figure:.3f}' for figure in figures)} |")
    sides = [share(each.right for each in checked if each.true is side) or 0.0 for side in (True, False)]
    return "\n".join([*lines, "", f"Balanced accuracy, called supported: {sum(sides) / 2:.3f}."])


def main() -> None:
    """Print all tables."""
    own = load_claims(DATA / "claims.jsonl")
    for name, claims in (
        ("development half", [claim for claim in own if split(claim.id) == "dev"]),
        ("release half", [claim for claim in own if split(claim.id) == "release"]),
        ("written blind", load_claims(DATA / "claims-blind.jsonl")),
    ):
        print(f"{name}:\n\n{table(check_labelled(claims))}\n")
    for part in ("open", "blind"):
        print(f"one thing changed, {part}:\n\n{table(check_tampered(part))}\n")


if __name__ == "__main__":
    main()
