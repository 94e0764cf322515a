"""What a reader can do with an answer: rate it and its sentences, note why, copy, export, ask again."""

from __future__ import annotations

from assistant.answers.exporting import EXPORT_FORMATS
from assistant.conversations.store import KeptTurn
from assistant.page.elements import attributes, button, text

_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 11h4v9H3zM7 11l4-8a2 2 0 0 1 3 2l-1 4h5.6a2 2 0 0 1 2 '
    '2.3l-1.2 7A2 2 0 0 1 17.4 20H7"/></svg>'
)


def actions(turn: KeptTurn) -> str:
    """Return the row of buttons under an answer, with the field for a note on it."""
    feedback = turn.judged()
    thumb = feedback.thumb if feedback else 0
    exports = "".join(
        button(each.label, "take", turn=turn.number, format=kind) for kind, each in EXPORT_FORMATS.items()
    )
    return (
        f'<div class="actions">{_thumb(turn.number, thumb, 1)}{_thumb(turn.number, thumb, -1)}'
        f"{button('Copy', 'take', turn=turn.number, format='copy', name='Copy the answer with its sources')}"
        f"{button('Ask again', 'ask', question=turn.question)}{button('Edit', 'edit', question=turn.question)}"
        f'<details class="exports"><summary>Export</summary><div>{exports}</div></details></div>' + thought(turn)
    )


def thought(turn: KeptTurn, claim: int | None = None) -> str:
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


def nods(turn: KeptTurn, place: int) -> str:
    """Return the two thumbs of the sentence at a place, from 0."""
    given = turn.judged(place)
    thumb = given.thumb if given else 0
    return f'<span class="nods">{_thumb(turn.number, thumb, 1, place)}{_thumb(turn.number, thumb, -1, place)}</span>'
