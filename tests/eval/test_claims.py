"""The labelled claims fit the sample collection, and files of claims are read strictly."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import pytest

from eval.cases import split
from eval.claims import ChangedKind, CitedParagraph, LabelledClaim, MisquotedKind, TrueKind, load_claims
from eval.matching import EDGES, occurs, plain
from index.errors import NotFound, UsageError
from index.library.library import Library
from index.types import Paragraph, ParagraphKind

SAMPLE = Path(__file__).resolve().parents[2] / "eval" / "data" / "claims.jsonl"
CLAIMS = load_claims(SAMPLE)
LEAST = {
    "paraphrase": 120,
    "verbatim": 25,
    "quotation": 25,
    "negation_kept": 12,
    "two sources": 15,
    "number": 30,
    "date": 25,
    "name": 30,
    "negation": 25,
    "role swap": 25,
    "wrong outlet": 20,
    "altered quotation": 20,
    "stitched quotation": 18,
    "misattributed quotation": 18,
    "half true": 30,
    "wrong paragraph": 15,
}
QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]]*\]")
TELLS = {
    "number": re.compile(r"\d+|\b(?:dozen|half|fifth|minute|hour|day|week|month|euro|dollar)"),
    "date": re.compile(
        r"\d+|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
        r"\b(?:[ap]\.m|morning|evening|night|before|after|week|month)"
    ),
}
"""What a claim with another number, or another date, must hold that its paragraphs do not."""

ROW: dict[str, Any] = {
    "id": "c1",
    "kind": "number",
    "claim": "The rink seats 20.",
    "cites": [{"article": "a", "paragraph": 1}],
    "supported": False,
    "note": "30 -> 20",
}


class Collection:
    """What the sample library holds."""

    def __init__(self, library: Library) -> None:
        self.outlet: dict[str, str] = {}
        self.paragraphs: dict[tuple[str, int], Paragraph] = {}
        for article in library.articles():
            assert article.outlet is not None
            self.outlet[article.id] = article.outlet
            self.paragraphs |= {(article.id, part.number): part for part in library.paragraphs(article)}

    def cited(self, claim: LabelledClaim) -> list[str]:
        return [self.paragraphs[cite.article, cite.paragraph].text for cite in claim.cites]

    def whole(self, claim: LabelledClaim) -> list[str]:
        """The paragraphs of every article that the claim cites."""
        articles = {cite.article for cite in claim.cites}
        return [part.text for (article, _), part in self.paragraphs.items() if article in articles]

    def outlets_named(self, text: str) -> set[str]:
        return {outlet for outlet in self.outlet.values() if outlet.removeprefix("The ") in text}


@pytest.fixture(scope="module")
def collection(sample_library: Path) -> Collection:
    with Library.open(sample_library) as library:
        return Collection(library)


def of_kind(*kinds: str) -> list[LabelledClaim]:
    return [claim for claim in CLAIMS if claim.kind in kinds]


def quotations(claim: LabelledClaim) -> list[str]:
    return [curly or straight for curly, straight in QUOTED.findall(claim.claim)]


def is_quoted_from(quotation: str, paragraphs: Iterable[str]) -> bool:
    """Whether the pieces between marks of omission and insertions stand in one paragraph, in this order."""
    pieces = [plain(piece).strip(EDGES) for piece in LEFT_OUT.split(quotation)]
    pattern = r"\b.*\b".join(re.escape(piece) for piece in pieces if piece)
    return any(re.search(rf"\b{pattern}\b", plain(text)) for text in paragraphs)


def write(path: Path, *rows: dict[str, Any] | str) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


# --- the labelled set ----------------------------------------------------------------------------------------------


def test_set_is_large_enough_and_holds_every_kind() -> None:
    kinds = Counter(claim.kind for claim in CLAIMS)
    assert kinds.total() >= 400
    assert set(kinds) == set(LEAST) == {*get_args(TrueKind), *get_args(ChangedKind), *get_args(MisquotedKind)}
    assert {kind: number for kind, number in kinds.items() if number < LEAST[kind]} == {}


def test_cited_paragraphs_exist_and_are_text_of_the_article(collection: Collection) -> None:
    for claim in CLAIMS:
        for cite in claim.cites:
            assert (cite.article, cite.paragraph) in collection.paragraphs, claim.id
            kind = collection.paragraphs[cite.article, cite.paragraph].kind
            assert kind not in (ParagraphKind.FURNITURE, ParagraphKind.HEADING), claim.id


def test_every_paragraph_of_text_supports_a_claim(collection: Collection) -> None:
    cited = {(cite.article, cite.paragraph) for claim in CLAIMS if claim.supported for cite in claim.cites}
    no_text = (ParagraphKind.FURNITURE, ParagraphKind.HEADING)
    text = {key for key, part in collection.paragraphs.items() if part.kind not in no_text}
    assert text - cited == set()


def test_no_claim_is_made_twice() -> None:
    made = Counter((plain(claim.claim), frozenset(claim.cites)) for claim in CLAIMS)
    assert [claim for claim, times in made.items() if times > 1] == []


@pytest.mark.parametrize("supported", [True, False])
def test_halves_are_about_equal(supported: bool) -> None:
    halves = Counter(split(claim.id) for claim in CLAIMS if claim.supported is supported)
    assert 0.4 <= halves["dev"] / halves.total() <= 0.6


def test_claims_of_two_sources_cite_two_paragraphs() -> None:
    assert [claim.id for claim in of_kind("two sources") if len(claim.cites) < 2] == []


def test_verbatim_claims_stand_in_a_cited_paragraph(collection: Collection) -> None:
    for claim in of_kind("verbatim"):
        assert any(occurs(claim.claim, text) for text in collection.cited(claim)), claim.id


def test_unsupported_claims_stand_in_no_cited_paragraph(collection: Collection) -> None:
    for claim in CLAIMS:
        if not claim.supported:
            assert not any(occurs(claim.claim, text) for text in collection.cited(claim)), claim.id


def test_marks_of_quotation_come_in_pairs() -> None:
    for claim in CLAIMS:
        assert not re.search(r"[\"“”]", QUOTED.sub("", claim.claim)), claim.id
        assert all(quotations(claim)) or not quotations(claim), claim.id


def test_quotations_of_supported_claims_are_verbatim(collection: Collection) -> None:
    assert all(map(quotations, of_kind("quotation")))
    for claim in CLAIMS:
        for quotation in quotations(claim) if claim.supported else ():
            assert is_quoted_from(quotation, collection.cited(claim)), (claim.id, quotation)


def test_altered_quotations_are_not_verbatim(collection: Collection) -> None:
    for claim in of_kind("altered quotation"):
        assert not all(is_quoted_from(text, collection.whole(claim)) for text in quotations(claim)), claim.id
        assert quotations(claim), claim.id


def test_stitched_quotations_are_two_verbatim_pieces_that_stand_apart(collection: Collection) -> None:
    for claim in of_kind("stitched quotation"):
        [quotation] = quotations(claim)
        words = quotation.split()
        pieces = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
        cited = collection.cited(claim)
        assert not is_quoted_from(quotation, collection.whole(claim)), claim.id
        assert any(is_quoted_from(one, cited) and is_quoted_from(other, cited) for one, other in pieces), claim.id


def test_misattributed_quotations_are_verbatim(collection: Collection) -> None:
    assert all(map(quotations, of_kind("misattributed quotation")))
    for claim in of_kind("misattributed quotation"):
        assert all(is_quoted_from(text, collection.cited(claim)) for text in quotations(claim)), claim.id


def test_only_claims_of_the_wrong_outlet_name_an_outlet_that_they_do_not_cite(collection: Collection) -> None:
    for claim in CLAIMS:
        cited = {collection.outlet[cite.article] for cite in claim.cites}
        named = collection.outlets_named(claim.claim)
        assert (named <= cited) is (claim.kind != "wrong outlet"), claim.id


def test_claims_of_the_wrong_paragraph_name_another_that_exists(collection: Collection) -> None:
    for claim in of_kind("wrong paragraph"):
        number = re.fullmatch(r"is in paragraph (\d+)", claim.note)
        assert number is not None, claim.id
        right = CitedParagraph(claim.cites[0].article, int(number[1]))
        assert right not in claim.cites, claim.id
        assert (right.article, right.paragraph) in collection.paragraphs, claim.id


@pytest.mark.parametrize("kind", TELLS)
def test_claims_with_a_changed_number_or_date_hold_one_that_is_not_cited(kind: str, collection: Collection) -> None:
    for claim in of_kind(kind):
        told = TELLS[kind].findall(plain(claim.claim))
        assert set(told) - set(TELLS[kind].findall(plain(" ".join(collection.cited(claim))))), claim.id


# --- reading -------------------------------------------------------------------------------------------------------


def test_claims_are_read_as_they_stand(tmp_path: Path) -> None:
    true = {**ROW, "id": "c2", "kind": "paraphrase", "supported": True, "note": ""}
    read = load_claims(write(tmp_path / "claims.jsonl", "", ROW, "  ", true))
    cites = (CitedParagraph("a", 1),)
    assert read == [
        LabelledClaim("c1", "number", "The rink seats 20.", cites, False, "30 -> 20"),
        LabelledClaim("c2", "paraphrase", "The rink seats 20.", cites, True),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"id": ', "is not JSON"),
        ("[1]", "the line: Input should be an object"),
        ({**ROW, "colour": 1}, "colour is not a field. Remove or rename it; a claim has id, kind, claim,"),
        ({**ROW, "cites": [{"article": "a"}]}, "cites[0].paragraph is missing. Add it."),
        ({**ROW, "cites": [{"article": "a", "paragraph": 1, "page": 2}]}, "cites[0].page is not a field. Remove"),
        ({**ROW, "cites": [{"article": "a", "paragraph": "1"}]}, "cites[0].paragraph: Input should be a valid integer"),
        ({key: value for key, value in ROW.items() if key != "claim"}, "claim is missing. Add it."),
        ({**ROW, "supported": "no"}, "supported: Input should be a valid boolean"),
        ({**ROW, "kind": "dull"}, "Input should be 'paraphrase', 'verbatim'"),
        ({**ROW, "claim": " "}, "id and claim must not be empty: write them."),
        ({**ROW, "cites": []}, "a claim cites one paragraph or more, each once: correct cites."),
        ({**ROW, "cites": ROW["cites"] * 2}, "a claim cites one paragraph or more, each once: correct cites."),
        ({**ROW, "supported": True}, "a claim of kind 'number' is not supported: correct kind or supported."),
        ({**ROW, "kind": "verbatim"}, "a claim of kind 'verbatim' is supported: correct kind or supported."),
        ({**ROW, "note": ""}, "exactly when it is not supported: add or remove note."),
    ],
)
def test_bad_line_is_named_with_what_is_wrong(tmp_path: Path, row: dict[str, Any] | str, message: str) -> None:
    path = write(tmp_path / "claims.jsonl", {**ROW, "id": "good"}, "", row)
    with pytest.raises(UsageError) as error:
        load_claims(path)
    assert str(error.value).startswith(f"{path}, line 3: ")
    assert message in str(error.value)


def test_id_used_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2: the id 'c1' is taken"):
        load_claims(write(tmp_path / "claims.jsonl", ROW, ROW))


def test_file_without_claims_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        load_claims(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="holds no claim"):
        load_claims(write(tmp_path / "claims.jsonl", ""))
    (tmp_path / "claims.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(UsageError, match="not UTF-8"):
        load_claims(tmp_path / "claims.jsonl")
