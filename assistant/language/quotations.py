"""Quotations: where a text quotes, whether the words stand in an article, and who is said to have said them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.times import MONTHS, WEEKDAYS
from assistant.language.words import without_possessive

_PAIRS = (("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("‘", "’"))
_SINGLE_MIN_WORDS = 3
"""‘Scare quotes’ of a word or two are often apostrophes; longer ones are quotations."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032", "'"),
        **dict.fromkeys('\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"', ""),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\n\t", " "),
        **dict.fromkeys("\u00ad\u200b\ufeff", ""),
    }
)
_ELLIPSIS = re.compile(r"[\[(]\s?(?:…|\.\s?\.\s?\.)\s?[\])]|…|\.\s?\.\s?\.\.?")
_INSERTION = re.compile(r"\[[^\]]{1,60}\]")
_EDGES = " .,;:!?-'()"

ELLIPSIS_GAP = 400
"""Characters that an ellipsis may leave out: two or three sentences. A rule of thumb, as the two below."""
INSERTION_GAP = 80
"""Characters that words in brackets may stand for: a clause."""
DROPPED_GAP = 40
"""Characters up to which words that were left out without an ellipsis make a quotation altered, not stitched."""
_LONGEST = 5_000
"""Characters of a quotation, as of a sentence: behind that no closing mark is looked for."""
_MOST_PIECES = 20
"""Pieces of a quotation; one with more gaps quotes nothing."""
_STITCHED_MIN_WORDS = 2
"""Words that each of two parts has at least: a single one stands in most articles."""

