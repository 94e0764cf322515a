"""SQuAD 1.1 and 2.0 files (Rajpurkar et al. 2016, arXiv 1606.05250; 2018, arXiv 1806.03822), and what copies them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval.sets.files import read_json
from eval.sets.sets import PublicArticle, PublicQuestion, PublicSet, join_sets, one_line


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the paragraph that answers."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; version 2.0 marks those that the paragraph does not answer."""

    id: str | int
    question: str
    answers: Sequence[Span] = ()
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the questions about it."""

    context: str
    qas: Sequence[Asked]


@dataclass(frozen=True, slots=True)
class Entry:
    """An article."""

    paragraphs: Sequence[Paragraph]
    title: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """The whole file."""

    data: Sequence[Entry]


_FILE = TypeAdapter(File)


def load_squad(paths: Sequence[Path]) -> PublicSet:
    """Read one or several files as one set. Raises UsageError that names what does not fit."""
    return join_sets(_load_file(path) for path in paths)


def _load_file(path: Path) -> PublicSet:
    articles, questions = [], []
    for article_number, entry in enumerate(read_json(path, _FILE).data):
        paragraphs: list[str] = []
        for paragraph in entry.paragraphs:
            if text := one_line(paragraph.context):
                paragraphs.append(text)
            for asked in paragraph.qas:
                answers = () if asked.is_impossible else tuple(answer.text for answer in asked.answers)
                gold = ((article_number, len(paragraphs)),) if answers and text else ()
                questions.append(PublicQuestion(str(asked.id), asked.question, gold, answers))
        articles.append(PublicArticle(one_line(entry.title.replace("_", " ")), tuple(paragraphs)))
    return PublicSet(tuple(articles), tuple(questions))
