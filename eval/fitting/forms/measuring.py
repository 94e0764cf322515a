"""Says how well a model tells the forms of questions: by form, what is taken for what, at which threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.question.form import Model
from assistant.types import Form
from eval.fitting.forms.examples import OUTLETS, Example


@dataclass(frozen=True, slots=True)
class Figures:
    """How a model did on some questions."""

    accuracy: float
    facts_taken_as_wide: float
    """Of the questions for one fact, those that are taken for something wider."""
    wide_taken_as_fact: float


def figures(model: Model, examples: Sequence[Example]) -> Figures:
    """Measure a model. A form that no example has counts 0."""
    told = [(each.form, model.form(each.question, OUTLETS)) for each in examples]
    facts = [found.is_wide for form, found in told if form is Form.FACT]
    wide = [found is Form.FACT for form, found in told if form.is_wide]
    return Figures(
        accuracy=_share([form is found for form, found in told]),
        facts_taken_as_wide=_share(facts),
        wide_taken_as_fact=_share(wide),
    )


def table(model: Model, examples: Sequence[Example]) -> str:
    """Return by form how many are told rightly, and as what the others are taken."""
    lines = ["| form | questions | told rightly | taken as |", "|---|---|---|---|"]
    for form in Form:
        taken = Counter(model.form(each.question, OUTLETS) for each in examples if each.form is form)
        if taken:
            others = ", ".join(f"{other} {count}" for other, count in taken.most_common() if other is not form)
            lines.append(f"| {form} | {taken.total()} | {taken[form] / taken.total():.3f} | {others} |")
    found = figures(model, examples)
    lines += ["", f"Accuracy {found.accuracy:.3f}; facts taken as wide {found.facts_taken_as_wide:.3f}."]
    return "\n".join(lines)


def wrong(model: Model, examples: Sequence[Example]) -> list[str]:
    """Return the questions that are told wrongly, with what they are and what they are taken for."""
    told = [(each, model.form(each.question, OUTLETS)) for each in examples]
    return [f"{each.form} taken as {found}: {each.question[:100]!r}" for each, found in told if found is not each.form]


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 0.0
