"""Answer without a model: the sentences that answer, word for word, with the paragraphs they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.evidence.ranking import Candidate
from assistant.language.same_statement import are_at_odds, contradict, same_statement, words_said
from assistant.question.expected import answer_values
from assistant.question.kinds import AnswerKind
from assistant.question.question import Question
from assistant.question.wishes import Wish
from index.splitting.sentences import split_sentences
from index.syndication import Signature
from index.types import Paragraph, Passage, Sentence

MAX_CLAIMS = 3
MAX_SUPPORTERS = 3
"""Further sources shown for one claim."""

SECOND_SHARE, SECOND_RATIO = 0.10, 0.30
"""A further sentence needs this share of the probability, and this much of the first one's. On the development cases
.83 of the facts are found then (.80 from a share of .20, .74 with one sentence), and .77 of the cited paragraphs are
gold (.78, .78)."""
VERSION_SHARE = 0.015
"""Enough for another outlet's sentence that gives another number or time for the same thing: readers must see that."""
ABOUT_COSINE, ABOUT_COUNT_COSINE = 0.55, 0.40
"""Likeness of two sentences above which they are about the same thing; the second, where both put a number to the thing
that the question counts."""
LONGEST_QUOTATION = 75
"""Words up to which a sentence out of the middle of a quotation is widened to all of it."""
LONGEST_WITH_NEXT = 60
"""Words up to which a sentence that answers is quoted with the one after it. In news 40 find as much; in an
encyclopaedia, whose sentences are longer, each ten words more find a little more."""


@dataclass(slots=True)
class Quoted:
    """A sentence chosen for the answer, with others that state the same."""

    candidate: Candidate
    supporters: list[Candidate] = field(default_factory=list)
    share: float = 0.0


def choose(question: Question, candidates: Sequence[Candidate]) -> list[Quoted]:
    """Choose one to three sentences that answer, best first; those that repeat a better one become its supporters."""
    groups: list[Quoted] = []
    for candidate in candidates:
        group = next((group for group in groups if _states_the_same(question, group.candidate, candidate)), None)
        if group is None:
            groups.append(Quoted(candidate, share=candidate.share))
            continue
        group.share += candidate.share
        used = {group.candidate.paragraph.article_id, *(other.paragraph.article_id for other in group.supporters)}
        if candidate.paragraph.article_id not in used and len(group.supporters) < MAX_SUPPORTERS:
            group.supporters.append(candidate)
    if not groups:
        return []
    first, *others = groups
    chosen = [first]
    for other in others:
        if len(chosen) < MAX_CLAIMS and (_answers_too(first, other) or _other_version(question, first, other)):
            chosen.append(other)
    left_out = [other for other in others if other not in chosen and _other_version(question, first, other)]
    contrary = [other for other in left_out if contradict(_text(first), _text(other))]
    if contrary:
        chosen[-1] = contrary[0]
    return _newest_first(question, chosen)


def _answers_too(first: Quoted, other: Quoted) -> bool:
    return other.share >= SECOND_SHARE and other.share >= SECOND_RATIO * first.share


def _other_version(question: Question, first: Quoted, other: Quoted) -> bool:
    """Whether another article says something else about what was asked: another value, or the contrary."""
    if first.candidate.hit.article.id == other.candidate.hit.article.id:
        return False
    # The contrary may have few of the question's words: asked whether it was approved, "rejected" has a share of .001.
    if other.share < VERSION_SHARE and not contradict(_text(first), _text(other)):
        return False
    if not _about_the_same(first.candidate, other.candidate):
        return False
    values, others = (_values(question, group.candidate) for group in (first, other))
    if question.kind in (AnswerKind.NUMBER, AnswerKind.DURATION):
        return bool(values and others) and not values & others
    return are_at_odds(_text(first), _text(other))


