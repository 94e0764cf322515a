"""What flows through research: what it may use, what is searched for, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.config import Settings
from assistant.evidence.ranking import Candidate
from assistant.types import Form
from index.types import Filters, Hit


@dataclass(frozen=True, slots=True)
class Budget:
    """What research may use; the settings of these names say it."""

    calls: int = 3
    """Calls of the model before it writes."""
    seconds: float = 20.0
    context_tokens: int = 12_000
    """Tokens of paragraphs that the model is shown to write from."""

    @classmethod
    def of(cls, settings: Settings) -> Budget:
        """Return what the settings allow."""
        return cls(settings.research_calls, settings.research_seconds, settings.context_tokens)


STANDARD = Budget()


@dataclass(frozen=True, slots=True)
class Search:
    """Something to search for: a question, words that an article may say it with, and where to look."""

    question: str
    words: str = ""
    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def within(self, filters: Filters) -> Filters:
        """Return the reader's filters narrowed by the search's own; it never sees more than the reader allows."""
        outlets = self.outlets
        if filters.outlets:
            allowed = {name.casefold() for name in filters.outlets}
            outlets = tuple(name for name in outlets if name.casefold() in allowed) or filters.outlets
        since = max(filter(None, (filters.since, self.since)), default=None)
        until = min(filter(None, (filters.until, self.until)), default=None)
        if since and until and since > until:
            since, until = filters.since, filters.until
        return replace(filters, outlets=outlets, since=since, until=until)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model would go about a question; `form` is None where it does not say."""

    searches: tuple[Search, ...] = ()
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found."""

    search: Search
    round: int
    """0: the question itself; then the rounds of what the model asked for."""
    hits: Sequence[Hit]
    """Passages, best first."""
    candidates: Sequence[Candidate]
    """The sentences of the best of them, the likeliest to answer first."""
    answers: float
    """Probability, 0 to 1, that one of them answers the search."""
