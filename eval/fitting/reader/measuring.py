"""What the reader gets right on examples that it did not learn from, by source; with the network in 32 bits beside it.

    python -m eval.fitting.reader.measuring --sets FOLDER... --measured FOLDER... [--part test] [--weights FILE]

prints a table a task: for questions the area under the curve, the near misses that are told where .88 of the answerable
are answered, the answering sentence first and the overlap of the words; for claims the balanced accuracy and the area.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.reader.reader import Reader, reader
from assistant.reader.types import AnswerReading, Judgement, Passage
from eval.fitting.reader.data import Parts, put_aside
from eval.fitting.reader.examples import ANSWERS, JUDGES, SUPPORTED, Example
from index.splitting.sentences import split_sentences

ANSWERED = 0.88
"""Share of the answerable that is answered where near misses are counted."""
_TOGETHER = 64
_FEWEST = 20
"""Examples of a source, of each kind, below which nothing is said of it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was read."""

    example: Example
    reading: AnswerReading
    passage: Passage

    @property
    def sentence(self) -> bool | None:
        """Whether the likeliest sentence has the answer; None where there is none."""
        if self.example.answer is None:
            return None
        start, end = self.passage.spans[int(np.argmax(self.reading.sentences))]
        return start < self.example.answer[1] and self.example.answer[0] < end

    @property
    def words(self) -> float | None:
        """Overlap (F1, in characters) of the words that answer; None where there are none."""
        if self.example.answer is None:
            return None
        start, end = self.reading.words[int(np.argmax(self.reading.sentences))]
        first, last = self.example.answer
        shared = max(0, min(end, last) - max(start, first))
        return 2 * shared / max(1, end - start + last - first)


def ask(examples: Sequence[Example], reading: Reader) -> list[Asked]:
    """Read each question's passage."""
    passages = [_passage(example) for example in examples]
    return [
        Asked(example, reading.answers(example.query, [passage])[0], passage)
        for example, passage in zip(examples, passages, strict=True)
    ]


def judge(examples: Sequence[Example], reading: Reader) -> list[tuple[Example, Judgement]]:
    """Judge each claim by its passage."""
    ordered = sorted(examples, key=lambda example: len(example.passage))
    judged: list[Judgement] = []
    for start in range(0, len(ordered), _TOGETHER):
        some = ordered[start : start + _TOGETHER]
        judged += reading.judges([(example.query, _passage(example)) for example in some])
    return list(zip(ordered, judged, strict=True))


def _passage(example: Example) -> Passage:
    return Passage.of(example.passage, split_sentences(example.passage), header=example.header)


def question_table(asked: Sequence[Asked]) -> str:
    """Return what is got right of questions as a Markdown table, a line for each source."""
    lines = [
        "| questions | answerable | not | area | told at .88 answered | sentence first | words F1 |",
        "|---|---|---|---|---|---|---|",
    ]
    for source in dict.fromkeys(each.example.source for each in asked):
        mine = [each for each in asked if each.example.source == source]
        scores = np.array([each.reading.answers for each in mine])
        labels = np.array([each.example.label == 1 for each in mine])
        both = min(labels.sum(), (~labels).sum()) >= _FEWEST
        told = f"{(scores[~labels] < np.quantile(scores[labels], 1 - ANSWERED)).mean():.3f}" if both else "–"
        cells = (
            source, str(int(labels.sum())), str(int((~labels).sum())), f"{area(scores, labels):.3f}" if both else "–",
            told, _mean(each.sentence for each in mine), _mean(each.words for each in mine),
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def claim_table(judged: Sequence[tuple[Example, Judgement]], stated_from: float) -> str:
    """Return what is got right of claims as a Markdown table, a line for each source."""
    lines = [
        "| claims | true | not | area | called stated, of the true | of the others | balanced accuracy |",
        "|---|---|---|---|---|---|---|",
    ]
    for source in dict.fromkeys(example.source for example, _ in judged):
        mine = [(example, found) for example, found in judged if example.source == source]
        scores = np.array([found.supported for _, found in mine])
        labels = np.array([example.label == SUPPORTED for example, _ in mine])
        if min(labels.sum(), (~labels).sum()) < _FEWEST:
            continue
        true, others = (scores[labels] >= stated_from).mean(), (scores[~labels] >= stated_from).mean()
        cells = (
            source, str(int(labels.sum())), str(int((~labels).sum())), f"{area(scores, labels):.3f}", f"{true:.3f}",
            f"{others:.3f}", f"{(true + 1 - others) / 2:.3f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def area(scores: Floats, labels: NDArray[np.bool_]) -> float:
    """Return how often a positive scores above a negative; ties count half."""
    positives, negatives = scores[labels], np.sort(scores[~labels])
    below = (np.searchsorted(negatives, positives, "left") + np.searchsorted(negatives, positives, "right")) / 2
    return float(below.mean() / len(negatives))


def _mean(values: Iterable[float | bool | None]) -> str:
    known = [float(value) for value in values if value is not None]
    return f"{np.mean(known):.3f}" if known else "–"


def main() -> None:
    """Print the tables, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", type=Path, required=True, help="folders of public sets")
    parser.add_argument("--measured", nargs="*", type=Path, default=[], help="folders of sets that are only reported")
    parser.add_argument("--part", choices=["tune", "test"], default="test")
    parser.add_argument("--weights", type=Path, help="folder of other weights: reader.onnx and calibration.json")
    options = parser.parse_args()
    reading = Reader(options.weights) if options.weights else reader()
    parts: Parts = put_aside(options.sets, options.measured)
    examples: list[Example] = getattr(parts, options.part)
    print(question_table(ask([each for each in examples if each.task == ANSWERS], reading)))
    claims = judge([each for each in examples if each.task == JUDGES], reading)
    print(f"\n{claim_table(claims, reading.calibrated.stated_from)}")


if __name__ == "__main__":
    main()
