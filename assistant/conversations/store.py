"""Conversations: questions, whole answers and what readers thought of them, in a file of their own beside the library.

Readers write here without the library's writer lock, any number of processes at once. Each store sees the conversations
of one owner and no others.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from assistant.answers.from_json import answer_from_json
from assistant.conversations.file import CONVERSATIONS, open_file
from assistant.safe_text import whole_characters
from assistant.types import Answer, Turn
from index.errors import NotFound, UsageError
from index.library.database import now
from index.library.sqlite import Connection
from index.types import Filters

_ID_CHARACTERS = 10
_WHOLE_ANSWER = -1
"""The claim of feedback that is about the answer as a whole."""

_LISTED = """
SELECT id, created, changed, (SELECT count(*) FROM turn WHERE conversation = id) AS turns,
    coalesce(nullif(name, ''), (SELECT question FROM turn WHERE conversation = id AND number = 1), 'New conversation')
    AS name
FROM conversation WHERE owner = ?
"""
_TURNS = (
    "SELECT number, question, answer, asked, (SELECT filters FROM asked_within WHERE asked_within.conversation = "
    "turn.conversation AND turn = number) AS filters FROM turn WHERE conversation = ?"
)
_KEPT_IN = (
    ("SELECT * FROM conversation WHERE id = ?", "INSERT INTO conversation VALUES (?, ?, ?, ?, ?)"),
    ("SELECT * FROM turn WHERE conversation = ?", "INSERT INTO turn VALUES (?, ?, ?, ?, ?, ?)"),
    ("SELECT * FROM feedback WHERE conversation = ?", "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)"),
    ("SELECT * FROM asked_within WHERE conversation = ?", "INSERT INTO asked_within VALUES (?, ?, ?)"),
)
"""How to read a whole conversation, and to write it back, table by table."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it; without a name of its own it goes by its first question. Times: ISO, UTC."""

    id: str
    name: str
    turns: int
    created: str
    changed: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer, or of one of its claims, by place from 0."""

    thumb: int
    """1 up, -1 down, 0 neither."""
    note: str = ""
    claim: int | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question with its whole answer. `number` counts from 1, `asked` is the time (ISO, UTC)."""

    number: int
    question: str
    answer: Answer
    asked: str
    feedback: tuple[Feedback, ...] = ()
    filters: Filters = field(default_factory=Filters)
    """Which articles it was asked of."""

    def judged(self, claim: int | None = None) -> Feedback | None:
        """Return what the reader thought of the answer, or of one of its claims, if he said so."""
        return next((entry for entry in self.feedback if entry.claim == claim), None)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A conversation that was deleted, whole, so that it can be put back; it is kept nowhere else."""

    id: str
    name: str
    owner: str
    rows: Sequence[Sequence[tuple[Any, ...]]] = field(repr=False)
    """The rows of each table."""


class Conversations:
    """The conversations of one owner. May be used by several threads; close it, or use it as a context manager."""

    def __init__(self, connection: Connection, owner: str, lock: threading.RLock) -> None:
        self.owner = whole_characters(owner)
        self._connection = connection
        self._lock = lock

    @classmethod
    def open(cls, library: Path, owner: str = "") -> Self:
        """Open the conversations beside a library, and make the file when there is none.

        Raises NotFound when there is no such folder, LibraryError when it cannot be written to, LibraryDamaged when the
        file is not one of ours.
        """
        if not library.is_dir():
            raise NotFound(f"There is no library at {library}. Make one: pullquote --library {library} add FOLDER")
        return cls._opened(str(library / CONVERSATIONS), owner)

    @classmethod
    def in_memory(cls, owner: str = "") -> Self:
        """Open a store that is forgotten when it is closed, for a library that cannot be written to."""
        return cls._opened(":memory:", owner)

    @classmethod
    def _opened(cls, place: str, owner: str) -> Self:
        return cls(open_file(place), owner, threading.RLock())

    def of(self, owner: str) -> Conversations:
        """Return the conversations of another owner, in the same open file."""
        return Conversations(self._connection, owner, self._lock)

    def owners(self) -> list[str]:
        """Return all owners, for who runs the library: evaluation reads what its readers thought of answers."""
        with self._reading() as connection:
            return [row[0] for row in connection.execute("SELECT DISTINCT owner FROM conversation ORDER BY owner")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # -- writing

    def create(self, name: str = "") -> str:
        """Begin a conversation and return its id."""
        conversation = uuid.uuid4().hex[:_ID_CHARACTERS]
        created = now()
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversation VALUES (?, ?, ?, ?, ?)",
                (conversation, self.owner, whole_characters(name), created, created),
            )
        return conversation

    def append(self, conversation: str, answer: Answer, filters: Filters | None = None) -> int:
        """Add a question with its answer, and return the turn's number; `filters` is what it was asked of.

        Raises NotFound.
        """
        asked = now()
        with self._writing() as connection:
            self._must_have(conversation)
            (number,) = connection.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM turn WHERE conversation = ?", (conversation,)
            ).fetchone()
            texts = whole_characters(answer.question), whole_characters(answer.text)
            connection.execute(
                "INSERT INTO turn VALUES (?, ?, ?, ?, ?, ?)",
                (conversation, number, asked, *texts, json.dumps(answer.to_json())),
            )
            if filters:
                within = json.dumps(asdict(filters), default=str)
                connection.execute("INSERT INTO asked_within VALUES (?, ?, ?)", (conversation, number, within))
            connection.execute("UPDATE conversation SET changed = ? WHERE id = ?", (asked, conversation))
        return int(number)

    def rate(self, conversation: str, turn: int, feedback: Feedback) -> None:
        """Keep what a reader thinks of an answer or claim, in place of what he thought before.

        Raises NotFound for an unknown turn or claim, UsageError for a thumb that is none.
        """
        if feedback.thumb not in (-1, 0, 1):
            raise UsageError(f"A thumb is 1 (up), -1 (down) or 0 (neither), not {feedback.thumb}.")
        claims = len(self.turn(conversation, turn).answer.claims)
        if feedback.claim is not None and not 0 <= feedback.claim < claims:
            raise NotFound(f"Turn {turn} has no claim {feedback.claim}; it has {claims}, counted from 0.")
        claim = _WHOLE_ANSWER if feedback.claim is None else feedback.claim
        values = (conversation, turn, claim, feedback.thumb, whole_characters(feedback.note), now())
        with self._writing() as connection:
            self._must_have(conversation)
            connection.execute("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)", values)

    def rename(self, conversation: str, name: str) -> None:
        """Give a conversation a name; an empty one takes it away. Raises NotFound."""
        with self._writing() as connection:
            self._must_have(conversation)
            connection.execute(
                "UPDATE conversation SET name = ? WHERE id = ?", (whole_characters(name.strip()), conversation)
            )

    def delete(self, conversation: str) -> Deleted:
        """Delete a conversation with all its turns and feedback, from the disk too, and return it. Raises NotFound."""
        with self._writing() as connection:
            name = self.conversation(conversation).name
            rows = [list(map(tuple, connection.execute(read, (conversation,)))) for read, _ in _KEPT_IN]
            connection.execute("DELETE FROM conversation WHERE id = ?", (conversation,))
        return Deleted(conversation, name, self.owner, rows)

    def restore(self, deleted: Deleted) -> None:
        """Put a conversation back as it was. Raises UsageError when it is another owner's, or is back already."""
        with self._writing() as connection:
            if deleted.owner != self.owner or self._has(deleted.id):
                raise UsageError(f"The conversation {deleted.name!r} cannot be put back.")
            for (_, write), rows in zip(_KEPT_IN, deleted.rows, strict=True):
                connection.executemany(write, rows)

    # -- reading

    def conversations(self) -> list[Conversation]:
        """Return all conversations, the one that changed last first."""
        return self._listed("", [])

    def search(self, text: str) -> list[Conversation]:
        """Return the conversations that hold each word of a text, in name, questions or answers; case is ignored."""
        words = whole_characters(text).casefold().split()
        clause = (
            " AND (contains(name, ?) OR EXISTS (SELECT 1 FROM turn WHERE conversation = id "
            "AND (contains(question, ?) OR contains(text, ?))))"
        )
        return self._listed(clause * len(words), [word for word in words for _ in range(3)])

    def conversation(self, conversation: str) -> Conversation:
        """Return one conversation as a list shows it. Raises NotFound."""
        found = self._listed(" AND id = ?", [whole_characters(conversation)])
        if not found:
            raise self._unknown(conversation)
        return found[0]

    def turns(self, conversation: str) -> list[KeptTurn]:
        """Return the turns of a conversation, oldest first. Raises NotFound."""
        return self._turns(conversation, "")

    def turn(self, conversation: str, number: int) -> KeptTurn:
        """Return one turn by its number, from 1. Raises NotFound."""
        found = self._turns(conversation, " AND number = ?", number)
        if not found:
            raise NotFound(f"The conversation {conversation} has no turn {number}.")
        return found[0]

    def history(self, conversation: str) -> Sequence[Turn]:
        """Return what a next question needs to know of the turns before it. Raises NotFound."""
        with self._reading() as connection:
            self._must_have(conversation)
            rows = connection.execute(
                "SELECT question, text FROM turn WHERE conversation = ? ORDER BY number", (conversation,)
            ).fetchall()
        return [Turn(question, text) for question, text in rows]

    def _listed(self, clause: str, values: Sequence[str]) -> list[Conversation]:
        with self._reading() as connection:
            rows = connection.execute(f"{_LISTED} {clause} ORDER BY changed DESC, id", (self.owner, *values)).fetchall()
        return [Conversation(row["id"], row["name"], row["turns"], row["created"], row["changed"]) for row in rows]

    def _turns(self, conversation: str, clause: str, *values: int) -> list[KeptTurn]:
        with self._reading() as connection:
            self._must_have(conversation)
            rows = connection.execute(
                f"{_TURNS}{clause} ORDER BY number",
                (conversation, *values),
            ).fetchall()
            given = connection.execute(
                "SELECT turn, thumb, note, claim, given FROM feedback WHERE conversation = ? ORDER BY claim",
                (conversation,),
            ).fetchall()
        feedback: dict[int, list[Feedback]] = {}
        for row in given:
            claim = None if row["claim"] == _WHOLE_ANSWER else row["claim"]
            feedback.setdefault(row["turn"], []).append(Feedback(row["thumb"], row["note"], claim, row["given"]))
        return [
            KeptTurn(
                row["number"], row["question"], answer_from_json(json.loads(row["answer"])), row["asked"],
                tuple(feedback.get(row["number"], ())),
                _filters(row["filters"]),
            )
            for row in rows
        ]  # fmt: skip

    def _must_have(self, conversation: str) -> None:
        """Check that a conversation is this owner's; another owner's is as unknown as one that never was."""
        if not self._has(conversation):
            raise self._unknown(conversation)

    def _has(self, conversation: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM conversation WHERE id = ? AND owner = ?", (whole_characters(conversation), self.owner)
        ).fetchone()
        return found is not None

    def _unknown(self, conversation: str) -> NotFound:
        return NotFound(f"There is no conversation {conversation!r}. `/list` in `pullquote chat` shows them.")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Hold a transaction: all of it is kept, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _filters(kept: str | None) -> Filters:
    """Return the filters of a row, none where nothing was kept."""
    if not kept:
        return Filters()
    values = json.loads(kept)
    since, until = (date.fromisoformat(day) if (day := values[name]) else None for name in ("since", "until"))
    return Filters(tuple(values["outlets"]), since, until, tuple(values["articles"]))
