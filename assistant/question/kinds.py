"""What kind of answer a question wants, its content terms and its names."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from index.splitting.terms import STOPWORDS, terms


class AnswerKind(StrEnum):
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
    (AnswerKind.DURATION, r"\bhow long\b|\b(?:for )?how many (?:more )?(?:seconds|minutes|hours|days|weeks|months|years)\b|\bwhat (?:duration|length of time)\b"),
    (AnswerKind.NUMBER, r"\bhow (?:many|much|old|far|large|big|high|tall|fast|often|deep|wide|heavy)\b|\bwhat (?:number|percentage|percent|share|proportion|amount|age|price|cost|figure|sum)\b"),
    (AnswerKind.TIME, r"\bwhen\b|\b(?:what|which|on what|on which|in what|in which) (?:date|day|year|month|century|decade|time|hour|week)\b|\bsince when\b"),
    (AnswerKind.PLACE, r"\bwhere\b|\b(?:what|which|in what|in which) (?:city|cities|country|countries|place|town|state|region|location|continent|venue|stadium|county|province|river|island)\b"),
    (AnswerKind.REASON, r"\bwhy\b|\bwhat (?:caused|causes|led to|was the reason|is the reason|were the reasons)\b|\bfor what reason\b"),
    (AnswerKind.SAYING, r"\bwhat (?:did|does|do|has|had|have) .{1,60}\b(?:say|said|tell|told|write|written|post|posted|call|called|demand|claim|argue|warn|insist|promise|respond|reply|comment)\b|\bhow did .{1,60}\b(?:respond|react|describe)\b"),
    (AnswerKind.PERSON, r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|people|man|woman|president|minister|official|officials|leader|leaders|team|teams|company|companies|organi[sz]ation|outlet|agency|actor|author|player)\b"),
)  # fmt: skip
_QUESTION = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _QUESTION_KINDS]

_NAME = re.compile(
    r"\b[A-ZÀ-ÞА-Я][\w’'-]*(?:\s+(?:of|the|de|von|van|bin|al)\s+[A-ZÀ-Þ][\w’'-]*|\s+[A-ZÀ-ÞА-Я][\w.’'-]*)*"
)
_KEPT = 4_096
"""Texts, and words, whose terms are kept: questions come back to the same passages."""
_COUNTED = re.compile(r"\bhow (?:many|much)\s+((?:[\w’'-]+\s*){1,5})", re.IGNORECASE)


def expected_kind(question: str) -> AnswerKind:
    """Return the kind of answer that a question asks for."""
    return next((kind for kind, pattern in _QUESTION if pattern.search(question)), AnswerKind.OTHER)


def content_terms(text: str) -> list[str]:
    """Return the index terms of a text without function words, each once, in order."""
    return list(_content_terms(text))


@lru_cache(maxsize=_KEPT)
def _content_terms(text: str) -> tuple[str, ...]:
    words = (word for word in re.findall(r"\w+", text) if word.lower() not in STOPWORDS)
    return tuple(dict.fromkeys(term for word in words for term in _terms(word)))


@lru_cache(maxsize=_KEPT)
def _terms(word: str) -> tuple[str, ...]:
    return tuple(terms(word))


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


def words_counted(question: str) -> str:
    """Return what "how many" or "how much" counts, up to five words; empty where nothing is counted."""
    found = _COUNTED.search(question)
    return found[1] if found else ""
