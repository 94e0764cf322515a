"""Writing with a model: what it is shown, and what it is asked. The prompts are the files in `prompts/`.

Articles are data. Each paragraph stands between its own number and the next, and what in it looks like a mark, a tag or
a line of a conversation is made harmless, so that no article can pass for an instruction, a source or a role.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.models.types import Message
from assistant.safe_text import for_model
from assistant.types import Form, Turn
from assistant.writing.marks import MarkedSentence, MarkParser, parse
from assistant.writing.orders import without_orders
from index.types import Article, Hit, Paragraph

if TYPE_CHECKING:
    from assistant.models.chat_model import ChatModel
PROMPTS = Path(__file__).with_name("prompts")

_DECLINING = re.compile(
    r"\bnot (?:stated )?in the (?:articles|paragraphs)\b"
    r"|^\W*(?:the|these) (?:articles|paragraphs) do(?: not|n['’]t) (?:state|say|mention|give|name|tell|specify)\b",
    re.IGNORECASE,
)
_MAX_TOKENS = {Form.FACT: 600}
_MAX_TOKENS_WIDE = 1_500
_MAX_TOKENS_SMALL = 80
_MAX_TOKENS_QUESTION = 80
_TURNS_SHOWN = 3
_LONGEST_ANSWER_SHOWN = 400

_MARK_LIKE = re.compile(r"[\[【［](?=\s*\^?\s*(?:source\s*)?\d)|(?<=\d)\s*[\]】］]")
_ROLE_LIKE = re.compile(r"<\|[^|>]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|^\s*#+\s*|```", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph as the model sees it: its number is its place in the list, from 1."""

    hit: Hit
    paragraph: Paragraph


@cache
def prompt(name: str) -> str:
    """Return a prompt by the name of its file."""
    return (PROMPTS / f"{name}.txt").read_text("utf-8").strip()


def harmless(text: str) -> str:
    """Return an article's text without what a model could take for a mark, a role or a sign of the prompt.

    Invisible characters go, square brackets around numbers become round ones, tags of chat templates go.
    """
    text = _ROLE_LIKE.sub(" ", for_model(text))
    text = _MARK_LIKE.sub(lambda match: "(" if match[0].strip() in "[【［" else ")", text)
    return " ".join(text.split())


def numbered(shown: Sequence[Shown]) -> str:
    """Return the paragraphs as the model reads them: number, outlet, date, text."""
    return "\n".join(
        f"[{number}] {described(entry)}: {harmless(without_orders(entry.paragraph.text))}"
        for number, entry in enumerate(shown, start=1)
    )


def grouped(shown: Sequence[Shown], longest: int | None = None) -> str:
    """Return the paragraphs as the model reads them, under title, outlet and date of their articles.

    Paragraphs of one article that follow each other stand under one line. `longest` cuts each, in characters.
    """
    articles: list[list[str]] = []
    before = None
    for number, entry in enumerate(shown, start=1):
        if entry.hit.article.id != before:
            before = entry.hit.article.id
            articles.append([f"Article: {titled(entry.hit.article)}"])
        articles[-1].append(f"[{number}] {harmless(without_orders(entry.paragraph.text))[:longest]}")
    return "\n\n".join("\n".join(lines) for lines in articles)


def titled(article: Article) -> str:
    """Return title, outlet and date of an article."""
    title, outlet = (harmless(without_orders(name or "")) for name in (article.title, article.outlet))
    published = article.published.isoformat() if article.published else ""
    where = ", ".join(filter(None, (outlet, published)))
    return " ".join(filter(None, (f"“{title}”" if title else article.id, f"({where})" if where else "")))


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has: a quarter of its bytes, as scripts but the Latin one take more."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def described(entry: Shown) -> str:
    """Return outlet and date of a paragraph's article, in brackets."""
    article = entry.hit.article
    said = (
        harmless(article.outlet or article.title or article.id),
        article.published.isoformat() if article.published else "",
    )
    return f"({', '.join(filter(None, said))})"


def composed(
    model: ChatModel, messages: Sequence[Message], form: Form, known: int, cancelled: Callable[[], bool] | None = None
) -> Iterator[MarkedSentence]:
    """Yield the sentences that the model writes from `known` paragraphs, as they are complete. Raises ModelError."""
    parser = MarkParser(known)
    for piece in model.stream(messages, max_tokens=_MAX_TOKENS.get(form, _MAX_TOKENS_WIDE), cancelled=cancelled):
        yield from parser.feed(piece)
    if cancelled and cancelled():
        return  # half a sentence is no claim
    yield from parser.finish()


def writing_messages(question: str, shown: Sequence[Shown], form: Form = Form.FACT) -> list[Message]:
    """Return the messages that ask for the answer; the paragraphs come first, in a stable order, for prompt caches."""
    asked = "compose" if form is Form.FACT else f"compose_{form.value}"
    return [
        Message("system", f"{prompt(asked)}\n\n{prompt('rules')}"),
        Message("user", f"{grouped(shown)}\n\nQuestion: {harmless(question)}"),
    ]


