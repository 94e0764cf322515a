from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.assembling import REFUSAL
from assistant.trace import Trace
from assistant.types import Answer, Outcome, Turn
from eval.cases import load_cases
from index.errors import UsageError
from index.indexing import Indexer
from index.search import Searcher
from index.splitting.sentences import split_sentences
from index.types import Filters, ParagraphKind
from tests.fakes import FakeEmbedder, ScriptedModel

ROOT = Path(__file__).resolve().parents[2]
CASES = load_cases(ROOT / "eval" / "data" / "sample.jsonl")


def assert_quotes_are_exact(assistant: Assistant, answer: Answer) -> None:
    """Each quote is its article's text at that place, each cited paragraph is listed, each claim is a quote."""
    numbers = [source.number for source in answer.sources]
    assert numbers == list(range(1, len(numbers) + 1))
    for claim in answer.claims:
        assert claim.text == claim.citations[0].quote
        assert all(f"[{citation.number}]" in answer.text for citation in claim.citations)
    for citation in answer.citations:
        article = assistant.searcher.library.article(citation.article, citation.revision)
        assert article.text[citation.start : citation.end] == citation.quote
        paragraph = assistant.searcher.library.paragraphs(article)[citation.paragraph - 1]
        assert paragraph.start <= citation.start < citation.end <= paragraph.end
        assert paragraph.kind is not ParagraphKind.FURNITURE
    assert {citation.number for citation in answer.citations} == set(numbers)


def test_every_answer_quotes_byte_for_byte_and_lists_only_what_it_cites(assistant: Assistant) -> None:
    answered = 0
    for case in CASES:
        answer = assistant.ask(case.question, case.history)
        assert_quotes_are_exact(assistant, answer)
        assert bool(answer.claims) is answer.answered
        assert len(answer.claims) <= 3 or answer.form.is_wide
        answered += answer.answered
    assert answered > len(CASES) // 3


def test_fact_is_answered_with_its_paragraph(assistant: Assistant) -> None:
    answer = assistant.ask("For how many days will Russia stop striking energy infrastructure?")
    assert answer.answered
    assert "30 days" in answer.text
    (first, *_) = answer.claims[0].citations
    assert (first.article, first.paragraph, first.file) == ("sample-wire-call", 1, "sample-wire-call.md")
    assert answer.as_of == max(citation.published or "" for citation in answer.citations)


def test_answer_is_quoted_with_the_sentence_that_completes_it(assistant: Assistant) -> None:
    answer = assistant.ask("How many prisoners of war are Russia and Ukraine each to hand over?")
    claim = next(claim for claim in answer.claims if "are each to hand over 175" in claim.text)
    assert claim.text.endswith("That makes 350 people in all.")
    assert len(claim.citations) == 1, "no other source states both sentences"


def test_no_sentence_is_quoted_twice_and_what_others_state_too_stands_alone(assistant: Assistant) -> None:
    widened = 0
    for case in CASES:
        answer = assistant.ask(case.question, case.history, case.filters)
        leads = [claim.citations[0] for claim in answer.claims]
        for place, lead in enumerate(leads):
            assert not any(
                lead.article == other.article and lead.start < other.end and other.start < lead.end
                for other in leads[:place]
            )
        for claim in answer.claims:
            together = len(split_sentences(claim.text)) > 1 and not set('"“').intersection(claim.text)
            widened += together
            assert not (together and len(claim.citations) > 1)
    assert widened > 20


def test_copies_of_one_agency_text_are_one_voice(assistant: Assistant) -> None:
    answer = assistant.ask("For how many days will Russia stop striking energy infrastructure?")
    (citation,) = answer.claims[0].citations
    carriers = {copy.partition("#")[0] for copy in citation.copies}
    assert carriers == {"placeholder-times-wire-call", "sample-courier-wire-call", "specimen-post-wire-call"}


