"""The scale of an embedder is fitted on pairs of the same texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import Case
from eval.fitting.scaling import MOST_TEXTS, fit_scale
from index.errors import UsageError
from tests.fakes import FakeEmbedder, SqueezedEmbedder

WORDS = "rink hill council bridge harbour orchard library tram market school river garden museum station".split()


def cases(count: int) -> list[Case]:
    return [
        Case(f"c{number}", f"How old is the {WORDS[number % 14]} number {number}?", answerable=False, why_not="absent")
        for number in range(count)
    ]


def articles(folder: Path, count: int) -> Path:
    sentences = [
        f"The {WORDS[number % 14]} stands near the {WORDS[number % 11]} and the {WORDS[number % 5]}x{number}."
        for number in range(count)
    ]
    file = folder / "town.md"
    file.write_text("# Town\n\n" + "\n\n".join(sentences), "utf-8")
    return folder


def test_squeezed_cosines_come_back_to_those_of_the_reference(tmp_path: Path) -> None:
    reference, squeezed = FakeEmbedder(), SqueezedEmbedder()
    folder = articles(tmp_path, 100)
    scale = fit_scale(squeezed, reference, cases(200), folder)
    texts = ["The rink stands near the hill.", "The rink stands near the bridge and the hill.", "A tram came."]
    wanted = reference.embed_passages(texts) @ reference.embed_passages(texts).T
    vectors = squeezed.embed_passages(texts)
    for read in (scale.between(vectors, vectors), [scale.question(vector, vectors) for vector in vectors]):
        assert read == pytest.approx(wanted, abs=0.03)


def test_each_text_is_embedded_once_and_not_too_many(tmp_path: Path) -> None:
    squeezed = SqueezedEmbedder()
    fit_scale(squeezed, FakeEmbedder(), cases(200), articles(tmp_path, MOST_TEXTS + 50))
    assert len(squeezed.embedded) <= 2 * MOST_TEXTS
    assert len(set(squeezed.questions)) == len(squeezed.questions) > 50


def test_too_few_texts_tell_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too few to compare embedders on"):
        fit_scale(SqueezedEmbedder(), FakeEmbedder(), cases(200), articles(tmp_path, 10))
