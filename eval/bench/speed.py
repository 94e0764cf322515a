"""Measure speed and size, and write the table to docs/benchmarks.md.

    make bench                      everything; about twenty minutes on two cores
    python -m eval.bench.speed --quick    without the library of 100,000 passages

Figures that compare are taken in one run, one after the other, on the same machine: read the ratios, not the seconds.
"""

from __future__ import annotations

import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from index.embedding.batching import embed_in_batches
from index.embedding.minilm import MiniLM
from index.embedding.protocol import Vectors
from index.indexing import Indexer
from index.reading.readers import find_files, read_file
from index.search import Searcher
from index.splitting.paragraphs import split_paragraphs
from index.splitting.passages import make_passages
from index.types import Article, RawArticle

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "benchmarks.md"
SIZES = (1_000, 10_000, 100_000)
QUERIES = 200
PARAGRAPHS_AN_ARTICLE = 10
WORDS_A_PARAGRAPH = 40


class RandomEmbedder:
    """Vectors drawn from the text's hash: for measuring stores, where the embedder would take hours."""

    name = "random-384"
    dimension = 384

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text."""
        rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimension) for text in texts]
        vectors = np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimension)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return the question's vector."""
        return np.asarray(self.embed_passages([text])[0], dtype=np.float32)


def read_articles(folder: Path) -> list[RawArticle]:
    """Return the articles of a folder."""
    return [item for file in find_files([folder]) for item in read_file(file) if isinstance(item, RawArticle)]


def sample_words() -> list[str]:
    """Return the words of the sample collection, to make synthetic articles of."""
    return " ".join(item.text for item in read_articles(ROOT / "articles")).split()


def embedded_texts(raw: RawArticle) -> list[str]:
    """Return what `add` embeds of an article."""
    values = {name: getattr(raw, name) for name in raw.__slots__}
    article = Article(id="a", revision=1, content_hash=raw.content_hash, **values)
    return [passage.embedded_text for passage in make_passages(article, split_paragraphs(article))]


