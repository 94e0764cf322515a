"""What the articles have for a question: passages, their sentences ranked, and how likely one of them answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assistant.evidence.ranking import Candidate, answerability, rank_sentences, unread
from assistant.question.question import Question
from assistant.reader.reader import Reader, reader
from assistant.trace import Trace
from index.search import Searcher
from index.syndication import fold_copies
from index.types import Filters, Hit, Paragraph

PASSAGES_READ = 8
"""Passages whose sentences are ranked."""
PASSAGES_COMPARED = 12
"""Passages among which is looked for other versions of what the answer says."""
SENTENCES_NOTED = 5
"""Ranked sentences that a trace shows."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question with what was found for it."""

    id: str
    asked: str
    """The question as it was put."""
    question: Question
    hits: Sequence[Hit]
    further: Sequence[Hit]
    """Passages that are not read for an answer, only for other versions of it."""
    candidates: Sequence[Candidate]
    """The sentences of the hits, best first."""
    confidence: float
    """Probability, 0 to 1, that the best of them answers."""
    filters: Filters
    trace: Trace


def inquire(  # noqa: PLR0913 - what a question comes with
    searcher: Searcher,
    asked: str,
    standalone: str,
    filters: Filters,
    trace: Trace,
    *,
    answer_id: str | None = None,
    reading: Reader | None = None,
) -> Inquiry:
    """Search for a standalone question and rank what is found.

    A question that names outlets is asked of these alone, unless filters name some.
    `reading` stands in for the reader that comes with the package.
    """
    with trace.step("question") as noted:
        question = Question.read(
            standalone, searcher.embedder, searcher.rarity,
            outlets=searcher.library.outlets(), only=filters.outlets,
        )  # fmt: skip
        filters = replace(filters, outlets=question.outlets or filters.outlets)
        noted |= {
            "standalone": question.standalone,
            "outlets": list(filters.outlets),
            "kind": question.kind.value,
            "terms": dict(question.terms),
        }
    with trace.step("search") as noted:
        found = _found(searcher, question, filters, apart=len(question.outlets) > 1)
        hits, further = found[:PASSAGES_READ], found[PASSAGES_READ:]
        noted["passages"] = [_described(hit) for hit in found]
    with trace.step("read") as noted:
        candidates = candidates_in(searcher, question, hits, reading)
        confidence = answerability(candidates, (reading or reader()).calibrated)
        noted |= {"sentences": [_ranked(entry) for entry in candidates[:SENTENCES_NOTED]], "confidence": confidence}
    identity = answer_id or uuid.uuid4().hex[:12]
    return Inquiry(identity, asked, question, hits, further, candidates, confidence, filters, trace)


def candidates_in(
    searcher: Searcher, question: Question, hits: Sequence[Hit], reading: Reader | None = None
) -> list[Candidate]:
    """Read the given passages; return their sentences as candidates, best first."""
    return rank_sentences(question, _placed(searcher, hits), reading or reader())


def unread_in(searcher: Searcher, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the given passages without reading them for an answer."""
    return unread(_placed(searcher, hits))


def _placed(searcher: Searcher, hits: Sequence[Hit]) -> list[tuple[Hit, Sequence[Paragraph]]]:
    return [(hit, searcher.library.paragraphs(hit.article)) for hit in hits]


def _found(searcher: Searcher, question: Question, filters: Filters, *, apart: bool) -> list[Hit]:
    """Search the passages; each outlet's apart where the question asks several, so that none crowds out another."""
    parts = [replace(filters, outlets=(outlet,)) for outlet in filters.outlets] if apart else [filters]
    found = [searcher.search_vector(question.text, question.vector, PASSAGES_COMPARED, part) for part in parts]
    hits = [hit for rank in zip_longest(*found) for hit in rank if hit]
    return fold_copies(hits, PASSAGES_COMPARED) if apart else hits[:PASSAGES_COMPARED]


def _described(hit: Hit) -> dict[str, object]:
    return {
        "passage": f"{hit.article.id}#{hit.passage.first}", "score": round(hit.score, 4), "dense": hit.dense_score,
        "lexical": hit.lexical_score, "copies": len(hit.copies),
    }  # fmt: skip


def _ranked(candidate: Candidate) -> dict[str, object]:
    return {
        "sentence": candidate.sentence.text, "paragraph": candidate.paragraph.key,
        "answers": round(candidate.answers, 4), "holds": round(candidate.holds, 4), "share": round(candidate.share, 4),
    }  # fmt: skip
