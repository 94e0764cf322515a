"""The search of a library as a LlamaIndex retriever: python examples/llamaindex_retriever.py LIBRARY."""

import sys
from pathlib import Path

from index import EmbedderSettings, Searcher, make_embedder
from index.llamaindex import PullquoteRetriever

with Searcher.open(Path(sys.argv[1]), make_embedder(EmbedderSettings("minilm"))) as searcher:
    for found in PullquoteRetriever(searcher, count=3).retrieve("Who got generators?"):
        print(f"{found.score:.2f}", found.metadata["article"], found.metadata["paragraph"], found.text[:60])
