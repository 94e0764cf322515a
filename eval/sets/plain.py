"""Plain JSON lines, for questions of one's own: one object a line, of which only the question and a text are needed.

    {"question": "Who?", "answers": ["Ann Lee"], "context": "Ann Lee won."}
    {"id": 2, "question": "When?", "answers": "May", "title": "Cup", "paragraphs": ["First.", "In May."], "gold": [2]}
    {"question": "Why?", "answers": [], "context": "Ann Lee won."}

Without answers, or with "answerable": false, the text does not answer. `gold` numbers the paragraphs that do, from 1;
where it is left out, they are those that hold an answer. SQuAD rows as Hugging Face writes them are read as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval.matching import occurs
from eval.sets.files import read_json_lines
from eval.sets.sets import ArticleNumbers, PublicQuestion, PublicSet, one_line
from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class Spans:
    """Answers as Hugging Face writes them."""

    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    question: str
    answers: str | Sequence[str] | Spans = ()
    context: str = ""
    paragraphs: Sequence[str] = ()
    gold: Sequence[int] = ()
    answerable: bool | None = None
    title: str = ""
    id: str | int | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The paragraphs, one line each; each line of the context is one."""
        lines = self.paragraphs or self.context.split("\n")
        return tuple(text for line in lines if (text := one_line(line)))

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers; none if the row says that the text does not answer."""
        if self.answerable is False:
            return ()
        given = self.answers.text if isinstance(self.answers, Spans) else self.answers
        listed = (given,) if isinstance(given, str) else given
        return tuple(text for answer in listed if (text := one_line(answer)))


_ROW = TypeAdapter(Row)


def load_plain(paths: Sequence[Path]) -> PublicSet:
    """Read one or several files as one set. Raises UsageError that names file and line of what does not fit."""
    numbers = ArticleNumbers()
    questions: dict[str, PublicQuestion] = {}
    for path in paths:
        for line, row in read_json_lines(path, _ROW):
            try:
                question = _question(row, numbers, str(row.id if row.id is not None else f"{path.stem}-{line}"))
            except ValueError as error:
                raise UsageError(f"{path}, line {line}: {error}.") from error
            if question.id in questions:
                raise UsageError(f"{path}, line {line}: the id {question.id!r} is there already. Choose another.")
            questions[question.id] = question
    return PublicSet(numbers.articles, tuple(questions.values()))


def _question(row: Row, numbers: ArticleNumbers, key: str) -> PublicQuestion:
    """Return the question of a row. Raises ValueError that says what is wrong and how to mend it."""
    if not row.question.strip():
        raise ValueError("the question is empty: write it")
    if bool(row.context.strip()) == bool(row.paragraphs):
        raise ValueError('a row has its text in either "context" or "paragraphs": give one of them')
    gold = _gold(row)
    article = numbers.number(row.title, row.texts)
    return PublicQuestion(key, row.question, tuple((article, number) for number in gold), row.accepted)


def _gold(row: Row) -> list[int]:
    texts, accepted = row.texts, row.accepted
    if not texts:
        raise ValueError("the paragraphs are empty: write them")
    if row.answerable and not accepted and not row.gold:
        raise ValueError("an answerable question has answers or gold: add one of them, or set answerable to false")
    if row.gold and row.answerable is False:
        raise ValueError("a question that is not answerable has no gold: remove it, or set answerable to true")
    if wrong := [number for number in row.gold if not 1 <= number <= len(texts)]:
        raise ValueError(f"gold names paragraph {wrong[0]}, but they are numbered 1 to {len(texts)}: correct it")
    if row.gold or not accepted:
        return sorted(set(row.gold))
    if len(texts) == 1:
        return [1]
    holding = [number for number, text in enumerate(texts, start=1) if any(occurs(answer, text) for answer in accepted)]
    if not holding:
        raise ValueError('no paragraph holds an answer word for word: add "gold", the numbers of those that do, from 1')
    return holding
