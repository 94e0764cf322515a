"""What must hold of a library whatever happened to it: used after every kill, and after every ordinary run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from index.library.editing import EditableLibrary
from index.search import Searcher
from index.splitting.paragraphs import split_paragraphs
from index.splitting.passages import make_passages
from index.stores.chroma import ChromaVectors
from index.stores.tantivy import TantivyTerms
from tests.fakes import FakeEmbedder

SEARCHED = 50
"""Articles of a large library that are searched for; all are compared."""


def assert_complete(path: Path, embedder: FakeEmbedder) -> None:
    """Check that nothing is left to do, and that the database and both derived stores hold the same passages."""
    with EditableLibrary.create_or_open(path, embedder.name, embedder.dimension) as library:
        manifest, counts = library.manifest, library.counts()
        assert counts["pending"] == 0
        assert library.stale() == []
        assert not manifest.vectors_dirty
        assert not manifest.stores_dirty
        assert manifest.embedder == embedder.name

        expected: dict[str, str] = {}
        for article in library.articles():
            paragraphs = split_paragraphs(article)
            assert library.paragraphs(article) == paragraphs
            passages = make_passages(article, paragraphs)
            assert library.passages(article) == passages
            expected |= {passage.id: passage.embedded_text for passage in passages}
        assert library.passage_ids() == expected.keys()
        assert counts["passages"] == len(expected)

        ids, vectors = library.vectors()
        assert sorted(ids) == sorted(expected)
        for passage_id, vector in zip(ids, vectors, strict=True):
            np.testing.assert_allclose(vector, embedder.vector(expected[passage_id]), atol=1e-6)
    lexical = TantivyTerms(path / "tantivy")
    assert lexical.ids() == expected.keys()
    assert lexical.count() == len(expected)
    assert_vectors_stored(path, embedder, expected)


def assert_vectors_stored(path: Path, embedder: FakeEmbedder, expected: Mapping[str, str]) -> None:
    """Check that Chroma holds these passages, each with the vector of its text."""
    store = ChromaVectors(path)
    try:
        assert store.ids() == expected.keys()
        assert store.count() == len(expected)
        if expected:
            stored = store.collection().get(include=["embeddings"])
            for passage_id, vector in zip(stored["ids"], stored["embeddings"], strict=True):
                np.testing.assert_allclose(vector, embedder.vector(expected[passage_id]), atol=1e-5)
    finally:
        store.close()


def assert_only_whole_articles(path: Path, embedder: FakeEmbedder, known: Mapping[str, Collection[str]]) -> set[str]:
    """Check, as a reader at any moment, that every live article is one of the `known` texts, whole and findable.

    Returns the ids of the live articles.
    """
    with Searcher.open(path, embedder) as searcher:
        library = searcher.library
        articles = library.articles()
        for article in articles:
            assert article.text in known[article.id]
            paragraphs = split_paragraphs(article)
            assert library.paragraphs(article) == paragraphs
            assert library.passages(article) == make_passages(article, paragraphs)
        for article in articles[:: len(articles) // SEARCHED + 1]:
            hits = searcher.search(library.passages(article)[-1].text, fold=False)
            assert article.id in {hit.article.id for hit in hits}
            for hit in hits:
                assert hit.article.text in known[hit.article.id]
                assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
    return {article.id for article in articles}
