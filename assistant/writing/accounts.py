"""Where articles tell one thing differently and no numbers show it: a large model points it out, and is not believed.

It names paragraphs and copies words from them. What it says about them is not read: each side is shown as the article
has it, and only if the words stand there and mean there what they mean alone, in articles that may be about one event,
in sentences of which one has something to say of the other; and if the model, asked about these two alone, says again
that they contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.differing.differences import Difference, Side, about_words, are_apart, by_outlets, witnesses
from assistant.differing.statements import thing_words
from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.language.negation import denies
from assistant.language.quotations import Found, locate
from assistant.language.types import Value
from assistant.language.values import values_in
from assistant.models.chat_model import ChatModel
from assistant.models.types import Message
from assistant.question.question import Question
from assistant.writing.orders import without_orders
from assistant.writing.prompting import Shown, contradict, harmless, numbered, prompt

KIND = "account"
LONGEST_SIDE = 160
"""Characters of a side; more is no point on which articles differ."""
CONFIRMED_FROM = 0.5
"""Probability of the model's yes from which two sides count as contradicting each other."""
_MAX_TOKENS = 300


class _Version(BaseModel):
    paragraph: int
    words: str


class _Reported(BaseModel):
    versions: list[_Version]


class _Reply(BaseModel):
    differences: list[_Reported]


@dataclass(frozen=True, slots=True)
class _Told:
    """Words as an article has them, with the sentence that they stand in."""

    words: str
    candidate: Candidate

    def says_the_same_as(self, other: _Told) -> bool:
        """Whether the words of one are among those of the other, with the same values, both denied or neither."""
        one, two = thing_words(self.words), thing_words(other.words)
        alike = one <= two or two <= one
        return alike and denies(self.words) == denies(other.words) and _values(self.words) == _values(other.words)

    def may_contradict(self, other: _Told, relations: Relations) -> bool:
        """Whether both can be of one thing: other articles, near in time, the reader finds them about the same."""
        return (
            self.candidate.hit.article.id != other.candidate.hit.article.id
            and not are_apart(self.candidate, other.candidate)
            and relations.about_one_thing(self.candidate, other.candidate)
        )


def differing_accounts(  # noqa: PLR0913, PLR0917 - what a comparison needs
    model: ChatModel,
    question: Question,
    shown: Sequence[Shown],
    candidates: Sequence[Candidate],
    noted: dict[str, Any],
    relations: Relations,
    cancelled: Callable[[], bool] | None = None,
) -> list[Difference]:
    """Ask a model where the shown paragraphs contradict each other, and return what holds of its reply.

    `candidates` are the sentences of those paragraphs; `noted` takes what the model reported. A reply that is none
    holds nothing. Raises ModelError.
    """
    if len({entry.hit.article.id for entry in shown}) < 2:  # noqa: PLR2004 - one article against another
        return []
    messages = [
        Message("system", prompt("differ")),
        Message("user", f"{numbered(shown)}\n\nQuestion: {harmless(question.text)}"),
    ]
    schema = _Reply.model_json_schema()
    reply = "".join(model.stream(messages, max_tokens=_MAX_TOKENS, schema=schema, cancelled=cancelled))
    noted["reported as differing"] = reply
    try:
        reported = _Reply.model_validate_json(reply[reply.find("{") : reply.rfind("}") + 1]).differences
    except ValidationError:
        return []
    found = []
    for each in reported:
        told = [entry for version in each.versions for entry in _told(version, shown, candidates)]
        groups = _confirmed(model, question, _grouped(told, relations))
        if len(groups) > 1:
            found.append(_difference(question, groups, relations))
    return found


def _told(version: _Version, shown: Sequence[Shown], candidates: Sequence[Candidate]) -> Iterator[_Told]:
    """Yield the words as the article has them; nothing if they do not stand there, or mean something else there."""
    words = version.words
    if not 1 <= version.paragraph <= len(shown) or len(words) > LONGEST_SIDE or not thing_words(words):
        return
    paragraph = shown[version.paragraph - 1].paragraph
    place = locate(words, paragraph.text)
    if place.found is not Found.VERBATIM or len(place.spans) != 1:
        return
    if locate(words, without_orders(paragraph.text)).found is not Found.VERBATIM:
        return
    ((first, last),) = place.spans
    start, end = paragraph.start + first, paragraph.start + last
    for candidate in candidates:
        sentence = candidate.sentence
        if candidate.paragraph.key == paragraph.key and sentence.start <= start < end <= sentence.end:
            if denies(sentence.text) == denies(words):  # else the words alone say what the sentence does not
                yield _Told(paragraph.text[first:last], candidate)
            return


def _grouped(told: Sequence[_Told], relations: Relations) -> list[list[_Told]]:
    """Return those that say the same together, the first come first.

    One that cannot contradict each group before it is dropped. If an article is in two groups, there are none.
    """
    groups: list[list[_Told]] = []
    for each in told:
        same = next((group for group in groups if group[0].says_the_same_as(each)), None)
        if same is not None:
            same.append(each)
        elif all(each.may_contradict(other, relations) for group in groups for other in group):
            groups.append([each])
    if any(one.candidate.hit.article.id == other.candidate.hit.article.id
           for first, second in combinations(groups, 2) for one in first for other in second):  # fmt: skip
        return []  # an article that tells both holds them to be different things
    return groups


def _confirmed(model: ChatModel, question: Question, groups: list[list[_Told]]) -> list[list[_Told]]:
    """Return the first group and those of which the model says again that they contradict it."""
    if not groups:
        return []
    first, *others = groups
    return [
        first,
        *(
            other
            for other in others
            if contradict(model, question.text, _stated(first[0]), _stated(other[0])) >= CONFIRMED_FROM
        ),
    ]


def _stated(told: _Told) -> tuple[Shown, str]:
    return Shown(told.candidate.hit, told.candidate.paragraph), told.candidate.sentence.text


def _difference(question: Question, groups: Sequence[Sequence[_Told]], relations: Relations) -> Difference:
    sentences = [[each.candidate for each in group] for group in groups]
    # Which of two accounts is out of date no date tells: a later article may just be wrong.
    sides = [
        Side(group[0].words, witnesses(stating, relations), superseded=False)
        for group, stating in zip(groups, sentences, strict=True)
    ]
    shared = frozenset.intersection(*(thing_words(group[0].sentence.text) for group in sentences))
    return Difference(KIND, about_words(question, shared, sentences[0][0].sentence.text), tuple(by_outlets(sides)))


def _values(text: str) -> list[tuple[object, ...]]:
    def known(value: Value) -> tuple[object, ...]:
        return value.kind.value, value.amount, value.unit, value.year

    return sorted(map(known, values_in(text)), key=str)
