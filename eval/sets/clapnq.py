"""ClapNQ files (Rosenthal et al. 2025, TACL): a question, one passage, and a long answer with its sentences, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from eval.sets.files import read_json_lines
from eval.sets.sets import ArticleNumbers, PublicQuestion, PublicSet, one_line


@dataclass(frozen=True, slots=True)
class Passage:
    """The passage that the question was asked of."""

    text: Annotated[str, Field(min_length=1)]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """The answer, empty where the passage gives none, and the sentences of the passage that it was written from."""

    answer: str
    selected_sentences: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    id: str | int
    input: str
    passages: Annotated[Sequence[Passage], Field(min_length=1)]
    output: Annotated[Sequence[Output], Field(min_length=1)]


_ROW = TypeAdapter(Row)


def load_clapnq(paths: Sequence[Path]) -> PublicSet:
    """Read one or several files as one set; a passage is an article. Raises UsageError that names file and line."""
    numbers = ArticleNumbers()
    questions = []
    for path in paths:
        for _, row in read_json_lines(path, _ROW):
            passage, output = row.passages[0], row.output[0]
            number = numbers.number(passage.title, [one_line(passage.text)])
            if output.answer:
                sentences = tuple(one_line(sentence) for sentence in output.selected_sentences)
                question = PublicQuestion(str(row.id), row.input, ((number, 1),), (output.answer,), sentences)
            else:
                question = PublicQuestion(str(row.id), row.input, ())
            questions.append(question)
    return PublicSet(numbers.articles, tuple(questions))
