from __future__ import annotations

import gc
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.config import Settings
from assistant.models import chat_model, choosing, embedded_weights, failures
from assistant.models.chat_model import ChatModel, Usage
from assistant.models.choosing import choose, make_model
from assistant.models.types import Message
from index.errors import ConfigError, ModelError
from tests.assistant.openai_wire import Reply, Wire, closed_port, refusal

KEY = "sk-test-0123456789abcdef"
QUESTION = [Message("system", "Answer."), Message("user", "What was agreed?")]
OVERFLOW = "request (10030 tokens) exceeds the available context size (4096 tokens), try increasing it"


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as opened:
        yield opened


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between tries, which take no time here."""
    asked: list[float] = []

    def pause(seconds: float, cancelled: Callable[[], bool]) -> bool:
        asked.append(seconds)
        return not cancelled()

    monkeypatch.setattr(chat_model, "pause", pause)
    return asked


@pytest.fixture(autouse=True)
def no_embedded_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_weights, "available", lambda: False)


def at(address: Wire | str, **settings: Any) -> ChatModel:
    url = address.url if isinstance(address, Wire) else address
    model = make_model(Settings(openai_base_url=url, openai_api_key=KEY, **settings))
    assert model is not None
    return model


def failure(model: ChatModel, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        model.complete(QUESTION, **options)
    assert_is_harmless(caught.value)
    return caught.value


def assert_is_harmless(error: ModelError) -> None:
    """One line, without the key, and with nothing behind it that a traceback would show."""
    assert "\n" not in str(error)
    assert KEY not in f"{error} {error!r}"
    assert error.__cause__ is None
    assert error.__context__ is None


# -- asking


def test_reply_is_streamed_and_whole(wire: Wire, waits: list[float]) -> None:
    wire.script(Reply("Thirty days were agreed – “ağır” ones. 30 日"))
    pieces = list(at(wire).stream(QUESTION))
    assert len(pieces) > 1
    assert "".join(pieces) == "Thirty days were agreed – “ağır” ones. 30 日"
    assert not waits


def test_request_is_made_when_the_first_piece_is_asked_for(wire: Wire) -> None:
    stream = at(wire).stream(QUESTION)
    assert not wire.requests
    next(stream)
    assert len(wire.requests) == 1
    stream.close()


def test_request_asks_for_the_most_likely_reply_and_its_tokens(wire: Wire) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    at(wire, model="m", model_options={"top_k": 1}).complete(QUESTION, max_tokens=99, schema=schema)
    (request,) = wire.requests
    assert request["messages"] == [{"role": m.role, "content": m.content} for m in QUESTION]
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("m", 0, 99)
    assert request["stream_options"] == {"include_usage": True}
    assert isinstance(request["seed"], int)
    assert request["response_format"]["json_schema"]["schema"] == schema
    assert request["top_k"] == 1
    assert wire.keys == [KEY]


def test_llama_cpp_reports_progress() -> None:
    with Wire(owned_by="llamacpp") as wire:
        at(wire).complete(QUESTION)
        (request,) = wire.requests
    assert request["return_progress"] is True


def test_server_on_this_machine_is_not_looked_for_at_a_proxy(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert at(wire).complete(QUESTION) == "The answer."


def test_half_characters_are_not_sent(wire: Wire) -> None:
    at(wire).complete([Message("user", "a\ud83d b")])
    assert wire.requests[0]["messages"][0]["content"] == "a? b"


def test_function_of_the_request_writes_the_reply(wire: Wire) -> None:
    wire.script(lambda request: request["messages"][-1]["content"].upper())
    assert at(wire).complete(QUESTION) == "WHAT WAS AGREED?"


def test_usage_and_cost_add_up(wire: Wire) -> None:
    with at(wire, prompt_price=2.0, completion_price=10) as model:
        assert model.usage == Usage()
        model.complete(QUESTION)
        model.complete(QUESTION)
        assert (model.usage.calls, model.usage.prompt_tokens, model.usage.completion_tokens) == (2, 22, 14)
        assert model.usage.cost == pytest.approx((22 * 2 + 14 * 10) / 1_000_000)


def test_unknown_tokens_are_not_guessed(wire: Wire) -> None:
    wire.script(Reply("Yes.", usage=None))
    model = at(wire, prompt_price=2.0)
    model.complete(QUESTION)
    assert model.usage == Usage(calls=1)


def test_calls_from_several_threads_are_all_counted(wire: Wire) -> None:
    model = at(wire)
    threads = [threading.Thread(target=model.complete, args=(QUESTION,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (model.usage.calls, model.usage.prompt_tokens) == (4, 44)


# -- names


def test_first_chat_model_that_the_endpoint_lists_is_used() -> None:
    with Wire(models=("nomic-embed-text", "qwen3", "other")) as wire:
        model = at(wire)
        assert model.known_name == ""
        model.complete(QUESTION)
        assert (model.name, wire.requests[0]["model"], wire.model_lists) == ("qwen3", "qwen3", 1)


def test_name_can_be_asked_for_before_anything_else(wire: Wire) -> None:
    assert at(wire).name == "wire-model"


def test_endpoint_without_a_model_is_an_error() -> None:
    with Wire(models=()) as wire:
        error = failure(at(wire))
    assert error.cause == "model"
    assert "PULLQUOTE_MODEL" in str(error)


def test_name_of_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ModelError) as caught:
        _ = at(f"http://127.0.0.1:{closed_port()}/v1").name
    assert caught.value.cause == "unreachable"
    assert_is_harmless(caught.value)


# -- failures


FAILURES: dict[str, tuple[Reply, str, int]] = {
    "key that is echoed": (refusal(401, f"Incorrect API key provided: {KEY}.", code="invalid_api_key"), "key", 1),
    "forbidden": (refusal(403, "no"), "key", 1),
    "quota": (refusal(429, "You exceeded your current quota", code="insufficient_quota"), "quota", 1),
    "rate for ever": (refusal(429, "slow down"), "rate", 3),
    "rate with a link": (refusal(429, "Rate limit. See https://platform.openai.com/account/billing"), "rate", 3),
    "rate for an hour": (refusal(429, "slow down", headers={"Retry-After": "3600"}), "rate", 1),
    "server for ever": (refusal(500, "oh\nno"), "server", 3),
    "overloaded": (Reply(status=503, body="<h1>busy</h1>", content_type="text/html"), "server", 3),
    "no such model": (refusal(404, "The model `m` does not exist", code="model_not_found"), "model", 1),
    "bad request": (refusal(400, "messages must alternate"), "model", 1),
    "llama.cpp overflow": (refusal(400, OVERFLOW, type="exceed_context_size_error"), "context", 1),
    "OpenAI overflow": (
        refusal(
            400, "This model's maximum context length is 8192 tokens. Your max_tokens …", code="context_length_exceeded"
        ),
        "context",
        1,
    ),
    "web page": (Reply(body="<html><body>data: welcome</body></html>", content_type="text/html"), "garbage", 1),
    "no stream": (Reply(body="{}"), "garbage", 1),
    "no JSON": (Reply(events=["{this is", "no JSON}"]), "garbage", 1),
    "no choices": (Reply(events=['{"id": 3}']), "garbage", 1),
    "a bare text": (Reply(events=['"hello"']), "garbage", 1),
    "nothing": (Reply(""), "empty", 1),
    "thoughts only": (Reply("", finish="length"), "empty", 1),
    "cut before the first word": (Reply("", cut=True), "cut", 3),
    "no finish, no text": (Reply("", finish=None), "cut", 3),
    "error within the stream": (Reply(events=['{"error": {"message": "cuda died"}}']), "server", 3),
    "overflow within the stream": (
        Reply(events=[json.dumps({"error": {"message": OVERFLOW, "type": "exceed_context_size_error"}})]),
        "context",
        1,
    ),
}


@pytest.mark.parametrize(("reply", "cause", "requests"), FAILURES.values(), ids=FAILURES)
def test_failure_has_a_cause_and_is_tried_again_only_where_that_may_help(
    wire: Wire, waits: list[float], reply: Reply, cause: str, requests: int
) -> None:
    wire.script(reply)
    error = failure(at(wire))
    assert error.cause == cause
    assert len(wire.requests) == requests
    assert len(waits) == requests - 1
    assert str(error).startswith(f"The model at {wire.url} ")
    assert str(error).endswith(".")


def test_message_says_what_happened_and_what_helps(wire: Wire) -> None:
    wire.script(refusal(401, f"Incorrect API key provided: {KEY}"))
    assert str(failure(at(wire))) == (
        f"The model at {wire.url} refused the key (401: Incorrect API key provided: [key]). "
        "Set OPENAI_API_KEY to a valid one."
    )


@pytest.mark.parametrize("reply", [refusal(429, "slow"), refusal(500, "oh"), Reply("", cut=True)])
def test_second_try_may_do(wire: Wire, waits: list[float], reply: Reply) -> None:
    wire.script(reply, Reply("Now."))
    model = at(wire)
    assert model.complete(QUESTION) == "Now."
    assert len(wire.requests) == 2
    assert model.usage.calls == 1 + (reply.cut)


def test_wait_is_the_one_that_the_endpoint_asks_for(wire: Wire, waits: list[float]) -> None:
    wire.script(refusal(429, "slow", headers={"Retry-After": "3"}), refusal(503, "oh"), Reply("Now."))
    assert at(wire).complete(QUESTION) == "Now."
    assert waits[0] == 3
    assert 2 * chat_model.BACKOFF_SECONDS <= waits[1] <= 4 * chat_model.BACKOFF_SECONDS


def test_closed_port_is_tried_three_times(waits: list[float]) -> None:
    error = failure(at(f"http://127.0.0.1:{closed_port()}/v1", model="m"))
    assert error.cause == "unreachable"
    assert len(waits) == 2


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/v1", "127.0.0.1/v1", "http://127.0.0.1:99999/v1", "http://[/"])
def test_address_that_is_none_is_a_settings_error(address: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_BASE_URL"):
        at(address)


def test_wrong_path_is_an_error(wire: Wire) -> None:
    assert failure(at(wire.url.removesuffix("/v1"), model="m")).cause == "model"


@pytest.mark.parametrize("reply", [Reply("The parties agr", cut=True), Reply("The parties agr", finish=None)])
def test_nothing_is_tried_again_once_text_was_seen(wire: Wire, waits: list[float], reply: Reply) -> None:
    wire.script(reply)
    seen: list[str] = []
    with pytest.raises(ModelError) as caught:
        seen.extend(at(wire).stream(QUESTION))  # extend keeps what came before the error
    assert "".join(seen) == "The parties agr"
    assert caught.value.cause == "cut"
    assert_is_harmless(caught.value)
    assert (len(wire.requests), waits) == (1, [])


@pytest.mark.parametrize("reply", [Reply(silent=True), Reply("", hang=True), Reply("The par", hang=True)])
def test_silence_has_a_limit(wire: Wire, waits: list[float], reply: Reply) -> None:
    wire.script(reply)
    error = failure(at(wire, model="m", model_timeout=0.2))
    assert error.cause == "slow"
    assert "model_timeout" in str(error)
    assert wire.left.wait(5) or not wire.requests  # a machine under load may not even get to send it
    assert len(wire.requests) <= 1
    assert not waits


def test_address_is_shown_without_its_secrets(wire: Wire, waits: list[float]) -> None:
    wire.script(refusal(500, "hunter2-hunter2 and token=abcdefgh"))
    address = wire.url.replace("http://", "http://user:hunter2-hunter2@") + "?token=abcdefgh"
    error = failure(at(address, model="m"))
    assert not re.search("hunter2|abcdefgh", f"{error} {at(address).address}")


def test_failures_leave_nothing_open(wire: Wire, waits: list[float]) -> None:
    wire.script(Reply("Half", cut=True))
    failure(at(wire))
    gc.collect()  # a socket that is left open is a warning, and warnings are errors
    assert not [thread for thread in threading.enumerate() if thread.name == "pullquote-model"]


# -- refused fields


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("response_format", "This response_format type is unavailable now"),
        ("stream_options", "Unrecognized request argument supplied: stream_options"),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
        ("seed", "seed: Extra inputs are not permitted"),
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    ],
)
def test_field_that_the_endpoint_refuses_is_left_away(wire: Wire, waits: list[float], field: str, message: str) -> None:
    wire.script(refusal(400, message), Reply("Yes."))
    model = at(wire, model="m")
    assert model.complete(QUESTION, schema={"type": "object"}) == "Yes."
    assert model.complete(QUESTION, schema={"type": "object"}) == "Yes."
    assert [field in request for request in wire.requests] == [True, False, False]
    assert ("max_completion_tokens" in wire.requests[-1]) == (field == "max_tokens")
    assert not waits


def test_endpoint_that_goes_on_refusing_is_an_error(wire: Wire) -> None:
    wire.script(refusal(400, "seed is not permitted"))
    assert failure(at(wire)).cause == "model"
    assert len(wire.requests) == 2


# -- stopping


@pytest.mark.parametrize("reply", [Reply(silent=True), Reply("", hang=True)])
def test_cancelling_ends_the_wait_for_the_first_word(wire: Wire, reply: Reply) -> None:
    wire.script(reply)
    assert list(at(wire).stream(QUESTION, cancelled=lambda: bool(wire.requests))) == []
    assert wire.left.wait(5)


def test_cancelling_ends_a_reply(wire: Wire) -> None:
    wire.script(Reply("one two three", hang=True))
    stop = threading.Event()
    seen = []
    for piece in at(wire).stream(QUESTION, cancelled=stop.is_set):
        seen.append(piece)
        stop.set()
    assert seen == ["one t"]
    assert wire.left.wait(5)


def test_closing_the_iterator_ends_a_reply(wire: Wire) -> None:
    wire.script(Reply("one two three", hang=True))
    stream = at(wire).stream(QUESTION)
    assert next(stream) == "one t"
    stream.close()  # type: ignore[attr-defined]
    assert wire.left.wait(5)


def test_closing_the_model_ends_its_replies(wire: Wire) -> None:
    wire.script(Reply("one two three", hang=True))
    model = at(wire)
    stream = model.stream(QUESTION)
    assert next(stream) == "one t"
    model.close()
    assert wire.left.wait(5)
    list(stream)


def test_cancelling_ends_the_wait_between_tries(wire: Wire) -> None:
    wire.script(refusal(429, "slow", headers={"Retry-After": "20"}))
    assert list(at(wire).stream(QUESTION, cancelled=lambda: bool(wire.requests))) == []
    assert len(wire.requests) == 1


def test_pause_waits_and_can_be_cancelled() -> None:
    assert chat_model.pause(0.01, lambda: False)
    assert not chat_model.pause(60, lambda: True)


# -- keys


@pytest.mark.parametrize("key", ["sk-schlüssel", "sk-a b", "“sk-quoted”", "sk-a\nb"])
def test_key_that_can_be_none_is_a_settings_error(key: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as caught:
        make_model(Settings(openai_api_key=key))
    assert key not in str(caught.value)


def test_white_space_around_a_key_does_not_matter(wire: Wire) -> None:
    model = make_model(Settings(openai_base_url=wire.url, openai_api_key=f" {KEY}\n"))
    assert model is not None
    model.complete(QUESTION)
    assert wire.keys == [KEY]


def test_key_stands_nowhere(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    wire.script(refusal(401, f"bad {KEY}"))
    model = at(wire, model="m")
    failure(model)
    assert KEY not in f"{model!r} {vars(model)!r} {caplog.text}"


def test_short_stand_in_for_a_key_does_not_garble_messages(wire: Wire) -> None:
    wire.script(refusal(401, "none of that"))
    model = make_model(Settings(openai_base_url=wire.url, openai_api_key="none"))
    assert model is not None
    assert "none of that" in str(failure(model))


# -- LlamaIndex classes


def test_any_llamaindex_class_can_write() -> None:
    options = {"max_tokens": 3}
    model = make_model(Settings(model="llamaindex:llama_index.core.llms.MockLLM", model_options=options))
    assert model is not None
    assert model.name == "MockLLM"
    assert len(list(model.stream(QUESTION))) == 3
    assert model.usage.calls == 1


@pytest.mark.parametrize("name", ["no.such.Thing", "llama_index.core.llms.Missing", "NoDots"])
def test_llamaindex_class_that_cannot_be_made_is_a_settings_error(name: str) -> None:
    with pytest.raises(ConfigError, match="model_options"):
        make_model(Settings(model=f"llamaindex:{name}"))


def test_llamaindex_class_fails_in_one_line(wire: Wire, waits: list[float]) -> None:
    wire.script(refusal(401, f"bad {KEY}"))
    options = {"api_base": wire.url, "api_key": KEY, "is_chat_model": True, "max_retries": 0, "model": "m"}
    settings = Settings(model="llamaindex:llama_index.llms.openai_like.OpenAILike", model_options=options)
    model = make_model(settings)
    assert model is not None
    assert model.name == "m"
    error = failure(model)
    assert error.cause == "key"
    assert "model_options" in str(error)


# -- who writes


NOTHING = Settings()


@pytest.mark.parametrize(
    ("settings", "embedded", "kind"),
    [
        (NOTHING, False, "quoting"),
        (NOTHING, True, "embedded"),
        (replace(NOTHING, writer="quoting", openai_api_key=KEY), True, "quoting"),
        (replace(NOTHING, openai_api_key=KEY), True, "endpoint"),
        (replace(NOTHING, openai_base_url="http://127.0.0.1:1/v1"), False, "endpoint"),
        (replace(NOTHING, model="gpt-4.1", openai_api_key=KEY), False, "endpoint"),
        (replace(NOTHING, model="embedded", openai_api_key=KEY), True, "embedded"),
        (replace(NOTHING, model="llamaindex:a.b"), True, "llamaindex"),
        (replace(NOTHING, writer="composed"), True, "embedded"),
    ],
)
def test_choice_of_the_writer(monkeypatch: pytest.MonkeyPatch, settings: Settings, embedded: bool, kind: str) -> None:
    monkeypatch.setattr(embedded_weights, "available", lambda: embedded)
    assert choose(settings).kind == kind


def test_nothing_configured_means_quoting() -> None:
    assert make_model(NOTHING) is None


def test_composing_without_a_model_names_both_fixes() -> None:
    with pytest.raises(ConfigError, match=r"OPENAI_API_KEY.*OPENAI_BASE_URL.*pullquote\[local\]"):
        make_model(Settings(writer="composed"))


def test_model_without_an_endpoint_is_a_settings_error() -> None:
    with pytest.raises(ConfigError, match=r"gpt-4\.1 needs OPENAI_API_KEY"):
        make_model(Settings(model="gpt-4.1"))


def test_openai_has_a_default_model() -> None:
    model = make_model(Settings(openai_api_key=KEY))
    assert model is not None
    assert (model.known_name, model.address) == (choosing.DEFAULT_OPENAI_MODEL, choosing.OPENAI_ADDRESS)


@pytest.mark.parametrize(("size", "small"), [("", False), ("small", True), ("large", False)])
def test_size_is_a_setting(size: str, small: bool) -> None:
    assert at("http://127.0.0.1:1/v1", model_size=size).small is small


def test_every_cause_has_its_sentence() -> None:
    assert {cause for _, cause, _ in FAILURES.values()} | {"unreachable", "slow"} == set(failures._SENTENCES)
