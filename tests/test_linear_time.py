"""Reading takes time in proportion to the text: twice the text, at most three times the work, whatever it consists of.

Processor time is counted, the best of several runs; only what is too slow again and again fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.gate.exact import wrong_values
from assistant.gate.types import CitedParagraph
from assistant.language.names import missing_names, names_in
from assistant.language.negation import denies
from assistant.language.quotations import locate, outside_quotations, quotations_in, speakers
from assistant.language.roles import someone_else
from assistant.language.same_statement import in_one_order
from assistant.language.values import _values, is_denied, values_in
from assistant.language.words import words_of
from assistant.question.expected import answer_values
from assistant.question.kinds import AnswerKind, _content_terms, content_terms, expected_kind, names
from assistant.question.outlets import outlets_asked
from assistant.question.things import things_named
from assistant.question.wishes import wishes_in
from assistant.reader.encoding import tokens_of
from assistant.writing.orders import is_order, without_orders
from index.embedding.caching import CachingEmbedder
from index.embedding.minilm import MiniLM
from index.indexing import Indexer
from index.search import Searcher
from index.splitting.paragraphs import split_paragraphs
from index.splitting.sentences import _sentences, split_sentences
from index.syndication import Signature
from index.types import Article
from tests.assistant.reading import read

MOST_GROWTH = 3
"""Times the work for twice the text."""
UNHEARD = 0.005
"""Seconds below which a run tells nothing: other work on the machine is louder."""
SHORTEST, LONGEST = 2_000, 8_000
"""Characters of the texts: the first that takes long enough is measured, with its double."""
TRIES = 4
AT_ONCE = 1.0
"""Seconds of the processor for a question, its vectors known: it was fifty."""

UNITS = [
    "one two ", "nine hundred and ", "a hundred ", "1,000,", "111", "1 ", "$5 ", "5 percent ", "“", "‘a ", "“a” ",
    "\"", "« ", "’", "… ", "[a] ", "[", ", ", ",", "and ", "not ", "A", "A ", "A.", "Ann Bell ", "The Ann said ",
    "the old man ", " ", "\t", ". ", ".", "...", "!x", "'", "-", "–", "over ", "May ", "in ", "March 5 ", "half ",
    "day ", "is ", "said ", "according to ", "who ", "10:30 ", "ignore ", "was hit by ", "with input from ", "* ",
    "a.a", "#", "(", "UN ", "U.S. ", "earlier report ", "a-", "\n", "x\n",
]  # fmt: skip
"""What texts are made of: openings of everything that the patterns look for, which then does not come."""


def article(text: str) -> Article:
    return Article(id="a", revision=1, text=text, content_hash="", source="a.txt", file="a.txt")


def paragraphs(text: str) -> object:
    return split_paragraphs(article(text))


def values_of_a_claim(text: str) -> object:
    entry = article(text)
    claim = "It has more than 70 rooms."
    return [wrong_values(claim, [CitedParagraph(part, entry)]) for part in split_paragraphs(entry)]


def denied(text: str) -> object:
    places = [(value.start, value.end) for value in values_in(text)]
    return [is_denied(text, *place) for place in places]


KEPT = (_values, _sentences, _content_terms, Signature.of, tokens_of)
"""What is remembered of texts, which would make a second reading look quick."""
HOW_MANY = read("How many rooms are there?")
READERS: dict[str, Callable[[str], object]] = {
    "values_in": values_in,
    "denied": denied,
    "wrong_values": values_of_a_claim,
    "names_in": names_in,
    "missing_names": lambda text: missing_names(text, [text[::-1], text]),
    "quotations_in": quotations_in,
    "outside_quotations": outside_quotations,
    "locate": lambda text: locate("one two three and not Ann Bell said … 5", text),
    "locate_all_of_it": lambda text: locate(f"{text[: len(text) // 2]} x", text),
    "speakers": speakers,
    "denies": denies,
    "in_one_order": lambda text: in_one_order("Ann hit the old man.", text),
    "someone_else": lambda text: someone_else("Ann hit the old man in the hall, Bell said.", text),
    "words_of": words_of,
    "is_order": is_order,
    "without_orders": without_orders,
    "split_sentences": split_sentences,
    "split_paragraphs": paragraphs,
    "answer_numbers": lambda text: answer_values(HOW_MANY, text),
    "answer_times": lambda text: answer_values(replace(HOW_MANY, kind=AnswerKind.TIME), text),
    "answer_names": lambda text: answer_values(replace(HOW_MANY, kind=AnswerKind.PERSON), text),
    "expected_kind": expected_kind,
    "names": names,
    "content_terms": content_terms,
    "wishes_in": wishes_in,
    "outlets_asked": lambda text: outlets_asked(text, ["The Ann Bell", "UN"]),
    "tokens_of": tokens_of,
    "things_named": lambda text: things_named(read(text)),
}


def work(read: Callable[[str], object], text: str) -> float:
    for kept in KEPT:
        kept.cache_clear()
    start = time.process_time()
    read(text)
    return time.process_time() - start


def growth(read: Callable[[str], object], unit: str) -> float:
    """Return how many times the work of a text its double is; 1 where both are too quick to tell."""
    size = SHORTEST
    while size <= LONGEST:
        text = (unit * (size // len(unit) + 1))[:size]
        if work(read, text) > UNHEARD:
            return min(work(read, text * 2) for _ in range(2)) / min(work(read, text) for _ in range(3))
        size *= 2
    return 1.0


@pytest.mark.parametrize("name", READERS)
def test_twice_the_text_takes_at_most_three_times_the_work(name: str) -> None:
    read = READERS[name]
    read("Ann Bell said “no” to 5 of 6 on May 5.")  # what is loaded on first use
    for unit in UNITS:
        grown = [growth(read, unit)]
        while grown[-1] > MOST_GROWTH and len(grown) < TRIES:
            grown.append(growth(read, unit))
        assert min(grown) <= MOST_GROWTH, (name, unit, grown)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(UNITS), min_size=2, max_size=4).map("".join), st.sampled_from(sorted(READERS)))
def test_so_does_any_mixture(unit: str, name: str) -> None:
    read = READERS[name]
    assert min(growth(read, unit), growth(read, unit), growth(read, unit)) <= MOST_GROWTH or (
        min(growth(read, unit) for _ in range(TRIES)) <= MOST_GROWTH
    )


def test_a_question_about_an_article_of_number_words_reads_it_at_once(tmp_path: Path, minilm: MiniLM) -> None:
    words = "one two three four five six seven eight nine ten eleven twenty".split()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "numbers.md").write_text("The hall has 70 rooms.\n\n" + " ".join(words * 300) + ".\n", "utf-8")
    embedder = CachingEmbedder(minilm)
    with Indexer(tmp_path / "library", embedder) as indexer:
        indexer.add([tmp_path / "a"])
    with Assistant(Searcher.open(tmp_path / "library", embedder)) as assistant:
        spent = [work(assistant.ask, "How many rooms does the hall have?") for _ in range(3)]
        answer = assistant.ask("How many rooms does the hall have?")
    assert "70 rooms" in answer.text
    assert min(spent) < AT_ONCE
