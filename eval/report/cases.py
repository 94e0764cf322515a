"""One case in the HTML report: what was asked, answered, expected and found, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Set

from assistant.answers.claim_view import ClaimView, said_by
from assistant.answers.view import SourceView, place_of, view_of
from eval.matching import occurs
from eval.report.elements import Html, element, join
from eval.report.reasons import describe_case, faults
from eval.report.summary import Judged
from eval.results import Result
from eval.scoring import METRIC, gold_places, stated


def case_html(judged: Judged) -> Html:
    """Return a case as an element that opens."""
    result = judged.result
    case = result.case
    summary = element(
        "summary",
        element("span", judged.status, class_="status"),
        element("span", case.question, class_="question"),
        element("span", f"{case.id} · {' · '.join(case.tags)}", class_="faint"),
    )
    parts = [
        _reasons(judged),
        _history(result),
        element("div", _answer(result), _expected(result), class_="sides"),
        _evidence(result),
        _scores(result),
    ]
    return element(
        "details", summary, element("div", *parts, class_="inside"), id=case.id, class_=f"case {judged.status}",
        data_status=judged.status, data_tags="|".join(case.tags), data_kinds="|".join(faults(judged.reasons)),
    )  # fmt: skip


def _reasons(judged: Judged) -> Html:
    items = [element("li", element("b", f"{reason.fault}. "), reason.text) for reason in judged.reasons]
    return element("ul", *items, class_="reasons") if items else Html()


def _history(result: Result) -> Html:
    lines: list[Html] = []
    for turn in result.case.history:
        lines.append(element("p", element("b", "Before: "), turn.question))
        if turn.answer:
            lines.append(element("p", turn.answer, class_="faint"))
    answer = result.answer
    if answer and answer.standalone_question != result.case.question:
        lines.append(element("p", element("b", "Searched for: "), answer.standalone_question))
    if filters := result.case.filters:
        named = (
            ("outlets", ", ".join(filters.outlets)), ("from", filters.since), ("to", filters.until),
            ("articles", ", ".join(filters.articles)),
        )  # fmt: skip
        shown = "; ".join(f"{name} {value}" for name, value in named if value)
        lines.append(element("p", element("b", "Only: "), shown))
    return element("div", *lines, class_="history") if lines else Html()


def _answer(result: Result) -> Html:
    answer = result.answer
    if answer is None:
        return _side("Answer", element("p", result.error or "", class_="error"))
    confidence = element("p", f"Confidence {answer.confidence:.2f} · {result.seconds:.2f} s", class_="faint")
    view = view_of(answer)
    if view.refusal is not None:
        return _side("Answer", element("p", view.refusal, class_="refusal"), confidence)
    gold = set(gold_places(result.case))
    sources = element("ol", *(_source(source, gold) for source in view.sources), class_="sources")
    lead = element("p", view.lead, class_="faint") if view.lead else Html()
    return _side("Answer", lead, element("p", *map(_claim, view.claims), class_="text"), sources, confidence)


def _claim(claim: ClaimView) -> Html:
    marks = element("sup", "".join(f"[{mark.number}]" for mark in claim.marks))
    verdict = element("em", f" {claim.badge}", class_="verdict", title="; ".join(claim.reasons))
    before, words, after = claim.parts
    said = join(before, element("strong", words) if words else Html(), after)
    return join(said, marks, verdict if claim.doubt else Html(), " ")


def _source(source: SourceView, gold: Set[tuple[str, int]]) -> Html:
    is_gold = (source.article, source.paragraph) in gold
    badge = element("span", "gold" if is_gold else "not gold", class_="badge good" if is_gold else "badge bad")
    line = [element("b", f"[{source.number}] "), element("code", source.place), " ", badge if gold else Html()]
    return element("li", element("p", *line, _by(source.by)), element("p", _highlighted(source), class_="paragraph"))


def _highlighted(source: SourceView) -> Html:
    """Return a paragraph with its quotes marked; a quote that is not in it is left out."""
    parts: list[str] = []
    position = 0
    for quote in sorted(source.quotes, key=lambda each: each.citation.start):
        start = source.text.find(quote.words, position)
        if quote.words and start >= 0:
            parts += [source.text[position:start], element("mark", quote.words)]
            position = start + len(quote.words)
    return join(*parts, source.text[position:])


def _expected(result: Result) -> Html:
    case = result.case
    text = stated(result.answer) if result.answer else ""
    facts = [
        element(
            "li", f"“{fact[0]}”", element("span", f" or {', '.join(fact[1:])}", class_="faint") if fact[1:] else Html(),
            class_="stated" if any(occurs(wording, text) for wording in fact) else "unstated",
        )
        for fact in case.facts
    ]  # fmt: skip
    copies: dict[str, list[tuple[str, int]]] = {}
    for place, held in zip(gold_places(case), result.gold_texts or (None,) * len(case.gold), strict=True):
        copies.setdefault(held or "(the library does not hold this paragraph)", []).append(place)
    paragraphs = [
        element(
            "li", element("p", join(*_separated(map(_place, places)))), element("p", paragraph, class_="paragraph")
        )
        for paragraph, places in copies.items()
    ]  # fmt: skip
    return _side(
        "Expected",
        element("p", f"{describe_case(case)[:1].upper()}{describe_case(case)[1:]}."),
        element("ul", *facts, class_="facts") if facts else Html(),
        element("ul", *paragraphs, class_="gold") if paragraphs else Html(),
    )


def _evidence(result: Result) -> Html:
    answer = result.answer
    if answer is None or not answer.evidence:
        return Html()
    gold = set(gold_places(result.case))
    items = [
        element(
            "li",
            element(
                "p",
                _place((each.article, each.paragraph)),
                " ",
                element("span", "gold", class_="badge good") if (each.article, each.paragraph) in gold else Html(),
                _by(said_by(each)),
                element("span", f" · score {each.score:.2f}", class_="faint"),
            ),
            element("p", each.text, class_="paragraph"),
        )
        for each in answer.evidence
    ]
    return element("div", element("h3", "Found, best first"), element("ol", *items, class_="evidence"))


def _scores(result: Result) -> Html:
    chips = [
        element("span", f"{METRIC[name].label} ", element("b", f"{value:.2f}".rstrip("0").rstrip(".")))
        for name, value in result.scores.present().items()
    ]
    return element("p", *chips, class_="scores")


def _side(title: str, *parts: str) -> Html:
    return element("div", element("h3", title), *parts)


def _place(place: tuple[str, int]) -> Html:
    return element("code", place_of(*place))


def _by(by: str) -> Html:
    return element("span", f" {by}", class_="faint")


def _separated(parts: Iterable[Html]) -> list[Html]:
    separated: list[Html] = []
    for part in parts:
        separated += [Html(", "), part] if separated else [part]
    return separated
