"""Search over the sample collection with the real embedder, and what a reader sees while others write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.embedding.minilm import MiniLM
from index.errors import ConfigError, NotFound
from index.indexing import Indexer
from index.search import Searcher
from index.stores.chroma import ChromaVectors
from index.syndication import Signature, fold_copies
from index.types import Article, Filters, Hit, Passage
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[2]
WIRE = "sample-wire-call"
CIDER = "Cider was pressed in the orchard mill all night."
WIRE_COPIES = {"sample-courier-wire-call", "specimen-post-wire-call", "placeholder-times-wire-call"}


@pytest.fixture(scope="module")
def searcher(sample_library: Path, minilm: MiniLM) -> Iterator[Searcher]:
    with Searcher.open(sample_library, minilm) as searcher:
        yield searcher


def places(hits: list[Hit]) -> list[str]:
    return [f"{hit.article.id}#{hit.passage.first}" for hit in hits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Alexander Grushko tell Izvestia?", "example-gazette-before-the-call#7"),
        ("Who wants ironclad security guarantees?", "example-gazette-before-the-call#7"),
        ("Where was ice hockey discussed?", "example-gazette-other-topics#6"),
        ("How many generators did hospitals in Kharkiv receive?", "specimen-post-generators#1"),
        ("For how many days will Russia stop striking energy infrastructure?", f"{WIRE}#1"),
        ("Who drives ambulances?", "specimen-post-wounded#5"),
        ("How many spectators does the rink seat?", "demo-herald-ice-hockey#3"),
        ("Scavino", "example-gazette-before-the-call#1"),
    ],
)
def test_question_finds_its_paragraph_first(searcher: Searcher, question: str, expected: str) -> None:
    assert places(searcher.search(question, 5))[0] == expected


def test_name_that_stands_in_one_paragraph_finds_it_first(searcher: Searcher) -> None:
    assert places(searcher.search("Izvestia"))[0] == "example-gazette-before-the-call#7"


def test_hits_explain_their_place(searcher: Searcher, minilm: MiniLM) -> None:
    question = "How many prisoners will be exchanged on March 19?"
    hits = searcher.search(question, 60, fold=False)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for ranks in ([hit.dense_rank for hit in hits], [hit.lexical_rank for hit in hits]):
        known = [rank for rank in ranks if rank is not None]
        assert len(set(known)) == len(known)
        assert 1 in known
    vector = minilm.embed_query(question)
    for hit in hits[:10]:
        assert hit.dense_score == pytest.approx(float(minilm.embed_query(hit.passage.embedded_text) @ vector), abs=0.05)
        assert (hit.lexical_rank is None) == (hit.lexical_score is None)
    best = min((hit for hit in hits if hit.lexical_rank), key=lambda hit: hit.lexical_rank or 0)
    assert best.lexical_score == max(hit.lexical_score or 0 for hit in hits)


def test_hits_are_passages_of_their_articles(searcher: Searcher) -> None:
    for hit in searcher.search("truce at sea", 20):
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert hit.passage.article_id == hit.article.id


def test_count_is_kept_and_a_question_can_be_repeated(searcher: Searcher) -> None:
    for count in (1, 3, 80):
        hits = searcher.search("prisoner exchange", count)
        assert len(hits) <= count
        assert hits == searcher.search("prisoner exchange", count)
    assert searcher.search("prisoner exchange", 3) == searcher.search("prisoner exchange", 10)[:3]


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_empty_question_finds_nothing(searcher: Searcher, question: str) -> None:
    assert searcher.search(question) == []


@pytest.mark.parametrize("question", ["?!", "🙂", '"prisoners', "a" * 5000, "перемирие"])
def test_any_other_question_is_answered_with_hits(searcher: Searcher, question: str) -> None:
    assert searcher.search(question, 2)


def test_vector_at_hand_gives_the_same_hits(searcher: Searcher, minilm: MiniLM) -> None:
    question = "What does Moscow want in return?"
    assert searcher.search_vector(question, minilm.embed_query(question)) == searcher.search(question)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(outlets=("demo herald",)),
        Filters(since=date(2025, 3, 19), until=date(2025, 3, 20)),
        Filters(articles=("specimen-post-wounded", "demo-herald-ice-hockey")),
        Filters(outlets=("Specimen Post",), since=date(2026, 1, 1)),
    ],
)
def test_filters_let_through_only_what_passes(searcher: Searcher, filters: Filters) -> None:
    allowed = {article.id for article in searcher.library.articles(filters)}
    hits = searcher.search("prisoners, wounded soldiers and ice hockey", 100, filters, fold=False)
    assert {hit.article.id for hit in hits} == allowed
    passages = sum(len(searcher.library.passages(searcher.library.article(key))) for key in allowed)
    assert len(hits) == min(passages, 50) or passages > 50


def test_filter_that_nothing_passes_finds_nothing(searcher: Searcher) -> None:
    assert searcher.search("prisoners", 5, Filters(outlets=("No Such Paper",))) == []


def test_filtered_hits_keep_the_order_that_they_have_unfiltered(searcher: Searcher) -> None:
    question = "What is to happen to soldiers who surrender in Kursk?"
    [first, *_] = searcher.search(question, 1, Filters(articles=("specimen-post-wounded",)))
    assert places([first]) == ["specimen-post-wounded#6"]


def test_neighbours_are_the_paragraphs_around_a_hit(searcher: Searcher) -> None:
    [hit] = searcher.search("Who wants ironclad security guarantees?", 1)
    paragraphs = searcher.library.paragraphs(hit.article)
    assert [part.number for part in searcher.neighbours(hit)] == [6, 7, 8]
    assert [part.number for part in searcher.neighbours(hit, before=0, after=2)] == [7, 8, 9]
    assert searcher.neighbours(hit, 99, 99) == paragraphs
    assert searcher.neighbours(hit, 0, 0)[0].text == hit.passage.text


def test_rarity_knows_the_collection(searcher: Searcher) -> None:
    assert searcher.rarity("izvestia") > searcher.rarity("prison") > searcher.rarity("the") > 0


# -- copies


def test_agency_text_in_four_outlets_is_one_voice(searcher: Searcher) -> None:
    question = "For how many days will Russia stop striking energy infrastructure?"
    [hit, *others] = searcher.search(question, 10)
    assert hit.article.id == WIRE
    assert {copy.article_id for copy in hit.copies} == WIRE_COPIES
    assert all(copy.first == 1 for copy in hit.copies)
    text = Signature.of(hit.passage.text)
    assert not any(text.is_copy_of(Signature.of(other.passage.text)) for other in others)
    unfolded = searcher.search(question, 4, fold=False)
    assert {item.article.id for item in unfolded} == {WIRE, *WIRE_COPIES}
    assert all(item.copies == () for item in unfolded)


def test_earliest_article_stands_for_its_copies_at_the_place_of_the_best() -> None:
    def hit(article_id: str, published: date | None, score: float, text: str = "Both sides stop firing.") -> Hit:
        article = Article(article_id, 1, text, "", "", "", published=published)
        return Hit(Passage(article_id, article_id, 1, 1, 0, len(text), text, text), article, score)

    late, early, undated = (
        hit("late", date(2025, 3, 19), 3),
        hit("early", date(2025, 3, 18), 1),
        hit("undated", None, 2),
    )
    other = hit("other", date(2025, 1, 1), 2.5, "The harbour council met on Monday.")
    [folded, kept] = fold_copies([late, other, undated, early])
    assert folded == replace(early, score=3, copies=(late.passage, undated.passage))
    assert kept == other


def test_article_that_stands_for_its_copies_does_not_depend_on_the_count(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    for day in range(1, 7):  # the earlier, the longer the title, and so the lower the rank
        title = " ".join(f"word{number}" for number in range(8 - day))
        text = f"---\ntitle: {title}\npublished: 2025-03-0{day}\n---\n{CIDER}"
        (tmp_path / "articles" / f"day-{day}.md").write_text(text)
    with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
        indexer.add([tmp_path / "articles"])
    with Searcher.open(tmp_path / "library", FakeEmbedder()) as searcher:
        for count in (6, 2, 1):
            [hit] = searcher.search(CIDER, count)
            assert hit.article.id == "day-1"
            assert len(hit.copies) == 5


def test_copies_do_not_push_other_texts_out(tmp_path: Path) -> None:
    """An agency report of six paragraphs in eight outlets: whoever asks for six hits gets six voices."""
    (tmp_path / "articles").mkdir()
    lines = [f"The mill pressed cider of kind {word} in the orchard." for word in "one two three four five six".split()]
    for outlet in range(8):
        text = f"---\noutlet: Outlet {outlet}\n---\n" + "\n\n".join(lines)
        (tmp_path / "articles" / f"outlet-{outlet}.md").write_text(text)
    with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
        indexer.add([tmp_path / "articles"])
    with Searcher.open(tmp_path / "library", FakeEmbedder()) as searcher:
        hits = searcher.search("cider of the orchard mill", 6)
    assert sorted(hit.passage.text for hit in hits) == sorted(lines)
    assert [len(hit.copies) for hit in hits] == [7] * 6


def test_repetition_within_one_article_is_not_folded() -> None:
    text = "Both sides stop firing on Monday."
    article = Article("a", 1, f"{text}\n{text}", "", "", "")
    hits = [Hit(Passage(str(number), "a", number, number, 0, 5, text, text), article, 1.0) for number in (1, 2)]
    assert fold_copies(hits) == hits


def test_changed_number_makes_another_statement() -> None:
    one = Signature.of("Russia sends home 23 seriously wounded soldiers, the Kremlin said.")
    assert one.is_copy_of(Signature.of("Russia sends home 23 seriously wounded soldiers, the Kremlin says."))
    assert not one.is_copy_of(Signature.of("Russia sends home 22 seriously wounded soldiers, the Kremlin said."))
    assert not Signature.of("").is_copy_of(Signature.of("the of"))


# -- readers and writers


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A small library with the fake embedder, made from `articles` beside it."""
    (tmp_path / "articles").mkdir()
    for number in range(8):
        lines = [f"Paragraph {part} of report {number} tells of wagon{number}x{part} alone." for part in range(4)]
        (tmp_path / "articles" / f"report-{number}.txt").write_text("\n\n".join(lines))
    with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
        indexer.add([tmp_path / "articles"])
    return tmp_path / "library"


