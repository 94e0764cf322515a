"""Run cases: ask the assistant each, score what comes back, keep a line of it; what is there is not asked again."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Protocol, Self

from assistant.config import Settings
from assistant.types import Answer, Citation, Turn
from eval.cases import Case, Stale, check_cases, split
from eval.metrics import Place
from eval.results import (
    CANARIES,
    RESULTS,
    Result,
    ResultLog,
    Run,
    RunInfo,
    differences,
    read_info,
    read_run,
    write_info,
)
from eval.scoring import failure_scores, score
from index.embedding.registry import make_embedder
from index.errors import LibraryError, LibraryLocked, NotFound, UsageError
from index.indexing import Indexer
from index.library.library import Library
from index.progress import Progress, Silent
from index.search import Searcher
from index.stores.locks import writer_lock
from index.types import Filters, text_hash

DEPTH = 20
"""Passages searched for, to rank the gold paragraphs: deeper than any metric looks, for the chart of ranks."""


class Answerer(Protocol):
    """What is asked: an Assistant, or another system that answers from a library in the same form."""

    searcher: Searcher

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Answer:
        """Answer one question."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


Open = Callable[[], Answerer]
"""Opens an assistant; with several workers it is sent to other processes, so it must be picklable."""


def choose_cases(cases: Iterable[Case], part: Literal["dev", "release", "all"], limit: int | None = None) -> list[Case]:
    """Return the cases of one half, or all; with a limit, those whose hashed ids come first, in their order.

    Raises UsageError when none is left.
    """
    chosen = [case for case in cases if part in ("all", split(case.id))]
    if limit is not None:
        kept = sorted(chosen, key=lambda case: text_hash(f"limit {case.id}"))[:limit]
        chosen = [case for case in chosen if case in kept]
    if not chosen:
        raise UsageError(f"The file holds no case of the split {part!r}. Ask for --split all.")
    return chosen


def build_library(articles: Path, library: Path, settings: Settings, progress: Progress | None = None) -> None:
    """Make the library hold the articles of a folder, as `pullquote add` does, and no others."""
    with Indexer(library, make_embedder(settings.embedder_settings), progress) as indexer:
        report = indexer.add([articles])
        failed = report.failed
        named = {*report.added, *report.updated, *report.unchanged, *report.duplicates, *report.finished}
        if gone := [article.id for article in indexer.library.articles() if article.id not in named]:
            indexer.remove(gone)
    if failed:
        raise UsageError(f"{failed[0].source}: {failed[0].reason} All articles must be read before cases are asked.")


def stale_cases(cases: Sequence[Case], library: Path) -> list[Stale]:
    """Return the gold paragraphs that the library lacks or holds with another text."""
    with Library.open(library) as opened:
        paragraphs = {
            (article.id, paragraph.number): paragraph.text
            for article in opened.articles()
            for paragraph in opened.paragraphs(article)
        }
    return check_cases(cases, paragraphs)


def begin_run(folder: Path, info: RunInfo, *, replace_other: bool = False) -> None:
    """Make the folder a run that `info` describes, or leave it be when it is that already.

    Raises UsageError when the folder holds a run that was made otherwise, unless `replace_other` says to drop it.
    """
    with _run_lock(folder):
        before = read_info(folder)
        if before is not None:
            changed = differences(before, info)
            if not changed:
                return
            if not replace_other:
                raise UsageError(
                    f"{folder} holds a run made with other {', '.join(changed)}. "
                    "Drop it with --replace, or choose another folder with --out."
                )
        for name in (RESULTS, CANARIES):
            (folder / name).unlink(missing_ok=True)
        write_info(info, folder)


