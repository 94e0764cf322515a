"""The cases of the sample collection hold today, and files of cases are read strictly."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.types import Turn
from eval.cases import Case, GoldParagraph, Stale, check_cases, load_cases, split, with_hashes, write_cases
from eval.matching import occurs, plain
from index.errors import NotFound, UsageError
from index.indexing import slug
from index.reading.readers import read_file
from index.splitting.paragraphs import split_paragraphs
from index.types import Article, Filters, Paragraph, ParagraphKind, RawArticle

SAMPLE = Path(__file__).resolve().parents[2] / "eval" / "data" / "sample.jsonl"
CASES = load_cases(SAMPLE)
ANSWERABLE = [case for case in CASES if case.answerable]
BY_TAG = Counter(tag for case in CASES for tag in case.tags)
WIRE = ("sample-wire-call", "sample-courier-wire-call", "specimen-post-wire-call", "placeholder-times-wire-call")

CASE: dict[str, Any] = {
    "id": "c1",
    "question": "Who?",
    "answerable": True,
    "facts": [["Ann Lee", "A. Lee"]],
    "gold": [{"article": "a", "paragraph": 1, "facts": [0]}],
}


class Collection:
    """The articles of a folder as the library would number them."""

    def __init__(self, folder: Path) -> None:
        self.raw: dict[str, RawArticle] = {}
        self.paragraphs: dict[tuple[str, int], Paragraph] = {}
        for path in sorted(folder.glob("*.md")):
            [raw] = read_file(path)
            assert isinstance(raw, RawArticle), raw
            article = Article(slug(path.stem), 1, raw.text, raw.content_hash, raw.source, raw.file)
            self.raw[article.id] = raw
            self.paragraphs |= {(article.id, part.number): part for part in split_paragraphs(article)}

    @property
    def texts(self) -> dict[tuple[str, int], str]:
        return {key: paragraph.text for key, paragraph in self.paragraphs.items()}


@pytest.fixture(scope="module")
def collection(sample_articles: Path) -> Collection:
    return Collection(sample_articles)


def write(path: Path, *rows: dict[str, Any] | str) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


# --- the sample set ------------------------------------------------------------------------------------------------


def test_sample_is_large_enough() -> None:
    assert len(CASES) >= 170
    assert BY_TAG["refuse"] >= 55


@pytest.mark.parametrize(
    ("tag", "least"),
    [
        ("single", 55),
        ("multi-paragraph", 12),
        ("multi-outlet", 12),
        ("disagreement", 10),
        ("time", 15),
        ("follow-up", 15),
        ("quotation", 15),
        ("number", 15),
        ("yes/no", 8),
    ],
)
def test_sample_has_every_kind_of_question(tag: str, least: int) -> None:
    assert BY_TAG[tag] >= least


@pytest.mark.parametrize(("why_not", "least"), [("outside", 10), ("near miss", 30), ("false premise", 8)])
def test_sample_has_every_kind_of_refusal(why_not: str, least: int) -> None:
    assert sum(case.why_not == why_not for case in CASES) >= least


def test_sample_asks_beyond_the_dates_it_covers() -> None:
    assert sum(case.why_not in ("too early", "too late") for case in CASES) >= 7
    assert {"too early", "too late"} <= {case.why_not for case in CASES}


def test_tags_say_what_the_fields_say() -> None:
    for case in CASES:
        assert case.tags, case.id
        assert ("refuse" in case.tags) is not case.answerable, case.id
        assert ("disagreement" in case.tags) is case.disagreement, case.id
        assert ("follow-up" in case.tags) is bool(case.history), case.id
        assert ("filter" in case.tags) is (case.filters is not None), case.id


def test_no_question_is_asked_twice() -> None:
    asked = Counter((case.question.casefold(), case.history, case.filters) for case in CASES)
    assert [question for question, times in asked.items() if times > 1] == []


def test_follow_ups_go_two_and_three_turns_deep() -> None:
    depths = Counter(len(case.history) for case in CASES)
    assert depths[1] >= 8
    assert depths[2] >= 4


def test_gold_matches_the_articles_today(collection: Collection) -> None:
    assert check_cases(CASES, collection.texts) == []


@pytest.mark.parametrize("case", ANSWERABLE, ids=lambda case: case.id)
def test_gold_paragraph_states_its_facts_in_an_accepted_wording(case: Case, collection: Collection) -> None:
    for gold in case.gold:
        text = collection.texts[gold.article, gold.paragraph]
        for fact in gold.facts:
            assert any(plain(wording) in plain(text) for wording in case.facts[fact]), (gold, case.facts[fact])
            assert any(occurs(wording, text) for wording in case.facts[fact]), (gold, case.facts[fact])


def test_gold_is_never_page_furniture(collection: Collection) -> None:
    kinds = {collection.paragraphs[gold.article, gold.paragraph].kind for case in CASES for gold in case.gold}
    assert ParagraphKind.FURNITURE not in kinds


def test_copies_of_the_agency_text_are_gold_together(collection: Collection) -> None:
    for case in ANSWERABLE:
        if case.filters is not None:
            continue
        for gold in case.gold:
            if gold.article not in WIRE:
                continue
            carried = {wire for wire in WIRE if (wire, gold.paragraph) in collection.paragraphs}
            listed = {other.article for other in case.gold if other.paragraph == gold.paragraph}
            assert carried <= listed, (case.id, gold)


def test_gold_passes_the_filter_of_its_case(collection: Collection) -> None:
    for case in CASES:
        for gold in case.gold if case.filters is not None else ():
            assert case.filters is not None
            raw = collection.raw[gold.article]
            assert raw.published is not None
            assert not case.filters.outlets or raw.outlet in case.filters.outlets, case.id
            assert case.filters.since is None or raw.published >= case.filters.since, case.id
            assert case.filters.until is None or raw.published <= case.filters.until, case.id


def test_versions_of_a_disagreement_come_from_different_paragraphs() -> None:
    for case in CASES:
        if case.disagreement:
            assert len({gold.facts for gold in case.gold}) > 1, case.id


@pytest.mark.parametrize("answerable", [True, False])
def test_halves_are_about_equal(answerable: bool) -> None:
    halves = Counter(split(case.id) for case in CASES if case.answerable is answerable)
    assert 0.4 <= halves["dev"] / halves.total() <= 0.6


# --- reading and writing -------------------------------------------------------------------------------------------


def test_cases_come_back_as_written(tmp_path: Path) -> None:
    full = Case(
        id="c1",
        question="How long, “as of” then?",
        answerable=True,
        history=(Turn("Who?", "Ann."), Turn("When?")),
        facts=(("90 minutes",), ("two hours", "2 hours")),
        gold=(GoldParagraph("a", 1, "0" * 16, (0,)), GoldParagraph("b", 2, "f" * 16, (0, 1))),
        disagreement=True,
        tags=("time",),
        filters=Filters(outlets=("Ä",), since=date(2025, 3, 1)),
    )
    refused = Case(id="c2", question="Why?", answerable=False, why_not="near miss")
    path = tmp_path / "cases.jsonl"
    write_cases([full, refused], path)
    assert load_cases(path) == [full, refused]
    assert "why_not" not in path.read_text("utf-8").splitlines()[0]


def test_sample_is_written_as_it_stands(tmp_path: Path) -> None:
    write_cases(CASES, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_text("utf-8") == SAMPLE.read_text("utf-8")


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", "", CASE, "  ", {**CASE, "id": "c2"})
    assert [case.id for case in load_cases(path)] == ["c1", "c2"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"id": ', "is not JSON"),
        ("[1]", "the line: Input should be an object"),
        ({**CASE, "colour": 1}, "colour is not a field. Remove or rename it; the fields of a case are id, question,"),
        ({**CASE, "gold": [{"article": "a", "paragraf": 1}]}, "gold[0].paragraph is missing. Add it."),
        ({**CASE, "gold": [{"article": "a", "paragraph": 1, "page": 2}]}, "gold[0].page is not a field. Remove"),
        ({**CASE, "gold": [{"article": "a", "paragraph": "1"}]}, "gold[0].paragraph: Input should be a valid integer"),
        ({**CASE, "history": [{"question": "Who?", "reply": "Ann."}]}, "history[0].reply is not a field"),
        ({**CASE, "filters": {"after": "2025-03-18"}}, "filters.after is not a field"),
        ({**CASE, "filters": {"since": "in March"}}, "filters.since: Input should be a valid date"),
        ({key: value for key, value in CASE.items() if key != "question"}, "question is missing. Add it."),
        ({**CASE, "answerable": "yes"}, "answerable: Input should be a valid boolean"),
        ({**CASE, "why_not": "dull"}, "why_not: Input should be 'outside', 'near miss'"),
        ({**CASE, "question": " "}, "id and question must not be empty: write them."),
        ({**CASE, "why_not": "outside"}, "remove it, or set answerable to false."),
        ({**CASE, "facts": [], "gold": []}, "an answerable case needs facts"),
        ({**CASE, "facts": [["Ann", ""]]}, "an answerable case needs facts, each with an accepted wording"),
        ({**CASE, "facts": [["Ann"], ["Bo"]]}, "no gold paragraph states fact 1: add the paragraph"),
        ({**CASE, "gold": [{"article": "a", "paragraph": 1, "facts": [1]}]}, "facts are numbered from 0 to 0"),
        ({**CASE, "gold": [*CASE["gold"], {"article": "a", "paragraph": 2}]}, "a gold paragraph states no fact"),
        ({**CASE, "disagreement": True}, "a disagreement needs two versions or more"),
        ({"id": "c1", "question": "Why?", "answerable": False}, "says why not: add why_not."),
        ({**CASE, "answerable": False, "why_not": "outside"}, "has no facts, gold or disagreement: remove them"),
    ],
)
def test_bad_line_is_named_with_what_is_wrong(tmp_path: Path, row: dict[str, Any] | str, message: str) -> None:
    path = write(tmp_path / "cases.jsonl", {**CASE, "id": "good"}, "", row)
    with pytest.raises(UsageError) as error:
        load_cases(path)
    assert str(error.value).startswith(f"{path}, line 3: ")
    assert message in str(error.value)


def test_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", CASE, {**CASE, "id": "c2"}, CASE)
    with pytest.raises(UsageError, match="line 3: the id 'c1' is taken by line 1"):
        load_cases(path)


def test_file_without_cases_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        load_cases(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="holds no case"):
        load_cases(write(tmp_path / "cases.jsonl", ""))
    (tmp_path / "cases.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(UsageError, match="not UTF-8"):
        load_cases(tmp_path / "cases.jsonl")


# --- gold paragraphs and halves ------------------------------------------------------------------------------------


def test_changed_and_missing_paragraphs_are_reported_stale() -> None:
    gold = tuple(GoldParagraph("a", number, facts=(0,)) for number in (1, 2, 3))
    case = Case(id="c1", question="Who?", answerable=True, facts=(("Ann",),), gold=gold)
    texts = {("a", number): f"Ann, {number}" for number in (1, 2, 3)}
    [hashed] = with_hashes([case], texts)
    assert check_cases([hashed], texts) == []
    changed = {("a", 1): "Ann, 1", ("a", 2): "Bo, 2"}
    assert check_cases([hashed], changed) == [Stale("c1", "a", 2, "changed"), Stale("c1", "a", 3, "missing")]


def test_case_whose_hash_was_never_computed_is_stale() -> None:
    case = Case(id="c1", question="Who?", answerable=True, facts=(("Ann",),), gold=(GoldParagraph("a", 1, facts=(0,)),))
    assert check_cases([case], {("a", 1): "Ann"}) == [Stale("c1", "a", 1, "changed")]


def test_hash_of_a_paragraph_that_is_not_there_cannot_be_computed() -> None:
    case = Case(id="c1", question="Who?", answerable=True, facts=(("Ann",),), gold=(GoldParagraph("a", 7, facts=(0,)),))
    with pytest.raises(NotFound, match="Case c1: there is no paragraph a#7"):
        with_hashes([case], {("a", 1): "Ann"})


def test_sample_goes_stale_when_an_article_changes(collection: Collection) -> None:
    key = (CASES[0].gold[0].article, CASES[0].gold[0].paragraph)
    stale = check_cases(CASES, collection.texts | {key: "Another text."})
    assert CASES[0].id in {entry.case_id for entry in stale}
    assert {(entry.article, entry.paragraph, entry.now) for entry in stale} == {(*key, "changed")}


def test_half_of_a_case_depends_on_its_id_alone() -> None:
    halves = [split(f"s{number:03d}") for number in range(1, 9)]
    assert halves == "dev release dev dev dev release release release".split()
    case = replace(CASES[0], question="Another question?")
    assert split(case.id) == split(CASES[0].id)
