"""The words of a sentence in one order, however it is turned, so that two sentences can be compared word by word.

"On Monday the plan was approved by the council, the mayor said" is read as "the mayor said: the council approved the
plan on Monday". Words that carry nothing are left out, prepositions become a mark of the word behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.language.types import ValueKind
from assistant.language.values import values_in
from assistant.language.words import is_dictionary_word, without_possessive
from index.splitting.dictionary import NEGATIONS, has_entry, lemmas_by_part, lemmas_of
from index.splitting.terms import STOPWORDS

_TOKEN = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*|[;:,()–—]")
_FREE = frozenset(
    "a an the that there is are was were be been being am has have had having do does did to s it its".split()
)
"""Words that carry nothing which the others do not."""
MAY_BE_MISSING = frozenset("of in on at as".split())
"""Prepositions that may be missing in the other sentence: "on Friday" is "Friday"."""
_PREPOSITIONS = MAY_BE_MISSING | frozenset(
    "by from for with to into after before during since through across near against under over between among "
    "about toward towards via amid around behind beyond inside outside within".split()
)
_CLAUSE_OPENERS = frozenset("because once if despite when while although though unless so".split())
"""Words that open a clause which may stand before or behind the other."""
PRONOUNS = frozenset("he she they him her them his their we our us i my you your who which whom and also".split())
"""What one of two sentences may have where the other has nothing."""
TURNING = NEGATIONS | frozenset(
    "may might could would should must can will shall if unless until only except but almost nearly partly half some "
    "most few all every both less more than least any former ex alleged allegedly reportedly possibly perhaps probably "
    "likely instead rather too yet still no other another first second last".split()
)
"""Words that change what the rest of the sentence says, and so are no mere addition."""
TOLD = frozenset(
    "say tell add report announce state note explain write accord warn promise reply insist stress declare".split()
)
_NO_NAMES = _FREE | _PREPOSITIONS | PRONOUNS | TURNING | STOPWORDS
_BE = frozenset("is are was were be been being".split())
_PARTICLES = frozenset("up down off out on in over away back".split())
TIMES = {
    ValueKind.DATE, ValueKind.CLOCK, ValueKind.MONTH, ValueKind.YEAR, ValueKind.WEEKDAY, ValueKind.PART_OF_DAY,
    ValueKind.PERIOD, ValueKind.STEP,
}  # fmt: skip
_ADJUNCT_WORDS = 12
"""Words up to which what stands before a comma is taken for a place or time that might stand at the end as well."""
_LONGEST_NAME = 4
_KEPT = 4_096
"""Sentences whose words are remembered: in one answer each is compared with many."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or value of a sentence, with what stands before it."""

    text: str
    """In small letters; of a value its kind, amount and unit."""
    is_name: bool = False
    is_capital: bool = False
    """Whether it stands with a capital, as the first word of a sentence does that is no name."""
    value: ValueKind | None = None
    marker: str = ""
    """The preposition before it."""
    parted: bool = False
    """Whether a comma, a "who" or the beginning of the sentence stands before it."""


@lru_cache(maxsize=_KEPT)
def words_in_order(text: str) -> tuple[Word, ...]:
    """Return the words that count, in the order of an active sentence that opens with its subject."""
    return tuple(_marked(_active(_told_first(_subject_first(_with_long_names(list(_tokens(text))))))))


def _tokens(text: str) -> Iterator[Word]:
    text = text.replace("%", " percent")
    start = 0
    for value in [*values_in(text), None]:
        end = value.start if value else len(text)
        for match in _TOKEN.finditer(text, start, end):
            plain = without_possessive(match[0])
            opening = not text[: match.start()].strip(' “"‘’')
            lowered = plain.lower().replace(".", "")
            written_out = plain.isupper() and len(plain) > 1
            name = written_out or (
                plain[0].isupper() and lowered not in _NO_NAMES and not (opening and is_dictionary_word(plain))
            )
            yield Word(lowered, name, is_capital=plain[0].isupper())
        if value:
            yield Word(f"{value.kind} {value.amount:g} {value.unit}", value=value.kind)
            start = value.end


