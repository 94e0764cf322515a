"""Answers put together from what was found: claims in their sections, a listing, a reply, or a refusal with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answers.wording import MAY_ANSWER, NO_ARTICLE, of_filters
from assistant.differing.differences import Difference
from assistant.evidence.finding import Inquiry
from assistant.evidence.missing import missing
from assistant.evidence.ranking import Candidate
from assistant.question.asking import Asked
from assistant.quoting.sources import Sources, marks
from assistant.reader.reader import reader
from assistant.summarising.groups import Group
from assistant.summarising.selecting import Chosen
from assistant.summarising.telling import Told
from assistant.types import Answer, Claim, Disagreement, Evidence, Form, Listing, Outcome, Section, Version
from index.search import Searcher
from index.types import Filters, Hit

EVIDENCE_SHOWN = 5

REFUSAL = "The articles do not answer this question."


class Assembler:
    """Puts the answers to one question together."""

    def __init__(self, searcher: Searcher, answer_id: str, put: str, standalone: str) -> None:
        self._searcher = searcher
        self._identity = (answer_id, put, standalone)

    def fact(  # noqa: PLR0913 - an answer has so many parts
        self, inquiry: Inquiry, claims: Sequence[Claim], sources: Sources, confidence: float, *,
        disagreements: tuple[Disagreement, ...] = (), writer: str = "quoting", note: str | None = None,
        outcome: Outcome | None = None, form: Form = Form.FACT, sections: tuple[Section, ...] = (),
    ) -> Answer:  # fmt: skip
        """Return an answer with these claims; without any it is a refusal."""
        outcome = (outcome or outcome_of(confidence)) if claims else Outcome.NO_ANSWER
        nearest = best_of_each(inquiry.hits[:EVIDENCE_SHOWN], inquiry.candidates)
        text = _text(claims, sections, MAY_ANSWER if outcome is Outcome.MAY_ANSWER else "")
        if not claims:
            text = _joined(
                REFUSAL, missing(inquiry.question, nearest, self._searcher.stands), self._empty(inquiry.filters)
            )
        return self._answer(
            outcome, text, claims, sources, nearest, confidence, disagreements=disagreements, writer=writer,
            note=_joined(_only(inquiry.question.outlets), note), form=form, sections=sections, filters=inquiry.filters,
        )  # fmt: skip

    def _empty(self, filters: Filters) -> str:
        """Say so where no article is of the days, outlets or articles that alone were searched."""
        if not filters or self._searcher.library.article_ids(filters):
            return ""
        return f"{NO_ARTICLE} {of_filters(filters)}."

    def wide(self, asked: Asked, told: Told, sources: Sources, differences: Sequence[Difference] = ()) -> Answer:
        """Return the quoted answer to a wide question: the chosen statements in their groups."""
        claims, sections = laid_out(told.groups, sources)
        disagreements = cited(differences, sources)
        outcome = told.outcome
        lead = MAY_ANSWER if outcome is Outcome.MAY_ANSWER else ""
        best = sorted(told.statements, key=lambda each: -each.salience)
        nearest = list({each.hit.passage.id: each.candidate for each in reversed(best)}.values())[::-1]
        return self._answer(
            outcome, _text(claims, sections, lead), claims, sources, nearest[:EVIDENCE_SHOWN], told.scope.nearness,
            disagreements=disagreements, note=_joined(asked.told, told.beyond), form=asked.form, sections=sections,
            as_table=asked.manner.as_table, filters=asked.filters,
        )  # fmt: skip

    def listing(self, asked: Asked, listing: Listing) -> Answer:
        """Return what the catalogue holds."""
        entries = [f"- {entry.name}" for entry in listing.entries]
        text = "\n".join([listing.said, *entries])
        return self._answer(
            Outcome.ANSWERS, text, (), Sources(self._searcher.library), (), 1.0, note=asked.told, form=asked.form,
            listing=listing, as_table=asked.manner.as_table, filters=asked.filters,
        )  # fmt: skip

    def reply(self, text: str) -> Answer:
        """Return a reply to what does not ask the articles."""
        return self._answer(
            Outcome.NO_ANSWER, text, (), Sources(self._searcher.library), (), 0.0, form=Form.TALK, filters=Filters()
        )

    def _answer(  # noqa: PLR0913 - an answer has so many parts
        self, outcome: Outcome, text: str, claims: Sequence[Claim], sources: Sources, nearest: Sequence[Candidate],
        confidence: float, *, filters: Filters, disagreements: tuple[Disagreement, ...] = (), writer: str = "quoting",
        note: str | None = None, form: Form = Form.FACT, sections: tuple[Section, ...] = (),
        listing: Listing | None = None, as_table: bool = False,
    ) -> Answer:  # fmt: skip
        identity, put, standalone = self._identity
        answered = bool(claims) or listing is not None
        refused = not answered and form is not Form.TALK
        return Answer(
            id=identity,
            question=put,
            standalone_question=standalone,
            answered=answered,
            text=text,
            as_of=sources.as_of() if claims else None,
            writer=writer,
            claims=tuple(claims),
            sources=tuple(sources.listed) if claims else (),
            evidence=tuple(map(_evidence, nearest)),
            disagreements=disagreements if claims else (),
            confidence=round(confidence, 4),
            outcome=outcome,
            coverage=self._searcher.library.coverage(filters) if refused else None,
            note=note or None,
            form=form,
            sections=sections,
            listing=listing,
            as_table=as_table and bool(sections or listing),
        )


def laid_out(groups: Iterable[Group], sources: Sources) -> tuple[tuple[Claim, ...], tuple[Section, ...]]:
    """Return the claims of groups of statements, and the sections that they stand in; none where none has a heading."""
    claims: list[Claim] = []
    sections: list[Section] = []
    for group in groups:
        own = sources.told([_quoted(each) for each in group.chosen], claims)
        if own:
            places = tuple(range(len(claims), len(claims) + len(own)))
            sections.append(Section(group.heading, places, group.day.isoformat() if group.day else None))
            claims += own
    named = any(section.heading for section in sections)
    return tuple(claims), tuple(sections) if named else ()


def _quoted(chosen: Chosen) -> tuple[Candidate, list[Candidate]]:
    return chosen.statement.candidate, [each.candidate for each in chosen.supporters]


def outcome_of(confidence: float) -> Outcome:
    """Return what becomes of a question whose likeliest passage answers with this probability, 0 to 1."""
    fitted = reader().calibrated
    if confidence >= fitted.answers_from:
        return Outcome.ANSWERS
    return Outcome.MAY_ANSWER if confidence >= fitted.may_answer_from else Outcome.NO_ANSWER


def cited(differences: Sequence[Difference], sources: Sources) -> tuple[Disagreement, ...]:
    """Return differences as they are shown, each version with its citations."""
    return tuple(
        Disagreement(
            difference.kind,
            difference.about,
            tuple(
                Version(side.value, tuple(map(sources.cite, side.candidates)), side.superseded)
                for side in difference.versions
            ),
        )
        for difference in differences
    )


def best_of_each(hits: Sequence[Hit], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the best candidate of each passage, in the order of the hits."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.hit.passage.id, candidate)
    return [best[hit.passage.id] for hit in hits if hit.passage.id in best]


def _evidence(candidate: Candidate) -> Evidence:
    article, paragraph = candidate.hit.article, candidate.paragraph
    published = article.published.isoformat() if article.published else None
    return Evidence(
        article.id, article.file, paragraph.number, paragraph.text, round(candidate.hit.score, 4), article.title,
        article.outlet, published,
    )  # fmt: skip


def _text(claims: Sequence[Claim], sections: Sequence[Section], lead: str) -> str:
    """Return the claims with their marks, each section on a line of its own behind its heading."""
    said = [f"{claim.text} {marks(claim)}".strip() for claim in claims]
    lines = [" ".join(said[place] for place in section.claims) for section in sections]
    headings = [f"{section.heading}: " if section.heading else "" for section in sections]
    headed = [f"{heading}{line}" for heading, line in zip(headings, lines, strict=True)]
    in_sections = {place for section in sections for place in section.claims}
    before = _joined(lead, *(text for place, text in enumerate(said) if place not in in_sections))
    return "\n".join(filter(None, (before, *headed)))


def _only(outlets: Sequence[str]) -> str:
    """Return the line on which outlets alone were searched; empty where all were."""
    *first, last = outlets or ("",)
    named = f"{', '.join(first)} and {last}" if first else last
    return f"The question names {named}: no other outlet was searched." if named else ""


def _joined(*parts: str | None) -> str:
    return " ".join(filter(None, parts))
