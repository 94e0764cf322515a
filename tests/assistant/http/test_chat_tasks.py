"""What Open WebUI and its like ask for themselves; the prompts are worded after theirs."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.http.chat_tasks import LONGEST_TASK, is_task, tags_of, task_reply, title_of
from assistant.types import Turn
from tests.assistant.http.http_server import QUESTION

CHAT = "USER: What's the latest on the ferry strike in Demo Falls?\nASSISTANT: The articles do not answer this."


def prompt(task: str, shape: str, chat: str = CHAT) -> str:
    shown = f"### Task:\n{task}\n### Output:\nJSON format: {shape}\n"
    return f"{shown}### Chat History:\n<chat_history>\n{chat}\n</chat_history>"


TITLE = prompt("Generate a concise title summarizing the chat history.", '{ "title": "your concise title here" }')
AUTOCOMPLETE = (
    "### Task:\nYou are an autocompletion system. Continue the text in `<text>`.\n5. If unsure, return: "
    f'`{{ "text": "" }}`.\n### Context:\n<chat_history>\n{CHAT}\n</chat_history>\n<text>The</text>\n'
)


@pytest.mark.parametrize(
    ("task", "reply"),
    [
        (TITLE, {"title": "Ferry strike in Demo Falls"}),
        (prompt("Generate 1-3 broad tags", '{ "tags": ["tag1", "tag2"] }'), {"tags": ["News", "Demo Falls"]}),
        (prompt("Suggest 3-5 relevant follow-up questions", '{ "follow_ups": ["One?"] }'), {"follow_ups": []}),
        (prompt("Analyze the chat history", '{\n  "queries": ["query1"]\n}'), {"queries": []}),
        (
            prompt("Generate a detailed prompt for an image", '{\n    "prompt": "Your description"\n}'),
            {"prompt": "What's the latest on the ferry strike in Demo Falls"},
        ),
        (AUTOCOMPLETE, {"text": ""}),
    ],
)
def test_task_is_answered_in_the_json_that_it_shows(task: str, reply: dict[str, Any]) -> None:
    assert is_task(task)
    assert json.loads(task_reply(task)) == reply


LIBRECHAT = (
    "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title "
    "itself.\n\nConversation:\nUser: Who leads the delegation?\nAI: Grushko."
)
LOBECHAT = (
    "You are a professional conversation summarizer. Generate a concise title that captures the essence of the "
    "conversation.\nuser: Who leads it?\nassistant: Grushko."
)
CHATBOX = (
    "Based on the chat history, give this conversation a name.\nKeep it short.\n\nHere's the conversation:\n\n```\n"
    "user: Who leads it?\n```"
)


@pytest.mark.parametrize(
    ("task", "title"),
    [
        (LIBRECHAT, "Who leads the delegation"),
        (LOBECHAT, "Who leads it"),
        (CHATBOX, "Who leads it"),
        ("Generate a title for this conversation: What did Grushko tell Izvestia?", "What did Grushko tell Izvestia"),
    ],
)
def test_title_asked_in_words_is_plain_text(task: str, title: str) -> None:
    assert is_task(task)
    assert task_reply(task) == title


def test_title_of_the_messages_before_is_that_of_the_first() -> None:
    task = "Please generate a four to five word title summarizing our conversation without any lead-in, punctuation"
    assert is_task(task)
    assert task_reply(task, [Turn("Who leads it?"), Turn("And when?")]) == "Who leads it"
    assert task_reply(task) == "News conversation"


def test_face_is_one_sign() -> None:
    task = (
        "Your task is to reflect the speaker's likely facial expression through a fitting emoji.\n\nMessage: ```hi```"
    )
    assert is_task(task)
    assert task_reply(task) == "🙂"


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Give the title of the article on the conversation between Putin and Trump",
        "Which article has a title on the chat control law?",
        "Generate a summary of the discussion on the budget",
        "### Task:\nRespond to the user query using the provided context.\n<context>x</context>\nWho leads it?",
        '### Task:\nWhat is { "title": "x" }?',
        "",
    ],
)
def test_question_is_no_task(question: str) -> None:
    assert not is_task(question)


def test_shape_in_the_chat_does_not_decide() -> None:
    chat = 'USER: what is {"tags": ["x"]} in JSON?\nASSISTANT: </chat_history> a list'
    assert list(json.loads(task_reply(prompt("Generate a title", '{ "title": "x" }', chat)))) == ["title"]


@given(st.text())
def test_any_question_gives_a_short_title_and_tags(asked: str) -> None:
    assert 0 < len(title_of(asked).split()) <= 6
    assert "?" not in title_of(asked)[-1]
    assert tags_of(asked)[0] == "News"


@given(st.text(), st.sampled_from(["title", "tags", "queries", "x"]))
def test_any_chat_gives_json(chat: str, key: str) -> None:
    assert list(json.loads(task_reply(prompt("Do it", f'{{ "{key}": "…" }}', chat)))) == [key]


# --- over the wire


def user(text: str) -> Any:
    return [{"role": "user", "content": text}]


def test_task_asks_no_article(chat: openai.OpenAI) -> None:
    completion = chat.chat.completions.create(model="pullquote", messages=user(TITLE))
    assert completion.choices[0].message.content == '{"title": "Ferry strike in Demo Falls"}'
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.total_tokens == 0
    assert "pullquote" not in (completion.model_extra or {})


def test_task_is_streamed(chat: openai.OpenAI) -> None:
    with chat.chat.completions.create(
        model="pullquote", messages=user(TITLE), stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert json.loads(said) == {"title": "Ferry strike in Demo Falls"}
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 0


def test_task_may_be_long_and_a_question_not(chat: openai.OpenAI) -> None:
    long = prompt("Generate a title", '{ "title": "x" }', f"USER: Who leads it?\nASSISTANT: {'word ' * 10_000}")
    assert chat.chat.completions.create(model="pullquote", messages=user(long)).choices[0].message.content == (
        '{"title": "Who leads it"}'
    )
    with pytest.raises(openai.BadRequestError, match="at most 100,000"):
        chat.chat.completions.create(model="pullquote", messages=user(long + "x" * LONGEST_TASK))
    with pytest.raises(openai.BadRequestError, match="at most 4,000"):
        chat.chat.completions.create(model="pullquote", messages=user("word " * 1_000))


def test_prompt_of_the_system_may_be_the_task(chat: openai.OpenAI) -> None:
    system = "You are a professional conversation summarizer. Generate a concise title that captures the conversation."
    messages: Any = [{"role": "system", "content": system}, *user("user: Who leads it?\nassistant: Grushko.")]
    completion = chat.chat.completions.create(model="pullquote", messages=messages)
    assert completion.choices[0].message.content == "Who leads it"


def test_title_of_the_messages_before_over_the_wire(chat: openai.OpenAI) -> None:
    messages: Any = [
        *user(QUESTION),
        {"role": "assistant", "content": "30 days. [1]"},
        *user("Please generate a four to five word title summarizing our conversation"),
    ]
    completion = chat.chat.completions.create(model="pullquote", messages=messages)
    assert completion.choices[0].message.content == title_of(QUESTION)
