"""Where articles differ: the values that different articles give for one thing, for the reader to see side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.differing.statements import Statement, fates_in, statement_of, thing_words
from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.language.times import resolved_dates
from assistant.language.types import Value, ValueKind
from assistant.language.values import values_in
from assistant.question.kinds import AnswerKind
from assistant.question.question import Question
from assistant.question.wishes import Wish
from index.syndication import Signature

MAX_WITNESSES = 3
"""Sentences kept for one version."""
LEADING = 3
"""One version must stand in a sentence that the answer rests on, or among the first so many candidates."""
_NAMED_THING = {ValueKind.COUNT, ValueKind.DURATION}
"""Kinds where the words around a value say what it measures."""
MIN_SHARED = 2
"""Content words that two statements about one thing share, those of the sentence before included if they lean on it."""
MAX_DAYS_APART = 60
"""Articles further apart are about different events: a rule of thumb, the sample's lie up to 3 or over 300 apart."""
LOOSELY, BOUND_REACH = 0.05, 0.10
"""How far, relative to it, "about 2,500" and "more than 2,400" reach."""
ROUNDED_FROM = 1_000
"""Counts below are given to the unit: 100 dead are not 101."""
MAX_RATIO = 5
"""Values further apart hardly measure one thing: 5 keeps a toll that grows from 12 to 50, not hours against weeks."""
MONTH_SECONDS = 30.4 * 86_400
"""Of an average month, to compare "about a month" with "30 days"."""
ABOUT_WORDS = 4
"""Words that say what a difference is about."""

ASKED = {
    AnswerKind.NUMBER: {ValueKind.COUNT, ValueKind.MONEY, ValueKind.PERCENT},
    AnswerKind.DURATION: {ValueKind.DURATION},
    AnswerKind.TIME: {ValueKind.DATE, ValueKind.CLOCK, ValueKind.MONTH, ValueKind.YEAR},
}
_COMPARED = {kind for kinds in ASKED.values() for kind in kinds}
_MEASURED = {ValueKind.COUNT, ValueKind.MONEY, ValueKind.PERCENT, ValueKind.DURATION}
_SHARERS = frozenset("each every all both".split())
"""Words that a statement shares with another and that name nothing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One version, before it is cited."""

    value: str
    """The words as they stand in the first candidate's sentence: "more than 90 minutes"."""
    candidates: tuple[Candidate, ...]
    """Sentences that state it, at most MAX_WITNESSES, one an article, different outlets first."""
    superseded: bool
    """Whether a later-dated article gives another value, or an article says that this one is wrong."""
    denied_by: frozenset[str] = frozenset()
    """Ids of the articles that say so: "175, not 150"."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Articles that differ about one thing, before they are cited."""

    kind: str
    """The ValueKind's word (number, percentage, amount, duration, date, time of day ...), or account."""
    about: str
    """Words that the versions share: "prisoners each side"."""
    versions: tuple[Side, ...]
    """The one with the most independent outlets first, what is superseded last."""

    def repeats(self, other: Difference) -> bool:
        """Whether each version rests on a sentence that another difference shows, too."""
        known = {candidate.place for version in other.versions for candidate in version.candidates}
        return all(known & {candidate.place for candidate in version.candidates} for version in self.versions)


def find_differences(
    question: Question, candidates: Sequence[Candidate], relations: Relations,
    answering: Sequence[Candidate] | None = None,
) -> list[Difference]:  # fmt: skip
    """Return where different articles give different values for one thing that the question is about.

    `candidates` are the ranked sentences of the retrieved passages, copies folded. `answering` are the sentences that
    the answer rests on: one version of each difference stands in one of them, or in one of the best candidates.
    """
    unique = {candidate.place: candidate for candidate in (*candidates, *(answering or ()))}
    ordered = sorted(unique.values(), key=lambda candidate: (-candidate.share, candidate.place))
    leading = {candidate.place for candidate in (*(answering or ()), *ordered[:LEADING])}
    every = [statement_of(candidate, value) for candidate in ordered for value in values_in(candidate.sentence.text)]
    kinds = _asked_kinds(question)
    unmatched = [each for each in every if each.value.kind in kinds and not each.denied]
    asked = [each for each in unmatched if each.candidate.place in leading and _asked_for(question, each)]
    found = []
    for leader in asked:
        if leader not in unmatched:
            continue
        others = [each for each in unmatched if each is not leader]
        same = [
            leader,
            *(each for each in others if _same_thing(leader, each, relations) or _corrected(leader, each, every)),
        ]
        unmatched = [each for each in unmatched if each not in same]
        versions = _versions(same, every, relations)
        if len(versions) > 1:
            shared = frozenset.intersection(*(each.context | each.near for each in same))
            about = about_words(question, shared, f"{same[0].before} {same[0].candidate.sentence.text}")
            found.append(Difference(leader.value.kind.value, about, tuple(versions)))
    return found


