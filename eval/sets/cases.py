"""Write a public set as articles and cases, as `pullquote add` and `eval run` read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import Case, Fact, GoldParagraph, paragraph_hash, write_cases
from eval.sets.sets import PublicArticle, PublicQuestion, PublicSet
from index.errors import UsageError
from index.indexing import slug
from index.reading.decoding import clean_lines
from index.types import opening

ARTICLES, CASES = "articles.jsonl", "cases.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; `without_answers` counts the questions that could not become cases."""

    articles: int
    cases: int
    without_answers: int


def write_set(public_set: PublicSet, folder: Path, tag: str) -> Written:
    """Write both files into a folder. Raises UsageError when files of another import, or of a person, are there."""
    for name in (ARTICLES, CASES):
        if (folder / name).exists():
            raise UsageError(f"{folder / name} is there already. Delete it, or choose another folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    public_set.write_jsonl(folder / ARTICLES)
    cases = public_cases(public_set, tag)
    if cases:
        write_cases(cases, folder / CASES)
    return Written(len(public_set.articles), len(cases), len(public_set.questions) - len(cases))


def public_cases(public_set: PublicSet, tag: str) -> list[Case]:
    """Return the questions as cases of a library that holds this set alone; those without answers are left out.

    A marked gold sentence is a fact; without such, the answers are the wordings of one fact. A question that its
    paragraphs do not answer is a near miss: they are about what it asks.
    """
    ids = article_ids(public_set.articles)
    return [
        _case(question, public_set.articles, ids, tag)
        for question in public_set.questions
        if question.answers or not question.answerable
    ]


def article_ids(articles: Sequence[PublicArticle]) -> list[str]:
    """Return the ids that a new library gives the articles when it adds the file that `write_jsonl` writes."""
    taken: dict[str, None] = {}
    known: dict[PublicArticle, str] = {}
    ids = []
    for article in articles:
        if article not in known:
            base = slug(article.title or opening(article.text)) or "article"
            candidate, number = base, 2
            while candidate in taken:
                candidate, number = f"{base}-{number}", number + 1
            if article.text:
                taken[candidate] = None
            known[article] = candidate
        ids.append(known[article])
    return ids


def _case(question: PublicQuestion, articles: Sequence[PublicArticle], ids: Sequence[str], tag: str) -> Case:
    if not question.answerable:
        return Case(question.id, question.text, answerable=False, why_not="near miss", tags=(tag, "refuse"))
    facts: tuple[Fact, ...] = tuple((sentence,) for sentence in question.sentences if sentence)
    facts = facts or (tuple(dict.fromkeys(filter(str.strip, question.answers))),)
    gold = tuple(
        GoldParagraph(
            ids[article],
            number,
            paragraph_hash(clean_lines(articles[article].paragraphs[number - 1]).strip()),  # as a library reads it
            tuple(range(len(facts))),
        )
        for article, number in question.gold
    )
    return Case(question.id, question.text, answerable=True, facts=facts, gold=gold, tags=(tag,))
