"""An answer as HTML: claims with marks and verdicts, sources, versions side by side, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers.claim_view import view_of_claim
from assistant.answers.layout import Layout
from assistant.answers.view import AnswerView, DifferenceView, NearView, SectionView, SourceView, VersionView, view_of
from assistant.answers.wording import DIFFER, NEAREST, SUPERSEDED, copies_line, day
from assistant.conversations.store import KeptTurn
from assistant.page.elements import attributes, button, text
from assistant.page.listing import listing
from assistant.page.rating import actions
from assistant.page.sections import Shown, marks, opens, sections
from assistant.types import Answer, Claim
from index.types import Filters


@dataclass(frozen=True, slots=True)
class Writing:
    """An answer in the making: the quoted one, once it is there, and what a model has written so far."""

    question: str
    quoted: Answer | None = None
    claims: tuple[Claim, ...] = ()
    writes: bool = False
    """Whether a model writes when the quoted answer is there."""


def kept_turn(turn: KeptTurn, changed: Mapping[str, str], quoted: Answer | None = None) -> str:
    """Return a kept question with its answer; `changed` says by article what became of it since.

    `quoted` is what stood above a model's answer while it was written, and stays there until the page is loaded anew.
    """
    above = _evidence(view_of(quoted)) if quoted and turn.answer.writer != quoted.writer else ""
    body = f'{above}{_within(turn.filters)}{_answer(turn, changed)}{actions(turn)}<div class="next"></div>'
    return _turn(turn.question, body, turn.number)


def next_questions(questions: Sequence[str], conversation: str, turn: int) -> str:
    """Return what may be asked next, for the end of a turn; nothing where there is no question."""
    items = "".join(f"<li>{button(question, 'ask', kind='ask-next', question=question)}</li>" for question in questions)
    shown = f'<section class="further"><h3>Ask next</h3><ul>{items}</ul></section>' if items else ""
    return f"<div{attributes(conversation=conversation, turn=turn)}>{shown}</div>"


def writing_turn(writing: Writing, number: int) -> str:
    """Return a question whose answer is being made. Its order does not change when more comes: nothing jumps."""
    if writing.quoted is None:
        return _turn(writing.question, '<p class="waiting">Looking through the articles…</p>', number, live=True)
    quoted = view_of(writing.quoted)
    parts = [_evidence(quoted)]
    if writing.writes and quoted.reply is None and not quoted.listing:
        written = SectionView("", tuple(map(view_of_claim, writing.claims)))  # before it is known where each stands
        parts.append(f'<p class="dateline">{text(quoted.dateline("A model is writing"))}</p>')
        parts.append(sections([written], Layout.TEXT, Shown(lead=quoted.lead)))
        parts.append('<p class="waiting">Reading on; each sentence is checked before it is shown.</p>')
    return _turn(writing.question, "".join(parts), number, live=True)


def failed_turn(question: str, reason: str, number: int) -> str:
    """Return a question that could not be answered, with the reason and a way to try again."""
    body = (
        f'<p class="failure" role="alert">{text(reason)}</p>'
        f'<div class="actions">{button("Try again", "ask", question=question)}'
        f"{button('Edit the question', 'edit', question=question)}</div>"
    )
    return _turn(question, body, number)


def _turn(question: str, body: str, number: int, *, live: bool = False) -> str:
    return (
        f'<article class="turn"{attributes(turn=number, live=live)} aria-labelledby="question-{number}"'
        f"{' aria-busy=true' if live else ''}>"
        f'<h2 class="question" id="question-{number}" dir="auto">{text(question)}</h2>{body}</article>'
    )


def _within(filters: Filters) -> str:
    """Return which articles were asked, where it was not all of them."""
    said = [
        *filters.outlets,
        *([f"from {day(filters.since.isoformat())}"] if filters.since else []),
        *([f"to {day(filters.until.isoformat())}"] if filters.until else []),
    ]
    return f'<p class="within">Asked of: {text(", ".join(said))}</p>' if said else ""


def _answer(turn: KeptTurn, changed: Mapping[str, str]) -> str:
    view = view_of(turn.answer)
    if view.refusal is not None:
        return _refusal(view)
    if view.reply is not None:
        return f"{_reply(view)}{_note(view.note)}"
    shown = Shown(turn, view.lead, view.table_head, quoted=turn.answer.writer == "quoting")
    return "".join(
        [
            f'<p class="dateline">{text(view.dateline())}</p>',
            listing(view.listing, as_table=view.as_table) if view.listing else "",
            sections(view.sections, view.layout, shown),
            *map(_difference, view.differences),
            _note(view.note),
            _sources(view.sources, changed),
        ]
    )


def _evidence(quoted: AnswerView) -> str:
    """Return what can be quoted at once, before a model has read on."""
    if quoted.refusal is not None:
        return f'<section class="evidence"><h3>{NEAREST}</h3>{_nearest(quoted.nearest)}</section>'
    if quoted.reply is not None:
        return _reply(quoted)
    shown = Shown(None, quoted.lead, quoted.table_head, quoted=True)
    return (
        f'<section class="evidence"><p class="dateline">{text(quoted.dateline())}</p>'
        f"{listing(quoted.listing, as_table=quoted.as_table) if quoted.listing else ''}"
        f"{sections(quoted.sections, quoted.layout, shown)}"
        f"{''.join(map(_difference, quoted.differences))}</section>"
    )


# --- sources ---------------------------------------------------------------------------------------------------------


def _sources(sources: Sequence[SourceView], changed: Mapping[str, str]) -> str:
    items = "".join(_source(source, changed.get(source.article)) for source in sources)
    heading = f"{len(sources)} {'source' if len(sources) == 1 else 'sources'}"
    return f'<section class="sources"><h3>{heading}</h3><ol>{items}</ol></section>' if items else ""


def _source(source: SourceView, changed: str | None) -> str:
    same = f'<span class="aside">{text(copies_line(source.copies))}</span>' if source.copies else ""
    since = f'<span class="aside changed">{text(changed)}</span>' if changed else ""
    return (
        f'<li><button type="button" class="source"{opens(source.quotes[0].citation if source.quotes else source)}>'
        f'<span class="number" aria-hidden="true">{source.number}</span>'
        f'<span class="title" dir="auto">{text(source.title)}</span> '
        f'<span class="by">{text(source.by)} · ¶{source.paragraph}</span></button>{same}{since}</li>'
    )


# --- where articles differ -------------------------------------------------------------------------------------------


def _difference(difference: DifferenceView) -> str:
    versions = "".join(map(_version, difference.versions))
    return (
        f'<section class="differ"><h3>{DIFFER} <span class="about">{text(difference.about)}</span></h3>'
        f'<div class="versions">{versions}</div></section>'
    )


def _version(version: VersionView) -> str:
    old = f' <span class="tag">{SUPERSEDED}</span>' if version.superseded else ""
    figures = "".join(
        f'<figure><blockquote dir="auto">{text(quote.words)}</blockquote>'
        f"<figcaption>{text(quote.by)} {marks([quote])}</figcaption></figure>"
        for quote in version.quotes
    )
    kind = "version superseded" if version.superseded else "version"
    return f'<section class="{kind}"><h4 dir="auto">{text(version.value)}{old}</h4>{figures}</section>'


# --- refusals and replies --------------------------------------------------------------------------------------------


def _refusal(view: AnswerView) -> str:
    coverage = f'<p class="coverage">{text(view.coverage)}</p>' if view.coverage else ""
    nearest = f"<h3>{NEAREST}</h3>{_nearest(view.nearest)}" if view.nearest else ""
    return (
        f'<section class="refusal"><p class="refused" dir="auto">{text(view.refusal)}</p>{_note(view.note)}'
        f"{nearest}{coverage}</section>"
    )


def _reply(view: AnswerView) -> str:
    lines = "".join(f'<p dir="auto">{text(line)}</p>' for line in view.reply_lines)
    return f'<section class="reply">{lines}</section>'


def _nearest(nearest: Sequence[NearView]) -> str:
    items = [
        f'<li><p dir="auto">{text(entry.text)}</p><p class="by">{text(entry.by)} · ¶{entry.paragraph} '
        + button("Read on", "cite", article=entry.article, paragraph=entry.paragraph)
        + "</p></li>"
        for entry in nearest
    ]
    return f'<ol class="nearest">{"".join(items)}</ol>'


def _note(note: str | None) -> str:
    return f'<p class="note" dir="auto">{text(note)}</p>' if note else ""
