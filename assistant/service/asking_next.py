"""What may be asked next: questions about what stands near an answer, each tried before it is shown.

A large model proposes questions about the cited articles; without one, who and what is named in them, and not in the
answer, is asked about. The quoting assistant decides: only what it answers, first of all from a paragraph that was not
cited yet, is suggested.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from assistant.answering import Assistant
from assistant.language.names import names_in
from assistant.models.chat_model import ChatModel
from assistant.question.kinds import content_terms, names
from assistant.types import Answer, Citation, Turn
from assistant.writing.prompting import next_questions
from index.errors import ModelError
from index.types import Filters, Paragraph, ParagraphKind

MOST_SHOWN = 3
MOST_TRIED = 8
"""Questions that are tried: each costs as much as an answer of quotations, about a tenth of a second."""
MOST_READ = 12
"""Paragraphs of the cited articles that a model proposes questions from."""
LONGEST_SECONDS = 3.0
LONGEST_QUESTION = 90


def suggest(
    assistant: Assistant,
    answer: Answer,
    history: Sequence[Turn] = (),
    filters: Filters | None = None,
    seconds: float = LONGEST_SECONDS,
) -> list[str]:
    """Return up to three questions that the articles near an answer answer, from paragraphs that it does not cite.

    `history` holds the turns up to this answer: a suggestion is tried as it would be asked after them. After so many
    seconds no further one is tried. A refusal has nothing near it to go on from, and gets none.
    """
    if not answer.answered:
        return []
    end = time.monotonic() + seconds
    quoting = Assistant(assistant.searcher)
    cited = {key for citation in answer.citations for key in _keys(citation)}
    near = [paragraph for paragraph in _nearest(quoting, answer) if paragraph.key not in cited]
    known = [*(turn.question for turn in history), answer.question, answer.text]
    shown: list[str] = []
    for question in islice(_proposed(assistant.model, near, known, end), MOST_TRIED):
        if len(shown) == MOST_SHOWN or time.monotonic() > end:
            break
        found = quoting.ask(question, history, filters)
        keys = {key for claim in found.claims[:1] for citation in claim.citations for key in _keys(citation)}
        if found.answered and not keys & cited:
            shown.append(question)
            cited |= {key for citation in found.citations for key in _keys(citation)}
    return shown


def _proposed(model: ChatModel | None, near: Sequence[Paragraph], known: Sequence[str], end: float) -> Iterator[str]:
    """Yield what a large model proposes; then, or where it fails, questions about who and what is named."""
    if model and not model.small:
        try:
            texts = [paragraph.text for paragraph in near[:MOST_READ]]
            proposed = next_questions(model, known, texts, lambda: time.monotonic() > end)
        except ModelError:
            proposed = []
        asked = {_plain(question) for question in known}
        yield from (each for each in proposed if len(each) <= LONGEST_QUESTION and _plain(each) not in asked)
    yield from (f"What is said about {name}?" for name in named_in(near, known))


def named_in(paragraphs: Sequence[Paragraph], known: Sequence[str]) -> Iterator[str]:
    """Yield the names of two and more words in paragraphs, each once, that the known texts do not have."""
    terms = {term for text in known for term in content_terms(text)}
    for paragraph in paragraphs:
        words = set(names_in(paragraph.text))
        for name in names(paragraph.text):
            kept = [word.rstrip(".,") for word in name.split() if word.rstrip(".,’'s") in words or word in words]
            own = set(content_terms(" ".join(kept)))
            if len(kept) > 1 and own and not own & terms:
                terms |= own
                yield " ".join(kept)


def _nearest(assistant: Assistant, answer: Answer) -> list[Paragraph]:
    """Return the paragraphs of the cited articles, each article's from what is cited outwards."""
    library = assistant.searcher.library
    cited: dict[str, list[int]] = {}
    for source in answer.sources:
        cited.setdefault(source.article, []).append(source.paragraph)
    live = {article.id: article for article in library.articles(Filters(articles=tuple(cited)))}
    return [
        paragraph
        for name, numbers in cited.items()
        if name in live
        for paragraph in sorted(library.paragraphs(live[name]), key=partial(_distance, numbers))
        if paragraph.kind not in {ParagraphKind.FURNITURE, ParagraphKind.HEADING}
    ]


def _distance(numbers: Sequence[int], paragraph: Paragraph) -> int:
    return min(abs(paragraph.number - number) for number in numbers)


def _keys(citation: Citation) -> tuple[str, ...]:
    return f"{citation.article}#{citation.paragraph}", *citation.copies


def _plain(text: str) -> str:
    return " ".join(content_terms(text))
