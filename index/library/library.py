"""The library: SQLite holds articles, revisions, paragraphs, passages and vectors, and is the one source of truth."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import NotFound
from index.library.database import Manifest, open_readonly, read_manifest
from index.library.words import words_of
from index.splitting.passages import context_line
from index.types import Article, Coverage, Filters, Paragraph, ParagraphKind, Passage

_VARIABLES = 5_000  # placeholders in one statement, well below SQLite's limit

ARTICLE_COLUMNS = (
    "article_id, revision, text, content_hash, source, file, title, outlet, author, url, published, language"
)
_NEWEST_FIRST = "ORDER BY published IS NULL, published DESC, article_id"
_PARTS_OF_ALL = f"SELECT text, title, outlet, author FROM revision WHERE state = 'live' {_NEWEST_FIRST}"
# A passage is searchable when its revision is live; one join says so everywhere.
_LIVE = "FROM passage JOIN revision USING (article_id, revision) WHERE revision.state = 'live'"


@dataclass(frozen=True, slots=True)
class Located:
    """A live passage with the article that it stands in."""

    passage: Passage
    article: Article


class Library:
    """One library's database, open for reading. Use `Library.open`, and as a context manager."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open an existing library for reading.

        Raises NotFound when there is none, LibraryDamaged when it is not one of ours or cannot be read.
        """
        return cls(path, open_readonly(path))

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; further calls fail."""
        self._connection.close()

    # -- manifest

    @property
    def manifest(self) -> Manifest:
        """The manifest as it is on disk now."""
        return read_manifest(self._connection)

    # -- reading articles

    def articles(self, filters: Filters | None = None) -> list[Article]:
        """Return the live articles that pass the filters, newest first, undated ones last."""
        where, values = _filter_clause(filters or Filters())
        rows = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM revision WHERE state = 'live' {where} "
            "ORDER BY published IS NULL, published DESC, article_id",
            values,
        )
        return [as_article(row) for row in rows]

    def article_ids(self, filters: Filters) -> list[str]:
        """Return the ids of the live articles that pass the filters."""
        where, values = _filter_clause(filters)
        rows = self._connection.execute(f"SELECT article_id FROM revision WHERE state = 'live' {where}", values)
        return [row["article_id"] for row in rows]

    def coverage(self, filters: Filters) -> Coverage:
        """Return what the live articles that pass the filters are about, with at most eight outlets and six titles."""
        where, values = _filter_clause(filters)
        live = f"FROM revision WHERE state = 'live' {where}"
        count, first, last = self._connection.execute(
            f"SELECT count(*), min(published), max(published) {live}", values
        ).fetchone()
        outlets = self._connection.execute(
            f"SELECT outlet {live} AND outlet IS NOT NULL GROUP BY outlet ORDER BY count(*) DESC, outlet LIMIT 8",
            values,
        )
        titles = self._connection.execute(
            f"SELECT title {live} AND title IS NOT NULL ORDER BY published IS NULL, published DESC, article_id LIMIT 6",
            values,
        )
        return Coverage(count, tuple(row[0] for row in outlets), first, last, tuple(row[0] for row in titles))

    def outlets(self) -> list[str]:
        """Return the outlets of the live articles, in alphabetical order."""
        rows = self._connection.execute(
            "SELECT DISTINCT outlet FROM revision WHERE state = 'live' AND outlet IS NOT NULL ORDER BY outlet"
        )
        return [row[0] for row in rows]

    def newest(self) -> date | None:
        """Return the day of the newest live article; None where none has a date."""
        row = self._connection.execute("SELECT max(published) FROM revision WHERE state = 'live'").fetchone()
        return date.fromisoformat(row[0]) if row[0] else None

    def authors(self) -> list[str]:
        """Return the authors of the live articles, in alphabetical order."""
        rows = self._connection.execute(
            "SELECT DISTINCT author FROM revision WHERE state = 'live' AND author IS NOT NULL ORDER BY author"
        )
        return [row[0] for row in rows]

    def mentions(self, words: Sequence[str]) -> bool:
        """Whether one of these words, also inside a longer one, is in a live article's text, title, outlet or author.

        Case makes no difference. Reads the texts one after another until one has it.
        """
        if not words:
            return False
        # LIKE folds the letters of ASCII by itself, and many times as fast.
        folded = ["{}" if word.isascii() else "fold({})" for word in words]
        columns = ("text", "title", "outlet", "author")
        conditions = [f"{form.format(column)} LIKE ? ESCAPE '!'" for column in columns for form in folded]
        escaped = [re.sub(r"([%_!])", r"!\1", word.casefold()) for word in words]
        found = self._connection.execute(
            f"SELECT 1 FROM revision WHERE state = 'live' AND ({' OR '.join(conditions)}) LIMIT 1",
            [f"%{word}%" for _ in columns for word in escaped],
        ).fetchone()
        return found is not None

    def words(self) -> Mapping[str, int]:
        """Return the words of the newest live articles, in small letters, with how many articles hold each.

        Counted at first need and kept until the library changes: about five seconds for a large library.
        """
        manifest = self.manifest
        return words_of(lambda: self._connection.execute(_PARTS_OF_ALL), manifest.library_id, manifest.generation)

    def texts_with(self, word: str, most: int = 50) -> list[str]:
        """Return titles and texts of the newest live articles with a word, also inside a longer one, at most so many.

        Case makes no difference.
        """
        text, title = ("text", "title") if word.isascii() else ("fold(text)", "fold(title)")
        rows = self._connection.execute(
            f"SELECT title, text FROM revision WHERE state = 'live' AND ({text} LIKE :word OR {title} LIKE :word) "
            f"{_NEWEST_FIRST} LIMIT :most",
            {"word": f"%{word.casefold()}%", "most": most},
        )
        return [f"{title or ''}. {text}" for title, text in rows]

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """Return the live revision of an article, or the revision asked for, which may be superseded or removed.

        Raises NotFound with the nearest names.
        """
        condition = "state = 'live'" if revision is None else "revision = ?"
        row = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM revision WHERE article_id = ? AND {condition}",
            (article_id,) if revision is None else (article_id, revision),
        ).fetchone()
        if row is None:
            raise self._unknown_article(article_id)
        return as_article(row)

    def _unknown_article(self, article_id: str) -> NotFound:
        import difflib

        ids = [
            row["article_id"]
            for row in self._connection.execute("SELECT article_id FROM revision WHERE state = 'live'")
        ]
        near = difflib.get_close_matches(article_id, ids, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`pullquote list` shows the names."
        return NotFound(f"There is no article {article_id!r} in {self.path}. {hint}")

    def removed(self) -> list[Article]:
        """Return the articles that were taken out and not put back, by their last revision, newest revision first."""
        rows = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM revision AS last WHERE state = 'removed' AND revision = "
            "(SELECT max(revision) FROM revision WHERE article_id = last.article_id) ORDER BY added_at DESC, article_id"
        )
        return [as_article(row) for row in rows]

    def paragraphs(self, article: Article) -> list[Paragraph]:
        """Return the paragraphs of one revision of an article, in order."""
        rows = self._connection.execute(
            "SELECT number, start, end, kind FROM paragraph WHERE article_id = ? AND revision = ? ORDER BY number",
            (article.id, article.revision),
        )
        return [
            Paragraph(
                article.id,
                row["number"],
                article.text[row["start"] : row["end"]],
                row["start"],
                row["end"],
                ParagraphKind(row["kind"]),
            )
            for row in rows
        ]

    def find_by_source(self, source: str) -> tuple[Article, str] | None:
        """Return the newest revision that came from a path, with its state."""
        row = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS}, state FROM revision WHERE source = ? AND state <> 'superseded' "
            "ORDER BY revision DESC LIMIT 1",
            (source,),
        ).fetchone()
        return (as_article(row), row["state"]) if row else None

    def find_by_content(self, content_hash: str) -> Article | None:
        """Return the live or pending article that has exactly this content, and is not about to get another."""
        row = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM revision AS found WHERE content_hash = ? AND state IN ('live', 'pending') "
            "AND NOT EXISTS (SELECT 1 FROM revision WHERE article_id = found.article_id AND state = 'pending' "
            "AND revision > found.revision) LIMIT 1",
            (content_hash,),
        ).fetchone()
        return as_article(row) if row else None

    def has_article_id(self, article_id: str) -> bool:
        """Whether an id is in use, or was."""
        return (
            self._connection.execute("SELECT 1 FROM revision WHERE article_id = ?", (article_id,)).fetchone()
            is not None
        )

    # -- reading passages

    def locate(self, passage_ids: Sequence[str]) -> dict[str, Located]:
        """Return the live passages among `passage_ids`; others are left out."""
        found: dict[str, Located] = {}
        articles: dict[tuple[str, int], Article] = {}
        for part in _parts(passage_ids):
            rows = self._connection.execute(
                f"SELECT passage.id, first, last, start, end, {ARTICLE_COLUMNS} {_LIVE} "
                f"AND passage.id IN ({question_marks(part)})",
                part,
            )
            for row in rows:
                key = (row["article_id"], row["revision"])
                if key not in articles:
                    articles[key] = as_article(row)
                found[row["id"]] = Located(_passage(row, articles[key]), articles[key])
        return found

    def passages_named(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Return the passages with these ids, live or pending; one that is both comes once."""
        found: dict[str, Passage] = {}
        for part in _parts(passage_ids):
            rows = self._connection.execute(
                f"SELECT passage.id, first, last, start, end, {ARTICLE_COLUMNS} FROM passage "
                f"JOIN revision USING (article_id, revision) WHERE passage.id IN ({question_marks(part)})",
                part,
            )
            found |= {row["id"]: _passage(row, as_article(row)) for row in rows}
        return list(found.values())

    def passages(self, article: Article) -> list[Passage]:
        """Return the passages of one revision of an article, in reading order."""
        rows = self._connection.execute(
            "SELECT id, first, last, start, end FROM passage WHERE article_id = ? AND revision = ? ORDER BY start",
            (article.id, article.revision),
        )
        return [_passage(row, article) for row in rows]

    def passage_ids(self) -> set[str]:
        """Return the ids of all live passages."""
        return {row["id"] for row in self._connection.execute(f"SELECT passage.id {_LIVE}")}

    def counts(self) -> dict[str, int]:
        """Count live articles, their paragraphs and passages, pending articles and vectors."""
        queries = {
            "articles": "SELECT count(*) FROM revision WHERE state = 'live'",
            "paragraphs": "SELECT count(*) FROM paragraph JOIN revision USING (article_id, revision) "
            "WHERE state = 'live'",
            "passages": f"SELECT count(*) {_LIVE}",
            "pending": "SELECT count(*) FROM revision WHERE state = 'pending'",
            "vectors": "SELECT count(*) FROM vector",
        }
        return {name: int(self._connection.execute(query).fetchone()[0]) for name, query in queries.items()}

    # -- vectors

    def vectors(self, article_ids: Sequence[str] | None = None) -> tuple[list[str], NDArray[np.float32]]:
        """Return ids and vectors of the live passages, of all articles or of some: shape (count, dimension)."""
        query = (
            "SELECT passage.id, data FROM vector JOIN passage ON vector.key = passage.vector_key "
            "JOIN revision USING (article_id, revision) WHERE revision.state = 'live'"
        )
        if article_ids is None:
            rows = self._connection.execute(query).fetchall()
        else:
            rows = []
            for part in _parts(article_ids):
                rows += self._connection.execute(f"{query} AND article_id IN ({question_marks(part)})", part).fetchall()
        return _matrix(rows, self.manifest.dimension)

    def vectors_of(self, passage_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Return ids and vectors of the named passages; those without a vector are left out."""
        rows: list[sqlite3.Row] = []
        for part in _parts(passage_ids):
            rows += self._connection.execute(
                "SELECT DISTINCT passage.id, data FROM passage JOIN vector ON key = vector_key "
                f"WHERE passage.id IN ({question_marks(part)})",
                part,
            ).fetchall()
        return _matrix(rows, self.manifest.dimension)

    def missing_vectors(self, articles: Sequence[Article]) -> dict[str, str]:
        """Return the texts to embed, by vector key, for the given revisions."""
        missing: dict[str, str] = {}
        for article in articles:
            rows = self._connection.execute(
                "SELECT id, first, last, start, end, vector_key FROM passage LEFT JOIN vector ON key = vector_key "
                "WHERE article_id = ? AND revision = ? AND key IS NULL",
                (article.id, article.revision),
            )
            missing |= {row["vector_key"]: _passage(row, article).embedded_text for row in rows}
        return missing


def _filter_clause(filters: Filters) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    if filters.outlets:
        clauses.append(f"fold(outlet) IN ({question_marks(filters.outlets)})")
        values += [outlet.casefold() for outlet in filters.outlets]
    if filters.articles:
        clauses.append(f"article_id IN ({question_marks(filters.articles)})")
        values += filters.articles
    if filters.since:
        clauses.append("published >= ?")
        values.append(filters.since.isoformat())
    if filters.until:
        clauses.append("published <= ?")
        values.append(filters.until.isoformat())
    return "".join(f" AND {clause}" for clause in clauses), values


def as_article(row: sqlite3.Row) -> Article:
    """Return the article of a row that holds ARTICLE_COLUMNS."""
    return Article(
        id=row["article_id"], revision=row["revision"], text=row["text"], content_hash=row["content_hash"],
        source=row["source"], file=row["file"], title=row["title"], outlet=row["outlet"],
        author=row["author"], url=row["url"],
        published=date.fromisoformat(row["published"]) if row["published"] else None, language=row["language"],
    )  # fmt: skip


def _passage(row: sqlite3.Row, article: Article) -> Passage:
    text = article.text[row["start"] : row["end"]]
    context = context_line(article)
    embedded_text = f"{context}\n{text}" if context else text
    return Passage(row["id"], article.id, row["first"], row["last"], row["start"], row["end"], text, embedded_text)


def _matrix(rows: Sequence[sqlite3.Row], dimension: int) -> tuple[list[str], NDArray[np.float32]]:
    data = b"".join(row["data"] for row in rows)
    return [row["id"] for row in rows], np.frombuffer(data, dtype=np.float32).reshape(len(rows), dimension)


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _VARIABLES):
        yield values[start : start + _VARIABLES]


def question_marks(values: Sequence[object]) -> str:
    """Return one placeholder a value, for a statement."""
    return ", ".join("?" * len(values))
