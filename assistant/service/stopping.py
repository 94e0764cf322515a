"""An answer that is stopped while it is made ends with what there is by then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from assistant.types import Answer, Claim, Event

STOPPED_WRITING = "Stopped before the model had finished."


STOPPED_QUOTED = "Stopped; what was quoted stands."


def stoppable(events: Iterator[Event], stopped: threading.Event) -> Iterator[Event]:
    """Yield the events of an answer; one that is stopped ends with what there is, and a note that says so."""
    quoted: Answer | None = None
    try:
        for event in events:
            if isinstance(event.value, Claim):
                yield event
            elif quoted is None:
                if stopped.is_set():
                    return
                quoted = event.value
                yield event
            else:
                yield Event("done", _ended(event.value, quoted) if stopped.is_set() else event.value)
    except KeyboardInterrupt:  # the second Ctrl-C, for a model that does not stop
        if quoted is not None:
            yield Event("done", quoted.with_note(STOPPED_QUOTED))


def _ended(answer: Answer, quoted: Answer) -> Answer:
    """Return what stands when a model was stopped: the sentences that it wrote, else the quoted answer."""
    if answer is quoted or (answer.writer == quoted.writer and answer.note == quoted.note):
        return answer
    if answer.answered and answer.writer != quoted.writer:
        return answer.with_note(STOPPED_WRITING)
    stopped = quoted.with_note(STOPPED_QUOTED)
    return replace(stopped, timings=answer.timings, usage=answer.usage, model=answer.model)
