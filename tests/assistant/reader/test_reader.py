"""The reader that comes with the package, on plain examples whose outcome nobody would doubt."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reader.encoding import LONGEST_PASSAGE, tokens_of
from assistant.reader.reader import WEIGHTS, Reader, reader
from assistant.reader.types import AnswerReading, Judgement, Passage
from index.errors import LibraryError
from index.splitting.sentences import split_sentences

FERRY = (
    "The ferry to Olden resumes on Monday after a strike of nine days. "
    "Mayor Ann Lee said that 340 passengers were waiting on the pier. "
    "It rained all day."
)


def passage(text: str, header: str = "") -> Passage:
    return Passage.of(text, split_sentences(text), header=header)


def answers(question: str, text: str) -> AnswerReading:
    (reading,) = reader().answers(question, [passage(text)])
    return reading


def judged(claim: str, text: str) -> Judgement:
    (judgement,) = reader().judges([(claim, passage(text))])
    return judgement


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("When does the ferry to Olden resume?", 0, "Monday"),
        ("Who said that passengers were waiting?", 1, "Ann Lee"),
        ("How many passengers were waiting on the pier?", 1, "340"),
    ],
)
def test_passage_that_answers_is_told_with_its_sentence_and_words(question: str, sentence: int, words: str) -> None:
    reading = answers(question, FERRY)
    assert reading.answers > 0.5
    assert max(range(3), key=lambda place: reading.sentences[place]) == sentence
    start, end = reading.words[sentence]
    assert words in FERRY[start:end]


@pytest.mark.parametrize(
    "question",
    ["Which horse won the race at Ascot?", "How tall is the tower in Paris?", "Why did the bank raise its rates?"],
)
def test_passage_beside_the_point_does_not_answer(question: str) -> None:
    assert answers(question, FERRY).answers < 0.5


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The ferry to Olden resumes on Monday.", "The ferry to Olden resumes on Monday after a strike of nine days."),
        ("The council rejected the plan.", "The council voted against the plan on Friday."),
        ("The mayor opened the new bridge.", "The new bridge was opened by the mayor on Sunday."),
    ],
)
def test_reworded_statement_is_supported(claim: str, text: str) -> None:
    judgement = judged(claim, text)
    assert judgement.supported > max(judgement.contradicted, judgement.neither)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The ferry resumes on Friday.", "The ferry resumes on Monday."),
        ("The river flooded 430 houses.", "The river flooded 340 houses."),
        ("The council approved the plan.", "The council rejected the plan on Friday."),
        ("Nobody was hurt in the fire.", "Twelve people were hurt in the fire."),
    ],
)
def test_statement_to_the_contrary_is_contradicted(claim: str, text: str) -> None:
    judgement = judged(claim, text)
    assert judgement.contradicted > max(judgement.supported, judgement.neither)


def test_statement_about_something_else_is_neither() -> None:
    judgement = judged("The orchestra will play a new symphony next season.", FERRY)
    assert judgement.neither > max(judgement.supported, judgement.contradicted)


def test_judgement_is_a_distribution_and_wrong_words_stand_in_the_claim() -> None:
    claim = "The river flooded 430 houses."
    judgement = judged(claim, "The river flooded 340 houses.")
    assert judgement.supported + judgement.contradicted + judgement.neither == pytest.approx(1, abs=1e-5)
    assert all(0 <= start < end <= len(claim) for start, end in judgement.wrong)
    assert all(first[1] < second[0] for first, second in pairwise(judgement.wrong))


@settings(max_examples=40)
@given(query=st.text(max_size=60), text=st.text(min_size=1, max_size=120))
def test_any_text_is_read(query: str, text: str) -> None:
    read = passage(text)
    (reading,), (judgement,) = reader().answers(query, [read]), reader().judges([(query, read)])
    assert 0 <= reading.answers <= 1
    assert len(reading.sentences) == len(reading.words) == len(read.spans)
    assert all(0 <= start <= end <= len(text) for start, end in reading.words)
    assert min(judgement.supported, judgement.contradicted, judgement.neither) >= 0


def test_nothing_is_read_of_nothing() -> None:
    assert reader().answers("Who?", []) == []
    assert reader().judges([]) == []


LONG = " ".join(f"The lamp in street number {number} was mended by the town in spring." for number in range(40))


def test_long_passage_is_read_in_parts_and_words_stand_where_they_say() -> None:
    text = f"{LONG} The ferry to Olden resumes on Monday. {LONG}"
    assert len(tokens_of(text).ids) > 2 * LONGEST_PASSAGE
    reading = answers("When does the ferry to Olden resume?", text)
    sentences = split_sentences(text)
    assert len(reading.sentences) == len(reading.words) == len(sentences)
    best = max(range(len(sentences)), key=lambda place: reading.sentences[place])
    assert sentences[best].text == "The ferry to Olden resumes on Monday."
    start, end = reading.words[best]
    assert "Monday" in text[start:end]
    assert reading.answers > 0.5
    assert all(
        each.start <= left <= right <= each.end for each, (left, right) in zip(sentences, reading.words, strict=True)
    )


def test_claim_is_judged_by_the_part_that_decides() -> None:
    judgement = judged("The ferry to Olden resumes on Monday.", f"{LONG} The ferry to Olden resumes on Monday. {LONG}")
    assert judgement.neither < 0.5


def test_one_sentence_longer_than_what_is_read_at_once_is_cut() -> None:
    text = " and ".join(["the lamp was mended"] * 200) + "."
    reading = answers("What was mended?", text)
    assert len(reading.sentences) == len(reading.words) == 1


def test_order_and_company_change_nothing() -> None:
    texts = [FERRY, "The mayor opened the new bridge.", LONG[:400], "It rained."]
    question = "Who opened the new bridge?"
    fresh = Reader()
    together = fresh.answers(question, [passage(text) for text in texts])
    alone = [Reader().answers(question, [passage(text)])[0] for text in texts[::-1]][::-1]
    for one, other in zip(together, alone, strict=True):
        assert one.answers == pytest.approx(other.answers, abs=0.02)
        assert one.sentences == pytest.approx(other.sentences, abs=0.02)


class Counting(Reader):
    """The real reader, and how many pairs it put through the network."""

    read = 0

    def _run(self, pair):  # type: ignore[no-untyped-def]
        self.read += 1
        return super()._run(pair)


def test_what_was_read_before_is_not_read_again() -> None:
    counting = Counting()
    first = counting.answers("Who opened it?", [passage(FERRY), passage(FERRY)])
    assert counting.read == 1, "the same passage twice"
    assert counting.answers("Who opened it?", [passage(FERRY)]) == first[:1]
    counting.judges([("Who opened it?", passage(FERRY))])
    assert counting.read == 1, "one pass tells both"
    counting.answers("Who opened it?", [passage(FERRY, header="Ferry")])
    assert counting.read == 2


def test_threads_read_at_once_what_one_reads() -> None:
    shared = Reader()
    texts = [f"The rink seats {number} people." for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: shared.answers("How many does it seat?", [passage(text)])[0], texts))
    assert [text[slice(*each.words[0])] for text, each in zip(texts, found, strict=True)] == [
        text[slice(*shared.answers("How many does it seat?", [passage(text)])[0].words[0])] for text in texts
    ]
    assert all(str(number) in texts[number][slice(*found[number].words[0])] for number in range(24))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with the calibration, and nothing that it belongs to."""
    shutil.copy(WEIGHTS / "calibration.json", tmp_path)
    return tmp_path


@pytest.mark.parametrize("content", [None, b"", b"another network"])
def test_other_weights_are_refused_with_the_way_to_repair_them(weights: Path, content: bytes | None) -> None:
    if content is not None:
        (weights / "reader.onnx").write_bytes(content)
    broken = Reader(weights)
    with pytest.raises(LibraryError, match=r"reader\.onnx is not the reader .* Repair: pip install --force-reinstall"):
        broken.warm()


def test_thresholds_are_in_order() -> None:
    fitted = reader().calibrated
    assert 0 < fitted.may_answer_from < fitted.answers_from < 1
    assert 0 < fitted.unclear_from < fitted.stated_from < 1
    assert all(0 < each < 1 for each in (fitted.contradicted_from, fitted.same_from, fitted.apart_from))
