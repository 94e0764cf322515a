"""Figures of a run: the scores of each case alone, small enough to keep beside the code and compare later runs with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.results import Run, read_run
from eval.scoring import Scores
from index.errors import NotFound, UsageError
from index.types import text_hash

FORMAT = 1
DIGITS = 4
"""Decimal places that a file of figures keeps."""


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """The scores of one case; `case` is a hash of the case, so that a case that was edited is not compared."""

    case: str
    scores: Scores
    question: str = field(default="", compare=False)
    """Known where the figures come from a run; a file of figures does not hold it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run, by case id. `name` is what a person gave to name it."""

    format: int
    split: str
    cases: Mapping[str, CaseFigures]
    name: str = ""


_FIGURES = TypeAdapter(Figures)


def figures_of(run: Run, name: str = "") -> Figures:
    """Return the scores of a run alone."""
    cases = {
        result.case.id: CaseFigures(text_hash(repr(result.case))[:8], _rounded(result.scores), result.case.question)
        for result in run.results
    }
    return Figures(FORMAT, run.info.split, cases, name)


def write_figures(run: Run, path: Path) -> None:
    """Write the figures of a run, one case a line, so that a change shows as changed lines."""
    figures = figures_of(run)
    lines = [
        f"{json.dumps(case_id)}: {json.dumps({'case': each.case, 'scores': each.scores.present()})}"
        for case_id, each in figures.cases.items()
    ]
    head = f'"format": {figures.format}, "split": {json.dumps(figures.split)}'
    path.write_text(f'{{{head}, "cases": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")


def read_figures(path: Path) -> Figures:
    """Return the figures of a run's folder, or of a file.

    Raises NotFound when there is neither, and UsageError for a file that holds no figures.
    """
    if path.is_dir():
        return figures_of(read_run(path), path.name)
    try:
        figures = _FIGURES.validate_json(path.read_bytes())
    except OSError as error:
        raise NotFound(
            f"{path}: cannot be read ({error.strerror}). Give a run's folder or a file of figures."
        ) from error
    except ValidationError as error:
        raise UsageError(f"{path} holds no figures. Write them: pullquote eval figures RUN {path}") from error
    if figures.format != FORMAT:
        raise UsageError(f"{path} has format {figures.format}; this version reads {FORMAT}. Write it anew.")
    return Figures(figures.format, figures.split, figures.cases, path.name)


def _rounded(scores: Scores) -> Scores:
    values = {each.name: getattr(scores, each.name) for each in fields(Scores)}
    return Scores(**{name: None if value is None else round(value, DIGITS) for name, value in values.items()})
