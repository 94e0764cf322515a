"""Where articles tell one thing differently and no numbers show it: a large model points it out, and is not believed.

It names paragraphs and copies words from them. What it says about them is not read: each side is shown as the article
has it, and only if the words stand there, in articles that may be about one event, in sentences that are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from assistant.composing import Shown, harmless, numbered, prompt
from assistant.disagreement import Difference, Side, about_words, are_apart, are_older, by_outlets, witnesses
from assistant.gate.quotations import Found, locate
from assistant.models.chat_model import ChatModel
from assistant.models.types import Message
from assistant.orders import without_orders
from assistant.ranking import Candidate, Question
from assistant.statements import thing_words

KIND = "account"
LIKENESS = 0.35
"""Cosine of the sentences from which they may tell of one thing: as for versions of a number."""
LONGEST_WORDS = 160
"""Characters of a side; more is no point on which articles differ."""
_MAX_TOKENS = 300


class _Version(BaseModel):
    paragraph: int
    words: str = Field(min_length=1, max_length=LONGEST_WORDS)


class _Reported(BaseModel):
    versions: list[_Version]


class _Reply(BaseModel):
    differences: list[_Reported]


@dataclass(frozen=True, slots=True)
class _Told:
    """Words as an article has them, with the sentence that they stand in."""

    words: str
    candidate: Candidate

    @property
    def things(self) -> frozenset[str]:
        """The content words that make the version."""
        return thing_words(self.words)


def differing_accounts(
    model: ChatModel,
    question: Question,
    shown: Sequence[Shown],
    candidates: Sequence[Candidate],
    cancelled: Callable[[], bool] | None = None,
) -> list[Difference]:
    """Ask a model where the shown paragraphs contradict each other, and return what holds of its reply.

    `candidates` are the sentences of those paragraphs. A reply that is none holds nothing. Raises ModelError.
    """
    if len({entry.hit.article.id for entry in shown}) < 2:  # noqa: PLR2004 - one article against another
        return []
    messages = [
        Message("system", prompt("differ")),
        Message("user", f"{numbered(shown)}\n\nQuestion: {harmless(question.text)}"),
    ]
    schema: dict[str, Any] = _Reply.model_json_schema()
    reply = "".join(model.stream(messages, max_tokens=_MAX_TOKENS, schema=schema, cancelled=cancelled))
    try:
        reported = _Reply.model_validate_json(reply).differences
    except ValidationError:
        return []
    found = (_difference(question, each.versions, shown, candidates) for each in reported)
    return [difference for difference in found if difference]


def _difference(
    question: Question, versions: Sequence[_Version], shown: Sequence[Shown], candidates: Sequence[Candidate]
) -> Difference | None:
    told = [each for each in (_told(version, shown, candidates) for version in versions) if each]
    groups: list[list[_Told]] = []
    for each in told:
        same = next((group for group in groups if _say_the_same(group[0], each)), None)
        if same is not None:
            same.append(each)
        elif not groups or _contradict(groups[0][0], each):
            groups.append([each])
    if len(groups) < 2:  # noqa: PLR2004 - a side alone differs from nothing
        return None
    sentences = [[each.candidate for each in group] for group in groups]
    sides = [
        Side(group[0].words, witnesses(stating), older)
        for group, stating, older in zip(groups, sentences, are_older(sentences), strict=True)
    ]
    shared = frozenset.intersection(*(thing_words(group[0].sentence.text) for group in sentences))
    return Difference(KIND, about_words(question, shared, sentences[0][0].sentence.text), tuple(by_outlets(sides)))


def _told(version: _Version, shown: Sequence[Shown], candidates: Sequence[Candidate]) -> _Told | None:
    """Return the words as the article has them; None if they do not stand there, or only in orders to machines."""
    if not 1 <= version.paragraph <= len(shown) or not thing_words(version.words):
        return None
    paragraph = shown[version.paragraph - 1].paragraph
    place = locate(version.words, paragraph.text)
    if place.found is not Found.VERBATIM or len(place.spans) != 1:
        return None
    if locate(version.words, without_orders(paragraph.text)).found is not Found.VERBATIM:
        return None
    ((first, last),) = place.spans
    start, end = paragraph.start + first, paragraph.start + last
    return next(
        (
            _Told(paragraph.text[first:last], candidate)
            for candidate in candidates
            if candidate.paragraph.key == paragraph.key
            and candidate.sentence.start <= start < end <= candidate.sentence.end
        ),
        None,
    )


def _say_the_same(one: _Told, other: _Told) -> bool:
    return one.things <= other.things or other.things <= one.things


def _contradict(one: _Told, other: _Told) -> bool:
    """Whether two different tellings can be of one thing: other articles, near in time, alike sentences."""
    return (
        one.candidate.hit.article.id != other.candidate.hit.article.id
        and not are_apart(one.candidate, other.candidate)
        and float(one.candidate.vector @ other.candidate.vector) >= LIKENESS
    )
