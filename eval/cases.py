"""Evaluation cases: a question, the facts a good answer states and the paragraphs that state them, or why none does.

A file of cases holds one JSON object a line; fields that equal their default may be left out:

    {"id": "s001", "question": "Who …?", "answerable": true, "facts": [["Ann Lee", "A. Lee"]],
     "gold": [{"article": "a-report", "paragraph": 3, "hash": "0123456789abcdef", "facts": [0]}], "tags": ["single"]}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant.types import Turn
from index.errors import NotFound, UsageError
from index.types import Filters, text_hash

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

HASH_DIGITS = 16

DRAFT = "draft"
"""Tag of a case that a person has yet to finish. Files that hold one are not asked."""

Fact: TypeAlias = tuple[str, ...]
"""Wordings that are accepted for one fact. Each gold paragraph of the fact holds one of them, so a quotation counts."""

WhyNot: TypeAlias = Literal["outside", "near miss", "false premise", "too early", "too late"]
"""Why the articles do not answer.

outside: they are about something else; near miss: they name the thing, but not the detail; false premise: they say the
opposite of what the question takes for granted; too early, too late: the time asked about lies before, or after, what
they report.
"""

Part: TypeAlias = Literal["dev", "release"]


@dataclass(frozen=True, slots=True)
class GoldParagraph:
    """A paragraph that by itself states the facts whose indices are in `facts`."""

    article: str
    paragraph: int
    hash: str = ""
    """First 16 hex digits of the paragraph's text_hash when the case was written."""
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is expected of its answer.

    With `disagreement` the facts are versions that contradict each other, and a good answer gives them all.
    Raises ValueError when fields do not fit together.
    """

    # Holds for the dataclasses within as well.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    question: str
    answerable: bool
    history: tuple[Turn, ...] = ()
    facts: tuple[Fact, ...] = ()
    gold: tuple[GoldParagraph, ...] = ()
    why_not: WhyNot | None = None
    disagreement: bool = False
    tags: tuple[str, ...] = ()
    filters: Filters | None = None
    note: str = field(default="", repr=False)
    """For the people who keep the cases. No part of the repr, by which runs tell whether cases are the same."""

    def __post_init__(self) -> None:
        if problem := next(_contradictions(self), None):
            raise ValueError(problem)


@dataclass(frozen=True, slots=True)
class Stale:
    """A gold paragraph that the articles no longer hold as the case was written for it."""

    case_id: str
    article: str
    paragraph: int
    now: Literal["missing", "changed"]


_CASE = TypeAdapter(Case)
_FIELDS = ", ".join(each.name for each in fields(Case))


def load_cases(path: Path) -> list[Case]:
    """Read a file of cases, one JSON object a line; empty lines are passed over.

    Raises NotFound when there is no such file, and UsageError that names the line when a line is no case, repeats an id
    or has an unknown field, or is a draft: then it says what to fill in.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}). Give a .jsonl file of cases.") from error
    except UnicodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error
    cases: list[Case] = []
    line_of: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = _CASE.validate_json(line, strict=True)
        except ValidationError as error:
            problem = _explain(error.errors()[0])
            if _is_draft(line):
                problem = f"is a draft: {problem.removesuffix('.')}. Then remove its tag {DRAFT!r}."
            raise UsageError(f"{path}, line {number}: {problem}") from error
        if DRAFT in case.tags:
            raise UsageError(
                f"{path}, line {number}: is a draft: nothing is missing. Check it, and remove its tag {DRAFT!r}."
            )
        if case.id in line_of:
            earlier = line_of[case.id]
            raise UsageError(f"{path}, line {number}: the id {case.id!r} is taken by line {earlier}. Choose another.")
        line_of[case.id] = number
        cases.append(case)
    if not cases:
        raise UsageError(f"{path}: holds no case. Write one JSON object a line with the fields {_FIELDS}.")
    return cases


