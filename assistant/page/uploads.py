"""Files and texts that readers put into the collection: kept beside the library, then indexed with progress."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from assistant.page.upload_progress import UploadOutcome, UploadProgress
from assistant.service.options import LEAST_FREE_BYTES
from index.embedding.protocol import Embedder
from index.errors import PullquoteError, UsageError
from index.indexing import Indexer, slug
from index.progress import AddReport
from index.reading.contents import HEAD_BYTES, check_contents
from index.reading.formats import MAX_FILE_BYTES, format_for, readable_suffixes
from index.types import Article, Unreadable

UPLOADS = "uploads"
MOST_FILES = 200
LONGEST_TEXT = 500_000
"""Characters of a pasted text: a long book."""


_NAME = re.compile(r"[^\w.()\[\] -]+")
_NAME_CHARACTERS = 120
_MEGABYTE = 1_000_000


def pasted_article(fields: dict[str, str]) -> tuple[str, str]:
    """Return file name and content, Markdown with front matter, of a text that was pasted. Raises UsageError."""
    text, title = fields.get("text", "").strip(), " ".join(fields.get("title", "").split())
    if not text or not title:
        raise UsageError("A pasted article needs a title and a text.")
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"The text is longer than {LONGEST_TEXT:,} characters. Upload it as a file instead.")
    published = fields.get("published", "").strip()
    if published:
        try:
            date.fromisoformat(published)
        except ValueError:
            raise UsageError(f"{published!r} is no date; write it like 2025-03-18.") from None
    known = {"title": title, "outlet": fields.get("outlet", ""), "published": published, "url": fields.get("url", "")}
    front = "".join(
        f"{name}: {json.dumps(' '.join(value.split()))}\n" for name, value in known.items() if value.strip()
    )
    return f"{slug(title) or 'pasted'}.md", f"---\n{front}---\n\n{text}\n"


class Uploads:
    """Puts uploads into a library, one upload at a time."""

    def __init__(self, library: Path, embedder: Callable[[], Embedder]) -> None:
        self._library = library
        self._embedder = embedder
        self._busy = threading.Lock()

    def add_files(self, files: Sequence[Path]) -> Iterator[tuple[UploadProgress | None, Sequence[UploadOutcome]]]:
        """Keep and index uploaded files; yield how far it is, last with None. Never raises for what is in a file.

        The files themselves are deleted: they were only on their way.
        """
        if len(files) > MOST_FILES:
            for file in files:
                file.unlink(missing_ok=True)
            told = f"{len(files)} files are too many at once; {MOST_FILES} are the most. Upload them in parts."
            yield None, [UploadOutcome("Upload", told, failed=True)]
            return
        yield from self._added([(file.name, partial(_taken, file)) for file in dict.fromkeys(files)])

    def add_text(self, fields: dict[str, str]) -> Iterator[tuple[UploadProgress | None, Sequence[UploadOutcome]]]:
        """Keep and index a pasted text; yield as `add_files` does. Raises UsageError for missing or wrong fields."""
        name, content = pasted_article(fields)
        yield from self._added([(name, lambda place: place.write_text(content, "utf-8", errors="replace"))])

    def restore(self, article: str) -> Article:
        """Put an article back that was removed. Raises NotFound, UsageError and LibraryLocked."""
        with self._busy, Indexer(self._library, self._embedder()) as indexer:
            return indexer.restore(article)

    def _added(
        self, items: Sequence[tuple[str, Callable[[Path], object]]]
    ) -> Iterator[tuple[UploadProgress | None, Sequence[UploadOutcome]]]:
        steps: SimpleQueue[UploadProgress | UploadOutcome | None] = SimpleQueue()
        thread = threading.Thread(target=self._index, args=(items, steps), name="indexing", daemon=True)
        thread.start()
        outcomes: list[UploadOutcome] = []
        adding = UploadProgress(items[0][0], 1, len(items)) if items else None
        yield adding, outcomes
        while (step := steps.get()) is not None:
            if isinstance(step, UploadOutcome):
                outcomes.append(step)
            else:
                adding = step
            if steps.empty():  # a reader needs to see the newest only
                yield adding, outcomes
        thread.join()
        yield None, outcomes

    def _index(
        self,
        items: Sequence[tuple[str, Callable[[Path], object]]],
        steps: SimpleQueue[UploadProgress | UploadOutcome | None],
    ) -> None:
        progress = _Steps(steps)
        done = 0
        try:
            with self._busy, Indexer(self._library, self._embedder(), progress) as indexer:
                for done, (name, keep) in enumerate(items, start=1):
                    progress.file = UploadProgress(name, done, len(items))
                    steps.put(progress.file)
                    steps.put(self._one(indexer, name, keep))
        except PullquoteError as error:
            steps.put(UploadOutcome(items[max(done - 1, 0)][0], str(error), failed=True))
        except Exception as error:  # noqa: BLE001 - a reader is told that it failed, whatever failed
            steps.put(UploadOutcome(items[max(done - 1, 0)][0], f"failed: {type(error).__name__}", failed=True))
        finally:
            steps.put(None)

    def _one(self, indexer: Indexer, name: str, keep: Callable[[Path], object]) -> UploadOutcome:
        place = self._library / UPLOADS / (_NAME.sub("_", name)[-_NAME_CHARACTERS:].lstrip(". ") or "article.txt")
        try:
            _check_kind(place)
            _check_space(self._library)
            place.parent.mkdir(exist_ok=True)
            before = place.read_bytes() if place.is_file() else None
            keep(place)
            report = indexer.add([place])
            if report.failed and not report.added and not report.updated:
                _restore(place, before)
            return _told(name, report)
        except UsageError as error:
            return UploadOutcome(name, _shown(str(error), place), failed=True)
        except OSError as error:
            return UploadOutcome(name, f"cannot be kept: {error.strerror}", failed=True)


class _Steps:
    """An indexer's progress, as steps of the file that is being indexed."""

    def __init__(self, steps: SimpleQueue[UploadProgress | UploadOutcome | None]) -> None:
        self.file = UploadProgress("", 0, 0)
        self._steps = steps
        self._what, self._total, self._done = "", 0, 0

    def start(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._tell()

    def advance(self, steps: int) -> None:
        self._done += steps
        self._tell()

    def _tell(self) -> None:
        file = self.file
        self._steps.put(UploadProgress(file.name, file.place, file.files, self._what, self._done, self._total))


def _check_kind(place: Path) -> None:
    if format_for(place) is None:
        raise UsageError(f"files of this kind are not read; files that are end in {' '.join(readable_suffixes())}")


def _check_space(library: Path) -> None:
    if shutil.disk_usage(library).free < LEAST_FREE_BYTES:
        raise UsageError("cannot be kept: the server's disk is nearly full. Ask who runs it to make room.")


def _taken(file: Path, place: Path) -> None:
    """Move an upload to its place. Raises UsageError when it is too large, or not what its name says."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise UsageError(f"is larger than {MAX_FILE_BYTES // _MEGABYTE} MB; split it, or save its text alone")
        with file.open("rb") as opened:
            check_contents(opened.read(HEAD_BYTES), place.suffix.lower())
        shutil.copyfile(file, place)
    finally:
        file.unlink(missing_ok=True)


def _restore(place: Path, before: bytes | None) -> None:
    """Put back what stood at a place before something that cannot be read came there."""
    if before is None:
        place.unlink(missing_ok=True)
    else:
        place.write_bytes(before)


def _told(name: str, report: AddReport) -> UploadOutcome:
    if report.failed:
        first: Unreadable = report.failed[0]
        more = f" (and {len(report.failed) - 1} more)" if len(report.failed) > 1 else ""
        good = len(report.added) + len(report.updated)
        kept = f"; {good} of its articles are in" if good else ""
        return UploadOutcome(name, f"{first.reason}{more}{kept}", failed=True)
    counted = (
        ("is in", report.added), ("is updated", report.updated), ("is unchanged", report.unchanged),
        ("is in the collection already", report.duplicates),
    )  # fmt: skip
    return UploadOutcome(name, "; ".join(f"{_named(ids)} {what}" for what, ids in counted if ids) or "nothing to add")


def _named(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{len(ids)} articles"


def _shown(message: str, place: Path) -> str:
    """Return a message without the server's path in it."""
    return message.replace(f"{place}: ", "").replace(str(place), place.name)
