"""Whether a claim puts another name in the place of one of its source."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.language.names import is_name, joined_names, name_key, names_in
from assistant.language.words import base_of, is_dictionary_word, tokens
from index.splitting.sentences import split_sentences
from index.splitting.terms import STOPWORDS

_ALIKE, _FEWEST = 0.75, 3
"""Share, and number, of a claim's content words besides names that a sentence has in order to tell who did it ..."""
_NEARLY_THE_SAME, _MANY = 0.9, 5
"""... and those to tell it even of a name that the sentence has in another place. Measured on eval/data/claims.jsonl,
of whose true claims none is lost by it."""
_REFERS_BACK = 2
"""Sentences before its own in which a pronoun finds its name."""
_PRONOUNS = frozenset("he she they it him her them his hers their its".split())
_LISTS = frozenset("and or".split())


def someone_else(claim: str, source: str) -> list[str]:
    """Return the names of a claim that stand in the place of another name, or of a pronoun that cannot mean them.

    The sentence of the source with most of the claim's words in their order tells; where none has enough, nothing is
    said. Names are returned as they stand.
    """
    known = {name for name in (*names_in(source), *names_in(claim)) if is_name(name)}
    sentences = [_Frame.of(sentence.text, known) for sentence in split_sentences(source)]
    said = _Frame.of(claim, known)
    if not sentences or not any(said.names):
        return []
    matchers = [SequenceMatcher(None, said.keys, sentence.keys, autojunk=False) for sentence in sentences]
    content = [bool(key) and key[0].isalpha() and key not in STOPWORDS for key in said.keys]
    same = [
        sum(sum(content[block.a : block.a + block.size]) for block in matcher.get_matching_blocks())
        for matcher in matchers
    ]
    at = max(range(len(sentences)), key=same.__getitem__)
    share = same[at] / max(1, sum(content))
    if share < _ALIKE or same[at] < _FEWEST:
        return []
    written = sentences[at]
    is_same = share >= _NEARLY_THE_SAME and same[at] >= _MANY
    elsewhere = set() if is_same else written.all_names()
    before = {key for sentence in sentences[max(0, at - _REFERS_BACK) : at] for key in sentence.all_names()}
    found = []
    for kind, start, end, first, last in matchers[at].get_opcodes():
        pairs = zip(range(start, end), range(first, last), strict=False)
        for place, there in pairs if kind == "equal" or (end - start, last - first) == (1, 1) else ():
            name, other = said.names[place], written.names[there]
            unknown = not set(name) & (elsewhere | written.around(there))
            other_name = bool(other) and (unknown or _namesakes(name, other))
            other_one = not other and unknown and written.keys[there] in _PRONOUNS and not set(name) & before
            if name and (other_name or other_one):
                found.append(said.shown[place])
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Frame:
    """The words of a sentence with every name as one place, which is alike for all names."""

    keys: tuple[str, ...]
    """What is compared of each place: a base form or small letters; empty for a name."""
    names: tuple[tuple[str, ...], ...]
    """The name keys of each place; none for other words."""
    shown: tuple[str, ...]

    @classmethod
    def of(cls, text: str, known: Set[str]) -> _Frame:
        keys: list[str] = []
        names: list[tuple[str, ...]] = []
        shown: list[str] = []
        goes_on = False
        for word in tokens(joined_names(text)):
            named = word in known
            if named and goes_on:
                names[-1] += (name_key(word),)
                shown[-1] += f" {word}"
            elif word[0].isalnum():
                keys.append("" if named else base_of(word) or word.lower())
                names.append((name_key(word),) if named else ())
                shown.append(word)
            goes_on = named or (goes_on and word == ".")
        return cls(tuple(keys), tuple(names), tuple(shown))

    def all_names(self) -> set[str]:
        return {key for name in self.names for key in name}

    def around(self, place: int) -> set[str]:
        """Return the keys of the name at a place, and of those that it is listed with."""
        found = set(self.names[place])
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(self.keys) and (self.names[at] or self.keys[at] in _LISTS):
                found.update(self.names[at])
                at += step
        return found


def _namesakes(name: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names share a word, and are of two: Ann Bell and Tom Bell, but not President Bell."""
    here, there = set(name) - set(other), set(other) - set(name)
    given = [word for word in here | there if not is_dictionary_word(word)]
    return bool(here and there) and len(given) == len(here | there)
