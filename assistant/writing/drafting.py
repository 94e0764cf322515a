"""A model's draft of an answer: what it is shown, what it writes, and what of that holds.

A large model is shown what its research found and writes, as long and in such sections as the question needs. A small
one is shown the paragraph that answers likeliest and writes one sentence; where the reader is not sure that it answers,
the model is asked. The sentences that answer are quoted beneath its own, for those are short and often wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.differing.differences import Difference
from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.gate.checking import Gate
from assistant.models.chat_model import ChatModel
from assistant.question.question import Question
from assistant.quoting.choosing import choose
from assistant.quoting.sources import Sources
from assistant.types import Claim, Event, Form, Section, Verdict
from assistant.writing.accounts import differing_accounts
from assistant.writing.claims import ClaimMaker
from assistant.writing.layout import Gaps, Layout
from assistant.writing.prompting import (
    Shown,
    answers,
    composed,
    declines,
    reading_messages,
    short_answer,
    writing_messages,
)  # fmt: skip
from index.errors import ModelError

ANSWERS_FROM = 0.5
"""Probability of a small model's yes from which a paragraph that may answer is taken to answer."""
PARAGRAPHS_COMPARED = 8
"""Best paragraphs among which a large model looks for what they tell differently."""
DECLINED = "The model read the nearest paragraphs and found no answer in them."
NOTHING_ASKED = "Quoted only: the model was not asked to write."
"""It was stopped by then, or no paragraph may be shown."""
NOTHING_HOLDS = "Quoted only: no sentence that the model wrote is borne out by the articles."


@dataclass(frozen=True, slots=True)
class Draft:
    """What became of a model's text. Without claims it declined, or nothing that it wrote holds."""

    claims: tuple[Claim, ...] = ()
    declined: bool = False
    confidence: float = 0.0
    note: str | None = None
    accounts: Sequence[Difference] = ()
    """Where the model sees articles differ, as far as it holds."""
    form: Form = Form.FACT
    sections: tuple[Section, ...] = ()
    """How the claims stand together; empty where they simply follow each other."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a large model is given to write from."""

    form: Form
    """What its answer is to be."""
    shown: tuple[Shown, ...] = ()
    candidates: Sequence[Candidate] = ()
    """The sentences that were read, those of the question itself first."""
    tokens: int = 0
    """An estimate for the paragraphs that are shown."""


class Drafter:
    """Drafts one answer with one model."""

    def __init__(
        self, model: ChatModel, gate: Gate, sources: Sources, relations: Relations, policy: str,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self._model = model
        self._relations = relations
        self._gate = gate
        self._sources = sources
        self._policy = policy
        self._cancelled = cancelled

    def large(
        self, question: Question, material: Material, confidence: float, noted: dict[str, Any]
    ) -> Generator[Event, None, Draft]:
        """Have the model write, in the form that is wanted, from all that research gathered; yield each claim."""
        if not material.shown or (self._cancelled and self._cancelled()):
            return Draft(note=NOTHING_ASKED, confidence=confidence, form=material.form)
        shown, form = material.shown, material.form
        messages = writing_messages(question.text, shown, form)
        noted["prompt"] = [message.content for message in messages]
        maker = ClaimMaker(self._gate, shown, self._sources, self._model, self._policy)
        written: list[str] = []
        claims: list[Claim] = []
        layout, gaps = Layout(shown), Gaps()
        for sentence in composed(self._model, messages, form, len(shown), self._cancelled):
            if declines(sentence.text):
                gaps.note(sentence)
                if form is Form.FACT and not written:
                    break  # what a model says after that it does not know, it says from memory
                continue
            written.append(sentence.text)
            for claim in maker.claims(iter([sentence])):
                layout.add(len(claims), sentence)
                claims.append(claim)
                yield Event("claim", claim)
        noted |= {"written": written, "open": gaps.told}
        if not claims and gaps.any:
            return Draft(declined=True, confidence=confidence, note=gaps.added_to(DECLINED), form=form)
        if all(claim.verdict is Verdict.UNSUPPORTED for claim in claims):
            return Draft(note=NOTHING_HOLDS, confidence=confidence, form=form)
        compared = paragraphs_of(material.candidates, PARAGRAPHS_COMPARED)
        accounts = self._accounts(question, compared, material.candidates, noted)
        return Draft(
            tuple(claims), confidence=confidence, note=gaps.added_to(None), accounts=accounts, form=form,
            sections=layout.sections(claims),
        )  # fmt: skip

    def _accounts(
        self, question: Question, shown: Sequence[Shown], candidates: Sequence[Candidate], noted: dict[str, Any]
    ) -> list[Difference]:
        """Have the model compare what it was shown. The answer stands without it: where the model fails, nothing."""
        try:
            return differing_accounts(self._model, question, shown, candidates, noted, self._relations, self._cancelled)
        except ModelError as error:
            noted["comparing failed"] = str(error)
            return []

    def small(
        self, question: Question, candidates: Sequence[Candidate], confidence: float, noted: dict[str, Any], *,
        sure: bool,
    ) -> Generator[Event, None, Draft]:  # fmt: skip
        """Have the model write one sentence from the best paragraph, where it answers; yield each claim.

        `sure` says that the reader takes it to answer; else the model is asked.
        """
        best = paragraphs_of(candidates, 1)[0]
        maker = ClaimMaker(self._gate, [best], self._sources, None, "strict")
        if not sure:
            said = answers(self._model, question.text, best)
            noted["read"] = {best.paragraph.key: round(said, 4)}
            if said < ANSWERS_FROM:
                return Draft(declined=True, confidence=confidence, note=DECLINED)
        sentence = short_answer(self._model, question.text, best, self._cancelled)
        written = [maker.tie(sentence)] if sentence else []
        noted |= {
            "prompt": [message.content for message in reading_messages(question.text, best, "read_answer")],
            "written": [tied.text for tied in written],
        }
        claims: list[Claim] = []
        for claim in maker.kept(written):
            if claim.text != claim.citations[0].quote:
                claims.append(claim)
                yield Event("claim", claim)
        for claim in self._sources.quoted(choose(question, candidates, self._relations)):
            claims.append(claim)
            yield Event("claim", claim)
        return Draft(tuple(claims), confidence=confidence)


def paragraphs_of(candidates: Sequence[Candidate], count: int) -> list[Shown]:
    """Return the paragraphs of the best candidate sentences, each once, best first."""
    found: dict[str, Shown] = {}
    for candidate in candidates:
        found.setdefault(candidate.paragraph.key, Shown(candidate.hit, candidate.paragraph))
        if len(found) == count:
            break
    return list(found.values())
