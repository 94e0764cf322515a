"""Whether two sentences make the same statement, so that one may be cited for what the other says.

That is decided by what can be shown, not by likeness: the words of the one stand in the other, in the same order, as
the same word, a form of it or a synonym. What only one of them says must be an addition that changes nothing (where,
when, who says so, a first name). Whatever is left over on both sides may be where they differ, and then they are two
statements; so are sentences that say the same in too different words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from assistant.language.negation import denies
from assistant.language.word_order import MAY_BE_MISSING, PRONOUNS, TIMES, TOLD, TURNING, Word, words_in_order
from assistant.language.words import is_dictionary_word, may_be
from index.splitting.dictionary import are_synonyms, lemmas_of

_ALIKE = ({"in", "on", "at", "during", "within", "inside", "across", "through"}, {"of", "in", "at"})
"""Prepositions of place and time that stand for one another."""
_SPEAKER_OF = {"i": ("he", "she"), "my": ("his", "her"), "me": ("him", "her"), "we": ("they",), "our": ("their",)}
"""What a speaker says of himself, and what a report makes of it."""
_LONGEST = 120
"""Words of a sentence up to which it is compared, for each with each takes the square of them."""
_SHARED = 0.25
"""Share of the shorter sentence's words below which two sentences are not looked at more closely."""


def same_statement(one: str, other: str) -> bool:
    """Whether two sentences state the same; in doubt, not. Either may say more, if that changes nothing."""
    if one == other:
        return True
    if _is_long(one) or _is_long(other):
        return False
    first, second = map(words_in_order, sorted((one, other)))
    if not _share_words(first, second) or not _times_agree(first, second):
        return False
    first, second = (tuple(word for word in words if word.value not in TIMES) for words in (first, second))
    pairs = _aligned(first, second)
    if not pairs or any(not _markers_agree(first[at], second[place]) for at, place in pairs):
        return False
    left = _runs(first, {at for at, _ in pairs})
    right = _runs(second, {place for _, place in pairs})
    for run in list(left):
        moved = next((other for other in right if _describes_the_same(run, other)), None)
        if moved:
            left.remove(run)
            right.remove(moved)
    if left and right:
        return False
    return all(_changes_nothing(run) for run in (*left, *right))


def states_all_of(sentence: str, claim: str) -> bool:
    """Whether a sentence makes the statement of a claim, and has each of its words: the claim may only say less."""
    if not same_statement(claim, sentence):
        return False
    first, second = ([word for word in words_in_order(text) if word.value not in TIMES] for text in (claim, sentence))
    return claim == sentence or not _runs(first, {at for at, _ in _aligned(first, second)})


def in_one_order(one: str, other: str) -> bool:
    """Whether the names and things that two sentences share come in one order, both turned into the active voice."""
    if _is_long(one) or _is_long(other):
        return False
    first, second = ([word for word in words_in_order(text) if _is_thing(word)] for text in (one, other))
    taken: list[int] = []
    for word in first:
        place = next((at for at, each in enumerate(second) if at not in taken and _same_word(word, each)), None)
        if place is not None:
            taken.append(place)
    return taken == sorted(taken)


def _is_thing(word: Word) -> bool:
    return word.value not in TIMES and (word.is_name or may_be("NOUN", word.text))


