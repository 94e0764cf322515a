"""What flows through the gate: the paragraphs that a claim cites, and what was found about it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Verdict
from index.types import Article, Paragraph


@dataclass(frozen=True, slots=True)
class CitedParagraph:
    """A paragraph that a claim cites, with the article it stands in."""

    paragraph: Paragraph
    article: Article

    @property
    def context(self) -> str:
        """What a reader knows of the article besides the paragraph."""
        return " ".join(filter(None, (self.article.title, self.article.outlet, self.article.author)))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate found about one claim."""

    verdict: Verdict
    reasons: tuple[str, ...]
    score: float
    """Estimated probability, 0 to 1, that the cited paragraphs state the claim; 0 where an exact check failed."""
    contradicted: bool = False
    """Whether one of them says otherwise."""
