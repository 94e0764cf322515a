"""Follow-ups that reshape the question before: longer, as a table, from one outlet, earlier, or of another topic.

A turn is read as such if, once the words that say how an answer is wanted and the names of outlets are taken out, no
topic is left in it. What it asks then is the question before, in another manner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.question.following.answered import earliest_day, only_person
from assistant.question.following.follow_up import leans, standalone_question
from assistant.question.following.manners import Manner, read_manner, without_manner
from assistant.question.following.outlet_spans import outlet_spans, without_outlets, without_spans
from assistant.question.following.phrases import words_of
from assistant.question.following.replacing import period_alone, with_period, with_topic
from assistant.question.following.turn_words import has, opened, turn_words, without
from assistant.question.form import form_of
from assistant.question.kinds import names
from assistant.question.topic import topic_of
from assistant.types import Form, Turn

__all__ = ["FollowedUp", "Manner", "followed_up"]

_TURNS_READ = 12
"""Turns before a question that are looked at."""
_LONGEST_TURN = 300
"""Characters of a turn that may be no more than a follow-up."""
_BARE = 2
"""Words of a turn up to which it asks no more than a fact of what went before."""
_LONGEST_TOPIC = 8
"""Words of a new topic that a turn gives."""
_PROBED = "the strike"
"""Stands for the topic before where the form of a turn is read off its words."""
_UNCHANGED = Manner()


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A question that stands alone, and how its answer is wanted."""

    text: str
    manner: Manner = _UNCHANGED


def followed_up(question: str, history: Sequence[Turn], outlets: Sequence[str]) -> FollowedUp:
    """Return the question that a turn asks once the turns before it are known, and the manner that it asks for.

    `outlets` are those of the collection. A turn that stands alone is returned as it is, but for words at its beginning
    or end that say how its answer is wanted.
    """
    conversation = _Conversation(outlets)
    for turn in history[-_TURNS_READ:]:
        conversation.take(turn.question)
        conversation.answer = turn.answer
    return conversation.take(question)


