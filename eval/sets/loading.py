"""Find out what format a public set has, and read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from eval.sets.beir import CORPUS, load_beir
from eval.sets.clapnq import load_clapnq
from eval.sets.files import read_json_lines
from eval.sets.plain import load_plain
from eval.sets.sets import PublicSet
from eval.sets.squad import load_squad
from index.errors import NotFound, UsageError

FORMATS = ("auto", "squad", "beir", "clapnq", "jsonl")
WANTED = (
    "Give a SQuAD file (.json), a BEIR folder (corpus.jsonl, queries.jsonl, qrels/test.tsv), ClapNQ files (.jsonl), "
    'or JSON lines of {"question", "answers", "context"}'
)

_OBJECT = TypeAdapter(dict[str, object])


def load_public_set(path: Path, format_name: str = "auto") -> PublicSet:
    """Load a set from a file or a folder; files of one folder are one set. `format_name` is one of FORMATS.

    Raises NotFound, and UsageError that names what does not fit, or that the path holds no set.
    """
    if not path.exists():
        raise NotFound(f"{path}: is not there. {WANTED}.")
    found = _guess(path) if format_name == "auto" else format_name
    if found == "beir":
        loaded = load_beir(path)
    elif found == "squad":
        loaded = load_squad(_files(path, "json"))
    else:
        loaded = (load_clapnq if found == "clapnq" else load_plain)(_files(path, "jsonl"))
    if not loaded.questions:
        raise UsageError(f"{path}: holds no question. {WANTED}.")
    return loaded


def _files(path: Path, suffix: str) -> Sequence[Path]:
    files = sorted(path.glob(f"*.{suffix}")) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path}: holds no .{suffix} file. {WANTED}.")
    return files


def _guess(path: Path) -> str:
    if (path / CORPUS).is_file():
        return "beir"
    lines = sorted(path.glob("*.jsonl")) if path.is_dir() else [path] if path.suffix in (".jsonl", ".ndjson") else []
    if lines:
        _, first = next(read_json_lines(lines[0], _OBJECT), (0, {}))
        if {"input", "passages", "output"} <= first.keys():
            return "clapnq"
        if "question" in first:
            return "jsonl"
        raise UsageError(f"{lines[0]}: the fields {', '.join(first) or 'are none'} are of no known set. {WANTED}.")
    if path.suffix == ".json" or (path.is_dir() and any(path.glob("*.json"))):
        return "squad"
    raise UsageError(f"{path}: is no question set. {WANTED}.")
