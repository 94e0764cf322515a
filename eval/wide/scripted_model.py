"""A large chat model for evaluation that knows nothing: it reads only what it is shown, and replies by rules.

It stands behind the real `ChatModel`, so that what is measured is what research finds and shows, and no model's talent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.config import Settings
from assistant.models.chat_model import ChatModel
from assistant.models.types import Chunk, Message, Task
from assistant.question.kinds import content_terms
from assistant.research.planning import SEARCHES_SO_FAR
from assistant.writing.prompting import estimated_tokens, prompt
from eval.matching import occurs
from index.splitting.sentences import split_sentences

SENTENCES_WRITTEN = 8
_PARAGRAPH = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
NOTHING_MISSING = '{"searches": []}'


@dataclass(frozen=True, slots=True)
class Script:
    """What a model that went about a question sensibly would do."""

    question: str
    first: str = ""
    """What it searches for first; empty for the question alone."""
    bridge: tuple[str, ...] = ()
    """Words that it has to read before it knows what to search for next."""
    second: str = ""
    """What it then searches for, with {bridge} for the words."""
    answers: tuple[tuple[str, ...], ...] = ()
    """Wordings of what is asked: a sentence with one of them is copied where it is shown."""
    form: str = ""
    """What it takes the question for; empty where it leaves that open."""

    def reply(self, messages: Sequence[Message]) -> str:
        """Reply to one of the project's prompts."""
        system, user = messages[0].content, messages[-1].content
        known: tuple[tuple[str, Callable[[], str]], ...] = (
            (prompt("plan"), self._plan),
            (prompt("missing"), lambda: self._missing(user)),
            (prompt("differ"), lambda: '{"differences": []}'),
            (prompt("entail"), lambda: "Yes"),
            (prompt("contradict"), lambda: "No"),
        )
        for name, made in known:
            if system == name:
                return made()
        return self._written(user) if system.endswith(prompt("rules")) else "NOT IN THE ARTICLES"

    def _plan(self) -> str:
        return json.dumps({"form": self.form, "searches": [_search(self.first or self.question)]})

    def _missing(self, user: str) -> str:
        read, _, made = user.partition(SEARCHES_SO_FAR)
        for words in self.bridge:
            second = self.second.replace("{bridge}", words)
            if second and occurs(words, read) and second not in made:
                return json.dumps({"searches": [_search(second)]})
        return NOTHING_MISSING

    def _written(self, user: str) -> str:
        """Copy the sentences that state what is asked, then those that share most words with the question."""
        asked = set(content_terms(self.question))
        sentences = [
            (int(number), sentence.text)
            for number, text in _PARAGRAPH.findall(user)
            for sentence in split_sentences(text)
        ]
        states = {wordings: next((each for each in sentences if any(occurs(one, each[1]) for one in wordings)), None)
                  for wordings in self.answers}  # fmt: skip
        shared = sorted(sentences, key=lambda each: -len(asked & set(content_terms(each[1]))))
        chosen = [*dict.fromkeys(filter(None, states.values())), *shared][:SENTENCES_WRITTEN]
        lines = [f"{text.rstrip('.')} [{number}]." for number, text in dict.fromkeys(chosen)]
        return "\n".join(lines) or "NOT IN THE ARTICLES"


def _search(question: str) -> dict[str, object]:
    return {"question": question, "words": "", "outlets": [], "since": "", "until": ""}


@dataclass
class ScriptedSource:
    """An `assistant.models.types.ReplySource` that plays a script; `script` may be changed between questions."""

    script: Script = field(default_factory=lambda: Script(""))
    label: str = "The scripted model"
    address: str = "nowhere"
    small: bool = False
    known_name: str = "scripted"
    secrets: tuple[str, ...] = ()
    fixes: Mapping[str, str] = field(default_factory=dict)

    def name(self) -> str:
        """Return the model's name."""
        return self.known_name

    def call(self, task: Task) -> _Call:
        """Return a request that is yet to be made."""
        return _Call(self.script, task)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


@dataclass(frozen=True)
class _Call:
    script: Script
    task: Task

    def chunks(self) -> Iterator[Chunk]:
        yield Chunk(ready=True)
        reply = self.script.reply(self.task.messages)
        read = sum(estimated_tokens(message.content) for message in self.task.messages)
        yield Chunk(reply, read, estimated_tokens(reply))

    def cut(self) -> None:
        """Do nothing: the reply is there at once."""


def scripted_model(source: ScriptedSource) -> ChatModel:
    """Return a chat model that plays a source's script."""
    return ChatModel(source, Settings(model_size="large"))
