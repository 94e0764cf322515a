"""Our passages and embedder in a stock LlamaIndex index: python examples/llamaindex_node_parser.py FOLDER."""

import sys

from llama_index.core import SimpleDirectoryReader, VectorStoreIndex

from index import EmbedderSettings, make_embedder
from index.llamaindex import PassageNodeParser, PullquoteEmbedding

documents = SimpleDirectoryReader(sys.argv[1]).load_data()
nodes = PassageNodeParser().get_nodes_from_documents(documents)
stock = VectorStoreIndex(nodes, embed_model=PullquoteEmbedding(make_embedder(EmbedderSettings("minilm"))))
for found in stock.as_retriever(similarity_top_k=3).retrieve("Who got generators?"):
    print(f"{found.score:.2f}", found.metadata["file"], found.node.start_char_idx, found.text[:60])
