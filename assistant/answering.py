"""One question, end to end: stand alone, search, rank, abstain or quote; then, with a model, compose and check.

The quoted answer is ready first and stands by itself. What a model writes comes after it, sentence by sentence, each
checked; where the model fails, or writes nothing that holds, the quoted answer stands, with one line saying why.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from assistant.answers.wording import MAY_ANSWER
from assistant.config import Settings, load_settings
from assistant.differing.differences import Difference, find_differences, to_show
from assistant.evidence.finding import Inquiry, inquire, unread_in
from assistant.evidence.missing import missing
from assistant.evidence.ranking import Candidate
from assistant.evidence.relating import Relations
from assistant.gate.checking import Gate
from assistant.language.words import forms_of
from assistant.models.chat_model import ChatModel
from assistant.models.choosing import make_model
from assistant.question.follow_up import leans, standalone_question
from assistant.quoting.choosing import Quoted, choose
from assistant.quoting.sources import Sources, marks
from assistant.quoting.superseding import current_first, without_superseded
from assistant.reader.reader import reader
from assistant.trace import Trace
from assistant.types import Answer, Claim, Disagreement, Event, Evidence, Outcome, Turn, Version
from assistant.writing.drafting import Drafter
from assistant.writing.prompting import standalone
from index.embedding.registry import make_embedder
from index.errors import ModelError, UsageError
from index.search import Searcher
from index.types import Filters, Hit

PASSAGES_ALIKE = 8
"""Passages near to the answer's own words among which is looked, too."""
EVIDENCE_SHOWN = 5

REFUSAL = "The articles do not answer this question."


