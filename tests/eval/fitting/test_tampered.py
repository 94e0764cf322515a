"""Claims in which one number, bound, name or role was changed, through the gate as it is.

The paragraphs are of English Wikinews (CC BY 2.5, each with the title of its article) and of the sample collection;
the claims are re-worded from them. What is re-worded and changed only in who did it mostly passes: words cannot tell.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.gate.checking import Gate
from assistant.gate.types import CitedParagraph
from assistant.types import Verdict
from index.splitting.paragraphs import split_paragraphs
from index.splitting.sentences import split_sentences
from index.types import Article

DATA = Path(__file__).resolve().parents[3] / "eval" / "data"
LEAST_CAUGHT = {
    "open": {"number": 0.95, "bound": 0.85, "name": 0.65, "role": 0.25},
    "blind": {"number": 0.88, "bound": 0.87, "name": 0.60, "role": 0.33},
}
"""Shares of changed claims that are no longer supported. The blind ones were written before the checks, and looked at
once, when these stood: .861, .875, .632 and .366 then. Ordinals, measures and sides of an hour were added after it."""
MOST_REFUTED = 0.08
"""Share of the true claims against which an exact check speaks."""


def rows(part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"tampered-{part}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


def cited(text: str) -> list[CitedParagraph]:
    article = Article(id="a", revision=1, text=text, content_hash="", source="a.txt", file="a.txt")
    return [CitedParagraph(paragraph, article) for paragraph in split_paragraphs(article)]


@pytest.mark.parametrize("part", LEAST_CAUGHT)
def test_changed_claims_are_no_longer_supported(gate: Gate, part: str) -> None:
    changed = [row for row in rows(part) if row["tampered"]]
    total = Counter(row["kind"] for row in changed)
    caught = Counter(
        row["kind"]
        for row in changed
        if gate.check(row["tampered"], cited(row["paragraph"])).verdict is not Verdict.SUPPORTED
    )
    shares = {kind: caught[kind] / number for kind, number in total.items()}
    assert set(shares) == set(LEAST_CAUGHT[part])
    assert {kind: share for kind, share in shares.items() if share < LEAST_CAUGHT[part][kind]} == {}


@pytest.mark.parametrize("part", LEAST_CAUGHT)
def test_no_exact_check_speaks_against_most_true_claims(gate: Gate, part: str) -> None:
    true = rows(part)
    refuted = [row["sentence"] for row in true if not gate.check(row["sentence"], cited(row["paragraph"])).score]
    assert len(refuted) <= MOST_REFUTED * len(true), refuted


def test_every_sentence_of_the_paragraphs_is_supported(gate: Gate) -> None:
    paragraphs = list(dict.fromkeys(row["paragraph"] for row in rows("open")))
    for text in paragraphs[:40]:
        first = split_sentences(cited(text)[0].paragraph.text)[0].text
        assert gate.check(first, cited(text)).verdict is Verdict.SUPPORTED, first
