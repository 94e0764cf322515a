"""What two sentences of different articles say of each other, as the reader judges: the same, at odds, or neither."""

from __future__ import annotations

from assistant.evidence.ranking import Candidate
from assistant.gate.checks import EXACT_CHECKS, CheckContext
from assistant.gate.types import CitedParagraph
from assistant.language.same_statement import in_one_order, same_statement
from assistant.reader.header import header_of
from assistant.reader.reader import Reader
from assistant.reader.types import Judgement, Passage
from index.splitting.sentences import split_sentences

_CONTEXT = CheckContext()


class Relations:
    """Compares the sentences that one question found."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def judgement(self, one: Candidate, other: Candidate) -> Judgement:
        """Return what the second sentence, where it stands, has to say of the first."""
        return self._reader.judges([(one.sentence.text, _passage(other))])[0]

    def states(self, one: Candidate, other: Candidate) -> bool:
        """Whether the second sentence bears out all of the first, so that it may be cited for it, too; in doubt, not.

        Either the words show it, or the reader is sure of it both ways, and the values and the order of things agree:
        who did what to whom it may mistake.
        """
        if same_statement(one.sentence.text, other.sentence.text):
            return True
        judged = (self.judgement(one, other), self.judgement(other, one))
        if min(each.supported for each in judged) < self._reader.calibrated.same_from:
            return False
        return in_one_order(one.sentence.text, other.sentence.text) and not any(
            check(first.sentence.text, [CitedParagraph(second.paragraph, second.hit.article)], _CONTEXT)
            for check in EXACT_CHECKS.values()
            for first, second in ((one, other), (other, one))
        )

    def at_odds(self, one: Candidate, other: Candidate) -> bool:
        """Whether both cannot be true: the reader says so, or finds them the same and things stand in another order."""
        fitted = self._reader.calibrated
        judged = (self.judgement(one, other), self.judgement(other, one))
        if max(each.contradicted for each in judged) >= fitted.contradicted_from:
            return True
        same = min(each.supported for each in judged) >= fitted.stated_from
        return same and not in_one_order(one.sentence.text, other.sentence.text)

    def about_one_thing(self, one: Candidate, other: Candidate) -> bool:
        """Whether one sentence has anything to say of what the other tells: bears it out, or contradicts it."""
        return (
            min(self.judgement(*pair).neither for pair in ((one, other), (other, one)))
            < self._reader.calibrated.apart_from
        )


def _passage(candidate: Candidate) -> Passage:
    """Return a sentence as the reader reads it: with the one before it in its paragraph, which it may lean on."""
    sentences = split_sentences(candidate.paragraph.text, candidate.paragraph.start)
    before = [each for each in sentences if each.end <= candidate.sentence.start][-1:]
    article = candidate.hit.article
    text = " ".join([*(each.text for each in before), candidate.sentence.text])
    return Passage(text, header_of(article.title or "", article.published))
