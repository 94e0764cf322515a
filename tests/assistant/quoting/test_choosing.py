from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence.relating import Relations
from assistant.quoting.choosing import LONGEST_WITH_NEXT, Quoted, choose, quotation_span, sentence_after
from assistant.reader.reader import reader
from index.splitting.paragraphs import split_paragraphs
from index.splitting.sentences import split_sentences
from index.types import Article
from tests.assistant.reading import read
from tests.assistant.reports import candidates_of


def span_text(text: str, sentence_number: int) -> str:
    article = Article("a", 1, text, "", "/a.txt", "a.txt")
    (paragraph,) = split_paragraphs(article)
    sentence = split_sentences(paragraph.text, paragraph.start)[sentence_number]
    start, end = quotation_span(paragraph, sentence)
    return article.text[start:end]


def test_plain_sentence_is_quoted_by_itself() -> None:
    assert span_text("The rink opened. It closed at noon. Nobody came.", 1) == "It closed at noon."


def test_sentence_inside_a_quotation_brings_all_of_it() -> None:
    text = "He spoke. “We waited. The bus came. We left,” she said. It rained."
    assert span_text(text, 2) == "“We waited. The bus came. We left,” she said."


def test_speaker_in_the_middle_keeps_both_halves() -> None:
    text = "“We want guarantees,” Grushko told the paper. “They must be firm.” It rained."
    assert span_text(text, 0) == "“We want guarantees,” Grushko told the paper. “They must be firm.”"


def test_straight_quotation_marks_work_alike() -> None:
    assert span_text('It rained. "We waited. We left," she said.', 1) == '"We waited. We left," she said.'


def test_very_long_quotation_is_not_taken_whole() -> None:
    text = "“" + " ".join(f"Sentence number {number} of the speech goes on and on." for number in range(20)) + "”"
    assert span_text(text, 5) == "Sentence number 5 of the speech goes on and on."


@given(
    st.lists(
        st.sampled_from(["He left.", "“She came.", "It rained,” he said.", '"Yes."', "No, “never.”", "Why?"]),
        min_size=1,
        max_size=8,
    )
)
def test_span_holds_its_sentence_and_whole_sentences_only(parts: list[str]) -> None:
    article = Article("a", 1, " ".join(parts), "", "/a.txt", "a.txt")
    (paragraph,) = split_paragraphs(article)
    sentences = split_sentences(paragraph.text, paragraph.start)
    for sentence in sentences:
        start, end = quotation_span(paragraph, sentence)
        assert start <= sentence.start < sentence.end <= end
        assert start in {other.start for other in sentences}
        assert end in {other.end for other in sentences}


@pytest.mark.parametrize("sentence_number", [0, 1])
def test_span_is_the_same_text_wherever_the_paragraph_stands(sentence_number: int) -> None:
    text = "“It is cold. It will pass,” he said."
    moved = Article("a", 1, f"First line.\n\n{text}", "", "/a.txt", "a.txt")
    paragraph = split_paragraphs(moved)[1]
    sentence = split_sentences(paragraph.text, paragraph.start)[sentence_number]
    start, end = quotation_span(paragraph, sentence)
    assert moved.text[start:end] == span_text(text, sentence_number)


def after(text: str, sentence_number: int) -> str | None:
    article = Article("a", 1, text, "", "/a.txt", "a.txt")
    paragraph = split_paragraphs(article)[0]
    following = sentence_after(paragraph, split_sentences(paragraph.text, paragraph.start)[sentence_number])
    return following.text if following else None


def test_next_sentence_of_the_paragraph_is_quoted_along() -> None:
    text = "The offer was a halt at sea. Fighting on land was left out of it. It rained.\n\nNobody signed it yet."
    assert after(text, 0) == "Fighting on land was left out of it."
    assert after(text, 2) is None, "the next paragraph is another source"


def test_sentence_after_a_quotation_is_the_one_after_all_of_it() -> None:
    assert after("“We waited. The bus came. We left,” she said. It rained.", 0) == "It rained."


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_two_sentences_are_quoted_together_up_to_so_many_words(more: int, *, is_taken: bool) -> None:
    first = "The rink opened on a cold day."
    second = " ".join(["Nobody", *["ever"] * (LONGEST_WITH_NEXT - 9 + more), "came."])
    assert len(f"{first} {second}".split()) == LONGEST_WITH_NEXT + more
    assert after(f"{first} {second}", 0) == (second if is_taken else None)


CLAIM = "The council of Hov will build a new harbour for the ferry in spring."
CONTRARY = "The council of Hov will not build a new harbour for the ferry in spring."


def chosen_from(question: str, *texts: str) -> list[Quoted]:
    reports = [(f"Outlet {number}", f"2024-0{number}-01", "Report", text) for number, text in enumerate(texts, start=1)]
    asked = read(question)
    return choose(asked, candidates_of(asked, reports), Relations(reader()))


def test_same_statement_of_another_outlet_supports() -> None:
    (quoted,) = chosen_from("What will the council of Hov build?", CLAIM, CLAIM.replace("build", "construct"))
    assert len(quoted.supporters) == 1


@pytest.mark.xfail(strict=False, reason="the reader does not see that a part of the statement is left out")
def test_same_statement_that_lacks_what_was_asked_supports_nothing() -> None:
    short = "The council of Hov will build a new harbour."
    quoted = chosen_from("What will the council of Hov build for the ferry?", CLAIM, short)
    assert quoted[0].candidate.sentence.text == CLAIM
    assert quoted[0].supporters == []


def test_contrary_statement_is_shown_however_many_others_answer() -> None:
    others = ("The new harbour of Hov will hold a ferry.", "A harbour for the ferry is to be built at Hov in spring.")
    quoted = chosen_from("Will the council of Hov build a new harbour in spring?", CLAIM, *others, CONTRARY)
    assert quoted[0].candidate.sentence.text == CONTRARY, "the newest leads"
    assert CLAIM in {each.candidate.sentence.text for each in quoted}
    assert all(each.supporters == [] for each in quoted)
