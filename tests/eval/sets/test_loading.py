"""Public sets of every format are read alike, errors name the place, and what is written is what a library holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import load_cases
from eval.runner import stale_cases
from eval.sets import PublicArticle, PublicQuestion, PublicSet, load_public_set
from eval.sets.cases import article_ids, public_cases, write_set
from index.errors import NotFound, UsageError
from index.indexing import Indexer
from tests.fakes import FakeEmbedder

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Ice_rink",
            "paragraphs": [
                {
                    "context": "The rink\nseats  2,150 people.",
                    "qas": [
                        {"id": "a", "question": "How many?", "answers": [{"text": "2,150", "answer_start": 15}]},
                        {
                            "id": "b", "question": "Who built it?", "is_impossible": True, "answers": [],
                            "plausible_answers": [{"text": "people", "answer_start": 21}],
                        },
                    ],
                },
                {"context": "It opened in May.", "qas": [{"id": 3, "question": "When?", "answers": [{"text": "May"}]}]},
            ],
        }
    ],
}  # fmt: skip

CLAPNQ: dict[str, Any] = {
    "id": "c1",
    "input": "how high is it",
    "passages": [{"title": "Hill", "text": "The hill is  90 m high . It is green .", "sentences": []}],
    "output": [{"answer": "It is 90 m high.", "selected_sentences": ["The hill is  90 m high ."]}],
}


def rows(path: Path, *values: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def beir(folder: Path, *judgements: str) -> Path:
    rows(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "Rink", "text": "The rink seats 2,150.\nIt is new."},
        {"_id": "d2", "title": "Rink", "text": "The rink seats 2,150. It is new."},
        {"_id": "d3", "title": "Hill", "text": ""},
        {"_id": "d4", "text": "Untitled."},
    )
    rows(folder / "queries.jsonl", {"_id": "q1", "text": "seats"}, {"_id": "q2", "text": "hill", "metadata": {}})
    rows(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore", *judgements)
    return folder


# --- SQuAD ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_folder", [True, False])
def test_squad_2_knows_impossible_questions(tmp_path: Path, in_folder: bool) -> None:
    path = rows(tmp_path / "dev-v2.0.json", SQUAD)
    loaded = load_public_set(tmp_path if in_folder else path)
    assert loaded.articles == (PublicArticle("Ice rink", ("The rink seats 2,150 people.", "It opened in May.")),)
    assert loaded.questions == (
        PublicQuestion("a", "How many?", ((0, 1),), ("2,150",)),
        PublicQuestion("b", "Who built it?", ()),
        PublicQuestion("3", "When?", ((0, 2),), ("May",)),
    )


def test_squad_files_of_a_folder_are_one_set(tmp_path: Path) -> None:
    rows(tmp_path / "a.json", SQUAD)
    rows(tmp_path / "b.json", SQUAD)
    loaded = load_public_set(tmp_path)
    assert [question.gold for question in loaded.questions] == [((0, 1),), (), ((0, 2),), ((1, 1),), (), ((1, 2),)]


def test_squad_error_names_file_and_field(tmp_path: Path) -> None:
    path = rows(tmp_path / "x.json", {"data": [{"paragraphs": [{"context": "A.", "qas": [{"id": "a"}]}]}]})
    with pytest.raises(UsageError, match=r"x\.json: data\[0\]\.paragraphs\[0\]\.qas\[0\]\.question is missing\. Add"):
        load_public_set(path)


# --- ClapNQ --------------------------------------------------------------------------------------------------------


def test_clapnq_passages_are_articles_each_once(tmp_path: Path) -> None:
    unanswerable = {**CLAPNQ, "id": 7, "input": "who climbed it", "output": [{"answer": "", "selected_sentences": []}]}
    rows(tmp_path / "one.jsonl", CLAPNQ)
    rows(tmp_path / "two.jsonl", unanswerable)
    loaded = load_public_set(tmp_path)
    assert loaded.articles == (PublicArticle("Hill", ("The hill is 90 m high . It is green .",)),)
    first, second = loaded.questions
    assert (first.gold, first.sentences) == (((0, 1),), ("The hill is 90 m high .",))
    assert (second.id, second.answerable) == ("7", False)


def test_clapnq_error_names_the_line(tmp_path: Path) -> None:
    path = rows(tmp_path / "one.jsonl", CLAPNQ, {**CLAPNQ, "passages": []})
    with pytest.raises(UsageError, match=r"one\.jsonl, line 2: passages: .*at least 1 item"):
        load_public_set(path)


# --- BEIR ----------------------------------------------------------------------------------------------------------


def test_beir_documents_are_one_paragraph_with_graded_gold(tmp_path: Path) -> None:
    loaded = load_public_set(beir(tmp_path, "q1\td1\t1", "q1\td2\t2", "q1\td4\t1", "q1\td3\t0", "q2\td3\t1"))
    assert loaded.articles == (
        PublicArticle("Rink", ("The rink seats 2,150. It is new.",)),
        PublicArticle("Hill", ("Hill",)),
        PublicArticle("", ("Untitled.",)),
    )
    first, second = loaded.questions
    assert first.graded == {(0, 1): 2, (2, 1): 1}  # d1 and d2 hold the same text: the better judgement counts
    assert second.gold == ((1, 1),)


def test_beir_question_without_relevant_document_is_left_out(tmp_path: Path) -> None:
    loaded = load_public_set(beir(tmp_path, "q1\td1\t1", "q2\td3\t0"))
    assert [question.id for question in loaded.questions] == ["q1"]


@pytest.mark.parametrize(
    ("judgement", "problem"),
    [
        ("q9\td1\t1", r"test\.tsv, line 3: queries\.jsonl has no _id 'q9'"),
        ("q1\td9\t1", r"test\.tsv, line 3: corpus\.jsonl has no _id 'd9'"),
        ("q1\td1", r"test\.tsv, line 3: is no judgement\. Write query-id TAB corpus-id TAB score"),
        ("q1\td1\thigh", r"test\.tsv, line 3: is no judgement"),
    ],
)
def test_beir_bad_judgement_is_named(tmp_path: Path, judgement: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        load_public_set(beir(tmp_path, "q1\td1\t1", judgement))


def test_beir_folder_without_judgements_or_with_several(tmp_path: Path) -> None:
    beir(tmp_path, "q1\td1\t1")
    test = tmp_path / "qrels" / "test.tsv"
    assert load_public_set(tmp_path).questions
    test.rename(tmp_path / "qrels" / "dev.tsv")
    assert load_public_set(tmp_path).questions
    (tmp_path / "qrels" / "train.tsv").write_text("", "utf-8")
    with pytest.raises(UsageError, match=r"dev\.tsv, train\.tsv and no test\.tsv\. Copy"):
        load_public_set(tmp_path)
    for path in (tmp_path / "qrels").iterdir():
        path.unlink()
    with pytest.raises(NotFound, match=r"test\.tsv is missing"):
        load_public_set(tmp_path)


def test_beir_repeated_id_and_irrelevant_judgements(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="judges no document relevant"):
        load_public_set(beir(tmp_path, "q1\td1\t0"))
    rows(tmp_path / "queries.jsonl", {"_id": "q1", "text": "a"}, {"_id": "q1", "text": "b"})
    with pytest.raises(UsageError, match=r"queries\.jsonl, line 2: the _id 'q1' is there already"):
        load_public_set(tmp_path)


# --- plain JSON lines ----------------------------------------------------------------------------------------------


def test_plain_rows(tmp_path: Path) -> None:
    context = "Ann Lee won.\n\nShe left in May."
    path = rows(
        tmp_path / "mine.jsonl",
        {"question": "Who?", "answers": ["Ann Lee"], "context": context},
        "",
        {"id": 2, "question": "When?", "answers": "May", "context": context},
        {"question": "Why?", "answers": [], "context": context},
        {"question": "How?", "answers": {"text": ["by bus"], "answer_start": [0]}, "context": "By bus."},
        {"question": "What?", "answers": ["silver"], "paragraphs": ["One.", "Two."], "gold": [2], "title": "Cup"},
        {"question": "Where?", "answers": ["x"], "answerable": False, "context": "By bus."},
    )
    loaded = load_public_set(path)
    assert [article.paragraphs for article in loaded.articles] == [
        ("Ann Lee won.", "She left in May."), ("By bus.",), ("One.", "Two."),
    ]  # fmt: skip
    assert [(question.id, question.gold) for question in loaded.questions] == [
        ("mine-1", ((0, 1),)), ("2", ((0, 2),)), ("mine-4", ()), ("mine-5", ((1, 1),)), ("mine-6", ((2, 2),)),
        ("mine-7", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"question": "Who?", "answers": ["Ann"]}, 'in either "context" or "paragraphs": give one'),
        ({"question": "Who?", "answers": ["Ann"], "context": "A.", "paragraphs": ["B."]}, "give one of them"),
        ({"question": " ", "context": "A."}, "the question is empty: write it"),
        ({"question": "Who?", "answers": ["Ann"], "paragraphs": ["A.", "B."]}, 'word for word: add "gold"'),
        ({"question": "Who?", "answers": ["A"], "context": "A.", "gold": [2]}, "gold names paragraph 2, .* 1 to 1"),
        ({"question": "Who?", "answerable": True, "context": "A."}, "has answers or gold: add one"),
        ({"question": "Who?", "answerable": False, "context": "A.", "gold": [1]}, "has no gold: remove it"),
        ({"question": "Who?", "answers": 4, "context": "A."}, r"answers.*Correct it, or name the set's format"),
        ("{", r"is not JSON \("),
    ],
)
def test_plain_error_names_the_line_and_the_fix(tmp_path: Path, row: object, problem: str) -> None:
    path = rows(tmp_path / "mine.jsonl", {"question": "Who?", "answers": ["Ann"], "context": "Ann."}, row)
    with pytest.raises(UsageError, match=rf"mine\.jsonl, line 2: .*{problem}"):
        load_public_set(path)


def test_plain_ids_are_not_repeated(tmp_path: Path) -> None:
    row = {"id": "a", "question": "Who?", "answers": ["Ann"], "context": "Ann."}
    with pytest.raises(UsageError, match=r"line 2: the id 'a' is there already"):
        load_public_set(rows(tmp_path / "mine.jsonl", row, row))


# --- finding the format --------------------------------------------------------------------------------------------


def test_unknown_sets_are_refused_with_what_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    with pytest.raises(NotFound, match=r"is not there\. Give a SQuAD file"):
        load_public_set(tmp_path / "none")
    with pytest.raises(UsageError, match=r"is no question set\. Give a SQuAD file"):
        load_public_set(tmp_path)
    with pytest.raises(UsageError, match="the fields a are of no known set"):
        load_public_set(rows(tmp_path / "odd.jsonl", {"a": 1}))
    with pytest.raises(UsageError, match="holds no question"):
        load_public_set(rows(tmp_path / "empty.json", {"data": []}))
    with pytest.raises(UsageError, match=r"holds no \.json file"):
        load_public_set(folder, "squad")


def test_named_format_goes_before_the_guess(tmp_path: Path) -> None:
    path = rows(tmp_path / "mine.txt", {"question": "Who?", "answers": ["Ann"], "context": "Ann."})
    assert len(load_public_set(path, "jsonl").questions) == 1


# --- as articles and cases -----------------------------------------------------------------------------------------


def test_written_cases_hold_in_a_library_of_the_written_articles(tmp_path: Path) -> None:
    long = "A long opening line of an article without a title that is cut somewhere when a name is made of it"
    public_set = PublicSet(
        (
            PublicArticle("Cup", ("One \ufeff thing.",)),
            PublicArticle("Cup", ("Two things.",)),
            PublicArticle("Cup", ("One \ufeff thing.",)),
            PublicArticle("Empty", ()),
            PublicArticle("", (long, "Three things.")),
            PublicArticle("Кубок", ("Four things.",)),
        ),
        (
            PublicQuestion("a", "One?", ((0, 1), (2, 1)), ("One",)),
            PublicQuestion("b", "Two?", ((1, 1),), ("Two", "Two", "2")),
            PublicQuestion("c", "Three?", ((4, 2),), ("Three.",), ("Three things.", "Three.")),
            PublicQuestion("d", "Four?", ((5, 1),), ("Four",)),
            PublicQuestion("e", "Five?", ()),
            PublicQuestion("f", "No answers?", ((1, 1),)),
        ),
    )
    written = write_set(public_set, tmp_path / "out", "mine")
    assert (written.articles, written.cases, written.without_answers) == (6, 5, 1)
    with Indexer(tmp_path / "library", FakeEmbedder()) as indexer:
        report = indexer.add([tmp_path / "out" / "articles.jsonl"])
    assert not report.failed
    cases = load_cases(tmp_path / "out" / "cases.jsonl")
    assert stale_cases(cases, tmp_path / "library") == []
    by_id = {case.id: case for case in cases}
    assert by_id["b"].facts == (("Two", "2"),)
    assert by_id["c"].facts == (("Three things.",), ("Three.",))
    assert by_id["c"].gold[0].facts == (0, 1)
    assert by_id["e"].why_not == "near miss"
    assert by_id["a"].tags == ("mine",)


def test_article_ids_count_like_a_library() -> None:
    articles = [PublicArticle(title, (text,)) for title, text in (("Cup", "a"), ("Cup-2", "b"), ("Cup", "c"))]
    assert article_ids(articles) == ["cup", "cup-2", "cup-3"]


def test_set_without_answers_has_no_cases() -> None:
    assert public_cases(PublicSet((PublicArticle("", ("A.",)),), (PublicQuestion("a", "?", ((0, 1),)),)), "x") == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    public_set = PublicSet((PublicArticle("", ("A.",)),), (PublicQuestion("a", "?", ((0, 1),), ("A",)),))
    write_set(public_set, tmp_path, "x")
    with pytest.raises(UsageError, match=r"articles\.jsonl is there already\. Delete it"):
        write_set(public_set, tmp_path, "x")
