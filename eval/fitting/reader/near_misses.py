"""Questions that a passage nearly answers, made from ones that it answers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.language.types import ValueKind
from assistant.language.values import values_in
from eval.fitting.reader.examples import Example, by_group
from index.splitting.sentences import split_sentences

_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*")
_QUESTION_WORDS = frozenset(
    "who what when where why which how whose whom in on at the did does do is are was were".split()
)
_SHORT = 2


def without_answer(examples: Sequence[Example], most: int, seed: int = 0) -> Iterator[Example]:
    """Yield questions beside their passage without the sentences that hold the answer's words."""
    chance = random.Random(f"{seed} without answer")
    for example in chance.sample(examples, len(examples)):
        if most <= 0 or not example.answer:
            return
        words = example.passage[slice(*example.answer)].lower()
        sentences = split_sentences(example.passage)
        left = [
            example.passage[each.start : each.end]
            for each in sentences
            if words not in example.passage[each.start : each.end].lower()
        ]
        if len(words) > _SHORT and _SHORT <= len(left) < len(sentences) and words not in example.header.lower():
            most -= 1
            yield replace(
                example, passage=" ".join(left), label=0, answer=None, weight=0.6, source="made: answer taken out"
            )


def exchanged(examples: Sequence[Example], most: int, seed: int = 0) -> Iterator[Example]:
    """Yield questions with a name, a year or a number of theirs exchanged for another of the same passage."""
    chance = random.Random(f"{seed} exchanged")
    for example in chance.sample(examples, len(examples)):
        if most <= 0 or not example.answer:
            return
        answer = example.passage[slice(*example.answer)].lower()
        changed = _other_name(example, answer, chance) or _other_value(example, answer, chance)
        if changed and changed != example.query:
            most -= 1
            yield replace(example, query=changed, label=0, answer=None, weight=0.5, source="made: exchanged")


def elsewhere(examples: Sequence[Example], most: int, seed: int = 0) -> Iterator[Example]:
    """Yield questions and claims beside other passages under the same header, for a teacher to judge."""
    chance = random.Random(f"{seed} elsewhere")
    groups = [each for header, each in _by_header(examples).items() if header]
    while most > 0 and groups:
        group = chance.choice(groups)
        one, other = chance.choice(group), chance.choice(group)
        if one.passage != other.passage:
            most -= 1
            yield replace(one, passage=other.passage, label=-1, answer=None, wrong=None, source="elsewhere")
        elif len(group) == 1:
            groups.remove(group)


def _by_header(examples: Sequence[Example]) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for each in by_group(examples).values():
        for example in each:
            found.setdefault(example.header, []).append(example)
    return {header: group for header, group in found.items() if len({each.passage for each in group}) > 1}


def _other_name(example: Example, answer: str, chance: random.Random) -> str | None:
    inside = [
        match
        for match in _NAME.finditer(example.query)
        if match.start() and match.group().lower() not in _QUESTION_WORDS
    ]
    if not inside:
        return None
    gone = chance.choice(inside)
    words = example.query.lower()
    others: set[str] = {
        name
        for name in _NAME.findall(example.passage)
        if len(name) > _SHORT + 1
        and name.lower() not in words
        and name.lower() not in answer
        and answer not in name.lower()
        and not set(name.lower().split()) & (set(gone.group().lower().split()) | _QUESTION_WORDS)
        and len(name.split()) >= min(2, len(gone.group().split()))
    }
    if not others:
        return None
    return example.query[: gone.start()] + chance.choice(sorted(others)) + example.query[gone.end() :]


def _other_value(example: Example, answer: str, chance: random.Random) -> str | None:
    inside = [value for value in values_in(example.query) if value.kind in (ValueKind.YEAR, ValueKind.COUNT)]
    if not inside:
        return None
    gone = chance.choice(inside)
    others = {
        example.passage[value.start : value.end]
        for value in values_in(example.passage)
        if value.kind is gone.kind and value.amount != gone.amount
    }
    others = {other for other in others if other.lower() not in answer}
    if not others:
        return None
    return example.query[: gone.start] + chance.choice(sorted(others)) + example.query[gone.end :]