NEW = "Entirely new cider was pressed in the orchard mill before anyone had asked for it."


def write_new(library: Path) -> Path:
    path = library.parent / "articles" / "new.txt"
    path.write_text(NEW)
    return path


def in_another_process(library: Path, order: str, *embedder: object) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from index.indexing import Indexer; from tests.fakes import FakeEmbedder\n"
        f"with Indexer(Path(sys.argv[1]), FakeEmbedder(*{embedder!r})) as indexer: indexer.{order}\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, str(library)], check=True, env=environment)


def test_search_goes_on_while_a_writer_is_open(library: Path) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        before = searcher.search("wagon3x2 report 3")
        with Indexer(library, FakeEmbedder()) as indexer:
            assert searcher.search("wagon3x2 report 3") == before
            write_new(library)
            indexer.add([library.parent / "articles"])
            assert searcher.search(NEW)[0].article.id == "new"
            with ChromaVectors(library).writing():
                [hit, *_] = searcher.search(NEW)
            assert (hit.article.id, hit.dense_rank) == ("new", 1)


def test_scan_and_vector_store_give_the_same_hits(library: Path) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        stored = searcher.search("Paragraph 2 of report 5 tells of wagon5x2", 3)
        with ChromaVectors(library).writing():
            scanned = searcher.search("Paragraph 2 of report 5 tells of wagon5x2", 3)
    assert [hit.passage for hit in scanned] == [hit.passage for hit in stored]
    np.testing.assert_allclose([hit.score for hit in scanned], [hit.score for hit in stored], atol=1e-3)


