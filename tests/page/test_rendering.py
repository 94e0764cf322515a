"""What is rendered, without a browser: nothing that articles, models or readers wrote ever becomes markup."""

from __future__ import annotations

from collections import Counter
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.store import Conversation, Feedback, KeptTurn
from assistant.http.visitors import COOKIE, owner_of, token_in
from assistant.models.choosing import Choice
from assistant.page import answers, collection, frame, reader, sections, upload_progress
from assistant.page.elements import attributes, text
from assistant.page.uploads import pasted_article
from assistant.types import Answer, Citation, Claim, Verdict
from index.errors import UsageError
from index.types import Article, Coverage, Filters, Paragraph, ParagraphKind
from tests.assistant.made_answers import ANSWERS, CLAIMS, COVERAGE, MAYBE

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '" onmouseover="alert(1)',
            "'><img src=x onerror=alert(1)>",
            "${alert(1)}",
            "{{x}}",
        ]
    ),
)
TAGS = set(
    "a article aside blockquote bdi button code details div figcaption figure form h1 h2 h3 h4 header input label li "
    "mark nav ol option p path progress section select span strong summary svg table tbody td textarea th thead tr "
    "ul".split()
)
ATTRIBUTES = set(
    "class id type name value placeholder rows maxlength required enterkeyhint inputmode for role title dir hidden "
    "tabindex href target rel d viewbox max aria-label aria-labelledby aria-current aria-pressed aria-hidden aria-busy "
    "data-event data-turn data-live data-article data-revision data-paragraph data-start data-end data-number "
    "data-quote data-by data-question data-thumb data-format data-to data-view data-conversation data-asked data-claim "
    "data-id data-open aria-current autocomplete scope".split()
)


