"""Words: forms of one word are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.words import (
    is_dictionary_word,
    lemma_of,
    may_be,
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


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(token in text for token in tokens(text))
    assert len(words_of(text)) == len(set(words_of(text)))
