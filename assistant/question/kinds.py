"""What kind of answer a question wants, and whether a sentence holds one."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.language.types import ValueKind
from assistant.language.values import is_set_aside, values_in
from assistant.language.words import before, behind
from index.splitting.terms import STOPWORDS, terms


class Kind(StrEnum):
    """The expected kind of answer."""

    PERSON = "who"
    TIME = "when"
    DURATION = "how long"
    NUMBER = "how many"
    PLACE = "where"
    REASON = "why"
    SAYING = "what did they say"
    OTHER = "other"


_QUESTION_KINDS = (
    (Kind.DURATION, r"\bhow long\b|\b(?:for )?how many (?:more )?(?:seconds|minutes|hours|days|weeks|months|years)\b|\bwhat (?:duration|length of time)\b"),
    (Kind.NUMBER, r"\bhow (?:many|much|old|far|large|big|high|tall|fast|often|deep|wide|heavy)\b|\bwhat (?:number|percentage|percent|share|proportion|amount|age|price|cost|figure|sum)\b"),
    (Kind.TIME, r"\bwhen\b|\b(?:what|which|on what|on which|in what|in which) (?:date|day|year|month|century|decade|time|hour|week)\b|\bsince when\b"),
    (Kind.PLACE, r"\bwhere\b|\b(?:what|which|in what|in which) (?:city|cities|country|countries|place|town|state|region|location|continent|venue|stadium|county|province|river|island)\b"),
    (Kind.REASON, r"\bwhy\b|\bwhat (?:caused|causes|led to|was the reason|is the reason|were the reasons)\b|\bfor what reason\b"),
    (Kind.SAYING, r"\bwhat (?:did|does|do|has|had|have) .{1,60}\b(?:say|said|tell|told|write|written|post|posted|call|called|demand|claim|argue|warn|insist|promise|respond|reply|comment)\b|\bhow did .{1,60}\b(?:respond|react|describe)\b"),
    (Kind.PERSON, r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|people|man|woman|president|minister|official|officials|leader|leaders|team|teams|company|companies|organi[sz]ation|outlet|agency|actor|author|player)\b"),
)  # fmt: skip
_QUESTION = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _QUESTION_KINDS]

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
    "thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions dozen dozens half "
    "third quarter twice once single couple zero"
)
_NUMBER = re.compile(rf"(?<![\d,.])\d[\d,.]{{0,20}}|\b(?:{_NUMBER_WORDS.replace(' ', '|')})\b", re.IGNORECASE)
_VALUES = {word: value for value, word in enumerate(_NUMBER_WORDS.split()[:20], start=1)} | {
    word: value * 10
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur(?:y|ies))"
_DURATION = re.compile(
    rf"(?:{_NUMBER.pattern}|\ban?\b|\bseveral\b|\bfew\b)[\s\u00a0-]{{1,3}}(?:and a half )?{_UNIT}\b|\b{_UNIT}-long\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|aug|sept?|oct|nov|dec)\b\.?"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\b\d(?:st|nd|rd|th) century\b"
    r"|\b(?:today|yesterday|tomorrow|tonight|midnight|noon|last (?:week|month|year)|next (?:week|month|year)|in about a week)\b|\bMay\b",
    re.IGNORECASE,
)
_TIMES = {ValueKind.DATE, ValueKind.CLOCK, ValueKind.MONTH, ValueKind.YEAR, ValueKind.WEEKDAY}
_NAME = re.compile(
    r"\b[A-ZÀ-ÞА-Я][\w’'-]*(?:\s+(?:of|the|de|von|van|bin|al)\s+[A-ZÀ-Þ][\w’'-]*|\s+[A-ZÀ-ÞА-Я][\w.’'-]*)*"
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|into|outside|across|over|inside|around|off)\s+(?:the\s+)?(?:\w+\s+){0,2}?[A-ZÀ-Þ][\w’'-]+"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|so that|in order to|caused|led to|thanks to|to (?:avoid|prevent|protect|allow|ensure)|given|amid|after|therefore|reasons?|for fear|over concerns?)\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"[“\"«]|\b(?:said|says|told|wrote|stated|added|called|described|demand(?:ed|s)?|insist(?:ed|s)?|argued|claimed|warned|according to)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow (?:many|much)\s+((?:[\w’'-]+\s*){1,4})", re.IGNORECASE)


def expected_kind(question: str) -> Kind:
    """Return the kind of answer that a question asks for."""
    return next((kind for kind, pattern in _QUESTION if pattern.search(question)), Kind.OTHER)


def content_terms(text: str) -> list[str]:
    """Return the index terms of a text without function words, each once, in order."""
    words = re.findall(r"\w+", text)
    return list(dict.fromkeys(term for word in words if word.lower() not in STOPWORDS for term in terms(word)))


def names(text: str) -> list[str]:
    """Return the capitalised names and the numbers in a text, as they stand; the first word counts only inside a name."""
    found = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        if match.start() == 0 and (words[0].lower() in STOPWORDS or len(words) == 1):
            words = words[1:]
        if words and any(word.lower() not in STOPWORDS for word in words):
            found.append(" ".join(words))
    return found + re.findall(r"\d[\d,.]*\d|\d", text)


def holds_kind(kind: Kind, sentence: str, question: str) -> bool | None:
    """Whether a sentence holds an answer of that kind that the question does not itself contain; None: no way to tell."""
    match kind:
        case Kind.NUMBER:
            return _has_new(_NUMBER, sentence, question)
        case Kind.DURATION:
            return _has_new(_DURATION, sentence, question)
        case Kind.TIME:
            return _has_new(_TIME, sentence, question)
        case Kind.PLACE:
            return _has_new(_PLACE, sentence, question) or None
        case Kind.PERSON:
            asked = set(content_terms(question))
            return any(not set(content_terms(name)) <= asked for name in names(sentence))
        case Kind.REASON:
            return bool(_REASON.search(sentence))
        case Kind.SAYING:
            return bool(_SAYING.search(sentence))
    return None


def answer_values(kind: Kind, sentence: str, question: str) -> frozenset[str]:
    """Return what in a sentence could be the answer, normalised: numbers, times, or terms of names.

    Left out is what the question itself has, and of several numbers one that the sentence sets aside ("175, not 150").
    """
    match kind:
        case Kind.NUMBER | Kind.DURATION:
            numbers = list(_NUMBER.finditer(sentence))
            kept = [number for number in numbers if not is_set_aside(sentence, *number.span())] or numbers
            asked = {_as_digits(number[0]) for number in _NUMBER.finditer(question)}
            return frozenset({_as_digits(number[0]) for number in kept} - asked)
        case Kind.TIME:
            return frozenset(_times(sentence) - _times(question))
        case Kind.PERSON | Kind.PLACE:
            return frozenset(
                {term for name in names(sentence) for term in content_terms(name)} - set(content_terms(question))
            )
    return frozenset()


def _times(text: str) -> set[str]:
    """Return the days, hours, months and years of a text, each told from others of its kind, and words like "noon"."""
    values = [value for value in values_in(text) if value.kind in _TIMES]
    read = {at for value in values for at in range(value.start, value.end)}
    words = (match for match in _TIME.finditer(text) if match.start() not in read)
    return {f"{value.kind} {value.amount:g}" for value in values} | {word[0].lower().rstrip(".") for word in words}


def _as_digits(number: str) -> str:
    plain = number.lower().replace(",", "").rstrip(".")
    return str(_VALUES.get(plain, plain))


def counted_nearby(sentence: str, question: str) -> bool | None:
    """Whether a number stands next to the thing that "how many …" counts; None when nothing is counted."""
    match = _COUNTED.search(question)
    if match is None:
        return None
    wanted = set(content_terms(match[1]))
    if not wanted:
        return None
    for number in _NUMBER.finditer(sentence):
        after = set(content_terms(" ".join(behind(sentence, number.end()).split()[:5])))
        ahead = set(content_terms(" ".join(before(sentence, number.start()).split()[-3:])))
        if wanted & (after | ahead):
            return True
    return False


def _has_new(pattern: re.Pattern[str], sentence: str, question: str) -> bool:
    asked = question.lower()
    return any(match[0].lower() not in asked for match in pattern.finditer(sentence))
