"""Amounts in a text: counts, ordinals, percentages, money, durations and rates, in digits or words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.types import Value, ValueKind
from assistant.language.words import before

_PLAIN_LETTERS = {0x131: "i", 0x17F: "s", 0x307: None}
"""Dotless i, long s, and the dot above that `str.lower` leaves of a capital I with one."""

SMALL_NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_BELOW_HUNDRED = SMALL_NUMBERS | _TENS
_LARGE_SCALES = {"thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALES = _LARGE_SCALES | {"k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
_DOZEN = 12

_WORD = "|".join(sorted([*_BELOW_HUNDRED, "hundred", *_LARGE_SCALES, "dozen"], key=len, reverse=True))
_MOST_WORDS = 16
"""Words of a spelled number: as many as "nine hundred and ninety-nine" million and thousand and ones have."""
_DIGITS = r"(?:\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,6}|\d{1,18})(?!\d)(?:\.\d{1,12})?"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:(?P<digits>{_DIGITS})(?:\s?(?P<scale>{'|'.join(_LARGE_SCALES)}|bn|mn|tn)\b|(?P<letter>[kmb])\b)?"
    rf"|(?P<words>(?:an?\s{{1,3}}(?=(?:hundred|thousand|million|billion|trillion|dozen)\b))?"
    rf"(?:{_WORD})\b(?:(?:\s{{1,3}}and\s{{1,3}}|[\s-]{{1,3}})(?:{_WORD})\b){{0,{_MOST_WORDS}}}+))"
    r"(?P<half>\s{1,3}and\s{1,3}a\s{1,3}half\b(?:\s{1,3}(?P<half_of>thousand|million|billion)\b)?)?",
    re.IGNORECASE,
)
"""One scan finds every number; what stands on either side of it, in a few characters, tells what it measures."""
_MORE_OF_WORD = re.compile(r"[\w%]")
_ONE_AS_PRONOUN = re.compile(r"one\b(?!\s+(?:hundred|thousand|million|billion))", re.IGNORECASE)
_PERCENT_BEHIND = re.compile(r"\s?(?:%|per\s?cent\b|percentage points?\b)", re.IGNORECASE)
_HALF, _HALVES = 0.5, 2
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
_FRACTION = re.compile(
    rf"\b(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)[\s-]+(?P<part>{'|'.join(_PARTS)})(?:s\b|\s+of\b)"
    r"|\bhalf\s+(?:of\s+)?(?:the|its|their|all|his|her)\b",
    re.IGNORECASE,
)

_CURRENCY_BEHIND = re.compile(
    r"\s{1,3}(?P<currency>dollars?|euros?|pounds?|roubles?|rubles?|hryvnias?|yen|yuan)\b", re.IGNORECASE
)
_SIGN_BEFORE = re.compile(r"[$€£¥]\s?$")
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "rouble": "ruble"}

_MEASURES = {
    "mile": "mile mi mph",
    "km": "km kph kmh kilometre kilometer",
    "metre": "metre meter",
    "foot": "foot feet ft",
    "kg": "kg kilo kilogram kilogramme",
    "tonne": "tonne ton",
    "kW": "kw kilowatt",
    "MW": "mw megawatt",
    "degree": "degree °C °F",
    "hectare": "hectare ha",
    "acre": "acre",
    "litre": "litre liter",
}
"""Units that a number may stand in, with the words for each; 100 miles are no 100 km, and so no 161 of them."""
_MEASURE_OF = {word.lower(): unit for unit, words in _MEASURES.items() for word in words.split()}
_MEASURE_BEHIND = re.compile(
    rf"[\s-]?(?P<measure>{'|'.join(sorted(_MEASURE_OF, key=len, reverse=True))})s?(?!\w)", re.IGNORECASE
)
_ORDINALS = {
    word: place
    for place, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=2,
    )
}
"""Without "first", which mostly says that something had not been before."""
_ORDINAL = re.compile(
    rf"(?<![\w.,])(?:(?P<digits>\d{{1,4}})(?:st|nd|rd|th)|(?P<word>{'|'.join(_ORDINALS)}))\b(?!\s{{1,3}}of\s{{1,3}}a\b)",
    re.IGNORECASE,
)

_SECONDS = {
    "second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "night": 86_400, "week": 604_800, "fortnight": 1_209_600,
}  # fmt: skip
_MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1_200}
_SINGULAR = r"(?P<unit>second|minute|hour|day|night|week|fortnight|month|year|decade|centur(?:y|ies))"
_UNIT = r"(?P<unit>seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?|centur(?:y|ies))"
_UNIT_BEHIND = re.compile(
    rf"(?:\s{{1,3}}|-|\u2011)(?:(?:more|full|whole)\s{{1,3}})?{_UNIT}\b"
    r"(?P<half>\s{1,3}and\s{1,3}a\s{1,3}half\b)?",
    re.IGNORECASE,
)
_SINGLE_DURATION = re.compile(
    rf"\b(?:an?|one)\s+(?P<fraction>half[\s-])?{_SINGULAR}\b(?P<half>\s+and\s+a\s+half)?"
    r"|\bhalf\s+an?\s+(?P<halved>hour|day|year|century)\b",
    re.IGNORECASE,
)
_BEFORE_LENGTH = re.compile(
    r"\b(?:for|in|within|about|around|roughly|of|last|lasts|lasting|lasted|than|nearly|almost|over|after|another|by|"
    r"under|just|only|takes?|took|is|was)\s+$",
    re.IGNORECASE,
)
_BEHIND_LENGTH = re.compile(r"[\s-]+(?:long|away|later|ago|earlier|old|off|of|without|until|or so)\b", re.IGNORECASE)

_RATE = re.compile(
    r"\b(?:every|each|per)\s+(?P<unit>hour|day|night|week|month|year)\b"
    r"|\b(?P<adverb>hourly|daily|nightly|weekly|monthly|yearly|annually)\b",
    re.IGNORECASE,
)
_RATE_UNITS = {
    "night": "day", "hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "monthly": "month",
    "yearly": "year", "annually": "year",
}  # fmt: skip


def small_letters(word: str) -> str:
    """Return a word in the ASCII letters that `re.IGNORECASE` takes its letters for: a dotless i for an i, for one."""
    return word.lower().translate(_PLAIN_LETTERS)


def counts(text: str) -> Iterator[Value]:
    """Yield the numbers of a text, whatever they measure; "one" by itself is not taken for a count."""
    for match in _NUMBER.finditer(text):
        if measure := _MEASURE_BEHIND.match(text, match.end()):
            unit = _MEASURE_OF[small_letters(measure["measure"])]
            yield Value(ValueKind.COUNT, _number(match), unit, *match.span())
        elif not _MORE_OF_WORD.match(text, match.end()) and not _ONE_AS_PRONOUN.fullmatch(match[0]):
            yield Value(ValueKind.COUNT, _number(match), "", *match.span())


def ordinals(text: str) -> Iterator[Value]:
    """Yield the places in an order that a text names, from the second: "the third woman", "19th century"."""
    for match in _ORDINAL.finditer(text):
        place = int(match["digits"]) if match["digits"] else _ORDINALS[small_letters(match["word"])]
        yield Value(ValueKind.ORDINAL, place, "", *match.span())


def measures(text: str) -> Iterator[Value]:
    """Yield the numbers of a text with a unit: lengths of time, percentages and amounts of money."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if unit := _UNIT_BEHIND.match(text, end):
            amount = _number(match) + (_HALF if unit["half"] else 0)
            yield Value(ValueKind.DURATION, _length(amount, unit["unit"]), "", start, unit.end())
        elif percent := _PERCENT_BEHIND.match(text, end):
            yield Value(ValueKind.PERCENT, _number(match), "", start, percent.end())
        elif sign := _SIGN_BEFORE.search(text[max(0, start - 2) : start]):
            yield Value(ValueKind.MONEY, _number(match), _CURRENCIES[sign[0][0]], start - len(sign[0]), end)
        elif currency := _CURRENCY_BEHIND.match(text, end):
            unit_name = currency["currency"].lower().rstrip("s")
            yield Value(ValueKind.MONEY, _number(match), _CURRENCIES.get(unit_name, unit_name), start, currency.end())


