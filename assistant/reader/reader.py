"""The reader: one small trained network that says what answers a question, and what bears out or contradicts a claim.

It knows no embedder and no collection. Weights, calibration and vocabulary come with the package (`weights/`, with a
card); how it was trained stands in `eval/fitting/reader`.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from assistant.reader.encoding import LONGEST_PASSAGE, LONGEST_QUERY, Pair, Tokens, pair, tokens_of
from assistant.reader.types import AnswerReading, Judgement, Passage
from index.errors import LibraryError

if TYPE_CHECKING:
    import onnxruntime

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "weights"
_KEPT = 4_096
"""Pairs whose logits are kept: a question asked again, and the statements of the same articles, cost nothing."""
_LONGEST_ANSWER = 30
"""Tokens of the words that answer."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What is fitted on examples that nothing was trained on, and kept beside the weights; one for every embedder."""

    sha256: str
    """Of the weights that it belongs to."""
    place: float
    """What each place further down in the search takes from the logarithm of a sentence's score."""
    answered: tuple[float, float, float, float]
    """Log-odds that the best sentence answers: of its passage's logit, of its own, of a place in the search, in all."""
    answers_from: float
    may_answer_from: float
    """Probabilities of the best sentence from which the articles answer, or may answer."""
    stated_from: float
    unclear_from: float
    """Probabilities that a claim is supported from which it is stated, or not plainly unstated."""
    contradicted_from: float
    """Probability from which a passage is said to contradict a claim."""
    same_from: float
    """Probability that another article's sentence bears out a statement, from which it is cited for it, too."""
    apart_from: float
    """Probability of neither from which two statements are about different things."""
    wrong_from: float
    """Logit from which a word of a claim is said not to be borne out."""


