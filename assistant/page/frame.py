"""The parts around the answers: masthead, first visit, list of conversations, question box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.wording import coverage_line, day
from assistant.conversations.store import Conversation
from assistant.models.choosing import Choice
from assistant.page.elements import attributes, button, text
from index.types import Coverage

LONGEST_QUESTION = 2_000
LONGEST_SEARCH = 200

SAMPLE_ARTICLE = "sample-wire-call"
"""An article of the bundled collection: where it is, the questions below have answers."""
SAMPLE_QUESTIONS = (
    "For how many days will Russia stop striking energy infrastructure?",
    "How many prisoners of war is each side to release?",
    "How were the generators transported to Kharkiv?",
)


def masthead(coverage: Coverage | None) -> str:
    """Return the head of the page; `coverage` is None while there is no library."""
    holds = "No articles yet"
    if coverage and coverage.articles:
        holds = "1 article" if coverage.articles == 1 else f"{coverage.articles:,} articles"
        if coverage.first and coverage.last:
            same = coverage.first == coverage.last
            holds += f" · {day(coverage.last)}" if same else f" · {day(coverage.first)} – {day(coverage.last)}"
    return (
        '<header class="masthead">'
        f"{button('☰', 'drawer', kind='drawer', name='Conversations')}"
        f'<h1>Pullquote</h1><p class="holds">{text(holds)}</p>'
        '<nav aria-label="Pages">'
        '<button type="button" data-event="view" data-view="ask" aria-current="page">Ask</button>'
        '<button type="button" data-event="view" data-view="collection">Collection</button></nav></header>'
    )


@dataclass(frozen=True, slots=True)
class ConversationSearch:
    """What the list of conversations is searched for; `asked` is the number of the request."""

    words: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class DeletedConversation:
    """A conversation that was just deleted, and whether it was the one that was read."""

    id: str
    name: str
    was_open: bool = False


def conversation_list(
    conversations: Sequence[Conversation],
    current: str,
    search: ConversationSearch | None = None,
    gone: DeletedConversation | None = None,
) -> str:
    """Return the conversations, the latest first, with the open one marked."""
    items = "".join(_conversation(entry, current) for entry in conversations)
    nothing = "No conversation holds these words." if search and search.words else "What you ask is kept here."
    listed = f"<ul>{items}</ul>" if items else f'<p class="aside">{nothing}</p>'
    field = (
        '<form class="find" role="search" aria-label="Search the conversations" data-event="find">'
        f'<input type="search" name="words" maxlength="{LONGEST_SEARCH}" placeholder="Search" '
        'aria-label="Words in titles, questions or answers"></form>'
        if items or search
        else ""
    )
    return (
        f'<nav class="conversations" aria-label="Conversations"{attributes(asked=search.asked if search else None)}>'
        f'{button("New question", "new", kind="new")}<h2>Conversations</h2><div class="finding">{field}</div>'
        f'<div class="gone" role="status">{_gone(gone)}</div>{listed}</nav>'
    )


def _gone(gone: DeletedConversation | None) -> str:
    if gone is None:
        return ""
    undo = button("Undo", "unforget", kind="undo", to=gone.id, open=gone.was_open)
    return f'<p><span class="name" dir="auto">Deleted “{text(gone.name)}”.</span> {undo}</p>'


def _conversation(entry: Conversation, current: str) -> str:
    here = ' aria-current="true"' if entry.id == current else ""
    return (
        f'<li{attributes(id=entry.id)}><div class="entry"><button type="button" class="conversation"{here}'
        f'{attributes(event="enter", to=entry.id)}><span class="name" dir="auto">{text(entry.name)}</span> '
        f'<span class="by">{text(day(entry.changed[:10]))}</span></button>'
        + button("✎", "renaming", kind="close", name=f"Rename the conversation “{entry.name}”", to=entry.id)
        + button("✕", "forget", kind="close", name=f"Delete the conversation “{entry.name}”", to=entry.id)
        + f'</div><form class="rename" data-event="rename"{attributes(to=entry.id)} hidden>'
        f'<input name="name" maxlength="200" value="{text(entry.name)}" aria-label="Name of the conversation" '
        'autocomplete="off"><button class="plain">Save</button></form></li>'
    )


def first_visit(coverage: Coverage | None, writer: Choice, questions: Sequence[str]) -> str:
    """Return what a reader sees before the first question."""
    if coverage is None or not coverage.articles:
        body = (
            "<p>The collection is empty. Put articles in, and ask about them: text, Markdown, HTML, PDF, Word, or "
            f"tables of articles.</p><p>{button('Add articles', 'view', kind='primary', view='collection')}</p>"
            "<p class=aside>Or from a shell: <code>pullquote add FOLDER</code></p>"
        )
    else:
        asked = [button(question, "ask", kind="sample", question=question) for question in questions]
        items = "".join(f"<li>{one}</li>" for one in asked)
        tried = f"<h3>Try one of these</h3><ul class=samples>{items}</ul>" if asked else ""
        body = f'{tried}<p class="coverage">{text(coverage_line(coverage))}</p>'
    return (
        '<section class="welcome"><h2>Ask the articles.</h2>'
        "<p class=lead>Every sentence of an answer comes with the paragraph that proves it. What the articles do not "
        f"say, you are told.</p>{body}{_writer(writer)}</section>"
    )


def _writer(writer: Choice) -> str:
    if writer.kind == "quoting":
        return (
            f'<div class="writer"><p><strong>Answers are quoted word for word</strong> ({text(writer.reason)}).</p>'
            "<details><summary>Have a model write them</summary><p>Set <code>OPENAI_API_KEY</code>, or "
            "<code>OPENAI_BASE_URL</code> for a server of your own, or install the embedded model: "
            "<code>pip install 'pullquote[local]'</code>. Then start the page anew. Each sentence that a model writes "
            "is checked against its paragraphs.</p></details></div>"
        )
    return (
        f'<div class="writer"><p><strong>A chat model writes the answers</strong> ({text(writer.reason)}). Each '
        "sentence is checked against its paragraphs, and the quotations come first.</p></div>"
    )


def question_form(outlets: Sequence[str]) -> str:
    """Return the box that questions are typed into, with the filters behind it."""
    choices = "".join(f'<option value="{text(outlet)}">{text(outlet)}</option>' for outlet in outlets)
    return (
        '<form class="ask" data-event="ask">'
        '<label class="unseen" for="pq-question">Your question</label>'
        f'<div class="line"><textarea id="pq-question" name="question" rows="1" maxlength="{LONGEST_QUESTION}" '
        'placeholder="What would you like to know?" required enterkeyhint="send"></textarea>'
        '<button class="primary send">Ask</button>'
        '<button type="button" class="primary stop" data-event="stop">Stop</button></div>'
        '<details class="filters"><summary>All articles</summary><div class="fields">'
        f'<label>Outlet <select name="outlet"><option value="">All</option>{choices}</select></label>'
        '<label>From <input type="date" name="since"></label><label>To <input type="date" name="until"></label>'
        '<button type="reset" class="plain">All articles again</button></div></details></form>'
    )
