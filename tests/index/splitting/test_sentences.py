"""Sentences of news prose, with offsets that are true for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.splitting.sentences import split_sentences

# Pieces that news text is made of, so that the interesting places come together often.
PIECES = st.sampled_from(
    [
        *"Gen. Mr. U.S. Jan. p.m. J. K. Smith said the 5 2.5 10 No. etc. Inc. Why It it's".split(),
        *". ! ? … ... .” “ ” ' ‘ ’ ( ) [1] : ; - • 1. # > 。 ！ 停火 İ ſ 🙂 e\u0301".split(),
        *("Why it matters:", "\u00a0", "\t", "\n"),
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=40).map(" ".join) | st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS, st.integers(0, 1000))
def test_offsets_are_true_for_any_text(text: str, offset: int) -> None:
    for sentence in split_sentences(text, offset):
        assert sentence.text == text[sentence.start - offset : sentence.end - offset]
        assert sentence.text
        assert sentence.text == sentence.text.strip()


@given(TEXTS)
def test_sentences_are_in_order_with_white_space_alone_between_them(text: str) -> None:
    sentences = split_sentences(text)
    for one, following in pairwise(sentences):
        assert one.end <= following.start
        assert not text[one.end : following.start].strip()


@given(TEXTS)
def test_nothing_but_a_marker_or_label_is_lost_in_front_and_nothing_behind(text: str) -> None:
    sentences = split_sentences(text)
    assert bool(sentences) == bool(text.strip())
    if sentences:
        assert text[sentences[-1].end :].strip() == ""
        lost = text[: sentences[0].start].strip()
        assert len(lost) <= 40
        assert not lost or lost.endswith(":") or not any(map(str.isalpha, lost))


@given(TEXTS)
def test_sentence_does_not_depend_on_where_it_stands(text: str) -> None:
    shifted = [(part.text, part.start - 7, part.end - 7) for part in split_sentences(text, 7)]
    assert shifted == [(part.text, part.start, part.end) for part in split_sentences(text)]


ONE = [
    "Gen. Smith said Jan. 5 at 10 a.m. ET.",
    "Mr. Trump met Mrs. May, Dr. Lee and Prof. Wu of St. Gallen.",
    "J. K. Rowling and George W. Bush spoke.",
    "J.R.R. Tolkien wrote it.",
    "The U.S. envoy left for the U.K. border.",
    "The rate rose to 4.5 percent from 3.9 percent.",
    "Version 2.0.1 costs $1.5 million.",
    "He paused ... and then went on.",
    "He waited… and waited.",
    "“Is it over?” he asked.",
    "“Stop!” Gen. Example shouted at the crew.",
    '"Why now?" Mr. Smith asked.',
    "‘Will it hold?’ she wrote on Monday.",
    "Apple Inc. reported a loss.",
    "It was found in No. 10 Downing Street.",
    "The talks with Russia, Iran, etc. were put off.",
    "See Art. 5 of the treaty and Sec. Austin’s reply.",
    "The visit of Feb. 28 ended early.",
    "They met at 5 p.m. in Moscow.",
    "Lt. Col. Ivanov vs. Maj. Petrov",
    "A 30-day halt, i.e. one month, begins.",
    "What is said in “The U.S. View” matters.",
    "停火从周三开始",
    "no full stop at all",
    "“Yahoo!” said on Monday that it would sell.",
]


@pytest.mark.parametrize("text", ONE)
def test_one_sentence_stays_one(text: str) -> None:
    assert [sentence.text for sentence in split_sentences(text)] == [text]


SEVERAL = [
    ["They left the U.S.", "The envoy stayed."],
    ["He came at 5 p.m.", "The talks began at six."],
    ["The price rose in Jan.", "The bank acted."],
    ["He works for Apple Inc.", "He lives nearby."],
    ["It was over by January.", "He left."],
    ["“They would.”", "The call ended."],
    ["“Each week brings 2,500 deaths,” he said on Monday.", "“It must end.”"],
    ["Is it over?", "Nobody knows!", "Wait…", "Then it began."],
    ["“He told me ‘never.’”", "Then he hung up."],
    ["It rose by 4.5.", "That was enough."],
    ["The halt holds.[1]", "So far.[2][3]"],
    ["「停火开始。」", "他说。"],
    ["Перемирие началось.", "Стороны обменялись пленными."],
    ["It lasted 90\u00a0minutes.", "Then\u00a0it ended."],
    ["(It was late.)", "They went home."],
    ["The answer is I.", "Nobody else came."],
    ["It ended in 2024.", "Another began in 2025."],
]


@pytest.mark.parametrize("sentences", SEVERAL, ids=" | ".join)
@pytest.mark.parametrize("gap", [" ", "  ", "\u00a0", "\n"])
def test_several_sentences_are_told_apart(sentences: list[str], gap: str) -> None:
    assert [sentence.text for sentence in split_sentences(gap.join(sentences))] == sentences


def test_chinese_sentences_need_no_space_between_them() -> None:
    sentences = ["停火从周三开始。", "双方将交换175名战俘。", "谁会监督？"]
    assert [sentence.text for sentence in split_sentences("".join(sentences))] == sentences


@pytest.mark.parametrize(
    "label",
    ["Why it matters:", "What they're saying:", "What’s next:", "What's next:", "Driving the news:", "YES, BUT:"],
)
def test_label_of_an_explainer_is_no_part_of_the_sentence(label: str) -> None:
    [sentence] = split_sentences(f"{label} The truce covers energy sites only.")
    assert sentence.text == "The truce covers energy sites only."


@pytest.mark.parametrize("marker", ["-", "*", "•", "–", "1.", "2)", "(3)", ">", "##"])
def test_marker_of_a_list_is_no_part_of_the_sentence(marker: str) -> None:
    first, second = split_sentences(f"{marker} Russia frees 175 prisoners. Ukraine does the same.", offset=100)
    assert first.text == "Russia frees 175 prisoners."
    assert first.start == 100 + len(marker) + 1
    assert second.text == "Ukraine does the same."


def test_marker_and_label_may_come_together() -> None:
    [sentence] = split_sentences("- Why it matters: It ends in March.")
    assert sentence.text == "It ends in March."


def test_label_or_marker_alone_is_kept() -> None:
    assert [sentence.text for sentence in split_sentences("Why it matters: ")] == ["Why it matters:"]
    assert [sentence.text for sentence in split_sentences("- ")] == ["-"]
    assert split_sentences(" \u00a0\n") == []


def test_year_in_front_of_a_sentence_is_no_list_number() -> None:
    [sentence] = split_sentences("2025 brought a truce.")
    assert sentence.text == "2025 brought a truce."
