"""Where articles differ: the values that different articles give for one thing, for the reader to see side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.questions import Kind
from assistant.ranking import Candidate, Question
from assistant.values import MONTHS, WEEKDAYS, Value, ValueKind, resolved_dates, values_in
from assistant.wording import lemma_of, name_key, names_in, words_of
from index.sentences import split_sentences
from index.syndication import Signature

MAX_WITNESSES = 3
"""Sentences kept for one version."""
LEADING = 3
"""One version must stand in a sentence that the answer rests on, or among the first so many candidates."""
LIKENESS = {ValueKind.COUNT: 0.35, ValueKind.DURATION: 0.35}
OTHER_LIKENESS = 0.60
"""Needed for one thing: cosine of the sentences and SHARED_WEIGHT for each content word that they share. Less where the
words around a value say what it measures. Set on the development half of the sample cases (5 of the 5 whose versions
were retrieved are found, 1 of 83 others) and on the invented reports of the tests."""
SHARED_WEIGHT = 0.05
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
NEAR_WORDS, ABOUT_WORDS = 6, 4

_ASKED = {
    Kind.NUMBER: {ValueKind.COUNT, ValueKind.MONEY, ValueKind.PERCENT},
    Kind.DURATION: {ValueKind.DURATION},
    Kind.TIME: {ValueKind.DATE, ValueKind.CLOCK, ValueKind.MONTH, ValueKind.YEAR},
}
_COMPARED = {kind for kinds in _ASKED.values() for kind in kinds}
_MEASURED = {ValueKind.COUNT, ValueKind.MONEY, ValueKind.PERCENT, ValueKind.DURATION}
_ABOUT_FIGURES = re.compile(
    r"\b(?:dis)?agree|\bdiffer|\bcontradict|\bconsistent"
    r"|\b(?:same|that|which) (?:number|figure|amount|length|date|time)",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b", re.IGNORECASE)
_ONLY_NEWEST = re.compile(r"\b(?:latest|newest|current|currently|most recent|corrected|updated)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\bhow (?:many|much)\s+((?:[\w’'-]+\s*){1,5})", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:(?P<more>(?:(?:just|slightly|well|far) )?"
    r"(?:more than|(?<!hand )(?<!hands )(?<!handed )(?<!turn )(?<!turned )over|above|upwards of)"
    r"|at least|no (?:fewer|less) than)"
    r"|(?P<less>(?:(?:just|slightly|well|far) )?(?:less than|fewer than|under|below)"
    r"|almost|nearly|up to|at most|no more than)"
    r"|(?P<about>about|around|roughly|some|approximately|an estimated|close to))\s+$",
    re.IGNORECASE,
)
_SET_ASIDE = re.compile(
    r"\b(?:not|rather than|instead of|from|compared (?:with|to)|wrongly|mistakenly|previously|between)"
    r"\s+(?:\w+\s+){0,2}$"
    r"|\b(?:earlier|previous|initial|wrong)\s+(?:\w+\s+){0,2}?"
    r"(?:report|figure|number|version|account|estimate|count|toll)s?\b[^;.]*$",
    re.IGNORECASE,
)
_SET_ASIDE_BEHIND = re.compile(
    r"[^;.]*?\b(?:should|must|can|is|was|were|are)\s+(?:not|no longer|wrong|incorrect|false|mistaken|outdated)\b"
    r"|\s*(?:to|[-–])\s*[\d$€£¥]|,? (?:reported|given|stated|announced) (?:earlier|previously)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;:]\s|,\s+(?=(?:and|but|while|whereas|which|who|where|in which|with|an?|the)\s)|\s(?=(?:while|but|whereas)\s)"
)
_SOURCE = re.compile(
    r",?\s*\b(?:according to|as reported by)\b[^,;.]*"
    r"|,\s[^,;]{1,80}\b(?:said|says|told|reported|announced|wrote|confirmed)\b[^,;]*$"
)
_LEANING = re.compile(r"\W*(?:it|they|this|that|these|those|both|the|he|she|its|their)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:in|within|after|every|aged?|since) (?:(?:just|about|around|over|under|more than) )?$", re.IGNORECASE
)
_ROLE_BEHIND = re.compile(r"\s+(?:ago|later|earlier|before|old|away)\b", re.IGNORECASE)
_EACH, _ALL = (
    re.compile(r"\b(?:each|per|apiece|every)\b", re.IGNORECASE),
    re.compile(r"\b(?:in all|in total|altogether|combined|overall|a total of)\b", re.IGNORECASE),
)
_WHICH = frozenset("second third fourth last next previous another different separate other new old former".split())
"""Words that tell one thing from another of its sort."""
_FATES = {
    word: number
    for number, group in enumerate(
        ("dead die death kill fatality perish", "injure wounded hurt injury", "missing unaccounted", "arrest detain",
         "rescue save", "evacuate displace flee homeless")
    )
    for word in words_of(group)
}  # fmt: skip
"""What happens to people. Those with different fates are counted apart."""
_PEOPLE = frozenset(words_of("people persons residents victims casualties lives"))
_NO_THING = frozenset(
    words_of(
        "just under over about around least most nearly almost less more "
        "report figure number list other same also well between said make"
    )
)
_PLURALS = frozenset("people men women children police".split())
_VERBS = frozenset(words_of("last run take go continue stand come number"))
_CALENDAR = frozenset(words_of(" ".join((*MONTHS, *WEEKDAYS))))


@dataclass(frozen=True, slots=True)
class Side:
    """One version, before it is cited."""

    value: str
    """The words as they stand in the first candidate's sentence: "more than 90 minutes"."""
    candidates: tuple[Candidate, ...]
    """Sentences that state it, at most MAX_WITNESSES, one an article, different outlets first."""
    superseded: bool
    """Whether a later-dated article gives another value, or another article sets this one aside."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Articles that differ about one thing, before they are cited."""

    kind: str
    """The ValueKind's word: number, percentage, amount, duration, date, time of day ..."""
    about: str
    """Words that the versions share: "prisoners each side"."""
    versions: tuple[Side, ...]
    """The one with the most independent outlets first."""


