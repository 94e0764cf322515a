"""All examples as the files that training reads.

    python -m eval.fitting.reader.packing --out FOLDER [--sets FOLDER...] [--measured FOLDER...] [--scale PART]

writes train.npz, tune.npz and test.npz, and packed.json: the examples of each by source, and the SHA-256 of every file
that they are from or are held against.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from eval.fitting.reader import written
from eval.fitting.reader.data import SETS, Parts, gather, judged_files
from eval.fitting.reader.examples import Example, save

PARTS = ("train", "tune", "test")


def write(parts: Parts, folder: Path) -> dict[str, dict[str, int]]:
    """Write each part as arrays, and return how many examples of each source it has."""
    counts: dict[str, dict[str, int]] = {}
    for name in PARTS:
        examples: list[Example] = getattr(parts, name)
        save(folder / f"{name}.npz", examples)
        counts[name] = dict(sorted(Counter(example.source for example in examples).items()))
    return counts


def inputs(sets: Sequence[Path], measured: Sequence[Path]) -> dict[str, str]:
    """Return the SHA-256 of every file that examples are from or are held against, by its path."""
    public = [path for folder in sets for path in sorted(folder.glob("*.jsonl.gz"))]
    files = [*public, *sorted(written.FOLDER.glob("*.json*")), *judged_files(measured)]
    return {_short(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _short(path: Path) -> str:
    here, absolute = Path.cwd(), path.resolve()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else absolute).as_posix()


def main() -> None:
    """Pack, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", type=Path, default=[SETS], help="folders of public sets")
    parser.add_argument("--measured", nargs="*", type=Path, default=[], help="folders of sets that are only reported")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the examples made from others")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    counts = write(gather(options.sets, options.measured, scale=options.scale), options.out)
    packed = {"scale": options.scale, "examples": counts, "inputs": inputs(options.sets, options.measured)}
    (options.out / "packed.json").write_text(json.dumps(packed, indent=2) + "\n", encoding="utf-8")
    for name in PARTS:
        print(f"{name}: {sum(counts[name].values()):,} examples of {len(counts[name])} sources")


if __name__ == "__main__":
    main()
