"""A model's sentences become claims: tied to paragraphs, checked, and kept, marked, dropped or written once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.gate.checking import Gate
from assistant.gate.exact import wrong_outlets, wrong_values
from assistant.gate.types import CitedParagraph, Finding
from assistant.language.times import resolved_dates
from assistant.models.chat_model import ChatModel
from assistant.question.kinds import content_terms
from assistant.quoting.sources import Sources
from assistant.types import Claim, Verdict
from assistant.writing.lines import names_day
from assistant.writing.marks import MarkedSentence
from assistant.writing.orders import without_orders
from assistant.writing.prompting import Shown, entailed, rewritten

CONFIRMED_FROM = 0.5
"""Probability of the model's yes from which an uncertain sentence counts as supported."""
NEAREST = 8
"""Shown paragraphs, those that share most words with a sentence, among which one is sought that states it."""
SECOND_READINGS = 10
"""Sentences of an answer that a model is asked about again, each a call; what is uncertain beyond stays so."""
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
        self._terms = [frozenset(content_terms(entry.paragraph.text)) for entry in shown]
        self._readings = SECOND_READINGS

    def claims(self, sentences: Iterator[MarkedSentence]) -> Iterator[Claim]:
        """Yield a claim for each sentence that the policy keeps. Raises ModelError."""
        for sentence in sentences:
            tied: Tied | None = self._under(sentence.heading, self._judged(self.tie(sentence)))
            if tied and tied.finding.verdict is Verdict.UNSUPPORTED and self._policy == "rewrite" and self._model:
                tied = self._rewritten(self._model, tied, sentence.heading)
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
        return self._tied(sentence.text, named)

    def _tied(self, text: str, named: tuple[int, ...]) -> Tied:
        finding = self._check(text, named)
        if finding.verdict is Verdict.SUPPORTED:
            return self._unless_ordered(Tied(text, self._needed(text, named), finding))
        others = [(place,) for place in self._nearest(text) if (place,) != named]
        tried = [(self._check(text, places), places) for places in others]
        supported = [entry for entry in tried if entry[0].verdict is Verdict.SUPPORTED]
        if not supported:
            return Tied(text, named, finding)
        best, places = max(supported, key=lambda entry: entry[0].score)
        reason = (
            "another paragraph states it than the one that the model named" if named else "the model named no paragraph"
        )
        return self._unless_ordered(Tied(text, places, replace(best, reasons=(*best.reasons, reason))))

    def _under(self, heading: str, tied: Tied) -> Tied:
        """Hold a sentence to what stands over it: an outlet that is named there is to be cited, a day to be told.

        A day that the cited paragraph does not tell, and its article does, leaves the sentence partly supported.
        """
        entries = [self._shown[place] for place in tied.places]
        cited = [CitedParagraph(entry.paragraph, entry.hit.article) for entry in entries]
        if not heading or not cited or tied.finding.verdict is Verdict.UNSUPPORTED:
            return tied
        own = {entry.hit.article.outlet for entry in entries}
        others = {entry.hit.article.outlet or "" for entry in self._shown} - own - {""}
        reasons = wrong_outlets(heading, cited, sorted(others))
        if reasons and not wrong_outlets(heading, [], filter(None, own)):
            return replace(tied, finding=replace(tied.finding, verdict=Verdict.UNSUPPORTED, reasons=tuple(reasons)))
        if not names_day(heading) or not (reasons := wrong_values(heading, cited)):
            return tied
        whole = [replace(each, paragraph=replace(each.paragraph, text=each.article.text)) for each in cited]
        verdict = (
            Verdict.UNSUPPORTED
            if wrong_values(heading, whole) and not _is_of_its_day(heading, cited)
            else Verdict.PARTLY
        )
        return replace(tied, finding=replace(tied.finding, verdict=verdict, reasons=tuple(reasons)))

    def _nearest(self, text: str) -> list[int]:
        """Return the places of the shown paragraphs that share most content words with a sentence, the best first."""
        wanted = frozenset(content_terms(text))
        shared = {place: len(wanted & terms) for place, terms in enumerate(self._terms)}
        return sorted((place for place, count in shared.items() if count), key=lambda place: -shared[place])[:NEAREST]

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
        asks = tied.finding.verdict is Verdict.PARTLY and self._readings > 0
        if not asks or self._model is None or self._model.small:
            return tied
        self._readings -= 1
        paragraphs = [self._shown[place] for place in tied.places]
        if entailed(self._model, tied.text, paragraphs) < CONFIRMED_FROM:
            return replace(
                tied, finding=replace(tied.finding, reasons=(*tied.finding.reasons, "a second reading agrees"))
            )
        reasons = ("stated in the cited paragraph, on a second reading",)
        return replace(tied, finding=replace(tied.finding, verdict=Verdict.SUPPORTED, reasons=reasons))

    def _rewritten(self, model: ChatModel, tied: Tied, heading: str) -> Tied | None:
        """Have an unsupported sentence written once more; keep the better of the two, or nothing if none is there."""
        places = list(dict.fromkeys((*tied.places, *self._nearest(tied.text))))[:NEAREST]
        written = rewritten(model, tied.text, tied.finding.reasons, [self._shown[place] for place in places])
        if written is None:
            return None
        named = tuple(places[number - 1] for number in written.sources)
        again = self._under(heading, self._judged(self._tied(written.text, named)))
        return again if _RANK[again.finding.verdict] > _RANK[tied.finding.verdict] else tied


def _is_of_its_day(heading: str, cited: Sequence[CitedParagraph]) -> bool:
    """Whether a heading names the day on which a cited article came out, or the one before."""
    days = resolved_dates(heading, None)
    return any(
        day in days
        for each in cited
        if each.article.published
        for day in (each.article.published, each.article.published - timedelta(days=1))
    )


def _refuted(reason: str) -> Finding:
    return Finding(Verdict.UNSUPPORTED, (reason,), 0.0)
