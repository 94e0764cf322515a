"""What the page does: asks, keeps, opens, lists, rates and exports; each call returns HTML to show."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assistant.export import authors_in, exported_answers, rendered
from assistant.http.service import Asked, Service
from assistant.models import choose
from assistant.page import answers, collection, frame, reader
from assistant.page.intake import Intake
from assistant.page.keeping import Keeping
from assistant.page.markup import attributes, text
from assistant.turns import Conversations, Feedback, KeptTurn
from assistant.types import Answer, Claim, Event, Turn
from index.embedding import make_embedder
from index.errors import NotFound, PullquoteError, UsageError
from index.indexing import Indexer
from index.library import Library
from index.types import Coverage, Filters, text_hash

LONGEST_NOTE = 2_000
_MEDIA = {"md": "text/markdown", "html": "text/html", "json": "application/json", "csl": "application/json"}
_ENDINGS = {"md": "md", "html": "html", "json": "json", "csl": "csl.json"}


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the page shows it, and the list that it stands in."""

    turns: str
    conversations: str


class Desk:
    """Everything behind the page, for one library. May be used by several threads."""

    def __init__(self, service: Service) -> None:
        self.settings = service.settings
        self._service = service
        self._path = service.settings.library_path
        self._running: dict[tuple[str, str], threading.Event] = {}
        self._writer = choose(service.settings)
        self.intake = Intake(self._path, lambda: make_embedder(self.settings.embedder_settings))

    def warm(self) -> None:
        """Load what the first question needs, so that it does not wait for it; whoever asks is told what fails."""
        with contextlib.suppress(PullquoteError):
            list(self._service.stream(Asked("What is this about?"), cancelled=lambda: True))

    # -- conversations

    def conversation(self, owner: str, conversation: str) -> Talk:
        """Return a conversation of this owner; an unknown one is an empty one."""
        turns = self._turns(owner, conversation)
        return self._talk(owner, conversation if turns else "", self._rendered(turns))

    def forget(self, owner: str, conversation: str, current: str) -> Talk:
        """Delete a conversation, and return what is open then."""
        store = self._store(owner)
        if store:
            store.delete(conversation)
        return self.conversation(owner, "" if conversation == current else current)

    def ask(self, owner: str, conversation: str, question: str, filters: Filters, run: str) -> Iterator[Talk]:
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
        try:
            yield self._talk(owner, conversation, before + answers.writing_turn(writing, number))
            for event in keeping.events():
                writing = _grown(writing, event)
                yield self._talk(owner, conversation, before + answers.writing_turn(writing, number))
            if not keeping.conversation:
                raise UsageError("Stopped before anything was found.")
            turns = self._turns(owner, keeping.conversation)
            yield self._talk(owner, keeping.conversation, self._rendered(turns, writing.quoted))
        except PullquoteError as error:
            yield self._talk(owner, conversation, before + answers.failed_turn(question, str(error), number))
        finally:
            self._running.pop((owner, run), None)

    def stop(self, owner: str, run: str) -> None:
        """End the writing of an answer; what is there is kept."""
        if stopped := self._running.get((owner, run)):
            stopped.set()

    def rate(self, owner: str, conversation: str, turn: int, thumb: int, note: str) -> Talk:
        """Keep what a reader thinks of an answer. Raises NotFound."""
        self._existing(owner).rate(conversation, turn, Feedback(thumb, note.strip()[:LONGEST_NOTE]))
        return self.conversation(owner, conversation)

    def export(self, owner: str, conversation: str, turn: int, kind: str) -> str:
        """Return an answer as a file for the browser to save, or to copy. Raises NotFound and UsageError."""
        answer = self._existing(owner).turn(conversation, turn).answer
        exported = exported_answers([answer])
        with Library.open(self._path) as library:
            exported = replace(exported, authors=authors_in(library, exported.answers))
        copied = kind == "copy"
        kind = "md" if copied else kind
        content = rendered(exported, kind, datetime.now().astimezone().date())
        name = f"pullquote-{text_hash(answer.id)[:8]}.{_ENDINGS[kind]}"
        told = "The answer is copied, with its sources." if copied else f"Saved as {name}."
        given = attributes(content=content, media=_MEDIA[kind], name=name, copy=copied, told=told, at=datetime.now())
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
        changed = self._changed(turns)
        last = turns[-1:]
        return "".join(answers.kept_turn(turn, changed, quoted if turn in last else None) for turn in turns)

    def _changed(self, turns: Sequence[KeptTurn]) -> Mapping[str, str]:
        """Return what became of cited articles since, by article; those that are as they were are left out."""
        cited = {source.article: source.revision for turn in turns for source in turn.answer.sources}
        found: dict[str, str] = {}
        library = self._library() if cited else None
        if library is None:
            return found
        with library:
            for article, revision in cited.items():
                try:
                    live = library.article(article)
                except NotFound:
                    found[article] = "Taken out of the collection since; the cited text is still here."
                else:
                    if live.revision != revision:
                        found[article] = "The article has changed since; the cited text is still here."
        return found

    def _talk(self, owner: str, conversation: str, turns: str) -> Talk:
        store = self._store(owner)
        listed = frame.conversation_list(store.conversations() if store else (), conversation)
        shown = turns or frame.first_visit(self.coverage(), self._writer, self._questions())
        role = ' role="log" aria-label="Questions and answers"' if turns else ""
        return Talk(f'<div class="turns"{role}{attributes(conversation=conversation)}>{shown}</div>', listed)

    def _questions(self) -> Sequence[str]:
        library = self._library()
        if library is None:
            return ()
        with library:
            try:
                library.article(frame.SAMPLE_ARTICLE)
            except NotFound:
                return ()
        return frame.SAMPLE_QUESTIONS

    # -- articles

    def read(self, wanted: Mapping[str, str]) -> str:
        """Return an article for the reader pane; `wanted` holds what a mark in the page names."""
        revision = _number(wanted.get("revision"))
        if not wanted.get("article"):
            return reader.NOTHING_OPEN
        try:
            with Library.open(self._path) as library:
                article = library.article(wanted["article"], revision)
                opened = reader.Opened(
                    article, library.paragraphs(article), _number(wanted.get("paragraph")),
                    _number(wanted.get("start")) or 0, _number(wanted.get("end")) or 0,
                    _number(wanted.get("place")) or 0, _number(wanted.get("count")) or 0,
                    _standing(library, article.id, article.revision),
                )  # fmt: skip
        except PullquoteError as error:
            return reader.not_found(str(error))
        return reader.article_page(opened)

    def coverage(self) -> Coverage | None:
        """Return what the collection is about; None while there is no library."""
        library = self._library()
        if library is None:
            return None
        with library:
            return library.coverage(Filters())

    def masthead(self) -> str:
        """Return the head of the page."""
        return frame.masthead(self.coverage())

    def question_form(self) -> str:
        """Return the question box."""
        library = self._library()
        if library is None:
            return frame.question_form(())
        with library:
            return frame.question_form(library.outlets())

    def shelf(self, wanted: collection.Wanted, message: str = "", *, failed: bool = False) -> str:
        """Return the list of articles that pass a filter."""
        library = self._library()
        if library is None:
            return collection.collection_page(collection.Shelf((), 0), message, failed=failed)
        with library:
            filters = Filters((wanted.outlet,) if wanted.outlet else (), wanted.since, wanted.until)
            words = wanted.words.casefold().split()
            found = [
                article
                for article in library.articles(filters)
                if all(word in f"{article.name}\n{article.outlet}\n{article.text}".casefold() for word in words)
            ]
            shown = collection.Shelf(found, library.coverage(Filters()).articles, library.outlets(), library.manifest)
        return collection.collection_page(shown, message, failed=failed)

    def remove(self, article: str, wanted: collection.Wanted) -> str:
        """Take an article out, and return the list without it."""
        try:
            with Indexer.open_existing(self._path) as indexer:
                (removed,) = indexer.remove([article])
        except PullquoteError as error:
            return self.shelf(wanted, str(error), failed=True)
        return self.shelf(wanted, f"Removed: {removed.name}")

    def _library(self) -> Library | None:
        try:
            return Library.open(self._path)
        except NotFound:
            return None


