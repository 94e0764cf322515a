"""The gate: does a claim stand in the paragraphs that it cites? Stage one, without a model; every verdict says why.

What can be decided exactly is: quotations, numbers, dates, names, outlets. One that fails makes the claim unsupported.
What is left to judge (is all of it there, is it turned round or negated) goes into a fitted score; between its two
thresholds a claim is partly supported, which is where a model is worth asking.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from assistant import wording
from assistant.calibration import Calibration, calibration
from assistant.quotations import Found, Quotation, locate, outside_quotations, quotations_in, speakers
from assistant.types import Verdict
from assistant.values import Value, ValueKind, counted_words, resolved_dates, values_in
from index.embedding import Embedder
from index.sentences import split_sentences
from index.types import Article, Paragraph, Sentence, opening

_NEAR_COUNT = 60
"""Characters around a number in which the thing stands that it counts."""
_CLOSE_FROM = 0.6
"""Likeness of a claim and a sentence from which a difference in a "not" is taken for a contradiction."""
_LIKE_WORD = 0.45
"""Likeness of two words' vectors above which one may stand for the other."""
_LONG_RUN = 4
_MOSTLY = 0.5
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class CitedParagraph:
    """A paragraph that a claim cites, with its article and the paragraphs of that article."""

    paragraph: Paragraph
    article: Article

    @property
    def context(self) -> str:
        """What a reader knows of the article besides the paragraph."""
        return " ".join(filter(None, (self.article.title, self.article.outlet, self.article.author)))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate found about one claim."""

    verdict: Verdict
    reasons: tuple[str, ...]
    score: float
    """Estimated probability, 0 to 1, that the cited paragraphs state the claim; 0 where an exact check failed."""
    features: Mapping[str, float]


class Gate:
    """Checks claims against cited paragraphs. `outlets` are those of the whole collection, `rarity` weighs words."""

    def __init__(
        self, embedder: Embedder, outlets: Sequence[str] = (), rarity: Callable[[str], float] = lambda _: 1.0
    ) -> None:
        self._embedder = embedder
        self._outlets = tuple(outlets)
        self._rarity = rarity

    def check(self, claim: str, cited: Sequence[CitedParagraph]) -> Finding:
        """Check one claim against all the paragraphs that it cites, taken together; a claim without any is unsupported."""
        if not cited:
            return Finding(Verdict.UNSUPPORTED, ("no paragraph is cited",), 0.0, {})
        failures = [*self._wrong_outlets(claim, cited), *_wrong_quotations(claim, cited), *_wrong_values(claim, cited)]
        failures += _wrong_names(claim, cited)
        features = self.features(claim, cited)
        if failures:
            return Finding(Verdict.UNSUPPORTED, tuple(failures), 0.0, features)
        score = support(features)
        verdict, reason = _judged(score, features)
        return Finding(verdict, (reason, *_remarks(claim, cited, verdict)), score, features)

    def nearest_sentence(self, claim: str, paragraph: Paragraph) -> Sentence:
        """Return the sentence of a paragraph that is nearest to a claim: the one to highlight."""
        sentences = split_sentences(paragraph.text, paragraph.start)
        vectors = self._embedder.embed_passages([*(sentence.text for sentence in sentences), claim])
        return sentences[int((vectors[:-1] @ vectors[-1]).argmax())]

    def features(self, claim: str, cited: Sequence[CitedParagraph]) -> Mapping[str, float]:
        """Return what the score is made of, each between -1 and 1."""
        texts = [entry.paragraph.text for entry in cited]
        source = " ".join(texts)
        spoken = " ".join(map(_with_speaker, texts))
        words = set(wording.words_of(source)) | {word for entry in cited for word in wording.words_of(entry.context)}
        parts = wording.clauses(claim)
        sentences = [sentence.text for entry in cited for sentence in split_sentences(entry.paragraph.text)]
        windows = [*sentences, *(f"{first} {second}" for first, second in pairwise(sentences))]
        windows += [part for sentence in sentences for part in wording.segments(sentence)]
        vectors = self._embedder.embed_passages([*windows, claim, *parts])
        near = vectors[len(windows) :] @ vectors[: len(windows)].T
        best = [windows[int(row.argmax())] for row in near]
        whole = covered_by_names(claim, source)
        close = max(0.0, float(near[0].max()) - _CLOSE_FROM) / (1 - _CLOSE_FROM)
        denial = float(wording.denies(claim) != wording.denies(best[0]))
        opposite = float(bool(wording.opposites(claim, best[0])))
        own = wording.covered(claim, set(wording.words_of(best[0])), self._rarity)
        return {
            "close_denial": denial * close,
            "worded_denial": denial * max(0.0, 2 * own - 1),
            "close_opposite": opposite * close,
            "unexplained": self._unexplained(claim, source, [entry.context for entry in cited]),
            "coverage": wording.covered(claim, words, self._rarity),
            "weakest_coverage": min(wording.covered(part, words, self._rarity) for part in parts),
            "cosine": float(near[0].max()),
            "weakest_cosine": float(near[1:].max(axis=1).min()),
            "sentence_coverage": own,
            "negation": _share(wording.contradicting_polarity(claim, best[0]), claim),
            "denial": denial,
            "denial_of_part": float(
                any(wording.denies(part) != wording.denies(at) for part, at in zip(parts, best[1:], strict=True))
            ),
            "opposite": opposite,
            "turned_round": float(bool(wording.turned_round(claim, spoken))),
            "other_doer": float(bool(wording.other_doer(claim, spoken))),
            "verbatim": float(any(locate(claim.strip(" ."), text).found is Found.VERBATIM for text in texts)),
            "names": whole,
        }

    def _unexplained(self, claim: str, source: str, contexts: Sequence[str]) -> float:
        """Return the length, 0 to 1, of the claim's longest run of content words that no word of the sources is like."""
        wanted = wording.content_tokens(claim)
        known = list(dict.fromkeys(wording.content_tokens(" ".join([source, *contexts]))))
        if not wanted or not known:
            return 0.0
        bases = {wording.base_of(word) for word in known}
        unknown = [word for word in dict.fromkeys(wanted) if wording.base_of(word) not in bases]
        if not unknown:
            return 0.0
        vectors = self._embedder.embed_passages([*unknown, *known])
        like = (vectors[: len(unknown)] @ vectors[len(unknown) :].T).max(axis=1)
        strange = {word for word, likeness in zip(unknown, like, strict=True) if likeness < _LIKE_WORD}
        longest = run = 0
        for word in wanted:
            run = run + 1 if word in strange else 0
            longest = max(longest, run)
        return min(1.0, longest / _LONG_RUN)

    def _wrong_outlets(self, claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
        own = {(entry.article.outlet or "").casefold() for entry in cited}
        text = " ".join(entry.paragraph.text for entry in cited).casefold()
        return [
            f"{outlet} is named, but not cited"
            for outlet in self._outlets
            if outlet.casefold() not in own
            and re.search(rf"\b{re.escape(outlet.casefold())}\b", claim.casefold())
            and outlet.casefold() not in text
        ]


def _share(words: Sequence[str], claim: str) -> float:
    return len(words) / max(1, len(wording.words_of(claim)))


def _with_speaker(text: str) -> str:
    """Put the speaker's name in the place of "I" in what he says."""
    names = speakers(text)
    return re.sub(r"\bI\b", next(iter(names)).title(), text) if len(names) == 1 else text


def covered_by_names(claim: str, source: str) -> float:
    """Return the share of the words of names in a claim that the cited paragraphs themselves have."""
    names = wording.names_in(outside_quotations(claim))
    return 1 - len(wording.missing_names(claim, [source])) / len(names) if names else 1.0


def support(features: Mapping[str, float], fitted: Calibration | None = None) -> float:
    """Return the fitted probability, 0 to 1, that the cited paragraphs state the claim."""
    fitted = fitted or calibration()
    logit = fitted.support_intercept + math.fsum(
        weight * features[name] for name, weight in fitted.support_weights.items()
    )
    return 1 / (1 + math.exp(-logit))


def _judged(score: float, features: Mapping[str, float]) -> tuple[Verdict, str]:
    fitted = calibration()
    if score >= fitted.supported_from:
        return Verdict.SUPPORTED, "stated in the cited paragraph"
    doubt = next(
        (
            said
            for name, said in (
                ("turned_round", "who did what to whom seems turned round"),
                ("opposite", "a word has the opposite meaning of the paragraph's"),
                ("negation", "what the paragraph affirms and what it denies seem mixed up"),
            )
            if features[name]
        ),
        "part of it is not in the cited paragraph"
        if features["coverage"] > _MOSTLY
        else "the cited paragraph hardly states it",
    )
    return (Verdict.PARTLY if score >= fitted.partly_from else Verdict.UNSUPPORTED), doubt


def _remarks(claim: str, cited: Sequence[CitedParagraph], verdict: Verdict) -> list[str]:
    outlets = {entry.article.outlet or entry.article.id for entry in cited}
    remarks = [f"stated by {len(outlets)} outlets"] if verdict is Verdict.SUPPORTED and len(outlets) > 1 else []
    return remarks + (["quotation is word for word"] if quotations_in(claim) else [])


# --- quotations ----------------------------------------------------------------------------------------------------


def _wrong_quotations(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    wrong: list[str] = []
    for quotation in quotations_in(claim):
        places = [(entry, locate(quotation.words, _joined(entry))) for entry in cited]
        verbatim = [entry for entry, place in places if place.found is Found.VERBATIM]
        shown = opening(quotation.words, _SHOWN_CHARACTERS)
        if not verbatim:
            found = Found.STITCHED if any(place.found is Found.STITCHED for _, place in places) else Found.ALTERED
            wrong.append(f"quotation “{shown}” is {found.value}")
        elif not any(_said_by(claim, quotation, entry) for entry in verbatim):
            wrong.append(f"quotation “{shown}” is by someone else")
    return wrong


def _joined(entry: CitedParagraph) -> str:
    return entry.article.text[entry.paragraph.start : entry.paragraph.end]


def _said_by(claim: str, quotation: Quotation, entry: CitedParagraph) -> bool:
    """Whether the speaker whom the claim names is the one of the paragraph; true where either names none."""
    claimed = {wording.name_key(word) or word for word in speakers(claim)}
    if not claimed:
        return True
    zone = _speaking_zone(quotation.words, entry)
    source = {wording.name_key(word) or word for word in speakers(zone)}
    outlet = {wording.name_key(word) or word for word in (entry.article.outlet or "").casefold().split()}
    before = entry.article.text[: entry.paragraph.end]
    if source:
        return bool(claimed & (source | _names_of_roles(source, before))) or (
            not quotations_in(zone) and claimed <= outlet
        )
    return bool(claimed & ({wording.name_key(word) for word in before.split()} | outlet))


def _names_of_roles(speaking: set[str], text: str) -> set[str]:
    """Return who else a speaker may be called: the names in the sentences that tell what he is ("F. Lee, a volunteer")."""
    return {
        wording.name_key(name)
        for sentence in split_sentences(text)
        if speaking & {wording.name_key(word) for word in sentence.text.split() if word.islower()}
        for name in wording.names_in(sentence.text)
    }


def _speaking_zone(words: str, entry: CitedParagraph) -> str:
    """Return the sentences in which the quotation stands; a speaker is named there, or else nowhere near."""
    text = _joined(entry)
    spans = locate(words, text).spans
    touched = [
        sentence.text
        for sentence in split_sentences(text)
        if any(sentence.start < end and start < sentence.end for start, end in spans)
    ]
    zone = " ".join(touched)
    return zone if speakers(zone) else text


# --- numbers and dates ---------------------------------------------------------------------------------------------


def _wrong_values(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    outside = outside_quotations(claim)
    sources = [(entry, values_in(entry.paragraph.text), values_in(entry.context)) for entry in cited]
    wrong = []
    for value in values_in(outside):
        if _definite(value, outside):
            continue
        if not any(_stated(value, outside, entry, [*values, *context]) for entry, values, context in sources):
            wrong.append(f"{value.kind.value} {outside[value.start : value.end]} is not in the cited paragraph")
        elif value.kind in (ValueKind.COUNT, ValueKind.PERCENT, ValueKind.MONEY) and all(
            _counts_something_else(value, outside, entry.paragraph.text, values) for entry, values, _ in sources
        ):
            wrong.append(f"{outside[value.start : value.end]} stands for something else in the cited paragraph")
    return wrong


_DEFINITE = re.compile(r"\b(?:the|these|those|both|his|her|its|their|other)\s+$", re.IGNORECASE)
_ROUGHLY = re.compile(
    r"\b(?:about|around|almost|nearly|roughly|some|over|approximately|close to|more than|just under|under|up to)\s+$",
    re.IGNORECASE,
)
_ROUGH_SHARE = 0.1
_FEW = 5


def _definite(value: Value, text: str) -> bool:
    """Whether it is the two of "the two presidents": it points at those who were named, and states no number."""
    spelled = not text[value.start].isdigit()
    few = value.kind is ValueKind.COUNT and spelled and value.amount <= _FEW
    return few and bool(_DEFINITE.search(text[: value.start]))


def _stated(value: Value, claim: str, entry: CitedParagraph, values: Sequence[Value]) -> bool:
    if value.kind is not ValueKind.DATE and any(value.equals(other) for other in values):
        return True
    if _ROUGHLY.search(claim[: value.start]) and any(
        (other.kind, other.unit) == (value.kind, value.unit)
        and abs(_comparable(other) - _comparable(value)) <= _ROUGH_SHARE * abs(_comparable(other))
        for other in values
    ):
        return True
    published = entry.article.published
    text = entry.paragraph.text
    days = resolved_dates(text, published)
    match value.kind:
        case ValueKind.RATE | ValueKind.PART_OF_DAY:
            return not any(other.kind is value.kind for other in values)
        case ValueKind.STEP:
            return not any((other.kind, other.unit) == (value.kind, value.unit) for other in values)
        case ValueKind.DATE:
            if published is None:
                return any(value.equals(other) for other in values)
            return _names_day(value, days, published, bool(days))
        case ValueKind.WEEKDAY:
            return value.amount in {day.weekday() for day in days} or (
                published is not None and not days and published.weekday() == value.amount
            )
        case ValueKind.YEAR:
            return (
                published is not None
                and (value.amount == published.year or value.amount in {day.year for day in days})
                or value.amount in {other.year for other in values}
            )
        case ValueKind.MONTH:
            months = {day.month for day in days} | {
                int(other.amount) // 100 for other in values if other.kind is ValueKind.DATE
            }
            return value.amount in months or (published is not None and not months and value.amount == published.month)
        case ValueKind.COUNT:
            return any(
                value.amount == other.amount
                for other in values
                if other.kind is not ValueKind.COUNT and other.kind is not ValueKind.DURATION
            )
    return False


def _comparable(value: Value) -> float:
    return value.amount


def _names_day(value: Value, days: set[date], published: date | None, dated: bool) -> bool:
    wanted = (int(value.amount) // 100, int(value.amount) % 100)
    if any((day.month, day.day) == wanted and value.year in (None, day.year) for day in days):
        return True
    if published is None or dated:
        return False
    return (published.month, published.day) == wanted and value.year in (None, published.year)


def _counts_something_else(value: Value, claim: str, text: str, values: Sequence[Value]) -> bool:
    """Whether the text gives this number to another thing, and another number to the thing that the claim counts."""
    counted = set(wording.words_of(counted_words(claim, value)))
    here = [other for other in values if value.equals(other)]
    if not counted or not here or any(counted & _words_around(text, other) for other in here):
        return False
    rivals = [other for other in values if other.kind is value.kind and not value.equals(other)]
    return any(counted & set(wording.words_of(counted_words(text, other))) for other in rivals)


def _words_around(text: str, value: Value) -> set[str]:
    return set(wording.words_of(text[max(0, value.start - _NEAR_COUNT) : value.end + _NEAR_COUNT]))


# --- names ---------------------------------------------------------------------------------------------------------


def _wrong_names(claim: str, cited: Sequence[CitedParagraph]) -> list[str]:
    outside = outside_quotations(claim)
    texts = [part for entry in cited for part in (entry.paragraph.text, entry.context)]
    missing = wording.missing_names(outside, texts)
    months = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    }
    days = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
    return [f"{name} is not named in the cited paragraph" for name in missing if name not in months | days]
