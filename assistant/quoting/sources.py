"""Sources of an answer: cited paragraphs, numbered in the order of first use, and the citations into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.evidence.ranking import Candidate
from assistant.quoting.choosing import Quoted, matching_sentence, quotation_span, sentence_after
from assistant.types import Citation, Claim, Source, Verdict
from index.library.library import Library
from index.types import Article, Hit, Paragraph, Passage, Sentence, text_hash


class Sources:
    """Makes citations for one answer and lists the paragraphs that they cite."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._numbers: dict[tuple[str, int], int] = {}
        self.listed: list[Source] = []

    def quoted(self, chosen: Sequence[Quoted]) -> tuple[Claim, ...]:
        """Return the chosen sentences as claims; one that stands inside an earlier one's quotation is left out."""
        claims: list[Claim] = []
        taken: list[tuple[str, int, int]] = []
        places = {quoted.candidate.place for quoted in chosen}
        for quoted in chosen:
            article, paragraph = quoted.candidate.hit.article.id, quoted.candidate.paragraph
            start, end = quotation_span(paragraph, quoted.candidate.sentence)
            if any(article == other and start < last and first < end for other, first, last in taken):
                continue
            after = None if quoted.supporters else sentence_after(paragraph, quoted.candidate.sentence)
            claims.append(self._quoted(quoted, after if after and (article, after.start) not in places else None))
            taken += [(citation.article, citation.start, citation.end) for citation in claims[-1].citations]
        return tuple(claims)

    def told(
        self, statements: Sequence[tuple[Candidate, Sequence[Candidate]]], before: Sequence[Claim] = ()
    ) -> list[Claim]:
        """Return statements, each with those that bear it out, as claims; what an earlier one quotes is left out."""
        taken = [(each.article, each.start, each.end) for claim in before for each in claim.citations]
        claims: list[Claim] = []
        for candidate, supporters in statements:
            article = candidate.hit.article.id
            start, end = quotation_span(candidate.paragraph, candidate.sentence)
            if any(article == other and start < last and first < end for other, first, last in taken):
                continue
            after = None if supporters else sentence_after(candidate.paragraph, candidate.sentence)
            claims.append(self._claim(self.cite(candidate, after), map(self.cite, supporters)))
            taken += [(each.article, each.start, each.end) for each in claims[-1].citations]
        return claims

    def _quoted(self, quoted: Quoted, after: Sentence | None) -> Claim:
        """Return a chosen sentence as a claim: with its supporters, or with the sentence after it, which they lack."""
        return self._claim(self.cite(quoted.candidate, after), map(self.cite, quoted.supporters))

    @staticmethod
    def _claim(lead: Citation, supporters: Iterable[Citation]) -> Claim:
        citations = (lead, *supporters)
        reasons = ["quoted word for word"]
        outlets = {citation.outlet or citation.article for citation in citations}
        if len(outlets) > 1:
            reasons.append(f"stated by {len(outlets)} outlets")
        return Claim(lead.quote, Verdict.SUPPORTED, tuple(reasons), citations)

    def cite(self, candidate: Candidate, after: Sentence | None = None) -> Citation:
        """Cite the sentence of a candidate, and one after it, with the copies of both in other articles."""
        start, end = quotation_span(candidate.paragraph, candidate.sentence)
        copies = self._copies(candidate.sentence, candidate.hit.copies)
        if after:
            _, end = quotation_span(candidate.paragraph, after)
            further = self._copies(after, candidate.hit.copies)
            copies = tuple(copy for copy in copies if copy in further)
        first, last = candidate.words
        answer = candidate.words if start <= first < last <= end else None
        return self.cite_span(candidate.hit.article, candidate.paragraph, start, end, copies, answer)

    def cite_sentence(self, hit: Hit, paragraph: Paragraph, sentence: Sentence) -> Citation:
        """Cite a sentence of a paragraph that a hit holds."""
        start, end = quotation_span(paragraph, sentence)
        return self.cite_span(hit.article, paragraph, start, end, self._copies(sentence, hit.copies))

    def cite_span(
        self, article: Article, paragraph: Paragraph, start: int, end: int, copies: tuple[str, ...] = (),
        answer: tuple[int, int] | None = None,
    ) -> Citation:  # fmt: skip
        """Cite `article.text[start:end]`, which stands in the paragraph."""
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
            copies=copies,
            answer=answer,
        )

    def as_of(self) -> str | None:
        """Return the date of the newest cited article."""
        return max((source.published for source in self.listed if source.published), default=None)

    def _copies(self, sentence: Sentence, copies: Iterable[Passage]) -> tuple[str, ...]:
        """Name the paragraphs of other articles that carry the same text."""
        copies = list(copies)
        located = self._library.locate([copy.id for copy in copies])
        found = []
        for copy in copies:
            if copy.id in located:
                match = matching_sentence(sentence, copy, self._library.paragraphs(located[copy.id].article))
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


def marks(claim: Claim) -> str:
    """Return the marks of a claim: `[1][2]`."""
    return "".join(f"[{number}]" for number in dict.fromkeys(citation.number for citation in claim.citations))
