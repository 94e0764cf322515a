"""Made-up answers for tests: any texts in every field, as hypothesis finds them."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import strategies as st

from assistant.types import (
    Answer,
    Citation,
    Claim,
    Disagreement,
    Evidence,
    Form,
    Listed,
    Listing,
    Outcome,
    Section,
    Source,
    Verdict,
    Version,
)
from index.types import Coverage

TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "# head",
            "1. item",
            "**bold**",
            "&lt;",
            "a\n\nb",
            "`c`",
        ]
    ),
)
MAYBE = st.none() | TEXTS
NUMBERS = st.integers(0, 10_000)
DATES = st.none() | st.dates().map(lambda day: day.isoformat())
SMALL = st.floats(0, 1, allow_nan=False)

CITATIONS = st.builds(
    Citation, number=st.integers(1, 9), article=TEXTS, file=TEXTS, revision=NUMBERS, paragraph=NUMBERS, quote=TEXTS,
    start=NUMBERS, end=NUMBERS, title=MAYBE, outlet=MAYBE, published=DATES, url=MAYBE, paragraph_hash=TEXTS,
    copies=st.lists(TEXTS, max_size=2).map(tuple), answer=st.none() | st.tuples(NUMBERS, NUMBERS),
)  # fmt: skip
ANY_CLAIMS = st.builds(
    Claim, text=TEXTS, verdict=st.sampled_from(Verdict), reasons=st.lists(TEXTS, max_size=2).map(tuple),
    citations=st.lists(CITATIONS, max_size=2).map(tuple),
)  # fmt: skip


@st.composite
def quotations(draw: st.DrawFn) -> Claim:
    """Any quotation, of which some words answer."""
    citation = draw(CITATIONS)
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(citation.quote))] * 2)))
    answer = (citation.start + first, citation.start + last)
    return Claim(citation.quote, Verdict.SUPPORTED, (), (replace(citation, answer=answer),))


CLAIMS = ANY_CLAIMS | quotations()
SOURCES = st.builds(
    Source, number=st.integers(1, 9), article=TEXTS, file=TEXTS, revision=NUMBERS, paragraph=NUMBERS, text=TEXTS,
    title=MAYBE, outlet=MAYBE, published=DATES, url=MAYBE,
)  # fmt: skip
EVIDENCE = st.builds(
    Evidence, article=TEXTS, file=TEXTS, paragraph=NUMBERS, text=TEXTS, score=SMALL, title=MAYBE, outlet=MAYBE,
    published=DATES,
)  # fmt: skip
VERSIONS = st.builds(
    Version, value=TEXTS, citations=st.lists(CITATIONS, max_size=2).map(tuple), superseded=st.booleans()
)
DISAGREEMENTS = st.builds(
    Disagreement, kind=TEXTS, about=TEXTS, versions=st.lists(VERSIONS, max_size=2).map(tuple)
)  # fmt: skip
COVERAGE = st.builds(
    Coverage, articles=NUMBERS, outlets=st.lists(TEXTS, max_size=2).map(tuple), first=DATES, last=DATES,
    titles=st.lists(TEXTS, max_size=2).map(tuple),
)  # fmt: skip
LISTED = st.builds(
    Listed, name=TEXTS, article=MAYBE, outlet=MAYBE, author=MAYBE, published=DATES, articles=st.none() | NUMBERS
)
LISTINGS = st.builds(
    Listing, kind=st.sampled_from(["articles", "outlets", "authors"]), total=NUMBERS, said=TEXTS,
    entries=st.lists(LISTED, max_size=2).map(tuple),
)  # fmt: skip
WITHOUT_SECTIONS = st.builds(
    Answer, id=TEXTS, question=TEXTS, standalone_question=TEXTS, answered=st.booleans(), text=TEXTS, as_of=DATES,
    writer=st.sampled_from(["quoting", "composed"]), claims=st.lists(CLAIMS, max_size=2).map(tuple),
    sources=st.lists(SOURCES, max_size=2).map(tuple), evidence=st.lists(EVIDENCE, max_size=1).map(tuple),
    disagreements=st.lists(DISAGREEMENTS, max_size=1).map(tuple), confidence=SMALL, coverage=st.none() | COVERAGE,
    timings=st.dictionaries(TEXTS, SMALL, max_size=2), usage=st.dictionaries(TEXTS, SMALL, max_size=2), model=MAYBE,
    note=MAYBE, outcome=st.sampled_from(Outcome), form=st.sampled_from(Form), listing=st.none() | LISTINGS,
    as_table=st.booleans(),
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Any answer, of which any claims stand in any sections."""
    answer = draw(WITHOUT_SECTIONS)
    places = draw(st.permutations(range(len(answer.claims))))
    cuts = sorted(draw(st.lists(st.integers(0, len(places)), max_size=3)))
    groups = [tuple(places[first:last]) for first, last in itertools.pairwise(cuts)]
    return replace(answer, sections=tuple(Section(draw(TEXTS), group, draw(DATES)) for group in groups))


ANSWERS = answers()
