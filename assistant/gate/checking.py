"""The gate: does a claim stand in the paragraphs that it cites? Stage one, without a model; every verdict says why.

What can be decided exactly is (gate/checks.py): quotations, numbers, dates, names, outlets. One that fails makes the
claim unsupported. What is left to judge (is all of it there, is it turned round or negated) goes into a fitted score;
between its two thresholds a claim is partly supported, which is where a model is worth asking.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from assistant.calibration.fitted import Calibration, calibration
from assistant.gate.checks import EXACT_CHECKS, CheckContext
from assistant.gate.exact import names_elsewhere
from assistant.gate.types import CitedParagraph, Finding
from assistant.language.names import missing_names, names_in
from assistant.language.negation import contradicting_polarity, denies, opposites
from assistant.language.quotations import Found, locate, outside_quotations, quotations_in, speakers
from assistant.language.roles import other_doer, turned_round
from assistant.language.same_statement import same_statement
from assistant.language.values import with_digits
from assistant.language.words import base_of, clauses, content_tokens, coverage, segments, words_of
from assistant.types import Verdict
from index.embedding.protocol import Embedder
from index.splitting.sentences import split_sentences
from index.types import Paragraph, Sentence

# Set by hand; what `python -m eval.fitting.support --fit` fits are the weights of the features that they shape.
_CLOSE_FROM = 0.6
"""Likeness of a claim and a sentence from which a difference in a "not" is taken for a contradiction."""
_LIKE_WORD = 0.45
"""Likeness of two words' vectors above which one may stand for the other."""
_LONG_RUN = 4
"""Content words in a row that nothing in the sources is like, from which they surely say something new."""
_MOSTLY = 0.5
"""Share of a claim's content words above which the reason speaks of a part that is missing, not of all of it."""
_DOUBTS = (
    ("turned_round", "who did what to whom seems turned round"),
    ("close_opposite", "a word has the opposite meaning of the paragraph's"),
    ("negation", "what the paragraph affirms and what it denies seem mixed up"),
)
"""What a feature above 0 tells a reader, the gravest first."""


class Gate:
    """Checks claims against cited paragraphs. `outlets` are those of the whole collection, `rarity` weighs words."""

    def __init__(
        self, embedder: Embedder, outlets: Sequence[str] = (), rarity: Callable[[str], float] = lambda _: 1.0
    ) -> None:
        self._embedder = embedder
        self._fitted = calibration(embedder.name)
        self._context = CheckContext(tuple(outlets))
        self._rarity = rarity

    def check(self, claim: str, cited: Sequence[CitedParagraph]) -> Finding:
        """Check a claim against all the paragraphs that it cites, taken together; without any it is unsupported."""
        if not cited:
            return Finding(Verdict.UNSUPPORTED, ("no paragraph is cited",), 0.0)
        failures = tuple(reason for check in EXACT_CHECKS.values() for reason in check(claim, cited, self._context))
        if failures:
            return Finding(Verdict.UNSUPPORTED, failures, 0.0)
        features = self.features(claim, cited)
        score = support(features, self._fitted)
        verdict, reason = _judged(score, features, self._fitted)
        if elsewhere := names_elsewhere(claim, cited):
            named = f"{', '.join(elsewhere)}: named in the article, but not in the cited paragraph"
            return Finding(Verdict.PARTLY if verdict is Verdict.SUPPORTED else verdict, (named,), score, features)
        return Finding(verdict, (reason, *_remarks(claim, cited, verdict)), score, features)

    def nearest_sentence(self, claim: str, paragraph: Paragraph) -> Sentence:
        """Return the sentence of a paragraph that is nearest to a claim: the one to highlight."""
        sentences = split_sentences(paragraph.text, paragraph.start)
        vectors = self._embedder.embed_passages([*(sentence.text for sentence in sentences), claim])
        return sentences[int((vectors[:-1] @ vectors[-1]).argmax())]

    def features(self, claim: str, cited: Sequence[CitedParagraph]) -> Mapping[str, float]:
        """Return what the score is made of, each between -1 and 1."""
        claim = with_digits(claim)
        texts = [with_digits(entry.paragraph.text) for entry in cited]
        contexts = [entry.context for entry in cited]
        source = " ".join(texts)
        spoken = " ".join(map(_with_speaker, texts))
        words = {word for text in (source, *contexts) for word in words_of(text)}
        parts = clauses(claim)
        windows = _windows(texts)
        vectors = self._embedder.embed_passages([*windows, claim, *parts])
        near = self._fitted.scale.between(vectors[len(windows) :], vectors[: len(windows)])
        nearest, *nearest_to_parts = (windows[int(row.argmax())] for row in near)
        cosine = float(near[0].max())
        close = max(0.0, cosine - _CLOSE_FROM) / (1 - _CLOSE_FROM)
        denial = float(denies(claim) != denies(nearest))
        opposite = float(bool(opposites(claim, nearest)))
        sentence_coverage = coverage(claim, set(words_of(nearest)), self._rarity)
        contradicted = contradicting_polarity(claim, nearest)
        return {
            "coverage": coverage(claim, words, self._rarity),
            "cosine": cosine,
            "weakest_cosine": float(near[1:].max(axis=1).min()),
            "verbatim": float(any(locate(claim.strip(" ."), text).found is Found.VERBATIM for text in texts)),
            "names": _share_of_names(claim, source),
            "unexplained": self._unexplained(claim, [source, *contexts]),
            "negation": len(contradicted) / max(1, len(words_of(claim))),
            "denial": denial,
            "close_denial": denial * close,
            "worded_denial": denial * max(0.0, 2 * sentence_coverage - 1),
            "denial_of_part": float(
                any(denies(part) != denies(at) for part, at in zip(parts, nearest_to_parts, strict=True))
            ),
            "close_opposite": opposite * close,
            "turned_round": float(bool(turned_round(claim, spoken))),
            "other_doer": float(bool(other_doer(claim, spoken))),
        }

    def _unexplained(self, claim: str, sources: Sequence[str]) -> float:
        """Return the length, 0 to 1, of the longest run of content words that no word of the sources is like."""
        wanted = content_tokens(claim)
        known = list(dict.fromkeys(content_tokens(" ".join(sources))))
        if not wanted or not known:
            return 0.0
        bases = {base_of(word) for word in known}
        unknown = [word for word in dict.fromkeys(wanted) if base_of(word) not in bases]
        if not unknown:
            return 0.0
        vectors = self._embedder.embed_passages([*unknown, *known])
        like = self._fitted.scale.between_words(vectors[: len(unknown)], vectors[len(unknown) :]).max(axis=1)
        strange = {word for word, likeness in zip(unknown, like, strict=True) if likeness < _LIKE_WORD}
        longest = run = 0
        for word in wanted:
            run = run + 1 if word in strange else 0
            longest = max(longest, run)
        return min(1.0, longest / _LONG_RUN)


