"""The gate: what stands in the cited paragraphs passes, and what was changed does not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.gate.checking import Gate
from assistant.gate.exact import wrong_values
from assistant.gate.types import CitedParagraph
from assistant.types import Verdict
from index.splitting.paragraphs import split_paragraphs
from index.types import Article

FLOOD = (
    "The river Mersk burst its banks on Tuesday and flooded 340 houses in Olden, Mayor Ann Lee said. "
    "Firefighters brought 27 people to safety.\n"
    "“We had four hours, not two days,” Lee told the Harbour Post. The dam was last repaired in 1998, "
    "and the council refused to pay for a new one in March."
)


def article(text: str = FLOOD, outlet: str = "Harbour Post", published: date | None = date(2024, 5, 16)) -> Article:
    return Article(
        id="flood", revision=1, text=text, content_hash="", source="flood.txt", file="flood.txt",
        title="Mersk floods Olden", outlet=outlet, published=published,
    )  # fmt: skip


def cited(*numbers: int) -> list[CitedParagraph]:
    entry = article()
    paragraphs = {paragraph.number: paragraph for paragraph in split_paragraphs(entry)}
    return [CitedParagraph(paragraphs[number], entry) for number in numbers]


def misread(*values: object) -> object:
    """A case that the reader may get wrong: it takes some true statements under a dated headline for false ones."""
    return pytest.param(
        *values, marks=pytest.mark.xfail(strict=False, reason="the reader is not sure that it is stated")
    )


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(["Harbour Post", "Valley Times"])


@pytest.mark.parametrize(
    ("claim", "numbers"),
    [
        ("The river Mersk burst its banks and flooded 340 houses in Olden.", (1,)),
        misread("Three hundred and forty houses in Olden were flooded on 14 May 2024.", (1,)),
        misread("Firefighters rescued 27 people.", (1,)),
        ("Lee said: \"We had four hours, not two days.\"", (2,)),
        misread("Ann Lee told the Harbour Post they had “four hours, not two days”.", (1, 2)),
        ("In March the council refused to pay for a new dam.", (2,)),
    ],
)  # fmt: skip
def test_what_the_paragraphs_state_is_supported(gate: Gate, claim: str, numbers: tuple[int, ...]) -> None:
    finding = gate.check(claim, cited(*numbers))
    assert finding.verdict is Verdict.SUPPORTED, finding.reasons


@pytest.mark.parametrize(
    ("claim", "numbers", "reason"),
    [
        ("The river flooded 430 houses in Olden.", (1,), "430"),
        ("Firefighters brought 340 people to safety.", (1,), "340 stands for something else"),
        ("The river burst its banks on Friday.", (1,), "Friday"),
        ("The river burst its banks on 15 May 2024.", (1,), "15 May 2024"),
        ("The dam was last repaired in 1989.", (2,), "1989"),
        ("The river Elbe burst its banks.", (1,), "Elbe"),
        ("Mayor Tom Lee said that 340 houses were flooded.", (1,), "Tom"),
        ("Lee said they had “four hours, not three days”.", (2,), "not word for word"),
        ("“We had four hours, not two days,” said the fire chief.", (2,), "by someone else"),
        ("“We had four hours … brought 27 people,” said Lee.", (2,), "quotation"),
        ("Valley Times reported that 340 houses were flooded.", (1,), "Valley Times is named"),
        ("Three hundred and forty houses were flooded.", (), "no paragraph"),
    ],
)
def test_what_was_changed_is_unsupported_and_the_reason_names_it(
    gate: Gate, claim: str, numbers: tuple[int, ...], reason: str
) -> None:
    finding = gate.check(claim, cited(*numbers))
    assert finding.verdict is Verdict.UNSUPPORTED
    assert reason in " ".join(finding.reasons)
    assert finding.score == 0


@pytest.mark.parametrize(
    "claim",
    [
        "The council agreed to pay for a new one in March.",
        "The council did not refuse to pay for a new one in March.",
    ],
)
def test_a_turned_negation_is_never_supported(gate: Gate, claim: str) -> None:
    assert gate.check(claim, cited(2)).verdict is not Verdict.SUPPORTED


def test_a_claim_about_something_else_is_not_supported(gate: Gate) -> None:
    finding = gate.check("The orchestra will play a new symphony next season.", cited(1, 2))
    assert finding.verdict is Verdict.UNSUPPORTED


def test_the_nearest_sentence_is_the_one_that_states_it(gate: Gate) -> None:
    entry = cited(1)[0]
    sentence = gate.nearest_sentence("Firefighters rescued people.", entry.paragraph)
    assert sentence.text == "Firefighters brought 27 people to safety."
    assert entry.article.text[sentence.start : sentence.end] == sentence.text


def test_every_sentence_of_an_article_stands_in_its_own_paragraph(gate: Gate) -> None:
    for number in (1, 2):
        for sentence in cited(number)[0].paragraph.text.split(". "):
            assert gate.check(sentence, cited(number)).verdict is Verdict.SUPPORTED


@settings(max_examples=60)
@given(claim=st.text(max_size=80), text=st.text(min_size=1, max_size=80))
def test_the_gate_never_fails(gate: Gate, claim: str, text: str) -> None:
    entry = article(text, published=None)
    paragraphs = [CitedParagraph(paragraph, entry) for paragraph in split_paragraphs(entry)]
    finding = gate.check(claim, paragraphs)
    assert 0 <= finding.score <= 1
    assert finding.reasons


@pytest.mark.parametrize(
    ("claim", "source", "holds"),
    [
        ("It was the third regatta in Skar.", "The second regatta in Skar drew 40 boats.", False),
        ("It was the second regatta in Skar.", "The 2nd regatta in Skar drew 40 boats.", True),
        ("Skar lost in the second round.", "Skar won in round 1 and lost in round 2.", True),
        ("He sailed at more than 50 knots, over 130 miles an hour.", "He sailed at over 80 mph (130 km/h).", False),
        ("The ferry passed within 30 km of Skar.", "The ferry passed 30 miles from Skar.", False),
        ("The bridge closed shortly after 7 p.m.", "The bridge closed shortly before 19:00.", False),
        ("The bridge closed before 7 p.m.", "The bridge closed shortly before 19:00.", True),
    ],
)
def test_places_in_an_order_measures_and_sides_of_an_hour_are_exact(claim: str, source: str, *, holds: bool) -> None:
    entry = Article(id="a", revision=1, text=source, content_hash="", source="a.txt", file="a.txt")
    cited_source = [CitedParagraph(paragraph, entry) for paragraph in split_paragraphs(entry)]
    assert (not wrong_values(claim, cited_source)) is holds
