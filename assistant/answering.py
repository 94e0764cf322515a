"""One question, end to end: what is asked, search, rank, abstain or quote; then, with a model, compose and check.

A question for one fact is answered by the sentences that answer it, a wide one by those that carry the story, one about
the articles themselves by the catalogue. The quoted answer is ready first and stands by itself. What a model writes
comes after it, sentence by sentence, each checked; where the model fails, or writes nothing that holds, the quoted
answer stands, with one line saying why.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from assistant.answers.wording import searched_for
from assistant.assembling import Assembler, cited, outcome_of
from assistant.catalogue.listing import listing_of
from assistant.catalogue.question import catalogue_question
from assistant.config import Settings, load_settings
from assistant.conversations.talking import reply_to
from assistant.differing.differences import Difference, find_differences, to_show
from assistant.evidence.finding import Inquiry, inquire, unread_in
from assistant.evidence.relating import Relations
from assistant.evidence.scope import MAY_KNOW_FROM, scope_of
from assistant.gate.checking import Gate
from assistant.language.words import forms_of
from assistant.models.chat_model import ChatModel
from assistant.models.choosing import make_model
from assistant.question.asking import Asked, asked_of
from assistant.question.following.follow_up import leans
from assistant.question.following.reshaping import FollowedUp, Manner, followed_up
from assistant.question.spelling.mending import SearchedWords, mended
from assistant.quoting.choosing import Quoted, choose
from assistant.quoting.sources import Sources
from assistant.quoting.superseding import current_first, without_superseded
from assistant.reader.reader import reader
from assistant.research.research import Researcher
from assistant.research.types import STANDARD, Budget
from assistant.summarising.differing import differences_in
from assistant.summarising.telling import tell
from assistant.trace import Trace
from assistant.types import Answer, Event, Form, Outcome, Turn
from assistant.writing.drafting import Drafter
from assistant.writing.prompting import standalone
from index.embedding.registry import make_embedder
from index.errors import ModelError, UsageError
from index.search import Searcher
from index.types import Filters, Hit

PASSAGES_ALIKE = 8
"""Passages near to the answer's own words among which is looked, too."""