def find_differences(
    question: Question, candidates: Sequence[Candidate], answering: Sequence[Candidate] | None = None
) -> list[Difference]:
    """Return where different articles give different values for one thing that the question is about.

    `candidates` are the ranked sentences of the retrieved passages, copies folded. `answering` are the sentences that
    the answer rests on: one version of each difference stands in one of them, or in one of the best candidates.
    """
    unique = {_place(candidate): candidate for candidate in (*candidates, *(answering or ()))}
    ordered = sorted(unique.values(), key=lambda candidate: (-candidate.score, _place(candidate)))
    leading = {_place(candidate) for candidate in (*(answering or ()), *ordered[:LEADING])}
    every = [_Statement(candidate, value) for candidate in ordered for value in values_in(candidate.sentence.text)]
    kinds = _asked_kinds(question)
    unmatched = [each for each in every if each.value.kind in kinds and not each.set_aside]
    asked = [each for each in unmatched if _place(each.candidate) in leading and _asked_for(question, each)]
    found = []
    for leader in asked:
        if leader not in unmatched:
            continue
        same = [leader, *(each for each in unmatched if each is not leader and _same_thing(leader, each))]
        unmatched = [each for each in unmatched if each not in same]
        versions = _versions(same, every)
        if _ONLY_NEWEST.search(question.text):
            versions = [version for version in versions if not version.superseded]
        if len(versions) > 1:
            found.append(Difference(leader.value.kind.value, _about(question, same), tuple(versions)))
    return found


