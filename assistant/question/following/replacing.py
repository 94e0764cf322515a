"""A question asked again of something else: another topic, another period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.question.following.outlet_spans import without_outlets, without_spans
from assistant.question.times.periods import Period, period_of, without
from assistant.question.topic import topic_of
from assistant.types import Form

_ABOUT = frozenset("about on of regarding concerning with for".split())
"""Prepositions that say what a question is about; one goes for another."""
_PREPOSITIONS = _ABOUT | frozenset("in at to from by against between since under over after before during".split())
_ARTICLES = frozenset("the a an this that these those".split())
_LAST_WORD = re.compile(r"([\w’'-]+)\s*$")
_END = re.compile(r"[\s?!.]*$")


def with_topic(question: str, phrase: str, form: Form, outlets: Sequence[str] = ()) -> str:
    """Return a question asked of what a phrase names: "What's the latest on the ferry?" and "the bridge".

    What a phrase adds, "in Germany", comes behind the topic, and so does a further side of a comparison.
    """
    first, _, rest = phrase.partition(" ")
    preposition = first.lower() if first.lower() in _PREPOSITIONS and rest else ""
    span = _topic_span(question, outlets)
    if span is None:
        return _at_end(question, phrase if preposition else f"about {phrase}")
    start, end = span
    head, tail = question[:start].rstrip(), question[end:]
    before = _LAST_WORD.search(head)
    leading = before[1].lower() if before else ""
    if preposition and preposition != leading and not {preposition, leading} <= _ABOUT:
        return _at_end(question, phrase)
    if form is Form.COMPARISON and not preposition and re.search(r" and | with | to ", question[start:end]):
        return f"{question[:end]} and {phrase}{tail}"
    return f"{head} {rest if preposition else phrase}{tail}".lstrip()


def with_period(question: str, phrase: str, today: date) -> str:
    """Return a question asked of the period that a phrase names."""
    held = period_of(question, today)
    return _at_end(without(question, held).strip() if held else question, phrase)


def period_alone(phrase: str, today: date) -> Period | None:
    """Return the period of a phrase that names nothing else."""
    found = period_of(phrase, today)
    return found if found and not topic_of(without(phrase, found)) else None


def _topic_span(question: str, outlets: Sequence[str]) -> tuple[int, int] | None:
    """Return where the topic of a question stands, with the article before it."""
    masked = without_outlets(question, outlets)
    if period := period_of(masked, date.today()):
        masked = without_spans(masked, [(period.start, period.end)])
    words = topic_of(masked).split()
    if not words:
        return None
    start = _place(masked, words[0], 0)
    last = _last_place(masked, words[-1])
    if start < 0 or last < start:
        return None
    article = _LAST_WORD.search(question[:start])
    if article and article[1].lower() in _ARTICLES:
        start = article.start()
    return start, last + len(words[-1])


def _place(text: str, word: str, default: int) -> int:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    return found.start() if found else default


def _last_place(text: str, word: str) -> int:
    *_, last = [-1, *(found.start() for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text))]
    return last


def _at_end(question: str, phrase: str) -> str:
    place = _END.search(question)
    cut = place.start() if place else len(question)
    return f"{question[:cut]} {phrase}{question[cut:].lstrip()}"
