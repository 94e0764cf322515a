"""Which sentences answer the question, as the reader finds them in the passages that were searched out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.question.question import Question
from assistant.reader.header import header_of
from assistant.reader.reader import Calibrated, Reader
from assistant.reader.types import Passage as Text
from index.splitting.sentences import split_sentences
from index.types import Hit, Paragraph, ParagraphKind, Sentence

_EDGE = 1e-5
_LEADS_IN = (":", "?")
"""How a paragraph ends that leads to the next: to a list, or to what an interviewed person says."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with where it stands."""

    sentence: Sentence
    paragraph: Paragraph
    hit: Hit
    answers: float
    """Probability, 0 to 1, that its passage answers."""
    holds: float
    """Probability, 0 to 1, that the answer stands in it, if its passage answers."""
    share: float
    """How likely this is the sentence that answers, of all candidates, if one does: all shares add up to 1."""
    rank: int
    """Place of its passage in the search, from 0."""
    words: tuple[int, int]
    """Offsets, in the article's text, of the words in it that answer likeliest."""

    @property
    def place(self) -> tuple[str, int]:
        """Where the sentence stands: its article's id, and the offset in it."""
        return self.hit.article.id, self.sentence.start


def rank_sentences(
    question: Question, found: Sequence[tuple[Hit, Sequence[Paragraph]]], reader: Reader
) -> list[Candidate]:
    """Read passages, each with its article's paragraphs; return their sentences, the likeliest to answer first.

    Headings are read, and are candidates only where there is nothing else.
    """
    placed = [
        (hit, [(each, sentence) for each in paragraphs for sentence in sentences_inside(hit, each)])
        for hit, paragraphs in found
    ]
    texts = [
        Text.of(hit.passage.text, [sentence for _, sentence in sentences], hit.passage.start, header(hit, paragraphs))
        for (hit, sentences), (_, paragraphs) in zip(placed, found, strict=True)
    ]
    candidates = []
    for rank, ((hit, sentences), reading) in enumerate(zip(placed, reader.answers(question.text, texts), strict=True)):
        start, step = hit.passage.start, math.exp(-reader.calibrated.place * rank)
        for (paragraph, sentence), holds, (left, right) in zip(
            sentences, reading.sentences, reading.words, strict=True
        ):
            share = reading.answers * holds * step  # made to add up to 1 below
            words = (start + left, start + right)
            candidates.append(Candidate(sentence, paragraph, hit, reading.answers, holds, share, rank, words))
    stated = [each for each in candidates if each.paragraph.kind is not ParagraphKind.HEADING] or candidates
    return _shared(sorted(stated, key=lambda each: -each.share))


def unread(found: Sequence[tuple[Hit, Sequence[Paragraph]]]) -> list[Candidate]:
    """Return the sentences of passages that are not read for an answer, only compared with what answers."""
    return [
        Candidate(sentence, each, hit, 0.0, 0.0, 0.0, rank, (sentence.start, sentence.start))
        for rank, (hit, paragraphs) in enumerate(found)
        for each in paragraphs
        for sentence in sentences_inside(hit, each)
        if each.kind is not ParagraphKind.HEADING
    ]


def header(hit: Hit, paragraphs: Sequence[Paragraph]) -> str:
    """Return what a reader knows before he comes to a passage: title, date, and the paragraph that leads to it."""
    before = [each for each in paragraphs if each.number == hit.passage.first - 1]
    leads = [each.text for each in before if each.text.rstrip().endswith(_LEADS_IN)]
    return header_of(hit.article.title or "", hit.article.published, *leads)


def sentences_inside(hit: Hit, paragraph: Paragraph) -> list[Sentence]:
    """Return the sentences of a paragraph that lie in the hit's passage."""
    passage = hit.passage
    if not passage.first <= paragraph.number <= passage.last:
        return []
    return [
        sentence
        for sentence in split_sentences(paragraph.text, paragraph.start)
        if sentence.start >= passage.start and sentence.end <= passage.end
    ]


def _shared(ranked: Sequence[Candidate]) -> list[Candidate]:
    total = sum(each.share for each in ranked) or 1.0
    return [replace(each, share=each.share / total) for each in ranked]


def answerability(candidates: Sequence[Candidate], fitted: Calibrated) -> float:
    """Return the probability, 0 to 1, that the best candidate answers; 0 without candidates."""
    if not candidates:
        return 0.0
    best = candidates[0]
    passage, sentence, place, intercept = fitted.answered
    logit = passage * _logit(best.answers) + sentence * _logit(best.holds) + place * best.rank + intercept
    return 1 / (1 + math.exp(-logit))


def _logit(probability: float) -> float:
    bounded = min(1 - _EDGE, max(_EDGE, probability))
    return math.log(bounded / (1 - bounded))
