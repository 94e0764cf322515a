"""Answers are compared with golds as SQuAD does, and with facts word for word and number for number."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eval.matching import contains_span, exact_match, fact_coverage, normalise_answer, occurs, plain, token_f1

TEXT = st.text(st.sampled_from("ab theANЖé 150,.-’“\u00a0\u2011ßİ\n"), max_size=20) | st.text(max_size=20)
WORD = st.text("abcdefgh", min_size=1, max_size=4)


# --- SQuAD ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The  Cat, sat!", "cat sat"),
        ("A man, a plan; an axe", "man plan axe"),
        ("another theory", "another theory"),
        ("30-day", "30day"),
        ("$1,000.50", "100050"),
        ("Trump's", "trumps"),
        ("“the” end", "“ ” end"),
        ("the", ""),
        ("\tÀ la\u00a0carte\n", "à la carte"),
    ],
)
def test_answer_is_normalised_as_the_script_does(text: str, normalised: str) -> None:
    assert normalise_answer(text) == normalised


def reference_normalised(text: str) -> list[str]:
    """The same rules, a character and a word at a time."""
    kept = "".join(character for character in text.lower() if character not in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    spaced, word = "", ""
    for character in f"{kept} ":
        if character.isalnum():
            word += character
        else:
            spaced += (" " if word in ("a", "an", "the") else word) + character
            word = ""
    return spaced.split()


def reference_f1(answer: str, gold: str) -> float:
    """Precision and recall over words, each gold word used once."""
    said, left = reference_normalised(answer), reference_normalised(gold)
    if not said or not left:
        return 1.0 if said == left else 0.0
    size, shared = len(left), 0
    for word in said:
        if word in left:
            left.remove(word)
            shared += 1
    if not shared:
        return 0.0
    precision, recall = shared / len(said), shared / size
    return 2 * precision * recall / (precision + recall)


@given(st.text("theanTHEAN bc,.-'150\u00a0“", max_size=30), st.lists(st.text("thean bc,.-", max_size=20), min_size=1))
def test_scores_agree_with_the_rules_written_out(answer: str, golds: list[str]) -> None:
    matches = [reference_normalised(answer) == reference_normalised(gold) for gold in golds]
    assert exact_match(answer, golds) == float(any(matches))
    assert token_f1(answer, golds) == pytest.approx(max(reference_f1(answer, gold) for gold in golds))


@pytest.mark.parametrize(
    ("answer", "golds", "match", "f1"),
    [
        ("the Denver Broncos", ["Denver Broncos"], 1, 1),
        ("Denver Broncos won", ["Denver Broncos"], 0, 4 / 5),  # precision 2/3, recall 1
        ("Broncos", ["Denver Broncos", "the Broncos team"], 0, 2 / 3),  # precision 1, recall 1/2
        ("no no yes", ["no yes yes"], 0, 2 / 3),  # a word counts as often as both have it
        ("Carolina", ["Denver"], 0, 0),
        ("", ["Denver"], 0, 0),
        ("", [""], 1, 1),
        ("the", [""], 1, 1),
        ("Denver", ["", "denver."], 1, 1),
    ],
)
def test_squad_by_hand(answer: str, golds: list[str], match: float, f1: float) -> None:
    assert exact_match(answer, golds) == match
    assert token_f1(answer, golds) == pytest.approx(f1)


@given(TEXT, st.lists(TEXT, min_size=1), TEXT)
def test_scores_are_within_range_and_a_further_gold_never_lowers_them(answer: str, golds: list[str], more: str) -> None:
    for metric in (exact_match, token_f1, contains_span):
        score = metric(answer, golds)
        assert score is not None
        assert 0 <= score <= 1
        assert metric(answer, golds[::-1]) == score
        assert metric(answer, [*golds, more]) >= score  # type: ignore[operator]


@given(TEXT, st.lists(TEXT))
def test_gold_answer_is_perfect(gold: str, others: list[str]) -> None:
    assert exact_match(gold, [*others, gold]) == token_f1(gold, [*others, gold]) == 1


def test_without_golds_nothing_is_scored() -> None:
    assert exact_match("x", []) is token_f1("x", []) is contains_span("x", []) is fact_coverage("x", []) is None


# --- spans and facts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("150", "about 150 people"),
        ("150", "(150)."),
        ("$150", "US$150"),
        ("5%", "rose 5%, then fell"),
        ("1,500", "1500 people"),
        ("1500", "1,500 people"),
        ("30-day", "a 30 day halt"),
        ("30 day", "a 30\u2011day halt"),
        ("30 days", "thirty days"),
        ("2014-2015", "in 2014–2015"),
        ("three", "3 men"),
        ("20", "Twenty men"),
        ("25", "twenty-five men"),
        ("twenty five", "25 men"),
        ("Trump", "Trump’s call"),
        ("Trump's call", "Trump’s\u00a0call"),
        ('"yes"', "he said “yes”"),
        ("STRASSE", "Straße"),
        ("caf\u00e9", "the cafe\u0301"),
        ("cooperation", "co\u00adoperation"),
        ("March 19", "on March\n 19."),
        ("Paris.", "in Paris, France"),
    ],
)
def test_phrase_occurs_however_it_is_written(phrase: str, text: str) -> None:
    assert occurs(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("150", "1500"),
        ("150", "2150"),
        ("150", "1,150"),
        ("150", "150,000"),
        ("150", "150.5"),
        ("5", "1.5 million"),
        ("5", "twenty-five"),
        ("20", "twenty-five"),
        ("six", "sixteen"),
        ("7", "seventy"),
        ("Iran", "Iranian"),
        ("art", "start"),
        ("", "anything"),
        ("...", "anything..."),
    ],
)
def test_part_of_a_word_or_number_is_no_occurrence(phrase: str, text: str) -> None:
    assert not occurs(phrase, text)


@given(TEXT)
@example("twenty a five")
@example("1,234,567")
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.lists(WORD, min_size=1), st.data())
def test_run_of_words_occurs_and_is_contained(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    phrase = " ".join(words[start:end])
    assert occurs(phrase, ", ".join(words).replace(", ", " "))
    assert not occurs(phrase, "x" + "x".join(words) + "x")
    assert fact_coverage(" ".join(words), [[phrase]]) == 1


def test_span_is_contained_whatever_its_articles_and_quotes() -> None:
    assert contains_span("The Kremlin’s statement said so.", ["a statement", "Kremlin"]) == 1
    assert contains_span("End of war, he said.", ["“the end of the war”"]) == 1
    assert contains_span("It lasted 1500 days.", ["150"]) == 0
    assert contains_span("", ["Kremlin"]) == contains_span("Kremlin", ["the"]) == 0


def test_fact_is_covered_by_any_of_its_wordings() -> None:
    facts = [["175 prisoners", "175 captives"], ["30-day", "thirty days"], ["Jeddah"], []]
    assert fact_coverage("Both swap 175 captives during the 30‑day halt.", facts) == 0.5
    assert fact_coverage("", facts) == 0


@given(TEXT, st.lists(st.lists(TEXT, max_size=3), min_size=1), TEXT)
def test_coverage_is_within_range_in_any_order_and_more_text_never_lowers_it(
    text: str, facts: list[list[str]], more: str
) -> None:
    coverage = fact_coverage(text, facts)
    assert coverage is not None
    assert 0 <= coverage <= 1
    assert fact_coverage(text, facts[::-1]) == coverage
    assert fact_coverage(f"{text} | {more}", facts) >= coverage  # type: ignore[operator]