class Assistant:
    """Answers questions from one library. Use as a context manager, or close it."""

    def __init__(self, searcher: Searcher, model: ChatModel | None = None, policy: str = "mark") -> None:
        self.searcher = searcher
        self.model = model
        self._policy = policy

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the library that the settings name. Raises NotFound and ConfigError."""
        model = make_model(settings)
        return cls(
            Searcher.open(settings.library_path, make_embedder(settings.embedder_settings)), model, settings.policy
        )

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Load what a first question would wait for: embedder, indexes, reader, dictionary of English."""
        self.searcher.search("warm", 1)
        reader().warm()
        forms_of("warm")

    def close(self) -> None:
        """Close the library, and let the model go."""
        self.searcher.close()
        if self.model:
            self.model.close()

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None,
        trace: Trace | None = None,
    ) -> Answer:  # fmt: skip
        """Answer one question from the articles, or say that they do not answer it.

        `history` holds the earlier turns, oldest first. Raises UsageError for an empty question.
        """
        *_, last = self.stream(question, history, filters, answer_id, trace)
        if not isinstance(last.value, Answer):  # the last event always holds one
            raise TypeError(last.kind)
        return last.value

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None,
        trace: Trace | None = None, cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[Event]:  # fmt: skip
        """Answer one question step by step; one that asks what an outlet reported, from that outlet's articles alone.

        First comes "evidence", the quoted answer or refusal as it stands without a model; then, with a model, a "claim"
        for each sentence; last "done", the answer. Raises UsageError for an empty question.
        """
        if not question.strip():
            raise UsageError('The question is empty. Ask like this: pullquote ask "What was agreed?"')
        trace = trace or Trace(self.model)
        filters = filters or Filters()
        alone = self._standalone(question.strip(), history)
        inquiry = inquire(self.searcher, question, alone, filters, trace, answer_id=answer_id)
        relations = Relations(reader())
        # Each at most once a question, and only if needed.
        chosen = cache(lambda: choose(inquiry.question, inquiry.candidates, relations))
        differences = cache(lambda: self._differences(inquiry, chosen(), relations))
        quoted = self._quoted(inquiry, chosen, differences)
        yield Event("evidence", quoted)
        answer = quoted
        if self.model and inquiry.candidates and outcome_of(inquiry.confidence) is not Outcome.NO_ANSWER:
            answer = yield from self._composed(self.model, inquiry, quoted, differences, cancelled)
        yield Event("done", replace(answer, timings=trace.timings(), usage=trace.used(self.model)))

    def _standalone(self, question: str, history: Sequence[Turn]) -> str:
        """Have a large model rewrite a question that leans on earlier turns; else, or when it fails, carry words."""
        if self.model and not self.model.small and history and leans(question):
            try:
                return standalone(self.model, question, history)
            except ModelError:
                pass
        return standalone_question(question, history)

    # -- without a model --------------------------------------------------------------------------------------------

    def _quoted(
        self, inquiry: Inquiry, chosen: Callable[[], Sequence[Quoted]], differences: Callable[[], list[Difference]]
    ) -> Answer:
        """Return the answer of quotations, or the refusal."""
        sources, confidence = Sources(self.searcher.library), inquiry.confidence
        with inquiry.trace.step("quote") as noted:
            if outcome_of(confidence) is Outcome.NO_ANSWER:
                return self._answer(inquiry, (), sources, confidence)
            found = differences()
            shown = to_show(inquiry.question, found)
            noted["differences"] = len(shown)
            claims = sources.quoted(current_first(inquiry.question, chosen(), found))
            return self._answer(inquiry, claims, sources, confidence, disagreements=_cited(shown, sources))

    def _differences(self, inquiry: Inquiry, answering: Sequence[Quoted], relations: Relations) -> list[Difference]:
        """Look for other versions: among all passages that were found, and among those nearest to the answer itself."""
        stated = [candidate for quoted in answering for candidate in (quoted.candidate, *quoted.supporters)]
        further = [*inquiry.further, *self._alike(inquiry, answering)]
        others = unread_in(self.searcher, further)
        return find_differences(inquiry.question, [*inquiry.candidates, *others], relations, stated)

    def _alike(self, inquiry: Inquiry, answering: Sequence[Quoted]) -> list[Hit]:
        """Find passages, besides those found for the question, that say something near to the answer's first sentence.

        What another article says about the same thing is nearer to the answer than to the question.
        """
        if not answering:
            return []
        first = answering[0].candidate
        known = {hit.passage.id for hit in (*inquiry.hits, *inquiry.further)}
        found = self.searcher.search(first.sentence.text, PASSAGES_ALIKE, inquiry.filters)
        return [hit for hit in found if hit.passage.id not in known]

    def _answer(  # noqa: PLR0913 - an answer has so many parts
        self, inquiry: Inquiry, claims: Sequence[Claim], sources: Sources, confidence: float, *,
        disagreements: tuple[Disagreement, ...] = (), writer: str = "quoting", note: str | None = None,
        outcome: Outcome | None = None,
    ) -> Answer:  # fmt: skip
        """Return an answer with these claims; without any it is a refusal."""
        answered = bool(claims)
        outcome = (outcome or outcome_of(confidence)) if answered else Outcome.NO_ANSWER
        nearest = best_of_each(inquiry.hits[:EVIDENCE_SHOWN], inquiry.candidates)
        said = [f"{claim.text} {marks(claim)}" for claim in claims]
        if outcome is Outcome.MAY_ANSWER:
            said = [MAY_ANSWER, *said]
        said = said or [REFUSAL, missing(inquiry.question, nearest, self.searcher.stands)]
        return Answer(
            id=inquiry.id,
            question=inquiry.asked,
            standalone_question=inquiry.question.standalone,
            answered=answered,
            text=_joined(*map(str.strip, said)),
            as_of=sources.as_of() if answered else None,
            writer=writer,
            claims=tuple(claims),
            sources=tuple(sources.listed) if answered else (),
            evidence=tuple(map(_evidence, nearest)),
            disagreements=disagreements if answered else (),
            confidence=round(confidence, 4),
            outcome=outcome,
            coverage=None if answered else self.searcher.library.coverage(inquiry.filters),
            note=_joined(_told(inquiry.question.outlets), note) or None,
        )

    # -- with a model -----------------------------------------------------------------------------------------------

    def _composed(
        self, model: ChatModel, inquiry: Inquiry, quoted: Answer, differences: Callable[[], list[Difference]],
        cancelled: Callable[[], bool] | None,
    ) -> Generator[Event, None, Answer]:  # fmt: skip
        """Yield claims as the model writes them, and return the answer that stands in the end.

        A small model, which writes from a single paragraph, is not shown one whose figure is superseded.
        """
        sources = Sources(self.searcher.library)
        drafter = Drafter(model, self._gate(), sources, Relations(reader()), self._policy, cancelled)
        sure = outcome_of(inquiry.confidence) is Outcome.ANSWERS
        draft = partial(drafter.small, sure=sure) if model.small else drafter.large
        candidates = inquiry.candidates
        if model.small:
            candidates = without_superseded(inquiry.question, candidates, differences())
        try:
            with inquiry.trace.step("compose") as noted:
                done = yield from draft(inquiry.question, candidates, inquiry.confidence, noted)
        except ModelError as error:
            return _left_quoted(quoted, model, f"Quoted only. {error}")
        if not done.claims and not done.declined:
            return _left_quoted(quoted, model, done.note)
        shown = to_show(inquiry.question, differences()) if done.claims else []
        for account in done.accounts:
            if not any(map(account.repeats, shown)):
                shown.append(account)
        answer = self._answer(
            inquiry, done.claims, sources, done.confidence,
            disagreements=_cited(shown, sources), writer="composed", note=done.note,
            outcome=Outcome.ANSWERS,  # the model was asked, and what it wrote was checked
        )  # fmt: skip
        return replace(answer, model=model.known_name or None)

    def _gate(self) -> Gate:
        return Gate(self.searcher.library.outlets())


