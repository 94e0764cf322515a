"""Which exact checks the gate makes, in the order of their reasons: the one place where a check is added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.gate.exact import wrong_names, wrong_outlets, wrong_quotations, wrong_values
from assistant.gate.types import CitedParagraph


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check may know besides the claim and what it cites."""

    outlets: tuple[str, ...] = ()
    """Those of the whole collection."""


ExactCheck = Callable[[str, Sequence[CitedParagraph], CheckContext], list[str]]
"""Takes a claim and the paragraphs that it cites; returns what is wrong with it, a sentence each."""

EXACT_CHECKS: dict[str, ExactCheck] = {
    "outlets": lambda claim, cited, context: wrong_outlets(claim, cited, context.outlets),
    "quotations": lambda claim, cited, _context: wrong_quotations(claim, cited),
    "values": lambda claim, cited, _context: wrong_values(claim, cited),
    "names": lambda claim, cited, _context: wrong_names(claim, cited),
}
"""By what they look at. A claim that one of them finds wrong is unsupported, whatever its score."""
