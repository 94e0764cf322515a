"""One question, end to end: stand alone, search, rank sentences, abstain or quote."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assistant.abstaining import answerability
from assistant.calibration import calibration
from assistant.config import Settings
from assistant.conversation import standalone_question
from assistant.quoting import Quoted, choose, matching_sentence, quotation_span, sentences_of
from assistant.ranking import Candidate, Question, rank_sentences
from assistant.types import Answer, Citation, Claim, Evidence, Source, Turn, Verdict
from index.embedding import make_embedder
from index.errors import UsageError
from index.search import Searcher
from index.types import Article, Filters, Hit, Paragraph, text_hash

PASSAGES_READ = 8
"""Passages whose sentences are ranked."""
EVIDENCE_SHOWN = 5

REFUSAL = "The articles do not answer this question."


class Assistant:
    """Answers questions from one library. Use as a context manager, or close it."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the library that the settings name. Raises NotFound and ConfigError."""
        return cls(Searcher.open(settings.library_path, make_embedder(settings.embedder_settings)))

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.searcher.close()

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Answer:
        """Answer one question from the articles, or say that they do not answer it.

        `history` holds the earlier turns, oldest first. Raises UsageError for an empty question.
        """
        if not question.strip():
            raise UsageError('The question is empty. Ask like this: pullquote ask "What was agreed?"')
        timings: dict[str, float] = {}
        standalone = standalone_question(question.strip(), history)
        with _timed(timings, "question"):
            analysed = Question.analyse(standalone, self.searcher.embedder, self.searcher.rarity)
        with _timed(timings, "search"):
            hits = self.searcher.search_vector(standalone, analysed.vector, PASSAGES_READ, filters)
        with _timed(timings, "rank"):
            candidates = candidates_in(self.searcher, analysed, hits)
        confidence = answerability(candidates)
        answered = confidence >= calibration().threshold
        quoted = choose(analysed, candidates) if answered else []
        sources = _Sources(self.searcher)
        claims = sources.claims(quoted)
        return Answer(
            id=answer_id or uuid.uuid4().hex[:12],
            question=question,
            standalone_question=standalone,
            answered=answered,
            text=" ".join(f"{claim.text} {marks(claim)}" for claim in claims) if answered else REFUSAL,
            as_of=max((source.published for source in sources.listed if source.published), default=None),
            writer="quoting",
            claims=claims,
            sources=tuple(sources.listed),
            evidence=_evidence(hits, candidates),
            confidence=round(confidence, 4),
            coverage=None if answered else self.searcher.library.coverage(filters or Filters()),
            timings={step: round(seconds, 4) for step, seconds in timings.items()},
        )


def candidates_in(searcher: Searcher, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the given passages as candidates, best first."""
    paragraphs = {hit.article.id: searcher.library.paragraphs(hit.article) for hit in hits}
    places = [place for hit in hits for place in sentences_of(hit, paragraphs[hit.article.id])]
    return rank_sentences(question, places, searcher.embedder)


def marks(claim: Claim) -> str:
    """Return the marks of a claim: `[1][2]`."""
    return "".join(f"[{number}]" for number in dict.fromkeys(citation.number for citation in claim.citations))


class _Sources:
    """Numbers cited paragraphs in the order of first use."""

    def __init__(self, searcher: Searcher) -> None:
        self._library = searcher.library
        self._numbers: dict[tuple[str, int], int] = {}
        self.listed: list[Source] = []

    def claims(self, chosen: Sequence[Quoted]) -> tuple[Claim, ...]:
        """Return the chosen sentences as claims; one that stands inside an earlier one's quotation is left out."""
        claims: list[Claim] = []
        taken: list[tuple[str, int, int]] = []
        for quoted in chosen:
            article = quoted.candidate.hit.article.id
            start, end = quotation_span(quoted.candidate.paragraph, quoted.candidate.sentence)
            if any(article == other and start < last and first < end for other, first, last in taken):
                continue
            claims.append(self._claim(quoted))
            taken += [(citation.article, citation.start, citation.end) for citation in claims[-1].citations]
        return tuple(claims)

    def _claim(self, quoted: Quoted) -> Claim:
        """Return a chosen sentence and its supporters as a claim with citations."""
        lead = self._cite(quoted.candidate)
        supporters = [self._cite(supporter) for supporter in quoted.supporters]
        reasons = ["quoted word for word"]
        outlets = {citation.outlet or citation.article for citation in (lead, *supporters)}
        if len(outlets) > 1:
            reasons.append(f"stated by {len(outlets)} outlets")
        return Claim(lead.quote, Verdict.SUPPORTED, tuple(reasons), (lead, *supporters))

    def _cite(self, candidate: Candidate) -> Citation:
        article, paragraph = candidate.hit.article, candidate.paragraph
        start, end = quotation_span(paragraph, candidate.sentence)
        return Citation(
            number=self._number(article, paragraph),
            article=article.id,
            file=article.file,
            revision=article.revision,
            paragraph=paragraph.number,
            quote=article.text[start:end],
            start=start,
            end=end,
            title=article.title,
            outlet=article.outlet,
            published=article.published.isoformat() if article.published else None,
            url=article.url,
            paragraph_hash=text_hash(paragraph.text),
            copies=self._copies(candidate),
        )

    def _copies(self, candidate: Candidate) -> tuple[str, ...]:
        """Name the paragraphs of other articles that carry the same text."""
        located = self._library.locate([copy.id for copy in candidate.hit.copies])
        found = []
        for copy in candidate.hit.copies:
            if copy.id in located:
                match = matching_sentence(candidate.sentence, copy, self._library.paragraphs(located[copy.id].article))
                if match:
                    found.append(match[0].key)
        return tuple(found)

    def _number(self, article: Article, paragraph: Paragraph) -> int:
        key = (article.id, paragraph.number)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.listed.append(
                Source(
                    number=self._numbers[key],
                    article=article.id,
                    file=article.file,
                    revision=article.revision,
                    paragraph=paragraph.number,
                    text=paragraph.text,
                    title=article.title,
                    outlet=article.outlet,
                    published=article.published.isoformat() if article.published else None,
                    url=article.url,
                )
            )
        return self._numbers[key]


def _evidence(hits: Sequence[Hit], candidates: Sequence[Candidate]) -> tuple[Evidence, ...]:
    """Return the nearest paragraphs: those of the best hits, each by its best sentence."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.hit.passage.id, candidate)
    shown = []
    for hit in hits[:EVIDENCE_SHOWN]:
        if hit.passage.id not in best:
            continue
        article, paragraph = hit.article, best[hit.passage.id].paragraph
        published = article.published.isoformat() if article.published else None
        shown.append(
            Evidence(
                article.id,
                article.file,
                paragraph.number,
                paragraph.text,
                round(hit.score, 4),
                article.title,
                article.outlet,
                published,
            )
        )
    return tuple(shown)


@contextmanager
def _timed(timings: dict[str, float], step: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[step] = time.perf_counter() - started
