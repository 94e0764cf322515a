"""Whether two sentences make the same statement, so that one may be cited for what the other says.

That is decided by what can be shown, not by likeness: the words of the one stand in the other, in the same order, as
the same word, a form of it or a synonym. What only one of them says must be an addition that changes nothing (where,
when, who says so, a first name). Whatever is left over on both sides may be where they differ, and then they are two
statements; so are sentences that say the same in too different words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from assistant.gate.polarity import contradicting_polarity, denies, opposites
from assistant.gate.types import ValueKind
from assistant.gate.values import values_in
from assistant.gate.words import is_dictionary_word, may_be, without_possessive
from index.dictionary import NEGATIONS, are_synonyms, has_entry, lemmas_by_part, lemmas_of
from index.lexical import STOPWORDS

_TOKEN = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*|[;:,()–—]")
_FREE = frozenset(
    "a an the that there is are was were be been being am has have had having do does did to s it its".split()
)
"""Words that carry nothing which the others do not."""
_MAY_BE_MISSING = frozenset("of in on at as".split())
"""Prepositions that may be missing in the other sentence: "on Friday" is "Friday"."""
_PREPOSITIONS = _MAY_BE_MISSING | frozenset(
    "by from for with to into after before during since through across near against under over between among "
    "about toward towards via amid around behind beyond inside outside within".split()
)
_ALIKE = ({"in", "on", "at", "during", "within", "inside", "across", "through"}, {"of", "in", "at"})
"""Prepositions of place and time that stand for one another."""
_CLAUSE_OPENERS = frozenset("because once if despite when while although though unless so".split())
"""Words that open a clause which may stand before or behind the other."""
_PRONOUNS = frozenset("he she they him her them his their we our us i my you your who which whom and also".split())
"""What one of two sentences may have where the other has nothing."""
_TURNING = NEGATIONS | frozenset(
    "may might could would should must can will shall if unless until only except but almost nearly partly half some "
    "most few all every both less more than least any former ex alleged allegedly reportedly possibly perhaps probably "
    "likely instead rather too yet still no other another first second last".split()
)
"""Words that change what the rest of the sentence says, and so are no mere addition."""
_TOLD = frozenset(
    "say tell add report announce state note explain write accord warn promise reply insist stress declare".split()
)
_SPEAKER_OF = {"i": ("he", "she"), "my": ("his", "her"), "me": ("him", "her"), "we": ("they",), "our": ("their",)}
"""What a speaker says of himself, and what a report makes of it."""
_NO_NAMES = _FREE | _PREPOSITIONS | _PRONOUNS | _TURNING | STOPWORDS
_BE = frozenset("is are was were be been being".split())
_PARTICLES = frozenset("up down off out on in over away back".split())
_TIMES = {
    ValueKind.DATE, ValueKind.CLOCK, ValueKind.MONTH, ValueKind.YEAR, ValueKind.WEEKDAY, ValueKind.PART_OF_DAY,
    ValueKind.PERIOD, ValueKind.STEP,
}  # fmt: skip
_ADJUNCT_WORDS = 12
"""Words up to which what stands before a comma is taken for a place or time that might stand at the end as well."""

_LONGEST_NAME = 4
_LONGEST = 120
"""Words of a sentence up to which it is compared: each with each takes the square of them."""
_MOSTLY = 0.5
"""Share of the shorter sentence's words that stand in the other, from which both are about the same."""


@dataclass(frozen=True, slots=True)
class _Word:
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


def same_statement(one: str, other: str) -> bool:
    """Whether two sentences state the same; in doubt, not. Either may say more, if that changes nothing."""
    if one == other:
        return True
    first, second = map(_words_in_order, sorted((one, other)))
    if max(len(first), len(second)) > _LONGEST:
        return False
    if not first or not second or not _times_agree(first, second):
        return False
    first, second = ([word for word in words if word.value not in _TIMES] for words in (first, second))
    pairs = _aligned(first, second)
    if not pairs or any(not _markers_agree(first[at], second[place]) for at, place in pairs):
        return False
    left = _runs(first, {at for at, _ in pairs})
    right = _runs(second, {place for _, place in pairs})
    for run in list(left):
        moved = next((other for other in right if _is_moved(run, other)), None)
        if moved:
            left.remove(run)
            right.remove(moved)
    if left and right:
        return False
    return all(_changes_nothing(run) for run in (*left, *right))


