"""Words: forms of one word are one, and sentences come apart where clauses do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.words import (
    clauses,
    content_tokens,
    coverage,
    is_dictionary_word,
    lemma_of,
    may_be,
    segments,
    tokens,
    without_possessive,
    words_of,
)


@pytest.mark.parametrize(
    ("first", "second"),
    [("the ferries sank", "a ferry sinks"), ("She was singing", "they sang"), ("Children ran", "the child is running")],
)
def test_forms_of_one_word_are_one(first: str, second: str) -> None:
    assert words_of(first) == words_of(second) != []


def test_words_without_content_are_left_out() -> None:
    assert words_of("it was to be of the") == []
    assert content_tokens("The bell, the bell!") == ["bell", "bell"]


@pytest.mark.parametrize(
    ("word", "lemma"), [("struck", "strike"), ("mice", "mouse"), ("better", "better"), ("qx", "qx")]
)
def test_base_form_comes_from_a_dictionary_or_is_the_word(word: str, lemma: str) -> None:
    assert lemma_of(word) == lemma


def test_dictionary_tells_words_from_names_and_verbs_from_others() -> None:
    assert is_dictionary_word("Ferry")
    assert not is_dictionary_word("Mersk")
    assert may_be("VERB", "sank")
    assert not may_be("VERB", "orchestra")


@pytest.mark.parametrize(("word", "plain"), [("Bell's", "Bell"), ("Bells’", "Bells"), ("Bell", "Bell"), ("'s", "")])
def test_possessive_is_taken_off(word: str, plain: str) -> None:
    assert without_possessive(word) == plain


def test_clause_has_something_to_be_wrong_about() -> None:
    text = "The ferry sank, and all passengers were saved; divers found the bell."
    assert clauses(text) == ["The ferry sank", "and all passengers were saved", "divers found the bell."]
    assert clauses("Yes, and the ferry sank.") == ["Yes and the ferry sank."]
    assert clauses("") == [""]


def test_segments_are_parts_and_pairs_of_a_long_sentence() -> None:
    sentence = "The old ferry sank, a large wave hit its door; divers found the old bell"
    parts = segments(sentence)
    assert "a large wave hit its door" in parts
    assert "The old ferry sank a large wave hit its door" in parts
    assert segments("The ferry sank.") == []


def test_coverage_weighs_rare_words() -> None:
    source = set(words_of("the ferry"))
    assert coverage("The ferry sank.", source, lambda _: 1.0) == 0.5
    assert coverage("The ferry sank.", source, lambda word: 3.0 if word in source else 1.0) == 0.75
    assert coverage("it was", source, lambda _: 1.0) == 1.0


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(token in text for token in tokens(text))
    assert len(words_of(text)) == len(set(words_of(text)))
    assert clauses(text)
    assert all(words_of(part) for part in segments(text))
    assert coverage(text, set(words_of(text)), lambda _: 1.0) == 1.0
