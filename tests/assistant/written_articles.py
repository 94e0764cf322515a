"""Libraries of a few articles that a test writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.embedding.minilm import MiniLM
from index.indexing import Indexer

Written = Sequence[str]
"""Title, outlet, day, and the paragraphs."""


def library_of(articles: Mapping[str, Written], folder: Path, minilm: MiniLM) -> Path:
    """Index articles, by the names of their files, with real vectors; what lies in `folder/articles` comes along."""
    (folder / "articles").mkdir(exist_ok=True)
    for name, (title, outlet, published, *paragraphs) in articles.items():
        head = f'---\ntitle: "{title}"\noutlet: "{outlet}"\npublished: {published}\n---\n\n'
        (folder / "articles" / f"{name}.md").write_text(head + "\n\n".join(paragraphs) + "\n", "utf-8")
    with Indexer(folder / "library", minilm) as indexer:
        indexer.add([folder / "articles"])
    return folder / "library"
