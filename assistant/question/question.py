"""A question, read once: what it asks for, its words, values and names, the times and outlets it asks, its vector."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assistant.language.types import Value
from assistant.language.values import values_in
from assistant.question.asked_times import names_time, times_among
from assistant.question.kinds import AnswerKind, content_terms, expected_kind, names, words_counted
from assistant.question.outlets import outlets_asked, without_attribution
from assistant.question.wishes import Wish, wishes_in
from index.embedding.protocol import Embedder, Vectors


@dataclass(frozen=True, slots=True)
class Question:
    """A standalone question with what is computed from it once."""

    standalone: str
    """The question as it stands without the conversation around it."""
    text: str
    """The same without "according to" the outlets that alone are searched; all below is read from it."""
    kind: AnswerKind
    terms: Mapping[str, float]
    """Content terms with their weight (rarity in the collection)."""
    names: tuple[str, ...]
    values: tuple[Value, ...]
    """The values that it states itself."""
    times: tuple[Value, ...]
    """Of these the days, months and years that it asks about."""
    names_time: bool
    """Whether it is about some time, a weekday or "the first night" included."""
    counted: str
    """What "how many" counts, up to five words; empty where nothing is counted."""
    wishes: frozenset[Wish]
    outlets: tuple[str, ...]
    """Outlets that it names and whose reporting alone it asks for."""
    vector: Vectors

    @classmethod
    def read(
        cls,
        standalone: str,
        embedder: Embedder,
        rarity: Callable[[str], float],
        *,
        outlets: Iterable[str] = (),
        only: tuple[str, ...] = (),
    ) -> Question:
        """Read a question. `outlets` are those of the collection; where `only` some are searched, it asks none."""
        standalone = unicodedata.normalize("NFC", standalone)
        asked = () if only else outlets_asked(standalone, outlets)
        text = without_attribution(standalone, asked or only)
        values, wishes = tuple(values_in(text)), wishes_in(text)
        times = times_among(values, text)
        return cls(
            standalone=standalone,
            text=text,
            kind=expected_kind(text),
            terms={term: rarity(term) for term in content_terms(text)},
            names=tuple(names(text)),
            values=values,
            times=times,
            names_time=bool(times) or Wish.OTHER_TIME in wishes or names_time(values),
            counted=words_counted(text),
            wishes=wishes,
            outlets=asked,
            vector=embedder.embed_query(text),
        )
