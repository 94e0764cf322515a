"""Term search with a real Tantivy index."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LibraryDamaged
from index.splitting.terms import terms
from index.stores.tantivy import TantivyTerms
from index.types import Passage

TEXTS = {
    "truce": "Both sides agreed to a ceasefire along the whole front, the ministry said.",
    "hyphen": "The cease-fire of last spring had held for eleven days.",
    "swap": "Russia and Ukraine will exchange 175 prisoners on March 19.",
    "cyrillic": "Президент обсудил перемирие с министром обороны.",
    "chinese": "停火 协议 周三 生效",
    "accents": "Le président a visité Besançon avant l'accord.",
    "harbour": "The harbour council rebuilds the breakwater in May.",
    "council": "The council discussed a new bus line to the harbour of the twin town across the bay.",
}


def passage(passage_id: str, text: str, context: str = "", article_id: str | None = None) -> Passage:
    embedded = f"{context}\n{text}" if context else text
    return Passage(passage_id, article_id or f"article-{passage_id}", 1, 1, 0, len(text), text, embedded)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TantivyTerms:
    index = TantivyTerms(tmp_path_factory.mktemp("tantivy"))
    with index.writer() as writer:
        writer.add(passage(key, text) for key, text in TEXTS.items())
        writer.add([passage("titled", "Nothing was decided on that day.", "Regatta postponed · Demo Herald")])
    return index


def found(index: TantivyTerms, question: str, articles: list[str] | None = None) -> list[str]:
    return [passage_id for passage_id, _ in index.search(question, 10, articles)]


def test_terms_are_lower_case_folded_and_stemmed() -> None:
    found = terms("Ceasefires AGREED, président: Besançon's 2.5!")
    assert found == ["ceasefir", "agre", "presid", "besancon", "s", "2", "5"]
    assert terms("prisoner") == terms("Prisoners")
    assert terms("ПЕРЕМИРИЕ") == terms("перемирие") != []
    assert terms("?! … —") == []


def test_word_is_found_in_any_of_its_forms(index: TantivyTerms) -> None:
    assert found(index, "prisoner exchanges")[0] == "swap"
    assert found(index, "BREAKWATERS")[0] == "harbour"
    assert found(index, "besancon president")[0] == "accents"


@pytest.mark.parametrize("question", ["ceasefire", "cease-fire", "Cease‑fire", "CEASE‐FIRE?"])
def test_joined_and_hyphenated_compounds_find_each_other(index: TantivyTerms, question: str) -> None:
    assert {"truce", "hyphen"} <= set(found(index, question))


@pytest.mark.parametrize(
    ("question", "expected"), [("перемирие министром", "cyrillic"), ("停火", "chinese"), ("175", "swap")]
)
def test_other_alphabets_and_numbers_are_found(index: TantivyTerms, question: str, expected: str) -> None:
    assert found(index, question) == [expected]


def test_scores_fall_and_are_positive(index: TantivyTerms) -> None:
    scores = [score for _, score in index.search("the harbour council of the bay", 10)]
    assert len(scores) > 2
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert len(index.search("the harbour council of the bay", 1)) == 1


def test_neighbouring_words_count_more_together(index: TantivyTerms) -> None:
    assert found(index, "harbour council")[0] == "harbour"


def test_title_is_searched_too_and_counts_less(index: TantivyTerms, tmp_path: Path) -> None:
    assert found(index, "regatta") == ["titled"]
    other = TantivyTerms(tmp_path)
    with other.writer() as writer:
        writer.add([passage("title", "Nothing was decided.", "Regatta")])
        writer.add([passage("text", "Regatta was decided.", "Nothing")])
    assert found(other, "regatta") == ["text", "title"]


def test_only_the_named_articles_are_searched_and_scores_stay(index: TantivyTerms) -> None:
    everywhere = dict(index.search("harbour council", 10))
    limited = index.search("harbour council", 10, ["article-council", "article-swap", "unknown"])
    assert limited == [("council", pytest.approx(everywhere["council"]))]
    assert index.search("harbour council", 10, []) == []
    assert index.search("harbour", 10, ["article-council' OR 1"]) == []


ODD = [
    *('"harbour', 'harbour"', "(harbour", "[harbour TO *]", "harbour AND", "NOT harbour", "OR harbour", "text:harbour"),
    *("harbour*", "harbour~2", "harbour^9", "har\\bour harbour", "+harbour -council", "{harbour}", "harbour:"),
    *("'harbour'", "harbour\x00", "😀 harbour"),
]


@pytest.mark.parametrize("question", ODD)
def test_characters_of_query_languages_mean_nothing(index: TantivyTerms, question: str) -> None:
    assert "harbour" in found(index, question)


@pytest.mark.parametrize("question", ["", " ", "?", '"', "* : \\", "- -", "()", "…", "\u200b"])
def test_question_without_a_word_finds_nothing(index: TantivyTerms, question: str) -> None:
    assert index.search(question, 10) == []


@given(st.text())
def test_any_question_can_be_asked(index: TantivyTerms, question: str) -> None:
    for passage_id, score in index.search(question, 5):
        assert passage_id in TEXTS or passage_id == "titled"
        assert math.isfinite(score)


def test_very_long_question_is_answered(index: TantivyTerms) -> None:
    assert found(index, "harbour " + "x" * 5000 + " council " * 2000)[0] in {"harbour", "council"}


def test_rare_words_weigh_more_and_all_weigh_something(index: TantivyTerms) -> None:
    [the], [council], [prisoners], [unknown] = map(terms, ("the", "council", "prisoners", "zeppelin"))
    assert 0 < index.rarity(the) < index.rarity(council) < index.rarity(prisoners) < index.rarity(unknown)


def test_index_that_nobody_wrote_is_empty(tmp_path: Path) -> None:
    empty = TantivyTerms(tmp_path / "missing")
    assert empty.search("harbour", 5) == []
    assert empty.ids() == set()
    assert empty.count() == 0
    assert empty.rarity("harbour") == 1.0
    empty.reload()
    assert not (tmp_path / "missing").exists()


def test_passages_are_deleted_and_unknown_ids_are_no_error(tmp_path: Path) -> None:
    index = TantivyTerms(tmp_path)
    with index.writer() as writer:
        writer.add(passage(key, text) for key, text in TEXTS.items())
    with index.writer() as writer:
        writer.delete(["harbour", "unknown"])
    assert index.ids() == TEXTS.keys() - {"harbour"}
    assert index.count() == len(TEXTS) - 1
    assert found(index, "breakwater") == []


def test_passage_that_is_added_again_stands_once(tmp_path: Path) -> None:
    index = TantivyTerms(tmp_path)
    for text in ("The harbour.", "The orchard."):
        with index.writer() as writer:
            writer.add([passage("one", text), passage("one", text)])
    assert index.ids() == {"one"}
    assert found(index, "orchard") == ["one"]
    assert found(index, "harbour") == []


def test_failure_inside_the_writer_leaves_the_old_state(tmp_path: Path) -> None:
    index = TantivyTerms(tmp_path)
    with index.writer() as writer:
        writer.add([passage("one", TEXTS["harbour"])])

    def fail_half_way() -> None:
        with index.writer() as writer:
            writer.delete(["one"])
            writer.add([passage("two", TEXTS["council"])])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    for view in (index, TantivyTerms(tmp_path)):
        assert view.ids() == {"one"}
    with index.writer() as writer:
        writer.add([passage("three", TEXTS["swap"])])
    assert index.ids() == {"one", "three"}


def test_reader_sees_a_commit_after_it_reloads(tmp_path: Path) -> None:
    index, reader = TantivyTerms(tmp_path), TantivyTerms(tmp_path)
    with index.writer() as writer:
        writer.add([passage("one", TEXTS["harbour"])])
    assert reader.ids() == {"one"}
    with index.writer() as writer:
        writer.add([passage("two", TEXTS["council"])])
        writer.delete(["one"])
    reader.reload()
    assert reader.ids() == {"two"}


def test_cleared_index_is_empty_and_can_be_written_again(tmp_path: Path) -> None:
    index = TantivyTerms(tmp_path / "tantivy")
    with index.writer() as writer:
        writer.add([passage("one", TEXTS["harbour"])])
    index.clear()
    assert index.ids() == set()
    assert not (tmp_path / "tantivy").exists()
    with index.writer() as writer:
        writer.add([passage("two", TEXTS["council"])])
    assert index.ids() == {"two"}


def test_reader_survives_that_the_index_is_cleared_and_made_anew(tmp_path: Path) -> None:
    """As another process does in a rebuild."""
    index, reader = TantivyTerms(tmp_path / "tantivy"), TantivyTerms(tmp_path / "tantivy")
    with index.writer() as writer:
        writer.add([passage("one", TEXTS["harbour"])])
    assert reader.ids() == {"one"}
    index.clear()
    reader.reload()
    assert reader.ids() <= {"one"}
    with index.writer() as writer:
        writer.add([passage("two", TEXTS["council"])])
    reader.reload()
    assert reader.ids() == {"two"}


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xde\xad" * 500])
def test_torn_index_is_damaged_and_says_how_to_repair_it(tmp_path: Path, content: bytes) -> None:
    index = TantivyTerms(tmp_path)
    with index.writer() as writer:
        writer.add([passage("one", TEXTS["harbour"])])
    for path in tmp_path.iterdir():
        path.write_bytes(content)
    for use in (lambda index: index.search("harbour", 5), TantivyTerms.ids, TantivyTerms.count):
        with pytest.raises(LibraryDamaged, match="pullquote rebuild"):
            use(TantivyTerms(tmp_path))


def test_what_a_killed_commit_left_is_not_in_the_way_of_the_next(tmp_path: Path) -> None:
    """Killed between a file of deletions and the list of what counts, Tantivy would write the same file again."""
    with TantivyTerms(tmp_path / "index").writer() as writer:
        writer.add(passage(key, text) for key, text in TEXTS.items())
    shutil.copytree(tmp_path / "index", tmp_path / "ahead")
    with TantivyTerms(tmp_path / "ahead").writer() as writer:
        writer.delete(["truce"])
    (left,) = (file.name for file in (tmp_path / "ahead").glob("*.del"))
    for name in (left, ".managed.json"):
        shutil.copy(tmp_path / "ahead" / name, tmp_path / "index" / name)
    killed = TantivyTerms(tmp_path / "index")
    assert "truce" in killed.ids()
    with killed.writer() as writer:
        writer.delete(["truce"])
    assert killed.ids() == set(TEXTS) - {"truce"}
