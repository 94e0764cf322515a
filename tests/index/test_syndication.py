from __future__ import annotations

import pytest

from index.syndication import LONGEST, Signature

LINE = "Judge Ann Roe will lead the inquiry into the ferry fire in Oslo, the government said on Friday."
MORE = "The fire broke out at night. Two of the crew were hurt."


def is_copy(one: str, other: str) -> bool:
    signatures = Signature.of(one), Signature.of(other)
    found = signatures[0].is_copy_of(signatures[1])
    assert signatures[1].is_copy_of(signatures[0]) == found
    return found


@pytest.mark.parametrize(
    "other",
    [
        LINE.replace("will lead", "will not lead"),
        LINE.replace("will lead", "won't lead"),
        LINE.replace("Ann Roe", "Ben Doe"),
        LINE.replace("Oslo", "Bergen"),
        LINE.replace("Friday", "Saturday"),
        LINE.replace("into the", "into the second"),
        LINE.replace("the government", "no government"),
        LINE.replace("into", "after"),
        LINE.replace("will lead", "may lead"),
        LINE.replace("will lead", "leads"),
        LINE.replace("lead", "follow"),
        LINE.replace("lead", "deny to lead"),
    ],
)
def test_text_that_differs_in_what_it_says_is_no_copy(other: str) -> None:
    assert not is_copy(LINE, other)
    assert not is_copy(f"{LINE} {MORE}", f"{other} {MORE}"), "however much else is the same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A court in Ostra found Leon Hart guilty of fraud.", "A court in Ostra found Leon Hart not guilty of fraud."),
        ("House prices rose sharply in January.", "House prices fell sharply in January."),
        ("Skar Shipping agreed to buy Ostra Lines on Friday.", "Ostra Lines agreed to buy Skar Shipping on Friday."),
        ("The quake left three people dead in Ostra.", "The quake left nine people dead in Ostra."),
        ("The police officer hit the driver of the van.", "The driver of the van hit the police officer."),
        ("The minister took money from Kranz.", "The minister denied that she took money from Kranz."),
        ("Shares on the exchange closed higher.", "Shares on the exchange closed lower."),
        ("Both sides began talks in Oslo on Monday.", "Both sides ended talks in Oslo on Monday."),
    ],
)
def test_opposites_exchanged_roles_and_number_words_are_no_copies(one: str, other: str) -> None:
    assert not is_copy(one, other)


@pytest.mark.parametrize(
    "other",
    [
        LINE.upper().replace("ROE", "Roe"),
        LINE.replace("said", "says"),
        LINE.replace("the inquiry", "an inquiry"),
        LINE.replace("lead", "head"),
        f"{LINE} The fire broke out at night.",
        f"The fire broke out at night. {LINE}",
    ],
)
def test_harmless_edits_leave_a_copy(other: str) -> None:
    assert is_copy(LINE, other)


def test_sentences_left_out_in_different_places_leave_a_copy() -> None:
    first, second, third = "The rink opens at noon.", "Skates are lent at the door.", "A band of eight will play."
    assert is_copy(f"{first} {LINE} {third}", f"{LINE} {third}")
    assert is_copy(f"{first} {second} {LINE}", f"{second} {LINE} {third}")
    assert not is_copy(f"{first} {LINE} {third}", f"{second} {LINE} {third}"), "two sentences in one place"


def test_denial_is_not_what_a_copy_may_leave_out() -> None:
    assert not is_copy(f"{LINE} {MORE}", f"{LINE} {MORE} That is not true.")


def test_very_long_sentence_is_a_copy_only_word_for_word() -> None:
    words = " ".join(f"word{number}" for number in range(LONGEST + 1))
    assert is_copy(words, words)
    assert not is_copy(f"The {words}", words)


def test_text_without_content_copies_nothing() -> None:
    assert not is_copy("", "the of")
