"""Make a draft case of a stored answer, for a person to finish: from what is asked comes what is measured.

A draft is a line of a file of cases with the tag "draft". It has the question and suggests the paragraphs that were
cited; what a right answer states only a person can say. `load_cases` names what is still to be filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.conversations.store import Conversations, KeptTurn
from assistant.question.following.follow_up import read_history
from assistant.types import Turn
from eval.cases import DRAFT, HASH_DIGITS, GoldParagraph
from index.errors import NotFound, UsageError
from index.types import Filters


@dataclass(frozen=True, slots=True)
class Cited:
    """A paragraph that an answer cites."""

    article: str
    paragraph: int
    paragraph_hash: str = ""


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A sentence of an answer."""

    citations: Sequence[Cited] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer."""

    thumb: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a case needs of the JSON that `pullquote ask --json` prints, with what a page may have stored beside it."""

    id: str
    question: str
    answered: bool
    standalone_question: str = ""
    claims: Sequence[StoredClaim] = ()
    history: Sequence[Any] = ()
    filters: Filters | None = None
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A case that may yet be wrong or incomplete; fields as those of `Case`."""

    id: str
    question: str
    facts: tuple[tuple[str, ...], ...]
    gold: tuple[GoldParagraph, ...]
    answerable: bool = field(kw_only=True)
    history: tuple[Turn, ...] | None = None
    filters: Filters | None = None
    tags: tuple[str, ...] = (DRAFT,)
    note: str | None = None

    def to_line(self) -> str:
        """Return the draft as a line of a file of cases."""
        row = _DRAFT.dump_python(self, mode="json", exclude_none=True)
        return json.dumps(row, ensure_ascii=False) + "\n"


_ANSWER = TypeAdapter(StoredAnswer)
_DRAFT = TypeAdapter(Draft)


def read_answer(text: str, name: str) -> StoredAnswer:
    """Read the JSON of one answer; `name` is where it came from. Raises UsageError that says what does not fit."""
    try:
        return _ANSWER.validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "the text"
        raise UsageError(
            f"{name}: is no answer ({place}: {problem['msg']}). Give what this prints: pullquote ask --json QUESTION"
        ) from error


def draft_case(answer: StoredAnswer, note: str = "", case_id: str = "") -> Draft:
    """Return the draft: facts are left empty, cited paragraphs are suggested as gold, notes are kept.

    It takes the question to be answerable; whoever finishes it may say otherwise. A follow-up whose history was not
    stored is asked as it was understood. Raises UsageError for a history that cannot be read.
    """
    cited = dict.fromkeys(citation for claim in answer.claims for citation in claim.citations)
    gold = {
        (each.article, each.paragraph): GoldParagraph(each.article, each.paragraph, each.paragraph_hash[:HASH_DIGITS])
        for each in cited
    }
    history = tuple(read_history(answer.history))
    question = answer.question if history else answer.standalone_question or answer.question
    notes = [(answer.feedback.note if answer.feedback else None) or "", note]
    return Draft(
        case_id or answer.id, question, (), tuple(gold.values()), answerable=True,
        history=history or None, filters=answer.filters or None, note="\n".join(filter(None, notes)) or None,
    )  # fmt: skip


def disliked_answers(library: Path) -> Iterator[StoredAnswer]:
    """Yield the answers in a library's conversations, all readers', that have a thumb down or a sentence with one.

    The notes on the answer and on its sentences come with it. Raises NotFound when there is no library.
    """
    with Conversations.open(library) as kept:
        for owner in kept.owners():
            store = kept.of(owner)
            for conversation in reversed(store.conversations()):
                turns = store.turns(conversation.id)
                for place, turn in enumerate(turns):
                    if any(entry.thumb < 0 for entry in turn.feedback):
                        yield _stored(turn, turns[:place])


def _stored(turn: KeptTurn, before: Sequence[KeptTurn]) -> StoredAnswer:
    """Return a kept turn as `pullquote ask --json` prints an answer, with what the page keeps beside it."""
    notes = []
    for entry in turn.feedback:
        about = "" if entry.claim is None else f"Sentence {entry.claim + 1}: "
        if entry.thumb < 0 and about:
            notes.append(f"{about}{entry.note or 'thumb down'}")
        elif entry.note:
            notes.append(f"{about}{entry.note}")
    row = {
        **turn.answer.to_json(),
        "history": [{"question": one.question, "answer": one.answer.text} for one in before],
        "filters": asdict(turn.filters) if turn.filters else None,
        "feedback": {"thumb": "down", "note": "\n".join(notes)},
    }
    return read_answer(json.dumps(row, default=str), f"answer {turn.answer.id}")


def add_new_drafts(drafts: Iterable[Draft], path: Path) -> tuple[int, int]:
    """Append the drafts whose ids a file of cases does not have yet; return how many are added and how many known.

    A line that has the id already stays as it is: someone may be finishing it.
    """
    known = {_id(line, path, number) for number, line in enumerate(_text(path).split("\n"), start=1) if line.strip()}
    added = passed = 0
    for draft in drafts:
        if draft.id in known:
            passed += 1
            continue
        add_draft(draft, path)
        known.add(draft.id)
        added += 1
    return added, passed


def add_draft(draft: Draft, path: Path) -> bool:
    """Append a draft to a file of cases, and return whether it was not there yet.

    Raises UsageError when another case has its id, or a line is no JSON object.
    """
    line_of = {}
    text = _text(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            line_of[_id(line, path, number)] = (number, line)
    if draft.id in line_of:
        number, line = line_of[draft.id]
        if json.loads(line) == json.loads(draft.to_line()):
            return False
        raise UsageError(
            f"{path}, line {number}: has the id {draft.id!r} already. Change that line, or name another id with --id."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if text and not text.endswith("\n") else "") + draft.to_line())
    return True


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}). Give a .jsonl file of cases.") from error
    except UnicodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error


def _id(line: str, path: Path, number: int) -> object:
    try:
        return json.loads(line)["id"]
    except (ValueError, TypeError, LookupError) as error:
        raise UsageError(
            f"{path}, line {number}: is no case. Give a file of cases, one JSON object with an id on each line."
        ) from error