def to_show(question: Question, differences: Sequence[Difference]) -> list[Difference]:
    """Return the differences that a reader is shown: asked for the latest figure, those without what is superseded."""
    if Wish.NEWEST not in question.wishes:
        return list(differences)
    standing = [
        replace(difference, versions=tuple(version for version in difference.versions if not version.superseded))
        for difference in differences
    ]
    return [difference for difference in standing if len(difference.versions) > 1]


def _asked_kinds(question: Question) -> set[ValueKind]:
    """Return the kinds of value that a question is about."""
    if Wish.DIFFERENCES in question.wishes:
        return _COMPARED
    if question.kind in ASKED:
        return ASKED[question.kind]
    if (
        question.kind in (AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.REASON, AnswerKind.SAYING)
        or Wish.YES_OR_NO in question.wishes
    ):
        return {value.kind for value in question.values} & _MEASURED
    return _COMPARED


def _asked_for(question: Question, statement: Statement) -> bool:
    """Whether the question is about what a statement measures, as far as words tell, or gives its value itself."""
    if any(statement.value.equals(value) for value in question.values):
        return True
    wanted = thing_words(question.text)
    fates = fates_in(wanted)
    if fates and statement.fates:
        return bool(fates & statement.fates)
    if question.kind is AnswerKind.NUMBER and statement.value.kind is ValueKind.COUNT:
        wanted = thing_words(question.counted) if question.counted else wanted
        return bool((frozenset([statement.head]) if statement.head else statement.near) & wanted)
    if question.kind in ASKED and Wish.DIFFERENCES not in question.wishes:
        return True
    return bool((statement.near | {statement.head}) & wanted)


def _same_thing(one: Statement, other: Statement, relations: Relations) -> bool:
    """Whether two statements give a value to one thing, the same value or not."""
    kind = one.value.kind
    if kind is not other.value.kind or not one.value.measures_like(other.value):
        return False
    if (one.each and other.all) or (one.all and other.each) or are_apart(one.candidate, other.candidate):
        return False
    if one.which - other.around_words or other.which - one.around_words:
        return False
    if one.fates and other.fates and not one.fates & other.fates:
        return False
    if (one.names and other.names and not one.names & other.names) or (
        one.around and other.around and not one.around & other.around
    ):
        return False
    small, large = sorted((_size(one.value), _size(other.value)))
    if kind in _MEASURED and large > MAX_RATIO * small:
        return False
    if not _measures_the_same(one, other) or len(one.context & other.context) < MIN_SHARED:
        return False
    # That the same is counted the words tell; of other values the reader has to.
    counts_one_sort = kind is ValueKind.COUNT and one.head != "" and one.head == other.head
    return counts_one_sort or relations.about_one_thing(one.candidate, other.candidate)


def _corrected(one: Statement, other: Statement, every: Sequence[Statement]) -> bool:
    """Whether the sentence of one statement sets aside the value of the other: "it is 175, not 150"."""
    return (
        one.value.kind is other.value.kind
        and one.value.measures_like(other.value)
        and any(
            each.denied and each.value.equals(other.value) and each.candidate.place == one.candidate.place
            for each in every
        )
        and bool(one.context & other.context)
        and not are_apart(one.candidate, other.candidate)
    )


def _measures_the_same(one: Statement, other: Statement) -> bool:
    """Whether the words around two values fit: what is counted, what lasts, else some word besides names."""
    if one.value.kind not in _NAMED_THING:
        return bool((one.near & other.near) - one.around - other.around)
    if one.head and other.head:
        return one.head == other.head or bool(one.fates & other.fates and (one.counts_people or other.counts_people))
    named, bare = (one, other) if one.head else (other, one)
    if one.value.kind is ValueKind.DURATION:
        return not named.head or named.head in bare.context
    return named.head in bare.near if named.head else bool(one.near & other.near)


def are_apart(one: Candidate, other: Candidate) -> bool:
    """Whether the articles, or the days that the sentences name, are too far apart for one event."""
    days = [_days(one), _days(other)]
    return all(days) and min(abs((first - second).days) for first in days[0] for second in days[1]) > MAX_DAYS_APART


def _days(candidate: Candidate) -> set[date]:
    published = candidate.hit.article.published
    named = resolved_dates(candidate.sentence.text, published)
    return named or ({published} if published else set())


