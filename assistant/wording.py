"""How the words of a claim compare with those of its sources: what is covered, negated, turned round or renamed.

Everything here works on words and their places, for English; it needs no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from index.lexical import STOPWORDS, terms
from index.sentences import split_sentences

_TOKEN = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*|[;:.!?,()]")
_CLAUSE = re.compile(
    r"(?:,\s*|\s+)(?=(?:and|but|while|whereas|because|although|though|so|yet)\s)|[;:]\s+"
    r"|,\s*(?=(?:who|which|where|with|after|before)\s)|\s[–—]\s"
)
_CLAUSE_MIN_TERMS = 2
_SEGMENT = re.compile(
    r"[,;:]\s+|\s[–—]\s|\s+(?=(?:and|but|while|when|because|after|before|that|which|who|whom|although|though|as|until)\s)"
)
_SEGMENT_MIN_TERMS = 3

_NEGATIONS = frozenset(
    "not no never without nobody none nothing neither nor nowhere cannot hardly scarcely barely".split()
)
_REFUSALS = frozenset(
    "refuse reject deny decline fail lack unable exclude dismiss oppose forbid ban prevent prohibit withhold cancel "
    "impossible unchanged unwilling absence absent missing unclear unknown false wrong".split()
)
_NEGATED_WORDS = 5
"""Words behind a negation that it is taken to negate, unless the clause ends before."""

_OPPOSITES_TEXT = """
accept agree approve consent / refuse reject decline disagree oppose
rise grow increase climb gain / fall drop decline decrease shrink lose
raise expand extend double widen / lower cut reduce narrow shorten halve
before earlier / after later
more over above exceed / less fewer under below
begin start open launch resume / end stop finish close halt suspend conclude
win succeed / lose fail
confirm acknowledge admit / deny dispute
allow permit let / ban forbid prohibit bar block
support back endorse favour favor welcome / oppose criticise criticize reject condemn
arrive enter come / leave depart exit go
include contain involve / exclude omit
release free / detain jail arrest imprison hold
attack strike / defend spare
first / last
all every both / none neither
always / never
many much most / few little least
possible able / impossible unable
better / worse
likely certain clear / unlikely uncertain unclear
same equal / different other
inside within / outside
public open / secret private closed
wide broad general full complete / narrow limited partial
long / short brief
new / old
buy / sell
give send deliver supply / receive take get
raise / lower
strengthen / weaken
alive survive / dead die
peaceful calm / violent
friendly warm / hostile cold
large big great high / small little low
early / late
near / far
strong / weak
north / south
east / west
voluntary / forced compulsory
temporary / permanent
safe / dangerous
keep remain continue / change stop leave abandon
easy / hard difficult
happy glad pleased / unhappy sad angry
present / absent
true right correct / false wrong incorrect
heavy / light
quick fast / slow
day / night
morning / evening
direct / indirect
success / failure
increase / cut
optimistic hopeful / pessimistic sceptical skeptical doubtful
"""

_SAME_NAMES = (
    "us u.s america american americans united-states washington",
    "uk u.k britain british briton britons united-kingdom london",
    "eu e.u european-union brussels",
    "un u.n united-nations",
    "russia russian russians moscow kremlin",
    "ukraine ukrainian ukrainians kyiv kiev",
    "france french paris",
    "germany german germans berlin",
    "china chinese beijing",
    "israel israeli israelis jerusalem",
    "iran iranian iranians tehran",
    "turkey turkish turks ankara türkiye",
    "poland polish poles warsaw",
    "spain spanish madrid",
    "denmark danish danes copenhagen",
    "finland finnish finns helsinki",
    "netherlands dutch hague",
    "switzerland swiss",
    "ireland irish dublin",
    "wales welsh",
    "greece greek greeks athens",
    "sweden swedish swedes stockholm",
    "norway norwegian norwegians oslo",
    "saudi saudis riyadh",
    "japan japanese tokyo",
    "india indian delhi",
    "uae emirates emirati",
)
"""Ways to name one country or its government that reports use for one another."""

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+\s+){0,2}?\w+(?:ed|en|un|ung|t)\b(?:\s+\w+){0,8}?\s+by\b",
    re.IGNORECASE,
)


def words_of(text: str) -> list[str]:
    """Return the content words of a text as base forms, each once, in order: "struck" and "strikes" are "strike"."""
    return list(dict.fromkeys(base for base in (base_of(word) for word in _tokens(text)) if base))


def content_tokens(text: str) -> list[str]:
    """Return the content words of a text in small letters, in order, repeated ones too."""
    return [word.lower() for word in _tokens(text) if base_of(word)]


@cache
def base_of(word: str) -> str:
    """Return the index term of a word's base form; empty for function words and marks."""
    lowered = word.lower()
    if lowered in STOPWORDS or not lowered[0].isalnum():
        return ""
    found = terms(lemma_of(lowered))
    return found[0] if found else ""