def _is_long(sentence: str) -> bool:
    return len(sentence.split()) > _LONGEST


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring words that the other sentence lacks, and the word behind them."""

    words: tuple[Word, ...]
    opens: bool
    """Whether the sentence begins with them."""
    before: Word | None
    following: Word | None

    @property
    def names(self) -> bool:
        """Whether a name follows that they may describe: "chancellor" before Merkel."""
        return self.following is not None and self.following.is_name and not self.following.marker

    @property
    def is_named(self) -> bool:
        """Whether they may describe the name before: ", the chancellor"."""
        return self.before is not None and self.before.is_name and self.words[0].parted


def _share_words(first: Sequence[Word], second: Sequence[Word]) -> bool:
    """Whether enough words are the same, letter by letter, that it is worth looking for synonyms."""
    shared = {word.text for word in first} & {word.text for word in second}
    return len(shared) >= _SHARED * min(len(first), len(second)) > 0


def _times_agree(first: Sequence[Word], second: Sequence[Word]) -> bool:
    """Whether of each kind of time one sentence names no other than the other does, in the same order and place."""
    for kind in TIMES:
        mine, others = (
            [(word.text, before) for before, word in _with_word_before(words) if word.value is kind]
            for words in (first, second)
        )
        short, long = sorted((mine, others), key=len)
        rest = iter(long)
        for text, before in short:
            if not any(text == other and _same_place(before, place) for other, place in rest):
                return False
    return True


def _with_word_before(words: Sequence[Word]) -> Iterator[tuple[Word | None, Word]]:
    """Yield each word with the last one before it that is no time; at the end of the sentence with none."""
    last = max((at for at, word in enumerate(words) if word.value not in TIMES), default=0)
    before = None
    for at, word in enumerate(words):
        yield (before if at < last else None), word
        before = before if word.value in TIMES else word


def _same_place(one: Word | None, other: Word | None) -> bool:
    return one is other if one is None or other is None else _same_word(one, other)


def _aligned(first: Sequence[Word], second: Sequence[Word]) -> list[tuple[int, int]]:
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


def _same_word(one: Word, other: Word) -> bool:
    if one.text == other.text:
        return True
    if other.text in _SPEAKER_OF.get(one.text, ()) or one.text in _SPEAKER_OF.get(other.text, ()):
        return True
    if one.is_name and other.is_name:
        return are_synonyms(one.text, other.text)
    if one.is_name or other.is_name or one.value or other.value:
        return False
    return not {one.text, other.text} & TURNING and are_synonyms(one.text, other.text)


def _markers_agree(one: Word, other: Word) -> bool:
    first, second = one.marker, other.marker
    if first == second or any({first, second} <= alike for alike in _ALIKE):
        return True
    missing = MAY_BE_MISSING | {"by"} if one.value else MAY_BE_MISSING
    return not (first and second) and {first, second} <= missing | {""}


def _runs(words: Sequence[Word], matched: set[int]) -> list[_Run]:
    runs = []
    for is_matched, places in groupby(range(len(words)), key=lambda at: at in matched):
        run = list(places)
        if not is_matched:
            following = words[run[-1] + 1] if run[-1] + 1 < len(words) else None
            before = words[run[0] - 1] if run[0] else None
            runs.append(_Run(tuple(words[at] for at in run), run[0] == 0, before, following))
    return runs


def _describes_the_same(run: _Run, other: _Run) -> bool:
    """Whether both are one description of one name, before it or behind."""
    if len(run.words) != len(other.words) or not all(map(_same_word, run.words, other.words)):
        return False
    return any(
        one.names and two.is_named and one.following and two.before and one.following.text == two.before.text
        for one, two in ((run, other), (other, run))
    )


def _changes_nothing(run: _Run) -> bool:
    """Whether words that only one sentence has leave its statement what it is."""
    if all(word.text in PRONOUNS and not word.is_name for word in run.words):
        return True
    if any(_is_turning(word.text) for word in run.words):
        return False
    tells = lemmas_of(run.words[-1].text) & TOLD or lemmas_of(run.words[0].text) & TOLD
    if run.opens and tells:
        return True
    if run.names:
        # "President Donald" before Trump, but not "West" before Virginia.
        last = run.words[-1]
        is_part = last.is_capital and is_dictionary_word(last.text)
        return not is_part and all(word.is_name or may_be("NOUN", word.text) for word in run.words)
    if run.opens:
        return False
    opens_clause = run.words[0].parted and may_be("VERB", run.words[-1].text)  # ", critics fear"
    return bool(run.words[0].marker) or (run.words[0].parted and not opens_clause)


@cache
def _is_turning(word: str) -> bool:
    return word in TURNING or denies(word)
