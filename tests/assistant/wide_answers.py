"""One answer of each form, made by hand, for tests of how answers are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.types import (
    Answer,
    Citation,
    Claim,
    Evidence,
    Form,
    Listed,
    Listing,
    Outcome,
    Section,
    Source,
    Verdict,
)
from index.types import Coverage

_ARTICLES = (
    ("sample-wire-deal", "Trade deal signed in Sampleton", "Sample Wire", "2024-04-22"),
    ("sample-herald-vote", "Parliament votes on the trade deal", "Sample Herald", "2024-06-03"),
    ("sample-ledger-ports", "Ports brace for new tariffs", "The Sample Ledger", "2024-09-27"),
)


def cited(number: int, quote: str) -> Citation:
    """Return a citation of one of three made-up articles, by the number of its mark."""
    article, title, outlet, published = _ARTICLES[number - 1]
    return Citation(
        number, article, f"{article}.md", 1, number + 1, quote, 0, len(quote), title, outlet, published,
        f"https://example.org/{article}",
    )  # fmt: skip


def quoted(number: int, quote: str) -> Claim:
    """Return a sentence that stands in an article word for word."""
    return Claim(quote, Verdict.SUPPORTED, ("quoted word for word",), (cited(number, quote),))


def written(text: str, *numbers: int, verdict: Verdict = Verdict.SUPPORTED, reason: str = "stated in it") -> Claim:
    """Return a sentence of a model's own."""
    return Claim(text, verdict, (reason,), tuple(cited(number, f"{text} And more.") for number in numbers))


SIGNED = quoted(1, "Both governments signed the trade deal in Sampleton on Monday after nine months of talks.")
STRIKE = quoted(1, "Dockers in three ports stopped work for two hours when the news came.")
VOTED = quoted(2, "Parliament approved the deal by 212 votes to 186, with eleven members absent.")
HALVED = written(
    "Tariffs on grain are to be halved by the end of 2025, and those on steel stay as they are.", 2, 3
)  # fmt: skip
PORTS = quoted(3, "“We were told about it from the newspapers,” said the head of the harbour office, Ida Falk.")
COSTS = written(
    "The ports expect costs of 40 million.", 3, verdict=Verdict.PARTLY, reason="number 40 is not in the cited paragraph"
)
CLAIMS = (SIGNED, STRIKE, VOTED, HALVED, PORTS, COSTS)


def made(form: Form, *sections: Section, claims: tuple[Claim, ...] = CLAIMS, **changes: object) -> Answer:
    """Return an answer of a form whose text has a line for each section."""
    lines = [
        f"{section.heading}: " * bool(section.heading)
        + " ".join(f"{claims[place].text} [{claims[place].citations[0].number}]" for place in section.claims)
        for section in sections
    ]
    numbers = sorted({citation.number for claim in claims for citation in claim.citations})
    sources = tuple(
        Source(number, *_ARTICLES[number - 1][:1], f"{_ARTICLES[number - 1][0]}.md", 1, number + 1, "The paragraph.",
               *_ARTICLES[number - 1][1:])
        for number in numbers
    )  # fmt: skip
    answer = Answer(
        f"made-{form}", "What about the trade deal?", "What about the trade deal?", True, "\n".join(lines),
        "2024-09-27", "composed", claims, sources, model="tiny", form=form, sections=sections,
    )  # fmt: skip
    return replace(answer, **changes)  # type: ignore[arg-type]


TIMELINE = made(
    Form.TIMELINE, Section("22 April 2024", (0, 1), "2024-04-22"), Section("3 June 2024", (2, 3), "2024-06-03"),
    Section("27 September 2024", (4, 5), "2024-09-27"), question="How did the trade deal come about?",
)  # fmt: skip
COMPARISON = made(
    Form.COMPARISON, Section("Sample Wire", (0, 1)), Section("Sample Herald", (2,)),
    Section("The Sample Ledger", (4, 5, 3)), question="How do the outlets tell of the trade deal?",
)  # fmt: skip
LISTING = Listing(
    "articles", 12, "12 articles mention “trade deal”.",
    (
        Listed(_ARTICLES[0][1], _ARTICLES[0][0], _ARTICLES[0][2], "Ada Berg", _ARTICLES[0][3]),
        Listed(_ARTICLES[1][1], _ARTICLES[1][0], _ARTICLES[1][2], None, _ARTICLES[1][3]),
        Listed("A harbour without cranes, and other stories of the coast", "coast", None, None, None),
    ),
)  # fmt: skip
LIST = made(
    Form.LIST, claims=(), text=LISTING.said, as_of=None, writer="quoting", model=None, listing=LISTING,
    question="Which articles mention the trade deal?",
)  # fmt: skip
OUTLETS = replace(
    LIST, question="Which outlets are there?", text="The collection has 3 outlets.",
    listing=Listing(
        "outlets", 3, "The collection has 3 outlets.",
        (Listed("Sample Wire", articles=7), Listed("Sample Herald", articles=1)),
    ),
)  # fmt: skip
COUNT = replace(
    LIST, form=Form.COUNT, question="How many articles?", text="There are 16 articles.",
    listing=Listing("articles", 16, "There are 16 articles."),
)  # fmt: skip
TALK = Answer(
    "made-talk", "Hello, what can you do?", "Hello, what can you do?", False,
    "Hello. I answer from the articles of this collection.\nAsk, for example, “What was agreed on Monday?”", None,
    "quoting", evidence=(Evidence("a", "a.md", 1, "A paragraph near it.", 0.1),), coverage=Coverage(2, ("Ledger",)),
    outcome=Outcome.NO_ANSWER, form=Form.TALK,
)  # fmt: skip
ANSWERS_BY_FORM: Mapping[str, Answer] = {
    "fact": made(Form.FACT, claims=CLAIMS[2:4], text="", writer="quoting"),
    "overview": made(Form.OVERVIEW, Section("", (0, 1, 2, 4)), claims=CLAIMS[:5]),
    "overview of stories": made(Form.OVERVIEW, Section("The trade deal", (0, 2, 3)), Section("The ports", (1, 4, 5))),
    "timeline": TIMELINE,
    "latest": made(Form.LATEST, *reversed(TIMELINE.sections), question="What is new about the trade deal?"),
    "comparison": COMPARISON,
    "who is": made(Form.WHO_IS, claims=CLAIMS[4:], text="", question="Who is Ida Falk?"),
    "who is by time": made(Form.WHO_IS, Section("Now", (0,)), Section("Earlier", (1,)), claims=CLAIMS[4:]),
    "opinion": made(Form.OPINION, Section("Ida Falk", (4, 5)), Section("The government", (0, 3)), claims=CLAIMS),
    "table": replace(COMPARISON, as_table=True),
    "table of days": replace(TIMELINE, as_table=True),
    "list": LIST,
    "list as a table": replace(LIST, as_table=True),
    "outlets": OUTLETS,
    "count": COUNT,
    "talk": TALK,
}
"""Answers by what they show; those with sections hold claims that none of them has, too."""