def test_question_outside_the_collection_is_refused_with_what_is_nearest(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the 2022 World Cup?")
    assert not answer.answered
    assert answer.text.startswith(f"{REFUSAL} The words “World Cup” stand in no article.")
    assert not answer.claims
    assert answer.evidence
    assert answer.coverage is not None
    assert (answer.coverage.articles, answer.coverage.last) == (16, "2026-01-31")


def test_follow_up_is_answered_about_the_earlier_topic(assistant: Assistant) -> None:
    history = [Turn("How many generators were delivered to hospitals in Kharkiv?")]
    answer = assistant.ask("How many hospitals received them?", history)
    assert "generators" in answer.standalone_question
    assert any(evidence.article == "specimen-post-generators" for evidence in answer.evidence[:1])


def test_date_filter_keeps_old_articles_out(assistant: Assistant) -> None:
    filters = Filters(since=date(2026, 1, 1))
    answer = assistant.ask("How long is the pause in strikes to last?", filters=filters)
    assert all((evidence.published or "") >= "2026-01-01" for evidence in answer.evidence)
    assert all((source.published or "") >= "2026-01-01" for source in answer.sources)


def test_question_what_one_outlet_reported_is_answered_from_its_articles(assistant: Assistant) -> None:
    asked = "For how many days will Russia stop striking energy infrastructure"
    answer = assistant.ask(f"{asked}, according to the Specimen Post?")
    assert answer.answered
    assert {citation.outlet for citation in answer.citations} == {"Specimen Post"}
    assert {citation.outlet for citation in assistant.ask(f"{asked}?").citations} != {"Specimen Post"}


def test_several_outlets_that_are_asked_are_all_read(assistant: Assistant) -> None:
    trace = Trace()
    question = "How many prisoners are to be freed, according to the Demo Herald and Sample Wire?"
    assistant.ask(question, trace=trace)
    found = next(step.details["passages"] for step in trace.steps if step.name == "search")
    assert {passage["passage"][:11] for passage in found[:2]} == {"demo-herald", "sample-wire"}


def test_filter_that_lets_nothing_pass_is_a_refusal(assistant: Assistant) -> None:
    answer = assistant.ask("How long is the pause?", filters=Filters(outlets=("No Such Paper",)))
    assert not answer.answered
    assert not answer.evidence
    assert answer.coverage is not None
    assert answer.coverage.articles == 0


@pytest.mark.parametrize("question", ["", "  \n"])
def test_empty_question_is_an_error(assistant: Assistant, question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        assistant.ask(question)


@pytest.mark.parametrize("question", ["?", "the of and", "'\"[](){}*:^~!&|\\/", "é" * 5000, "Кто победил?", "🙂"])
def test_odd_questions_are_answered_or_refused(assistant: Assistant, question: str) -> None:
    assert_quotes_are_exact(assistant, assistant.ask(question))


def test_json_form_keeps_the_contract(assistant: Assistant) -> None:
    answer = json.loads(json.dumps(assistant.ask("What does Grushko demand?", answer_id="q7").to_json()))
    assert answer["id"] == "q7"
    expected = {
        *("id", "question", "standalone_question", "answered", "text", "as_of", "writer", "claims", "sources"),
        *("evidence", "disagreements", "timings", "usage", "outcome", "confidence"),
    }
    assert expected <= answer.keys()
    (claim, *_) = answer["claims"]
    assert {"text", "verdict", "reasons", "citations"} <= claim.keys()
    assert claim["verdict"] == "supported"
    assert {
        *("number", "article", "file", "revision", "paragraph", "quote", "start", "end", "title", "outlet", "published")
    } <= claim["citations"][0].keys()
    assert {"article", "file", "paragraph", "text", "score"} <= answer["evidence"][0].keys()


def test_same_question_gives_the_same_answer(assistant: Assistant) -> None:
    first, second = (assistant.ask("How many prisoners will each side free?") for _ in range(2))
    assert (first.text, first.claims, first.confidence) == (second.text, second.claims, second.confidence)


def test_versions_that_differ_are_shown_side_by_side(assistant: Assistant) -> None:
    answer = assistant.ask("How many prisoners of war is each side to release?")
    (difference,) = answer.disagreements
    assert {version.value for version in difference.versions} == {"175", "150"}
    outdated = [version.value for version in difference.versions if version.superseded]
    assert outdated == ["150"]
    assert not any("150" in claim.text for claim in answer.claims), "what is superseded stands only beside the answer"
    assert all(version.citations for version in difference.versions)


def test_where_articles_agree_no_difference_is_shown(assistant: Assistant) -> None:
    assert assistant.ask("Who led the convoy to Kharkiv?").disagreements == ()


@pytest.mark.parametrize(
    ("outcome", "opening"),
    [
        (Outcome.ANSWERS, "Russia will stop striking"),
        (Outcome.MAY_ANSWER, "The articles may not answer"),
        (Outcome.NO_ANSWER, REFUSAL),
    ],
)
def test_outcome_says_how_sure_the_answer_is(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, opening: str
) -> None:
    monkeypatch.setattr("assistant.answering.outcome_of", lambda _: outcome)
    answer = assistant.ask("For how many days will Russia stop striking energy infrastructure?")
    assert answer.outcome is outcome
    assert answer.text.startswith(opening)
    assert answer.answered is bool(answer.claims) is (outcome is not Outcome.NO_ANSWER)


def test_words_that_answer_are_shown_in_the_quote(assistant: Assistant) -> None:
    answer = assistant.ask("For how many days will Russia stop striking energy infrastructure?")
    citation = answer.claims[0].citations[0]
    assert citation.answer is not None
    start, end = citation.answer
    assert citation.start <= start < end <= citation.end
    assert "30 days" in citation.quote[start - citation.start : end - citation.start]


def test_no_text_of_a_question_is_embedded_twice(tmp_path: Path) -> None:
    embedder, library = FakeEmbedder(), tmp_path / "library"
    for outlet, text in (("post", "It opened in May."), ("times", "The hall is older. It opened in May.")):
        (tmp_path / f"{outlet}.md").write_text(f"# Rink\n\nThe rink seats 2,150 people. {text}\n", "utf-8")
    with Indexer(library, embedder) as indexer:
        indexer.add([tmp_path])
    embedder.embedded.clear()
    model = ScriptedModel(lambda _: "The rink seats 2,150 people [1].")
    with Assistant(Searcher.open(library, embedder), model) as opened:
        answer = opened.ask("How many people does the rink seat?")
        assert (answer.writer, len(answer.claims)) == ("composed", 1)
        assert embedder.embedded == [], "the reader needs no vectors"
        assert 0 < len(embedder.questions) == len(set(embedder.questions))
