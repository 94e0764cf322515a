"""An article as the reader pane shows it: all paragraphs, numbered, the cited one marked, the quote highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.deep_links import deep_link
from assistant.answers.wording import described
from assistant.page.elements import attributes, button, text
from index.types import Article, Paragraph, ParagraphKind

_TAGS = {ParagraphKind.HEADING: "h3", ParagraphKind.QUOTE: "blockquote"}


@dataclass(frozen=True, slots=True)
class OpenedArticle:
    """What to show of an article: the paragraph that is cited and the characters of the quote, as far as there are any.

    `place` of `count` says which citation of the answer it is, from 1; 0 when it was opened otherwise.
    """

    article: Article
    paragraphs: Sequence[Paragraph]
    cited: int | None = None
    start: int = 0
    end: int = 0
    place: int = 0
    count: int = 0
    standing: str = ""
    """What became of this revision, if it is not the live one."""
    asked: str = ""
    """The number of the request, by which the page's script knows the answer."""


def nothing_open(asked: str = "") -> str:
    """Return what the pane shows while no article is open."""
    return (
        f'<div class="resting"{attributes(asked=asked or None)}><p>Choose a number behind a sentence, and the article '
        "opens here, at the paragraph that proves it.</p></div>"
    )


def article_page(opened: OpenedArticle) -> str:
    """Return the pane's content."""
    article = opened.article
    quote = article.text[opened.start : opened.end]
    link = deep_link(article.url, quote)
    by = described(article.outlet, article.published, None)
    closing = button("✕", "close", kind="close", name="Close the article")
    parts = [
        f'<div class="bar"{attributes(asked=opened.asked or None)}>{_steps(opened)}{closing}</div>',
        f'<article class="paper"><header><p class="outlet">{text(by or article.file)}</p>',
        f'<h2 class="headline" dir="auto">{text(article.name)}</h2>',
        f'<p class="author" dir="auto">{text(article.author)}</p>' if article.author else "",
        f'<p class="original"><a href="{text(link)}" target="_blank" rel="noopener noreferrer">Open the original '
        '<span class="unseen">(in a new tab)</span></a></p>'
        if link
        else "",
        f'<p class="note">{text(opened.standing)}</p>' if opened.standing else "",
        '</header><div class="paragraphs">',
        *(_paragraph(entry, opened) for entry in opened.paragraphs),
        "</div></article>",
    ]
    return "".join(parts)


def not_found(reason: str, asked: str = "") -> str:
    """Return what the pane shows when an article cannot be opened."""
    return (
        f'<div class="bar"{attributes(asked=asked or None)}>{button("✕", "close", kind="close", name="Close")}</div>'
        f'<p class="failure" role="alert">{text(reason)}</p>'
    )


def _steps(opened: OpenedArticle) -> str:
    if opened.count <= 1:
        return '<span class="steps"></span>'
    where = f"Citation {opened.place} of {opened.count}"
    back = button("←", "step", kind="step", name="Previous citation", by=-1)
    on = button("→", "step", kind="step", name="Next citation", by=1)
    return f'<span class="steps">{back}<span class="where">{where}</span>{on}</span>'


def _paragraph(paragraph: Paragraph, opened: OpenedArticle) -> str:
    cited = paragraph.number == opened.cited
    tag = _TAGS.get(paragraph.kind, "p")
    kinds = ["paragraph", paragraph.kind.value, *(["cited"] if cited else [])]
    focus = ' tabindex="-1"' if cited else ""
    number = f'<span class="number"><span class="unseen">Paragraph </span>{paragraph.number}</span>'
    return (
        f'<div class="{" ".join(kinds)}"{attributes(number=paragraph.number)}{focus}>{number}'
        f'<{tag} dir="auto">{_highlighted(paragraph, opened) if cited else text(paragraph.text)}</{tag}></div>'
    )


def _highlighted(paragraph: Paragraph, opened: OpenedArticle) -> str:
    """Return the cited paragraph's text with the quote marked; offsets outside of it mark nothing."""
    start = min(max(opened.start - paragraph.start, 0), len(paragraph.text))
    end = min(max(opened.end - paragraph.start, 0), len(paragraph.text))
    if start >= end:
        return text(paragraph.text)
    before, inside, after = paragraph.text[:start], paragraph.text[start:end], paragraph.text[end:]
    return f"{text(before)}<mark>{text(inside)}</mark>{text(after)}"
