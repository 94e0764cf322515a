"""Scores of one answer to a wide question: exact, without a judge. A score that does not apply is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from assistant.answers.verdicts import is_quoted
from assistant.question.kinds import content_terms
from assistant.types import Answer, Citation, Form, Outcome, Verdict
from eval.wide.cases import WideCase
from index.types import Article

REPEATS_FROM = 0.7
"""Share of the shorter sentence's content terms in an earlier one from which it counts as a repeat."""


def scores_of(case: WideCase, answer: Answer, articles: Mapping[str, Article]) -> dict[str, float]:
    """Return the scores of an answer by name, each 0 to 1 but for `sentences`; `articles` are the library's by id."""
    found: dict[str, float] = {"form": float(answer.form is case.form)}
    if case.form in {Form.LIST, Form.COUNT}:
        return found | {"exact": float(_is_exact(case, answer))}
    said = plain(" ".join(claim.text for claim in answer.claims))
    found["answered"] = float(answer.outcome is not Outcome.NO_ANSWER)
    found["sentences"] = float(len(answer.claims))
    found |= _mean("facts", (any(plain(words) in said for words in fact) for fact in case.facts))
    cited = {citation.article for claim in answer.claims for citation in claim.citations}
    names = cited | {articles[key].title or key for key in cited if key in articles}
    found |= _mean("articles", (article in names for article in case.articles))
    outlets = {citation.outlet for claim in answer.claims for citation in claim.citations}
    found |= _mean("outlets", (outlet in outlets for outlet in case.outlets))
    if case.first and answer.claims:
        opening = plain(" ".join(claim.text for claim in answer.claims[:2]))
        found["first"] = float(any(plain(words) in opening for words in case.first))
    if (tau := _order(case, answer)) is not None:
        found["order"] = tau
    if len(answer.claims) > 1:
        found["repeats"] = _repeats([claim.text for claim in answer.claims])
    found |= _mean("verbatim", (_is_verbatim(each, articles) for each in answer.citations))
    found |= _mean("supported", (claim.verdict is Verdict.SUPPORTED for claim in answer.claims))
    found |= _mean("quoted", map(is_quoted, answer.claims))
    found |= _mean("forbidden", (plain(words) in said for words in case.forbidden))
    return found


def _is_exact(case: WideCase, answer: Answer) -> bool:
    listing = answer.listing
    if listing is None:
        return False
    if case.count is not None:
        return listing.total == case.count
    names = [{entry.name, entry.article, entry.author} for entry in listing.entries]
    all_there = len(names) == len(case.listed) and all(any(each in name for name in names) for each in case.listed)
    days = [entry.published or "" for entry in listing.entries]
    return all_there and (not case.newest_first or days == sorted(days, reverse=True))


def _order(case: WideCase, answer: Answer) -> float | None:
    """Return Kendall's tau of the events that the answer tells, by the place where each is first told."""
    places = []
    for words, day in case.days:
        told = plain(words)
        place = next((number for number, claim in enumerate(answer.claims) if told in plain(claim.text)), None)
        if place is not None:
            places.append((day, place))
    pairs = [(one, other) for one, other in combinations(places, 2) if one[0] != other[0] and one[1] != other[1]]
    if not pairs:
        return None
    return sum(1 if (one[0] < other[0]) == (one[1] < other[1]) else -1 for one, other in pairs) / len(pairs)


def _repeats(texts: Sequence[str]) -> float:
    """Return the share of sentences that mostly say what an earlier one says."""
    terms = [frozenset(content_terms(text)) for text in texts]
    again = [
        any(_overlap(own, earlier) >= REPEATS_FROM for earlier in terms[:place]) for place, own in enumerate(terms)
    ]
    return sum(again) / len(again)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest else 0.0


def _is_verbatim(citation: Citation, articles: Mapping[str, Article]) -> bool:
    article = articles.get(citation.article)
    return article is not None and article.text[citation.start : citation.end] == citation.quote


def _mean(name: str, values: Iterable[bool]) -> dict[str, float]:
    listed = list(values)
    return {name: sum(listed) / len(listed)} if listed else {}


def plain(text: str) -> str:
    """Return a text without differences of case, spaces, quotation marks and dashes."""
    marks = str.maketrans("’‘“”–—", "''\"\"--")
    return " ".join(text.translate(marks).casefold().split())
