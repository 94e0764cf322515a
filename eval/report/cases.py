"""One case in the HTML report: what was asked, answered, expected and found, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.types import Answer, Citation, Claim, Verdict
from eval.matching import occurs
from eval.report.elements import Html, element, join
from eval.report.reasons import describe_case, kinds
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
        data_status=judged.status, data_tags="|".join(case.tags), data_kinds="|".join(kinds(judged.reasons)),
    )  # fmt: skip


def _reasons(judged: Judged) -> Html:
    items = [element("li", element("b", f"{reason.kind}. "), reason.text) for reason in judged.reasons]
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
    if not answer.answered:
        return _side("Answer", element("p", answer.text, class_="refusal"), confidence)
    text = element("p", *(_claim(claim) for claim in answer.claims), class_="text")
    gold = set(gold_places(result.case))
    cited: dict[tuple[str, int], list[Citation]] = {}
    for citation in answer.citations:
        cited.setdefault((citation.article, citation.paragraph), []).append(citation)
    sources = [
        _source(answer, place, citations, is_gold=place in gold, judged=bool(gold))
        for place, citations in cited.items()
    ]
    return _side("Answer", text, element("ol", *sources, class_="sources"), confidence)


def _claim(claim: Claim) -> Html:
    numbers = dict.fromkeys(citation.number for citation in claim.citations)
    marks = element("sup", "".join(f"[{number}]" for number in numbers))
    verdict = (
        Html()
        if claim.verdict is Verdict.SUPPORTED
        else element("em", f" {claim.verdict}", class_="verdict", title="; ".join(claim.reasons))
    )
    return join(claim.text, marks, verdict, " ")


def _source(answer: Answer, place: tuple[str, int], citations: list[Citation], *, is_gold: bool, judged: bool) -> Html:
    first = citations[0]
    source = next((each for each in answer.sources if (each.article, each.paragraph) == place), None)
    text = source.text if source else first.quote
    badge = element("span", "gold" if is_gold else "not gold", class_="badge good" if is_gold else "badge bad")
    line = [
        element("b", f"[{first.number}] "), _place(place), " ", badge if judged else Html(),
        _described(first.outlet, first.published),
    ]  # fmt: skip
    return element("li", element("p", *line), element("p", _highlighted(text, citations), class_="paragraph"))


def _highlighted(text: str, citations: Iterable[Citation]) -> Html:
    """Return a paragraph with its quotes marked; a quote that is not in it is left out."""
    parts: list[str] = []
    position = 0
    for quote in dict.fromkeys(citation.quote for citation in sorted(citations, key=lambda each: each.start)):
        start = text.find(quote, position)
        if quote and start >= 0:
            parts += [text[position:start], element("mark", quote)]
            position = start + len(quote)
    return join(*parts, text[position:])


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
                _described(each.outlet, each.published),
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
    return element("code", f"{place[0]}¶{place[1]}")


def _described(outlet: str | None, published: str | None) -> Html:
    date = element("span", published, class_="date") if published else Html()
    between = " · " if outlet and published else ""
    return element("span", " ", outlet or "", between, date, class_="faint") if outlet or published else Html()


def _separated(parts: Iterable[Html]) -> list[Html]:
    separated: list[Html] = []
    for part in parts:
        separated += [Html(", "), part] if separated else [part]
    return separated
