"""Follow-up questions: make a question stand alone by carrying the topic of the turns before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.question.kinds import content_terms, names
from assistant.types import Turn
from index.errors import UsageError

_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|these|that|those|there|then|one|ones|the same|such|former|latter|so)\b",
    re.IGNORECASE,
)
_OPENS_AS_FOLLOW_UP = re.compile(
    r"^\W*(?:and|but|or|so|also|then|what about|how about|why(?: not)?\W*$|how so|what else|who else|where else|when\W*$|where\W*$|who\W*$|how long\W*$|how many\W*$|how much\W*$|really)\b",
    re.IGNORECASE,
)
_FEW_TERMS = 2
_CARRIED_TERMS = 8
_SHOWN_CHARACTERS = 60


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Return the question itself when it stands alone, else with the topic of the earlier turns behind it.

    A question leans on the turns before when it refers back ("it", "they", "there"), opens as a follow-up ("And …",
    "What about …") or says too little to search for. Then the names and content words of the last question are carried,
    and those of the turn before when that one leaned as well.
    """
    if not history or not leans(question):
        return question
    topic: list[str] = []
    for position in range(len(history) - 1, -1, -1):
        topic += _topic_words(history[position].question)
        if not leans(history[position].question):
            break
    own = set(content_terms(question))
    carried = [word for word in dict.fromkeys(topic) if not set(content_terms(word)) <= own][:_CARRIED_TERMS]
    return f"{question} ({' '.join(carried)})" if carried else question


def leans(question: str) -> bool:
    """Whether a question can only be understood with the turns before it."""
    if _OPENS_AS_FOLLOW_UP.search(question):
        return True
    if len(content_terms(question)) <= _FEW_TERMS and not names(question):
        return True
    return bool(_LEANS.search(question)) and not _resolves_itself(question)


def _resolves_itself(question: str) -> bool:
    """Whether the word that refers back can mean a name that stands before it in the question itself."""
    match = _LEANS.search(question)
    return match is not None and any(not name[0].isdigit() for name in names(question[: match.start()]))


def _topic_words(question: str) -> list[str]:
    kept = names(question)
    covered = {term for name in kept for term in content_terms(name)}
    for word in re.findall(r"[\w’'-]+", question):
        terms = content_terms(word)
        if terms and not set(terms) <= covered:
            covered |= set(terms)
            kept.append(word)
    return kept


def read_history(items: Sequence[Any]) -> list[Turn]:
    """Read a history as JSON may hold it: questions, {"question", "answer"}, or {"role", "content"} messages.

    Raises UsageError for anything else.
    """
    turns: list[Turn] = []
    for item in items:
        match item:
            case str():
                turns.append(Turn(item))
            case {"question": str(question)}:
                turns.append(Turn(question, str(item.get("answer") or "")))
            case {"role": "user", "content": str(content)}:
                turns.append(Turn(content))
            case {"role": "assistant", "content": str(content)} if turns:
                turns[-1] = Turn(turns[-1].question, content)
            case {"role": "system" | "assistant"}:
                continue
            case _:
                raise UsageError(f'history holds {_short(item)}: give questions, or {{"question": …, "answer": …}}.')
    return turns


def _short(item: object) -> str:
    text = repr(dict(item) if isinstance(item, Mapping) else item)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