def write_cases(cases: Iterable[Case], path: Path) -> None:
    """Write the cases as `load_cases` reads them; what equals its default is left out."""
    rows = [_CASE.dump_python(case, mode="json", exclude_defaults=True) for case in cases]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def check_cases(cases: Iterable[Case], paragraphs: Mapping[tuple[str, int], str]) -> list[Stale]:
    """Return the gold paragraphs that `paragraphs`, (article, number) to text, lacks or holds with another text."""
    stale: list[Stale] = []
    for case in cases:
        for gold in case.gold:
            text = paragraphs.get((gold.article, gold.paragraph))
            if text is None:
                stale.append(Stale(case.id, gold.article, gold.paragraph, "missing"))
            elif paragraph_hash(text) != gold.hash:
                stale.append(Stale(case.id, gold.article, gold.paragraph, "changed"))
    return stale


def with_hashes(cases: Iterable[Case], paragraphs: Mapping[tuple[str, int], str]) -> list[Case]:
    """Return the cases with the hash of each gold paragraph as it stands in `paragraphs`, (article, number) to text.

    Raises NotFound for a paragraph that is not there.
    """
    hashed: list[Case] = []
    for case in cases:
        gold: list[GoldParagraph] = []
        for entry in case.gold:
            text = paragraphs.get((entry.article, entry.paragraph))
            if text is None:
                place = f"{entry.article}#{entry.paragraph}"
                raise NotFound(f"Case {case.id}: there is no paragraph {place}. Correct the case's gold paragraphs.")
            gold.append(replace(entry, hash=paragraph_hash(text)))
        hashed.append(replace(case, gold=tuple(gold)))
    return hashed


def paragraph_hash(text: str) -> str:
    """Return the hash by which a case knows a paragraph: 16 hex digits."""
    return text_hash(text)[:HASH_DIGITS]


def split(case_id: str) -> Part:
    """Return the half a case belongs to, for good: thresholds are set on dev, figures are published on release."""
    return "dev" if text_hash(case_id) < "8" else "release"


def _contradictions(case: Case) -> Iterator[str]:
    """Yield what is wrong with the case, each time with how to mend it."""
    if not case.id.strip() or not case.question.strip():
        yield "id and question must not be empty: write them"
    if case.answerable:
        yield from _contradictions_of_answer(case)
        return
    if case.why_not is None:
        yield "a case that is not answerable says why not: add why_not"
    if case.facts or case.gold or case.disagreement:
        yield "a case that is not answerable has no facts, gold or disagreement: remove them, or set answerable to true"


def _contradictions_of_answer(case: Case) -> Iterator[str]:
    stated = {fact for gold in case.gold for fact in gold.facts}
    known = set(range(len(case.facts)))
    if case.why_not is not None:
        yield "why_not is for questions that the articles do not answer: remove it, or set answerable to false"
    if not case.facts or not all(fact and all(map(str.strip, fact)) for fact in case.facts):
        yield "an answerable case needs facts, each with an accepted wording: add them, or set answerable to false"
    for fact in sorted(stated - known):
        yield f"gold names fact {fact}, but facts are numbered from 0 to {len(case.facts) - 1}: correct the number"
    for fact in sorted(known - stated):
        yield f"no gold paragraph states fact {fact}: add the paragraph, or its number to the facts of a gold paragraph"
    if not all(gold.facts for gold in case.gold):
        yield "a gold paragraph states no fact: list the facts it states, or remove it"
    if case.disagreement and len(case.facts) == 1:
        yield "a disagreement needs two versions or more: add the other as a fact, or set disagreement to false"


def _is_draft(line: str) -> bool:
    """Tell whether a line that is no case, for now, is a draft of one."""
    try:
        return DRAFT in json.loads(line)["tags"]
    except (ValueError, TypeError, LookupError):
        return False


def _explain(error: ErrorDetails) -> str:
    where = _place(error["loc"])
    match error["type"]:
        case "json_invalid":
            return f"is not JSON ({error['ctx']['error']}). Write one JSON object a line."
        case "unexpected_keyword_argument" | "extra_forbidden":
            known = f"; the fields of a case are {_FIELDS}" if len(error["loc"]) == 1 else ""
            return f"{where} is not a field. Remove or rename it{known}."
        case "missing" | "missing_argument":
            return f"{where} is missing. Add it."
        case "value_error":
            return f"{error['ctx']['error']}."
        case _:
            return f"{where or 'the line'}: {error['msg']}. Correct the value."


def _place(location: Sequence[int | str]) -> str:
    """Return a location as one reads it: `gold[0].paragraph`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")