@cache
def lemma_of(word: str) -> str:
    """Return the dictionary form of an English word; the word itself when it is in no dictionary."""
    lemmas = _lemmas(word)
    for part in ("VERB", "NOUN", "ADJ", "ADV", "AUX"):
        if lemmas.get(part):
            return str(lemmas[part][0])
    return word


def is_dictionary_word(word: str) -> bool:
    """Whether an English dictionary has the word in small letters."""
    return bool(_lemmas(word.lower()))


@cache
def _lemmas(word: str) -> Mapping[str, Sequence[str]]:
    import lemminflect

    found: Mapping[str, Sequence[str]] = lemminflect.getAllLemmas(word)
    return found


def clauses(text: str) -> list[str]:
    """Return the clauses of a sentence: parts with enough content to be right or wrong by themselves."""
    parts: list[str] = []
    for part in _CLAUSE.split(text):
        if parts and len(words_of(part)) < _CLAUSE_MIN_TERMS:
            parts[-1] += " " + part
        elif part.strip():
            parts.append(part)
    if len(parts) > 1 and len(words_of(parts[0])) < _CLAUSE_MIN_TERMS:
        parts[:2] = [f"{parts[0]} {parts[1]}"]
    return parts or [text]


def segments(sentence: str) -> list[str]:
    """Return the parts of a sentence, and pairs of neighbouring ones, that say enough to be compared by themselves."""
    parts = [part.strip() for part in _SEGMENT.split(sentence)]
    parts += [f"{first} {second}" for first, second in pairwise(parts)]
    return [part for part in parts if len(words_of(part)) >= _SEGMENT_MIN_TERMS and part != sentence]


def covered(text: str, source: set[str], rarity: Callable[[str], float]) -> float:
    """Return the weighted share of a text's content words that the source has, 0 to 1; 1 without content words."""
    wanted = words_of(text)
    total = sum(rarity(word) for word in wanted)
    return sum(rarity(word) for word in wanted if word in source) / total if total else 1.0


# --- negation ------------------------------------------------------------------------------------------------------


def polarity(text: str) -> dict[str, set[bool]]:
    """Return for each content word whether it stands negated, affirmed, or both."""
    found: dict[str, set[bool]] = {}
    left = 0
    for word in _tokens(_NO_NEGATION.sub(" ", text)):
        lowered = word.lower()
        if not lowered[0].isalnum():
            left = 0
            continue
        base = base_of(word)
        if base and lowered not in _NEGATIONS:
            found.setdefault(base, set()).add(left > 0)
        if _negates(lowered):
            left = 0 if left else _NEGATED_WORDS
        elif left:
            left -= 1
    return found


def negations(text: str) -> int:
    """Return how many words of a text negate."""
    return sum(_negates(word.lower()) for word in _tokens(text) if word[0].isalnum())


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t")) or lemma_of(word) in _REFUSALS


