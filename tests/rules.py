"""Count what stands in the place of a trained reader: patterns, word lists, constants set by hand.

`python tests/rules.py` prints the counts by folder. `tests/test_rules.py` holds them to `tests/rules.json`, so that
they only fall.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "articles": (
        "assistant/language", "assistant/evidence", "assistant/differing", "assistant/quoting", "assistant/summarising",
        "assistant/gate", "assistant/writing", "assistant/conversations", "assistant/service", "index/splitting",
        "index/syndication.py",
    ),
    "questions": ("assistant/question", "assistant/catalogue"),
}  # fmt: skip
"""Where text is read for what it means: what articles and models wrote, and what people ask."""
CEILINGS = Path(__file__).with_name("rules.json")
_FEWEST_WORDS = 4
"""Strings from which a literal counts as a word list."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What was counted, in one file or in many."""

    lines: int = 0
    patterns: int = 0
    """Calls into `re` with a pattern."""
    pattern_characters: int = 0
    """Characters of the string constants in patterns: in calls into `re`, and in module constants built for them."""
    word_lists: int = 0
    words: int = 0
    constants: int = 0
    """Numbers at module level."""

    def __add__(self, other: Rules) -> Rules:
        return Rules(**{name: value + asdict(other)[name] for name, value in asdict(self).items()})


def rules_in(source: str) -> Rules:
    """Count the rules of one module."""
    module = ast.parse(source)
    assigned = dict(_constants(module))
    calls = [node for node in ast.walk(module) if _is_pattern_call(node)]
    compiled = [value for value in assigned.values() if any(map(_is_pattern_call, ast.walk(value)))]
    inside = {id(node) for value in compiled for node in ast.walk(value)}
    written = [*compiled, *(call for call in calls if id(call) not in inside)]
    for place in written:  # grows by the constants that a pattern is put together of
        names = {node.id for node in ast.walk(place) if isinstance(node, ast.Name)}
        written += [assigned[name] for name in sorted(names & assigned.keys()) if assigned[name] not in written]
    lists = [words for name, value in assigned.items() if len(words := list(_words(value))) >= _FEWEST_WORDS]
    numbers = [value for value in assigned.values() if isinstance(value, ast.Constant) and _is_number(value.value)]
    return Rules(
        lines=len(source.splitlines()),
        patterns=len(calls),
        pattern_characters=sum(map(_characters, written)),
        word_lists=len(lists),
        words=sum(map(len, lists)),
        constants=len(numbers),
    )


def _is_pattern_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr != "escape"
    )


def _constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in module.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                values = node.value.elts if isinstance(node.value, ast.Tuple) and len(parts) > 1 else [node.value]
                for part, value in zip(parts, values, strict=False):
                    if isinstance(part, ast.Name):
                        yield part.id, value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def _words(value: ast.expr) -> Iterator[str]:
    """Yield the words of a list: of a text that is split, or strings in a collection."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
            yield from " ".join(_strings(node.func.value)).split()
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield from (word for part in node.elts if isinstance(part, ast.Constant) for word in _strings(part))
        elif isinstance(node, ast.Dict):
            yield from (word for part in node.keys if isinstance(part, ast.Constant) for word in _strings(part))


def _strings(value: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _characters(value: ast.AST) -> int:
    return sum(map(len, _strings(value)))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def count(root: Path, places: tuple[str, ...]) -> dict[str, Rules]:
    """Return the rules of each place, a folder with all below it or a file."""
    counted = {}
    for place in places:
        files = [root / place] if place.endswith(".py") else sorted((root / place).rglob("*.py"))
        counted[place] = sum((rules_in(file.read_text("utf-8")) for file in files), Rules())
    return counted


def main() -> None:
    """Print the counts as a table."""
    names = list(asdict(Rules()))
    sys.stdout.write(f"{'':24}{''.join(f'{name:>20}' for name in names)}\n")
    ceilings = json.loads(CEILINGS.read_text("utf-8")) if CEILINGS.is_file() else {}
    for part, places in PARTS.items():
        counted = count(ROOT, places)
        total = sum(counted.values(), Rules())
        for place, rules in [*counted.items(), (part, total)]:
            sys.stdout.write(f"{place:24}{''.join(f'{value:>20,}' for value in asdict(rules).values())}\n")
        kept = (f"{ceilings[part][name]:,}" if name in ceilings.get(part, {}) else "" for name in names)
        sys.stdout.write(f"{'at most':24}{''.join(f'{value:>20}' for value in kept)}\n\n")


if __name__ == "__main__":
    main()