def fractions(text: str) -> Iterator[Value]:
    """Yield the fractions of a text as percentages: "two fifths" is 40."""
    for match in _FRACTION.finditer(text):
        top = SMALL_NUMBERS.get((match["top"] or "one").lower(), 1)
        share = top / (_PARTS[small_letters(match["part"])] if match["part"] else _HALVES)
        yield Value(ValueKind.PERCENT, round(100 * share, 1), "", *match.span())


def durations(text: str) -> Iterator[Value]:
    """Yield the lengths of time in a text that have no number: "half an hour", "for a day"."""
    for match in _SINGLE_DURATION.finditer(text):
        amount = _HALF if match["halved"] or match["fraction"] else 1.5 if match["half"] else 1
        unit = match["halved"] or match["unit"]
        if amount != 1 or match[0].lower().startswith("one") or _is_length(text, match):
            yield Value(ValueKind.DURATION, _length(amount, unit), "", *match.span())


def rates(text: str) -> Iterator[Value]:
    """Yield how often something happens: "every week", "daily"."""
    for match in _RATE.finditer(text):
        said = (match["unit"] or match["adverb"]).lower()
        yield Value(ValueKind.RATE, 0, _RATE_UNITS.get(said, said), *match.span())


def _number(match: re.Match[str]) -> float:
    if digits := match["digits"]:
        value = float(re.sub(r"[,\u00a0\u202f]", "", digits))
        value *= _SCALES.get((match["scale"] or match["letter"] or "").lower(), 1)
    else:
        value = _spoken(match["words"])
    return (value + (_HALF if match["half"] else 0)) * _SCALES.get((match["half_of"] or "").lower(), 1)


def _spoken(words: str) -> float:
    """Return the value of number words: "one hundred and seventy-five" is 175."""
    total = current = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _BELOW_HUNDRED:
            current += _BELOW_HUNDRED[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word == "dozen":
            current = (current or 1) * _DOZEN
        elif word in _LARGE_SCALES:
            total += (current or 1) * _LARGE_SCALES[word]
            current = 0
    return float(total + current)


def _length(amount: float, unit: str) -> float:
    """Return a length of time as Value states it: seconds, or negative months."""
    singular = small_letters(unit)
    singular = "century" if singular.startswith("centur") else singular.rstrip("s")
    return amount * _SECONDS[singular] if singular in _SECONDS else -amount * _MONTHS[singular]


def _is_length(text: str, match: re.Match[str]) -> bool:
    """Whether "a week" is a length of time, not "2,500 a week" or "once a day"."""
    return bool(_BEFORE_LENGTH.search(before(text, match.start())) or _BEHIND_LENGTH.match(text, match.end()))
