"""What chat programs ask besides their readers' questions: a title, tags or further questions for a conversation.

Open WebUI's prompts begin with "### Task:", hold the chat in <chat_history> and show the JSON that they want; its key
says what is asked. LibreChat, LobeChat, NextChat and Chatbox ask in words for a title. All of that is answered from the
conversation alone, never from the articles.
Source of the prompts: DEFAULT_*_PROMPT_TEMPLATE in open-webui/open-webui, backend/open_webui/config.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from assistant.question.kinds import names
from assistant.question.topic import topic_of
from assistant.safe_text import one_line
from assistant.types import Turn
from index.splitting.terms import STOPWORDS

LONGEST_TASK = 100_000
"""Characters of a task, which holds a conversation."""
NO_TITLE = "News conversation"
_TITLE_WORDS = 6
_MOST_TAGS = 3
_INSTRUCTION = 700
"""Characters at either end of a prompt in which it says what it wants."""
_TASK = re.compile(r"\s*#{1,4} ?Task:", re.IGNORECASE)
_CHAT_BEGINS, _CHAT_ENDS = "<chat_history>", "</chat_history>"
_SHAPE = re.compile(r"""\{\s*["'](?P<key>\w{1,40})["']\s*:\s*(?P<opens>["'\[])""")
"""The JSON that a prompt shows: { "title": "…" }, { "tags": [ …."""
_NAMED = r"(?:conversation|chat|discussion|dialog(?:ue)?|exchange|thread|message)s?\b"
_MAKE = (
    r"\b(?:generate|write|create|provide|suggest|give|make|produce|propose|come up with|summari[sz]e|respond with)\b"
)
_TITLE = re.compile(
    rf"{_MAKE}[^.?!\n]{{0,60}}?\b(?:an?|one) (?:[\w,-]+ ){{0,8}}(?:title|name|topic)\b[^?\n]{{0,80}}?\b{_NAMED}"
    rf"|{_MAKE}[^.?!\n]{{0,30}}?\b{_NAMED}[^.?!\n]{{0,60}}?\b(?:an?|into a|as a) (?:[\w,-]+ ){{0,8}}(?:title|name)\b"
    rf"|\b(?:give|make|find|suggest) (?:this|the) {_NAMED} an? (?:[\w,-]+ ){{0,6}}(?:title|name)\b",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"\s*Your task is to reflect the speaker's likely facial expression", re.IGNORECASE)
_FACE = "🙂"
_SAID = re.compile(
    r"^[^\w\n]{0,8}(?P<role>user|human|assistant|ai|bot|system|model)[^\w\n]{0,8}?:[ \t*_]*",
    re.IGNORECASE | re.MULTILINE,
)
_BEGINS = re.compile(
    r"(?:conversation|chat(?: history)?|messages?|discussion|dialogue|prompt)[^\n:]{0,40}:\s*", re.IGNORECASE
)
_MARKS = " \t\n\"'“”‘’`*_.,:;!?<>#-"


def is_task(question: str) -> bool:
    """Whether a message is a chat program's own, which asks something of the conversation, not of the articles."""
    if _EMOJI.match(question):
        return True
    if _TASK.match(question):
        return bool(_parts(question)[0]) and _shape(question) is not None
    return any(_TITLE.search(part) for part in (question[:_INSTRUCTION], question[-_INSTRUCTION:]))


def task_reply(question: str, history: Sequence[Turn] = ()) -> str:
    """Return what a task asks, in the JSON that it shows or as plain text.

    `history` is the conversation where the prompt holds none.
    """
    if _EMOJI.match(question):
        return _FACE
    asked = _first_asked(question) or next((turn.question for turn in history), "")
    shape = _shape(question) if _TASK.match(question) else None
    if shape is None:
        return title_of(asked)
    key, is_list = shape
    value: str | list[str] = [] if is_list else ""
    if key == "title":
        value = title_of(asked)
    elif key == "tags":
        value = tags_of(asked)
    elif key == "prompt":
        value = one_line(asked)
    return json.dumps({key: value})


def title_of(asked: str) -> str:
    """Return a title for a conversation that begins with this question: at most six words of it."""
    line = one_line(asked[:_INSTRUCTION])
    words = line.split()
    if len(words) > _TITLE_WORDS:
        words = (topic_of(line) or line).split()[:_TITLE_WORDS]
        while len(words) > 1 and words[-1].lower() in STOPWORDS:
            words.pop()
    title = " ".join(words).strip(_MARKS)
    return f"{title[0].upper()}{title[1:]}" if title else NO_TITLE


def tags_of(asked: str) -> list[str]:
    """Return tags for a conversation that begins with this question: that it is of news, and names that it holds."""
    named = [name.strip(_MARKS) for name in names(one_line(asked[:_INSTRUCTION])) if not name[0].isdigit()]
    return list(dict.fromkeys(["News", *filter(None, named)]))[:_MOST_TAGS]


def _shape(prompt: str) -> tuple[str, bool] | None:
    """Return the key of the JSON that a prompt shows first, outside the chat, and whether it holds a list."""
    found = _SHAPE.search(_parts(prompt)[1])
    return (found["key"], found["opens"] == "[") if found else None


def _parts(prompt: str) -> tuple[str, str]:
    """Return the chat that a prompt holds, empty where it holds none, and the rest of the prompt."""
    prompt = prompt[:LONGEST_TASK]
    start, end = prompt.find(_CHAT_BEGINS), prompt.rfind(_CHAT_ENDS)
    if not 0 <= start < end:
        return "", prompt
    return prompt[start + len(_CHAT_BEGINS) : end], prompt[:start]


def _first_asked(prompt: str) -> str:
    """Return what the user says first in the chat that a prompt holds; empty where it holds none."""
    held, instruction = _parts(prompt)
    chat = held or instruction
    said = list(_SAID.finditer(chat))
    for place, turn in enumerate(said):
        if turn["role"].lower() in {"user", "human"}:
            end = said[place + 1].start() if place + 1 < len(said) else len(chat)
            return chat[turn.end() : end].strip(_MARKS + "()[]{}")
    if held:
        return chat.strip()
    begins = _BEGINS.search(prompt)
    return prompt[begins.end() : LONGEST_TASK].strip(_MARKS) if begins else ""
