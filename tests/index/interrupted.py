"""What the kill tests run in another process, to be ended by SIGKILL there."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import index.indexing
from index.indexing import Indexer
from index.library.editing import EditableLibrary
from index.stores.chroma import ChromaVectors
from index.stores.tantivy import TantivyTerms, TantivyWriter
from tests.fakes import FakeEmbedder

OWNERS = {owner.__name__: owner for owner in (EditableLibrary, Indexer, TantivyTerms, TantivyWriter, ChromaVectors)}


def add(library: Path, folder: Path, seconds_a_batch: float, portion: int, started: Connection) -> None:
    """Add a folder, slowly and in portions of so many passages, after telling that we begin."""
    index.indexing.PUBLISH_PASSAGES = portion
    embedder = FakeEmbedder(seconds_a_batch=seconds_a_batch)
    started.send(True)
    with Indexer(library, embedder) as indexer:
        indexer.add([folder])


def change(library: Path, embedder_name: str, order: str, argument: Any, moment: str) -> None:
    """Carry out one order of an Indexer, and kill this process at a moment such as "before EditableLibrary.promote"."""
    with Indexer(library, FakeEmbedder(embedder_name)) as indexer:
        _arm(moment)
        getattr(indexer, order)(*([] if argument is None else [argument]))


def _arm(moment: str) -> None:
    when, _, place = moment.partition(" ")
    owner_name, _, method_name = place.partition(".")
    owner = OWNERS[owner_name]
    method: Callable[..., Any] = getattr(owner, method_name)

    @functools.wraps(method)
    def killing(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, method_name, killing)