class _Statement:
    """A value with what tells what it measures. Words are base forms."""

    def __init__(self, candidate: Candidate, value: Value) -> None:
        text, article = candidate.sentence.text, candidate.hit.article
        self.candidate, self.value = candidate, value
        plain = _SOURCE.sub(lambda match: " " * len(match[0]), text)
        left = max((match.end() for match in _BREAK.finditer(plain[: value.start])), default=0)
        right = min((value.end + match.start() for match in _BREAK.finditer(plain[value.end :])), default=len(plain))
        others = [other for other in values_in(text) if other.kind is value.kind and other != value]
        left = max([left, *(other.end for other in others if other.end <= value.start)])
        right = min([right, *(other.start for other in others if other.start >= value.end)])
        self.before = before = _sentence_before(article.text, candidate.sentence.start)
        leans = bool(_LEANING.match(text))
        hedge = _HEDGE.search(text[: value.start])
        self.hedge = (hedge.lastgroup or "") if hedge else ""
        self.shown = text[hedge.start() if hedge else value.start : value.end]
        self.set_aside = bool(_SET_ASIDE.search(text[: value.start]) or _SET_ASIDE_BEHIND.match(text[value.end :]))
        self.head = _head(plain[value.end : right])
        self.near = _words(f"{plain[left : value.start]} {plain[value.end : right]}")
        if not self.head:
            self.near |= _words(plain[:left]) | (
                _leaned_on(plain[left : value.start], before) if leans else frozenset()
            )
        self.context = _words(f"{plain} {before if leans else ''}")
        self.names = _names(plain)
        around = f"{article.title or ''}. {before} {candidate.paragraph.text}"
        self.around, self.around_words = _names(around), frozenset(re.findall(r"[a-z]+", around.lower()))
        self.fates = frozenset(_FATES[word] for word in self.near if word in _FATES)
        self.each, self.all = bool(_EACH.search(text)), bool(_ALL.search(text))
        self.which = frozenset(re.findall(r"[a-z]+", plain.lower())) & _WHICH
        role = _ROLE_BEHIND.match(text[value.end :]) or _ROLE.search(text[: hedge.start() if hedge else value.start])
        self.role = role[0].strip().lower() if role and value.kind is ValueKind.DURATION else ""


def _asked_kinds(question: Question) -> set[ValueKind]:
    """Return the kinds of value that a question is about."""
    if _ABOUT_FIGURES.search(question.text):
        return _COMPARED
    if question.kind in _ASKED:
        return _ASKED[question.kind]
    if question.kind in (Kind.PERSON, Kind.PLACE, Kind.REASON, Kind.SAYING) or _YES_OR_NO.match(question.text):
        return {value.kind for value in values_in(question.text)} & _MEASURED
    return _COMPARED


def _asked_for(question: Question, statement: _Statement) -> bool:
    """Whether the question is about what a statement measures, as far as words tell."""
    wanted = _words(question.text)
    fates = {_FATES[word] for word in wanted if word in _FATES}
    if fates and statement.fates:
        return bool(fates & statement.fates)
    if question.kind is Kind.NUMBER and statement.value.kind is ValueKind.COUNT:
        counted = _COUNTED.search(question.text)
        wanted = _words(counted[1]) if counted else wanted
        return bool((frozenset([statement.head]) if statement.head else statement.near) & wanted)
    if question.kind in _ASKED and not _ABOUT_FIGURES.search(question.text):
        return True
    return bool((statement.near | {statement.head}) & wanted)


def _same_thing(one: _Statement, other: _Statement) -> bool:
    """Whether two statements give a value to one thing, the same value or not."""
    kind = one.value.kind
    if (kind, one.value.unit, one.role) != (other.value.kind, other.value.unit, other.role):
        return False
    if (one.each and other.all) or (one.all and other.each) or _are_apart(one, other):
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
    if not _measures_the_same(one, other):
        return False
    shared = len(one.context & other.context)
    likeness = float(one.candidate.vector @ other.candidate.vector) + SHARED_WEIGHT * shared
    return likeness >= LIKENESS.get(kind, OTHER_LIKENESS) and shared >= MIN_SHARED


def _measures_the_same(one: _Statement, other: _Statement) -> bool:
    """Whether the words around two values fit: what is counted, what lasts, else some word besides names."""
    if one.value.kind not in LIKENESS:
        return bool((one.near & other.near) - one.around - other.around)
    if one.head and other.head:
        return one.head == other.head or bool(one.fates & other.fates and {one.head, other.head} & _PEOPLE)
    named, bare = (one, other) if one.head else (other, one)
    if one.value.kind is ValueKind.DURATION:
        return not named.head or named.head in bare.context
    return named.head in bare.near if named.head else bool(one.near & other.near)


def _are_apart(one: _Statement, other: _Statement) -> bool:
    """Whether the articles, or the days that the sentences name, are too far apart for one event."""
    days = [_days(one.candidate), _days(other.candidate)]
    return all(days) and min(abs((first - second).days) for first in days[0] for second in days[1]) > MAX_DAYS_APART


def _days(candidate: Candidate) -> set[date]:
    published = candidate.hit.article.published
    named = resolved_dates(candidate.sentence.text, published)
    return named or ({published} if published else set())


