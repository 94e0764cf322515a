"""Sentences that may tell a story, with what speaks for each: where it stands, how near it is to the topic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.evidence.ranking import Candidate
from assistant.evidence.scope import Scope, Scoped
from assistant.question.kinds import content_terms
from assistant.summarising.event_days import event_day
from index.library.library import Library
from index.splitting.sentences import split_sentences
from index.types import Article, Hit, Paragraph, ParagraphKind, Passage, Sentence

LEADING_PARAGRAPHS = 4
"""Paragraphs from which each article is heard: news says first what matters most."""
FURTHER_PARAGRAPHS = 10
"""Paragraphs of an article besides its first ones that are read because the search found them."""
LEAST_WORDS, MOST_WORDS = 6, 70
LEAST_COVERED, FEWEST = 0.2, 4
"""So much of the topic must stand near a sentence; if so many sentences are left."""
_BEFORE = 2
"""Paragraphs before a sentence's own whose topic it may go on with."""
_FADES = 0.35
"""How fast a sentence loses weight with each paragraph before it."""
_LEANS = frozenset(
    "he she it they this that these those his her its their him them such there also but however meanwhile then "
    "still instead and or so yet both another".split()
)
"""First words of a sentence that leans on the one before it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an article in the scope of a question."""

    sentence: Sentence
    paragraph: Paragraph
    hit: Hit
    """A passage that holds it."""
    terms: frozenset[str]
    """Its content terms."""
    relevance: float
    """That of its article, 0 to 1."""
    lead: float
    """1 for the first sentence of an article, less and less below."""
    covered: float
    """Share of the topic, 0 to 1, that stands near it: in the title, its paragraph or the two before."""
    leans: bool
    """Whether it can hardly be understood without the sentence before it."""
    salience: float = 0.0
    """How much speaks for quoting it, as `salience.weighed` found; compares within one question."""
    answers: float = 0.0
    """Probability, 0 to 1, that it holds an answer to the question, as the reader finds."""

    @property
    def article(self) -> Article:
        """The article that it stands in."""
        return self.hit.article

    @property
    def text(self) -> str:
        """The sentence."""
        return self.sentence.text

    @property
    def day(self) -> date | None:
        """The day that it names, else that of its article."""
        return event_day(self.text, self.article.published) or self.article.published

    @property
    def candidate(self) -> Candidate:
        """The same as what the reader compares and sources cite; nothing was asked of it."""
        nothing = (self.sentence.start, self.sentence.start)
        return Candidate(self.sentence, self.paragraph, self.hit, 0.0, 0.0, 0.0, 0, nothing)


def statements_in(library: Library, scope: Scope, articles: Iterable[Scoped]) -> list[Statement]:
    """Return the sentences of some articles that may tell the story, article by article, in their order."""
    return [statement for scoped in articles for statement in _of_article(library, scope, scoped)]


def folded(statements: Sequence[Statement]) -> list[Statement]:
    """Fold sentences that several articles carry in the same words: the earliest stands for all, with the copies."""
    first: dict[tuple[str, ...], Statement] = {}
    copies: dict[tuple[str, ...], list[Passage]] = {}
    for each in sorted(statements, key=lambda one: (one.article.published or date.max, one.article.id)):
        words = tuple(content_terms(each.text))
        if words in first and first[words].article.id != each.article.id:
            copies.setdefault(words, []).append(each.hit.passage)
        first.setdefault(words, each)
    kept = {(each.article.id, each.sentence.start): words for words, each in first.items()}
    found = []
    for each in statements:
        place = (each.article.id, each.sentence.start)
        if place in kept:
            known = {copy.id for copy in each.hit.copies}
            more = tuple(copy for copy in copies.get(kept[place], ()) if copy.id not in known)
            found.append(replace(each, hit=replace(each.hit, copies=(*each.hit.copies, *more))) if more else each)
    return found


def on_topic(scope: Scope, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements that stand near a word of the topic, by what is rare; all of them where few do."""
    near = [each for each in statements if each.covered >= LEAST_COVERED]
    return near if scope.topic and len(near) >= FEWEST else list(statements)


def _of_article(library: Library, scope: Scope, scoped: Scoped) -> Iterator[Statement]:
    paragraphs = library.paragraphs(scoped.article)
    told = [each for each in paragraphs if each.kind not in {ParagraphKind.FURNITURE, ParagraphKind.HEADING}]
    telling = [each for each in told if any(_tells(sentence.text) for sentence in _sentences(each))]
    wanted = {each.number for each in telling[:LEADING_PARAGRAPHS]}
    found = [number for hit in scoped.hits for number in range(hit.passage.first, hit.passage.last + 1)]
    wanted |= set(list(dict.fromkeys(number for number in found if number not in wanted))[:FURTHER_PARAGRAPHS])
    passages = library.passages(scoped.article) if wanted - set(found) else []
    for place, paragraph in enumerate(told):
        if paragraph.number not in wanted:
            continue
        for order, sentence in enumerate(_sentences(paragraph)):
            if not _tells(sentence.text):
                continue
            hit = _holding(scoped, passages, paragraph, sentence)
            if hit is None:
                continue
            terms = frozenset(content_terms(sentence.text))
            around = [scoped.article.title or "", *(each.text for each in told[max(0, place - _BEFORE) : place + 1])]
            lead = math.exp(-_FADES * (place + order / 2))
            leans = order > 0 and sentence.text.split()[0].strip("“\"'‘").lower() in _LEANS
            yield Statement(
                sentence, paragraph, hit, terms, scoped.relevance, lead,
                scope.covered(frozenset(content_terms(" ".join(around)))), leans,
            )  # fmt: skip


def _sentences(paragraph: Paragraph) -> list[Sentence]:
    return split_sentences(paragraph.text, paragraph.start)


def _tells(sentence: str) -> bool:
    """Whether a sentence says something by itself: a question, a line of a table or a heading does not."""
    words = sentence.split()
    return LEAST_WORDS <= len(words) <= MOST_WORDS and sentence.rstrip("”\"’') ")[-1:] in ".!"


def _holding(scoped: Scoped, passages: Sequence[Passage], paragraph: Paragraph, sentence: Sentence) -> Hit | None:
    """Return the hit that holds a sentence, else a passage of the article that does."""
    for hit in scoped.hits:
        if hit.article.id == scoped.article.id and _holds(hit.passage, paragraph, sentence):
            return hit
    for passage in passages:
        if _holds(passage, paragraph, sentence):
            return Hit(passage, scoped.article, 0.0)
    return None


def _holds(passage: Passage, paragraph: Paragraph, sentence: Sentence) -> bool:
    inside = passage.first <= paragraph.number <= passage.last
    return inside and passage.start <= sentence.start and sentence.end <= passage.end