class Assistant:
    """Answers questions from one library. Use as a context manager, or close it."""

    def __init__(
        self, searcher: Searcher, model: ChatModel | None = None, policy: str = "mark", budget: Budget = STANDARD,
        today: Callable[[], date] = date.today,
    ) -> None:  # fmt: skip
        self.searcher = searcher
        self.model = model
        self._policy = policy
        self._budget = budget
        self._today = today

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the library that the settings name. Raises NotFound and ConfigError."""
        model = make_model(settings)
        return cls(
            Searcher.open(settings.library_path, make_embedder(settings.embedder_settings)), model, settings.policy,
            Budget.of(settings),
        )  # fmt: skip

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
        trace: Trace | None = None, form: Form | None = None,
    ) -> Answer:  # fmt: skip
        """Answer one question from the articles, or say that they do not answer it.

        `history` holds the earlier turns, oldest first; `form` stands in for the one that the words show. Raises
        UsageError for an empty question.
        """
        *_, last = self.stream(question, history, filters, answer_id, trace, form=form)
        if not isinstance(last.value, Answer):  # the last event always holds one
            raise TypeError(last.kind)
        return last.value

    def stream(  # noqa: PLR0913 - what a question comes with
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None,
        trace: Trace | None = None, cancelled: Callable[[], bool] | None = None, *, form: Form | None = None,
    ) -> Iterator[Event]:  # fmt: skip
        """Answer one question step by step; one that asks what an outlet reported, from that outlet's articles alone.

        First comes "evidence", the quoted answer or refusal as it stands without a model; then, with a model, a "claim"
        for each sentence; last "done", the answer. Raises UsageError for an empty question.
        """
        if not question.strip():
            raise UsageError('The question is empty. Ask like this: pullquote ask "What was agreed?"')
        trace = trace or Trace(self.model)
        followed = self._followed(question.strip(), history)
        asked = self._asked(followed, filters or Filters(), trace, form)
        answer_id = answer_id or uuid.uuid4().hex[:12]
        assembler = Assembler(self.searcher, answer_id, question, followed.text)
        work = _Work(asked, assembler, trace, cancelled)
        quoted = self._at_once(work, history)
        if quoted is not None and (quoted.listing or quoted.form is Form.TALK or not self._writes_wide()):
            yield Event("evidence", quoted)
            answer = quoted
        else:
            answer = yield from self._searched(work, question, quoted)
        yield Event("done", replace(answer, timings=trace.timings(), usage=trace.used(self.model)))

    # -- what is asked ----------------------------------------------------------------------------------------------

    def _followed(self, question: str, history: Sequence[Turn]) -> FollowedUp:
        """Make a question stand alone; one that leans on earlier turns a large model rewrites, if it can."""
        followed = followed_up(question, history, self.searcher.library.outlets())
        large = self.model and not self.model.small
        if self.model and large and history and followed.manner == Manner() and leans(question):
            try:
                return FollowedUp(standalone(self.model, question, history))
            except ModelError:
                pass
        return followed

    def _asked(self, followed: FollowedUp, filters: Filters, trace: Trace, form: Form | None) -> Asked:
        with trace.step("asked") as noted:
            library = self.searcher.library
            spelt = mended(followed.text, SearchedWords(self.searcher))
            asked = asked_of(
                replace(followed, text=spelt.text), filters, outlets=library.outlets(), rarity=self.searcher.rarity,
                today=self._today(), newest=library.newest(), form=form,
            )  # fmt: skip
            noted |= {"form": asked.form.value, "topic": asked.topic, "period": asked.period}
            return asked.with_told(searched_for(spelt.changes))

    def _writes_wide(self) -> bool:
        """Whether a model writes answers to wide questions; a small one writes from a single paragraph."""
        return self.model is not None and not self.model.small

    # -- without a search for one fact ------------------------------------------------------------------------------

    def _at_once(self, work: _Work, history: Sequence[Turn]) -> Answer | None:
        """Return the reply, the listing or the quoted answer to a wide question; None where a fact is to be found."""
        asked = work.asked
        if asked.form is Form.TALK:
            return work.assembler.reply(reply_to(asked.text, self.searcher.library.coverage(Filters()), history))
        if asked.form in {Form.LIST, Form.COUNT}:
            listed = self._listed(work)
            about = replace(work, asked=replace(asked, form=Form.OVERVIEW))
            return listed or (self._told(about) if asked.form is Form.LIST and asked.topic else None)
        return self._told(work) if asked.form.is_wide else None

    def _listed(self, work: _Work) -> Answer | None:
        asked, library = work.asked, self.searcher.library
        with work.trace.step("catalogue") as noted:
            question = catalogue_question(
                asked.text, library.outlets(), library.authors(), counts=asked.form is Form.COUNT,
                of_period=bool(asked.period),
            )  # fmt: skip
            if question is None:
                return None
            listing = listing_of(library, question, asked.filters, asked.period)
            if question.asks and not listing.total:
                scope = scope_of(self.searcher, " ".join(question.words), asked.filters)
                near = scope.articles[0].article if scope.nearness >= MAY_KNOW_FROM else None
                listing = listing_of(library, question, asked.filters, asked.period, near)
            noted |= {"kind": listing.kind, "total": listing.total}
            if not listing.total and question.words and asked.form is Form.LIST:
                return None  # words that stand in no article name none: what they are about may be told all the same
        return work.assembler.listing(asked, listing)

    def _told(self, work: _Work) -> Answer | None:
        """Answer a wide question in the articles' words; None where they do not know what it is about."""
        asked, relations = work.asked, Relations(reader())
        with work.trace.step("tell") as noted:
            told = tell(self.searcher, asked, relations, reader())
            noted |= {
                "nearness": round(told.scope.nearness, 4),
                "articles": {each.article.id: round(each.relevance, 4) for each in told.scope.articles},
                "sentences": len(told.statements),
            }
            if told.outcome is Outcome.NO_ANSWER:
                return None
            sources = Sources(self.searcher.library)
            shown = differences_in(self.searcher, asked, told, relations)
            return work.assembler.wide(asked, told, sources, shown)

    # -- with a search for what answers -----------------------------------------------------------------------------

    def _searched(self, work: _Work, put: str, wide: Answer | None) -> Generator[Event, None, Answer]:
        """Search for what answers, and yield first the quoted answer, then what a model writes."""
        asked = work.asked
        inquiry = inquire(self.searcher, put, asked.text, asked.filters, work.trace)
        relations = Relations(reader())
        # Each at most once a question, and only if needed.
        chosen = cache(lambda: choose(inquiry.question, inquiry.candidates, relations))
        differences = cache(lambda: self._differences(inquiry, chosen(), relations))
        quoted = wide or self._quoted(work, inquiry, chosen, differences)
        yield Event("evidence", quoted)
        held_back = self.model and self.model.small and outcome_of(inquiry.confidence) is Outcome.NO_ANSWER
        if self.model and inquiry.candidates and not held_back:
            return (yield from self._composed(self.model, work, inquiry, quoted, differences))
        return quoted

    def _quoted(
        self, work: _Work, inquiry: Inquiry, chosen: Callable[[], Sequence[Quoted]],
        differences: Callable[[], list[Difference]],
    ) -> Answer:  # fmt: skip
        """Return the answer of quotations, or the refusal."""
        sources, confidence, told = Sources(self.searcher.library), inquiry.confidence, work.asked.told
        with inquiry.trace.step("quote") as noted:
            outcome = outcome_of(confidence)
            if outcome is Outcome.NO_ANSWER:
                return work.assembler.fact(inquiry, (), sources, confidence, note=told)
            found = differences()
            shown = to_show(inquiry.question, found)
            noted["differences"] = len(shown)
            claims = sources.quoted(current_first(inquiry.question, chosen(), found))
            return work.assembler.fact(
                inquiry, claims, sources, confidence, disagreements=cited(shown, sources), note=told, outcome=outcome
            )

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

    # -- with a model -----------------------------------------------------------------------------------------------

    def _composed(
        self, model: ChatModel, work: _Work, inquiry: Inquiry, quoted: Answer,
        differences: Callable[[], list[Difference]],
    ) -> Generator[Event, None, Answer]:  # fmt: skip
        """Yield claims as the model writes them, and return the answer that stands in the end.

        A small model, which writes from a single paragraph, is not shown one whose figure is superseded.
        """
        sources = Sources(self.searcher.library)
        drafter = Drafter(model, self._gate(), sources, Relations(reader()), self._policy, work.cancelled)
        try:
            if model.small:
                candidates = without_superseded(inquiry.question, inquiry.candidates, differences())
                sure = outcome_of(inquiry.confidence) is Outcome.ANSWERS
                draft = partial(drafter.small, inquiry.question, candidates, sure=sure)
            else:
                researcher = Researcher(model, self.searcher, self._budget, work.cancelled, today=self._today())
                material = researcher.research(inquiry, work.asked.form, work.asked.topic)
                draft = partial(drafter.large, inquiry.question, material)
            with inquiry.trace.step("compose") as noted:
                done = yield from draft(inquiry.confidence, noted)
        except ModelError as error:
            return _left_quoted(quoted, model, f"Quoted only. {error}")
        if not done.claims and not done.declined:
            return _left_quoted(quoted, model, done.note)
        shown = to_show(inquiry.question, differences()) if done.claims else []
        for account in done.accounts:
            if not any(map(account.repeats, shown)):
                shown.append(account)
        answer = work.assembler.fact(
            inquiry, done.claims, sources, done.confidence,
            disagreements=cited(shown, sources), writer="composed",
            note=" ".join(filter(None, (work.asked.told, done.note))),
            outcome=Outcome.ANSWERS,  # the model was asked, and what it wrote was checked
            form=done.form, sections=done.sections,
        )  # fmt: skip
        return replace(answer, model=model.known_name or None)

    def _gate(self) -> Gate:
        return Gate(self.searcher.library.outlets())


@dataclass(frozen=True, slots=True)
class _Work:
    """One question on its way to an answer."""

    asked: Asked
    assembler: Assembler
    trace: Trace
    cancelled: Callable[[], bool] | None


def ask(question: str, filters: Filters | None = None, **settings: object) -> Answer:
    """Answer one question, with the settings in force but for those given by name: `ask("Who?", library="mine")`.

    For one question: an `Assistant` that stays open has its indexes at hand for the next. Raises NotFound where there
    is no library, ConfigError for settings that do not go together, UsageError for an empty question.
    """
    with Assistant.open(load_settings(settings)) as assistant:
        return assistant.ask(question, filters=filters)


def _left_quoted(quoted: Answer, model: ChatModel, why: str | None) -> Answer:
    """Return the quoted answer as one that a model was to write and did not."""
    return replace(quoted.with_note(why), model=model.known_name or None)
