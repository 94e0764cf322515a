"""What a large model is shown: recall of the paragraphs that it needs, tokens, and two-hop questions answered.

`python -m eval.wide.shown --cases FILE --library DIR` asks each case with a scripted model (scripted_model.py). A file
holds cases of facts (eval/cases.py), of wide questions ("form", "facts", "articles") or of questions that need two
searches ("first", "bridge", "second"). Cases of another collection than `--collection` are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import click

from assistant.answering import Assistant
from assistant.research.types import STANDARD, Budget
from assistant.trace import Trace
from assistant.types import Form, Verdict
from eval.cases import split
from eval.matching import occurs
from eval.wide.cases import WideCase
from eval.wide.scripted_model import Script, ScriptedSource, scripted_model
from index.embedding.minilm import MiniLM
from index.library.library import Library
from index.search import Searcher
from index.syndication import Signature
from index.types import Article, Paragraph, ParagraphKind

CATALOGUE = frozenset({"list", "count"})
"""Forms that no model writes."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A question with what has to be shown for it."""

    id: str
    kind: str
    """fact, two-hop, or the form of a wide question."""
    script: Script
    gold: tuple[tuple[str, int], ...]
    """Paragraphs: article and number."""
    facts: tuple[tuple[str, ...], ...]
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What one case was shown; a share that does not apply is None."""

    id: str
    kind: str
    gold: float | None
    """Share of the gold paragraphs that were shown, themselves or a copy of them."""
    facts: float | None
    """Share of the facts of which a wording was shown."""
    articles: float | None
    tokens: int
    calls: int
    seconds: float
    answered: bool
    """Whether a sentence that holds, in the answer, states each fact that was shown anywhere."""
    missed: tuple[str, ...]
    form: str
    """In which form the question was answered."""


def needed_in(lines: Iterable[str], library: Library, collection: str, part: str) -> Iterator[Needed]:
    """Yield what the cases of a file need; those of other collections, and of the catalogue, are left out."""
    for line in filter(str.strip, lines):
        case = json.loads(line)
        if case.get("collection", collection) != collection or case.get("form") in CATALOGUE:
            continue
        if "bridge" in case:
            yield _two_hop(case, library)
        elif "form" in case:
            yield _wide(WideCase.model_validate(case), library)
        elif case.get("answerable") and not case.get("history") and part in {"all", split(case["id"])}:
            gold = tuple((entry["article"], entry["paragraph"]) for entry in case["gold"])
            yield Needed(case["id"], "fact", Script(case["question"], answers=_facts(case)), gold, _facts(case))


def _two_hop(case: Mapping[str, Any], library: Library) -> Needed:
    answer = tuple(case["answer"])
    script = Script(case["question"], case["first"], tuple(case["bridge"]), case["second"], (answer,))
    places = (_place_of(entry, library) for entry in case["gold"])
    return Needed(case["id"], "two-hop", script, tuple(filter(None, places)), (answer,))


def _wide(case: WideCase, library: Library) -> Needed:
    facts = case.facts
    heard = [article for name in case.articles if (article := _article(name, library))]
    gold = tuple(
        (article.id, paragraph.number)
        for article in heard
        for paragraph in _body(library, article.id)
        if any(wording.casefold() in paragraph.text.casefold() for fact in facts for wording in fact)
    )
    script = Script(case.question, answers=facts)
    return Needed(case.id, case.form.value, script, gold, facts, tuple(article.id for article in heard))


def _facts(case: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fact) for fact in case["facts"])


def _article(name: str, library: Library) -> Article | None:
    return next((each for each in library.articles() if name in {each.id, each.title, Path(each.file).stem}), None)


def _place_of(entry: Mapping[str, str], library: Library) -> tuple[str, int] | None:
    article = _article(entry["article"], library)
    wanted = " ".join(entry["sentence"].split())
    found = (
        (each for each in _body(library, article.id) if wanted in " ".join(each.text.split())) if article else iter(())
    )
    first = next(found, None)
    if first is None:
        click.echo(f"no paragraph of {entry['article']} holds: {wanted[:80]}", err=True)
    return (first.article_id, first.number) if first else None


@cache
def _body(library: Library, article: str) -> Sequence[Paragraph]:
    """Return the paragraphs that may be shown."""
    unread = {ParagraphKind.FURNITURE, ParagraphKind.HEADING}
    return [each for each in library.paragraphs(library.article(article)) if each.kind not in unread]


def measured(assistant: Assistant, source: ScriptedSource, needed: Needed) -> Measured:
    """Ask one case and say what was shown."""
    source.script = needed.script
    trace = Trace(assistant.model)
    answer = assistant.ask(needed.script.question, trace=trace)
    research = next((step.details for step in trace.steps if step.name == "research"), {})
    keys = [key.rsplit("#", 1) for key in research.get("shown", [])]
    library = assistant.searcher.library
    shown = [library.paragraphs(library.article(article))[int(number) - 1] for article, number in keys]
    text = "\n".join(each.text for each in shown)
    places = {(each.article_id, each.number) for each in shown}
    missed = [place for place in needed.gold if place not in places and not _is_copied(place, shown, library)]
    told = [any(wording.casefold() in text.casefold() for wording in fact) for fact in needed.facts]
    holding = " ".join(claim.text for claim in answer.claims if claim.verdict is not Verdict.UNSUPPORTED)
    return Measured(
        needed.id,
        needed.kind,
        1 - len(missed) / len(needed.gold) if needed.gold else None,
        fmean(told) if told else None,
        fmean(name in {article for article, _ in places} for name in needed.articles) if needed.articles else None,
        int(research.get("shown tokens", 0)),
        len(research.get("asked", [])),
        float(research.get("seconds", 0.0)),
        any(occurs(wording, holding) for fact in needed.facts for wording in fact),
        tuple(f"{article}#{number}" for article, number in missed),
        research.get("form", ""),
    )


def _is_copied(place: tuple[str, int], shown: Sequence[Paragraph], library: Library) -> bool:
    article, number = place
    own = Signature.of(library.paragraphs(library.article(article))[number - 1].text)
    return any(each.article_id != article and own.is_copy_of(Signature.of(each.text)) for each in shown)


def figures(found: Sequence[Measured]) -> dict[str, float | int | None]:
    """Return the figures of some cases."""

    def mean(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return round(fmean(known), 3) if known else None

    return {
        "cases": len(found),
        "gold shown": mean(each.gold for each in found),
        "facts shown": mean(each.facts for each in found),
        "articles shown": mean(each.articles for each in found),
        "answered": mean(float(each.answered) for each in found),
        "tokens": mean(float(each.tokens) for each in found),
        "most tokens": max((each.tokens for each in found), default=0),
        "calls": mean(float(each.calls) for each in found),
        "seconds": mean(each.seconds for each in found),
    }


@click.command()
@click.option("--cases", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="A .jsonl.")
@click.option("--library", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the library.")
@click.option("--collection", default="samples", show_default=True, help="Cases of which collection are asked.")
@click.option("--part", type=click.Choice(["dev", "release", "all"]), default="dev", help="Half of the cases of facts.")
@click.option("--calls", type=int, default=STANDARD.calls, show_default=True, help="Calls of the model in research.")
@click.option("--tokens", type=int, default=STANDARD.context_tokens, show_default=True, help="Tokens that are shown.")
@click.option("--planned", is_flag=True, help="The model's plan says the right form; else it leaves it open.")
@click.option("--each", "show_each", is_flag=True, help="Print every case, as a line of JSON.")
def main(  # noqa: PLR0913, PLR0917 - the options
    cases: Path, library: Path, collection: str, part: str, calls: int, tokens: int, planned: bool, show_each: bool
) -> None:
    """Measure what a large model is shown."""
    source = ScriptedSource()
    budget = Budget(calls, STANDARD.seconds, tokens)
    with Assistant(Searcher.open(library, MiniLM()), scripted_model(source), budget=budget) as assistant:
        lines = cases.read_text("utf-8").splitlines()
        found = []
        for needed in needed_in(lines, assistant.searcher.library, collection, part):
            form = needed.kind if planned and needed.kind in set(Form) else ""
            found.append(measured(assistant, source, replace(needed, script=replace(needed.script, form=form))))
            if show_each:
                click.echo(json.dumps(asdict(found[-1])))
    for kind in dict.fromkeys(each.kind for each in found):
        click.echo(json.dumps({"kind": kind, **figures([each for each in found if each.kind == kind])}))
    click.echo(json.dumps({"kind": "all", **figures(found)}))


if __name__ == "__main__":
    main()
