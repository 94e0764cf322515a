"""What programs may send and what they get back, as the OpenAPI document describes it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from index.types import Article, Filters, Hit, Paragraph, ParagraphKind

LONGEST_QUESTION = 4_000
MOST_TURNS = 200
MOST_FILTERS = 200
MOST_HITS = 100
MOST_ARTICLES = 500
LARGEST_NUMBER = 2**31 - 1

Text = Annotated[str, Field(max_length=LONGEST_QUESTION)]
Names = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=MOST_FILTERS)]


class FilterBody(BaseModel):
    """Which articles may be searched; what is left out allows all."""

    model_config = ConfigDict(extra="forbid")

    outlets: Names = Field(default_factory=list, description="Only these outlets")
    since: date | None = Field(default=None, description="Only articles of this day or later")
    until: date | None = Field(default=None, description="Only articles of this day or earlier")
    articles: Names = Field(default_factory=list, description="Only these articles, by id")

    def filters(self) -> Filters:
        """Return the filters."""
        return Filters(tuple(self.outlets), self.since, self.until, tuple(self.articles))


class AskBody(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "What did Grushko tell Izvestia?"}]}
    )

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    history: Annotated[list[Any], Field(max_length=MOST_TURNS)] = Field(
        default_factory=list,
        description='Earlier turns, oldest first: questions, {"question", "answer"} or {"role", "content"}',
    )
    conversation: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="A kept conversation: its turns are the history, and the answer is kept in it"
    )
    filters: FilterBody = FilterBody()
    stream: bool = Field(default=False, description="Server-sent events: evidence, claim, disagreement, done, error")


class HitBody(BaseModel):
    """A passage near a question."""

    article: str
    revision: int
    paragraph: int
    last_paragraph: int
    text: str
    start: int
    end: int
    title: str | None
    outlet: str | None
    published: date | None
    score: float
    copies: list[str]

    @classmethod
    def of(cls, hit: Hit) -> HitBody:
        """Return a hit as it is sent."""
        article, passage = hit.article, hit.passage
        return cls(
            article=article.id, revision=article.revision, paragraph=passage.first, last_paragraph=passage.last,
            text=passage.text, start=passage.start, end=passage.end, title=article.title, outlet=article.outlet,
            published=article.published, score=hit.score,
            copies=[f"{copy.article_id}#{copy.first}" for copy in hit.copies],
        )  # fmt: skip


class Hits(BaseModel):
    """What a search found, best first."""

    hits: list[HitBody]


class ArticleBody(BaseModel):
    """An article without its text."""

    id: str
    revision: int
    file: str
    title: str | None
    outlet: str | None
    author: str | None
    url: str | None
    published: date | None
    language: str | None

    @classmethod
    def of(cls, article: Article) -> ArticleBody:
        """Return an article as it is sent; where it lies on the disk stays here."""
        return cls(**{name: value for name, value in asdict(article).items() if name in cls.model_fields})


class Articles(BaseModel):
    """Some of the articles, newest first; `total` counts all that fit."""

    articles: list[ArticleBody]
    total: int


class ParagraphBody(BaseModel):
    """A numbered paragraph; `start` and `end` are offsets into the article's text."""

    number: int
    text: str
    start: int
    end: int
    kind: ParagraphKind

    @classmethod
    def of(cls, paragraph: Paragraph) -> ParagraphBody:
        """Return a paragraph as it is sent."""
        return cls(**{name: value for name, value in asdict(paragraph).items() if name in cls.model_fields})


class ReadArticle(ArticleBody):
    """A whole article. Its text is plain, whatever it may look like: never put it into a page unescaped."""

    paragraphs: list[ParagraphBody]

    @classmethod
    def read(cls, article: Article, paragraphs: list[Paragraph]) -> ReadArticle:
        """Return an article with its paragraphs."""
        numbered = [ParagraphBody.of(paragraph) for paragraph in paragraphs]
        return cls(**ArticleBody.of(article).model_dump(), paragraphs=numbered)


class ArticleFilter:
    """The filters of an address: `?outlet=…&from=…&to=…`."""

    def __init__(
        self,
        outlet: Annotated[Names, Query(description="Only this outlet; may be given again")] = [],  # noqa: B006 - never changed
        since: Annotated[date | None, Query(alias="from", description="Only articles of this day or later")] = None,
        until: Annotated[date | None, Query(alias="to", description="Only articles of this day or earlier")] = None,
    ) -> None:
        self.filters = Filters(tuple(outlet), since, until)
