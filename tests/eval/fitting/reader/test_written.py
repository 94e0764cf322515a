"""What was written for the reader: every row parses, and its words stand where it says."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from eval.fitting.reader.examples import ANSWERS, JUDGES, REFUTED, SUPPORTED, UNKNOWN, Example
from eval.fitting.reader.written import articles, read_written


@pytest.fixture(scope="module")
def written() -> list[Example]:
    return list(read_written())


def test_every_row_parses_with_its_words_where_it_says(written: list[Example]) -> None:
    assert len(written) > 1_000
    for each in written:
        assert each.query.strip(), each
        assert each.passage.strip(), each
        assert each.group, each
        if each.answer:
            start, end = each.answer
            assert 0 <= start < end <= len(each.passage), each
            assert each.passage[start:end].strip(), each
        for start, end in each.wrong or ():
            assert 0 <= start < end <= len(each.query), each


def test_labels_fit_what_is_asked(written: list[Example]) -> None:
    for each in written:
        if each.task == ANSWERS:
            assert each.label == int(each.answer is not None), each
            assert each.wrong is None, each
        else:
            assert each.task == JUDGES, each
            assert each.label in (SUPPORTED, REFUTED, UNKNOWN), each
            assert each.answer is None, each
            assert not (each.label == SUPPORTED and each.wrong), each


def test_every_sort_of_row_and_label_is_there(written: list[Example]) -> None:
    assert {each.source for each in written} == {"written", "stories", "statements"}
    labels = Counter((each.task, each.label) for each in written)
    assert set(labels) == {(ANSWERS, 0), (ANSWERS, 1), (JUDGES, SUPPORTED), (JUDGES, REFUTED), (JUDGES, UNKNOWN)}
    assert min(labels.values()) > 100, labels


def test_articles_have_numbers_of_their_own_titles_and_dates() -> None:
    found = articles()
    assert len({article["n"] for article in found}) == len(found)
    assert all(article["title"] and date.fromisoformat(article["date"]) for article in found)
