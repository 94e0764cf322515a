"""LlamaIndex's CitationQueryEngine with our model, embedder and paragraphs, asked as our Assistant is, to compare with.

It is given what helps it: its nodes are our passages, so that a source that it cites is a paragraph. It has no refusal
of its own; an answer without any mark that says it does not know counts as one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.query_engine import CitationQueryEngine
from pydantic import PrivateAttr

from assistant.assembling import REFUSAL
from assistant.config import Settings
from assistant.models.chat_model import ChatModel
from assistant.models.choosing import make_model
from assistant.models.types import Message
from assistant.question.following.follow_up import standalone_question
from assistant.quoting.sources import Sources, marks
from assistant.types import Answer, Claim, Turn, Verdict
from assistant.writing.marks import parse
from index.embedding.registry import make_embedder
from index.errors import ConfigError
from index.llamaindex import PullquoteEmbedding, passage_node
from index.search import Searcher
from index.types import Filters

SOURCES = 5
MAX_TOKENS = 200
_DOES_NOT_KNOW = re.compile(
    r"\b(?:not|no|none|cannot|unable)\b[^.]{0,60}\b(?:mention|state|specif|provid|information|contain|answer|determin|helpful)",
    re.IGNORECASE,
)


class _Model(CustomLLM):
    """Our chat model as one of LlamaIndex's."""

    _model: ChatModel = PrivateAttr()

    def __init__(self, model: ChatModel, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._model = model

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name=self._model.name, num_output=MAX_TOKENS, context_window=4096)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self._model.complete([Message("user", prompt)], max_tokens=MAX_TOKENS))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield self.complete(prompt, formatted, **kwargs)


class CitationEngine:
    """Asks one library through CitationQueryEngine; stands where the runner has an Assistant."""

    def __init__(self, searcher: Searcher, model: ChatModel) -> None:
        self.searcher = searcher
        self.model = model
        library = searcher.library
        passages = library.locate(sorted(library.passage_ids()))
        self._places = {(hit.article.id, hit.passage.start): hit for hit in passages.values()}
        nodes = [passage_node(hit.passage, hit.article) for hit in passages.values()]
        for node in nodes:
            node.metadata["start"] = node.start_char_idx  # the engine makes new nodes without offsets
            node.excluded_llm_metadata_keys.append("start")
            node.excluded_embed_metadata_keys.append("start")
        index = VectorStoreIndex(nodes, embed_model=PullquoteEmbedding(searcher.embedder))
        self._engine = CitationQueryEngine.from_args(
            index, llm=_Model(model), similarity_top_k=SOURCES, citation_chunk_size=2048
        )

    @classmethod
    def open(cls, settings: Settings) -> CitationEngine:
        """Open the library that the settings name. Raises NotFound and ConfigError."""
        model = make_model(replace(settings, writer="composed"))
        if model is None:
            raise ConfigError("CitationQueryEngine needs a chat model. Set PULLQUOTE_MODEL.")
        return cls(Searcher.open(settings.library_path, make_embedder(settings.embedder_settings)), model)

    def __enter__(self) -> CitationEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.searcher.close()
        self.model.close()

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_id: str | None = None
    ) -> Answer:
        """Answer one question; filters are not supported and left out."""
        alone = standalone_question(question, history)
        started = time.perf_counter()
        response = self._engine.query(alone)
        seconds = time.perf_counter() - started
        told = (node.node.metadata for node in response.source_nodes)
        shown = [self._places[metadata["article"], metadata["start"]] for metadata in told]
        sources = Sources(self.searcher.library)
        claims = []
        for sentence in parse(str(response), len(shown)):
            citations = []
            for number in sentence.sources:
                hit = shown[number - 1]
                paragraphs = self.searcher.library.paragraphs(hit.article)
                paragraph = next(entry for entry in paragraphs if entry.number == hit.passage.first)
                citations.append(sources.cite_span(hit.article, paragraph, paragraph.start, paragraph.end))
            claims.append(Claim(sentence.text, Verdict.PARTLY, ("not checked",), tuple(citations)))
        knows = any(claim.citations for claim in claims) or not _DOES_NOT_KNOW.search(str(response))
        return Answer(
            id=answer_id or "",
            question=question,
            standalone_question=alone,
            answered=knows,
            text=" ".join(f"{claim.text} {marks(claim)}" for claim in claims) if knows else REFUSAL,
            as_of=sources.as_of(),
            writer="CitationQueryEngine",
            claims=tuple(claims) if knows else (),
            sources=tuple(sources.listed) if knows else (),
            timings={"all": round(seconds, 4)},
        )
