"""Questions that a passage nearly answers."""

from __future__ import annotations

from eval.fitting.reader.examples import ANSWERS, UNLABELLED, Example
from eval.fitting.reader.near_misses import elsewhere, exchanged, without_answer

PASSAGE = (
    "The council of Olden met on Tuesday. It approved 340 houses by the river in 2021. "
    "Ann Lee of Skar had asked for 27 houses in 2019. Nobody spoke against it."
)


def asked(query: str, words: str, passage: str = PASSAGE, header: str = "") -> Example:
    start = passage.index(words)
    return Example(ANSWERS, query, passage, 1, 1.0, header, (start, start + len(words)), source="test", group="g")


def test_sentence_with_the_answer_is_taken_out() -> None:
    (made,) = without_answer([asked("How many houses were approved?", "340 houses")], 9)
    assert (made.label, made.answer, made.group) == (0, None, "g")
    assert "340" not in made.passage
    assert "Nobody spoke against it." in made.passage


def test_answer_that_the_header_has_cannot_be_taken_out() -> None:
    example = asked("How many houses were approved?", "340 houses", header="340 houses approved")
    assert list(without_answer([example], 9)) == []


def test_name_or_year_is_exchanged_for_another_of_the_passage() -> None:
    (made,) = exchanged([asked("What did the council approve in 2021?", "340 houses")], 9)
    assert made.query == "What did the council approve in 2019?"
    assert (made.label, made.answer) == (0, None)
    (named,) = exchanged([asked("How many houses did the council of Olden approve?", "340 houses")], 9)
    assert named.query != "How many houses did the council of Olden approve?"
    assert "340" not in named.query


def test_question_without_anything_to_exchange_is_left_out() -> None:
    assert list(exchanged([asked("who met?", "The council")], 9)) == []


def test_no_more_are_made_than_wanted() -> None:
    examples = [asked("What did the council approve in 2021?", "340 houses")] * 5
    assert len(list(exchanged(examples, 2))) == 2
    assert len(list(without_answer(examples, 3))) == 3


def test_elsewhere_has_no_label_and_another_passage_of_the_same_header() -> None:
    one = asked("What was approved?", "340 houses", header="Olden")
    other = asked("Who spoke?", "Nobody", "Nobody spoke in the hall of Olden.", header="Olden")
    alone = asked("Who met?", "The council", header="Skar")
    made = list(elsewhere([one, other, alone], 6))
    assert len(made) == 6
    passages = {one.query: other.passage, other.query: one.passage}
    for each in made:
        assert (each.label, each.answer, each.wrong) == (UNLABELLED, None, None)
        assert each.passage == passages[each.query]
