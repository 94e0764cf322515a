"""An optional judge: a chat model says whether an answer agrees with the accepted facts.

Off unless it is asked for. Figures and gates do not use it: it is measured against the exact metric `correct`, which it
may disagree with where an answer words a fact in a way that no one foresaw.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import click
from pydantic import TypeAdapter, ValidationError

from assistant.models.types import Message
from eval.cases import Case
from eval.results import Result
from eval.scoring import stated
from index.errors import UsageError
from index.progress import Progress, Silent
from index.types import text_hash

JUDGEMENTS = "judgements.jsonl"
"""File of a run's folder that keeps what the judge said."""
MAX_TOKENS = 160

INSTRUCTIONS = (
    "You compare an answer with facts that a right answer states. Each fact is given in one or several wordings that "
    "mean the same; any other wording with that meaning counts as well. Further details in the answer do not matter, "
    "unless they contradict a fact. Reply on the first line with the one word AGREE if the answer states every fact, "
    "or DIFFER if a fact is missing, changed or contradicted. Give the reason in one sentence on the second line."
)

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_VERDICT = re.compile(r"\b(agree|differ)s?\b", re.IGNORECASE)


class Completes(Protocol):
    """What a judge needs of a chat model; `assistant.models.chat_model.ChatModel` has it."""

    def complete(self, messages: Sequence[Message], *, max_tokens: int = 512) -> str:
        """Return the whole reply. Raises ModelError."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge said of one case. `asked` is a hash of what it was asked and who was; None is no clear verdict."""

    case: str
    asked: str
    agrees: bool | None
    reason: str = ""


_JUDGEMENT = TypeAdapter(Judgement)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often judge and metric say the same, over `count` cases with a clear verdict; shares are 0 to 1."""

    count: int
    share: float
    kappa: float | None
    """Cohen's kappa; None where both always say one and the same thing."""
    judge_only: tuple[str, ...]
    """Ids of the cases that the judge calls right and the metric wrong."""
    metric_only: tuple[str, ...]


def judgeable(results: Iterable[Result]) -> list[Result]:
    """Return the results that can be judged: an answer was given, and the case has facts."""
    return [each for each in results if each.answer and each.answer.answered and each.case.facts]


def prompt(case: Case, answer: str) -> str:
    """Return what the judge is asked about a case; `answer` is without marks."""
    facts = "\n".join(f"{number}. {' | '.join(fact)}" for number, fact in enumerate(case.facts, start=1))
    asked = "\n".join([*(f"Earlier question: {turn.question}" for turn in case.history), f"Question: {case.question}"])
    return f"{asked}\n\nFacts of a right answer:\n{facts}\n\nThe answer:\n{answer}"


def read_verdict(reply: str) -> tuple[bool | None, str]:
    """Return whether a reply says that they agree, None if it says neither, and the reason it gives."""
    said = _THOUGHTS.sub("", reply).strip()
    found = _VERDICT.search(said)
    if found is None:
        return None, " ".join(said.split())
    return found[1].casefold() == "agree", " ".join(said[found.end() :].split()).lstrip(".:,- ")


def judge(
    results: Sequence[Result], model: Completes, name: str, folder: Path, progress: Progress | None = None
) -> list[Judgement]:
    """Ask the model about each result that can be judged, and keep every verdict in the run's folder.

    What was asked of the model of that name before is not asked again. Raises ModelError.
    """
    progress = progress or Silent()
    path = folder / JUDGEMENTS
    known = {(each.case, each.asked): each for each in read_judgements(path)}
    path.write_text("".join(f"{line}\n" for line in _whole_lines(path)), encoding="utf-8")  # cuts off a torn line
    judgements = []
    chosen = judgeable(results)
    progress.start("Judging", len(chosen))
    with path.open("a", encoding="utf-8") as file:
        for result in chosen:
            question = prompt(result.case, stated(result.answer) if result.answer else "")
            asked = text_hash(f"{name}\n{INSTRUCTIONS}\n{question}")[:16]
            judgement = known.get((result.case.id, asked))
            if judgement is None:
                messages = [Message("system", INSTRUCTIONS), Message("user", question)]
                verdict = read_verdict(model.complete(messages, max_tokens=MAX_TOKENS))
                judgement = Judgement(result.case.id, asked, *verdict)
                file.write(json.dumps(_JUDGEMENT.dump_python(judgement), ensure_ascii=False) + "\n")
                file.flush()
            judgements.append(judgement)
            progress.advance(1)
    return judgements


def read_judgements(path: Path) -> list[Judgement]:
    """Return the judgements that are kept in a file; none without one. A last line that a kill tore off is left out.

    Raises UsageError for another line that is no judgement.
    """
    judgements = []
    for number, line in enumerate(_whole_lines(path), start=1):
        try:
            judgements.append(_JUDGEMENT.validate_json(line))
        except ValidationError as error:
            raise UsageError(f"{path}, line {number}: is no judgement. Delete the file, and repeat.") from error
    return judgements


def _whole_lines(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")[:-1] if path.is_file() else []


def agreement(judgements: Iterable[Judgement], correct: Mapping[str, bool]) -> Agreement | None:
    """Compare clear verdicts with the exact metric, by case id; None without any.

    Kappa is the share of agreement beyond what chance gives: Cohen 1960, Educational and Psychological Measurement 20.
    """
    pairs = [(each.case, each.agrees, correct[each.case]) for each in judgements if each.agrees is not None]
    if not pairs:
        return None
    count = len(pairs)
    same = sum(said == known for _, said, known in pairs) / count
    said_right = sum(said for _, said, _ in pairs) / count
    known_right = sum(known for _, _, known in pairs) / count
    chance = said_right * known_right + (1 - said_right) * (1 - known_right)
    return Agreement(
        count,
        same,
        (same - chance) / (1 - chance) if chance < 1 else None,
        tuple(case for case, said, known in pairs if said and not known),
        tuple(case for case, said, known in pairs if known and not said),
    )


def print_agreement(name: str, judgements: Sequence[Judgement], found: Agreement | None) -> None:
    """Print how the judge and the exact metric agree."""
    unclear = [each.case for each in judgements if each.agrees is None]
    click.echo(f"Judge: {name}, {len(judgements)} answers judged.")
    if found:
        kappa = "not defined (all verdicts are the same)" if found.kappa is None else f"{found.kappa:.3f}"
        click.echo(f"Agrees with the metric correct: {found.share:.3f} of {found.count}, Cohen's kappa {kappa}")
    for label, cases in (
        ("Right only by the judge", found.judge_only if found else ()),
        ("Right only by the metric", found.metric_only if found else ()),
        ("No clear verdict", unclear),
    ):
        if cases:
            click.echo(f"{label}: {', '.join(cases)}")
