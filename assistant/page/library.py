"""The articles behind the page: read one, list them, take one out and put it back; each call returns HTML to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.config import Settings
from assistant.conversations.store import KeptTurn
from assistant.page import collection, frame, reader
from assistant.page.forms import number
from assistant.page.uploads import Uploads
from index.embedding.registry import make_embedder
from index.errors import NotFound, PullquoteError
from index.indexing import Indexer
from index.library.library import Library
from index.types import Article, Coverage, Filters


class LibraryPage:
    """The collection of one library. May be used by several threads."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.library_path
        self.uploads = Uploads(self._path, lambda: make_embedder(settings.embedder_settings))

    def read(self, wanted: Mapping[str, str]) -> str:
        """Return an article for the reader pane; `wanted` holds what a mark in the page names."""
        revision, asked = number(wanted.get("revision")), wanted.get("asked", "")
        if not wanted.get("article"):
            return reader.nothing_open(asked)
        try:
            with Library.open(self._path) as library:
                article = library.article(wanted["article"], revision)
                opened = reader.OpenedArticle(
                    article, library.paragraphs(article), number(wanted.get("paragraph")),
                    number(wanted.get("start")) or 0, number(wanted.get("end")) or 0,
                    number(wanted.get("place")) or 0, number(wanted.get("count")) or 0,
                    _standing(library, article.id, article.revision), asked,
                )  # fmt: skip
        except PullquoteError as error:
            return reader.not_found(str(error), asked)
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

    def listed(self, wanted: collection.ListFilters, told: collection.Notice | None = None) -> str:
        """Return the list of articles that pass a filter."""
        library = self._library()
        if library is None:
            return collection.collection_page(collection.ListedArticles((), 0), told, wanted.asked)
        with library:
            filters = Filters((wanted.outlet,) if wanted.outlet else (), wanted.since, wanted.until)
            words = wanted.words.casefold().split()
            found = [
                article
                for article in library.articles(filters)
                if all(word in f"{article.name}\n{article.outlet}\n{article.text}".casefold() for word in words)
            ]
            shown = collection.ListedArticles(
                found, library.coverage(Filters()).articles, library.outlets(), library.manifest, library.removed()
            )
        return collection.collection_page(shown, told, wanted.asked)

    def remove(self, article: str, wanted: collection.ListFilters) -> str:
        """Take an article out, and return the list without it."""
        try:
            with Indexer.open_existing(self._path) as indexer:
                (removed,) = indexer.remove([article])
        except PullquoteError as error:
            return self.listed(wanted, collection.Notice(str(error), failed=True))
        return self.listed(wanted, collection.Notice(f"Removed “{removed.name}”.", undo=removed.id))

    def restore(self, article: str, wanted: collection.ListFilters) -> str:
        """Put an article back that was taken out, and return the list with it."""
        try:
            restored = self.uploads.restore(article)
        except PullquoteError as error:
            return self.listed(wanted, collection.Notice(str(error), failed=True))
        return self.listed(wanted, collection.Notice(f"“{restored.name}” is back."))

    def _library(self) -> Library | None:
        try:
            return Library.open(self._path)
        except NotFound:
            return None

    def changed(self, turns: Sequence[KeptTurn]) -> Mapping[str, str]:
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
                    if _differs(library, live, revision):
                        found[article] = "The article has changed since; the cited text is still here."
        return found

    def sample_questions(self) -> Sequence[str]:
        """Return questions to try, where the bundled collection is in the library."""
        library = self._library()
        if library is None:
            return ()
        with library:
            try:
                library.article(frame.SAMPLE_ARTICLE)
            except NotFound:
                return ()
        return frame.SAMPLE_QUESTIONS


def _standing(library: Library, article: str, revision: int) -> str:
    try:
        live = library.article(article)
    except NotFound:
        return "This article was taken out of the collection; you read what was cited."
    if not _differs(library, live, revision):
        return ""
    return f"You read revision {revision}; the collection has {live.revision} now."


def _differs(library: Library, live: Article, revision: int) -> bool:
    """Whether an article reads otherwise than it did in a revision; one that was put back does not."""
    if live.revision == revision:
        return False
    try:
        return library.article(live.id, revision).content_hash != live.content_hash
    except NotFound:
        return True
