"""Labelled claims: a sentence, the paragraphs it cites, and whether they state it.

They measure the gate that an answer's sentences pass; `eval.cases.split` halves them by id. One JSON object a line:

    {"id": "c001", "kind": "number", "claim": "The rink seats 2,510.", "cites": [{"article": "a-rink", "paragraph": 3}],
     "supported": false, "note": "2,150 -> 2,510"}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from index.errors import NotFound, UsageError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

TrueKind: TypeAlias = Literal["paraphrase", "verbatim", "quotation", "negation_kept", "two sources"]
"""negation_kept: the claim says what is not so, and the source does too; two sources: needs all cited paragraphs."""

ChangedKind: TypeAlias = Literal[
    "number", "date", "name", "negation", "role swap", "wrong outlet", "half true", "wrong paragraph"
]
"""What was changed. role swap: who did what to whom; half true: something is added; wrong paragraph: true elsewhere."""

MisquotedKind: TypeAlias = Literal["altered quotation", "stitched quotation", "misattributed quotation"]
"""altered: other words; stitched: two places joined as one; misattributed: the right words from the wrong speaker."""


@dataclass(frozen=True, slots=True)
class CitedParagraph:
    """A paragraph that a claim cites."""

    article: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim and whether the paragraphs it cites state it, read with their title, outlet and date.

    `note` says what was changed in an unsupported claim. Raises ValueError when fields do not fit together.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")  # holds for the dataclass within as well

    id: str
    kind: TrueKind | ChangedKind | MisquotedKind
    claim: str
    cites: tuple[CitedParagraph, ...]
    supported: bool
    note: str = ""

    def __post_init__(self) -> None:
        if problem := next(_contradictions(self), None):
            raise ValueError(problem)


_CLAIM = TypeAdapter(LabelledClaim)
_FIELDS = ", ".join(field.name for field in fields(LabelledClaim))


def load_claims(path: Path) -> list[LabelledClaim]:
    """Read a file of labelled claims, one JSON object a line; empty lines are passed over.

    Raises NotFound when there is no such file, and UsageError that names the line that is wrong or repeats an id.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}). Give a .jsonl file of claims.") from error
    except UnicodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error
    claims: dict[str, LabelledClaim] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            claim = _CLAIM.validate_json(line, strict=True)
        except ValidationError as error:
            raise UsageError(f"{path}, line {number}: {_explain(error.errors()[0])}") from error
        if claim.id in claims:
            raise UsageError(f"{path}, line {number}: the id {claim.id!r} is taken. Choose another.")
        claims[claim.id] = claim
    if not claims:
        raise UsageError(f"{path}: holds no claim. Write one JSON object a line with the fields {_FIELDS}.")
    return list(claims.values())


def _contradictions(claim: LabelledClaim) -> Iterator[str]:
    """Yield what is wrong with the claim, each time with how to mend it."""
    if not claim.id.strip() or not claim.claim.strip():
        yield "id and claim must not be empty: write them"
    if not claim.cites or len(set(claim.cites)) < len(claim.cites):
        yield "a claim cites one paragraph or more, each once: correct cites"
    if claim.supported is not (claim.kind in get_args(TrueKind)):
        yield f"a claim of kind {claim.kind!r} is {'not ' * claim.supported}supported: correct kind or supported"
    if claim.supported is bool(claim.note.strip()):
        yield "a claim has a note of what was changed exactly when it is not supported: add or remove note"


def _explain(error: ErrorDetails) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).removeprefix(".")
    match error["type"]:
        case "json_invalid":
            return f"is not JSON ({error['ctx']['error']}). Write one JSON object a line."
        case "unexpected_keyword_argument" | "extra_forbidden":
            return f"{where} is not a field. Remove or rename it; a claim has {_FIELDS}; cites have article, paragraph."
        case "missing" | "missing_argument":
            return f"{where} is missing. Add it."
        case "value_error":
            return f"{error['ctx']['error']}."
        case _:
            return f"{where or 'the line'}: {error['msg']}. Correct the value."
