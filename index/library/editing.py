"""Changes to the library: revisions are written as pending, made live, and superseded; vectors are kept by text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.protocol import vector_key
from index.library.database import now, open_writable
from index.library.library import ARTICLE_COLUMNS, Library, as_article, question_marks
from index.types import Article, Paragraph, Passage, RawArticle


class EditableLibrary(Library):
    """A library open for writing. Hold the writer lock."""

    @classmethod
    def create_or_open(cls, path: Path, embedder: str, dimension: int) -> EditableLibrary:
        """Open a library, made by that embedder when it is new.

        Raises LibraryError when the folder cannot be written to, LibraryDamaged when the file is not one of ours.
        """
        return cls(path, open_writable(path, embedder, dimension))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen together or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def update_manifest(self, **changes: object) -> None:
        """Change fields of the manifest."""
        self._connection.executemany(
            "UPDATE manifest SET value = ? WHERE key = ?", [(json.dumps(value), key) for key, value in changes.items()]
        )

    def store_vectors(self, vectors: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        """Keep vectors by key; they survive whatever happens next, so that no text is embedded twice."""
        with self.transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                [(key, np.ascontiguousarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors],
            )

    def known_vectors(self) -> set[str]:
        """Return the keys of all vectors that are kept."""
        return {row["key"] for row in self._connection.execute("SELECT key FROM vector")}

    def forget_unused_vectors(self) -> None:
        """Drop the vectors that no passage has, as those of an earlier embedder."""
        self._connection.execute("DELETE FROM vector WHERE key NOT IN (SELECT vector_key FROM passage)")

    # -- writing articles: pending, then live, then the old passages are stale

    def add_pending(self, raw: RawArticle, article_id: str) -> Article:
        """Write a new revision that nobody sees yet; a pending one of the same article is replaced."""
        connection = self._connection
        self.drop_pending(article_id)
        (last,) = connection.execute(
            "SELECT coalesce(max(revision), 0) FROM revision WHERE article_id = ?", (article_id,)
        ).fetchone()
        article = Article(id=article_id, revision=last + 1, content_hash=raw.content_hash, **asdict(raw))
        connection.execute(
            f"INSERT INTO revision ({ARTICLE_COLUMNS}, state, added_at) VALUES ({question_marks(range(14))})",
            (*_row(article), "pending", now()),
        )
        return article

    def drop_pending(self, article_id: str) -> None:
        """Forget a revision that has not gone live."""
        row = self._connection.execute(
            "SELECT revision FROM revision WHERE article_id = ? AND state = 'pending'", (article_id,)
        ).fetchone()
        if row:
            for table in ("passage", "paragraph", "revision"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", (article_id, row["revision"])
                )

    def set_parts(self, article: Article, paragraphs: Sequence[Paragraph], passages: Sequence[Passage]) -> None:
        """Write the paragraphs and passages of a revision in place of any it has."""
        key = (article.id, article.revision)
        for table in ("passage", "paragraph"):
            self._connection.execute(f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", key)
        self._connection.executemany(
            "INSERT INTO paragraph VALUES (?, ?, ?, ?, ?, ?)",
            [(*key, part.number, part.start, part.end, part.kind.value) for part in paragraphs],
        )
        made_with = self.manifest
        self._connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (part.id, *key, part.first, part.last, part.start, part.end,
                 vector_key(made_with.embedder, made_with.dimension, part.embedded_text))
                for part in passages
            ],
        )  # fmt: skip

    def pending(self) -> list[Article]:
        """Return the revisions that are written but not live, in the order in which they came."""
        rows = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM revision WHERE state = 'pending' ORDER BY added_at, article_id"
        )
        return [as_article(row) for row in rows]

    def promote(self, articles: Sequence[Article]) -> None:
        """Make pending revisions live and note which passages of the earlier ones are stale, all in one transaction."""
        with self.transaction():
            for article in articles:
                self._retire(article.id, "superseded", keep_revision=article.revision)
                self._connection.execute(
                    "UPDATE revision SET state = 'live' WHERE article_id = ? AND revision = ?",
                    (article.id, article.revision),
                )
            self.next_generation()

    def retire(self, article_ids: Sequence[str]) -> None:
        """Remove articles: their revisions stay readable for old citations, their passages are stale."""
        with self.transaction():
            for article_id in article_ids:
                self.drop_pending(article_id)
                self._retire(article_id, "removed", keep_revision=None)
            self.next_generation()

    def _retire(self, article_id: str, state: str, keep_revision: int | None) -> None:
        live = self._connection.execute(
            "SELECT revision FROM revision WHERE article_id = ? AND state = 'live'", (article_id,)
        ).fetchone()
        if live is None:
            return
        old = (article_id, live["revision"])
        self._connection.execute(
            "INSERT OR IGNORE INTO stale SELECT id FROM passage WHERE article_id = ? AND revision = ? "
            "AND id NOT IN (SELECT id FROM passage WHERE article_id = ? AND revision = ?)",
            (*old, article_id, -1 if keep_revision is None else keep_revision),
        )
        keys = [
            row["vector_key"]
            for row in self._connection.execute(
                "SELECT vector_key FROM passage WHERE article_id = ? AND revision = ?", old
            )
        ]
        self._connection.execute("DELETE FROM passage WHERE article_id = ? AND revision = ?", old)
        self._connection.executemany(
            "DELETE FROM vector WHERE key = ? AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_key = key)",
            [(key,) for key in keys],
        )
        self._connection.execute("UPDATE revision SET state = ? WHERE article_id = ? AND revision = ?", (state, *old))

    def next_generation(self) -> None:
        """Tell open readers to look again."""
        self._connection.execute("UPDATE manifest SET value = value + 1 WHERE key = 'generation'")

    def set_source(self, article: Article, source: str, file: str) -> None:
        """Record that the file of an article has moved."""
        self._connection.execute(
            "UPDATE revision SET source = ?, file = ? WHERE article_id = ? AND revision = ?",
            (source, file, article.id, article.revision),
        )

    def stale(self) -> list[str]:
        """Return the ids of passages that may still stand in the derived stores."""
        return [row["passage_id"] for row in self._connection.execute("SELECT passage_id FROM stale")]

    def clear_stale(self) -> None:
        """Say that the derived stores have dropped the stale passages."""
        self._connection.execute("DELETE FROM stale")


def _row(article: Article) -> tuple[str | int | None, ...]:
    """Return the values of ARTICLE_COLUMNS."""
    published = article.published.isoformat() if article.published else None
    return (
        *(article.id, article.revision, article.text, article.content_hash, article.source, article.file),
        *(article.title, article.outlet, article.author, article.url, published, article.language),
    )
