"""Questions and claims that were written by hand about news articles, for the reader to learn from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.reader.header import header_of
from eval.fitting.reader.examples import ANSWERS, JUDGES, REFUTED, SUPPORTED, UNKNOWN, Example

FOLDER = Path(__file__).parent / "written"
_LABELS = {"s": SUPPORTED, "r": REFUTED, "n": UNKNOWN}
_WEIGHT = 2.0
"""Of a row beside one of a public set: it is news, and nothing else here is."""


def articles() -> list[dict[str, Any]]:
    """Return the texts that are written about: `n`, `title`, `date`, `paragraphs`, and `url` unless invented."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "articles.json").read_text(encoding="utf-8"))
    stories = [{"n": row["story"], **row} for row in _rows("stories") if "story" in row]
    return [*found, *stories]


def read_written() -> Iterator[Example]:
    """Yield all that was written, beside the paragraph or statement that it is about; its group is its article."""
    by_number = {article["n"]: article for article in articles()}
    for name, source in (("news", "written"), ("stories", "stories")):
        for row in _rows(name):
            if "a" in row:
                yield _example(row, by_number[row["a"]], source)
    for row in _rows("statements"):
        label = _LABELS[row["l"]]
        wrong = () if label == SUPPORTED else (_place(row["other"], row["w"]),) if row.get("w") else None
        yield Example(
            JUDGES,
            row["other"],
            row["one"],
            label,
            _WEIGHT,
            "",
            None,
            wrong,
            "statements",
            f"statement {row['one'][:60]}",
        )


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob(f"{kind}-*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _example(row: dict[str, Any], article: dict[str, Any], source: str) -> Example:
    passage, group = article["paragraphs"][row["p"]], f"article {article['n']}"
    header = header_of(article["title"], article["date"])
    if "q" in row:
        answer = _place(passage, row["ans"]) if row["ans"] else None
        return Example(
            ANSWERS, row["q"], passage, int(answer is not None), _WEIGHT, header, answer, None, source, group
        )
    label = _LABELS[row["l"]]
    wrong = () if label == SUPPORTED else (_place(row["c"], row["w"]),) if row.get("w") else None
    return Example(JUDGES, row["c"], passage, label, _WEIGHT, header, None, wrong, source, group)


def _place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)
