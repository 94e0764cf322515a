"""Fits the model of forms and writes assistant/question/form.json: `python -m eval.fitting.forms`.

Prints how it does on the questions held out of the fitting, on those that stand apart, and on pooled ones; `--wrong`
prints those that it gets wrong, too.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assistant.question.form import WEIGHTS, Model
from eval.fitting.forms.examples import Example, framed, pooled, written
from eval.fitting.forms.measuring import figures, table, wrong
from eval.fitting.forms.training import doubting, fit, write

THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
MOST_FACTS_WIDE = 0.03
"""The share of facts, written and pooled, that may be taken for something wider."""


def main(arguments: Sequence[str]) -> None:
    """Fit, measure and write."""
    asked, pool, apart = written(), pooled(), written(apart=True)
    held = [each for each in asked if each.is_held_out]
    held_pool = [each for each in pool if each.is_held_out]
    fitted = [each for each in asked if not each.is_held_out]
    made = framed()
    model = fit(fitted, [each for each in pool if not each.is_held_out], made)
    model = doubting(model, _threshold(model, held, held_pool))
    for name, examples in (("held out", held), ("apart", apart), ("pool, held out", held_pool)):
        print(f"{name}:\n\n{table(model, examples)}\n")
        if "--wrong" in arguments:
            print("\n".join(wrong(model, examples)), "\n")
    every = [*asked, *apart]
    model = doubting(fit(every, pool, made), model.doubt)  # what is shipped learns from what was measured, too
    about = (
        f"Which form a question has: a linear model fitted by `python -m eval.fitting.forms` to {len(every)} questions "
        f"written for it, {len(made)} made of frames and topics, and {len(pool)} public ones. "
        "0 a number, T a time, N a name, O an outlet, X any other word, ^ $ the ends, ~ a class of words."
    )
    write(model, WEIGHTS, about)
    print(f"{len(model.weights)} features, {WEIGHTS.stat().st_size / 1000:.0f} kB")


def _threshold(model: Model, held: Sequence[Example], pool: Sequence[Example]) -> float:
    """Return the threshold at which most are told rightly, of those that take few enough facts for wide."""
    print("| doubt | accuracy | facts taken as wide | the pool's too | wide taken as fact |\n|---|---|---|---|---|")
    good = {}
    for doubt in THRESHOLDS:
        at, with_pool = figures(doubting(model, doubt), held), figures(doubting(model, doubt), [*held, *pool])
        shares = (at.accuracy, at.facts_taken_as_wide, with_pool.facts_taken_as_wide, at.wide_taken_as_fact)
        print(f"| {doubt} | {' | '.join(f'{each:.3f}' for each in shares)} |")
        if with_pool.facts_taken_as_wide <= MOST_FACTS_WIDE:
            good[doubt] = at.accuracy
    return max(good, key=lambda doubt: good[doubt], default=min(THRESHOLDS))


if __name__ == "__main__":
    main(sys.argv[1:])
