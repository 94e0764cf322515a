"""Words as the index keeps them: small, without accents and English endings."""

from __future__ import annotations

from functools import cache

import tantivy

STOPWORDS = frozenset(
    "a an and are as at be been being by for from had has have in into is it its of on or that the than then to was "
    "were will with what when where which who whom whose why how many much did do does this these those there their "
    "them his her he she they i you we our your us me my not can could would should about any some".split()
)


def terms(text: str) -> list[str]:
    """Return the index terms of a text: lower case, accents folded, English word ends removed."""
    return _analyzer().analyze(text)


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()