class _Conversation:
    """The question that stands, turn by turn."""

    def __init__(self, outlets: Sequence[str]) -> None:
        self.answer = ""
        """The text of the last answer."""
        self._outlets = tuple(outlet for outlet in outlets if outlet.strip())
        self._asked: FollowedUp | None = None
        self._topics: list[Turn] = []
        """What a question that leans takes its topic from."""

    def take(self, question: str) -> FollowedUp:
        """Return what a turn asks; unless it asks nothing, it is what the next one follows."""
        if _is_courtesy(question):
            return FollowedUp(question)
        if self._asked and len(question) <= _LONGEST_TURN:
            if found := self._about_person(question, self._asked):
                return self._stands(found)
            if found := self._reshaped(question, self._asked):
                self._asked = found
                return found
            if found := self._moved(question, self._asked):
                return self._stands(found)
        text, manner = read_manner(question)
        form = self._form(text)
        if form is Form.TALK and not (self._asked and _asks_fact(text) and not has(text, "assistant")):
            return FollowedUp(question)
        if self._asked and leans(text):
            own = _without_opener(text)
            if not (form.is_wide and self._has_topic(own, form)):
                self._asked = FollowedUp(standalone_question(text, self._topics), manner)
                self._topics.append(Turn(text))
                return self._asked
            text = own
        return self._stands(FollowedUp(text, manner))

    def _stands(self, asked: FollowedUp) -> FollowedUp:
        """Take a question that needs none before it."""
        topic = topic_of(without_outlets(asked.text, self._outlets)) if self._form_of(asked).is_wide else ""
        self._topics = [Turn(topic)] if topic else [*self._topics, Turn(asked.text)]
        self._asked = asked
        return asked

    def _form(self, text: str) -> Form:
        """Return the form of a question; what names a topic is no talk, however politely it is put."""
        form = form_of(text[opened(text, "politely") :] or text, self._outlets)
        return Form.FACT if form is Form.TALK and topic_of(text) else form

    def _form_of(self, asked: FollowedUp) -> Form:
        return asked.manner.form or self._form(asked.text)

    def _has_topic(self, question: str, form: Form) -> bool:
        """Whether a wide question says what it is about before it refers to anything; at its end it refers back."""
        if form is Form.WHO_IS and not names(question):
            return False
        words, back = words_of(question), turn_words("back")
        referring = [place for place in range(len(words)) if back.at(words, place)]
        if referring[-1:] == [len(words) - 1]:
            return False
        said = question[: words[referring[0]].start] if referring else question
        return has(question, "of all") or _names_topic(without_outlets(said, self._outlets))

    # -- the question before, in another manner

    def _reshaped(self, turn: str, asked: FollowedUp) -> FollowedUp | None:
        rest, earlier = without(turn, "before")
        rest, manner, says_how = without_manner(rest, asked.manner)
        rest, named = self._without_named(rest)
        if _names_topic(rest) or has(turn, "of all") or has(turn, "afterwards"):
            return None
        if named:
            manner = replace(manner, outlets=named)
        elif asked.manner.outlets and has(rest, "all outlets"):
            rest, says_how = without(rest, "all outlets")
            manner = replace(manner, outlets=())
        if earlier:
            day = earliest_day(self.answer)
            if day is None and not self._form_of(asked).is_wide:
                return None
            manner = replace(manner, before=day)
        is_reshaped = (says_how or named or earlier) and not _asks_fact(turn)
        if is_reshaped and not has(rest, "catalogue"):
            return FollowedUp(asked.text, manner)
        form = Form.FACT if self._form(turn) is Form.TALK else self._probed(turn)
        is_bare = _asks_fact(turn) and len(turn.split()) <= _BARE  # "Why?" has no frame to read a form off
        if form.is_wide and not is_bare:
            return FollowedUp(asked.text, replace(manner, form=form))
        return FollowedUp(asked.text, manner) if is_reshaped else None

    def _probed(self, turn: str) -> Form:
        """Return the form of a turn with some topic put in for what it refers to."""
        text = _without_opener(turn)
        probe = _with_first(text, "back", _PROBED) or f"{text.rstrip(' ?!.')} about {_PROBED}?"
        form = self._form(probe)
        return Form.FACT if form in {Form.LIST, Form.COUNT} and not has(turn, "catalogue") else form

    def _without_named(self, turn: str) -> tuple[str, tuple[str, ...]]:
        """Return a turn without the outlets that it names, and those."""
        spans = list(outlet_spans(turn, self._outlets, loosely=True))
        rest = without_spans(turn, [(start, end) for _, start, end in spans])
        return rest, tuple(dict.fromkeys(outlet for outlet, _, _ in spans))

    # -- the question before, of something else

    def _moved(self, turn: str, asked: FollowedUp) -> FollowedUp | None:
        """Ask the question before, if it is a wide one, of a topic or period that a turn names and no more."""
        form = self._form_of(asked)
        opening = opened(turn, "opens")
        phrase, added = read_manner(turn[opening:])
        phrase = phrase.strip(" \t\n?.!,;:")
        words = phrase.split()
        leads = opening > 0 or words[:1] == ["the"] or phrase[:1].isupper()
        if not (form.is_wide and leads and 0 < len(words) <= _LONGEST_TOPIC):
            return None
        if has(phrase, "asks") or has(phrase, "back"):
            return None
        manner = replace(_added(asked.manner, added), before=None)
        today = date.today()
        if period_alone(phrase, today):
            return FollowedUp(with_period(asked.text, phrase, today), manner)
        rest, _ = without(self._without_named(without_manner(phrase, manner)[0])[0], "before")
        if not topic_of(rest):
            return None
        return FollowedUp(with_topic(asked.text, phrase, form, self._outlets), manner)

    def _about_person(self, turn: str, asked: FollowedUp) -> FollowedUp | None:
        """Put the name in for "he" or "she" where a turn asks something wide of that person and nothing else."""
        if topic_of(turn) or not (person := only_person(asked.text, self.answer, self._outlets)):
            return None
        text, manner = read_manner(_with_first(_without_opener(turn), "a person", person))
        return FollowedUp(text, manner) if text and self._form(text).is_wide else None


def _added(manner: Manner, other: Manner) -> Manner:
    """Return a manner with what another one says."""
    return replace(
        manner,
        form=other.form or manner.form,
        length=other.length or manner.length,
        as_table=other.as_table or manner.as_table,
    )


def _is_courtesy(turn: str) -> bool:
    """Whether a turn greets, thanks or nods, and does nothing else."""
    rest, is_courteous = without(turn[:_LONGEST_TURN], "courtesies")
    rest, _ = without(rest, "beside courtesies")
    return is_courteous and not words_of(rest)


def _asks_fact(turn: str) -> bool:
    """Whether a turn asks something of its own."""
    start = opened(turn, "joins")
    return has(turn, "asks a fact") or opened(turn[start:], "begins a fact") > 0


def _names_topic(text: str) -> bool:
    """Whether something is named besides the words that a follow-up may hold."""
    return bool(topic_of(without(text, "fillers")[0]))


def _with_first(text: str, kind: str, words: str) -> str:
    """Return a text with other words for the first of a kind; empty where there is none."""
    found, phrases = words_of(text), turn_words(kind)
    first = next((word for place, word in enumerate(found) if phrases.at(found, place)), None)
    return f"{text[: first.start]}{words}{text[first.end :]}" if first else ""


def _without_opener(turn: str) -> str:
    """Return a turn without its "And" or "But"."""
    rest = turn[opened(turn, "joins") :]
    return rest[:1].upper() + rest[1:] if rest else turn
