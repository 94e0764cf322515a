"""An OpenAI-compatible endpoint as a source of replies, asked through LlamaIndex."""

from __future__ import annotations

import importlib
import math
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.models.failures import ReplyError, error_text, explain, is_about_context
from assistant.models.messages import chat_messages, counted
from assistant.models.stream import POLL_SECONDS
from assistant.models.types import Chunk, Task
from assistant.models.wire import Wire
from index.errors import ConfigError, ModelError

if TYPE_CHECKING:
    import openai
    from llama_index.core.base.llms.types import ChatResponse

SEED = 7
LIKELY_WORDS = 10
_REFUSED = frozenset({400, 422})
_OPTIONAL = {
    "response_format": ("response_format", "json_schema"),
    "stream_options": ("stream_options", "include_usage"),
    "max_tokens": ("max_tokens",),
    "temperature": ("temperature",),
    "seed": ("seed",),
    "logprobs": ("logprobs",),
}
"""Fields of a request that some endpoints and models do not take, with the words by which they say so."""


def checked_key(key: str) -> str:
    """Return a key without white space around it. Raises ConfigError, without the key, if it can be none."""
    key = key.strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ConfigError(
            "OPENAI_API_KEY holds characters that no key has (spaces, quotation marks or letters beyond ASCII). "
            "Copy the key anew."
        )
    return key


def checked_address(url: str) -> str:
    """Return an endpoint's address. Raises ConfigError if it can be none."""
    try:
        parts = urllib.parse.urlsplit(url.strip())
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return url.strip()
    except ValueError:  # brackets that do not match, a port that is no number
        pass
    raise ConfigError("OPENAI_BASE_URL is no address of a server. Write it like http://127.0.0.1:11434/v1.")


class Endpoint:
    """An OpenAI-compatible chat endpoint. Without a name, the first model that it lists is used."""

    small = False

    def __init__(
        self, base_url: str, key: str, model: str, timeout: float, options: Mapping[str, Any] | None = None
    ) -> None:
        self.address = _without_secrets(base_url)
        self.label = f"The model at {self.address}"
        self.secrets: tuple[str, ...] = (key, *_secrets(base_url))
        self.fixes: Mapping[str, str] = {}
        self._base_url = base_url
        self._key = key
        self.known_name = model
        self.timeout = timeout
        self.options = dict(options or {})
        self.refused: set[str] = set()
        """Fields of a request that this endpoint turned out not to take."""
        self.turn: threading.Lock | None = None
        """Held by the one call that the model works on, where several at a time would only look like a hang."""
        self.is_llama_cpp: bool | None = None
        """None while nobody has looked."""

    def name(self) -> str:
        """Return the model's name; asks the endpoint, once, when none is set.

        Raises ModelError when it does not answer or has no model.
        """
        if not self.known_name:
            failure = None
            wire = Wire(self.timeout)
            try:
                self.resolve(wire)
            except Exception as error:
                failure = explain(error, self)
            finally:
                wire.close()
            if failure:
                raise ModelError(failure.message, failure.cause)
        return self.known_name

    def call(self, task: Task) -> EndpointCall:
        """Return a request that is yet to be made."""
        return EndpointCall(self, task)

    def close(self) -> None:
        """Do nothing: each call has a connection of its own."""

    def connection(self) -> tuple[str, str]:
        """Return address and key."""
        return self._base_url, self._key

    def resolve(self, wire: Wire) -> str:
        """Return the model's name, asking for the list of models if need be. Raises what the openai client raises."""
        if not self.known_name:
            models = list(wire.openai(*self.connection()).models.list().data)
            self.is_llama_cpp = any(getattr(model, "owned_by", "") == "llamacpp" for model in models)
            names = [model.id for model in models]
            # Ollama and LM Studio list embedding models in between
            self.known_name = next((name for name in names if "embed" not in name.lower()), "")
            if not self.known_name:
                raise ModelError(
                    f"{self.label} lists no chat model. Load one there, or name one in the setting model "
                    "(PULLQUOTE_MODEL).",
                    "model",
                )
        return self.known_name


