"""Limits that a run must keep, against another run and absolutely: what a merge is let through by.

A file of limits is TOML, or JSON of the same shape, by metric:

    citation_precision = { may_fall_by = 0.01 }
    false_refusal = { may_rise_by = 0.02, at_most = 0.3 }
    quote_fidelity = { at_least = 1.0 }

A metric has fallen too far when its mean over the shared cases fell by more than the limit, and the 95 % interval of
the fall lies wholly below nought: neither a fall that chance explains stops a merge, nor one within the limit.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar

import click
from pydantic import ConfigDict, TypeAdapter, ValidationError

from eval.comparing.diff import Comparison, Difference, print_table
from eval.scoring import METRIC
from index.errors import NotFound, UsageError

ROUNDING = 1e-9
"""A figure that equals its limit but for the last bits of its sum keeps it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one metric must keep; None where there is no limit."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    may_fall_by: float | None = None
    may_rise_by: float | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A limit that is not kept."""

    metric: str
    limit: str
    found: str


_LIMITS = TypeAdapter(dict[str, Limits])


def read_limits(path: Path) -> dict[str, Limits]:
    """Read a file of limits.

    Raises NotFound when there is none, and UsageError for an unknown metric or limit, or for a limit on the change of a
    metric that is not compared case by case.
    """
    try:
        text = path.read_text("utf-8")
        limits = _LIMITS.validate_python(json.loads(text) if path.suffix == ".json" else tomllib.loads(text))
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}). Give a file of limits, TOML or JSON.") from error
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        known = ", ".join(field.name for field in fields(Limits))
        raise UsageError(f"{path}: {place}: {problem['msg']}. A limit is one of {known}, a number.") from error
    except ValueError as error:
        raise UsageError(
            f"{path}: is neither TOML nor JSON ({error}). Write it so: correct = {{ may_fall_by = 0.01 }}"
        ) from error
    for name, limit in limits.items():
        if name not in METRIC:
            raise UsageError(f"{path}: there is no metric {name!r}. Known: {', '.join(METRIC)}.")
        if not METRIC[name].paired and (limit.may_fall_by, limit.may_rise_by) != (None, None):
            raise UsageError(f"{path}: {name} is not compared case by case. Give it at_least or at_most.")
    return limits


def broken_limits(comparison: Comparison, limits: Mapping[str, Limits]) -> list[Broken]:
    """Return the limits that the second run of the comparison does not keep; one that cannot be told is not kept."""
    return [broken for name, limit in limits.items() for broken in _broken(comparison.difference(name), name, limit)]


def print_broken(broken: list[Broken], count: int) -> None:
    """Print the limits that are not kept, or that all of `count` metrics keep theirs."""
    if not broken:
        click.echo(f"Limits: kept ({count} {'metric' if count == 1 else 'metrics'}).")
        return
    click.echo(f"Limits: broken in {len(broken)} {'place' if len(broken) == 1 else 'places'}.")
    print_table(("metric", "limit", "found"), ((each.metric, each.limit, each.found) for each in broken))


def _broken(difference: Difference | None, name: str, limit: Limits) -> Iterator[Broken]:
    change = difference.change if difference else None
    after = difference.after if difference else None
    shown = "not measured" if after is None else f"{after:.4f}"
    if limit.at_least is not None and (after is None or after < limit.at_least - ROUNDING):
        yield Broken(name, f"at least {limit.at_least:g}", shown)
    if limit.at_most is not None and (after is None or after > limit.at_most + ROUNDING):
        yield Broken(name, f"at most {limit.at_most:g}", shown)
    moved = f"{change.mean:+.4f} ({change.low:+.4f} to {change.high:+.4f})" if change else "not measured"
    if limit.may_fall_by is not None and (
        change is None or (change.high < 0 and change.mean < -limit.may_fall_by - ROUNDING)
    ):
        yield Broken(name, f"may fall by {limit.may_fall_by:g}", moved)
    if limit.may_rise_by is not None and (
        change is None or (change.low > 0 and change.mean > limit.may_rise_by + ROUNDING)
    ):
        yield Broken(name, f"may rise by {limit.may_rise_by:g}", moved)