def _versions(same: Sequence[_Statement], every: Sequence[_Statement]) -> list[Side]:
    """Return the statements by value, those with the most outlets first; fewer than two when they do not differ."""
    groups: list[list[_Statement]] = []
    for each in same:
        group = next((group for group in groups if any(_compatible(each, other) for other in group)), None)
        groups.append([each]) if group is None else group.append(each)
    # An article that states both values holds them to be about different things.
    stating = [
        {
            each.candidate.hit.article.id
            for each in every
            if not each.set_aside and any(each.value.equals(other.value) for other in group)
        }
        for group in groups
    ]
    rivals = [
        group for group, where in zip(groups, stating, strict=True) if not where & stating[0] or group is groups[0]
    ]
    dates = [max((str(each.candidate.hit.article.published or "") for each in group), default="") for group in rivals]
    versions = []
    for group, newest in zip(rivals, dates, strict=True):
        rejected = any(each.set_aside and each.value.equals(group[0].value) for each in every)
        later = bool(newest) and newest < max(dates)
        versions.append(Side(group[0].shown, _witnesses(group), later or rejected))
    return sorted(versions, key=lambda version: -len({_outlet(candidate) for candidate in version.candidates}))


def _compatible(one: _Statement, other: _Statement) -> bool:
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


def _witnesses(group: Sequence[_Statement]) -> tuple[Candidate, ...]:
    """Return the best sentence of each article, different outlets first; copies of one text are one voice."""
    chosen: list[Candidate] = []
    for candidate in (each.candidate for each in group):
        own = Signature.of(candidate.sentence.text)
        known = candidate.hit.article.id in {other.hit.article.id for other in chosen}
        if not known and not any(own.is_copy_of(Signature.of(other.sentence.text)) for other in chosen):
            chosen.append(candidate)
    first = {_outlet(candidate): candidate for candidate in reversed(chosen)}
    return tuple(sorted(chosen, key=lambda candidate: first[_outlet(candidate)] is not candidate)[:MAX_WITNESSES])


def _head(behind: str) -> str:
    """Return what is counted: of the words behind a number, the first plural, else the last; empty if none is."""
    run: list[str] = []
    for token in re.findall(r"[\w’'-]+|[^\w\s]", behind)[:NEAR_WORDS]:
        if not words_of(token):
            break
        run.append(token.lower())
    plural = next((word for word in run if word in _PLURALS or (word.endswith("s") and lemma_of(word) != word)), "")
    if not plural and (not run or run[0].endswith(("ed", "ing"))):
        return ""
    return next(iter(words_of(plural or run[-1])), "")


def _leaned_on(subject: str, before: str) -> frozenset[str]:
    """Return the words that an opening "it" or "the group" stands for: in the sentence before, those by that noun."""
    tokens = before.split()
    for at, token in enumerate(tokens):
        if _words(token) & _words(subject):
            return _words(" ".join(tokens[at : at + NEAR_WORDS]))
    return frozenset() if _words(subject) - _VERBS else _words(before)


def _sentence_before(text: str, start: int) -> str:
    lines = text[:start].rstrip().rsplit("\n", 1)[-1]
    sentences = split_sentences(lines)
    return sentences[-1].text if sentences else ""


def _words(text: str) -> frozenset[str]:
    """Return the base forms of the content words; no numbers, names of days and months or words for any figure."""
    return frozenset(word for word in words_of(text) if not word[0].isdigit()) - _NO_THING - _CALENDAR


def _names(text: str) -> frozenset[str]:
    return frozenset(name_key(name) for name in names_in(text)) - _CALENDAR


def _about(question: Question, same: Sequence[_Statement]) -> str:
    """Return the words that all statements share, as the first has them; else those that the question shares."""
    asked = _words(question.text)
    shared = frozenset.intersection(*(each.context | each.near for each in same)) or asked
    tokens = re.findall(r"[^\W\d_]+", f"{same[0].before} {same[0].candidate.sentence.text}")
    words = [word for word in {token.lower(): token for token in reversed(tokens)}.values() if _words(word) & shared][
        ::-1
    ]
    chosen = sorted(words, key=lambda word: not _words(word) & asked)[:ABOUT_WORDS]
    return " ".join(word for word in words if word in chosen)


def _outlet(candidate: Candidate) -> str:
    return candidate.hit.article.outlet or candidate.hit.article.id


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.hit.article.id, candidate.sentence.start