class Seen(HTMLParser):
    """The tags, attributes and texts of a piece of HTML, and whether each tag that is opened is closed."""

    void = frozenset({"input", "path", "img"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.values: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.values += [value or "" for _, value in attrs]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def checked(html: str) -> Seen:
    seen = Seen(html)
    assert not seen.open
    assert set(seen.tags) <= TAGS
    assert seen.attributes <= ATTRIBUTES
    assert all(link.startswith(("http://", "https://")) for link in seen.links)
    return seen


THOUGHTS = st.builds(Feedback, thumb=st.sampled_from([-1, 0, 1]), note=TEXTS, claim=st.none() | st.integers(0, 2))
FEEDBACK = st.lists(THOUGHTS, max_size=2).map(tuple)
FILTERS = st.builds(Filters, outlets=st.lists(TEXTS, max_size=1).map(tuple), since=st.none() | st.dates())
TURNS = st.builds(
    KeptTurn, number=st.integers(1, 9), question=TEXTS, answer=ANSWERS, asked=TEXTS, feedback=FEEDBACK, filters=FILTERS
)


@given(TURNS, TEXTS)
def test_kept_turn_holds_no_markup_of_others(turn: KeptTurn, changed: str) -> None:
    seen = checked(answers.kept_turn(turn, {source.article: changed for source in turn.answer.sources}))
    assert text(turn.question) == "" or seen.tags["h2"] == 1


@given(TEXTS, ANSWERS, st.lists(CLAIMS, max_size=2).map(tuple))
def test_turn_in_the_making_holds_no_markup_of_others(question: str, quoted: Answer, claims: tuple[Claim, ...]) -> None:
    checked(answers.writing_turn(answers.Writing(question), 1))
    checked(answers.writing_turn(answers.Writing(question, quoted, claims, writes=True), 1))
    checked(answers.failed_turn(question, quoted.text, 1))


ARTICLES = st.builds(
    Article, id=TEXTS, revision=st.integers(1, 9), text=TEXTS, content_hash=TEXTS, source=TEXTS, file=TEXTS,
    title=MAYBE, outlet=MAYBE, author=MAYBE, url=MAYBE | st.sampled_from(["javascript:alert(1)", "https://example.org/a?b=<c>"]),
    published=st.none() | st.dates(),
)  # fmt: skip


@given(ARTICLES, st.integers(-5, 60), st.integers(-5, 60), st.sampled_from(ParagraphKind), TEXTS)
def test_article_holds_no_markup_of_others(
    article: Article, start: int, end: int, kind: ParagraphKind, standing: str
) -> None:
    paragraph = Paragraph(article.id, 1, article.text, 0, len(article.text), kind)
    checked(reader.article_page(reader.OpenedArticle(article, [paragraph], 1, start, end, 1, 2, standing)))
    checked(reader.not_found(standing, standing))
    checked(reader.nothing_open(standing))


@given(st.lists(ARTICLES, max_size=3), TEXTS, TEXTS)
def test_collection_holds_no_markup_of_others(articles: list[Article], message: str, name: str) -> None:
    outlets = [article.outlet for article in articles if article.outlet]
    told = collection.Notice(message, undo=name)
    checked(collection.collection_page(collection.ListedArticles(articles, 9, outlets, removed=articles), told, name))
    outcomes = [upload_progress.UploadOutcome(name, message), upload_progress.UploadOutcome(name, message, failed=True)]
    checked(upload_progress.adding_page(upload_progress.UploadProgress(name, 1, 2, message, 1, 3), outcomes))
    checked(upload_progress.paste_form())


@given(st.none() | COVERAGE, TEXTS, st.lists(TEXTS, max_size=2))
def test_frame_holds_no_markup_of_others(coverage: Coverage | None, name: str, questions: list[str]) -> None:
    conversation = Conversation(name, name, 1, "2025-03-18T10:00:00+00:00", name)
    for writer in (Choice("quoting", name), Choice("endpoint", name)):
        checked(frame.first_visit(coverage, writer, questions))
    checked(frame.masthead(coverage))
    checked(
        frame.conversation_list(
            [conversation],
            name,
            frame.ConversationSearch(name, name),
            frame.DeletedConversation(name, name, was_open=True),
        )
    )
    checked(answers.next_questions(questions, name, 1))
    checked(frame.question_form(questions))


@given(TEXTS)
def test_escaped_text_reads_as_it_was_written(written: str) -> None:
    html = f'<p title="{text(written)}"{attributes(quote=written)}>{text(written)}</p>'
    seen = Seen(html)
    shown = "".join(seen.words)
    assert len(shown) == len(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    assert seen.values == [shown, shown]


@given(st.text(min_size=1, max_size=60), st.data())
def test_highlight_marks_the_quote_and_changes_no_text(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    article = Article("a", 1, f"xx{body}", "", "", "a.txt")
    paragraph = Paragraph("a", 1, body, 2, 2 + len(body), ParagraphKind.BODY)
    opened = reader.OpenedArticle(article, [paragraph], 1, start + 2, end + 2)
    html = reader.article_page(opened)
    assert f"<mark>{text(body[start:end])}</mark>" in html
    assert f"{text(body[:start])}<mark>" in html
    assert f"</mark>{text(body[end:])}" in html


@pytest.mark.parametrize("verdict", Verdict)
def test_claim_wears_its_verdict_as_shape_and_word(verdict: Verdict) -> None:
    citation = Citation(1, "a", "a.txt", 1, 7, "It rained.", 0, 10, outlet="Sample Wire", published="2025-03-18")
    claim = Claim("It rained all day.", verdict, ("number 40 is not in it",), (citation,))
    answer = Answer("i", "q", "q", True, "It rained. [1]", "2025-03-18", "composed", (claim,))
    html = answers.kept_turn(KeptTurn(1, "q", answer, ""), {})
    seen = checked(html)
    words = " ".join(seen.words)
    assert sections.SHAPES[verdict] in words
    assert verdict.value.split("_")[0] in words
    assert "number 40 is not in it" in words
    assert "As of 18 March 2025" in words
    assert 'aria-label="Source 1: Sample Wire · 18 March 2025, paragraph 7"' in html


def test_quotation_is_called_word_for_word_and_not_supported() -> None:
    citation = Citation(1, "a", "a.txt", 1, 7, "It rained.", 0, 10)
    quotation = Claim("It rained.", Verdict.SUPPORTED, ("quoted word for word",), (citation,))
    own = Claim("Rain fell.", Verdict.SUPPORTED, ("stated in the cited paragraph",), (citation,))
    for writer, claims in (("quoting", (quotation,)), ("composed", (own, quotation))):
        answer = Answer("i", "q", "q", True, "It rained. [1]", "2025-03-18", writer, claims)
        html = answers.kept_turn(KeptTurn(1, "q", answer, ""), {})
        words = " ".join(checked(html).words)
        assert words.count("Whether it answers the question has not been checked.") == 1
        assert "</span> word for word</summary>" in html
        assert html.count("</span> supported</summary>") == html.count("✓") == len(claims) - 1
    assert "each sentence checked against its sources; 1 of 2 quoted word for word" in words


def test_empty_collection_says_what_to_do() -> None:
    html = frame.first_visit(None, Choice("quoting", "no chat model is set or installed"), ())
    assert "Add articles" in html
    assert "pullquote add FOLDER" in html
    assert "OPENAI_API_KEY" in html


def test_pasted_text_becomes_an_article_that_the_reader_reads_back() -> None:
    name, content = pasted_article({"title": 'A "b": c\nd', "text": "One.\n\nTwo.", "published": "2025-03-18"})
    assert name == "a-b-c-d.md"
    assert content == '---\ntitle: "A \\"b\\": c d"\npublished: "2025-03-18"\n---\n\nOne.\n\nTwo.\n'


@pytest.mark.parametrize("fields", [{}, {"title": "t"}, {"title": "t", "text": "x", "published": "soon"}])
def test_pasted_text_without_what_is_needed_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        pasted_article(fields)


def test_days_are_written_out() -> None:
    coverage = Coverage(2, ("A",), date(2025, 3, 18).isoformat(), date(2025, 3, 19).isoformat())
    assert "18 March 2025 – 19 March 2025" in frame.masthead(coverage)


@given(st.binary(max_size=60))
def test_foreign_cookie_is_no_token(value: bytes) -> None:
    assert token_in([COOKIE.encode() + b"=" + value]) is None


def test_owners_are_told_apart_and_their_secret_is_not_kept() -> None:
    one, other = "a" * 43, "b" * 43
    assert token_in([f"x=1; {COOKIE}={one}".encode()]) == one
    assert owner_of(None, one) == owner_of(None, one) != owner_of(None, other)
    assert one not in owner_of(None, one)
    assert owner_of("ann", one) == "user:ann"
    assert owner_of(None, None) != owner_of(None, None)
