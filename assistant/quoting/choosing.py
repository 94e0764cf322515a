"""Answer without a model: the sentences that answer, word for word, with the paragraphs they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.question.expected import answer_values
from assistant.question.question import Question
from assistant.question.wishes import Wish
from index.splitting.sentences import split_sentences
from index.syndication import Signature
from index.types import Paragraph, Passage, Sentence

MAX_CLAIMS = 3
MAX_SUPPORTERS = 3
"""Further sources shown for one claim."""
COMPARED = 8
"""Candidates that are compared with the one that answers best."""
SECOND_RATIO = 0.30
"""A further sentence needs this much of the first one's share of the probability."""
ANSWERS_ITSELF = 0.5
"""Probability, of the passage and of the sentence, from which a sentence answers by itself."""
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


def choose(question: Question, candidates: Sequence[Candidate], relations: Relations) -> list[Quoted]:
    """Choose one to three sentences that answer, best first; those that bear out a better one become its supporters."""
    if not candidates:
        return []
    first, *rest = candidates
    others = _compared(first, rest)
    groups: list[Quoted] = [Quoted(first, share=first.share)]
    for candidate in others:
        group = next(
            (group for group in groups if _states_the_same(question, group.candidate, candidate, relations)), None
        )
        if group is None:
            groups.append(Quoted(candidate, share=candidate.share))
            continue
        group.share += candidate.share
        used = {group.candidate.paragraph.article_id, *(other.paragraph.article_id for other in group.supporters)}
        if candidate.paragraph.article_id not in used and len(group.supporters) < MAX_SUPPORTERS:
            group.supporters.append(candidate)
    chosen = [groups[0]]
    contrary = [other for other in groups[1:] if _says_the_contrary(groups[0], other, relations)]
    for other in groups[1:]:
        if len(chosen) < MAX_CLAIMS and (other.share >= SECOND_RATIO * first.share or other in contrary):
            chosen.append(other)
    if contrary and not any(other in chosen for other in contrary):
        chosen[-1] = contrary[0]
    return _newest_first(question, chosen, contrary)


def _compared(first: Candidate, rest: Sequence[Candidate]) -> list[Candidate]:
    """Return what may answer as well, and the best sentence of each other article, however unlikely it answers.

    One that says the contrary may have few of the question's words, and readers must see it.
    """
    likely = [each for each in rest if each.share >= SECOND_RATIO * first.share]
    articles = {each.hit.article.id: each for each in reversed(rest) if _is_elsewhere(first, each)}
    known = {each.place for each in likely}
    return [*likely, *(each for each in rest if each in articles.values() and each.place not in known)][:COMPARED]


def _is_elsewhere(one: Candidate, other: Candidate) -> bool:
    return one.hit.article.id != other.hit.article.id


def _says_the_contrary(first: Quoted, other: Quoted, relations: Relations) -> bool:
    return _is_elsewhere(first.candidate, other.candidate) and relations.at_odds(first.candidate, other.candidate)


def _newest_first(question: Question, chosen: list[Quoted], contrary: Sequence[Quoted]) -> list[Quoted]:
    """Put a newer article's sentence before the first, if the question asks what is or will be, and they are at odds.

    They need not be where it asks what is now, and the newer one answers by itself. What it replaces stands behind it.
    """
    first = chosen[0]
    if not question.wishes & {Wish.PRESENT, Wish.CURRENT}:
        return chosen
    now = Wish.CURRENT in question.wishes
    newer = [
        other
        for other in chosen[1:]
        if _published(other) > _published(first) > "" and (other in contrary or (now and _answers(other)))
    ]
    newest = max(newer, key=_published, default=first)
    return [newest, *(other for other in chosen if other is not newest)]


def _answers(quoted: Quoted) -> bool:
    return min(quoted.candidate.answers, quoted.candidate.holds) >= ANSWERS_ITSELF


def _published(quoted: Quoted) -> str:
    return str(quoted.candidate.hit.article.published or "")


def _states_the_same(question: Question, first: Candidate, second: Candidate, relations: Relations) -> bool:
    """Whether the second sentence, of another article, bears out the first, with the same values that are asked for."""
    if not _is_elsewhere(first, second):
        return False
    values, others = (answer_values(question, each.sentence.text) for each in (first, second))
    return values == others and relations.states(first, second)


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