def _versions(same: Sequence[Statement], every: Sequence[Statement], relations: Relations) -> list[Side]:
    """Return the statements by value, those with the most outlets first; fewer than two when they do not differ."""
    groups: list[list[Statement]] = []
    for each in same:
        group = next((group for group in groups if any(_compatible(each, other) for other in group)), None)
        groups.append([each]) if group is None else group.append(each)
    # An article that states both values holds them to be about different things.
    stating = [
        {
            each.candidate.hit.article.id
            for each in every
            if not each.denied and any(each.value.equals(other.value) for other in group)
        }
        for group in groups
    ]
    rivals = [
        group for group, where in zip(groups, stating, strict=True) if not where & stating[0] or group is groups[0]
    ]
    denied = [_denied_by(group, every) for group in rivals]
    dates = [max(_published(each) for each in group) for group in rivals]
    # What is denied outdates nothing, however late it is repeated.
    newest = max((day for day, by in zip(dates, denied, strict=True) if not by), default="")
    return by_outlets(
        [
            Side(
                group[0].shown,
                witnesses([each.candidate for each in group], relations),
                bool(by) or "" < day < newest,
                by,
            )
            for group, day, by in zip(rivals, dates, denied, strict=True)
        ]
    )


def _denied_by(group: Sequence[Statement], every: Sequence[Statement]) -> frozenset[str]:
    """Return the articles, none older than those of a version, that say that its value is wrong for its thing."""
    things = {each.head for each in group}.union(*(each.near for each in group))
    oldest = min(_published(each) for each in group)
    return frozenset(
        each.candidate.hit.article.id
        for each in every
        if each.denied
        and each.value.equals(group[0].value)
        and (not each.head or each.head in things)
        and _published(each) >= oldest
    )


def _published(statement: Statement) -> str:
    return str(statement.candidate.hit.article.published or "")


def by_outlets(versions: Sequence[Side]) -> list[Side]:
    """Return versions, the one with the most independent outlets first, and what is superseded last."""
    return sorted(
        versions,
        key=lambda version: (version.superseded, -len({_outlet(candidate) for candidate in version.candidates})),
    )


def _compatible(one: Statement, other: Statement) -> bool:
    """Whether two values may both be right: equal, rounded, or just beyond a bound."""
    first, second = one.value, other.value
    if first.equals(second) or first.kind not in _MEASURED:
        return first.equals(second)
    (low, low_hedge), (high, high_hedge) = sorted(((_size(first), one.hedge), (_size(second), other.hedge)))
    gap = (high - low) / high if high else 0.0
    loose = "about" in (low_hedge, high_hedge) or (first.amount < 0) != (second.amount < 0)
    if gap <= LOOSELY and (loose or _rounds(low, high)):
        return True
    return gap <= BOUND_REACH and (low_hedge == "more" or high_hedge == "less")


def _rounds(low: float, high: float) -> bool:
    """Whether one of two large or broken numbers is the other with fewer digits."""
    coarse, fine = sorted((low, high), key=lambda number: len(f"{number:.12g}".replace(".", "").strip("0")))
    digits = len(f"{coarse:.12g}".replace(".", "").strip("0"))
    return (fine >= ROUNDED_FROM or fine % 1 > 0) and float(f"{fine:.{max(digits, 1)}g}") == coarse


def _size(value: Value) -> float:
    """Return the amount; of months in seconds, like shorter durations."""
    return value.amount if value.amount >= 0 else -value.amount * MONTH_SECONDS


def witnesses(stating: Sequence[Candidate], relations: Relations) -> tuple[Candidate, ...]:
    """Return the best sentence of each article, different outlets first; copies of one text are one voice.

    One that contradicts the first is no witness of the same.
    """
    chosen: list[Candidate] = []
    for candidate in stating:
        if chosen and relations.at_odds(chosen[0], candidate):
            continue
        own = Signature.of(candidate.sentence.text)
        known = candidate.hit.article.id in {other.hit.article.id for other in chosen}
        if not known and not any(own.is_copy_of(Signature.of(other.sentence.text)) for other in chosen):
            chosen.append(candidate)
    first = {_outlet(candidate): candidate for candidate in reversed(chosen)}
    return tuple(sorted(chosen, key=lambda candidate: first[_outlet(candidate)] is not candidate)[:MAX_WITNESSES])


def about_words(question: Question, shared: frozenset[str], text: str) -> str:
    """Return the words that all versions share, as they stand in the text of the first; else those of the question."""
    asked = thing_words(question.text)
    words = _things(text, shared or asked) or _things(question.text, asked)
    chosen = sorted(words, key=lambda word: not thing_words(word) & asked)[:ABOUT_WORDS]
    return " ".join(word for word in words if word in chosen)


def _things(text: str, wanted: frozenset[str]) -> list[str]:
    """Return the words of a text that name one of the wanted things, each once."""
    first = {token.lower(): token for token in reversed(re.findall(r"[^\W\d_]+", text))}
    return [word for word in reversed(first.values()) if thing_words(word) & wanted and word.lower() not in _SHARERS]


def _outlet(candidate: Candidate) -> str:
    return candidate.hit.article.outlet or candidate.hit.article.id
