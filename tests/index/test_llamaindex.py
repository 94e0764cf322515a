"""Our parts inside other people's LlamaIndex pipelines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode, NodeRelationship, TextNode

from index.indexing import Indexer
from index.llamaindex import PassageNodeParser, PullquoteEmbedding, PullquoteRetriever, passage_node
from index.search import Searcher
from index.stores.chroma import ChromaVectors
from index.types import Filters
from tests.fakes import FakeEmbedder

REPORT = """---
title: Wall to be mended
outlet: Demo Herald
published: 2025-03-08
---
The harbour council voted on Monday to rebuild the northern breakwater before the autumn storms arrive.

Advertisement

Fishermen had asked for the repair since a wave tore out forty metres of the wall two winters ago.
"""
OTHER = "The orchard cooperative will press its own cider again, seven years after the old mill burned down."
QUESTION = "What did the harbour council vote for?"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "harbour.md").write_text(REPORT)
    (articles / "orchard.txt").write_text(OTHER)
    with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
        indexer.add([articles])
    return tmp_path / "library"


@pytest.fixture
def searcher(library: Path) -> Iterator[Searcher]:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        yield searcher


def test_retriever_returns_what_the_search_finds(searcher: Searcher) -> None:
    nodes = PullquoteRetriever(searcher, count=3).retrieve(QUESTION)
    hits = searcher.search(QUESTION, 3)
    assert [(node.node_id, node.score) for node in nodes] == [(hit.passage.id, hit.score) for hit in hits]


def test_node_has_true_offsets_and_what_a_citation_needs(searcher: Searcher) -> None:
    for found in PullquoteRetriever(searcher).retrieve(QUESTION):
        node = found.node
        assert isinstance(node, TextNode)
        article = searcher.library.article(node.metadata["article"], node.metadata["revision"])
        assert article.text[node.start_char_idx : node.end_char_idx] == node.text
    [node, *_] = PullquoteRetriever(searcher).retrieve(QUESTION)
    assert node.metadata == {
        "article": "harbour",
        "file": "harbour.md",
        "revision": 1,
        "paragraph": 1,
        "last_paragraph": 1,
        "title": "Wall to be mended",
        "outlet": "Demo Herald",
        "published": "2025-03-08",
    }
    shown = node.node.get_content(metadata_mode=MetadataMode.LLM)
    assert "Demo Herald" in shown
    assert "revision" not in shown


def test_retriever_takes_filters(searcher: Searcher) -> None:
    nodes = PullquoteRetriever(searcher, filters=Filters(articles=("orchard",))).retrieve(QUESTION)
    assert {node.metadata["article"] for node in nodes} == {"orchard"}


def test_retriever_works_inside_a_query_engine(searcher: Searcher) -> None:
    engine = RetrieverQueryEngine(
        retriever=PullquoteRetriever(searcher, count=2),
        response_synthesizer=get_response_synthesizer(llm=MockLLM()),
        node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=-10.0)],
    )
    response = engine.query(QUESTION)
    assert response.source_nodes[0].metadata["article"] == "harbour"
    assert "rebuild the northern breakwater" in str(response)  # the mock repeats its prompt


async def retrieve_without_blocking(searcher: Searcher) -> list[str]:
    return [node.node_id for node in await PullquoteRetriever(searcher).aretrieve(QUESTION)]


def test_retriever_can_be_awaited(searcher: Searcher) -> None:
    import asyncio

    assert asyncio.run(retrieve_without_blocking(searcher))[0] == searcher.search(QUESTION)[0].passage.id


def test_node_parser_cuts_documents_into_passages_with_true_offsets() -> None:
    text = REPORT.split("---\n", 2)[2]
    document = Document(
        text=text, metadata={"title": "Wall to be mended", "outlet": "Demo Herald", "file_name": "h.txt"}
    )
    nodes = PassageNodeParser().get_nodes_from_documents([document])
    assert [node.metadata["paragraph"] for node in nodes] == [1, 3]
    assert all("Advertisement" not in node.get_content() for node in nodes)
    for node in nodes:
        assert isinstance(node, TextNode)
        assert text[node.start_char_idx : node.end_char_idx] == node.text
        assert node.metadata["title"] == "Wall to be mended"
        assert node.metadata["file"] == "h.txt"
        source = node.relationships[NodeRelationship.SOURCE]
        assert not isinstance(source, list)
        assert source.node_id == document.node_id
        assert node.ref_doc_id == document.node_id
    assert [node.node_id for node in nodes] == [
        node.node_id for node in PassageNodeParser().get_nodes_from_documents([document])
    ]


def test_embedding_gives_the_vectors_of_our_embedder() -> None:
    embedder = FakeEmbedder()
    embedding = PullquoteEmbedding(embedder)
    assert embedding.model_name == "fake"
    assert embedding.get_text_embedding(OTHER) == embedder.vector(OTHER).tolist()
    assert embedding.get_query_embedding(QUESTION) == embedder.vector(QUESTION).tolist()
    texts = [f"text {number}" for number in range(25)]
    assert embedding.get_text_embedding_batch(texts) == [embedder.vector(text).tolist() for text in texts]
    assert embedder.questions == [QUESTION]


def test_parser_and_embedding_work_in_a_pipeline_and_an_index() -> None:
    documents = [Document(text=REPORT.split("---\n", 2)[2]), Document(text=OTHER)]
    embedding = PullquoteEmbedding(FakeEmbedder())
    nodes = IngestionPipeline(transformations=[PassageNodeParser(), embedding]).run(documents=documents)
    assert len(nodes) == 3
    index = VectorStoreIndex(list(nodes), embed_model=embedding)
    [found] = index.as_retriever(similarity_top_k=1).retrieve("who will press cider in the orchard")
    assert found.get_content() == OTHER


def test_stock_chroma_store_reads_our_collection(library: Path) -> None:
    chroma = pytest.importorskip("llama_index.vector_stores.chroma")
    store = ChromaVectors(library)
    index = VectorStoreIndex.from_vector_store(
        chroma.ChromaVectorStore(chroma_collection=store.collection()), embed_model=PullquoteEmbedding(FakeEmbedder())
    )
    found = index.as_retriever(similarity_top_k=1).retrieve(OTHER)
    store.close()
    with Searcher.open(library, FakeEmbedder()) as searcher:
        assert [node.node_id for node in found] == [searcher.search(OTHER)[0].passage.id]


def test_passage_node_of_an_article_about_which_nothing_is_known(searcher: Searcher) -> None:
    [hit, *_] = searcher.search(OTHER)
    node = passage_node(hit.passage, hit.article)
    assert node.metadata["title"] is None
    assert node.metadata["published"] is None
    assert node.get_content(metadata_mode=MetadataMode.EMBED).endswith(OTHER)