def write_synthetic(path: Path, passages: int, *, seed: int) -> None:
    """Write articles of ten paragraphs of forty words each as JSON lines."""
    chooser, words = random.Random(seed), sample_words()
    with path.open("w", encoding="utf-8") as file:
        for number in range(passages // PARAGRAPHS_AN_ARTICLE):
            paragraphs = [
                " ".join(chooser.choices(words, k=WORDS_A_PARAGRAPH)) + f" {seed}-{number}-{place}."
                for place in range(PARAGRAPHS_AN_ARTICLE)
            ]
            title = " ".join(chooser.choices(words, k=6))
            file.write(json.dumps({"id": f"{seed}-{number}", "title": title, "text": "\n".join(paragraphs)}) + "\n")


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes, in seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bench_start(folder: Path) -> list[str]:
    """Compare a cold `pullquote ask` with importing chromadb and llama_index alone."""
    library = folder / "started"
    with Indexer(library, MiniLM()) as indexer:
        indexer.add([ROOT / "articles"])
    question = "What did Grushko tell Izvestia?"
    ask = [sys.executable, "-m", "assistant.cli.main", "--library", str(library), "ask", question]
    imports = [sys.executable, "-c", "import chromadb, llama_index.core"]
    _run(ask), _run(imports)
    pairs = [(_run(ask), _run(imports)) for _ in range(5)]
    ours, bare = (float(np.median(column)) for column in zip(*pairs, strict=True))
    return [
        f"| cold `import chromadb, llama_index.core` | {bare:.2f} s | 1.00 |",
        f"| cold `pullquote ask` | {ours:.2f} s | {ours / bare:.2f} |",
    ]


def bench_indexing(folder: Path, copies: int = 4) -> list[str]:
    """Compare a whole `add` with the embedder alone and with LlamaIndex's stock index, on the same texts."""
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.llamaindex import PullquoteEmbedding

    source = folder / "indexing"
    source.mkdir()
    for file in find_files([ROOT / "articles"]):
        for copy in range(copies):  # another title makes other texts to embed
            text = file.read_text("utf-8").replace('title: "', f'title: "Edition {copy}: ', 1)
            (source / f"{file.stem}-{copy}.md").write_text(text, "utf-8")
    raw = read_articles(source)
    texts = list(dict.fromkeys(text for item in raw for text in embedded_texts(item)))
    embedder = MiniLM()
    embedder.embed_passages(texts[:16])

    chunks = 0

    def add() -> None:
        with Indexer(folder / "indexed", embedder) as indexer:
            indexer.add([source])

    def stock() -> None:
        nonlocal chunks
        import chromadb

        client = chromadb.PersistentClient(str(folder / "stock"))
        collection = client.create_collection("stock", embedding_function=None)
        VectorStoreIndex.from_documents(
            [Document(text=item.text, metadata={"title": item.title or ""}) for item in raw],
            storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
            embed_model=PullquoteEmbedding(embedder),
        )
        chunks = collection.count()

    alone = seconds(lambda: list(embed_in_batches(embedder, texts)))
    whole, again, stock_time = seconds(add), seconds(add), seconds(stock)
    return [
        f"| indexing {len(texts)} passages: the embedder alone | {alone:.2f} s | 1.00 |",
        f"| the same through `pullquote add` | {whole:.2f} s | {whole / alone:.2f} |",
        f"| the same again, nothing changed | {again:.2f} s | {again / alone:.2f} |",
        f"| the same articles in a VectorStoreIndex, {chunks} chunks | {stock_time:.2f} s | {stock_time / alone:.2f} |",
        f"| on disk: articles, vectors, BM25 and Chroma | {_megabytes(folder / 'indexed'):.1f} MB | |",
        f"| on disk: VectorStoreIndex in Chroma | {_megabytes(folder / 'stock'):.1f} MB | |",
    ]


def bench_search(folder: Path, passages: int) -> list[str]:
    """Measure opening, searching without query embedding, adding one article, and memory at one size."""
    path, source, one = (folder / f"{name}-{passages}" for name in ("library", "articles.jsonl", "one.jsonl"))
    source, one = source.with_suffix(".jsonl"), one.with_suffix(".jsonl")
    write_synthetic(source, passages, seed=passages)
    write_synthetic(one, PARAGRAPHS_AN_ARTICLE, seed=passages + 1)
    embedder = RandomEmbedder()
    with Indexer(path, embedder) as indexer:
        built = seconds(lambda: indexer.add([source]))
    words, chooser = sample_words(), random.Random(1)
    questions = [" ".join(chooser.choices(words, k=8)) for _ in range(QUERIES)]
    asked = [(question, embedder.embed_query(question)) for question in questions]
    started = time.perf_counter()
    with Searcher.open(path, embedder) as searcher:
        searcher.search_vector(*asked[0])
        opened = time.perf_counter() - started
        times = []
        for question, vector in asked:
            started = time.perf_counter()
            searcher.search_vector(question, vector)
            times.append(time.perf_counter() - started)
    p50, p95 = np.percentile(times, [50, 95]) * 1000
    grown, empty = _run(_add_command(path, one)), _run(_add_command(folder / f"empty-{passages}", one))
    size = f"{passages:,} passages"
    return [
        f"| {size}: build, embedder left out | {passages / built:.0f} passages/s | |",
        f"| {size}: open and first search | {opened:.2f} s | |",
        f"| {size}: search without query embedding, p50 / p95 | {p50:.1f} / {p95:.1f} ms | |",
        f"| {size}: add one article, here / to an empty library | {grown:.2f} / {empty:.2f} s | {grown / empty:.2f} |",
        f"| {size}: on disk | {_megabytes(path):.0f} MB | |",
        f"| {size}: peak memory of the process so far | {_peak_megabytes():.0f} MB | |",
    ]


def _add_command(library: Path, source: Path) -> list[str]:
    program = (
        "import sys; from pathlib import Path\n"
        "from eval.bench.speed import RandomEmbedder; from index.indexing import Indexer\n"
        "with Indexer(Path(sys.argv[1]), RandomEmbedder()) as indexer: indexer.add([Path(sys.argv[2])])"
    )
    return [sys.executable, "-c", program, str(library), str(source)]


def _run(command: list[str]) -> float:
    """Return how long a command takes, in seconds."""
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT))


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _write(rows: Sequence[str]) -> None:
    """Put the table between its markers; the text around it stays."""
    packages = ("chromadb", "tantivy", "onnxruntime", "llama-index-core")
    named = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = f"{platform.machine()}, Python {platform.python_version()}, {named}"
    table = "\n".join([f"Measured {date.today()} on {cores}.", "", "| what | figure | ratio |", "|---|---|---|", *rows])
    begin, end = "<!-- speed: begin -->", "<!-- speed: end -->"
    before, rest = TABLE.read_text("utf-8").split(begin, 1)
    TABLE.write_text(f"{before}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}", "utf-8")


def main(arguments: Sequence[str]) -> None:
    """Run the benchmarks and write the table."""
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = SIZES[:-1] if "--quick" in arguments else SIZES
        stages: list[Callable[[], list[str]]] = [
            lambda: bench_start(folder),
            lambda: bench_indexing(folder),
            *(partial(bench_search, folder, size) for size in sizes),
        ]
        for stage in stages:
            found = stage()
            print("\n".join(found), flush=True)
            rows += found
    _write(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
