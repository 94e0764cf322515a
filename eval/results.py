"""A run on disk: `run.json` says what was asked of what, `results.jsonl` holds one line a case, first done first.

A line is written whole and flushed when its case is done, so a killed run loses the cases it was at, no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter, ValidationError

from assistant.types import Answer
from eval.cases import Case
from eval.metrics import Place
from eval.scoring import Scores
from index.errors import NotFound, UsageError

FORMAT = 1
RUN = "run.json"
RESULTS = "results.jsonl"
CANARIES = "canaries.jsonl"


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """What was asked: how the library was made, and the content hash of each article by its id."""

    format: int
    embedder: str
    dimension: int
    passage_settings: int
    articles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Everything that decides what a run gives; two runs with equal infos give equal reports, times aside."""

    format: int
    split: str
    seed: int
    writer: str
    cases: tuple[str, ...]
    """Ids, in the order of the file."""
    cases_hash: str
    settings: Mapping[str, Any]
    """The settings in force, without the library's place and without secrets."""
    versions: Mapping[str, str]
    """Python and the packages that answer."""
    code: str
    """Hash of the code that answers and scores."""
    library: LibraryInfo


@dataclass(frozen=True, slots=True)
class Result:
    """One case with its answer and scores; `answer` is None and `error` says why when asking failed."""

    case: Case
    scores: Scores
    answer: Answer | None = None
    gold_texts: tuple[str | None, ...] = ()
    """The text of each gold paragraph; None for one that the library lacks."""
    retrieved: tuple[Place, ...] = ()
    """What the search found for the standalone question, best first, copies unfolded."""
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CanaryOutcome:
    """What became of a canary: `problem` says how the answer was led by it, or is empty."""

    id: str
    kind: str
    problem: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was read, results in the order of the cases; `missing` counts the cases not yet asked."""

    info: RunInfo
    results: tuple[Result, ...]
    canaries: tuple[CanaryOutcome, ...] = ()
    """Those that were asked, in the order of their ids; none unless the run was told to."""

    @property
    def missing(self) -> int:
        """Count the cases that have no result yet."""
        return len(self.info.cases) - len(self.results)


_INFO = TypeAdapter(RunInfo)
_RESULT = TypeAdapter(Result)
_CANARY = TypeAdapter(CanaryOutcome)


class ResultLog:
    """Appends results to a run's file; use as a context manager. A torn last line is cut off on opening."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / RESULTS
        self._file: IO[bytes]

    def __enter__(self) -> ResultLog:
        self._file = self._path.open("ab")
        whole = sum(len(line) for line in _whole_lines(self._path))
        self._file.truncate(whole)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, result: Result) -> None:
        """Write one line and flush it."""
        row = _RESULT.dump_python(result, mode="json", exclude_defaults=True)
        self._file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        self._file.flush()


def write_info(info: RunInfo, folder: Path) -> None:
    """Write `run.json`, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{RUN}.partial"
    partial.write_text(
        json.dumps(_INFO.dump_python(info, mode="json"), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    partial.replace(folder / RUN)


def read_info(folder: Path) -> RunInfo | None:
    """Return what `run.json` says; None when there is none.

    Raises UsageError when it is not of a run that this version reads.
    """
    path = folder / RUN
    if not path.is_file():
        return None
    try:
        info = _INFO.validate_json(path.read_bytes())
    except ValidationError as error:
        raise UsageError(f"{path} is not a run of this version. Run anew with another --out.") from error
    if info.format != FORMAT:
        raise UsageError(f"{path} has format {info.format}; this version reads {FORMAT}. Run anew with another --out.")
    return info


def read_run(folder: Path) -> Run:
    """Read a run's folder. A case that stands there twice, because its asking failed at first, counts as it ended.

    Raises NotFound when the folder holds no run, and UsageError for a line that is no result.
    """
    info = read_info(folder)
    if info is None:
        raise NotFound(f"{folder} holds no run. Make one: pullquote eval run --out {folder}")
    return Run(info, read_results(folder, info), read_canaries(folder))


def read_results(folder: Path, info: RunInfo) -> tuple[Result, ...]:
    """Return the results that are there, in the order of the cases. Raises UsageError for a line that is no result."""
    path = folder / RESULTS
    found: dict[str, Result] = {}
    for number, line in enumerate(_whole_lines(path), start=1):
        try:
            result = _RESULT.validate_json(line)
        except ValidationError as error:
            raise UsageError(
                f"{path}, line {number}: is no result of this version. Delete the file, and repeat the run."
            ) from error
        found[result.case.id] = result
    return tuple(found[case_id] for case_id in info.cases if case_id in found)


def read_canaries(folder: Path) -> tuple[CanaryOutcome, ...]:
    """Return what became of the canaries that were asked, by id. Raises UsageError for a line that is no outcome."""
    path = folder / CANARIES
    try:
        found = {outcome.id: outcome for outcome in map(_CANARY.validate_json, _whole_lines(path))}
    except ValidationError as error:
        raise UsageError(f"{path}: holds a line that is no canary's. Delete the file, and repeat the run.") from error
    return tuple(found[canary_id] for canary_id in sorted(found))


def append_canary(outcome: CanaryOutcome, folder: Path) -> None:
    """Write one line behind the whole lines of a run's file."""
    path = folder / CANARIES
    row = json.dumps(_CANARY.dump_python(outcome), ensure_ascii=False).encode() + b"\n"
    with path.open("ab") as file:
        file.truncate(sum(map(len, _whole_lines(path))))
        file.write(row)


def differences(before: RunInfo, after: RunInfo) -> list[str]:
    """Name what differs between two runs, as a person would say it."""
    named = {"cases": "cases", "cases_hash": "cases", "versions": "package versions", "library": "articles or embedder"}
    first, second = (_INFO.dump_python(info, mode="json") for info in (before, after))
    changed = [name for name in first if first[name] != second[name]]
    return list(dict.fromkeys(named.get(name, name) for name in changed))


def _whole_lines(path: Path) -> list[bytes]:
    """Return the lines that end; what a kill tore off does not."""
    if not path.is_file():
        return []
    lines = path.read_bytes().splitlines(keepends=True)
    return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]