class EndpointCall:
    """One request to an endpoint, through LlamaIndex's OpenAILike; its `raw` holds what LlamaIndex leaves out."""

    def __init__(self, endpoint: Endpoint, task: Task) -> None:
        self._endpoint = endpoint
        self._task = task
        self._wire = Wire(endpoint.timeout)

    def cut(self) -> None:
        """End the request."""
        self._wire.cut()

    def chunks(self) -> Iterator[Chunk]:
        """Make the request and yield the reply. Raises what openai, httpx and LlamaIndex raise, and ReplyError."""
        turn = self._endpoint.turn
        while turn and not turn.acquire(timeout=POLL_SECONDS):
            if self._wire.is_cut:
                return
        try:
            client = self._client()
            if not self._wire.is_cut:
                yield Chunk(ready=True)
                yield from self._reply(client)
        finally:
            if turn:
                turn.release()
            self._wire.close()

    def _client(self) -> openai.OpenAI:
        """Prepare all that takes long and is not the endpoint's fault: imports, certificates, the embedded server."""
        importlib.import_module("llama_index.llms.openai_like")
        return self._wire.openai(*self._endpoint.connection())

    def _reply(self, client: openai.OpenAI) -> Iterator[Chunk]:
        """Yield the reply, leaving away the optional fields that the endpoint refuses."""
        import openai

        while True:
            try:
                yield from self._stream(client)
            except openai.APIStatusError as error:
                refused = self._refused_field(error)
                if refused is None:
                    raise
                self._endpoint.refused.add(refused)
            else:
                return

    def _stream(self, client: openai.OpenAI) -> Iterator[Chunk]:
        spoken = False
        reason: str | None = None
        for response in self._responses(client):
            chunk = counted(response)
            spoken = spoken or bool(chunk.text)
            choices = getattr(response.raw, "choices", None)
            reason = (choices[0].finish_reason if choices else None) or reason
            yield (
                replace(chunk, likely_words=_likely_words(choices[0])) if choices and self._task.likely_words else chunk
            )
        if "event-stream" not in self._wire.content_type and not spoken:
            sent = self._wire.content_type.partition(";")[0] or "nothing"
            raise ReplyError("garbage", f"{sent} and no stream of events")
        if reason is None:
            raise ReplyError("cut", "the stream ended too early")
        if not spoken:
            why = {"length": "it thought until its limit of tokens", "stop": ""}
            raise ReplyError("empty", why.get(reason, reason))

    def _responses(self, client: openai.OpenAI) -> Iterator[ChatResponse]:
        from llama_index.llms.openai_like import OpenAILike

        hidden: dict[str, Any] = {"openai_client": client}  # an argument that its types do not show
        model = OpenAILike(
            model=self._endpoint.resolve(self._wire),
            is_chat_model=True,
            temperature=0.0,
            max_retries=0,
            api_key="in the client",  # LlamaIndex shows its own in repr and events
            **hidden,
        )
        yield from model.stream_chat(chat_messages(self._task), **self._fields())

    def _fields(self) -> dict[str, Any]:
        """Return the fields of the request."""
        import openai

        task, refused = self._task, self._endpoint.refused
        fields: dict[str, Any] = {
            "max_tokens": task.max_tokens,
            "seed": SEED,
            "stream_options": {"include_usage": True},
        }
        extra = dict(self._endpoint.options)
        if task.schema:
            form = {"name": "answer", "schema": dict(task.schema), "strict": True}
            fields["response_format"] = {"type": "json_schema", "json_schema": form}
        if self._endpoint.is_llama_cpp:
            # while it reports progress it notices that nobody listens any more; else it reads a prompt to its end
            extra["return_progress"] = True
        if task.likely_words and "logprobs" not in refused:
            fields |= {"logprobs": True, "top_logprobs": LIKELY_WORDS}
        fields = {name: value for name, value in fields.items() if name not in refused}
        if "max_tokens" in refused:
            fields["max_completion_tokens"] = task.max_tokens
        if "temperature" in refused:
            fields["temperature"] = openai.omit  # LlamaIndex sends one of its own otherwise
        return {**fields, "extra_body": extra} if extra else fields

    def _refused_field(self, error: openai.APIStatusError) -> str | None:
        """Return the optional field that a refusal is about and that was sent."""
        text = error_text(error)
        if error.status_code not in _REFUSED or is_about_context(text):
            return None
        said = f"{error.param or ''} {text}"
        sent = self._fields()
        return next(
            (
                name
                for name, words in _OPTIONAL.items()
                if (name in sent or name == "temperature")
                and name not in self._endpoint.refused
                and any(word in said for word in words)
            ),
            None,
        )


def _likely_words(choice: Any) -> dict[str, float] | None:
    """Return the probabilities of the words that might have stood here; None where the endpoint does not say."""
    content = getattr(getattr(choice, "logprobs", None), "content", None)
    return {entry.token: math.exp(entry.logprob) for entry in content[0].top_logprobs} if content else None


def _without_secrets(url: str) -> str:
    """Return an address without what may be secret: user, password, query."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _secrets(url: str) -> tuple[str, ...]:
    parts = urllib.parse.urlsplit(url)
    return tuple(filter(None, (parts.password, parts.query, parts.netloc.rpartition("@")[0])))
