"""CitationQueryEngine beside our Assistant: asked the same, its marks become citations that score alike."""

from __future__ import annotations

from pathlib import Path

from assistant.config import Settings
from assistant.models.choosing import make_model
from eval.bench.citation_engine import CitationEngine
from index.embedding.minilm import MiniLM
from index.search import Searcher
from tests.assistant.openai_wire import Reply, Wire


def test_marks_of_the_engine_cite_the_paragraphs_that_it_was_shown(sample_library: Path, minilm: MiniLM) -> None:
    with Wire() as wire:
        wire.script(Reply("Russia will stop striking energy sites for 30 days [1]."))
        model = make_model(Settings(openai_base_url=wire.url))
        assert model is not None
        with CitationEngine(Searcher.open(sample_library, minilm), model) as engine:
            answer = engine.ask("For how many days will Russia stop striking energy infrastructure?")
            (citation,) = answer.claims[0].citations
            article = engine.searcher.library.article(citation.article)
            assert article.text[citation.start : citation.end] == citation.quote
            wire.script(Reply("The sources do not provide this information."))
            assert not engine.ask("Who won the 2022 World Cup?").answered
        prompt = wire.requests[0]["messages"][-1]["content"]
        assert "Source 1:" in prompt
        assert citation.quote[:60] in prompt
