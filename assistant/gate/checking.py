"""The gate: does a claim stand in the paragraphs that it cites? Every verdict says why.

What can be decided exactly is (gate/checks.py): quotations, numbers, dates, names, outlets. One that fails makes the
claim unsupported. What is left the reader judges: stated, unclear (partly supported, which is where a model is worth
asking), not stated, or contradicted. Values can be told in words that no check reads ("half", "the following day"):
where the reader surely finds a claim stated whose values fail, it is unclear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.gate.checks import EXACT_CHECKS, CheckContext
from assistant.gate.exact import names_elsewhere
from assistant.gate.types import CitedParagraph, Finding
from assistant.language.quotations import Found, locate, quotations_in
from assistant.language.same_statement import states_all_of
from assistant.reader.header import header_of
from assistant.reader.reader import Reader, reader
from assistant.reader.types import Judgement, Passage
from assistant.types import Verdict
from index.splitting.sentences import split_sentences
from index.types import Paragraph, Sentence

TOGETHER = 3
"""Of several paragraphs so many are also read as one, for a claim may take something from each."""
_READABLE = frozenset({"values"})
"""Checks that words unknown to them may mislead."""
_EDGES = " .,;:!?-'\"“”‘’()"
_SHOWN_WORDS = 3
"""Places in a claim that a reason names as not borne out."""


class Gate:
    """Checks claims against cited paragraphs. `outlets` are those of the whole collection."""

    def __init__(self, outlets: Sequence[str] = (), reading: Reader | None = None) -> None:
        self._context = CheckContext(tuple(outlets))
        self._reader = reading or reader()

    def check(self, claim: str, cited: Sequence[CitedParagraph]) -> Finding:
        """Check a claim against all the paragraphs that it cites, taken together; without any it is unsupported."""
        if not cited:
            return Finding(Verdict.UNSUPPORTED, ("no paragraph is cited",), 0.0)
        failures = {name: check(claim, cited, self._context) for name, check in EXACT_CHECKS.items()}
        reasons = tuple(reason for each in failures.values() for reason in each)
        if not reasons:
            return self._judged(claim, cited)
        if not any(failures[name] for name in failures.keys() - _READABLE):
            finding = self._judged(claim, cited)
            if finding.verdict is Verdict.SUPPORTED:
                return replace(finding, verdict=Verdict.PARTLY, reasons=reasons)
        return Finding(Verdict.UNSUPPORTED, reasons, 0.0)

    def _judged(self, claim: str, cited: Sequence[CitedParagraph]) -> Finding:
        fitted = self._reader.calibrated
        if any(_is_verbatim(claim, entry) for entry in cited):
            return Finding(Verdict.SUPPORTED, ("stated in the cited paragraph, word for word", *_remarks(claim)), 1.0)
        if any(_is_shown_by_words(claim, entry) for entry in cited):
            return Finding(Verdict.SUPPORTED, ("stated in the cited paragraph", *_remarks(claim)), 1.0)
        passages = [passage_of(entry) for entry in cited]
        joined = [Passage(" ".join(each.text for each in passages[:TOGETHER]), passages[0].header)]
        read = passages if len(cited) == 1 else [*passages, *joined]
        judgements = self._reader.judges([(claim, each) for each in read])
        best = max(judgements, key=lambda each: each.supported)
        against = judgements[-1]  # what one paragraph leaves open another may say: all of them together contradict
        score = best.supported
        stating = {
            entry.article.outlet or entry.article.id
            for entry, each in zip(cited, judgements, strict=False)
            if each.supported >= fitted.stated_from
        }
        if against.contradicted >= fitted.contradicted_from and score < fitted.stated_from:
            reason = _with_words("a cited paragraph says otherwise", claim, against)
            return Finding(Verdict.UNSUPPORTED, (reason,), score, contradicted=True)
        if score < fitted.unclear_from:
            return Finding(
                Verdict.UNSUPPORTED, (_with_words("the cited paragraph does not state it", claim, best),), score
            )
        if elsewhere := names_elsewhere(claim, cited):
            named = f"{', '.join(elsewhere)}: named in the article, but not in the cited paragraph"
            return Finding(Verdict.PARTLY, (named,), score)
        if score < fitted.stated_from:
            return Finding(
                Verdict.PARTLY, (_with_words("not surely all of it is in the cited paragraph", claim, best),), score
            )
        told = f"stated by {len(stating)} outlets" if len(stating) > 1 else "stated in the cited paragraph"
        return Finding(Verdict.SUPPORTED, (told, *_remarks(claim)), score)

    def nearest_sentence(self, claim: str, paragraph: Paragraph) -> Sentence:
        """Return the sentence of a paragraph that bears a claim out likeliest: the one to highlight."""
        sentences = split_sentences(paragraph.text, paragraph.start)
        if len(sentences) == 1:
            return sentences[0]
        judgements = self._reader.judges([(claim, Passage(sentence.text)) for sentence in sentences])
        return max(zip(sentences, judgements, strict=True), key=lambda each: each[1].supported)[0]


def passage_of(entry: CitedParagraph) -> Passage:
    """Return a cited paragraph as the reader reads it."""
    sentences = split_sentences(entry.paragraph.text)
    return Passage.of(
        entry.paragraph.text, sentences, header=header_of(entry.article.title or "", entry.article.published)
    )


def _is_verbatim(claim: str, entry: CitedParagraph) -> bool:
    """Whether a claim is one sentence of a paragraph, or several in a row, word for word."""
    place = locate(claim.strip(_EDGES), entry.paragraph.text)
    if place.found is not Found.VERBATIM or len(place.spans) != 1:
        return False
    ((start, end),) = place.spans
    inside = [each for each in split_sentences(entry.paragraph.text) if each.start < end and each.end > start]
    before, behind = entry.paragraph.text[inside[0].start : start], entry.paragraph.text[end : inside[-1].end]
    return not (before + behind).strip(_EDGES)


def _is_shown_by_words(claim: str, entry: CitedParagraph) -> bool:
    """Whether a sentence of a paragraph has all that a claim says, in its words and in their order."""
    return any(states_all_of(sentence.text, claim) for sentence in split_sentences(entry.paragraph.text))


def _with_words(reason: str, claim: str, judgement: Judgement) -> str:
    """Return a reason with the words of the claim that are not borne out, where the reader can tell."""
    words = [claim[start:end] for start, end in judgement.wrong[:_SHOWN_WORDS]]
    return f"{reason}: {', '.join(f'“{each}”' for each in words)}" if words else reason


def _remarks(claim: str) -> list[str]:
    return ["quotation is word for word"] if quotations_in(claim) else []
