"""Bring articles into a library, keep them current, and take them out.

The order of a change is what makes it safe to kill at any point:

1. new revisions are written to SQLite as *pending*;
2. their passages are embedded, vectors kept in SQLite batch by batch;
3. new vectors and terms go to Chroma and Tantivy, where readers ignore them;
4. one transaction makes the revisions *live* and the old passages *stale*;
5. stale passages leave Chroma and Tantivy.

What a killed process left is finished by the next writer. A vector store that was being written is rebuilt from SQLite.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from index.embedding.batching import embed_in_batches
from index.embedding.protocol import Embedder, Vectors, vector_key
from index.errors import ConfigError, LibraryError, NotFound, UsageError
from index.library.compatibility import check_embedder
from index.library.editing import EditableLibrary
from index.library.library import Library
from index.progress import AddReport, Progress, Silent
from index.reading.readers import find_files, find_passed_over, read_file
from index.reading.tables import Columns
from index.splitting.paragraphs import split_paragraphs
from index.splitting.passages import SETTINGS_VERSION, make_passages
from index.stores.embedded import embedded_stores
from index.stores.locks import writer_lock
from index.stores.protocols import Stores
from index.stores.sync import SyncedStores
from index.types import Article, Paragraph, Passage, RawArticle, Unreadable, opening

PUBLISH_PASSAGES = 2_000
"""Passages that are embedded and then made searchable together: some minutes of work on two cores."""
KEEP_BATCHES = 4
"""Batches of vectors between two commits: what a kill can lose is some seconds of work."""


@dataclass(slots=True)
class _NoEmbedder:
    """Stands in where nothing is embedded, so that removing an article loads no model and needs no endpoint."""

    name: str
    dimension: int

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        missing = f"{len(texts)} vectors are missing. Finish the run that was cut short: pullquote add FOLDER"
        raise LibraryError(missing)

    def embed_query(self, text: str) -> Vectors:
        return self.embed_passages([text])


class Indexer:
    """The one writer of a library. Use as a context manager: it holds the writer lock while it is open.

    `open_stores` makes the stores that search reads, for the library's folder; the embedded ones unless told otherwise.
    """

    def __init__(
        self,
        path: Path,
        embedder: Embedder,
        progress: Progress | None = None,
        open_stores: Callable[[Path], Stores] = embedded_stores,
    ) -> None:
        self._path = path
        self._embedder = embedder
        self._progress = progress or Silent()
        self._open_stores = open_stores
        self._stack = ExitStack()
        self.library: EditableLibrary
        self._stores: SyncedStores

    @classmethod
    def open_existing(cls, path: Path) -> Indexer:
        """Return the writer of a library that exists, for changes that embed nothing. Raises NotFound."""
        with Library.open(path) as library:
            manifest = library.manifest
        return cls(path, _NoEmbedder(manifest.embedder, manifest.dimension))

    def __enter__(self) -> Indexer:
        """Open, or create, the library.

        Raises LibraryLocked when another process writes, LibraryError when the folder cannot be written to.
        """
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The library folder {self._path} cannot be made ({error.strerror}). Choose another with --library."
            ) from error
        with ExitStack() as stack:
            stack.enter_context(writer_lock(self._path / "writer.lock", "pullquote"))
            self.library = EditableLibrary.create_or_open(self._path, self._embedder.name, self._embedder.dimension)
            stack.callback(self.library.close)
            self._stores = SyncedStores(self.library, self._open_stores(self._path))
            stack.callback(self._stores.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # -- what a user asks for

    def add(self, paths: Sequence[Path], columns: Columns | None = None) -> AddReport:
        """Read files and folders and make their articles searchable; what has not changed is skipped.

        An earlier run that was cut short is finished as well. A file or row that cannot be read is reported and does
        not stop the others. Raises NotFound and UsageError for paths that hold nothing to read.
        """
        files = find_files(paths)
        self._check_made_alike()
        self._repair()
        report = AddReport(passed_over=find_passed_over(paths))
        left_over = {article.id for article in self.library.pending()}
        seen: set[str] = set()
        set_aside: list[RawArticle] = []
        self._progress.start("Reading", len(files))
        for file in files:
            with self.library.transaction():
                for item in read_file(file, columns):
                    if isinstance(item, Unreadable):
                        report.failed.append(item)
                    elif (twin := self._twin(item)) is not None:
                        set_aside.append(item)
                        seen.add(twin.id)
                    else:
                        seen.add(self._take_in(item, report))
            self._progress.advance(1)
        with self.library.transaction():
            for item in set_aside:  # only now is it known which of the others have changed
                self._take_in_copy(item, report)
        report.finished = sorted(left_over - seen)
        self._publish(self.library.pending())
        return report

    def remove(self, article_ids: Sequence[str]) -> list[Article]:
        """Take articles out of the library and return them. Raises NotFound, and removes none, when one is unknown.

        Their text stays readable under its revision, so that old citations still resolve.
        """
        articles = [self.library.article(article_id) for article_id in dict.fromkeys(article_ids)]
        self._repair()
        self.library.retire([article.id for article in articles])
        self._stores.sweep()
        return articles

    def restore(self, article_id: str) -> Article:
        """Put an article that was removed back as it was, as a new revision, whether or not its file is still there.

        Killed meanwhile, it is finished by the next run. Raises NotFound when no such article was removed, UsageError
        when another article has its text by now.
        """
        removed = next((article for article in self.library.removed() if article.id == article_id), None)
        if removed is None:
            raise NotFound(
                f"No article {article_id!r} was removed from {self._path}. `pullquote list` shows what is in it."
            )
        twin = self.library.find_by_content(removed.content_hash)
        if twin is not None:
            raise UsageError(f"{removed.name!r} is in the collection already, as {twin.id}.")
        self._check_made_alike()
        self._repair()
        with self.library.transaction():
            self._write_pending(removed.raw, article_id)
        self._publish(self.library.pending())
        return self.library.article(article_id)

    def rebuild(self) -> int:
        """Make paragraphs, passages, Chroma and Tantivy anew from the articles; return the number of passages.

        Vectors are kept where text and embedder are the same, so that as a rule nothing is embedded again. Until all
        are there, the library stays as it is.
        """
        embedder, articles = self._embedder, self.library.articles()
        parts = {article.id: split_article(article) for article in articles}
        texts = {
            vector_key(embedder.name, embedder.dimension, passage.embedded_text): passage.embedded_text
            for _, passages in parts.values()
            for passage in passages
        }
        known = self.library.known_vectors()
        missing = {key: text for key, text in texts.items() if key not in known}
        if missing:
            self._progress.start("Embedding", len(missing))
        self._embed(missing)
        with self.library.transaction():
            self.library.update_manifest(
                embedder=embedder.name, dimension=embedder.dimension, passage_settings=SETTINGS_VERSION,
                vectors_dirty=True, stores_dirty=True,
            )  # fmt: skip
            for article in articles:
                self.library.set_parts(article, *parts[article.id])
            for article in self.library.pending():
                self.library.set_parts(article, *split_article(article))
            self.library.forget_unused_vectors()
            self.library.next_generation()
        self._stores.clear_terms()
        self._repair()
        self._publish(self.library.pending())
        return len(self.library.passage_ids())

    # -- taking in

    def _take_in(self, raw: RawArticle, report: AddReport) -> str:
        """Decide what an article that was read means for the library; write it as pending if it is new."""
        known = self.library.find_by_source(raw.source)
        if known:
            article, state = known
            if article.content_hash == raw.content_hash and state != "removed":
                (report.unchanged if state == "live" else report.added).append(article.id)
                return article.id
            (report.added if state == "removed" else report.updated).append(article.id)
            self._write_pending(raw, article.id)
            return article.id
        article_id = self._new_id(raw)
        report.added.append(article_id)
        self._write_pending(raw, article_id)
        return article_id

    def _twin(self, raw: RawArticle) -> Article | None:
        """Return the article that has this content already, unless the file itself is known."""
        return None if self.library.find_by_source(raw.source) else self.library.find_by_content(raw.content_hash)

    def _take_in_copy(self, raw: RawArticle, report: AddReport) -> None:
        """Decide about a new file with known content: its article moved, or is there twice, or has just changed."""
        twin = self._twin(raw)
        if twin is None:
            self._take_in(raw, report)
        elif twin.path.exists():
            report.duplicates.append(twin.id)
        else:
            self.library.set_source(twin, raw.source, raw.file)
            report.unchanged.append(twin.id)

    def _write_pending(self, raw: RawArticle, article_id: str) -> None:
        article = self.library.add_pending(raw, article_id)
        self.library.set_parts(article, *split_article(article))

    def _new_id(self, raw: RawArticle) -> str:
        """Return a free slug: from the file's name; for a row of a table from its title."""
        base = slug(raw.title or opening(raw.text) if raw.is_row else Path(raw.file).stem) or "article"
        candidate, number = base, 2
        while self.library.has_article_id(candidate):
            candidate, number = f"{base}-{number}", number + 1
        return candidate

    def _check_made_alike(self) -> None:
        manifest = self.library.manifest
        check_embedder(self._path, manifest, self._embedder)
        if manifest.passage_settings != SETTINGS_VERSION:
            raise ConfigError(
                f"The library {self._path} was made by a version that cut passages differently. "
                f"Renew it: pullquote --library {self._path} rebuild"
            )

    # -- making searchable

    def _publish(self, pending: Sequence[Article]) -> None:
        total = len(self.library.missing_vectors(pending))
        if total:
            self._progress.start("Embedding", total)
        for articles in self._portions(pending):
            self._embed(self.library.missing_vectors(articles))
            self._to_stores(articles)
            self.library.promote(articles)
            self._stores.sweep()

    def _embed(self, missing: Mapping[str, str]) -> None:
        """Embed texts, by the keys of their vectors, and keep the work every few batches."""
        keys, texts = list(missing), list(missing.values())
        unsaved = []
        for number, (positions, vectors) in enumerate(embed_in_batches(self._embedder, texts), start=1):
            unsaved += [(keys[position], vector) for position, vector in zip(positions, vectors, strict=True)]
            if number % KEEP_BATCHES == 0:
                self.library.store_vectors(unsaved)
                unsaved = []
            self._progress.advance(len(positions))
        self.library.store_vectors(unsaved)

    def _to_stores(self, articles: Sequence[Article]) -> None:
        """Put the passages of pending revisions into Chroma and Tantivy; those that are live already stand there."""
        ids = {passage.id for article in articles for passage in self.library.passages(article)}
        self._stores.write(sorted(ids - self.library.locate(sorted(ids)).keys()), [])

    def _repair(self) -> None:
        """Make Chroma and Tantivy equal to the live passages again where a killed process left them otherwise."""
        if self.library.manifest.vectors_dirty:
            self._embed(self.library.missing_vectors(self.library.articles()))
        self._stores.repair()

    def _portions(self, articles: Sequence[Article]) -> Iterator[list[Article]]:
        """Cut a long list where enough passages are together."""
        portion: list[Article] = []
        passages = 0
        for article in articles:
            portion.append(article)
            passages += len(self.library.passages(article))
            if passages >= PUBLISH_PASSAGES:
                yield portion
                portion, passages = [], 0
        if portion:
            yield portion


def split_article(article: Article) -> tuple[list[Paragraph], list[Passage]]:
    """Return the paragraphs and passages of an article."""
    paragraphs = split_paragraphs(article)
    return paragraphs, make_passages(article, paragraphs)


def slug(text: str, limit: int = 60) -> str:
    """Return a name for `text` of lower-case letters, digits, "-" and "_", cut at a word."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")
    return words if len(words) <= limit else words[:limit].rsplit("-", 1)[0].strip("-")
