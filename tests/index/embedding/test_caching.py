"""The embedder with a memory gives the vectors of the one within, and asks it once for each text."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.caching import CachingEmbedder
from index.embedding.minilm import MiniLM
from index.embedding.protocol import Vectors
from tests.fakes import FakeEmbedder


class Counting(FakeEmbedder):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().embed_passages(texts)


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=6))
def test_vectors_are_those_of_the_embedder_within(calls: list[list[str]]) -> None:
    within = Counting()
    caching = CachingEmbedder(within)
    for texts in calls:
        np.testing.assert_array_equal(caching.embed_passages(texts), FakeEmbedder().embed_passages(texts))
    assert sorted(within.seen) == sorted({text for texts in calls for text in texts})


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    within = Counting()
    size = within.dimension * 4 + 1
    caching = CachingEmbedder(within, most_bytes=2 * size)
    for text in ("a", "b", "a", "c", "a", "b"):
        caching.embed_passages([text])
    assert within.seen == ["a", "b", "c", "b"]


def test_questions_are_kept_apart_from_passages() -> None:
    caching = CachingEmbedder(Counting())
    np.testing.assert_array_equal(caching.embed_query("a"), FakeEmbedder().embed_query("a"))
    np.testing.assert_array_equal(caching.embed_passages(["a"])[0], FakeEmbedder().embed_passages(["a"])[0])
    assert (caching.name, caching.dimension) == (FakeEmbedder().name, FakeEmbedder().dimension)


def test_a_caller_cannot_change_what_is_kept() -> None:
    caching = CachingEmbedder(FakeEmbedder())
    caching.embed_passages(["a"])[:] = 7.0
    caching.embed_query("a")[:] = 7.0
    np.testing.assert_array_equal(caching.embed_passages(["a"]), FakeEmbedder().embed_passages(["a"]))
    np.testing.assert_array_equal(caching.embed_query("a"), FakeEmbedder().embed_query("a"))


def test_many_threads_get_their_own_vectors() -> None:
    within = FakeEmbedder()
    caching = CachingEmbedder(within, most_bytes=20 * within.dimension * 4)

    def ask(number: int) -> bool:
        texts = [f"text {(number * step) % 40}" for step in range(1, 20)]
        return bool((caching.embed_passages(texts) == FakeEmbedder().embed_passages(texts)).all())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))


def test_minilm_gives_a_text_the_same_vector_in_any_company(minilm: MiniLM) -> None:
    texts = [f"Sentence {number} " + "of the report " * number for number in range(12)]
    caching = CachingEmbedder(minilm)
    caching.embed_passages(texts[::3])
    np.testing.assert_allclose(caching.embed_passages(texts), minilm.embed_passages(texts), atol=1e-6)
