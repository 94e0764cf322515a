"""Replies to what asks nothing of the articles: greetings, thanks, what the assistant is and can do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.answers.wording import counted_articles, day
from assistant.question.following.phrases import Phrases
from assistant.types import Turn
from index.types import Coverage

WORDS = Path(__file__).with_name("talk.json")
"""What is said in talk, by its kind; of kinds that a turn holds the first in the file counts."""
_LONGEST = 300
"""Characters of a turn that are read."""
_OUTLETS_SAID = 4


def reply_to(question: str, coverage: Coverage, history: Sequence[Turn] = ()) -> str:
    """Return a reply of one to three sentences to a turn that is no question to the articles. No model is asked."""
    covers = _covers(coverage)
    match _kind(question[:_LONGEST]):
        case "complaint":
            return (
                "I may have picked the wrong sentences; each is quoted with its source, so that you can check it. "
                "Asking again with a name, an outlet or a date often finds better ones."
            )
        case "thanks":
            return "You are welcome. Ask on whenever you like."
        case "goodbye":
            return "Goodbye."
        case "who":
            return (
                "I am Pullquote, a program that answers from news articles and quotes them; I know nothing else. "
                f"{covers}"
            )
        case "greeting":
            return f"Hello. {covers} Ask me about what they report, for example: “{_example(coverage)}”"
        case "" if history:
            return (
                "All right. You can have the last answer longer, shorter, as a table or as a timeline, "
                "or ask something else."
            )
    return (
        "I answer from the articles of this collection, with quotes and sources: single facts, summaries, timelines, "
        "the latest on a story, comparisons of outlets, who somebody is, who says what, and which or how many articles "
        "there are. For example: “Summarise the coverage of …”, “Give me a timeline of …”, "
        f"“{_example(coverage)}” {covers}"
    )


def _kind(turn: str) -> str:
    """Return the kind of talk that a turn is; empty where its words do not show it."""
    kinds, phrases = _spoken()
    _, meant = phrases.taken_out(turn)
    return min(meant, key=kinds.index, default="")


@cache
def _spoken() -> tuple[list[str], Phrases[str]]:
    held = json.loads(WORDS.read_text("utf-8"))
    return list(held), Phrases.of((phrase, kind) for kind, phrases in held.items() for phrase in phrases)


def _example(coverage: Coverage) -> str:
    if len(coverage.outlets) > 1:
        return f"How do {coverage.outlets[0]} and {coverage.outlets[1]} differ on …?"
    return "What is the latest on …?"


def _covers(coverage: Coverage) -> str:
    """Say in one sentence what the collection holds."""
    if not coverage.articles:
        return "The collection holds no articles yet."
    said = f"The collection holds {counted_articles(coverage.articles)}"
    if coverage.outlets:
        more = " and others" if len(coverage.outlets) > _OUTLETS_SAID else ""
        said += f" from {', '.join(coverage.outlets[:_OUTLETS_SAID])}{more}"
    if coverage.first and coverage.last:
        first, last = day(coverage.first), day(coverage.last)
        said += f", of {first}" if first == last else f", dated {first} to {last}"
    return f"{said}."