_SPEECH = (
    r"(?:said|says|saying|told|tells|asked|added|adds|replied|wrote|writes|posted|called|calls|described|"
    r"describes|stated|warned|insisted|argued|claimed|announced|declared|noted|explained|promised|remarked|"
    r"labell?ed|hailed|put it|termed|responded|recalled|complained|admitted|joked|spoke of|quoted as saying|"
    r"is quoted|commented|concluded|repeated|thanked|cautioned|conceded|boasted|acknowledged|confirmed|denied|"
    r"stressed|emphasi[sz]ed|suggested|hoped|feared|quipped|urged|demanded|pledged|vowed|maintained|observed|"
    r"pointed out|praised|critici[sz]ed|dismissed|saw|sees|spoke|speaks|referred|indicated|contended|predicted|"
    r"assured|lamented|insists|argues|claims|warns|notes|explains|promises|wants|thinks|believes|put)"
)
_NAME_WORD = r"[A-ZÀ-Þ][\w’'.-]{0,30}"
_NAME = rf"(?:[Tt]he\s+)?{_NAME_WORD}(?:\s{{1,3}}(?:(?:of|the|de|van|von)\s{{1,3}}|al-)?{_NAME_WORD}){{0,6}}"
_SPEAKS = re.compile(
    rf"(?P<name>{_NAME})(?:,[^,“\"]{{1,60}},)?"
    rf"(?:\s+(?:has|had|have|also|later|then|even|itself|himself|herself|was|is)){{0,4}}\s+{_SPEECH}\b"
)
_SPOKEN_BY = re.compile(rf"\b(?:{_SPEECH}|[Ii]n the words of|words of|[Aa]ccording to|[Bb]y|from)\s+(?P<name>{_NAME})")
_OPENS_WITH = re.compile(rf"^\W*(?P<name>{_NAME})(?:\s+\w+){{0,8}}?\s+{_SPEECH}\b")
_ROLE = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne of the|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s+(?:[\w’'-]+\s+){0,2}?"
    r"(?P<name>(?!who\b|that\b)[a-z]{3,})"
)
_ROLE_SPEAKS = re.compile(rf"\b{_ROLE}(?:\s+(?:has|had|also|later|then|even|himself|herself)){{0,4}}\s+{_SPEECH}\b")
_SPOKEN_BY_ROLE = re.compile(rf"\b(?:{_SPEECH}|[Aa]ccording to|[Ii]n the words of)\s+{_ROLE}")
_NO_SPEAKER = frozenset(
    "he she it they we i the a an on in at but and as this that there when after before while his her their its "
    "if no yes for with what who how".split()
) | {*MONTHS, *WEEKDAYS}


class Found(StrEnum):
    """How a quotation stands in an article."""

    VERBATIM = "verbatim"
    STITCHED = "stitched together from places that do not follow each other"
    ALTERED = "not word for word"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words at `text[start:end]` of the quoting text, without the marks."""

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands: `spans` are the pieces' offsets in the article."""

    found: Found
    spans: tuple[tuple[int, int], ...] = ()


def quotations_in(text: str) -> list[Quotation]:
    """Return the quotations in a text, in order, outermost only; single quotation marks from three words on."""
    found: list[Quotation] = []
    position = 0
    while position < len(text):
        opened = next((pair for pair in _PAIRS if text[position] == pair[0]), None)
        if opened is None or (opened[0] == "‘" and position and text[position - 1].isalnum()):
            position += 1
            continue
        end = _closing(text, position + 1, opened[1])
        words = text[position + 1 : end] if end is not None else ""
        if end is None or not words.strip() or (opened[0] == "‘" and len(words.split()) < _SINGLE_MIN_WORDS):
            position += 1
            continue
        found.append(Quotation(words, position + 1, end))
        position = end + 1
    return found


def _closing(text: str, start: int, mark: str) -> int | None:
    longest = start + _LONGEST
    end = text.find(mark, start, longest)
    while end >= 0 and mark == "’" and text[end + 1 : end + 2].isalnum():
        end = text.find(mark, end + 1, longest)
    return end if end >= 0 else None


def outside_quotations(text: str) -> str:
    """Return a text with the words of its quotations blanked out; offsets stay."""
    parts: list[str] = []
    end = 0
    for quotation in quotations_in(text):
        parts += [text[end : quotation.start], " " * (quotation.end - quotation.start)]
        end = quotation.end
    return "".join([*parts, text[end:]])


def locate(words: str, text: str) -> Place:
    """Find quoted words in an article's text.

    Kinds of quotation marks, dashes and spaces, and case, make no difference; an ellipsis leaves out up to
    ELLIPSIS_GAP characters, [words in brackets] stand for up to INSERTION_GAP.
    """
    plain, offsets = _plain(text)
    pieces = _pieces(words)
    if not pieces:
        return Place(Found.VERBATIM)
    if len(pieces) > _MOST_PIECES:
        return Place(Found.ALTERED)
    spans = _in_order(pieces, plain)
    if spans is not None:
        return Place(Found.VERBATIM, tuple((offsets[start], offsets[end - 1] + 1) for start, end in spans))
    if len(pieces) > 1 and all(_find(piece, plain, 0) >= 0 for piece, _ in pieces):
        return Place(Found.STITCHED)
    if any(_splits_in_two(piece, plain) for piece, _ in pieces):
        return Place(Found.STITCHED)
    return Place(Found.ALTERED)


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text in the form that is compared, and for each of its characters the offset it came from."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for plain in character.translate(_SAME).casefold():
            if plain == " " and characters and characters[-1] == " ":
                continue
            characters.append(plain)
            offsets.append(offset)
    return "".join(characters), offsets


def _pieces(words: str) -> list[tuple[str, int]]:
    """Return the pieces of a quotation in plain form, each with the gap that may stand before it."""
    pieces: list[tuple[str, int]] = []
    for index, part in enumerate(_ELLIPSIS.split(words)):
        for inner, piece in enumerate(_INSERTION.split(part)):
            plain = _plain(piece)[0].strip(_EDGES)
            if plain:
                gap = INSERTION_GAP if inner else ELLIPSIS_GAP if index else 0
                pieces.append((plain, gap))
    return pieces


def _find(piece: str, plain: str, start: int, end: int | None = None) -> int:
    """Return where a piece stands as whole words in `plain[start:end]`; -1 if it does not."""
    while (position := plain.find(piece, start, end)) >= 0:
        behind = position + len(piece)
        before = position == 0 or not (plain[position - 1].isalnum() and piece[0].isalnum())
        after = behind == len(plain) or not (plain[behind].isalnum() and piece[-1].isalnum())
        if before and after:
            return position
        start = position + 1
        while start < len(plain) and plain[start].isalnum() and plain[start - 1].isalnum() and piece[0].isalnum():
            start += 1  # no piece begins within a word
    return -1


def _in_order(pieces: Sequence[tuple[str, int]], plain: str) -> list[tuple[int, int]] | None:
    start = 0
    while (position := _find(pieces[0][0], plain, start)) >= 0:
        spans = [(position, position + len(pieces[0][0]))]
        for piece, gap in pieces[1:]:
            last = spans[-1][1]
            following = _find(piece, plain, last, last + gap + len(piece))
            if following < 0:
                break
            spans.append((following, following + len(piece)))
        if len(spans) == len(pieces):
            return spans
        start = position + 1
    return None


def _splits_in_two(piece: str, plain: str) -> bool:
    """Whether a piece is two that stand apart: the longer what comes second, the less it is found, and so halved."""
    words = piece.split()
    low, high = _STITCHED_MIN_WORDS, len(words) - _STITCHED_MIN_WORDS + 1
    while low < high:
        cut = (low + high) // 2
        low, high = (low, cut) if _standing(words[cut:], plain) >= 0 else (cut + 1, high)
    if low > len(words) - _STITCHED_MIN_WORDS or (place := _standing(words[:low], plain)) < 0:
        return False
    end = place + len(" ".join(words[:low]).strip(_EDGES))
    second = " ".join(words[low:]).strip(_EDGES)
    return _find(second, plain, end, end + DROPPED_GAP + len(second)) < 0


def _standing(words: Sequence[str], plain: str) -> int:
    joined = " ".join(words).strip(_EDGES)
    return _find(joined, plain, 0) if joined else -1


def speakers(text: str) -> set[str]:
    """Return the words of the names, or roles ("the pilot"), to which a text gives what is said; lower case.

    Quotations are left out of it.
    """
    outside = outside_quotations(text)
    patterns = (_SPEAKS, _SPOKEN_BY, _OPENS_WITH, _ROLE_SPEAKS, _SPOKEN_BY_ROLE)
    names = [match["name"] for pattern in patterns for match in pattern.finditer(outside)]
    words = (without_possessive(word).strip(".").casefold() for name in names for word in name.split())
    return {word for word in words if word and word not in _NO_SPEAKER}
