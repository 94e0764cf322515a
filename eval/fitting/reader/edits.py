"""Claims made from the sentences of a passage: true ones, and the same with one thing changed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from assistant.language.types import Value, ValueKind
from assistant.language.values import values_in
from eval.fitting.reader.examples import JUDGES, REFUTED, SUPPORTED, UNKNOWN, Example
from index.splitting.sentences import split_sentences

Edit = tuple[str, tuple[int, int]]
"""A changed claim, and where in it the changed words stand."""

_WORDS = range(7, 45)
_TAKEN_OUT = 0.35
"""Share of sentences that a claim is also made from beside a passage without them."""
_FEWEST_OTHERS = 2
"""Sentences that are left, at least, where one is taken out."""
_SPELT = 0.3
"""Share of clauses whose first small number is put into words."""
_FROM_PASSAGE = 0.4
"""Share of changed numbers that become another of the passage, where it has one."""
_DIGITS = re.compile(r"\d[\d,.]*\d|\d")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’-]+(?: [A-Z][\w’-]+)*")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_TAIL = re.compile(
    r",? (?:which|who|where|while|although|after|before|because|but|and (?:he|she|it|they|was|were|is|has|had))\b.*$",
    re.DOTALL,
)
_HEAD = re.compile(r"^(?:On|In|At|After|Before|During|According to|Since|By|Following)\b[^,]{3,60}, (?=\w)")
_ASIDE = re.compile(r" ?\([^()]{2,60}\)|, (?:which|who)\b[^,]{3,80},")

_OPPOSITES = [
    pair.split("/")
    for pair in (
        "rose/fell increased/decreased increase/decrease won/lost winning/losing approved/rejected "
        "accepted/refused confirmed/denied supported/opposed allowed/banned started/ended began/ended "
        "opened/closed arrested/released before/after first/last largest/smallest highest/lowest north/south "
        "northern/southern east/west eastern/western more/fewer more/less higher/lower most/least early/late "
        "earlier/later above/below with/without all/none many/few always/never often/rarely old/new young/old "
        "large/small long/short strong/weak majority/minority positive/negative inside/outside public/private "
        "guilty/innocent alive/dead male/female men/women man/woman son/daughter father/mother brother/sister "
        "husband/wife king/queen include/exclude including/excluding join/leave joined/left buy/sell "
        "bought/sold praised/criticised praised/criticized agreed/disagreed succeeded/failed gained/lost "
        "expanded/shrank raised/lowered strengthened/weakened improved/worsened passed/rejected "
        "encouraged/discouraged legal/illegal likely/unlikely possible/impossible able/unable "
        "successful/unsuccessful known/unknown domestic/foreign national/international summer/winter "
        "spring/autumn morning/evening day/night left/right upper/lower major/minor maximum/minimum hot/cold "
        "warm/cold wet/dry rich/poor former/current temporary/permanent only/also same/different "
        "remained/left added/removed created/destroyed defended/attacked withdrew/advanced against/for "
        "over/under until/since may/will could/did plans/refuses planned/refused considering/ruling"
    ).split()
]
_OTHER_WAY = {one: other for pair in _OPPOSITES for one, other in (pair, reversed(pair))}
_BOUNDS = {
    "more than": "fewer than", "less than": "more than", "fewer than": "more than", "at least": "at most",
    "at most": "at least", "over": "under", "nearly": "well over", "almost": "more than", "about": "far more than",
    "up to": "at least",
}  # fmt: skip
_HEDGES = {
    "may have": "has", "might have": "has", "could have": "has", "is expected to": "did", "are expected to": "did",
    "is alleged to have": "was proven to have", "allegedly": "provably", "plans to": "did", "planned to": "did",
    "suspected": "convicted", "reportedly": "certainly", "proposed": "adopted", "would": "did", "some": "all",
    "most": "all", "several": "all", "many": "all",
}  # fmt: skip
_AUXILIARY = re.compile(r"\b(is|was|are|were|has|had|have|will|can|could|would|should|did|does)\b(?! not|n't)")
_NOT = re.compile(r"\b(is|was|are|were|has|had|have|will|can|could|would|should|did|does|do) not\b")


def claims_about(
    passage: str, header: str, source: str, group: str, chance: random.Random, most: int
) -> Iterator[Example]:
    """Yield at most `most` claims for each of some sentences: a true one, changed ones, one without its sentence."""
    sentences = [passage[each.start : each.end] for each in split_sentences(passage)]
    fit = [each for each in sentences if len(each.split()) in _WORDS and each[0].isupper() and each.endswith(".")]
    chance.shuffle(fit)
    for sentence in fit[:most]:
        true = _shortened(sentence, chance)
        yield Example(JUDGES, true, passage, SUPPORTED, 0.4, header, None, (), f"made: true {source}", group)
        edits = [edit(true, passage, chance) for edit in chance.sample(EDITS, len(EDITS))]
        for changed, where in [each for each in edits if each][:2]:
            yield Example(
                JUDGES, changed, passage, REFUTED, 0.5, header, None, (where,), f"made: edited {source}", group
            )
        if len(sentences) > _FEWEST_OTHERS and chance.random() < _TAKEN_OUT:
            left = " ".join(each for each in sentences if each != sentence)
            yield Example(JUDGES, true, left, UNKNOWN, 0.4, header, None, None, f"made: taken out {source}", group)


def _shortened(sentence: str, chance: random.Random) -> str:
    """Return a clause that says a part of a sentence: without an aside, a tail or a head, or with a number in words."""
    text = sentence
    for pattern, odds in ((_ASIDE, 0.7), (_TAIL, 0.5), (_HEAD, 0.5)):
        if chance.random() < odds:
            cut = pattern.sub("", text, count=1).strip().rstrip(".,;: ") + "."
            text = cut if len(cut.split()) >= _WORDS.start - 2 else text
    if chance.random() < _SPELT:
        text = re.sub(r"\b(\d{1,2})\b(?=[ ,.][a-z])", lambda match: _in_words(match[1]), text, count=1)
    return text[0].upper() + text[1:]


def _in_words(digits: str) -> str:
    return _NUMBER_WORDS[int(digits)] if int(digits) < len(_NUMBER_WORDS) else digits


def _put(text: str, start: int, end: int, new: str) -> Edit:
    return text[:start] + new + text[end:], (start, start + len(new))


def _number(claim: str, passage: str, chance: random.Random) -> Edit | None:
    in_figures = [(value, _DIGITS.search(claim[value.start : value.end])) for value in values_in(claim)]
    found = [(value, digits) for value, digits in in_figures if digits]
    if not found:
        word = re.search(r"\b(" + "|".join(_NUMBER_WORDS[1:]) + r")\b", claim)
        if not word:
            return None
        new = chance.choice([each for each in _NUMBER_WORDS[2:] if each != word[1]])
        return _put(claim, word.start(), word.end(), new)
    value, digits = chance.choice(found)
    others = [passage[each.start : each.end] for each in values_in(passage) if _like(each, value)]
    if others and chance.random() < _FROM_PASSAGE:
        return _put(claim, value.start, value.end, chance.choice(others))
    return _put(
        claim, value.start + digits.start(), value.start + digits.end(), _changed(digits.group(), value, chance)
    )


def _like(one: Value, other: Value) -> bool:
    return one.kind is other.kind and one.amount != other.amount


def _changed(digits: str, value: Value, chance: random.Random) -> str:
    if value.kind is ValueKind.YEAR:
        return str(int(digits) + chance.choice([-10, -3, -2, -1, 1, 2, 3, 10]))
    places = [place for place, letter in enumerate(digits) if letter.isdigit()]
    place = chance.choice(places[: max(1, len(places) - 1)])
    new = chance.choice([each for each in "123456789" if each != digits[place]])
    return digits[:place] + new + digits[place + 1 :]


_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _day(claim: str, _: str, chance: random.Random) -> Edit | None:
    for words in (_DAYS, _MONTHS):
        if found := re.search(r"\b(" + "|".join(words) + r")\b", claim):
            return _put(claim, found.start(), found.end(), chance.choice([each for each in words if each != found[1]]))
    return None


def _name(claim: str, passage: str, chance: random.Random) -> Edit | None:
    found = list(_NAME.finditer(claim))
    if not found:
        return None
    gone = chance.choice(found)
    others = [
        name
        for name in set(_NAME.findall(passage))
        if name not in claim and not set(name.split()) & set(gone.group().split()) and name not in _MONTHS + _DAYS
    ]
    return _put(claim, gone.start(), gone.end(), chance.choice(sorted(others))) if others else None


def _swap(claim: str, _: str, chance: random.Random) -> Edit | None:
    found = [
        match
        for match in re.finditer(r"\b[A-Z][\w’-]+(?: [A-Z][\w’-]+)*", claim)
        if match.group() not in _MONTHS + _DAYS
    ]
    found = [match for match in found if match.start() or len(match.group().split()) > 1]
    if not found[1:]:
        return None
    one, other = found[0], chance.choice(found[1:])
    between = claim[one.end() : other.start()]
    if len(between.split()) <= 1 or re.fullmatch(r"[\s,]*(?:and|or|,)?[\s,]*", between):
        return None
    changed = claim[: one.start()] + other.group() + between + one.group() + claim[other.end() :]
    return changed, (one.start(), one.start() + len(other.group()))


def _negated(claim: str, _: str, chance: random.Random) -> Edit | None:
    if found := _NOT.search(claim):
        return _put(claim, found.start(), found.end(), found[1])
    places = list(_AUXILIARY.finditer(claim))
    if not places:
        return None
    place = chance.choice(places)
    return _put(
        claim, place.start(), place.end(), chance.choice([f"{place[1]} not", f"{place[1]} never", f"{place[1]} not"])
    )


def _from(table: dict[str, str]) -> Callable[[str, str, random.Random], Edit | None]:
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, table)) + r")\b")

    def edit(claim: str, _: str, chance: random.Random) -> Edit | None:
        found = list(pattern.finditer(claim))
        if not found:
            return None
        match = chance.choice(found)
        return _put(claim, match.start(), match.end(), table[match[1]])

    return edit


EDITS: tuple[Callable[[str, str, random.Random], Edit | None], ...] = (
    _number,
    _day,
    _name,
    _swap,
    _negated,
    _from(_OTHER_WAY),
    _from(_BOUNDS),
    _from(_HEDGES),
)
