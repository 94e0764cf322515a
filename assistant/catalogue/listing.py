"""Lists and counts of articles, outlets and authors: exact, from the library's own records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.answers.wording import day
from assistant.catalogue.question import CatalogueQuestion
from assistant.evidence.scope import is_news
from assistant.types import Listed, Listing
from index.library.library import Library
from index.splitting.terms import terms
from index.types import Article, Filters

MOST_LISTED = 100
"""Entries that an answer holds; the total is told however many there are."""
_NOUNS = {"articles": "article", "outlets": "outlet", "authors": "author"}


def listing_of(
    library: Library, asked: CatalogueQuestion, filters: Filters, period: str = "", nearest: Article | None = None
) -> Listing:
    """Return what the library holds for a question. `period` is what the filters' days are called.

    `nearest` is the article that something is asked of, where none has the words of the question.
    """
    articles = [each for each in library.articles(filters) if is_news(each) and _passes(each, asked)]
    articles, loosely = _with_words(articles, asked)
    if nearest is not None and not articles:
        articles = [nearest]
    if asked.oldest_first:
        articles.sort(key=lambda each: (each.published is None, each.published))
    which = _told(asked, filters, period, loosely=loosely)
    if asked.kind != "articles":
        names = Counter(name for each in articles if (name := each.outlet if asked.kind == "outlets" else each.author))
        ranked = sorted(names.items(), key=lambda item: (-item[1], item[0]))
        entries = [Listed(name, articles=number) for name, number in ranked]
        said = f"{_counted(len(entries), asked.kind)} {which or ' in the collection'}"
        return Listing(asked.kind, len(entries), f"{' '.join(said.split())}.", tuple(entries[:MOST_LISTED]))
    shown = articles[: asked.limit] if asked.limit else articles
    said = _said(asked, shown, len(articles), which)
    return Listing("articles", len(shown), said, tuple(map(_listed, shown[:MOST_LISTED])))


def _passes(article: Article, asked: CatalogueQuestion) -> bool:
    """Whether an article is by the outlets and authors that are asked for."""
    by_outlet = not asked.outlets or article.outlet in asked.outlets
    return by_outlet and (not asked.authors or article.author in asked.authors)


def _with_words(articles: Sequence[Article], asked: CatalogueQuestion) -> tuple[list[Article], bool]:
    """Return the articles that hold the words as they are asked; where none does, those with each of them in any form.

    The second value says that it was the latter. What is asked of one article looks at titles first.
    """
    if not asked.words:
        return list(articles), False
    patterns = [re.compile(rf"(?<!\w){_spaced(words)}(?!\w)", re.IGNORECASE) for words in asked.words]
    stems = {term for words in asked.words for term in terms(words)}
    for in_title in dict.fromkeys((bool(asked.asks) or asked.in_title, asked.in_title)):
        held = [(each, _text(each, in_title=in_title)) for each in articles]
        if found := [each for each, text in held if all(pattern.search(text) for pattern in patterns)]:
            return found, False
        if found := [each for each, text in held if stems <= set(terms(text))]:
            return found, True
    return [], False


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word).replace("’", "['’]").replace("'", "['’]") for word in words.split())


def _text(article: Article, *, in_title: bool) -> str:
    return article.title or "" if in_title else f"{article.title or ''}\n{article.text}"


def _told(asked: CatalogueQuestion, filters: Filters, period: str, *, loosely: bool) -> str:
    """Say by which conditions articles were chosen: ` by A. Sample, of March 2025, with “ferry” in title or text`."""
    outlets = asked.outlets or filters.outlets
    parts = [f"by {_and(asked.authors)}"] if asked.authors else []
    if outlets:
        parts.append(f"in {_and(outlets)}")
    if period:
        parts.append(f"of {period}")
    if asked.words:
        where = "the title" if asked.in_title else "title or text"
        words = _and([f"“{words}”" for words in asked.words])
        parts.append(f"with the words of {words} in {where}" if loosely else f"with {words} in {where}")
    return " " + ", ".join(parts) if parts else ""


def _said(asked: CatalogueQuestion, shown: Sequence[Article], total: int, which: str) -> str:
    if asked.asks and shown:
        return " ".join(_fact(article, asked) for article in shown[:3])
    if asked.limit and total > len(shown):
        order = "oldest" if asked.oldest_first else "newest"
        number = f" {len(shown)}" if len(shown) > 1 else ""
        return f"The {order}{number} of {_counted(total, 'articles')}{which}."
    return f"{_counted(total, 'articles')}{which or ' in the collection'}."


def _fact(article: Article, asked: CatalogueQuestion) -> str:
    name = f"“{article.name}”"
    match asked.asks:
        case "author":
            return f"{name} is by {article.author}." if article.author else f"{name} names no author."
        case "date":
            told = day(article.published.isoformat()) if article.published else ""
            return f"{name} is of {told}." if told else f"{name} has no date."
    return f"{name} is in {article.outlet}." if article.outlet else f"{name} names no outlet."


def _listed(article: Article) -> Listed:
    published = article.published.isoformat() if article.published else None
    return Listed(article.name, article.id, article.outlet, article.author, published)


def _counted(number: int, kind: str) -> str:
    noun = _NOUNS[kind]
    return f"{number or 'No'} {noun}{'' if number == 1 or not number else 's'}"


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