def _with_long_names(words: list[Word]) -> list[Word]:
    """Join the words of a name that has others: "United Arab Emirates"."""
    joined: list[Word] = []
    at = 0
    while at < len(words):
        for length in range(_LONGEST_NAME, 1, -1):
            name = "_".join(word.text for word in words[at : at + length])
            if all(word.is_capital for word in words[at : at + length]) and has_entry(name):
                joined.append(Word(name, is_name=True, is_capital=True))
                at += length
                break
        else:
            joined.append(words[at])
            at += 1
    return joined


def _is_mark(word: Word) -> bool:
    return not word.text[0].isalnum()


def _subject_first(words: list[Word]) -> list[Word]:
    """Put "On Friday in Oslo," behind what it opens."""
    if not words or not (words[0].text in _PREPOSITIONS | _CLAUSE_OPENERS or words[0].value in TIMES):
        return words
    comma = next((at for at, word in enumerate(words[:_ADJUNCT_WORDS]) if word.text == ","), None)
    return [*words[comma + 1 :], *words[:comma]] if comma else words


def _told_first(words: list[Word]) -> list[Word]:
    """Put ", officials said on Friday" and "according to officials" before what they said, in the same words."""
    marks = [at for at, word in enumerate(words) if word.text == ","]
    if not marks:
        return words
    if [word.text for word in words[:2]] == ["according", "to"] and marks[0] <= _ADJUNCT_WORDS:
        return [*words[2 : marks[0]], Word("said"), *words[marks[0] :]]
    told = words[marks[-1] + 1 :]
    if [word.text for word in told[:2]] == ["according", "to"]:
        told = [*told[2:], Word("said")]
    verb = next((at for at, word in enumerate(told) if lemmas_of(word.text) & TOLD), None)
    if len(told) > _ADJUNCT_WORDS or verb is None:
        return words
    rest = next((at for at in range(verb + 1, len(told)) if _opens_adjunct(told[at])), len(told))
    if rest > verb + 1 and (verb or told[1].text in PRONOUNS):
        return words  # what was said stands behind the verb
    speaker = told[verb + 1 : rest] if verb == 0 else told[:verb]
    return [*speaker, told[verb], *told[rest:], Word(","), *words[: marks[-1]]]


def _opens_adjunct(word: Word) -> bool:
    return word.text in _PREPOSITIONS - {"of"} or word.value in TIMES or _is_mark(word)


def _active(words: list[Word]) -> list[Word]:
    """Turn "the plan was approved by the council in May" into "the council approved the plan in May"."""
    for at, word in enumerate(words):
        if word.text not in _BE:
            continue
        near = range(at + 1, min(at + 3, len(words)))
        verb_end = next((place + 1 for place in near if _is_participle(words[place])), 0)
        by = next((place for place in range(verb_end, len(words)) if words[place].text == "by"), None)
        if not verb_end or by is None or by + 1 >= len(words) or words[by + 1].value not in (None, ValueKind.COUNT):
            continue
        if any(_is_mark(word) for word in words[verb_end:by]):
            continue
        begin = next((place + 1 for place in range(at - 1, -1, -1) if _is_mark(words[place])), 0)
        end = next((place for place in range(by + 2, len(words)) if _opens_adjunct(words[place])), len(words))
        doer, verb, done_to = words[by + 1 : end], words[at + 1 : verb_end], words[begin:at]
        return [*words[:begin], *doer, *verb, *done_to, *words[verb_end:by], *words[end:]]
    return words


def _is_participle(word: Word) -> bool:
    return any(lemma != word.text for lemma in lemmas_by_part(word.text).get("VERB", ()))


def _marked(words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words that count: each with its preposition, those of two parts joined, without marks."""
    marker, parted = "", True
    skip = False
    for at, word in enumerate(words):
        if skip:
            skip = False
            continue
        following = words[at + 1] if at + 1 < len(words) else None
        if _is_mark(word):
            marker, parted = "", True
            continue
        if word.text == "to" and following and (following.is_name or following.value):
            marker = "to"
            continue
        if word.value is None and not word.is_name:
            if word.text in _FREE:
                continue
            if word.text in _PREPOSITIONS:
                marker = word.text
                continue
            parted = parted or word.text in _CLAUSE_OPENERS
            if word.text in ("who", "which"):
                parted = True
        if following and following.text in _PARTICLES:
            joined = f"{word.text}_{following.text}"
            if not word.is_name and has_entry(joined):
                yield replace(word, text=joined, marker=marker, parted=parted)
                marker, parted, skip = "", False, True
                continue
        yield replace(word, marker=marker, parted=parted)
        marker, parted = "", False
