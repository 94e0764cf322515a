"""Words as they were typed: a question's slips of the keyboard, mended against the words of the collection.

Only a word that no article has in any form, and no English dictionary, is taken for a slip. It is mended where one word
of the collection is nearest to it, one slip away or, of a long word, two. Whoever calls shows what was changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from assistant.language.amounts import SMALL_NUMBERS
from assistant.language.times import MONTH_NUMBERS, WEEKDAYS
from assistant.language.words import forms_of, is_dictionary_word
from assistant.question.spelling.near_words import LONGEST_WORD, exchanges_vowels, is_plain_slip, nearest, plain_slips
from assistant.reader.encoding import UNKNOWN, tokens_of
from index.search import Searcher
from index.splitting.dictionary import has_entry
from index.splitting.terms import STOPWORDS, terms

_PART = 4
"""Letters of each of two words that are written in one, at least."""
_FEWEST_LETTERS = 4
"""Letters of a word that is mended at all."""
_SHORT_NAME = 5
"""Letters up to which another name is as likely as a slip: "Merz", "Metz"."""
_MOST_WORDS = 60
"""Words of a question that is mended: a longer one is a text that somebody put in."""
_MOST_CANDIDATES = 6
"""Words equally near that are compared by what they stand with; among more there is nothing to choose."""
_CLEARLY = 2.0
"""Times as often that a word stands with the rest of the question as the next best: measured on samples with slips."""
_COMMONER = 20
"""Times as many articles that hold a word as the next, so that it is taken where nothing else decides."""
_COMMON_SHARE, _FEW_ARTICLES = 0.1, 5
"""Of all articles, or how many, up to which a word tells something of what it stands with."""
_ENGLISH_SHARE, _OF_TWO = 0.6, 2
"""Of the other words in small letters, or one of two, those that English has: of another language we know no forms."""
_WORD = re.compile(r"(?<![\w'’@/.])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w@/]|\.\w)")
_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN = STOPWORDS | MONTH_NUMBERS.keys() | WEEKDAYS.keys() | SMALL_NUMBERS.keys()


class Vocabulary(Protocol):
    """The words of a collection."""

    def holds(self, word: str) -> bool:
        """Whether an article has a word or another form of it; quick."""

    def words(self) -> Mapping[str, int]:
        """Return the collection's words, in small letters, with how many articles hold each; the same while it is."""

    def texts_with(self, word: str) -> Sequence[str]:
        """Return texts of articles that have a word, in any case, also inside a longer one."""


@dataclass(frozen=True, slots=True)
class SearchedWords:
    """The words of the collection that a searcher reads."""

    searcher: Searcher

    def holds(self, word: str) -> bool:
        """Whether a passage has a word or another form of it: such a word is less rare than one that nothing has."""
        absent = self.searcher.rarity("")
        return any(self.searcher.rarity(term) < absent for term in terms(word))

    def words(self) -> Mapping[str, int]:
        """Return the words of the newest articles, counted at first need."""
        return self.searcher.library.words()

    def texts_with(self, word: str) -> Sequence[str]:
        """Return the newest texts that have a word."""
        return self.searcher.library.texts_with(word)


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its slips mended."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()
    """Each word as it was typed, and what it was taken for."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word of a question that may be a slip, and what stands around it."""

    word: str
    start: int
    opens: bool
    before: str
    behind: str
    others: frozenset[str]
    """The other words, without function words."""

    @property
    def is_name(self) -> bool:
        return self.word[0].isupper() and not self.opens


