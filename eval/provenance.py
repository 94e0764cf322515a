"""What decides the outcome of a run: cases, settings, versions, code and articles, so that it can be made again."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.config import Settings
from eval.cases import Case
from eval.results import FORMAT, LibraryInfo, RunInfo
from index.library.library import Library

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("pullquote", "chromadb", "llama-index-core", "numpy", "onnxruntime", "openai", "tantivy", "tokenizers")
SECRET = ("key", "token", "secret", "password", "authorization")
CODE_SUFFIXES = (".py", ".json", ".toml")
SCORING = ("runner", "scoring", "metrics", "matching", "cases")
"""Modules of eval that decide what a result holds."""


def describe(cases: Sequence[Case], settings: Settings, *, part: str, seed: int, writer: str) -> RunInfo:
    """Return what decides the outcome of asking `cases` of the settings' library. Raises NotFound without a library."""
    with Library.open(settings.library_path) as opened:
        manifest = opened.manifest
        articles = {article.id: article.content_hash for article in opened.articles()}
    return RunInfo(
        format=FORMAT,
        split=part,
        seed=seed,
        writer=writer,
        cases=tuple(case.id for case in cases),
        cases_hash=_hash(repr(case).encode() for case in cases),
        settings=_public(settings),
        versions={"python": platform.python_version(), **_installed()},
        code=_hash(path.read_bytes() for path in _code()),
        library=LibraryInfo(
            manifest.format, manifest.embedder, manifest.dimension, manifest.passage_settings,
            dict(sorted(articles.items())),
        ),
    )  # fmt: skip


def _public(settings: Settings) -> Mapping[str, Any]:
    """Return the settings without the library's place, which says nothing of what is in it, and without secrets."""
    shown = {field.name: getattr(settings, field.name) for field in fields(settings) if field.repr}
    return {name: _masked(name, value) for name, value in shown.items() if name != "library"}


def _masked(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _masked(str(key), inner) for key, inner in sorted(value.items())}
    return "…" if value and any(word in name.casefold() for word in SECRET) else value


def _installed() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _code() -> list[Path]:
    """Return the files of the code that answers and scores."""
    answering = [
        path
        for package in ("index", "assistant")
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in CODE_SUFFIXES
    ]
    return answering + [ROOT / "eval" / f"{name}.py" for name in SCORING]


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]