def test_open_reader_sees_what_another_process_adds_and_removes(library: Path) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        searcher.search("wagon3x2")
        in_another_process(library, f"add([Path({str(write_new(library))!r})])")
        [hit, *_] = searcher.search(NEW)
        assert (hit.article.id, hit.dense_rank, hit.lexical_rank) == ("new", 1, 1)
        in_another_process(library, "remove(['new'])")
        assert "new" not in {hit.article.id for hit in searcher.search(NEW, 50)}


def test_two_open_readers_see_what_another_process_adds(library: Path) -> None:
    with Searcher.open(library, FakeEmbedder()) as one, Searcher.open(library, FakeEmbedder()) as two:
        for searcher in (one, two):
            searcher.search("wagon3x2")
        in_another_process(library, f"add([Path({str(write_new(library))!r})])")
        assert [searcher.search(NEW)[0].dense_rank for searcher in (one, two)] == [1, 1]


def test_rebuild_succeeds_while_a_reader_in_the_same_process_is_open(library: Path) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        searcher.search("wagon3x2")
        with Indexer(library, FakeEmbedder()) as indexer:
            assert indexer.rebuild() == 32


def test_open_reader_survives_a_rebuild_by_another_process(library: Path) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        before = searcher.search("wagon3x2 report 3")
        in_another_process(library, "rebuild()")
        assert [hit.passage for hit in searcher.search("wagon3x2 report 3")] == [hit.passage for hit in before]


@pytest.mark.parametrize("dimension", [64, 32])
def test_open_reader_is_told_when_another_embedder_takes_over(library: Path, dimension: int) -> None:
    with Searcher.open(library, FakeEmbedder()) as searcher:
        searcher.search("wagon3x2")
        in_another_process(library, "rebuild()", "another", dimension)
        with pytest.raises(ConfigError, match="another"):
            searcher.search("wagon3x2", filters=Filters(articles=("report-3",)))


def test_other_embedder_is_refused_with_the_command_that_helps(library: Path) -> None:
    with pytest.raises(ConfigError, match=f"fake.*another.*pullquote --library {library} rebuild"):
        Searcher.open(library, FakeEmbedder("another"))


def test_missing_library_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Searcher.open(tmp_path, FakeEmbedder())


@pytest.mark.parametrize("lost", [["chroma"], ["tantivy"], ["chroma", "tantivy"], ["vectors.lock"]])
def test_reader_does_without_a_store_that_is_lost(library: Path, lost: list[str]) -> None:
    for name in lost:
        path = library / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    with Searcher.open(library, FakeEmbedder()) as searcher:
        [hit, *_] = searcher.search("Paragraph 2 of report 5 tells of wagon5x2 alone")
    assert (hit.article.id, hit.passage.first) == ("report-5", 3)