def declines(text: str) -> bool:
    """Whether a sentence says that the articles do not answer."""
    return bool(_DECLINING.search(text))


def rewritten(model: ChatModel, sentence: str, reasons: Sequence[str], shown: Sequence[Shown]) -> MarkedSentence | None:
    """Ask once for a better sentence; None when the model declines. Raises ModelError."""
    asked = f"{numbered(shown)}\n\nSentence: {harmless(sentence)}\nWhat is wrong: {'; '.join(reasons)}"
    reply = model.complete([Message("system", prompt("rewrite")), Message("user", asked)], max_tokens=_MAX_TOKENS_SMALL)
    written = parse(reply, len(shown))
    return None if not written or declines(written[0].text) else written[0]


def entailed(model: ChatModel, sentence: str, paragraphs: Sequence[Shown]) -> float:
    """Ask whether paragraphs state a sentence; return the probability of "yes", 0 to 1. Raises ModelError."""
    asked = (
        f"{numbered(paragraphs)}\n\nSentence: {harmless(sentence)}\nDo the paragraphs state all of it? Reply yes or no."
    )
    return model.affirms([Message("system", prompt("entail")), Message("user", asked)])


def contradict(model: ChatModel, question: str, one: tuple[Shown, str], other: tuple[Shown, str]) -> float:
    """Ask whether two sentences, each with where it stands, contradict each other; return the probability of "yes".

    Raises ModelError.
    """
    told = "\n".join(f"{described(entry)} {harmless(without_orders(text))}" for entry, text in (one, other))
    asked = f"Question: {harmless(question)}\n{told}\nDo they contradict each other about this? Reply yes or no."
    return model.affirms([Message("system", prompt("contradict")), Message("user", asked)])


def answers(model: ChatModel, question: str, entry: Shown) -> float:
    """Ask whether one paragraph states the answer; return the probability of "yes", 0 to 1. Raises ModelError."""
    return model.affirms(reading_messages(question, entry, "read_yes_no"))


def short_answer(
    model: ChatModel, question: str, entry: Shown, cancelled: Callable[[], bool] | None = None
) -> MarkedSentence | None:
    """Ask for one sentence that answers from one paragraph; None where there is none. Raises ModelError.

    The model is not offered to decline: it then declines most of what it could answer. Whether the sentence holds is
    for the gate to say.
    """
    messages = reading_messages(question, entry, "read_answer")
    reply = "".join(model.stream(messages, max_tokens=_MAX_TOKENS_SMALL, cancelled=cancelled))
    written = [sentence for sentence in parse(reply, 1)[:1] if not declines(sentence.text)]
    return MarkedSentence(written[0].text, (1,)) if written else None


def reading_messages(question: str, entry: Shown, asked: str) -> list[Message]:
    """Return the messages about one paragraph. What is asked comes last, so that llama.cpp reads the rest just once."""
    title, text = harmless(entry.hit.article.title or ""), harmless(without_orders(entry.paragraph.text))
    read = f"{described(entry)} {title}\n{text}\n\nQuestion: {harmless(question)}\n{prompt(asked)}"
    return [Message("system", prompt("read")), Message("user", read)]


def standalone(model: ChatModel, question: str, history: Sequence[Turn]) -> str:
    """Ask for a question that needs no conversation around it; the question itself where the reply is none.

    Raises ModelError.
    """
    told = "\n".join(
        f"Question: {harmless(turn.question)}\nAnswer: {harmless(turn.answer)[:_LONGEST_ANSWER_SHOWN]}"
        for turn in history[-_TURNS_SHOWN:]
    )
    asked = f"{told}\nLast question: {harmless(question)}"
    reply = model.complete(
        [Message("system", prompt("standalone")), Message("user", asked)], max_tokens=_MAX_TOKENS_QUESTION
    )
    lines = [line.strip().strip('"') for line in reply.splitlines() if line.strip()]
    usable = len(lines) == 1 and "?" in lines[0] and len(lines[0]) <= 3 * len(question) + 200
    return lines[0] if usable else question


def next_questions(
    model: ChatModel, known: Sequence[str], paragraphs: Sequence[str], cancelled: Callable[[], bool]
) -> list[str]:
    """Ask for questions that paragraphs answer, beyond what is known already: questions asked, answers given.

    What is no question is left out. Raises ModelError.
    """
    read = "\n".join(harmless(without_orders(text)) for text in paragraphs)
    told = "\n".join(harmless(text)[:_LONGEST_ANSWER_SHOWN] for text in known[-2 * _TURNS_SHOWN :])
    messages = [Message("system", prompt("next")), Message("user", f"{read}\n\nConversation:\n{told}")]
    reply = "".join(model.stream(messages, max_tokens=_MAX_TOKENS_QUESTION, cancelled=cancelled))
    lines = (line.strip().lstrip("-*0123456789. ").strip('"') for line in reply.splitlines())
    return [line for line in lines if line.endswith("?")]
