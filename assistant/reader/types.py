"""What goes into the reader and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read, with what a person would have looked at before it (see `header_of`), and its sentences.

    `sentences` are spans of `text`, in order; by default there is one.
    """

    text: str
    header: str = ""
    sentences: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str, sentences: Sequence[Sentence], start: int = 0, header: str = "") -> Passage:
        """Return a passage with sentences whose offsets count from `start` before the text's beginning."""
        return cls(text, header, tuple((each.start - start, each.end - start) for each in sentences))

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The sentences, or the whole text as one."""
        return self.sentences or ((0, len(self.text)),)


@dataclass(frozen=True, slots=True)
class AnswerReading:
    """What the reader found in a passage for a question."""

    answers: float
    """Probability, 0 to 1, that the passage answers."""
    sentences: tuple[float, ...]
    """For each sentence the probability, 0 to 1, that it holds the answer."""
    words: tuple[tuple[int, int], ...]
    """For each sentence the span in the passage's text of the words in it that answer likeliest; empty where none."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a passage has to say of a claim: three probabilities that add up to 1."""

    supported: float
    contradicted: float
    neither: float
    wrong: tuple[tuple[int, int], ...] = ()
    """Spans of words in the claim that are not borne out, the likeliest ones; empty where all seem to be."""