def mended(question: str, vocabulary: Vocabulary) -> Mended:
    """Return a question with its slips mended: words that nobody has written become the nearest that somebody has.

    One slip is a letter too many, too few or wrong, or two neighbours swapped; two are mended from eight letters on.
    The first letter is right, or is swapped or left out, or one stands before it. Of words equally near, that is taken
    which clearly stands with the other words of the question; if none does, the word stays. Left alone are words of
    articles and of English, capitals ("NATO"), contractions, numbers and whatever stands in a question of another
    language. A word of four letters takes a swap, or a telling word of the question in an article with what it becomes.
    Telling are words that stand in few articles.

    A name may be somebody else's. A capitalised word becomes only a word that the articles write so, and only
    - beside the same name as there: "Donald Trunp"; or
    - where two letters are swapped, or one is doubled or not, and a telling word of the question is in an article with
      it, or two are swapped in a name of six letters; or
    - from six letters on, where one article has all telling words of the question with it. Then no vowel is exchanged
      for another, the first letter is right, neither is the other with an ending ("America"), and for a letter too
      many the question has two telling words.
    So "Merz" never becomes "Metz", nor "Hanson" "Hansen", by themselves. Of names in small letters less is asked: one
    telling word, from six letters on.
    """
    changes: list[tuple[str, str]] = []
    text, end = [], 0
    for typed in _slips(question, vocabulary):
        taken = _taken(typed, vocabulary)
        if taken:
            taken = taken.capitalize() if typed.word[0].isupper() else taken
            changes.append((typed.word, taken))
            text += [question[end : typed.start], taken]
            end = typed.start + len(typed.word)
    return Mended("".join(text) + question[end:], tuple(changes))


def _slips(question: str, vocabulary: Vocabulary) -> Iterator[_Typed]:
    """Yield the words that neither an article nor English has."""
    found = list(islice(_WORD.finditer(question), _MOST_WORDS + 1))
    if len(found) > _MOST_WORDS:
        return
    words = [_bare(match[0]) for match in found]
    lowered = [word.lower() for word in words]
    english = [_is_english(word) for word in lowered]
    for place, word in enumerate(words):
        contracted = "'" in word or "’" in word
        spared = contracted or (word.isupper() and len(word) > 1) or any(letter.isupper() for letter in word[1:])
        if spared or not _FEWEST_LETTERS <= len(word) <= LONGEST_WORD or english[place]:
            continue
        around = [english[at] for at, other in enumerate(words) if at != place and (other.islower() or at == 0)]
        fewest = 1 if len(around) == _OF_TWO else _ENGLISH_SHARE * len(around)
        if sum(around) < fewest or vocabulary.holds(word):
            continue
        yield _Typed(
            word, found[place].start(), place == 0,
            lowered[place - 1] if place else "", lowered[place + 1] if place + 1 < len(words) else "",
            frozenset(other for at, other in enumerate(lowered) if at != place and other not in STOPWORDS),
        )  # fmt: skip


def _bare(word: str) -> str:
    """Return a word without its possessive ending."""
    for ending in ("'s", "’s", "'S", "’S"):
        word = word.removesuffix(ending)
    return word


def _is_english(word: str) -> bool:
    """Whether a word is one: in a dictionary, among the reader's whole words, or two words in one: "handover"."""
    if _is_in_dictionary(word) or _is_whole(word):
        return True
    cuts = range(_PART, len(word) - _PART + 1)
    return any(all(is_dictionary_word(part) and _is_whole(part) for part in (word[:cut], word[cut:])) for cut in cuts)


def _is_in_dictionary(word: str) -> bool:
    return word in _KNOWN or is_dictionary_word(word) or has_entry(word)


def _is_whole(word: str) -> bool:
    """Whether the reader's vocabulary has a word in one piece, as it has the frequent ones."""
    ids = tokens_of(word).ids
    return len(ids) == 1 and ids[0] != UNKNOWN


def _taken(typed: _Typed, vocabulary: Vocabulary) -> str:
    """Return the word that a slip is taken for; nothing where none is nearest, or another may well be meant."""
    counts, word = vocabulary.words(), typed.word.lower()
    if any(form in counts for form in forms_of(word)):
        return ""
    near = [one for one in nearest(word, counts) if is_plain_slip(word, one) or not _is_small_word(one)]
    plain = [one for one in near if is_plain_slip(word, one)]
    near = plain or near
    if not 1 <= len(near) <= _MOST_CANDIDATES:
        return ""
    telling = _telling(typed.others, counts)
    found = [_candidate(one, typed, telling, vocabulary.texts_with(one), counts[one]) for one in near]
    if not plain and any(map(_is_in_dictionary, plain_slips(word))):  # it may be one that the collection lacks
        found = [one for one in found if one.beside]
    return _fitting(typed, [one for one in found if one.is_likely(typed)])


