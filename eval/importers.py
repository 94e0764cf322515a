"""Public question sets as libraries with questions and gold paragraphs: SQuAD files, ClapNQ files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question of a public set. `gold` names paragraphs as (article's number in the set, paragraph number from 1)."""

    id: str
    text: str
    gold: tuple[tuple[int, int], ...]
    answers: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    """Gold sentences, where the set marks them."""

    @property
    def answerable(self) -> bool:
        """Whether the set says that its paragraphs answer the question."""
        return bool(self.gold)


@dataclass(frozen=True, slots=True)
class PublicArticle:
    """An article of a public set: a title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """Articles and the questions about them."""

    articles: tuple[PublicArticle, ...]
    questions: tuple[PublicQuestion, ...]

    def write_jsonl(self, path: Path) -> None:
        """Write the articles as a file that `pullquote add` reads; the row's `id` is the article's number."""
        with path.open("w", encoding="utf-8") as file:
            for number, article in enumerate(self.articles):
                row = {"id": str(number), "title": article.title, "text": "\n".join(article.paragraphs)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def load_public_set(path: Path) -> PublicSet:
    """Load a SQuAD 1.1/2.0 file (.json), or a folder of ClapNQ files (.jsonl).

    Raises UsageError when the path holds neither.
    """
    if path.is_dir():
        files = sorted(path.glob("*.jsonl"))
        if files:
            return _clapnq(row for file in files for row in _rows(file))
        path = next(iter(sorted(path.glob("*.json"))), path)
    if path.suffix == ".json" and path.is_file():
        return _squad(json.loads(path.read_text("utf-8")))
    raise UsageError(f"{path} is no question set. Give a SQuAD file (.json) or a folder of ClapNQ files (.jsonl).")


def _squad(data: Mapping[str, Any]) -> PublicSet:
    articles, questions = [], []
    for article_number, entry in enumerate(data["data"]):
        paragraphs = []
        for number, paragraph in enumerate(entry["paragraphs"], start=1):
            paragraphs.append(_one_line(paragraph["context"]))
            for question in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in question["answers"])
                gold = ((article_number, number),) if answers else ()
                questions.append(PublicQuestion(str(question["id"]), question["question"], gold, answers))
        articles.append(PublicArticle(entry.get("title", "").replace("_", " "), tuple(paragraphs)))
    return PublicSet(tuple(articles), tuple(questions))


def _clapnq(rows: Iterable[Mapping[str, Any]]) -> PublicSet:
    articles: list[PublicArticle] = []
    numbers: dict[tuple[str, str], int] = {}
    questions = []
    for row in rows:
        passage = row["passages"][0]
        key = (passage["title"], _one_line(passage["text"]))
        if key not in numbers:
            numbers[key] = len(articles)
            articles.append(PublicArticle(key[0], (key[1],)))
        output = row["output"][0]
        sentences = tuple(_one_line(sentence) for sentence in output.get("selected_sentences", ()))
        gold = ((numbers[key], 1),) if output["answer"] else ()
        answers = (output["answer"],) if output["answer"] else ()
        questions.append(PublicQuestion(str(row["id"]), row["input"], gold, answers, sentences if gold else ()))
    return PublicSet(tuple(articles), tuple(questions))


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _one_line(text: str) -> str:
    return " ".join(text.split())
