"""Checks on the bundled sample collection in ``articles/``."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "articles"
KEYS = {"title", "outlet", "author", "published", "url"}
RUN_LENGTH = 8
NBSP = "\u00a0"
FURNITURE = (
    "Advertisement",
    "Other topics of interest",
    "Sign up for our newsletter",
    "To suggest a correction or clarification",
    "Read more:",
    "Follow us on",
)
WIRE = "sample-wire-call.md"
WIRE_COPIES = ("sample-courier-wire-call.md", "specimen-post-wire-call.md", "placeholder-times-wire-call.md")


@dataclass(frozen=True)
class Sample:
    name: str
    meta: dict[str, Any]
    body: str

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.body.split("\n") if line.strip()]


def load(path: Path) -> Sample:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = yaml.safe_load(front)
    assert isinstance(meta, dict), path.name
    return Sample(path.name, meta, body)


SAMPLES = [load(path) for path in sorted(ARTICLES.glob("*.md"))]
BY_NAME = {sample.name: sample for sample in SAMPLES}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(tokens: list[str]) -> set[tuple[str, ...]]:
    return {tuple(tokens[i : i + RUN_LENGTH]) for i in range(len(tokens) - RUN_LENGTH + 1)}


def outside_quotes(paragraph: str) -> list[str]:
    """The stretches of a paragraph outside double quotation marks; an unclosed quotation reaches its end."""
    return re.split(r"\"[^\"]*(?:\"|$)|“[^”]*(?:”|$)", paragraph)


def reference_folder() -> Path:
    override = os.environ.get("PULLQUOTE_SHARED")
    if not override:
        return ROOT.parent / "shared" / "articles"
    nested = Path(override) / "articles"
    return nested if nested.is_dir() else Path(override)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_front_matter_and_length(sample: Sample) -> None:
    assert set(sample.meta) == KEYS
    for key in KEYS - {"published"}:
        assert str(sample.meta[key] or "").strip(), key
    assert isinstance(sample.meta["published"], dt.date)
    assert sample.meta["url"].startswith("https://example.org/")
    assert len(sample.paragraphs) >= 6
    assert 90 <= len(words(sample.body)) <= 330


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_one_paragraph_per_line(sample: Sample) -> None:
    blocks = [block for block in re.split(r"\n{2,}", sample.body.strip("\n")) if block.strip()]
    assert blocks == sample.paragraphs


def test_collection_size() -> None:
    assert len(SAMPLES) >= 12
    assert len({sample.meta["outlet"] for sample in SAMPLES}) >= 5
    assert len({sample.meta["url"] for sample in SAMPLES}) == len(SAMPLES)


def test_no_wording_taken_over() -> None:
    folder = reference_folder()
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    if not files:
        pytest.skip("no shared articles beside the repository")
    taken: set[tuple[str, ...]] = set()
    for path in files:
        taken |= runs(words(path.read_text(encoding="utf-8")))
    for sample in SAMPLES:
        for paragraph in [str(sample.meta["title"]), *sample.paragraphs]:
            for stretch in outside_quotes(paragraph):
                assert not runs(words(stretch)) & taken, (sample.name, stretch)


def test_outside_quotes() -> None:
    assert outside_quotes('He said: "no" twice.') == ["He said: ", " twice."]
    assert outside_quotes("She said “ask ‘who’ first” and left") == ["She said ", " and left"]
    assert outside_quotes('He read: "one. Two.') == ["He read: ", ""]


@pytest.mark.parametrize("phrase", FURNITURE)
def test_furniture_phrase_occurs(phrase: str) -> None:
    assert any(paragraph.startswith(phrase) for sample in SAMPLES for paragraph in sample.paragraphs)


def test_furniture_stands_in_several_articles() -> None:
    with_furniture = [s.name for s in SAMPLES if any(p.startswith(FURNITURE) for p in s.paragraphs)]
    assert len(with_furniture) >= 5
    assert WIRE not in with_furniture
    between = [s.name for s in SAMPLES if any(p.startswith(FURNITURE) for p in s.paragraphs[1:-1])]
    assert len(between) >= 5


def test_correction_follows_the_report_it_corrects() -> None:
    early = BY_NAME["demo-herald-prisoners-early.md"]
    later = BY_NAME["demo-herald-prisoners-correction.md"]
    assert early.meta["outlet"] == later.meta["outlet"]
    assert early.meta["published"] < later.meta["published"]
    assert "150 prisoners" in early.body
    assert "175" not in early.body
    correction = [paragraph for paragraph in later.paragraphs if paragraph.startswith("Correction:")]
    assert len(correction) == 1
    assert "150" in correction[0]
    assert "175" in correction[0]


def test_outlets_differ_on_duration_and_number() -> None:
    assert "more than 90 minutes" in BY_NAME[WIRE].body
    assert "just under two hours" in BY_NAME["example-gazette-other-topics.md"].body
    assert "23 seriously wounded" in BY_NAME[WIRE].body
    assert "The group numbers 22" in BY_NAME["specimen-post-wounded.md"].body


def test_wire_text_is_carried_by_three_outlets() -> None:
    wire = BY_NAME[WIRE]
    copies = [BY_NAME[name] for name in WIRE_COPIES]
    assert len({sample.meta["outlet"] for sample in [wire, *copies]}) == 4
    for copy in copies:
        assert copy.body != wire.body
        assert difflib.SequenceMatcher(None, words(wire.body), words(copy.body)).ratio() > 0.9, copy.name
    courier, post, times = copies
    assert len(courier.paragraphs) == len(wire.paragraphs)
    assert post.paragraphs == wire.paragraphs[:-1]
    assert times.meta["title"] != wire.meta["title"]
    assert times.paragraphs[:-1] == wire.paragraphs[:-1]
    assert times.paragraphs[-1].startswith(wire.paragraphs[-1])


def test_later_event_stands_apart() -> None:
    late = [
        s for s in SAMPLES if s.meta["published"] >= dt.date(2026, 1, 29) and re.search(r"\b(one|a) week\b", s.body)
    ]
    assert len(late) >= 3
    assert all(s.meta["published"] < dt.date(2025, 4, 1) for s in SAMPLES if s not in late)


def test_style_variety() -> None:
    brief = BY_NAME["sample-courier-cold-pause-brief.md"]
    assert sum(paragraph.startswith("- ") for paragraph in brief.paragraphs) >= 3
    for label in ("Why it matters:", "Driving the news:", "What's next:"):
        assert any(paragraph.startswith(label) for paragraph in brief.paragraphs), label
    assert any(paragraph.startswith("## ") for sample in SAMPLES for paragraph in sample.paragraphs)
    assert any(re.search(rf"\d{NBSP}\w", sample.body) for sample in SAMPLES)
    assert any(re.search(r"“[^”]*‘[^’]*’[^”]*”", sample.body) for sample in SAMPLES)
    preparation = BY_NAME["example-gazette-before-the-call.md"].body
    for abbreviation in ("Gen. ", "a.m. ", "U.S. ", "Jan. 5"):
        assert abbreviation in preparation, abbreviation


def test_quotation_runs_over_two_paragraphs() -> None:
    found = [
        (sample.name, number)
        for sample in SAMPLES
        for number, (first, second) in enumerate(zip(sample.paragraphs, sample.paragraphs[1:], strict=False), start=1)
        if first.count('"') % 2 == 1 and second.startswith('"')
    ]
    assert found == [("demo-herald-ice-hockey.md", 4)]
