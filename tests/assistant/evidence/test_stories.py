"""Which articles tell one story."""

from __future__ import annotations

from pathlib import Path

from assistant.evidence.stories import Story, stories_of
from assistant.summarising.overview import heading_of
from index.embedding.minilm import MiniLM
from index.search import Searcher


def test_articles_of_two_stories_are_told_apart(sample_library: Path, minilm: MiniLM) -> None:
    with Searcher.open(sample_library, minilm) as searcher:
        articles = searcher.library.articles()
        stories = stories_of(searcher.library, articles)
    of_article = {article.id: place for place, story in enumerate(stories) for article in story.articles}
    assert len(of_article) == len(articles)
    wires = {f"{name}-wire-call" for name in ("sample", "placeholder-times", "sample-courier", "specimen-post")}
    wires = {"sample-wire-call", *(wires - {"sample-wire-call"})}
    assert len({of_article[name] for name in wires}) == 1
    assert of_article["sample-wire-call"] != of_article["specimen-post-generators"]
    assert [len(story.articles) for story in stories] == sorted((len(s.articles) for s in stories), reverse=True)


def test_heading_says_how_many_articles_of_which_days(sample_library: Path, minilm: MiniLM) -> None:
    with Searcher.open(sample_library, minilm) as searcher:
        one, other = (searcher.library.article(name) for name in ("sample-wire-call", "specimen-post-wounded"))
    assert heading_of(Story((one,))) == one.title
    assert heading_of(Story((one, other))) == f"{one.title} (2 articles, 18 to 19 March 2025)"


def test_no_articles_tell_no_story(sample_library: Path, minilm: MiniLM) -> None:
    with Searcher.open(sample_library, minilm) as searcher:
        assert stories_of(searcher.library, []) == []
