"""A model's sentences become claims: tied to paragraphs, checked, and kept, marked, dropped or written once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.gate.checking import Gate
from assistant.gate.types import CitedParagraph, Finding
from assistant.models.chat_model import ChatModel
from assistant.question.kinds import content_terms
from assistant.quoting.sources import Sources
from assistant.types import Claim, Verdict
from assistant.writing.marks import MarkedSentence
from assistant.writing.orders import without_orders
from assistant.writing.prompting import Shown, entailed, rewritten

CONFIRMED_FROM = 0.5
"""Probability of the model's yes from which an uncertain sentence counts as supported."""
FEWEST_TERMS = 2
"""Content words that a sentence must have to be a claim."""
_RANK = {Verdict.SUPPORTED: 2, Verdict.PARTLY: 1, Verdict.UNSUPPORTED: 0}
_KEPT_FROM = {"mark": 0, "rewrite": 0, "drop": 1, "strict": 2}
"""The least verdict that a policy lets through; strict, for weak models, lets only what is supported."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A sentence with the places, from 0, of the shown paragraphs that it is tied to, and what the gate found."""

    text: str
    places: tuple[int, ...]
    finding: Finding


class ClaimMaker:
    """Checks the sentences of one answer against the paragraphs that the model was shown."""

    def __init__(
        self, gate: Gate, shown: Sequence[Shown], sources: Sources, model: ChatModel | None, policy: str
    ) -> None:
        self._gate = gate
        self._shown = shown
        self._sources = sources
        self._model = model
        self._policy = policy

    def claims(self, sentences: Iterator[MarkedSentence]) -> Iterator[Claim]:
        """Yield a claim for each sentence that the policy keeps. Raises ModelError."""
        for sentence in sentences:
            tied: Tied | None = self._judged(self.tie(sentence))
            if tied and tied.finding.verdict is Verdict.UNSUPPORTED and self._policy == "rewrite" and self._model:
                tied = self._rewritten(self._model, tied)
            yield from self.kept([tied] if tied else [])

    def kept(self, ties: Iterable[Tied]) -> Iterator[Claim]:
        """Yield a claim for each tied sentence that the policy keeps."""
        for tied in ties:
            if _RANK[tied.finding.verdict] >= _KEPT_FROM[self._policy]:
                yield self.claim(tied)

    def tie(self, sentence: MarkedSentence) -> Tied:
        """Tie a sentence to the paragraphs it names, or to the one that states it where those do not.

        A sentence without marks is unsupported unless one of the shown paragraphs is found to state it.
        """
        named = tuple(number - 1 for number in sentence.sources)
        if len(content_terms(sentence.text)) < FEWEST_TERMS:
            return Tied(sentence.text, (), _refuted("it says too little to be checked"))
        finding = self._check(sentence.text, named)
        if finding.verdict is Verdict.SUPPORTED:
            return self._unless_ordered(Tied(sentence.text, self._needed(sentence.text, named), finding))
        others = [(place,) for place in range(len(self._shown)) if (place,) != named]
        tried = [(self._check(sentence.text, places), places) for places in others]
        supported = [entry for entry in tried if entry[0].verdict is Verdict.SUPPORTED]
        if not supported:
            return Tied(sentence.text, named, finding)
        best, places = max(supported, key=lambda entry: entry[0].score)
        reason = (
            "another paragraph states it than the one that the model named" if named else "the model named no paragraph"
        )
        return self._unless_ordered(Tied(sentence.text, places, replace(best, reasons=(*best.reasons, reason))))

    def _unless_ordered(self, tied: Tied) -> Tied:
        """Call a sentence unsupported that only repeats what an article orders a machine to say."""
        shown = [self._shown[place] for place in tied.places]
        bare = [replace(entry.paragraph, text=without_orders(entry.paragraph.text)) for entry in shown]
        if all(left.text == entry.paragraph.text for left, entry in zip(bare, shown, strict=True)):
            return tied
        cited = [CitedParagraph(left, entry.hit.article) for left, entry in zip(bare, shown, strict=True) if left.text]
        if self._gate.check(tied.text, cited).verdict is Verdict.SUPPORTED:
            return tied
        return Tied(tied.text, (), _refuted("the article has it only in orders to machines that read it"))

    def claim(self, tied: Tied) -> Claim:
        """Return a tied sentence as a claim, each citation at the sentence of its paragraph that is nearest."""
        citations = []
        for place in tied.places:
            entry = self._shown[place]
            sentence = self._gate.nearest_sentence(tied.text, entry.paragraph)
            citations.append(self._sources.cite_sentence(entry.hit, entry.paragraph, sentence))
        return Claim(tied.text, tied.finding.verdict, tied.finding.reasons, tuple(citations))

    def _check(self, text: str, places: Sequence[int]) -> Finding:
        cited = [CitedParagraph(self._shown[place].paragraph, self._shown[place].hit.article) for place in places]
        return self._gate.check(text, cited)

    def _needed(self, text: str, places: tuple[int, ...]) -> tuple[int, ...]:
        """Return those of several paragraphs that state the sentence by themselves; all, if it takes them together."""
        if len(places) == 1:
            return places
        alone = tuple(place for place in places if self._check(text, (place,)).verdict is Verdict.SUPPORTED)
        return alone or places

    def _judged(self, tied: Tied) -> Tied:
        """Ask the model about what the exact checks leave open; it can confirm, and never overrule a failed check."""
        if tied.finding.verdict is not Verdict.PARTLY or self._model is None or self._model.small:
            return tied
        paragraphs = [self._shown[place] for place in tied.places]
        if entailed(self._model, tied.text, paragraphs) < CONFIRMED_FROM:
            return replace(
                tied, finding=replace(tied.finding, reasons=(*tied.finding.reasons, "a second reading agrees"))
            )
        reasons = ("stated in the cited paragraph, on a second reading",)
        return replace(tied, finding=replace(tied.finding, verdict=Verdict.SUPPORTED, reasons=reasons))

    def _rewritten(self, model: ChatModel, tied: Tied) -> Tied | None:
        """Have an unsupported sentence written once more; keep the better of the two, or nothing if none is there."""
        sentence = rewritten(model, tied.text, tied.finding.reasons, self._shown)
        if sentence is None:
            return None
        again = self._judged(self.tie(sentence))
        return again if _RANK[again.finding.verdict] > _RANK[tied.finding.verdict] else tied


def _refuted(reason: str) -> Finding:
    return Finding(Verdict.UNSUPPORTED, (reason,), 0.0)
