"""Research of one question for a large model: what to search, what was found, what is missing, what it is shown.

The question itself is always searched. Then the model plans further searches, sees what they found in short, and says
which are missing, in rounds, until it has enough, a round brings nothing new, or the budget of calls or seconds ends.
Where it fails or its reply cannot be read, research goes on with what there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from assistant.evidence.finding import Inquiry
from assistant.evidence.scope import scope_of
from assistant.models.chat_model import ChatModel
from assistant.models.types import Message
from assistant.question.asking import in_its_time
from assistant.question.topic import topic_of
from assistant.reader.reader import Reader, reader
from assistant.research.gathering import Gatherer, in_reading_order
from assistant.research.planning import (
    FORMS,
    LONGEST_REPLY,
    missing_messages,
    missing_schema,
    plan_messages,
    plan_schema,
    read_missing,
    read_plan,
)  # fmt: skip
from assistant.research.searching import READ, hits_for, search_for
from assistant.research.types import Budget, Found, Plan, Search
from assistant.types import Form
from assistant.writing.drafting import Material, paragraphs_of
from assistant.writing.prompting import Shown, estimated_tokens
from index.errors import ModelError
from index.search import Searcher

BEST_READ = 3
BEST_FOUND = 5
"""Paragraphs of a search that the model sees when it is to say what is missing: by the reader, by the search."""
MOST_REPORTED = 8
"""Searches that it sees then; the first and the newest."""
PASSAGES_NOTED = 3
_MAX_TOKENS = 500
_HOPELESS = frozenset({"key", "quota", "unreachable"})
"""Failures that would meet the writing, too."""


class Researcher:
    """Researches one question with one model."""

    def __init__(
        self, model: ChatModel, searcher: Searcher, budget: Budget, cancelled: Callable[[], bool] | None = None,
        reading: Reader | None = None, today: date | None = None,
    ) -> None:  # fmt: skip
        self._model = model
        self._searcher = searcher
        self._budget = budget
        self._cancelled = cancelled or (lambda: False)
        self._reader = reading or reader()
        self._today = today or date.today()
        self._calls = 0
        self._ends = 0.0

    def research(self, inquiry: Inquiry, form: Form, topic: str | None = None) -> Material:
        """Search what the question needs, and return what the model is to be shown. Raises ModelError.

        `form` is what the question looks like; a plan may say otherwise. `topic` is what a wide one is about, read off
        the question unless it is given.
        """
        self._ends = time.monotonic() + self._budget.seconds
        before = asdict(self._model.usage)
        with inquiry.trace.step("research") as noted:
            plan = self._plan(inquiry, form, noted) or Plan()
            form = plan.form or (form if form in FORMS else Form.FACT)
            inquiry, read = self._in_its_period(inquiry, form)
            topic = topic_of(read) if topic is None or read != inquiry.question.text else topic
            found = [self._own(inquiry, topic if form.is_wide else "")]
            self._rounds(inquiry, plan, found, noted)
            material = self._material(inquiry, form, topic, found)
            noted |= {
                "form": form.value,
                "searches": [_noted(each) for each in found],
                "shown": [each.paragraph.key for each in material.shown],
                "shown tokens": material.tokens,
                "used": {name: value - before[name] for name, value in asdict(self._model.usage).items()},
                "seconds": round(time.monotonic() - self._ends + self._budget.seconds, 3),
            }
        return material

    # -- searching ----------------------------------------------------------------------------------------------------

    def _in_its_period(self, inquiry: Inquiry, form: Form) -> tuple[Inquiry, str]:
        """Narrow a wide question to the articles of the period that it names; the second value is what is left of it.

        Mostly that is done before; not where only the plan says that the question is wide.
        """
        text, library = inquiry.question.text, self._searcher.library
        if not form.is_wide or form is Form.COMPARISON:
            return inquiry, text
        time, within = in_its_time(text, form, inquiry.filters, min(self._today, library.newest() or date.max))
        if time is None or not library.article_ids(within):
            return inquiry, text
        return replace(inquiry, filters=within), time.rest

    def _own(self, inquiry: Inquiry, words: str) -> Found:
        """Return what the question itself finds; what was read of it is read already."""
        search = Search(inquiry.question.text, words)
        hits = hits_for(self._searcher, inquiry.question, search, inquiry.filters)
        return Found(search, 0, hits, inquiry.candidates, inquiry.confidence)

    def _rounds(self, inquiry: Inquiry, plan: Plan, found: list[Found], noted: dict[str, Any]) -> None:
        """Make the searches of the plan, then those that the model finds missing, until one of the ends is reached."""
        searches: Sequence[Search] = plan.searches
        sure = self._reader.calibrated.answers_from
        number = 1
        while True:
            new = self._searched(inquiry, _not_yet(searches, found), number)
            is_enough = number == 1 and not new and found[0].answers >= sure
            brings = _brings_new(new, found)
            found += new
            if is_enough or (number > 1 and not brings):
                noted["ended"] = "enough" if not new else "nothing new"
                return
            if not self._may_ask():
                noted["ended"] = "cancelled" if self._cancelled() else "budget"
                return
            searches = self._missing(inquiry, found, noted)
            if not searches:
                noted.setdefault("ended", "enough")
                return
            number += 1

    def _searched(self, inquiry: Inquiry, searches: Iterable[Search], number: int) -> list[Found]:
        found: list[Found] = []
        for search in searches:
            if self._is_over():
                break
            found.append(search_for(self._searcher, search, inquiry.filters, self._reader, number))
        return found

    def _material(self, inquiry: Inquiry, form: Form, topic: str, found: Sequence[Found]) -> Material:
        """Gather what is shown, and the sentences that were read."""
        gatherer = Gatherer(self._searcher.library, self._budget.context_tokens)
        scope = scope_of(self._searcher, topic, inquiry.filters) if form.is_wide else None
        if scope and scope.articles:
            gatherer.wide(scope, found)
        else:
            gatherer.facts(found)
        shown = in_reading_order(gatherer.shown, form)
        places = {candidate.place: candidate for each in reversed(found) for candidate in each.candidates}
        own = {candidate.place for candidate in inquiry.candidates}
        candidates = [*inquiry.candidates, *(one for place, one in places.items() if place not in own)]
        return Material(form, tuple(shown), candidates, gatherer.used)

    # -- asking -------------------------------------------------------------------------------------------------------

    def _plan(self, inquiry: Inquiry, form: Form, noted: dict[str, Any]) -> Plan | None:
        if not self._may_ask():
            return None
        library = self._searcher.library
        coverage = library.coverage(inquiry.filters)
        messages = plan_messages(inquiry.question.text, form, coverage, self._today)
        reply = self._reply(messages, plan_schema(), noted)
        plan = read_plan(reply, library.outlets())
        noted["plan"] = "unreadable" if plan is None else [search.question for search in plan.searches]
        return plan

    def _missing(self, inquiry: Inquiry, found: Sequence[Found], noted: dict[str, Any]) -> tuple[Search, ...]:
        reported = [found[0], *found[1:][-MOST_REPORTED + 1 :]]
        shown = [(each, _best(each, self._searcher)) for each in reported]
        messages = missing_messages(inquiry.question.text, shown, self._reader.calibrated.answers_from)
        reply = self._reply(messages, missing_schema(), noted)
        return tuple(_not_yet(read_missing(reply, self._searcher.library.outlets()), found))

    def _reply(self, messages: Sequence[Message], schema: Mapping[str, Any], noted: dict[str, Any]) -> str:
        """Ask the model, for as long as the budget lasts; what it failed to say is nothing.

        Raises ModelError where it would fail to write, too.
        """
        self._calls += 1
        pieces: list[str] = []
        noted.setdefault("asked", []).append(sum(estimated_tokens(message.content) for message in messages))
        try:
            for piece in self._model.stream(messages, max_tokens=_MAX_TOKENS, schema=schema, cancelled=self._is_over):
                pieces.append(piece)
                if sum(map(len, pieces)) > LONGEST_REPLY:
                    break
        except ModelError as error:
            if error.cause in _HOPELESS:
                raise
            noted["failed"] = str(error)
        return "".join(pieces)

    def _may_ask(self) -> bool:
        return self._calls < self._budget.calls and not self._is_over()

    def _is_over(self) -> bool:
        return self._cancelled() or time.monotonic() >= self._ends


def _not_yet(searches: Iterable[Search], found: Sequence[Found]) -> list[Search]:
    """Return the searches that were not made yet."""
    made = [replace(each.search, words="", question=each.search.question.casefold()) for each in found]
    return [each for each in searches if replace(each, words="", question=each.question.casefold()) not in made]


def _brings_new(new: Sequence[Found], before: Sequence[Found]) -> bool:
    """Whether one of the new searches has, among its best passages, one that no search before had there."""
    known = {hit.passage.id for each in before for hit in each.hits[:READ]}
    return any(hit.passage.id not in known for each in new for hit in each.hits[:READ])


def _best(found: Found, searcher: Searcher) -> list[Shown]:
    """Return a search's best paragraphs: those of the likeliest sentences, and those of the best passages."""
    by_search = [
        Shown(hit, paragraph)
        for hit in found.hits[:BEST_FOUND]
        for paragraph in searcher.neighbours(hit, 0, 0)
    ]  # fmt: skip
    return [*paragraphs_of(found.candidates, BEST_READ), *by_search]


def _noted(found: Found) -> dict[str, Any]:
    search = {name: value for name, value in asdict(found.search).items() if value}
    return {
        **{name: value if isinstance(value, str | tuple) else value.isoformat() for name, value in search.items()},
        "round": found.round,
        "found": [f"{hit.article.id}#{hit.passage.first}" for hit in found.hits[:PASSAGES_NOTED]],
        "answers": round(found.answers, 4),
    }
