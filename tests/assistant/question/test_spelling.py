"""Words as typed, mended against the words of a collection."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.words import forms_of
from assistant.question.spelling.mending import Mended, SearchedWords, mended
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.library.library import Library
from index.search import Searcher

TEXTS = [
    "Gunman kills twenty in El Paso. The shooting at a Walmart in El Paso, Texas, was in the past week's news.",
    "Trump condemns the attack. President Donald Trump spoke about the shooting and the election in Texas.",
    "Metz votes. The election in Metz was held on Sunday, and Pauline Hansen won the flood debate.",
    "Boris Johnson speaks about Brexit. The prime minister, Boris Johnson, said the parliament would vote.",
    "Earthquake in Christchurch. Minister Volodymyr Zelensky visited the cathedral after the earthquake.",
    "Coronavirus spreads. The coronavirus had reached Britain and Italy; hospitals were full.",
    "American forces leave. The government of the region closed its airport, and nobody could shout or shoot.",
    "A ceasefire holds. Both sides kept the cease-fire along the frontier between the villages.",
]


class FakeWords:
    """A collection of a few texts, which records what was asked."""

    def __init__(self, texts: Sequence[str] = TEXTS) -> None:
        self.texts = texts
        self.counts = Counter(word for text in texts for word in set(re.findall(r"[^\W\d_]+", text.lower())))
        self.counted = 0

    def holds(self, word: str) -> bool:
        return any(form in self.counts for form in forms_of(word))

    def words(self) -> Mapping[str, int]:
        self.counted += 1
        return self.counts

    def texts_with(self, word: str) -> Sequence[str]:
        return [text for text in self.texts if word in text.lower()]


WORDS = FakeWords()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("el pasp shooting", "el paso shooting"),
        ("What happened in the el pasp shooting?", "What happened in the el paso shooting?"),
        ("Who won the elecion?", "Who won the election?"),
        ("Who won the eelction?", "Who won the election?"),
        ("Who won the lection in Metz?", "Who won the election in Metz?"),
        ("What did the parlaiment do?", "What did the parliament do?"),
        ("Where was the earthquaek?", "Where was the earthquake?"),
        ("Where was the erathqauke?", "Where was the earthquake?"),
        ("Did the coronavirrus spread?", "Did the coronavirus spread?"),
        ("Has the coronavrus's spread ended?", "Has the coronavirus's spread ended?"),
        ("What is a coronavirus-ifnected hospital?", None),
        ("What of the post-earthqauke visit?", "What of the post-earthquake visit?"),
        ("What did Donald Trunp say?", "What did Donald Trump say?"),
        ("What did Boris Johnsnon say?", "What did Boris Johnson say?"),
        ("Who was in Chirstchurch?", "Who was in Christchurch?"),
        ("What did Zelenski's earthquake visit bring?", "What did Zelensky's earthquake visit bring?"),
        ("What did Zelesnky visit after the earthquake?", "What did Zelensky visit after the earthquake?"),
        ("Did zelenskyy visit the cathedral?", "Did zelensky visit the cathedral?"),
        ("Waht did the parliament do?", None),
    ],
)
def test_a_slip_becomes_the_nearest_word_of_the_collection(question: str, text: str | None) -> None:
    assert mended(question, WORDS).text == (text or question)


@pytest.mark.parametrize(
    "question",
    [
        "What did Merz say about the election?",
        "What did Merz say?",
        "Who is Hanson?",
        "Did Hanson win the flood debate?",
        "Who is Johnston of Brexit?",
        "Was Sanderson there after the earthquake?",
        "What is America?",
        "What did NATTO say to Britian's NHSS?",
        "Didn’t they shoo the electionn't?",
        "How many correlations are there?",
        "Was ist im Parlamant gescheen?",
        "Who wrote to nobody@elecion.example about elecion.example/elecion?",
        "Is it 2O19 or COVID19?",
        "Who is Zzyzx?",
        "wich?",
        "",
        "?",
    ],
)
def test_what_may_be_meant_stays(question: str) -> None:
    kept = mended(question, WORDS)
    assert kept == Mended(question.replace("Britian", "Britain"), kept.changes)
    assert kept.changes in ((), (("Britian", "Britain"),))


@pytest.mark.parametrize("text", TEXTS)
def test_words_of_the_collection_stay(text: str) -> None:
    assert mended(text, WORDS) == Mended(text)


def test_changes_are_told_as_typed_and_as_taken() -> None:
    kept = mended("Did Boris Jhonson win the elecion?", WORDS)
    assert kept.text == "Did Boris Johnson win the election?"
    assert kept.changes == (("Jhonson", "Johnson"), ("elecion", "election"))


def test_words_are_counted_only_where_one_stands_nowhere() -> None:
    words = FakeWords()
    mended("Who won the election in Texas?", words)
    assert words.counted == 0
    mended("Who won the elecion in Texas?", words)
    assert words.counted == 1


def test_of_words_equally_near_the_one_that_fits_is_taken_or_none() -> None:
    texts = ["The shooting in the hall was long.", "The shouting in the yard was loud.", "A hall stood there."]
    words = FakeWords(texts)
    assert mended("Was the shokting in the hall?", words).text == "Was the shooting in the hall?"
    assert mended("Was the shokting in the yard?", words).text == "Was the shouting in the yard?"
    assert mended("Was the shokting there?", words).text == "Was the shokting there?"


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    kept = mended(text, WORDS)
    assert kept.changes or kept.text == text


@given(st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=8))
def test_what_is_changed_is_only_what_is_told(words: list[str]) -> None:
    typed = [word[:2] + word[3:] for word in words]
    kept = mended(" ".join(typed), WORDS)
    text = " ".join(typed)
    for before, after in kept.changes:
        assert before in text
        assert after.lower() in WORDS.counts
    assert len(kept.text.split()) == len(text.split())


def test_a_library_counts_its_words_once_in_a_generation(tmp_path: Path, minilm: MiniLM) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.md").write_text(
        "# Vote in Zürich\n\nThe parliament of Zürich voted. The parliament left.\n", "utf-8"
    )
    with Indexer(tmp_path / "library", minilm) as indexer:
        indexer.add([folder])
    with Library.open(tmp_path / "library") as library:
        words = library.words()
        assert words["parliament"] == 1
        assert words["zürich"] == 1
        assert library.words() is words
        assert len(library.texts_with("ZÜRICH")) == 1
    (folder / "two.md").write_text("# Another\n\nA parliament met elsewhere, in the open.\n", "utf-8")
    with Indexer(tmp_path / "library", minilm) as indexer:
        indexer.add([folder])
    with Searcher.open(tmp_path / "library", minilm) as searcher:
        collection = SearchedWords(searcher)
        assert collection.words()["parliament"] == 2
        assert collection.holds("parliaments")
        assert not collection.holds("parlaiment")
        assert mended("What did the parlaiment do?", collection).text == "What did the parliament do?"
