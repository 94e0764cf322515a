"""Rules written by hand only become fewer: what they are counted to stays at or below what `tests/rules.json` keeps."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from tests.rules import CEILINGS, PARTS, ROOT, Rules, count, rules_in

SOURCE = """
import re
_WORD = r"[a-z]+"
_PAIR = re.compile(rf"{_WORD}-{_WORD}")
_NAMES = frozenset("one two three four".split())
_FEW = ("a", "b")
LIMIT = 3
def found(text):
    return re.search("x+", text)
"""


def test_counts_patterns_with_what_they_are_made_of() -> None:
    assert rules_in(SOURCE) == Rules(
        lines=9, patterns=2, pattern_characters=len("[a-z]+") + len("-") + len("x+"), word_lists=1, words=4, constants=1
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", [name for name in asdict(Rules()) if name != "lines"])
def test_rules_do_not_grow(part: str, name: str) -> None:
    total = asdict(sum(count(ROOT, PARTS[part]).values(), Rules()))
    ceilings = json.loads(CEILINGS.read_text("utf-8"))[part]
    assert total[name] <= ceilings[name], (
        f"{total[name]} {name} read {part}, and at most {ceilings[name]} were there. `python tests/rules.py` shows "
        "where. Take one out, or let the data decide instead of a rule."
    )
