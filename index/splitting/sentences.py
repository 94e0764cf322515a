"""Where the sentences of a paragraph begin and end, as offsets, for news prose."""

from __future__ import annotations

import re
from functools import lru_cache

from index.types import Sentence

# A full stop after one of these never ends a sentence: a name or a number follows.
_TITLES = frozenset(
    "mr mrs ms messrs dr prof gen lt col maj capt cmdr sgt cpl pvt adm sen rep gov pres rev hon st mt ft amb sec det insp "
    "vs viz cf approx est fig vol pp ed eds al".split()
)
# After one of these a sentence may end, but not before a digit ("Jan. 5", "No. 10").
_BEFORE_NUMBER = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec no nos art sect ch para".split())
# After one of these a sentence ends only where the next word is one that commonly opens a sentence.
_MAYBE_FINAL = frozenset("inc corp co ltd bros jr sr etc am pm ave blvd dept".split())
_OPENERS = frozenset(
    "the a an it its he his she her they their we our i you this that these those there here but and so or yet in on at by "
    "for from with after before when while as if although though however meanwhile earlier later also both each no not "
    "some many most several asked speaking according officials what who why how once since until during".split()
)
_SPEECH = r"(?:said|says|asked|told|added|replied|wrote|writes|shouted|answered|continued|insisted|warned)"

# What news explainers put in front of a sentence; it is not part of what the sentence says.
_LABEL = re.compile(
    r"(?:why it matters|what (?:he|she|they|we)['’](?:s|re) (?:saying|watching|hearing)|what's next|what’s next|what to (?:watch|know)"
    r"|driving the news|behind the scenes|the big picture|zoom (?:in|out)|state of play|between the lines|catch up quick"
    r"|the latest|flashback|yes,? but|reality check|by the numbers|go deeper|the bottom line|worth noting|the intrigue"
    r"|how it works|the other side|context|details|the backdrop|friction point|threat level|quick take|of note)\s*:\s+",
    re.IGNORECASE,
)
_MARKER = re.compile(r"(?:#{1,6}|[-*•‣▪●–—]|>|\(?\d{1,2}[.)])\s+")

_BOUNDARY = re.compile(
    r"(?<![.!?…。！？])(?P<stop>[.!?…]++|[。！？]++)(?P<close>(?:\s?['\"”’»」』)\]]){0,6}(?:\[\d{1,4}\]){0,9})(?P<gap>\s+|(?<=[。！？」』])(?=\S))"
)
_NEAR = 200
"""Characters looked at on either side of a full stop, so that a line as long as a book takes no longer a character."""
_WORD = 40
_KEPT = 2_048
"""Texts whose sentences are kept: one question splits the same paragraphs many times."""
_LONGEST = 5_000
"""Characters of a sentence. What is longer is none, and is cut at spaces, so that nothing has to be read at one go."""
_OPENING = "\"'“‘«„([「『—–-"
_WORD_BEFORE = re.compile(r"[^\W\d_](?:[\w.’'-]*\w)?$")


def split_sentences(text: str, offset: int = 0) -> list[Sentence]:
    """Split one paragraph into sentences, in order, without overlap.

    List markers and the labels of explainers ("Why it matters:") stay outside. Abbreviations, initials, decimals and
    quotations with a speaker behind them do not end a sentence.

    `offset` is added to all offsets, so that they can index the article that `text` was taken from.
    """
    return list(_sentences(text, offset))


@lru_cache(maxsize=_KEPT)
def _sentences(text: str, offset: int) -> tuple[Sentence, ...]:
    start = _content_start(text)
    sentences: list[Sentence] = []
    for boundary in _BOUNDARY.finditer(text, start):
        if boundary.end() >= len(text) or boundary.start() < start or not _ends_sentence(text, start, boundary):
            continue
        _append(sentences, text, start, boundary.end("close"), offset)
        start = boundary.end()
    _append(sentences, text, start, len(text), offset)
    return tuple(sentences)


def _content_start(text: str) -> int:
    position = len(text) - len(text.lstrip())
    for pattern in (_MARKER, _LABEL):
        if (match := pattern.match(text, position)) and match.end() < len(text):
            position = match.end()
    return position


def _append(sentences: list[Sentence], text: str, start: int, end: int, offset: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        sentences.append(Sentence(text[start:cut], offset + start, offset + cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        sentences.append(Sentence(text[start:end], offset + start, offset + end))


def _ends_sentence(text: str, start: int, boundary: re.Match[str]) -> bool:
    stop, close = boundary["stop"], boundary["close"]
    if stop[0] in "。！？":
        return True
    following = text[boundary.end() : boundary.end() + _NEAR].lstrip(_OPENING + " \u00a0")
    if not following or following[0].islower():
        return False
    if stop[-1] in "!?" and close and re.match(rf"(?:[\w.’'-]+\s+){{1,4}}?{_SPEECH}\b", following):
        return False  # "Why now?" Gen. Smith asked.
    if stop != "." or close.strip():
        return True
    return _full_stop_ends(text[max(start, boundary.start() - _WORD) : boundary.start()], following)


def _full_stop_ends(before: str, following: str) -> bool:
    match = _WORD_BEFORE.search(before)
    if match is None:
        # "1. Item": a number alone in front of the stop is a list number.
        return not re.fullmatch(r"\s*\(?\d{1,3}", before)
    word = match[0]
    plain = word.lower().replace(".", "")
    next_word = re.match(r"[\w’']+", following)
    opens = next_word is not None and next_word[0].lower() in _OPENERS
    if plain in _TITLES:
        return False
    if plain in _BEFORE_NUMBER and word[0].isupper():
        return not following[0].isdigit()
    if plain in _MAYBE_FINAL or "." in word:  # U.S., p.m., J.K.
        return opens
    if len(word) == 1 and word.isupper() and word != "I":  # an initial
        return opens
    return True
