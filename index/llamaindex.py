"""Our parts as LlamaIndex's, so that they drop into other people's pipelines: retriever, node parser, embedding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import NodeParser
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import BaseNode, NodeRelationship, NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr

from index.embedding.protocol import Embedder
from index.search import Searcher
from index.splitting.paragraphs import split_paragraphs
from index.splitting.passages import make_passages
from index.types import Article, Filters, Passage


def passage_node(passage: Passage, article: Article) -> TextNode:
    """Return a passage as a node: offsets into the article's text, and in the metadata what a citation needs."""
    metadata: dict[str, Any] = {
        "article": article.id,
        "file": article.file,
        "revision": article.revision,
        "paragraph": passage.first,
        "last_paragraph": passage.last,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
    }
    hidden = [key for key in metadata if key not in ("title", "outlet", "published")]
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
    )


class PullquoteRetriever(BaseRetriever):
    """The fused search of a library as a LlamaIndex retriever; scores are the fused ones, best first."""

    def __init__(self, searcher: Searcher, count: int = 10, filters: Filters | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._searcher = searcher
        self._count = count
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._searcher.search(query_bundle.query_str, self._count, self._filters)
        return [NodeWithScore(node=passage_node(hit.passage, hit.article), score=hit.score) for hit in hits]


class PassageNodeParser(NodeParser):
    """Documents to passages, with true offsets; furniture is left out. Metadata may name a title and an outlet."""

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any) -> list[BaseNode]:
        parsed: list[BaseNode] = []
        for document in nodes:
            article = Article(
                id=document.node_id,
                revision=1,
                text=document.get_content(),
                content_hash=document.hash,
                source=document.node_id,
                file=str(document.metadata.get("file_name", document.node_id)),
                title=document.metadata.get("title"),
                outlet=document.metadata.get("outlet"),
            )
            for passage in make_passages(article, split_paragraphs(article)):
                node = passage_node(passage, article)
                node.relationships[NodeRelationship.SOURCE] = document.as_related_node_info()
                parsed.append(node)
        return parsed


class PullquoteEmbedding(BaseEmbedding):
    """Any of our embedders as a LlamaIndex embedding."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **kwargs: Any) -> None:
        super().__init__(model_name=embedder.name, **kwargs)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedder.embed_query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in row] for row in self._embedder.embed_passages(texts)]
