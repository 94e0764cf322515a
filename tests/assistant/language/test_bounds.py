"""Bounds of values: which number with a hedge is borne out by which, in one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.gate.checking import Gate
from assistant.gate.types import CitedParagraph
from assistant.language.bounds import bears_out, bound_start
from assistant.language.types import Bound, Value, ValueKind
from assistant.language.values import values_in
from assistant.types import Verdict
from index.splitting.paragraphs import split_paragraphs
from index.types import Article

TABLE = [
    # what a text says, what the source says, whether that bears it out
    ("90 minutes", "90 minutes", True),
    ("90 minutes", "an hour and a half", True),
    ("97 minutes", "90 minutes", False),
    # a number that the source only bounds is not stated
    ("90 minutes", "more than 90 minutes", False),
    ("90 minutes", "at least 90 minutes", False),
    ("90 minutes", "up to 90 minutes", False),
    ("90 minutes", "nearly 90 minutes", False),
    ("90 minutes", "about 90 minutes", False),
    ("175 people", "some 175 people", False),
    # over
    ("over 90 minutes", "over 90 minutes", True),
    ("over 90 minutes", "more than 90 minutes", True),
    ("over 97 minutes", "over 90 minutes", False),
    ("over 90 minutes", "over 97 minutes", True),
    ("over 90 minutes", "97 minutes", True),
    ("over 90 minutes", "two hours", True),
    ("over 90 minutes", "90 minutes", False),
    ("over 90 minutes", "80 minutes", False),
    ("over 90 minutes", "about 90 minutes", False),
    ("over 90 minutes", "about 100 minutes", True),
    ("over 90 minutes", "at least 90 minutes", False),
    ("over 90 minutes", "at least 91 minutes", True),
    ("over 90 minutes", "under 90 minutes", False),
    ("over 90 minutes", "just over 90 minutes", True),
    ("more than 90 people", "at least 91 people", True),
    ("more than 90 people", "91 people", True),
    ("more than an hour and a half", "more than 90 minutes", True),
    ("more than $2 million", "$2.3 million", True),
    ("more than half of the votes", "51 percent", True),
    ("well over 90 minutes", "more than 90 minutes", True),
    ("over 90 minutes", "30 days", False),
    ("at most 50 people", "nine people", False),
    ("just over 90 minutes", "91 minutes", True),
    ("just over 90 minutes", "120 minutes", False),
    ("just over 90 minutes", "89 minutes", False),
    # at least
    ("at least 40 people", "40 people", True),
    ("at least 40 people", "44 people", True),
    ("at least 40 people", "39 people", False),
    ("at least 40 people", "at least 45 people", True),
    ("at least 40 people", "at least 35 people", False),
    ("at least 40 people", "more than 40 people", True),
    ("at least 41 people", "more than 40 people", True),
    ("at least 42 people", "more than 40 people", False),
    ("no fewer than 40 people", "at least 40 people", True),
    ("40 people or more", "at least 40 people", True),
    ("at least 40 people", "about 40 people", False),
    ("at least 40 people", "up to 40 people", False),
    # at most, under: the mirror
    ("up to 40 people", "40 people", True),
    ("up to 40 people", "at most 35 people", True),
    ("up to 40 people", "up to 45 people", False),
    ("up to 40 people", "fewer than 40 people", True),
    ("up to 40 people", "41 people", False),
    ("no more than 40 minutes", "more than 40 minutes", False),
    ("fewer than 40 people", "39 people", True),
    ("fewer than 40 people", "40 people", False),
    ("fewer than 40 people", "up to 40 people", False),
    ("under two hours", "just under two hours", True),
    ("under two hours", "almost two hours", True),
    ("under two hours", "119 minutes", True),
    ("a little less than two hours", "just under two hours", True),
    ("just under three hours", "just under two hours", False),
    # nearly: from below
    ("nearly 300 people", "290 people", True),
    ("nearly 300 people", "300 people", True),
    ("nearly 300 people", "301 people", False),
    ("nearly 300 people", "260 people", False),
    ("almost two decades", "19 years", True),
    ("almost two decades", "21 years", False),
    ("nearly 90 minutes", "more than 90 minutes", False),
    ("nearly 90 minutes", "just over 90 minutes", False),
    # about: a twentieth; one of small counts, none of smaller ones
    ("about 100 people", "97 people", True),
    ("about 100 people", "104 people", True),
    ("about 90 people", "97 people", False),
    ("about 100 people", "120 people", False),
    ("about two hours", "115 minutes", True),
    ("around 2,500 soldiers", "2,460 soldiers", True),
    ("roughly 40 percent", "41%", True),
    ("about 10 people", "11 people", True),
    ("about 10 people", "12 people", False),
    ("about 71 percent", "70 percent", False),
    ("about 71 percent", "about 70 percent", False),
    ("about 12 people", "14 people", False),
    ("about five people", "six people", False),
    ("about 300 people", "nearly 300 people", True),
    ("about 300 people", "about 290 people", True),
    ("about 300 people", "about 340 people", False),
    ("about 90 minutes", "more than 90 minutes", False),
    ("about 90 minutes", "up to 90 minutes", False),
    ("some 40 people", "40 people or so", True),
    ("about a year", "11 months", False),
    # what is no bound
    ("handed over 175 prisoners", "175 prisoners", True),
    ("175 prisoners", "handed over 175 prisoners", True),
    ("two islands", "a dispute over two islands", True),
    ("three laws", "under three laws", True),
    # other things are not compared
    ("more than 90 minutes", "97 people", False),
    ("more than $5", "€7", False),
    ("more than 90 days", "five months", False),
]


def only(text: str) -> Value:
    (value,) = values_in(text)
    return value


@pytest.mark.parametrize(("said", "written", "borne_out"), TABLE)
def test_a_value_is_borne_out_where_the_source_leaves_no_other_open(said: str, written: str, borne_out: bool) -> None:
    assert bears_out(only(said), only(written)) is borne_out


def test_the_words_of_a_bound_belong_to_the_value() -> None:
    text = "It ran for well over 90 minutes."
    value = only(text)
    assert text[bound_start(value, text) : value.end] == "well over 90 minutes"
    assert bound_start(only("It ran for 90 minutes."), text) == len("It ran for ")


@given(st.sampled_from(list(Bound)), st.sampled_from(list(Bound)), st.integers(0, 400), st.integers(0, 400))
def test_every_bound_bears_itself_out_and_is_transitive_with_numbers(
    first: Bound, second: Bound, one: int, other: int
) -> None:
    said = Value(ValueKind.COUNT, one, "", 0, 1, bound=first)
    written = Value(ValueKind.COUNT, other, "", 0, 1, bound=second)
    assert bears_out(said, said)
    if second is Bound.EXACT and first in (Bound.OVER, Bound.AT_LEAST) and bears_out(said, written):
        assert bears_out(said, Value(ValueKind.COUNT, other + 1, "", 0, 1))
    if second is Bound.EXACT and first in (Bound.UNDER, Bound.AT_MOST) and other and bears_out(said, written):
        assert bears_out(said, Value(ValueKind.COUNT, other - 1, "", 0, 1))


@pytest.mark.parametrize("claim", ["The call ran for over 97 minutes.", "The call ran for 90 minutes."])
def test_a_claim_with_another_bound_is_not_supported_and_the_reason_shows_it(claim: str) -> None:
    article = Article(
        id="call", revision=1, text="The call ran for over 90 minutes.", content_hash="", source="c.txt", file="c.txt"
    )
    finding = Gate().check(claim, [CitedParagraph(split_paragraphs(article)[0], article)])
    assert finding.verdict is not Verdict.SUPPORTED
    assert claim.removeprefix("The call ran for ").removesuffix(".") in finding.reasons[0]