def support(features: Mapping[str, float], fitted: Calibration) -> float:
    """Return the fitted probability, 0 to 1, that the cited paragraphs state the claim."""
    weighted = (weight * features[name] for name, weight in fitted.support_weights.items())
    return 1 / (1 + math.exp(-(fitted.support_intercept + math.fsum(weighted))))


def _windows(texts: Sequence[str]) -> list[str]:
    """Return what a claim is compared with: sentences, neighbouring ones together, and their parts."""
    sentences = [sentence.text for text in texts for sentence in split_sentences(text)]
    pairs = [f"{first} {second}" for first, second in pairwise(sentences)]
    return [*sentences, *pairs, *(part for sentence in sentences for part in segments(sentence))]


def _with_speaker(text: str) -> str:
    """Put the speaker's name in the place of "I" in what he says."""
    names = speakers(text)
    return re.sub(r"\bI\b", next(iter(names)).title(), text) if len(names) == 1 else text


def _share_of_names(claim: str, source: str) -> float:
    """Return the share of the words of names in a claim that the cited paragraphs themselves have; 1 without any."""
    names = names_in(outside_quotations(claim))
    return 1 - len(missing_names(claim, [source])) / len(names) if names else 1.0


def _judged(score: float, features: Mapping[str, float], fitted: Calibration) -> tuple[Verdict, str]:
    if score >= fitted.supported_from:
        return Verdict.SUPPORTED, "stated in the cited paragraph"
    missing = (
        "part of it is not in the cited paragraph"
        if features["coverage"] > _MOSTLY
        else "the cited paragraph hardly states it"
    )
    doubt = next((said for name, said in _DOUBTS if features[name]), missing)
    return (Verdict.PARTLY if score >= fitted.partly_from else Verdict.UNSUPPORTED), doubt


def _remarks(claim: str, cited: Sequence[CitedParagraph], verdict: Verdict) -> list[str]:
    remarks = ["quotation is word for word"] if quotations_in(claim) else []
    if verdict is Verdict.SUPPORTED and len({entry.article.outlet or entry.article.id for entry in cited}) > 1:
        stating = {entry.article.outlet or entry.article.id for entry in cited if _is_stated(claim, entry.paragraph)}
        if len(stating) > 1:
            remarks.insert(0, f"stated by {len(stating)} outlets")
    return remarks


def _is_stated(claim: str, paragraph: Paragraph) -> bool:
    """Whether a sentence of a paragraph states by itself what the claim does."""
    return any(same_statement(claim, sentence.text) for sentence in split_sentences(paragraph.text, paragraph.start))
