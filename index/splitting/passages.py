"""Paragraphs to passages: what is embedded and ranked. Retrieve passages, cite paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.splitting.sentences import split_sentences
from index.types import Article, Paragraph, ParagraphKind, Passage, text_hash

_WORD = re.compile(r"\w+")

SETTINGS_VERSION = 1
"""Raise this when anything below changes which passages an article has: libraries made before are then re-indexed."""

SHORT_WORDS = 8
"""A paragraph below this is too little to be found by itself and joins the next one."""
LONG_WORDS = 260
"""A paragraph above this exceeds the 256 tokens that the embedded model reads, and is split at sentences."""
PART_WORDS = 180
"""The size that the parts of a long paragraph aim at."""


def make_passages(article: Article, paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """Return the passages of an article in reading order; furniture is in none of them.

    A paragraph makes one passage as a rule. Headings and very short paragraphs join what follows them (at the end:
    what stands before), unless furniture stands between. Long paragraphs are split between sentences.
    """
    context = context_line(article)
    passages: list[Passage] = []
    for run in _runs(paragraphs):
        for start, end in _spans(run):
            text = article.text[start:end]
            embedded_text = f"{context}\n{text}" if context else text
            first, *_ = inside = [part.number for part in run if part.start < end and start < part.end]
            identity = text_hash("\x1f".join((article.id, str(first), str(start - run[0].start), embedded_text)))
            passages.append(Passage(identity[:32], article.id, first, inside[-1], start, end, text, embedded_text))
    return passages


def context_line(article: Article) -> str:
    """Return what is embedded in front of every passage of an article: title, outlet and date, as far as known."""
    day = article.published
    parts = (article.title, article.outlet, f"{day.day} {day:%B %Y}" if day else None)
    return " · ".join(part for part in parts if part)


def _runs(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """Group the paragraphs that share a passage: neighbours in the article, no furniture between them."""
    for block in _blocks(paragraphs):
        runs: list[list[Paragraph]] = []
        pending: list[Paragraph] = []
        for paragraph in block:
            pending.append(paragraph)
            is_heading = paragraph.kind is ParagraphKind.HEADING
            if not is_heading and sum(_words(part.text) for part in pending) >= SHORT_WORDS:
                runs.append(pending)
                pending = []
        if pending and runs:
            runs[-1].extend(pending)
        elif pending:
            runs.append(pending)
        yield from runs


def _blocks(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    block: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.kind is not ParagraphKind.FURNITURE:
            block.append(paragraph)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _spans(run: Sequence[Paragraph]) -> Iterator[tuple[int, int]]:
    """Yield the character spans of one run: more than one where it is long."""
    start, end = run[0].start, run[-1].end
    if sum(_words(part.text) for part in run) > LONG_WORDS:
        words, last_end = 0, start
        for sentence in (sentence for part in run for sentence in split_sentences(part.text, part.start)):
            if words and words + _words(sentence.text) > PART_WORDS:
                yield start, last_end
                start, words = sentence.start, 0
            words += _words(sentence.text)
            last_end = sentence.end
    yield start, end


def _words(text: str) -> int:
    return len(_WORD.findall(text))