def _telling(words: frozenset[str], counts: Mapping[str, int]) -> list[set[str]]:
    """Return the forms of the words that stand in few articles: "Brexit", but not "say"."""
    common = max(_FEW_ARTICLES, _COMMON_SHARE * max(counts.values(), default=0))
    held = [(forms, max(counts.get(form, 0) for form in forms)) for forms in map(forms_of, words)]
    return [forms for forms, articles in held if 0 < articles <= common]


def _fitting(typed: _Typed, candidates: Sequence[_Candidate]) -> str:
    """Return the candidate that stands in the articles as the typed word does in the question; nothing if none does."""
    candidates = [one for one in candidates if one.beside] or candidates
    if len(candidates) == 1:
        return candidates[0].word
    ranked = sorted(candidates, key=lambda one: -one.share)
    if ranked and ranked[0].share > _CLEARLY * ranked[1].share:
        return ranked[0].word
    common = sorted(candidates, key=lambda one: -one.count)
    is_clear = bool(common) and not typed.is_name and common[0].count >= _COMMONER * common[1].count
    return common[0].word if is_clear else ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A word that a slip may stand for, with what speaks for it."""

    word: str
    count: int
    """Articles that hold it."""
    is_name: bool
    """Whether most of them write it with a capital."""
    beside: bool
    """Whether it has the same neighbour somewhere as in the question: "el paso"; of a name, another name."""
    share: float
    """How many of the question's telling words stand in an article with it, of all, on average."""
    most: int
    """How many of them stand in one article with it, at most."""
    telling: int
    """How many there are."""

    def is_likely(self, typed: _Typed) -> bool:
        """Whether it may be taken for what was typed; a name only where it can hardly be somebody else's."""
        if self.beside:
            return True
        if not self.is_name:
            tells = self.most > 0 or len(typed.word) > _FEWEST_LETTERS or is_plain_slip(typed.word.lower(), self.word)
            return tells and not typed.is_name
        word, all_held = typed.word.lower(), self.most == self.telling > 0
        if is_plain_slip(word, self.word):
            return self.most > 0 or (len(word) == len(self.word) and len(word) > _SHORT_NAME)
        if word[0] != self.word[0] or len(word) <= _SHORT_NAME:
            return typed.word.islower() and all_held
        if typed.word.islower():
            return self.most > 0
        if len(word) > len(self.word):
            return all_held and self.telling > 1 and not word.startswith(self.word)
        return all_held and not exchanges_vowels(word, self.word) and not self.word.startswith(word)


def _candidate(word: str, typed: _Typed, telling: list[set[str]], texts: Sequence[str], count: int) -> _Candidate:
    small = re.compile(rf"\b{re.escape(word)}\b")
    is_name = 2 * sum(small.search(text) is not None for text in texts) < len(texts)
    words = [set(_LETTERS.findall(text.lower())) for text in texts]
    held = [sum(not forms.isdisjoint(these) for forms in telling) for these in words]
    share = sum(held) / (len(held) * len(telling)) if held and telling else 0.0
    beside = _stands_beside(word, typed, texts, is_name=is_name)
    return _Candidate(word, count, is_name, beside, share, max(held, default=0), len(telling))


def _stands_beside(word: str, typed: _Typed, texts: Sequence[str], is_name: bool) -> bool:
    pairs = [
        (first, second)
        for first, second in ((typed.before, word), (word, typed.behind))
        if first and second and not {first, second} & STOPWORDS
    ]
    if is_name:
        pairs = [(first.capitalize(), second.capitalize()) for first, second in pairs]
    flags = re.NOFLAG if is_name else re.IGNORECASE
    patterns = [rf"\b{re.escape(first)}\W{{1,3}}{re.escape(second)}\b" for first, second in pairs]
    return any(re.search(pattern, text, flags) for pattern in patterns for text in texts)


def _is_small_word(word: str) -> bool:
    return word in STOPWORDS and len(word) <= _FEWEST_LETTERS
