"""What sentences state: each value in a ranked sentence, with the words that tell what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.evidence.ranking import Candidate
from assistant.language.bounds import bound_start
from assistant.language.names import name_key, names_in
from assistant.language.times import MONTHS, WEEKDAYS
from assistant.language.types import Bound, Value
from assistant.language.values import is_denied, values_in
from assistant.language.words import lemma_of, words_of
from index.splitting.sentences import split_sentences

_KEPT = 256
"""Texts whose words are kept: what is read of a sentence and its paragraph is the same for each of its values."""
_NEAR_WORDS = 6
"""Words behind a number, or behind a noun that "it" stands for, that may tell what is meant: a rule of thumb."""
_HEDGES = {
    Bound.OVER: "more", Bound.AT_LEAST: "more", Bound.JUST_OVER: "more", Bound.UNDER: "less", Bound.AT_MOST: "less",
    Bound.JUST_UNDER: "less", Bound.ABOUT: "about",
}  # fmt: skip
_BREAK = re.compile(
    r"[;:]\s|,\s+(?=(?:and|but|while|whereas|which|who|where|in which|with|an?|the)\s)|\s(?=(?:while|but|whereas)\s)"
)
_SOURCE = re.compile(
    r",?\s*\b(?:according to|as reported by)\b[^,;.]*"
    r"|,\s[^,;]{1,80}\b(?:said|says|told|reported|announced|wrote|confirmed)\b[^,;]*$"
)
_LEANING = re.compile(r"\W*(?:it|they|this|that|these|those|both|the|he|she|its|their)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|per|apiece|every)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:in all|in total|altogether|combined|overall|a total of)\b", re.IGNORECASE)
_WHICH = frozenset("second third fourth last next previous another different separate other new old former".split())
"""Words that tell one thing from another of its sort."""
_FATES = (
    "dead die death kill fatality perish",
    "injure wounded hurt injury",
    "missing unaccounted",
    "arrest detain",
    "rescue save",
    "evacuate displace flee homeless",
)
"""What happens to people. Those with different fates are counted apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A value in a sentence with what tells what it measures; sets of words hold base forms."""

    candidate: Candidate
    value: Value
    shown: str
    """The value as it stands, with its hedge: "more than 90 minutes"."""
    hedge: str
    """Which way the hedge opens the value: "more", "less" or "about"; empty without one."""
    denied: bool
    """Whether it says that the value is wrong: "not 150"."""
    head: str
    """What is counted; empty if no noun tells."""
    near: frozenset[str]
    """Words of the value's clause."""
    context: frozenset[str]
    """Words of the sentence, and of the one before if it leans on it."""
    names: frozenset[str]
    """Keys of the names in the sentence."""
    around: frozenset[str]
    """Keys of the names in the title, the sentence before and the paragraph."""
    around_words: frozenset[str]
    """All words of those, in small letters as they stand."""
    which: frozenset[str]
    """Words like "second" that tell its thing from others of its sort, as they stand."""
    fates: frozenset[int]
    """What happened to those who are counted, as `fates_in` numbers it."""
    each: bool
    """Whether the value is one of several equal ones ..."""
    all: bool
    """... or all of them together."""
    before: str
    """The sentence before it in its paragraph; empty if there is none."""

    @property
    def counts_people(self) -> bool:
        """Whether what is counted is people, by whatever word."""
        return self.head in _people()


