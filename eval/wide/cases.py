"""Cases of wide questions: what a good answer must say, whom it must hear, in which order; or what it must list.

A file holds one JSON object a line:

    {"id": "w001", "collection": "samples", "question": "What's new on the ferry?", "form": "latest",
     "facts": [["sails again", "back in service"]], "articles": ["ferry-3"], "outlets": ["Post"],
     "days": [["ran aground", "2024-03-01"]], "first": ["sails again"], "listed": ["..."], "count": 3, "part": "open"}
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assistant.types import Form
from index.errors import NotFound, UsageError


class WideCase(BaseModel):
    """A wide question with what is expected of its answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    collection: str
    question: str
    form: Form
    facts: tuple[tuple[str, ...], ...] = ()
    """Must be said: each holds if one of its wordings stands in the answer."""
    articles: tuple[str, ...] = ()
    """Must be cited, by title or id."""
    outlets: tuple[str, ...] = ()
    """Must be cited."""
    days: tuple[tuple[str, str], ...] = ()
    """Of a timeline: words of an event, and the day on which it happened, in order."""
    first: tuple[str, ...] = ()
    """Of the latest: one of these stands in the first two sentences."""
    listed: tuple[str, ...] = ()
    """Titles, ids or names that a list holds: these and no others."""
    count: int | None = None
    newest_first: bool = False
    forbidden: tuple[str, ...] = ()
    part: str = "open"
    """open: looked at while the answering was built; blind: put away until it stood."""


_CASE = TypeAdapter(WideCase)


def load_wide_cases(path: Path) -> list[WideCase]:
    """Read cases. Raises NotFound when there is no such file, UsageError that names the line that is no case."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}). Give a .jsonl file of wide cases.") from error
    cases = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                cases.append(_CASE.validate_json(line))
            except ValidationError as error:
                problem = error.errors()[0]
                place = ".".join(map(str, problem["loc"]))
                raise UsageError(f"{path}, line {number}: {place or 'the line'}: {problem['msg']}.") from error
    return cases