class Reader:
    """Reads passages for questions and claims. Thread-safe; loaded when first asked."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._folder = folder
        self._session: onnxruntime.InferenceSession | None = None
        self._lock = threading.Lock()
        self._known: OrderedDict[Pair, tuple[Floats, Floats]] = OrderedDict()
        self.calibrated = _calibrated(folder / "calibration.json")

    def answers(self, question: str, passages: Sequence[Passage]) -> list[AnswerReading]:
        """Read passages for a question; the longest are read in parts."""
        parts = [part for passage in passages for part in _parts(passage)]
        asked = tokens_of(question)
        read = iter(self._logits([pair(asked.ids, tokens_of(part.header).ids, part.tokens.ids) for part in parts]))
        of_parts = iter([self._answering(part, *next(read)) for part in parts])
        return [_joined(passage, [next(of_parts) for _ in _parts(passage)]) for passage in passages]

    def judges(self, pairs: Sequence[tuple[str, Passage]]) -> list[Judgement]:
        """Judge each claim by its passage; one that is read in parts, by the part that decides most."""
        parts = [(claim, part) for claim, passage in pairs for part in _parts(passage)]
        encoded = [pair(tokens_of(claim).ids, tokens_of(part.header).ids, part.tokens.ids) for claim, part in parts]
        judged = iter(
            [self._judgement(claim, *found) for (claim, _), found in zip(parts, self._logits(encoded), strict=True)]
        )
        return [min((next(judged) for _ in _parts(passage)), key=lambda each: each.neither) for _, passage in pairs]

    def warm(self) -> None:
        """Load the weights and read something."""
        self.answers("warm", [Passage("up")])

    # -- logits -----------------------------------------------------------------------------------------------------

    def _logits(self, pairs: Sequence[Pair]) -> list[tuple[Floats, Floats]]:
        """Return the logits of each pair, (4,), and of its tokens, (tokens, 4).

        Each pair is read by itself: in int8 what stands beside it would change its numbers, and it is no slower.
        """
        with self._lock:
            found = {each: self._known[each] for each in pairs if each in self._known}
        for each in pairs:
            if each not in found:
                found[each] = self._run(each)
        with self._lock:
            self._known.update(found)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return [found[each] for each in pairs]

    def _run(self, pair: Pair) -> tuple[Floats, Floats]:
        ids, types = (np.array([each], dtype=np.int64) for each in (pair.ids, pair.types))
        logits, tokens = self._loaded().run(None, {"ids": ids, "mask": np.ones_like(ids), "types": types})
        return np.asarray(logits[0]), np.asarray(tokens[0])

    def _loaded(self) -> onnxruntime.InferenceSession:
        with self._lock:
            if self._session is None:
                import onnxruntime

                model = self._folder / "reader.onnx"
                _verify(model, self.calibrated.sha256)
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
                options.log_severity_level = 3
                # Threads that wait by spinning take the processor from the other answers.
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            return self._session

    # -- from logits to what they mean ------------------------------------------------------------------------------

    def _answering(self, part: _Part, logits: Floats, tokens: Floats) -> AnswerReading:
        inside = tokens[len(tokens) - 1 - len(part.tokens.ids) : len(tokens) - 1]
        scores, words = [], []
        for start, end in part.sentences:
            places = part.tokens.within(start, end)
            mean = float(inside[places.start : places.stop, 2].mean()) if places else -10.0
            scores.append(_sigmoid(mean))
            words.append(_best_words(part.tokens, inside, places) if places else (start, start))
        return AnswerReading(_sigmoid(float(logits[0])), tuple(scores), tuple(words))

    def _judgement(self, claim: str, logits: Floats, tokens: Floats) -> Judgement:
        shares = np.exp(logits[1:] - logits[1:].max())
        supported, contradicted, neither = (float(each) for each in shares / shares.sum())
        spans = tokens_of(claim).spans[:LONGEST_QUERY]
        off = [
            span
            for span, score in zip(spans, tokens[1 : len(spans) + 1, 3], strict=True)
            if score >= self.calibrated.wrong_from
        ]
        return Judgement(supported, contradicted, neither, tuple(_runs(claim, off)))


@cache
def reader() -> Reader:
    """Return the reader that comes with the package."""
    return Reader()


@dataclass(frozen=True, slots=True)
class _Part:
    """Some sentences of a passage that are read together; all spans count from `start` in its text."""

    header: str
    tokens: Tokens
    sentences: tuple[tuple[int, int], ...]
    start: int


def _parts(passage: Passage) -> list[_Part]:
    """Cut a passage into parts of whole sentences that can be read at once; most are one part."""
    tokens = tokens_of(passage.text)
    if len(tokens.ids) <= LONGEST_PASSAGE:
        return [_Part(passage.header, tokens, passage.spans, 0)]
    parts: list[list[tuple[int, int]]] = [[]]
    for span in passage.spans:
        if parts[-1] and len(tokens_of(passage.text[parts[-1][0][0] : span[1]]).ids) > LONGEST_PASSAGE:
            parts.append([])
        parts[-1].append(span)
    return [
        _Part(
            passage.header,
            tokens_of(passage.text[spans[0][0] : spans[-1][1]]).cut(LONGEST_PASSAGE),
            tuple((start - spans[0][0], end - spans[0][0]) for start, end in spans),
            spans[0][0],
        )
        for spans in parts
    ]


def _joined(passage: Passage, readings: Sequence[AnswerReading]) -> AnswerReading:
    """Return what was read of a passage in parts as one."""
    if len(readings) == 1:
        return readings[0]
    starts = [part.start for part in _parts(passage)]
    return AnswerReading(
        max(each.answers for each in readings),
        tuple(score for each in readings for score in each.sentences),
        tuple(
            (left + start, right + start)
            for start, each in zip(starts, readings, strict=True)
            for left, right in each.words
        ),
    )


def _best_words(tokens: Tokens, inside: Floats, places: range) -> tuple[int, int]:
    """Return the span of characters of the likeliest answer among some tokens."""
    starts, ends = inside[places.start : places.stop, 0], inside[places.start : places.stop, 1]
    joint = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones_like(joint, dtype=bool)) & ~np.triu(np.ones_like(joint, dtype=bool), _LONGEST_ANSWER)
    first, last = np.unravel_index(int(np.where(allowed, joint, -np.inf).argmax()), joint.shape)
    return tokens.spans[places[int(first)]][0], tokens.spans[places[int(last)]][1]


def _runs(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join spans that only spaces and hyphens part, and widen them to whole words."""
    run: tuple[int, int] | None = None
    for span in spans:
        start, end = _whole_words(text, *span)
        if run and start <= run[1] + 1:
            run = (run[0], max(end, run[1]))
        else:
            if run:
                yield run
            run = (start, end)
    if run:
        yield run


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(value, -30, 30))))


def _calibrated(path: Path) -> Calibrated:
    return TypeAdapter(Calibrated).validate_json(path.read_bytes())


def _verify(model: Path, sha256: str) -> None:
    try:
        with model.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        found = "nothing"
    if found != sha256:
        raise LibraryError(
            f"{model} is not the reader that Pullquote was made with (its hash differs). "
            "Repair: pip install --force-reinstall --no-deps pullquote, or in a checkout: git checkout assistant/reader"
        )