_ENDINGS = frozenset("end stop halt cease suspend drop abandon omit leave lift free spare avoid".split())
_NO_NEGATION = re.compile(
    r"\b(?:as long as|not long|not only|no doubt|no less than|no more than|whether or not|not least|no sooner|nor)\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether a text denies or ends something: an odd number of negating words."""
    words = [word.lower() for word in _tokens(_NO_NEGATION.sub(" ", text)) if word[0].isalnum()]
    return sum(_negates(word) or lemma_of(word) in _ENDINGS for word in words) % 2 == 1


def contradicting_polarity(claim: str, source: str) -> list[str]:
    """Return the shared words that one text negates and the other affirms."""
    said, written = polarity(claim), polarity(source)
    return [word for word, sides in said.items() if word in written and not sides & written[word]]


def opposites(claim: str, source: str) -> list[tuple[str, str]]:
    """Return pairs of a claim's word and its opposite that only the source has, at equal negation."""
    said, written = polarity(claim), polarity(source)
    return [
        (word, other)
        for word, sides in said.items()
        if word not in written
        for other in _opposites_of(word)
        if other in written and other not in said and sides & written[other]
    ]


@cache
def _opposites_of(word: str) -> frozenset[str]:
    table: dict[str, set[str]] = {}
    for line in _OPPOSITES_TEXT.strip().splitlines():
        left, right = ({base_of(entry) for entry in side.split()} - {""} for side in line.split("/"))
        for entry in left:
            table.setdefault(entry, set()).update(right)
        for entry in right:
            table.setdefault(entry, set()).update(left)
    return frozenset(table.get(word, ()))


# --- who did what to whom ------------------------------------------------------------------------------------------


def turned_round(claim: str, source: str) -> list[tuple[str, str, str]]:
    """Return (name, verb, name) of a claim that the source has only the other way round; a passive counts as turned."""
    said, written = _triples(claim), _triples(source)
    return [
        (first, verb, second)
        for first, verb, second in said
        if (second, verb, first) in written and (first, verb, second) not in written
    ]


def other_doer(claim: str, source: str) -> list[tuple[str, str]]:
    """Return (name, verb) of a claim where the source has the verb too, but always behind other names."""
    if _PASSIVE.search(claim) or _PASSIVE.search(source):
        return []
    said, written = _doers(claim), _doers(source)
    known = {name for names in written.values() for name in names}
    return [
        (name, verb)
        for verb, names in said.items()
        for name in names
        if written.get(verb) and name not in written[verb] and name in known
    ]


def _triples(text: str) -> set[tuple[str, str, str]]:
    """Return the names before and behind each possible verb, near it."""
    found: set[tuple[str, str, str]] = set()
    for sentence in split_sentences(text):
        passive = bool(_PASSIVE.search(sentence.text))
        placed = [word for word in _tokens(_joined_names(sentence.text)) if word[0].isalnum()]
        for index, word in enumerate(placed):
            if not _may_be_verb(word):
                continue
            before = _names_among(placed[max(0, index - _NEAR_VERB) : index])
            behind = _names_among(placed[index + 1 : index + 1 + _NEAR_VERB])
            pairs = {(first, base_of(word), second) for first in before for second in behind if first != second}
            found |= {(second, verb, first) for first, verb, second in pairs} if passive else pairs
    return found


def _doers(text: str) -> dict[str, set[str]]:
    """Return for each possible verb the nearest names before it, by occurrence."""
    found: dict[str, set[str]] = {}
    for sentence in split_sentences(text):
        last = ""
        for word in _tokens(_joined_names(sentence.text)):
            if _is_name(word):
                last = name_key(word)
            elif last and word[0].isalnum() and _may_be_verb(word):
                found.setdefault(base_of(word), set()).add(last)
    return found


def _names_among(words: Sequence[str]) -> set[str]:
    return {name_key(word) for word in words if _is_name(word)}


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in STOPWORDS | _OPENING_WORDS | _CALENDAR


def _may_be_verb(word: str) -> bool:
    return word[0].islower() and bool(base_of(word)) and lemma_of(word) not in _TOLD and "VERB" in _lemmas(word.lower())


_NEAR_VERB = 8
"""Words before and behind a verb among which its names are looked for."""
_TOLD = frozenset("say add report write note state".split())
"""Verbs that may stand before or behind their subject."""
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sept oct nov dec".split()
)


# --- names ---------------------------------------------------------------------------------------------------------


def name_key(word: str) -> str:
    """Return what a word of a name stands for: "Ukrainian", "Ukraine" and "Kyiv" are one."""
    plain = re.sub(r"['’]s?$", "", word.strip(" ,;:!?()“”\"")).strip(".").lower()
    return (_aliases().get(plain, "") or base_of(plain)) if plain else ""


@cache
def _aliases() -> dict[str, str]:
    return {name: group.split()[0] for group in _SAME_NAMES for name in group.split()}


def names_in(text: str) -> list[str]:
    """Return the words of names in a text, as they stand, in order; the first word of a sentence only if it is one."""
    found: list[str] = []
    tokens = [".", *_tokens(_joined_names(text))]
    for before, word in pairwise(tokens):
        if not word[0].isupper() or word.lower() in STOPWORDS:
            continue
        opens = before in {".", "!", "?", ":"}
        if opens and (word.lower() in _OPENING_WORDS or is_dictionary_word(word) or _NUMERAL.match(word)):
            continue
        found.append(word)
    return list(dict.fromkeys(found))


_NUMERAL = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|half)\b",
    re.IGNORECASE,
)
_OPENING_WORDS = frozenset(
    "besides per whereas after before when while since until during although though because if once unless unlike like despite "
    "according both neither either each every all under over above below between among within without against about "
    "around near beyond following including concerning regarding given asked earlier later also meanwhile however "
    "yet still only even just first last one two three no not yes today yesterday tomorrow".split()
)


_TWO_WORDS = re.compile(r"\b(?:United (?:States|Kingdom|Nations)|European Union|White House|Downing Street)\b")
_JOINED = {
    "UnitedStates": "us", "UnitedKingdom": "uk", "UnitedNations": "un", "EuropeanUnion": "eu", "WhiteHouse": "us",
    "DowningStreet": "uk",
}  # fmt: skip


def _joined_names(text: str) -> str:
    return _TWO_WORDS.sub(lambda match: match[0].replace(" ", ""), text)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def missing_names(text: str, source: Iterable[str]) -> list[str]:
    """Return the words of names in a text that stand nowhere in the source texts, under any of their names."""
    known = {key for part in source for word in _tokens(f"{part} {_joined_names(part)}") for key in _keys(word)}
    return [word for word in names_in(text) if not known.intersection(_keys(word))]


def _keys(word: str) -> set[str]:
    if not word[0].isalnum():
        return set()
    keys = {_JOINED.get(word, ""), name_key(word), re.sub(r"['’]s?$", "", word).strip(".").lower()}
    return keys - {""}