def ask(question: str, filters: Filters | None = None, **settings: object) -> Answer:
    """Answer one question, with the settings in force but for those given by name: `ask("Who?", library="mine")`.

    For one question: an `Assistant` that stays open has its indexes at hand for the next. Raises NotFound where there
    is no library, ConfigError for settings that do not go together, UsageError for an empty question.
    """
    with Assistant.open(load_settings(settings)) as assistant:
        return assistant.ask(question, filters=filters)


def outcome_of(confidence: float) -> Outcome:
    """Return what becomes of a question whose likeliest passage answers with this probability, 0 to 1."""
    fitted = reader().calibrated
    if confidence >= fitted.answers_from:
        return Outcome.ANSWERS
    return Outcome.MAY_ANSWER if confidence >= fitted.may_answer_from else Outcome.NO_ANSWER


def _cited(differences: Sequence[Difference], sources: Sources) -> tuple[Disagreement, ...]:
    return tuple(
        Disagreement(
            difference.kind,
            difference.about,
            tuple(
                Version(side.value, tuple(map(sources.cite, side.candidates)), side.superseded)
                for side in difference.versions
            ),
        )
        for difference in differences
    )


def best_of_each(hits: Sequence[Hit], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the best candidate of each passage, in the order of the hits."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.hit.passage.id, candidate)
    return [best[hit.passage.id] for hit in hits if hit.passage.id in best]


def _evidence(candidate: Candidate) -> Evidence:
    article, paragraph = candidate.hit.article, candidate.paragraph
    published = article.published.isoformat() if article.published else None
    return Evidence(
        article.id, article.file, paragraph.number, paragraph.text, round(candidate.hit.score, 4), article.title,
        article.outlet, published,
    )  # fmt: skip


def _left_quoted(quoted: Answer, model: ChatModel, why: str | None) -> Answer:
    """Return the quoted answer as one that a model was to write and did not."""
    return replace(quoted.with_note(why), model=model.known_name or None)


def _told(outlets: Sequence[str]) -> str:
    """Return the line on which outlets alone were searched; empty where all were."""
    *first, last = outlets or ("",)
    named = f"{', '.join(first)} and {last}" if first else last
    return f"The question names {named}: no other outlet was searched." if named else ""


def _joined(*parts: str | None) -> str:
    return " ".join(filter(None, parts))
