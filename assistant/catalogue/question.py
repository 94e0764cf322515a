"""Questions about the articles themselves, read as conditions: which, how many, by whom, of when, with what words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.language.amounts import SMALL_NUMBERS
from assistant.question.outlets import outlets_named
from assistant.question.topic import topic_of
from index.splitting.terms import STOPWORDS

Kind = Literal["articles", "outlets", "authors"]
Asks = Literal["", "author", "date", "outlet"]

_NOUNS: dict[str, Kind] = {
    **dict.fromkeys(
        "article articles story stories piece pieces report reports text texts item items post posts headline "
        "headlines title titles column columns interview interviews entry entries document documents".split(),
        "articles",
    ),
    **dict.fromkeys(
        "outlet outlets newspaper newspapers paper papers publication publications source sources media publisher "
        "publishers magazine magazines site sites agency agencies".split(),
        "outlets",
    ),
    **dict.fromkeys(
        "author authors journalist journalists reporter reporters writer writers byline bylines correspondent "
        "correspondents".split(),
        "authors",
    ),
}
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_QUOTED = re.compile(r"[“\"‘]([^”\"’]{2,100})[”\"’]|(?<!\w)'([^']{2,100})'(?!\w)")
_IN_TITLE = re.compile(r"\b(?:titles?|headlines?|headed|titled|entitled)\b", re.IGNORECASE)
_OLDEST = re.compile(r"\b(?:oldest|earliest|first)\b", re.IGNORECASE)
_NEWEST = re.compile(r"\b(?:newest|latest|most recent|last)\b", re.IGNORECASE)
_NUMBER = r"\d{1,3}|" + "|".join(list(SMALL_NUMBERS)[1:21])
_LIMIT = re.compile(
    rf"\b(?:newest|latest|most recent|last|oldest|earliest|first|top)\s+(?P<number>{_NUMBER})\b"
    rf"|\b(?P<before>{_NUMBER})\s+(?:newest|latest|most recent|oldest|earliest|last)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\b(?:newest|latest|most recent|oldest|earliest|first|last)\s+(?:article|story|piece|report|text|item|post)\b",
    re.IGNORECASE,
)
_ASKS: dict[Asks, re.Pattern[str]] = {
    "author": re.compile(
        r"\bwho(?:se)?\b.{0,40}\b(?:wr[oi]te|written|writes|author(?:ed)?|byline|reported)\b", re.IGNORECASE
    ),
    "date": re.compile(
        r"\bwhen\b.{0,80}\b(?:publish|appear|written|wrote|posted|printed|come out|came out|r[au]n)", re.IGNORECASE
    ),
    "outlet": re.compile(r"\bwhere\b.{0,80}\b(?:publish|appear|printed|posted|r[au]n)", re.IGNORECASE),
}  # fmt: skip
_FRAME = frozenset(
    "wrote written write writes author authors authored byline title titles titled headline headed word words "
    "name names named naming contain contains containing include includes including refer refers referring number "
    "count many often times total available published appeared appear printed ran posted dated reports stories "
    "library database index indexed collected newest latest oldest earliest order sorted sort date alphabetical "
    "discuss discusses discussing deal deals dealing cover covers covering concern concerns featuring feature "
    "features file files text texts item items entry entries document documents post posts column columns "
    "publisher publication publications newspaper magazine magazines site sites agency agencies journalist "
    "journalists writer writers correspondent correspondents interview interviews exist exists".split()
)


@dataclass(frozen=True, slots=True)
class CatalogueQuestion:
    """What a question asks of the catalogue; an empty field asks nothing."""

    kind: Kind
    asks: Asks
    """The one thing that is asked of an article."""
    words: tuple[str, ...]
    """Phrases that title or text must hold, each."""
    in_title: bool
    outlets: tuple[str, ...]
    authors: tuple[str, ...]
    oldest_first: bool
    limit: int | None


def catalogue_question(
    question: str, outlets: Iterable[str], authors: Sequence[str], *, counts: bool = False, of_period: bool = False
) -> CatalogueQuestion | None:
    """Read a question of the catalogue; None where it asks none. The text is that without its period.

    `counts` says that it asks how many, `of_period` that a period was taken out: what is of a time are articles.
    """
    asks: Asks = next((asked for asked, pattern in _ASKS.items() if pattern.search(question)), "")
    kind = _kind(question)
    if kind == "authors" and asks == "author":
        asks = ""
    quoted = tuple(filter(None, (match[1] or match[2] for match in _QUOTED.finditer(question))))
    bare = _QUOTED.sub(" ", question)
    named, bare = outlets_named(bare, outlets)
    by, bare = _authors_named(bare, authors)
    if kind is None and not (asks or named or by or of_period):
        return None
    limit = _limit(question)
    if limit is not None:
        bare = _LIMIT.sub(" ", bare)
    words = quoted or _phrases(bare)
    kind = "articles" if asks or kind is None else kind
    return CatalogueQuestion(
        kind, asks, words, bool(words) and bool(_IN_TITLE.search(question)), named, by,
        bool(_OLDEST.search(question)) and not _NEWEST.search(question), None if counts else limit,
    )  # fmt: skip


def _kind(question: str) -> Kind | None:
    """Return what the first noun of the catalogue in a question names."""
    return next((_NOUNS[word.lower()] for word in _WORD.findall(question) if word.lower() in _NOUNS), None)


def _phrases(text: str) -> tuple[str, ...]:
    """Return the topic of what is left of a question as one phrase, without the words that ask for a list."""
    words = [word for word in topic_of(text).split() if word.lower() not in _FRAME]
    while words and words[0].lower() in STOPWORDS:
        words = words[1:]
    while words and words[-1].lower() in STOPWORDS:
        words = words[:-1]
    return (" ".join(words),) if words else ()


def _authors_named(text: str, authors: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the authors whose whole name stands in a text, and the rest of it.

    Where none does, those whose last name stands behind "by" or before "wrote".
    """
    for pattern in (_whole_name, _last_name):
        found, rest = [], text
        for author in sorted(filter(str.split, authors), key=len, reverse=True):
            if match := re.search(pattern(author), rest, re.IGNORECASE):
                found.append(author)
                rest = f"{rest[: match.start()]} {rest[match.end() :]}"
        if found:
            return tuple(found), rest
    return (), text


def _whole_name(author: str) -> str:
    return rf"(?<!\w){re.escape(author)}(?!\w)"


def _last_name(author: str) -> str:
    *_, name = author.split()
    last = re.escape(name)
    return rf"(?<=\bby ){last}(?!\w)|(?<!\w){last}(?=[’']s\b|\s+(?:wrote|writes|written|has|have|did)\b)"


def _limit(question: str) -> int | None:
    if match := _LIMIT.search(question):
        number = (match["number"] or match["before"]).lower()
        return int(number) if number.isdigit() else SMALL_NUMBERS[number]
    return 1 if _ONE.search(question) else None
