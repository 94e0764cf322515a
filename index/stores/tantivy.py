"""BM25 over passages: a Tantivy index on disk, derived from the library."""

from __future__ import annotations

import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import tantivy

from index.errors import LibraryDamaged
from index.splitting.terms import STOPWORDS, _analyzer, terms
from index.types import Passage

# Measured on XQuAD-en and ClapNQ (docs/benchmarks.md): each of the three helps one set and harms neither.
CONTEXT_BOOST = 0.5
"""Weight of a word that stands in the title, outlet or date line instead of the text."""
STOPWORD_BOOST = 0.5
"""Weight of function words, which short questions are full of."""
PHRASE_BOOST, PHRASE_SLOP = 0.6, 2
"""Weight of two neighbouring content words of the question that stand near each other in the passage."""


_ANALYZER = "news"
_WRITER_BYTES = 64_000_000
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:[-‐‑][^\W\d_]+)+\b")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=_ANALYZER)
    builder.add_text_field("context", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class TantivyTerms:
    """Term search over passages. Opens lazily: an index that nobody has written yet is empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._index: tantivy.Index | None = None
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def search(self, question: str, count: int, article_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Return up to `count` passage ids with BM25 scores, best first; `article_ids` limits where to look."""
        index = self._opened()
        query = _query(question, index.schema) if index else None
        if index is None or query is None:
            return []
        if article_ids is not None:
            allowed = tantivy.Query.term_set_query(index.schema, "article", list(article_ids))
            silent = tantivy.Query.const_score_query(allowed, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, silent), (tantivy.Occur.Must, query)])
        searcher = index.searcher()
        return [(searcher.doc(address)["id"][0], score) for score, address in searcher.search(query, count).hits]

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of an index term, as BM25 has it; at least a small positive number."""
        index = self._opened()
        if index is None:
            return 1.0
        searcher = index.searcher()
        containing = searcher.doc_freq("text", term)
        return max(0.1, math.log(1 + (searcher.num_docs - containing + 0.5) / (containing + 0.5)))

    def holds(self, term: str) -> bool:
        """Whether any passage, or the title or outlet of its article, has an index term."""
        index = self._opened()
        searcher = index.searcher() if index else None
        return searcher is not None and any(searcher.doc_freq(field, term) for field in ("text", "context"))

    def reload(self) -> None:
        """See what was committed since; an index that was made anew is opened again by the next search."""
        if self._index is not None:
            try:
                self._index.reload()
            except ValueError:  # Tantivy's word for files that are gone
                self._index = None

    def ids(self) -> set[str]:
        """Return the ids of all passages that the index holds; a doubled one shows as LibraryDamaged."""
        index = self._opened()
        if index is None:
            return set()
        searcher = index.searcher()
        found = [
            searcher.doc(address)["id"][0]
            for _, address in searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1)).hits
        ]
        if len(set(found)) != len(found):
            raise LibraryDamaged(f"{self._path} holds passages twice. Repair: pullquote rebuild")
        return set(found)

    def count(self) -> int:
        """Return how many passages the index holds."""
        index = self._opened()
        return index.searcher().num_docs if index else 0

    @contextmanager
    def writer(self) -> Iterator[TantivyWriter]:
        """Write: everything inside is committed at the end, or nothing is."""
        self._path.mkdir(parents=True, exist_ok=True)
        if self._index is None:
            self._index = self._register(tantivy.Index(_schema(), path=str(self._path), reuse=True))
        writer = self._index.writer(_WRITER_BYTES, 1)
        with suppress(ValueError):  # while a reader opens the index; the next writer does it
            writer.garbage_collect_files()  # what a killed commit left would be in the way of the next one
        try:
            yield TantivyWriter(writer)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def clear(self) -> None:
        """Delete the index from disk; a reader sees all of it or nothing."""
        self._index = None
        if self._path.is_dir():
            doomed = Path(tempfile.mkdtemp(prefix="tantivy-old-", dir=self._path.parent))
            self._path.rename(doomed / self._path.name)
            shutil.rmtree(doomed, ignore_errors=True)

    def close(self) -> None:
        """Let go of the files."""
        self._index = None
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def _opened(self) -> tantivy.Index | None:
        if self._index is None and (self._path / "meta.json").is_file():
            try:
                self._index = self._register(tantivy.Index.open(str(self._readable_path())))
            except ValueError as error:
                raise LibraryDamaged(f"{self._path} cannot be opened ({error}). Repair: pullquote rebuild") from error
        return self._index

    def _readable_path(self) -> Path:
        """Return where the index can be opened: Tantivy wants a lock file, so on a read-only medium a copy."""
        if os.access(self._path, os.W_OK):
            return self._path
        self._copy = tempfile.TemporaryDirectory(prefix="pullquote-")
        shutil.copytree(self._path, self._copy.name, dirs_exist_ok=True)
        return Path(self._copy.name)

    @staticmethod
    def _register(index: tantivy.Index) -> tantivy.Index:
        index.register_tokenizer(_ANALYZER, _analyzer())
        return index


class TantivyWriter:
    """What may be done inside `TantivyTerms.writer`."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def add(self, passages: Iterable[Passage]) -> None:
        """Add passages, in place of any with the same id."""
        for passage in passages:
            self.delete([passage.id])
            context = passage.embedded_text[: -len(passage.text)]
            self._writer.add_document(
                tantivy.Document(
                    id=passage.id,
                    article=passage.article_id,
                    text=_with_joined_compounds(passage.text),
                    context=context,
                )
            )

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Remove passages; unknown ids are no error."""
        for passage_id in passage_ids:
            self._writer.delete_documents_by_term("id", passage_id)


def _with_joined_compounds(text: str) -> str:
    """Add "ceasefire" where "cease-fire" stands: outlets differ in their house style."""
    joined = [re.sub(r"[-‐‑]", "", compound) for compound in _HYPHENATED.findall(text)]
    return f"{text} {' '.join(joined)}" if joined else text


def _query(question: str, schema: tantivy.Schema) -> tantivy.Query | None:
    """Any term may match, in text or context; neighbouring content words count more when they stand together."""
    clauses: list[tantivy.Query] = []
    content: list[str] = []
    seen: set[str] = set()
    words = re.findall(r"\w+", _with_joined_compounds(question))[:64]
    for word in words:
        boost = STOPWORD_BOOST if word.lower() in STOPWORDS else 1.0
        for term in terms(word):
            if boost == 1.0:
                content.append(term)
            if term in seen:
                continue
            seen.add(term)
            for field, weight in (("text", boost), ("context", boost * CONTEXT_BOOST)):
                clauses.append(tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, term), weight))
    for first, second in dict.fromkeys(pairwise(content)):
        if first != second:
            phrase = tantivy.Query.phrase_query(schema, "text", [first, second], PHRASE_SLOP)
            clauses.append(tantivy.Query.boost_query(phrase, PHRASE_BOOST))
    if not clauses:
        return None
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
