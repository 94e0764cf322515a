"""What the page does: asks, keeps, opens, lists, rates and exports; each call returns HTML to show."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.answers.exporting import authors_in, export_format, exported_answers
from assistant.conversations.store import Conversations, Deleted, Feedback, KeptTurn
from assistant.models.choosing import choose
from assistant.page import answers, frame
from assistant.page.elements import attributes
from assistant.page.library import LibraryPage
from assistant.service import asking_next
from assistant.service.keeping import Keeping
from assistant.service.service import Asked, Service
from assistant.types import Answer, Claim, Event, Turn
from index.errors import NotFound, PullquoteError, UsageError
from index.library.library import Library
from index.types import Filters, text_hash

LONGEST_NOTE = 2_000
LONGEST_NAME = 200
MOST_UNDONE = 200
"""Deletions that can be undone at a time, one for each reader."""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as the page shows it, and the list that it stands in."""

    turns: str
    conversations: str


class ConversationPage:
    """Everything behind the page, for one library. May be used by several threads."""

    def __init__(self, service: Service) -> None:
        self.settings = service.settings
        self._service = service
        self._path = service.settings.library_path
        self._running: dict[tuple[str, str], threading.Event] = {}
        self._deleted: dict[str, Deleted] = {}
        self._writer = choose(service.settings)
        self.library = LibraryPage(service.settings)

    # -- conversations

    def conversation(
        self, owner: str, conversation: str, gone: frame.DeletedConversation | None = None
    ) -> ConversationView:
        """Return a conversation of this owner; an unknown one is an empty one. `gone` is what was just deleted."""
        turns = self._turns(owner, conversation)
        within = turns[-1].filters if turns else Filters()
        return self._talk(owner, conversation if turns else "", self._rendered(turns), within, gone)

    def found(self, owner: str, words: str, current: str, asked: str = "") -> str:
        """Return the list of the conversations that hold all these words, in name, questions or answers."""
        store = self._store(owner)
        listed = (store.search(words) if words.strip() else store.conversations()) if store else ()
        return frame.conversation_list(listed, current, frame.ConversationSearch(words, asked))

    def rename(self, owner: str, conversation: str, name: str, current: str) -> str:
        """Give a conversation a name, and return the list; an empty name gives it back that of its first question."""
        store = self._existing(owner)
        store.rename(conversation, " ".join(name.split())[:LONGEST_NAME])
        return frame.conversation_list(store.conversations(), current)

    def forget(self, owner: str, conversation: str, current: str) -> ConversationView:
        """Delete a conversation, and return what is open then. The last one can be undone while the server runs."""
        deleted = self._existing(owner).delete(conversation)
        self._deleted.pop(owner, None)
        self._deleted[owner] = deleted
        while len(self._deleted) > MOST_UNDONE:
            self._deleted.pop(next(iter(self._deleted)))
        here = conversation == current
        return self.conversation(
            owner, "" if here else current, frame.DeletedConversation(deleted.id, deleted.name, was_open=here)
        )

    def unforget(self, owner: str, conversation: str, current: str) -> ConversationView:
        """Undo the last deletion, and return what is open then. Raises NotFound when it is too late."""
        deleted = self._deleted.get(owner)
        if deleted is None or deleted.id != conversation:
            raise NotFound("This deletion cannot be undone any more.")
        self._existing(owner).restore(deleted)
        self._deleted.pop(owner, None)
        return self.conversation(owner, current)

    def ask(
        self, owner: str, conversation: str, question: str, filters: Filters, run: str
    ) -> Iterator[ConversationView]:
        """Answer a question in a conversation, a new one if none is named; yield what to show as it grows.

        The answer is kept even if the reader leaves meanwhile. `run` names this question for `stop`.
        """
        turns = self._turns(owner, conversation)
        before, number = self._rendered(turns), len(turns) + 1
        conversation = conversation if turns else ""
        stopped = self._running[owner, run] = threading.Event()
        asked = Asked(question, [Turn(turn.question, turn.answer.text) for turn in turns], filters)
        keeping = Keeping(self._service, owner, conversation, asked, stopped)
        writing = answers.Writing(question, writes=self._writer.kind != "quoting")
        keeping.begin()
        try:
            yield self._talk(owner, conversation, before + answers.writing_turn(writing, number), filters)
            for event in keeping.events():
                writing = _grown(writing, event)
                yield self._talk(owner, conversation, before + answers.writing_turn(writing, number), filters)
            if not keeping.conversation:
                raise UsageError("Stopped before anything was found.")
            turns = self._turns(owner, keeping.conversation)
            yield self._talk(owner, keeping.conversation, self._rendered(turns, writing.quoted), filters)
        except PullquoteError as error:
            yield self._talk(owner, conversation, before + answers.failed_turn(question, str(error), number), filters)
        finally:
            self._running.pop((owner, run), None)

    def stop(self, owner: str, run: str) -> None:
        """End the writing of an answer; what is there is kept."""
        if stopped := self._running.get((owner, run)):
            stopped.set()

    def rate(self, owner: str, conversation: str, turn: int, given: Feedback, note: str | None) -> ConversationView:
        """Keep what a reader thinks of an answer or claim; without a note the one he wrote before stays.

        Raises NotFound.
        """
        store = self._existing(owner)
        before = store.turn(conversation, turn).judged(given.claim)
        kept = before.note if note is None and before else (note or "").strip()[:LONGEST_NOTE]
        store.rate(conversation, turn, replace(given, note=kept))
        return self.conversation(owner, conversation)

    def export(self, owner: str, conversation: str, turn: int, kind: str) -> str:
        """Return an answer as a file for the browser to save, or to copy. Raises NotFound and UsageError."""
        answer = self._existing(owner).turn(conversation, turn).answer
        exported = exported_answers([answer])
        with Library.open(self._path) as library:
            exported = replace(exported, authors=authors_in(library, exported.answers))
        copied = kind == "copy"
        kind = "md" if copied else kind
        written = export_format(kind)
        content = written.render(exported, datetime.now().astimezone().date())
        name = f"pullquote-{text_hash(answer.id)[:8]}{written.suffixes[0]}"
        told = "The answer is copied, with its sources." if copied else f"Saved as {name}."
        media = written.media_type
        given = attributes(content=content, media=media, name=name, copy=copied, told=told, at=datetime.now())
        return f"<span hidden{given}></span>"

    def _existing(self, owner: str) -> Conversations:
        if (store := self._store(owner)) is None:
            raise NotFound("There is no conversation yet.")
        return store

    def _store(self, owner: str) -> Conversations | None:
        """Return the owner's conversations; None while there is no library to keep them beside."""
        try:
            return self._service.conversations(owner)
        except NotFound:
            return None

    def _turns(self, owner: str, conversation: str) -> Sequence[KeptTurn]:
        store = self._store(owner)
        if not store or not conversation:
            return ()
        try:
            return store.turns(conversation)
        except NotFound:
            return ()

    def _rendered(self, turns: Sequence[KeptTurn], quoted: Answer | None = None) -> str:
        """Return turns as HTML; `quoted` is what was quoted at once for the last of them."""
        changed = self.library.changed(turns)
        last = turns[-1:]
        return "".join(answers.kept_turn(turn, changed, quoted if turn in last else None) for turn in turns)

    def _talk(
        self,
        owner: str,
        conversation: str,
        turns: str,
        within: Filters | None = None,
        gone: frame.DeletedConversation | None = None,
    ) -> ConversationView:
        """Return what to show; `within` are the filters of the last question, which the next one keeps."""
        store = self._store(owner)
        listed = frame.conversation_list(store.conversations() if store else (), conversation, gone=gone)
        questions = () if turns else self.library.sample_questions() or self._service.first_questions()
        shown = turns or frame.first_visit(self.library.coverage(), self._writer, questions)
        role = ' role="log" aria-label="Questions and answers"' if turns else ""
        within = within or Filters()
        kept = attributes(
            conversation=conversation, outlet=next(iter(within.outlets), ""), since=within.since, until=within.until
        )
        return ConversationView(f'<div class="turns"{role}{kept}>{shown}</div>', listed)

    def further(self, owner: str, conversation: str, turn: int) -> str:
        """Return what may be asked after an answer: questions that the articles answer. Raises NotFound."""
        kept = self._existing(owner).turns(conversation)
        if not kept or kept[-1].number != turn:
            return ""
        last, history = kept[-1], [Turn(one.question, one.answer.text) for one in kept]
        questions = self._service.read(
            lambda assistant: asking_next.suggest(assistant, last.answer, history, last.filters)
        )
        return answers.next_questions(questions, conversation, turn)


def _grown(writing: answers.Writing, event: Event) -> answers.Writing:
    match event.value:
        case Claim() as claim:
            return replace(writing, claims=(*writing.claims, claim))
        case Answer() as answer:
            return replace(writing, quoted=answer)