def _newest_first(question: Question, chosen: list[Quoted]) -> list[Quoted]:
    """Put a newer article's sentence before the first, if they are at odds and the question asks what is or will be."""
    first = chosen[0]
    if Wish.PRESENT not in question.wishes:
        return chosen
    newer = [
        other
        for other in chosen[1:]
        if _published(other) > _published(first) > ""
        and _about_the_same(first.candidate, other.candidate)
        and are_at_odds(_text(first), _text(other))
    ]
    newest = max(newer, key=_published, default=first)
    return [newest, *(other for other in chosen if other is not newest)]


def _text(quoted: Quoted) -> str:
    return quoted.candidate.sentence.text


def _published(quoted: Quoted) -> str:
    return str(quoted.candidate.hit.article.published or "")


def _states_the_same(question: Question, first: Candidate, second: Candidate) -> bool:
    """Whether two sentences make one statement, and the second has what the question asks wherever the first does."""
    if _values(question, first) != _values(question, second):
        return False
    one, other = first.sentence.text, second.sentence.text
    return same_statement(one, other) and words_said(question.text, one) <= words_said(question.text, other)


def _values(question: Question, candidate: Candidate) -> frozenset[str]:
    return answer_values(question, candidate.sentence.text)


def _about_the_same(first: Candidate, second: Candidate) -> bool:
    counted = first.features["counted"] and second.features["counted"]
    return first.likeness(second) >= (ABOUT_COUNT_COSINE if counted else ABOUT_COSINE)


def quotation_span(paragraph: Paragraph, sentence: Sentence) -> tuple[int, int]:
    """Return the article offsets to quote for a sentence: the sentence, widened so that it cuts no quotation in two.

    A quotation that began before the sentence, or goes on after it, is taken whole unless it is very long.
    """
    sentences = split_sentences(paragraph.text, paragraph.start)
    position = next((place for place, other in enumerate(sentences) if other.start == sentence.start), None)
    if position is None:
        return sentence.start, sentence.end
    first = last = position
    while first > 0 and _inside_quotation(paragraph, sentences[first].start):
        first -= 1
    while last < len(sentences) - 1 and (
        _inside_quotation(paragraph, sentences[last].end) or _goes_on_quoting(sentences[last], sentences[last + 1])
    ):
        last += 1
    start, end = sentences[first].start, sentences[last].end
    text = paragraph.text[start - paragraph.start : end - paragraph.start]
    return (start, end) if len(text.split()) <= LONGEST_QUOTATION else (sentence.start, sentence.end)


def sentence_after(paragraph: Paragraph, sentence: Sentence) -> Sentence | None:
    """Return the sentence that is quoted with one that answers: the next of its paragraph, where both are short.

    News says a thing in one sentence and finishes it in the next ("It was left out of the first offer.").
    """
    start, end = quotation_span(paragraph, sentence)
    following = next((other for other in split_sentences(paragraph.text, paragraph.start) if other.start >= end), None)
    if following is None:
        return None
    _, further = quotation_span(paragraph, following)
    words = paragraph.text[start - paragraph.start : further - paragraph.start].split()
    return following if len(words) <= LONGEST_WITH_NEXT else None


def _inside_quotation(paragraph: Paragraph, offset: int) -> bool:
    before = paragraph.text[: offset - paragraph.start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _goes_on_quoting(sentence: Sentence, following: Sentence) -> bool:
    """“…,” she said. “…” — the speaker stands in the middle."""
    quoted = sentence.text[0] in '“"' and sentence.text.rstrip(".")[-1] not in '”"'
    return quoted and following.text[0] in '“"'


def matching_sentence(
    sentence: Sentence, copy: Passage, paragraphs: Sequence[Paragraph]
) -> tuple[Paragraph, Sentence] | None:
    """Return the sentence of a copied passage that carries the same words, with its paragraph; None if it was cut."""
    own = Signature.of(sentence.text)
    for paragraph in paragraphs:
        if copy.first <= paragraph.number <= copy.last:
            for other in split_sentences(paragraph.text, paragraph.start):
                if own.is_copy_of(Signature.of(other.text)):
                    return paragraph, other
    return None