def contradict(one: str, other: str) -> bool:
    """Whether one sentence affirms a word that the other negates, or has its opposite."""
    return bool(contradicting_polarity(one, other) or opposites(one, other))


def are_at_odds(one: str, other: str) -> bool:
    """Whether two sentences are about the same and yet not the same statement, as far as their words tell."""
    if same_statement(one, other):
        return False
    if contradict(one, other):
        return True
    first, second = _words_in_order(one), _words_in_order(other)
    if max(len(first), len(second)) > _LONGEST:
        return False
    return len(_aligned(first, second)) >= _MOSTLY * min(len(first), len(second))


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring words that the other sentence lacks, and the word behind them."""

    words: tuple[_Word, ...]
    opens: bool
    """Whether the sentence begins with them."""
    before: _Word | None
    following: _Word | None

    @property
    def names(self) -> bool:
        """Whether a name follows that they may describe: "chancellor" before Merkel."""
        return self.following is not None and self.following.is_name and not self.following.marker

    @property
    def is_named(self) -> bool:
        """Whether they may describe the name before: ", the chancellor"."""
        return self.before is not None and self.before.is_name and self.words[0].parted


def _words_in_order(text: str) -> list[_Word]:
    """Return the words that count, in the order of an active sentence that opens with its subject."""
    return list(_marked(_active(_told_first(_subject_first(_with_long_names(list(_tokens(text))))))))


def _tokens(text: str) -> Iterator[_Word]:
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
            yield _Word(lowered, name, is_capital=plain[0].isupper())
        if value:
            yield _Word(f"{value.kind} {value.amount:g} {value.unit}", value=value.kind)
            start = value.end


def _with_long_names(words: list[_Word]) -> list[_Word]:
    """Join the words of a name that has others: "United Arab Emirates"."""
    joined: list[_Word] = []
    at = 0
    while at < len(words):
        for length in range(_LONGEST_NAME, 1, -1):
            name = "_".join(word.text for word in words[at : at + length])
            if all(word.is_capital for word in words[at : at + length]) and has_entry(name):
                joined.append(_Word(name, is_name=True, is_capital=True))
                at += length
                break
        else:
            joined.append(words[at])
            at += 1
    return joined


def _is_mark(word: _Word) -> bool:
    return not word.text[0].isalnum()


def _subject_first(words: list[_Word]) -> list[_Word]:
    """Put "On Friday in Oslo," behind what it opens."""
    if not words or not (words[0].text in _PREPOSITIONS | _CLAUSE_OPENERS or words[0].value in _TIMES):
        return words
    comma = next((at for at, word in enumerate(words[:_ADJUNCT_WORDS]) if word.text == ","), None)
    return [*words[comma + 1 :], *words[:comma]] if comma else words


def _told_first(words: list[_Word]) -> list[_Word]:
    """Put ", officials said on Friday" and "according to officials" before what they said, in the same words."""
    marks = [at for at, word in enumerate(words) if word.text == ","]
    if not marks:
        return words
    if [word.text for word in words[:2]] == ["according", "to"] and marks[0] <= _ADJUNCT_WORDS:
        return [*words[2 : marks[0]], _Word("said"), *words[marks[0] :]]
    told = words[marks[-1] + 1 :]
    if [word.text for word in told[:2]] == ["according", "to"]:
        told = [*told[2:], _Word("said")]
    verb = next((at for at, word in enumerate(told) if lemmas_of(word.text) & _TOLD), None)
    if len(told) > _ADJUNCT_WORDS or verb is None:
        return words
    rest = next((at for at in range(verb + 1, len(told)) if _opens_adjunct(told[at])), len(told))
    if rest > verb + 1 and (verb or told[1].text in _PRONOUNS):
        return words  # what was said stands behind the verb
    speaker = told[verb + 1 : rest] if verb == 0 else told[:verb]
    return [*speaker, told[verb], *told[rest:], _Word(","), *words[: marks[-1]]]


def _opens_adjunct(word: _Word) -> bool:
    return word.text in _PREPOSITIONS - {"of"} or word.value in _TIMES or _is_mark(word)


def _active(words: list[_Word]) -> list[_Word]:
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


def _is_participle(word: _Word) -> bool:
    return any(lemma != word.text for lemma in lemmas_by_part(word.text).get("VERB", ()))


def _marked(words: Sequence[_Word]) -> Iterator[_Word]:
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


def _times_agree(first: Sequence[_Word], second: Sequence[_Word]) -> bool:
    """Whether of each kind of time one sentence names no other than the other does, and in the same order."""
    for kind in _TIMES:
        mine, others = ([word.text for word in words if word.value is kind] for words in (first, second))
        short, long = sorted((mine, others), key=len)
        rest = iter(long)
        if not all(time in rest for time in short):
            return False
    return True


def _aligned(first: Sequence[_Word], second: Sequence[_Word]) -> list[tuple[int, int]]:
    """Return the longest list of places of words that say the same, rising in both sentences."""
    best = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for at in range(len(first) - 1, -1, -1):
        for place in range(len(second) - 1, -1, -1):
            taken = best[at + 1][place + 1] + 1 if _same_word(first[at], second[place]) else 0
            best[at][place] = max(taken, best[at + 1][place], best[at][place + 1])
    pairs, at, place = [], 0, 0
    while at < len(first) and place < len(second):
        if _same_word(first[at], second[place]) and best[at][place] == best[at + 1][place + 1] + 1:
            pairs.append((at, place))
            at, place = at + 1, place + 1
        elif best[at + 1][place] >= best[at][place + 1]:
            at += 1
        else:
            place += 1
    return pairs


def _same_word(one: _Word, other: _Word) -> bool:
    if one.text == other.text:
        return True
    if other.text in _SPEAKER_OF.get(one.text, ()) or one.text in _SPEAKER_OF.get(other.text, ()):
        return True
    if one.is_name and other.is_name:
        return are_synonyms(one.text, other.text)
    if one.is_name or other.is_name or one.value or other.value:
        return False
    return not {one.text, other.text} & _TURNING and are_synonyms(one.text, other.text)


def _markers_agree(one: _Word, other: _Word) -> bool:
    first, second = one.marker, other.marker
    if first == second or any({first, second} <= alike for alike in _ALIKE):
        return True
    missing = _MAY_BE_MISSING | {"by"} if one.value else _MAY_BE_MISSING
    return not (first and second) and {first, second} <= missing | {""}


def _runs(words: Sequence[_Word], matched: set[int]) -> list[_Run]:
    runs = []
    for is_matched, places in groupby(range(len(words)), key=lambda at: at in matched):
        run = list(places)
        if not is_matched:
            following = words[run[-1] + 1] if run[-1] + 1 < len(words) else None
            before = words[run[0] - 1] if run[0] else None
            runs.append(_Run(tuple(words[at] for at in run), run[0] == 0, before, following))
    return runs


def _is_moved(run: _Run, other: _Run) -> bool:
    """Whether both are one place, circumstance or description of a name, which may stand in two places."""
    if len(run.words) != len(other.words) or not all(map(_same_word, run.words, other.words)):
        return False
    first, second = run.words[0], other.words[0]
    if all(word.marker or word.parted for word in (first, second)) and not (run.opens or other.opens):
        return first.marker == second.marker
    return (run.names and other.is_named) or (other.names and run.is_named)


def _changes_nothing(run: _Run) -> bool:
    """Whether words that only one sentence has leave its statement what it is."""
    if all(word.text in _PRONOUNS and not word.is_name for word in run.words):
        return True
    if any(_is_turning(word.text) for word in run.words):
        return False
    tells = lemmas_of(run.words[-1].text) & _TOLD or lemmas_of(run.words[0].text) & _TOLD
    if run.opens and tells:
        return True
    if run.names:
        # "President Donald" before Trump, but not "West" before Virginia.
        last = run.words[-1]
        is_part = last.is_capital and is_dictionary_word(last.text)
        return not is_part and all(word.is_name or may_be("NOUN", word.text) for word in run.words)
    return not run.opens and bool(run.words[0].marker or run.words[0].parted)


@cache
def _is_turning(word: str) -> bool:
    return word in _TURNING or denies(word)
