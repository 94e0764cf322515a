"""One search of a research: passages for its question and for its other words, the best of them read for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from assistant.evidence.finding import candidates_in
from assistant.evidence.ranking import answerability
from assistant.question.question import Question
from assistant.reader.reader import Reader
from assistant.research.types import Found, Search
from index.search import Searcher
from index.syndication import fold_copies
from index.types import Filters, Hit

DEPTH = 48
"""Passages of a search that may be shown."""
READ = 8
"""Passages of a search that are read for an answer."""


def search_for(searcher: Searcher, search: Search, filters: Filters, reader: Reader, number: int) -> Found:
    """Make one search of round `number`, within the filters of the question."""
    question = Question.read(search.question, searcher.embedder, searcher.rarity, only=search.outlets or ("any",))
    hits = hits_for(searcher, question, search, filters)
    candidates = candidates_in(searcher, question, hits[:READ], reader)
    return Found(search, number, hits, candidates, answerability(candidates, reader.calibrated))


def hits_for(searcher: Searcher, question: Question, search: Search, filters: Filters) -> list[Hit]:
    """Return the passages for a question and for the other words of its search, turn by turn, copies folded."""
    within = search.within(filters)
    found = [searcher.search_vector(question.text, question.vector, DEPTH, within)]
    if search.words.strip():
        found.append(searcher.search(search.words, DEPTH, within))
    return merged(found)


def merged(found: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return the hits of several searches turn by turn, each passage once at its best place."""
    if len(found) == 1:
        return list(found[0])
    hits: dict[str, Hit] = {}
    for rank in zip_longest(*found):
        for hit in filter(None, rank):
            hits.setdefault(hit.passage.id, hit)
    return fold_copies(list(hits.values()))