def statement_of(candidate: Candidate, value: Value) -> Statement:
    """Read what a value of a candidate's sentence measures."""
    text, article = candidate.sentence.text, candidate.hit.article
    plain = _SOURCE.sub(lambda match: " " * len(match[0]), text)
    left, right = _clause_around(plain, value, values_in(text))
    ahead = _sentence_before(article.text, candidate.sentence.start)
    leans = bool(_LEANING.match(text))
    opens = bound_start(value, text)
    head = _head(plain[value.end : right])
    near = thing_words(f"{plain[left : value.start]} {plain[value.end : right]}")
    if not head:
        near |= thing_words(plain[:left])
        near |= _leaned_on(plain[left : value.start], ahead) if leans else frozenset()
    around = f"{article.title or ''}. {ahead} {candidate.paragraph.text}"
    return Statement(
        candidate=candidate,
        value=value,
        shown=text[opens : value.end],
        hedge=_HEDGES.get(value.bound, ""),
        denied=is_denied(text, value.start, value.end),
        head=head,
        near=near,
        context=thing_words(f"{plain} {ahead if leans else ''}"),
        names=_names(plain),
        around=_names(around),
        around_words=_plain_words(around),
        which=_plain_words(plain) & _WHICH,
        fates=fates_in(near),
        each=bool(_EACH.search(text)),
        all=bool(_ALL.search(text)),
        before=ahead,
    )


@lru_cache(maxsize=_KEPT)
def thing_words(text: str) -> frozenset[str]:
    """Return the words that may name a thing, as base forms: no numbers, days, months, or words for any figure."""
    return frozenset(word for word in words_of(text) if not word[0].isdigit()) - _any_figure() - _calendar()


def fates_in(words: Iterable[str]) -> frozenset[int]:
    """Return what happens to people by some base forms: a number for each fate."""
    fates = _fates()
    return frozenset(fates[word] for word in words if word in fates)


def _clause_around(plain: str, value: Value, values: Iterable[Value]) -> tuple[int, int]:
    """Return where the value's clause begins and ends, up to the next value of its kind."""
    left = max((match.end() for match in _BREAK.finditer(plain[: value.start])), default=0)
    right = min((value.end + match.start() for match in _BREAK.finditer(plain[value.end :])), default=len(plain))
    others = [other for other in values if other.kind is value.kind and other != value]
    left = max([left, *(other.end for other in others if other.end <= value.start)])
    right = min([right, *(other.start for other in others if other.start >= value.end)])
    return left, right


def _head(behind: str) -> str:
    """Return what is counted: of the words behind a number, the first plural, else the last; empty if none is."""
    run: list[str] = []
    for token in re.findall(r"[\w’'-]+|[^\w\s]", behind)[:_NEAR_WORDS]:
        if not words_of(token):
            break
        run.append(token.lower())
    plural = next((word for word in run if word.endswith("s") and lemma_of(word) != word), "")
    if not plural and (not run or run[0].endswith(("ed", "ing"))):
        return ""
    return next(iter(words_of(plural or run[-1])), "")


def _leaned_on(subject: str, before: str) -> frozenset[str]:
    """Return the words that an opening "it" or "the group" stands for: in the sentence before, those by that noun."""
    words = before.split()
    for at, word in enumerate(words):
        if thing_words(word) & thing_words(subject):
            return thing_words(" ".join(words[at : at + _NEAR_WORDS]))
    return frozenset() if thing_words(subject) else thing_words(before)


def _sentence_before(text: str, start: int) -> str:
    paragraph = text[:start].rstrip().rsplit("\n", 1)[-1]
    sentences = split_sentences(paragraph)
    return sentences[-1].text if sentences else ""


@lru_cache(maxsize=_KEPT)
def _names(text: str) -> frozenset[str]:
    return frozenset(name_key(name) for name in names_in(text)) - _calendar()


@lru_cache(maxsize=_KEPT)
def _plain_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))


# Base forms need the dictionary, which is not loaded before it is needed.


@cache
def _fates() -> dict[str, int]:
    return {word: number for number, group in enumerate(_FATES) for word in words_of(group)}


@cache
def _any_figure() -> frozenset[str]:
    return frozenset(
        words_of(
            "just under over about around least most nearly almost less more "
            "report figure number list other same also well between said make"
        )
    )


@cache
def _people() -> frozenset[str]:
    return frozenset(words_of("people persons residents victims casualties lives"))


@cache
def _calendar() -> frozenset[str]:
    return frozenset(words_of(" ".join((*MONTHS, *WEEKDAYS))))
