"""A question or a claim beside a passage, as the tokens that the reader's network reads.

    [CLS] query [SEP] header [SEP] passage [SEP]

The header is what a person would look at before the passage: title, date, the line above a list, the question that an
interviewer asked. Training and answering encode alike, because both do it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tokenizers

LONGEST_QUERY = 64
LONGEST_HEADER = 48
LONGEST_PASSAGE = 256
"""Tokens that are read of each; what is longer is cut."""
CLS, SEP, UNKNOWN = 101, 102, 100
_KEPT = 8_192
"""Texts whose tokens are kept: the same passages are read again for each question."""
VOCABULARY = Path(__file__).parent / "weights" / "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text, without marks around them: ids, and where each stands in the text."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def cut(self, longest: int) -> Tokens:
        """Return the first tokens."""
        return self if len(self.ids) <= longest else Tokens(self.ids[:longest], self.spans[:longest])

    def within(self, start: int, end: int) -> range:
        """Return the places of the tokens that share a character with `text[start:end]`."""
        inside = [place for place, (left, right) in enumerate(self.spans) if left < end and right > start]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


@dataclass(frozen=True, slots=True)
class Pair:
    """One query beside one passage: what goes into the network, and where in it the two stand."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    query: range
    passage: range


@lru_cache(maxsize=_KEPT)
def tokens_of(text: str) -> Tokens:
    """Return the tokens of a text."""
    encoding = _tokenizer().encode(text, add_special_tokens=False)
    return Tokens(tuple(encoding.ids), tuple(encoding.offsets))


def pair(query: Sequence[int], header: Sequence[int], passage: Sequence[int]) -> Pair:
    """Join the tokens of a query, a header (may be empty) and a passage; each is cut to its longest."""
    query, header, passage = query[:LONGEST_QUERY], header[:LONGEST_HEADER], passage[:LONGEST_PASSAGE]
    before = len(query) + 2
    ids = (CLS, *query, SEP, *header, *((SEP,) if header else ()), *passage, SEP)
    first = len(ids) - 1 - len(passage)
    return Pair(
        ids,
        (0,) * before + (1,) * (len(ids) - before),
        range(1, len(query) + 1),
        range(first, first + len(passage)),
    )


@lru_cache(maxsize=1)
def _tokenizer() -> tokenizers.Tokenizer:
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(VOCABULARY))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
