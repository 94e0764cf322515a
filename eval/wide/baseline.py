"""What a wide answer is held against: the first eight passages that a search for the question finds, as they are."""

from __future__ import annotations

from assistant.quoting.sources import Sources
from assistant.types import Answer, Claim, Form, Outcome, Verdict
from index.search import Searcher
from index.types import Filters

PASSAGES = 8


def first_passages(searcher: Searcher, question: str, form: Form) -> Answer:
    """Return the paragraphs of the best passages as an answer, in the order of the search."""
    sources = Sources(searcher.library)
    claims = []
    for hit in searcher.search(question, PASSAGES, Filters()):
        for paragraph in searcher.library.paragraphs(hit.article):
            if hit.passage.first <= paragraph.number <= hit.passage.last:
                cited = sources.cite_span(hit.article, paragraph, paragraph.start, paragraph.end)
                claims.append(Claim(cited.quote, Verdict.SUPPORTED, (), (cited,)))
    return Answer(
        id="baseline", question=question, standalone_question=question, answered=bool(claims), text="", as_of=None,
        writer="quoting", claims=tuple(claims), sources=tuple(sources.listed), outcome=Outcome.ANSWERS, form=form,
    )  # fmt: skip
