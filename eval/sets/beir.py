"""BEIR folders (Thakur et al. 2021, arXiv 2104.08663): corpus.jsonl, queries.jsonl and graded judgements in qrels/.

A document is an article of one paragraph. A question without a relevant document is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from eval.sets.files import read_json_lines, read_lines
from eval.sets.sets import ArticleNumbers, Place, PublicQuestion, PublicSet, one_line
from index.errors import NotFound, UsageError

CORPUS, QUERIES, JUDGEMENTS = "corpus.jsonl", "queries.jsonl", "qrels"
HEADER = ("query-id", "corpus-id", "score")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the corpus or of the queries."""

    id: Annotated[str | int, Field(validation_alias="_id")]
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is to a question: not at 0, above it the more the higher."""

    line: int
    query: str
    document: str
    gain: int


_ROW = TypeAdapter(Row)


def load_beir(folder: Path) -> PublicSet:
    """Read a folder. Raises UsageError that names file and line of what does not fit."""
    numbers = ArticleNumbers()
    documents = {
        key: (numbers.number(row.title, [one_line(row.text) or one_line(row.title)]), 1)
        for key, row in _rows(folder / CORPUS).items()
    }
    queries = _rows(folder / QUERIES)
    path = _judgements_file(folder / JUDGEMENTS)
    gains: dict[str, dict[Place, int]] = {}
    for judgement in _judgements(path):
        _check_known(judgement.query, queries, QUERIES, path, judgement.line)
        _check_known(judgement.document, documents, CORPUS, path, judgement.line)
        if judgement.gain > 0:
            graded, place = gains.setdefault(judgement.query, {}), documents[judgement.document]
            graded[place] = max(judgement.gain, graded.get(place, 0))
    if not gains:
        raise UsageError(f"{path}: judges no document relevant, so there is nothing to find. Give another set.")
    questions = tuple(
        PublicQuestion(query, one_line(queries[query].text), tuple(graded), gains=tuple(graded.values()))
        for query, graded in gains.items()
    )
    return PublicSet(numbers.articles, questions)


def _rows(path: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for line, row in read_json_lines(path, _ROW):
        if str(row.id) in rows:
            raise UsageError(f"{path}, line {line}: the _id {row.id!r} is there already. Rename or remove one of them.")
        rows[str(row.id)] = row
    return rows


def _check_known(key: str, known: Mapping[str, object], file: str, path: Path, line: int) -> None:
    if key not in known:
        raise UsageError(f"{path}, line {line}: {file} has no _id {key!r}. Download the set again, or drop the line.")


def _judgements_file(folder: Path) -> Path:
    """Return test.tsv, or the only file there is."""
    files = sorted(folder.glob("*.tsv"))
    named = [path for path in files if path.stem == "test"] or files
    if not named:
        raise NotFound(f"{folder / 'test.tsv'} is missing. Put the judgements there: {' TAB '.join(HEADER)}.")
    if len(named) > 1:
        shown = ", ".join(path.name for path in named)
        raise UsageError(f"{folder} holds {shown} and no test.tsv. Copy the one that is meant to test.tsv.")
    return named[0]


def _judgements(path: Path) -> Iterator[Judgement]:
    for number, line in read_lines(path):
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if number == 1 and cells == HEADER:
            continue
        if len(cells) != len(HEADER) or not cells[2].lstrip("-").isdecimal():
            wanted = " TAB ".join(HEADER)
            raise UsageError(f"{path}, line {number}: is no judgement. Write {wanted}, the score a whole number.")
        yield Judgement(number, cells[0], cells[1], int(cells[2]))
