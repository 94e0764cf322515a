"""An answer as HTML: claims with marks and verdicts, sources, versions side by side, or a refusal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.answers.exporting import EXPORT_FORMATS
from assistant.answers.verdicts import ALL_QUOTED, NOT_CHECKED, is_quoted, made, shown_verdict
from assistant.answers.wording import coverage_line, day
from assistant.conversations.store import KeptTurn
from assistant.page.elements import attributes, button, said_by, text
from assistant.types import Answer, Citation, Claim, Disagreement, Evidence, Source, Verdict, Version
from index.types import Filters

SHAPES = {Verdict.SUPPORTED: "✓", Verdict.PARTLY: "◐", Verdict.UNSUPPORTED: "✕"}
QUOTED_SHAPE = "”"
NEAREST_SHOWN = 3
_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 11h4v9H3zM7 11l4-8a2 2 0 0 1 3 2l-1 4h5.6a2 2 0 0 1 2 '
    '2.3l-1.2 7A2 2 0 0 1 17.4 20H7"/></svg>'
)


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
    above = _evidence(quoted) if quoted and turn.answer.writer != quoted.writer else ""
    body = f'{above}{_within(turn.filters)}{_answer(turn, changed)}{_actions(turn)}<div class="next"></div>'
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
    parts = [_evidence(writing.quoted)]
    if writing.writes:
        parts.append(f'<p class="dateline">{text(_dateline(writing.quoted.as_of, "A model is writing"))}</p>')
        parts.append(_claims(writing.claims, quoted=False))
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
    answer = turn.answer
    if not answer.answered:
        return _refusal(answer)
    quoted = answer.writer == "quoting"
    return "".join(
        [
            f'<p class="dateline">{text(_dateline(answer.as_of, made(answer)))}</p>',
            _claims(answer.claims, quoted=quoted, turn=turn),
            *map(_disagreement, answer.disagreements),
            _note(answer.note),
            _sources(answer, changed),
        ]
    )


def _evidence(quoted: Answer) -> str:
    """Return what can be quoted at once, before a model has read on."""
    if not quoted.answered:
        return f'<section class="evidence"><h3>Nearest paragraphs</h3>{_nearest(quoted.evidence)}</section>'
    return (
        f'<section class="evidence"><p class="dateline">{text(_dateline(quoted.as_of, ALL_QUOTED))}</p>'
        f"{_claims(quoted.claims, quoted=True)}{''.join(map(_disagreement, quoted.disagreements))}</section>"
    )


def _dateline(as_of: str | None, writer: str) -> str:
    return f"As of {day(as_of)} · {writer}" if as_of else writer


# --- claims ----------------------------------------------------------------------------------------------------------


def _claims(claims: Sequence[Claim], *, quoted: bool, turn: KeptTurn | None = None) -> str:
    """Return claims; those of a kept turn can be rated one by one."""
    kind = "claims quoted" if quoted else "claims"
    items = "".join(_claim(claim, turn, place) for place, claim in enumerate(claims))
    return f'<ol class="{kind}">{items}</ol>' if claims else ""


def _claim(claim: Claim, turn: KeptTurn | None, place: int) -> str:
    quoted = is_quoted(claim)
    said = (*claim.reasons, *((NOT_CHECKED,) if quoted else ())) or ("No reason is recorded.",)
    reasons = "".join(f"<li>{text(reason)}</li>" for reason in said)
    kind, shape = ("verbatim", QUOTED_SHAPE) if quoted else (claim.verdict.value, SHAPES[claim.verdict])
    return (
        f'<li class="claim {kind}"><p class="said" dir="auto"><span>{text(claim.text)}</span>'
        f'{marks(claim.citations)}</p><div class="judged">'
        f'<details class="verdict"><summary><span class="shape" aria-hidden="true">{shape}</span> '
        f"{text(shown_verdict(claim))}</summary><ul>{reasons}</ul></details>{_nods(turn, place) if turn else ''}</div>"
        f"{_thought(turn, place) if turn else ''}</li>"
    )


def _nods(turn: KeptTurn, place: int) -> str:
    given = turn.judged(place)
    thumb = given.thumb if given else 0
    return f'<span class="nods">{_thumb(turn.number, thumb, 1, place)}{_thumb(turn.number, thumb, -1, place)}</span>'


def marks(citations: Sequence[Citation]) -> str:
    """Return numbered marks, each number once, that open the article at the quote."""
    first: dict[int, Citation] = {}
    for citation in citations:
        first.setdefault(citation.number, citation)
    return "".join(map(_mark, first.values()))


def _mark(citation: Citation) -> str:
    by = said_by(citation)
    name = f"Source {citation.number}: {by}, paragraph {citation.paragraph}"
    return (
        f'<button type="button" class="mark" aria-label="{text(name)}"'
        f"{_place(citation)}{attributes(quote=citation.quote, by=by)}>{text(citation.number)}</button>"
    )


def _place(citation: Citation) -> str:
    return attributes(
        event="cite", article=citation.article, revision=citation.revision, paragraph=citation.paragraph,
        start=citation.start, end=citation.end, number=citation.number,
    )  # fmt: skip


# --- sources ---------------------------------------------------------------------------------------------------------


def _sources(answer: Answer, changed: Mapping[str, str]) -> str:
    cited: dict[int, Citation] = {}
    copies: dict[int, dict[str, None]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.number, citation)
        copies.setdefault(citation.number, {}).update(dict.fromkeys(citation.copies))
    items = [
        _source(source, cited.get(source.number), copies.get(source.number, {}), changed.get(source.article))
        for source in answer.sources
    ]
    heading = f"{len(items)} {'source' if len(items) == 1 else 'sources'}"
    return f'<section class="sources"><h3>{heading}</h3><ol>{"".join(items)}</ol></section>' if items else ""


def _source(source: Source, citation: Citation | None, copies: Collection[str], changed: str | None) -> str:
    place = (
        _place(citation)
        if citation
        else attributes(event="cite", article=source.article, revision=source.revision, paragraph=source.paragraph)
    )
    same = f'<span class="aside">Same text in {text(", ".join(copies))}</span>' if copies else ""
    since = f'<span class="aside changed">{text(changed)}</span>' if changed else ""
    return (
        f'<li><button type="button" class="source"{place}>'
        f'<span class="number" aria-hidden="true">{source.number}</span>'
        f'<span class="title" dir="auto">{text(source.title or source.file)}</span> '
        f'<span class="by">{text(said_by(source))} · ¶{source.paragraph}</span></button>{same}{since}</li>'
    )


# --- where articles differ -------------------------------------------------------------------------------------------


def _disagreement(disagreement: Disagreement) -> str:
    about = f"{disagreement.kind}: {disagreement.about}" if disagreement.about else disagreement.kind
    versions = "".join(map(_version, disagreement.versions))
    return (
        f'<section class="differ"><h3>The articles differ <span class="about">{text(about)}</span></h3>'
        f'<div class="versions">{versions}</div></section>'
    )


def _version(version: Version) -> str:
    old = ' <span class="tag">superseded</span>' if version.superseded else ""
    figures = "".join(
        f'<figure><blockquote dir="auto">{text(citation.quote)}</blockquote>'
        f"<figcaption>{text(said_by(citation))} {marks([citation])}</figcaption></figure>"
        for citation in version.citations
    )
    kind = "version superseded" if version.superseded else "version"
    return f'<section class="{kind}"><h4 dir="auto">{text(version.value)}{old}</h4>{figures}</section>'


# --- refusals --------------------------------------------------------------------------------------------------------


def _refusal(answer: Answer) -> str:
    coverage = f'<p class="coverage">{text(coverage_line(answer.coverage))}</p>' if answer.coverage else ""
    nearest = f"<h3>Nearest paragraphs</h3>{_nearest(answer.evidence)}" if answer.evidence else ""
    return (
        f'<section class="refusal"><p class="refused" dir="auto">{text(answer.text)}</p>{_note(answer.note)}'
        f"{nearest}{coverage}</section>"
    )


def _nearest(evidence: Sequence[Evidence]) -> str:
    items = [
        f'<li><p dir="auto">{text(entry.text)}</p><p class="by">{text(said_by(entry))} · ¶{entry.paragraph} '
        + button("Read on", "cite", article=entry.article, paragraph=entry.paragraph)
        + "</p></li>"
        for entry in evidence[:NEAREST_SHOWN]
    ]
    return f'<ol class="nearest">{"".join(items)}</ol>'


def _note(note: str | None) -> str:
    return f'<p class="note" dir="auto">{text(note)}</p>' if note else ""


# --- what can be done with an answer ---------------------------------------------------------------------------------


def _actions(turn: KeptTurn) -> str:
    feedback = turn.judged()
    thumb = feedback.thumb if feedback else 0
    exports = "".join(
        button(each.label, "take", turn=turn.number, format=kind) for kind, each in EXPORT_FORMATS.items()
    )
    return (
        f'<div class="actions">{_thumb(turn.number, thumb, 1)}{_thumb(turn.number, thumb, -1)}'
        f"{button('Copy', 'take', turn=turn.number, format='copy', name='Copy the answer with its sources')}"
        f"{button('Ask again', 'ask', question=turn.question)}{button('Edit', 'edit', question=turn.question)}"
        f'<details class="exports"><summary>Export</summary><div>{exports}</div></details></div>' + _thought(turn)
    )


def _thought(turn: KeptTurn, claim: int | None = None) -> str:
    """Return the field for a note, once there is a thumb or a note."""
    feedback = turn.judged(claim)
    if not feedback or not (feedback.thumb or feedback.note):
        return ""
    about = "Your note" if claim is None else f"Your note on sentence {claim + 1}"
    return (
        f'<form class="thought"{attributes(event="rate", turn=turn.number, thumb=feedback.thumb, claim=claim)}>'
        f'<label>{about} <input name="note" maxlength="2000" value="{text(feedback.note)}" '
        'placeholder="What was right or wrong?"></label>'
        '<button class="plain">Save note</button></form>'
    )


def _thumb(turn: int, given: int, thumb: int, claim: int | None = None) -> str:
    word = "Good" if thumb > 0 else "Bad"
    name = f"{word} answer" if claim is None else f"{word} sentence {claim + 1}"
    kind = ("thumb" if claim is None else "nod") + ("" if thumb > 0 else " down")
    pressed = given == thumb
    return (
        f'<button type="button" class="{kind}" aria-label="{name}" title="{name}" '
        f'aria-pressed="{"true" if pressed else "false"}"'
        f"{attributes(event='rate', turn=turn, thumb=0 if pressed else thumb, claim=claim)}>{_THUMB}</button>"
    )
