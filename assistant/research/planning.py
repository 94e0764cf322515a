"""What a model is asked before it writes, and how its replies are read: which searches to make, and which are missing.

The replies are JSON, by a schema where the endpoint takes one and in plain text where it does not. LlamaIndex's
function calling and workflows would carry the same two questions, but only for endpoints with tools, without a limit on
calls and seconds, and without a stop in mid-reply: its model classes are asked (assistant/models), nothing above them.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from assistant.models.types import Message
from assistant.research.types import Found, Plan, Search
from assistant.safe_text import for_model, one_line
from assistant.types import Form
from assistant.writing.prompting import Shown, grouped, harmless, prompt
from index.types import Coverage

FORMS = (Form.FACT, Form.OVERVIEW, Form.TIMELINE, Form.LATEST, Form.COMPARISON, Form.WHO_IS, Form.OPINION)
"""Forms that a model may choose: the others are answered from the catalogue."""
MOST_SEARCHES = 6
"""Searches a round."""
LONGEST_SEARCH = 300
LONGEST_REPLY = 20_000
"""Characters of a reply that are read."""
SEARCHES_SO_FAR = "Searches so far:"
_MOST_OUTLETS = 20
_MOST_STARTS = 10
"""Places in a reply at which a JSON object is looked for."""
_LONGEST_SHOWN = 700
"""Characters of a paragraph when a model is to say what is missing."""


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str
    words: str
    outlets: list[str]
    since: str
    until: str


class _PlanReply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    form: Literal["fact", "overview", "timeline", "latest", "comparison", "who_is", "opinion"]
    searches: list[_Asked]


class _MissingReply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    searches: list[_Asked]


@cache
def plan_schema() -> Mapping[str, Any]:
    """Return the schema of a plan: every field required and none besides, as OpenAI's strict mode wants it."""
    return _PlanReply.model_json_schema()


@cache
def missing_schema() -> Mapping[str, Any]:
    """Return the schema of what is missing."""
    return _MissingReply.model_json_schema()


def plan_messages(question: str, form: Form, coverage: Coverage, today: date) -> list[Message]:
    """Return the messages that ask how to go about a question."""
    outlets = ", ".join(harmless(name) for name in coverage.outlets[:_MOST_OUTLETS]) or "not known"
    told = (
        f"Today: {today.isoformat()}\n"
        f"Collection: {coverage.articles} articles from {coverage.first or '?'} to {coverage.last or '?'}\n"
        f"Outlets: {outlets}\n"
        f"Form, as it seems: {form.value}\n\n"
        f"Question: {harmless(question)}"
    )
    return [Message("system", prompt("plan")), Message("user", told)]


def missing_messages(question: str, found: Sequence[tuple[Found, Sequence[Shown]]], sure: float) -> list[Message]:
    """Return the messages that ask which searches are missing; each search comes with its best paragraphs.

    `sure` is the probability from which one of them is said to answer. A paragraph is shown once.
    """
    shown: dict[str, Shown] = {}
    told = []
    for entry, best in found:
        for each in best:
            shown.setdefault(each.paragraph.key, each)
        told.append(f"- {harmless(entry.search.question)}: {_state(entry, sure)}")
    paragraphs = grouped(list(shown.values()), longest=_LONGEST_SHOWN)
    listed = "\n".join(told)
    asked = f"{paragraphs}\n\n{SEARCHES_SO_FAR}\n{listed}\n\nQuestion: {harmless(question)}"
    return [Message("system", prompt("missing")), Message("user", asked)]


def _state(found: Found, sure: float) -> str:
    if not found.hits:
        return "nothing found"
    return "a paragraph seems to answer it" if found.answers >= sure else "no paragraph surely answers it"


# -- replies ----------------------------------------------------------------------------------------------------------


def read_plan(reply: str, outlets: Sequence[str]) -> Plan | None:
    """Return the plan in a reply; None where there is none. What in it cannot be used is left out."""
    held = _object(reply)
    if held is None:
        return None
    form = held.get("form")
    chosen = next((each for each in FORMS if isinstance(form, str) and each.value == form.strip().lower()), None)
    return Plan(_searches(held, outlets), chosen)


def read_missing(reply: str, outlets: Sequence[str]) -> tuple[Search, ...]:
    """Return the searches in a reply; none where it asks for none, or cannot be read."""
    held = _object(reply)
    return _searches(held, outlets) if held else ()


def _object(reply: str) -> dict[str, Any] | None:
    """Return the first JSON object with searches in a reply, whatever stands around it."""
    reply = reply[:LONGEST_REPLY]
    decoder = json.JSONDecoder()
    start = -1
    for _ in range(_MOST_STARTS):
        start = reply.find("{", start + 1)
        if start < 0:
            return None
        try:
            held, _ = decoder.raw_decode(reply, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(held, dict) and isinstance(held.get("searches"), list):
            return held
    return None


def _searches(held: Mapping[str, Any], outlets: Sequence[str]) -> tuple[Search, ...]:
    found: dict[str, Search] = {}
    for entry in held["searches"][:MOST_SEARCHES]:
        search = _search({"question": entry} if isinstance(entry, str) else entry, outlets)
        if search:
            found.setdefault(search.question.casefold(), search)
    return tuple(found.values())


def _search(entry: Any, outlets: Sequence[str]) -> Search | None:
    if not isinstance(entry, dict):
        return None
    question, words = _text(entry.get("question")), _text(entry.get("words"))
    if not (question or words):
        return None
    named = entry.get("outlets")
    wanted = {_text(name).casefold() for name in named[:_MOST_OUTLETS]} if isinstance(named, list) else set()
    since, until = _day(entry.get("since"), last=False), _day(entry.get("until"), last=True)
    if since and until and since > until:
        since = until = None
    chosen = tuple(name for name in outlets if name.casefold() in wanted)
    return Search(question or words, words if question else "", chosen, since, until)


def _text(value: Any) -> str:
    return one_line(for_model(value[: 2 * LONGEST_SEARCH]))[:LONGEST_SEARCH] if isinstance(value, str) else ""


def _day(value: Any, *, last: bool) -> date | None:
    """Return the day of an ISO date; of a year or a month alone, its first or last one."""
    parts = value.strip().split("-") if isinstance(value, str) and len(value) <= LONGEST_SEARCH else []
    try:
        year = int(parts[0])
        month = int(parts[1]) if len(parts) > 1 else (12 if last else 1)
        month_ends = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, int(parts[2][:2]) if len(parts) > 2 else month_ends)  # noqa: PLR2004 - year, month, day
    except (ValueError, IndexError):
        return None