def run_cases(
    cases: Sequence[Case], folder: Path, open_assistant: Open, workers: int = 1, progress: Progress | None = None
) -> Run:
    """Ask the cases that the run in the folder has no answer to yet, and return the whole run.

    A case whose asking fails is kept with its error and does not stop the others; the next call asks it again.
    Raises LibraryError when a worker dies or another process is at the same run.
    """
    progress = progress or Silent()
    with _run_lock(folder):
        done = {result.case.id for result in read_run(folder).results if result.error is None}
        waiting = [case for case in cases if case.id not in done]
        progress.start("Asking", len(cases))
        progress.advance(len(cases) - len(waiting))
        with ResultLog(folder) as log:
            asked = _in_processes if min(workers, len(waiting)) > 1 else _in_this_process
            for result in asked(waiting, open_assistant, workers):
                log.append(result)
                progress.advance(1)
    return read_run(folder)


@contextmanager
def _run_lock(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with writer_lock(folder / "run.lock", "eval run"):
            yield
    except LibraryLocked:
        raise LibraryError(f"Another process is at the run in {folder}. Wait until it is done, then repeat.") from None


def ask(case: Case, assistant: Answerer) -> Result:
    """Ask one case and score the answer; whatever is raised becomes the result's error."""
    started = time.perf_counter()
    try:
        answer = assistant.ask(case.question, case.history, case.filters, answer_id=case.id)
        seconds = time.perf_counter() - started
        ranked = retrieved(answer.standalone_question, case, assistant.searcher)
        originals = [_original(citation, assistant.searcher.library) for citation in answer.citations]
        scores = score(case, answer, ranked, originals)
        gold_texts = _gold_texts(case, assistant.searcher.library)
    except Exception as error:  # noqa: BLE001 - a case may fail in any way, and the others are asked all the same
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
        return Result(case, failure_scores(case), seconds=time.perf_counter() - started, error=reason)
    return Result(case, scores, answer, gold_texts, tuple(ranked), seconds)


def retrieved(question: str, case: Case, searcher: Searcher) -> list[Place]:
    """Return the paragraphs of the passages that a search finds, best first, copies unfolded, each once."""
    hits = searcher.search(question, DEPTH, case.filters, fold=False)
    places = [
        (hit.article.id, number) for hit in hits for number in range(hit.passage.first, hit.passage.last + 1)
    ]  # fmt: skip
    return list(dict.fromkeys(places))


def _original(citation: Citation, library: Library) -> str:
    try:
        return library.article(citation.article, citation.revision).text[citation.start : citation.end]
    except NotFound:
        return ""


def _gold_texts(case: Case, library: Library) -> tuple[str | None, ...]:
    texts: list[str | None] = []
    for gold in case.gold:
        try:
            paragraphs = library.paragraphs(library.article(gold.article))
        except NotFound:
            paragraphs = []
        texts.append(next((each.text for each in paragraphs if each.number == gold.paragraph), None))
    return tuple(texts)


# --- workers -------------------------------------------------------------------------------------------------------


def _in_this_process(cases: Sequence[Case], open_assistant: Open, _workers: int) -> Iterator[Result]:
    if not cases:
        return
    with open_assistant() as assistant:
        for case in cases:
            yield ask(case, assistant)


def _in_processes(cases: Sequence[Case], open_assistant: Open, workers: int) -> Iterator[Result]:
    """Share the cases out to processes, each with an assistant of its own."""
    with open_assistant():
        pass  # settings that do not fit are an error of this process, in words
    with ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),  # threads of the embedder do not survive a fork
        initializer=_start_worker,
        initargs=(open_assistant,),
    ) as pool:
        asked = [pool.submit(_ask_in_worker, case) for case in cases]
        try:
            for future in as_completed(asked):
                yield future.result()
        except BrokenExecutor as error:
            raise LibraryError(
                "A worker process ended before its time. Repeat the command to go on, with --workers 1 if it recurs."
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_worker: list[Answerer] = []
"""The assistant of a worker process, once it has started."""


def _start_worker(open_assistant: Open) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker.append(open_assistant())


def _end_with_parent() -> None:
    """End this process when the one that started it is killed and cannot say so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ask_in_worker(case: Case) -> Result:
    return ask(case, _worker[0])