def _grown(writing: answers.Writing, event: Event) -> answers.Writing:
    match event.value:
        case Claim() as claim:
            return replace(writing, claims=(*writing.claims, claim))
        case Answer() as answer:
            return replace(writing, quoted=answer)


def _standing(library: Library, article: str, revision: int) -> str:
    try:
        live = library.article(article)
    except NotFound:
        return "This article was taken out of the collection; you read what was cited."
    return "" if live.revision == revision else f"You read revision {revision}; the collection has {live.revision} now."


def _number(value: object) -> int | None:
    """Return a whole number that the page sent; None for everything else."""
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() and len(written) < len("1000000000000") else None


def filters_from(values: Mapping[str, str]) -> Filters:
    """Return the filters of a question. Raises UsageError for what is no date."""
    wanted = wanted_from(values)
    return Filters((wanted.outlet,) if wanted.outlet else (), wanted.since, wanted.until)


def wanted_from(values: Mapping[str, str]) -> collection.Wanted:
    """Return what a filter form says. Raises UsageError for what is no date."""
    return collection.Wanted(
        str(values.get("words", ""))[:200], str(values.get("outlet", "")),
        _day(values.get("since")), _day(values.get("until")),
    )  # fmt: skip


def question_from(values: Mapping[str, str]) -> str:
    """Return the question that was typed. Raises UsageError for an empty or overlong one."""
    question = str(values.get("question", "")).strip()
    if not question or len(question) > frame.LONGEST_QUESTION:
        raise UsageError(f"A question has between 1 and {frame.LONGEST_QUESTION:,} characters.")
    return question


def _day(value: object) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"{value!r} is no date; write it like 2025-03-18.") from None


def failure(error: Exception) -> str:
    """Return an error as a line to show."""
    return f'<p class="failure" role="alert">{text(error)}</p>'
