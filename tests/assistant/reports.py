"""Invented reports, and their sentences ranked as if all of them had been found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.evidence.ranking import Candidate, rank_sentences
from assistant.question.question import Question
from assistant.reader.reader import Reader, reader
from index.splitting.paragraphs import split_paragraphs
from index.types import Article, Hit, Passage

Report = tuple[str, str, str, str]
"""Outlet, date of publication, title, text."""


def candidates_of(question: Question, reports: Sequence[Report], reading: Reader | None = None) -> list[Candidate]:
    """Rank all sentences of some reports as if every paragraph of them had been retrieved."""
    places = []
    for number, (outlet, published, title, text) in enumerate(reports):
        day = date.fromisoformat(published)
        article = Article(f"a{number}", 1, text, "", f"/{number}.txt", f"{number}.txt", title, outlet, published=day)
        paragraphs = split_paragraphs(article)
        for part in paragraphs:
            key = f"{article.id}-{part.number}"
            passage = Passage(key, article.id, part.number, part.number, part.start, part.end, part.text, part.text)
            places.append((Hit(passage, article, 1.0), paragraphs))
    return rank_sentences(question, places, reading or reader())
