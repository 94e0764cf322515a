"""What a public question set is, whatever its format: articles, questions, gold paragraphs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from index.reading.decoding import clean_lines

Place: TypeAlias = tuple[int, int]
"""A paragraph of a set: the article's number in the set, from 0, and the paragraph's number, from 1."""


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question of a public set with the paragraphs that answer it."""

    id: str
    text: str
    gold: tuple[Place, ...]
    answers: tuple[str, ...] = ()
    """Accepted answers: any one will do."""
    sentences: tuple[str, ...] = ()
    """Gold sentences, where the set marks them."""
    gains: tuple[int, ...] = ()
    """How relevant each gold paragraph is, where the set grades them; else all count 1."""

    @property
    def answerable(self) -> bool:
        """Whether the set says that its paragraphs answer the question."""
        return bool(self.gold)

    @property
    def graded(self) -> Mapping[Place, float]:
        """The gain of each gold paragraph."""
        return dict(zip(self.gold, self.gains or (1,) * len(self.gold), strict=True))


@dataclass(frozen=True, slots=True)
class PublicArticle:
    """An article of a public set: a title, which may be empty, and its paragraphs, one line each."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The article as a library holds it, one paragraph a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class PublicSet:
    """Articles and the questions about them."""

    articles: tuple[PublicArticle, ...]
    questions: tuple[PublicQuestion, ...]

    def write_jsonl(self, path: Path) -> None:
        """Write the articles as a file that `pullquote add` reads; the row's `id` is the article's number.

        An article without text is left out: no reader could find it.
        """
        with path.open("w", encoding="utf-8") as file:
            for number, article in enumerate(self.articles):
                if article.text:
                    row = {"id": str(number), "title": article.title, "text": article.text}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")


class ArticleNumbers:
    """Collects articles; one that is there already is not taken twice, as a library does not keep it twice either."""

    def __init__(self) -> None:
        self._numbers: dict[PublicArticle, int] = {}

    def number(self, title: str, paragraphs: Iterable[str]) -> int:
        """Return the number of an article, new or known. Its paragraphs are one line each and not empty."""
        article = PublicArticle(one_line(title), tuple(filter(None, paragraphs)))
        return self._numbers.setdefault(article, len(self._numbers))

    @property
    def articles(self) -> tuple[PublicArticle, ...]:
        """The articles by number."""
        return tuple(self._numbers)


def join_sets(sets: Iterable[PublicSet]) -> PublicSet:
    """Return several sets as one."""
    articles: list[PublicArticle] = []
    questions: list[PublicQuestion] = []
    for each in sets:
        shift = len(articles)
        articles += each.articles
        for question in each.questions:
            gold = tuple((article + shift, paragraph) for article, paragraph in question.gold)
            questions.append(
                PublicQuestion(question.id, question.text, gold, question.answers, question.sentences, question.gains)
            )
    return PublicSet(tuple(articles), tuple(questions))


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space; nothing if a library would find no text in it."""
    return " ".join(text.split()) if clean_lines(text).strip() else ""
