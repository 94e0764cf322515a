"""One more of each kind is added by a line of its registry, and is then used by everything that uses its like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from assistant.answering import Assistant
from assistant.answers.exporting import EXPORT_FORMATS, Exported, ExportFormat, exported_answers, format_of, rendered
from assistant.cli.main import cli
from assistant.config import Settings
from assistant.gate.checking import Gate
from assistant.gate.checks import EXACT_CHECKS, CheckContext
from assistant.gate.types import CitedParagraph
from assistant.models.choosing import MODELS, make_model
from assistant.models.types import Chunk, Task
from assistant.page.uploads import _check_kind
from assistant.types import Verdict
from index.embedding.protocol import Vectors
from index.embedding.registry import EMBEDDERS, RegisteredEmbedder, make_embedder
from index.errors import ConfigError, ReadError, UsageError
from index.indexing import Indexer
from index.reading.contents import check_contents
from index.reading.formats import FORMATS, Format, one_article
from index.reading.readers import find_files, find_passed_over, read_file
from index.reading.tables import Columns
from index.search import Searcher
from index.splitting.paragraphs import split_paragraphs
from index.splitting.sentences import split_sentences
from index.stores.exact import exact_nearest
from index.stores.protocols import Stores
from index.stores.tantivy import TantivyTerms
from index.types import Article, RawArticle, Unreadable
from tests.fakes import FakeEmbedder

FERRY = "The ferry to Olden resumes on Monday after a strike of nine days, the harbour council said."
DAM = "The council refused to pay for a new dam above the valley."
QUESTION = "For how many days will Russia stop striking energy infrastructure?"
STATES = "will stop striking"


# -- a format of files


def press_release(data: bytes, path: Path) -> RawArticle:
    title, text = data.decode("utf-8").removeprefix("PRESS\0").split("\n", 1)
    return RawArticle(text=text, source=str(path), file=path.name, title=title)


@pytest.fixture
def press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(FORMATS, "a press release", Format((".press",), one_article(press_release), (b"PRESS\0",)))
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.press").write_bytes(f"PRESS\0Ferry resumes\n{FERRY}".encode())
    (folder / "notes.other").write_text(DAM, "utf-8")
    return folder


def test_added_format_is_found_in_a_folder_read_and_searched(press: Path, tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    assert [Path(passed.file).name for passed in find_passed_over([press])] == ["notes.other"]
    with Indexer(tmp_path / "library", embedder) as indexer:
        assert indexer.add([press]).added == ["ferry"]
    with Searcher.open(tmp_path / "library", embedder) as searcher:
        assert [hit.article.title for hit in searcher.search("When does the ferry resume?")] == ["Ferry resumes"]


def test_added_format_is_offered_by_every_message_and_taken_by_the_page(press: Path) -> None:
    assert ".press" in CliRunner().invoke(cli, ["add", "--help"]).stdout
    with pytest.raises(UsageError, match=r"\.pdf \.press"):
        _check_kind(press / "notes.other")
    with pytest.raises(ReadError, match=r"\.pdf \.press"):
        find_files([press / "notes.other"])
    _check_kind(press / "ferry.press")


def test_added_format_is_told_by_its_first_bytes(press: Path) -> None:
    head = (press / "ferry.press").read_bytes()
    with pytest.raises(ReadError, match=r"is a press release, not a \.txt file: give it the ending \.press"):
        check_contents(head, ".txt")
    with pytest.raises(ReadError, match="is not a press release"):
        check_contents(FERRY.encode(), ".press")


def test_format_whose_library_is_missing_says_what_to_install(press: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def needs_a_library(_path: Path, _columns: Columns) -> Iterator[RawArticle | Unreadable]:
        raise ImportError("No module named 'presslib'", name="presslib")

    monkeypatch.setitem(FORMATS, "a press release", Format((".press",), needs_a_library, extra="press"))
    [item] = read_file(press / "ferry.press")
    assert isinstance(item, Unreadable)
    assert item.reason == "needs presslib, which is not installed. Install it: pip install 'pullquote[press]'"


# -- an embedder


def test_added_embedder_is_made_by_its_name_and_searches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered = RegisteredEmbedder(lambda width, _settings: FakeEmbedder(f"bag-{width}", int(width)), "WIDTH")
    monkeypatch.setitem(EMBEDDERS, "bag", registered)
    (tmp_path / "ferry.txt").write_text(FERRY, "utf-8")
    embedder = make_embedder(Settings(embedder="bag:32").embedder_settings)
    with Indexer(tmp_path / "library", embedder) as indexer:
        indexer.add([tmp_path / "ferry.txt"])
    with Searcher.open(tmp_path / "library", embedder) as searcher:
        assert searcher.library.manifest.embedder == "bag-32"
        assert searcher.search("ferry strike")[0].dense_score
    with pytest.raises(ConfigError, match=r"or bag:WIDTH"):
        make_embedder(Settings(embedder="bag").embedder_settings)


def test_added_embedder_whose_library_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(_rest: str, _settings: object) -> FakeEmbedder:
        raise ImportError("No module named 'baglib'")

    monkeypatch.setitem(EMBEDDERS, "bag", RegisteredEmbedder(make, extra="bags"))
    with pytest.raises(ConfigError, match=r"baglib.*pip install 'pullquote\[bags\]'"):
        make_embedder(Settings(embedder="bag").embedder_settings)


# -- a vector store


@dataclass
class Kept:
    """Vectors in the memory of the process: what a server of vectors would keep."""

    vectors: dict[str, Vectors] = field(default_factory=dict)
    asked: int = 0


class MemoryVectors:
    """A `VectorStore` over what is kept."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def search(self, query: Vectors, count: int, generation: int) -> list[tuple[str, float]] | None:
        assert generation > 0
        self._kept.asked += 1
        ids = list(self._kept.vectors)
        return exact_nearest(ids, np.stack([self._kept.vectors[each] for each in ids]), query, count) if ids else []

    def ids(self) -> set[str]:
        return set(self._kept.vectors)

    def count(self) -> int:
        return len(self._kept.vectors)

    def writing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        self._kept.vectors.update(zip(ids, vectors, strict=True))

    def delete(self, ids: Sequence[str]) -> None:
        for each in ids:
            self._kept.vectors.pop(each, None)

    def clear(self) -> None:
        self._kept.vectors.clear()

    def close(self) -> None:
        """Keep what is kept."""


def test_added_vector_store_is_filled_searched_and_kept_in_step(tmp_path: Path) -> None:
    kept, library, embedder = Kept(), tmp_path / "library", FakeEmbedder()

    def stores(path: Path) -> Stores:
        return Stores(MemoryVectors(kept), TantivyTerms(path / "tantivy"))

    for name, text in {"ferry": FERRY, "dam": DAM}.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    with Indexer(library, embedder, open_stores=stores) as indexer:
        indexer.add([tmp_path / "ferry.txt", tmp_path / "dam.txt"])
        assert set(kept.vectors) == indexer.library.passage_ids()
        kept.vectors.clear()
    with Indexer(library, embedder, open_stores=stores) as indexer:
        indexer.add([tmp_path / "ferry.txt"])
        assert set(kept.vectors) == indexer.library.passage_ids()
        indexer.remove(["dam"])
        assert set(kept.vectors) == indexer.library.passage_ids()
    with Searcher.open(library, embedder, stores) as searcher:
        [hit] = searcher.search("ferry strike")
    assert (hit.article.id, hit.dense_rank, kept.asked) == ("ferry", 1, 1)
    assert not (library / "chroma").exists()


# -- a chat model


class Parrot:
    """A `ReplySource` that repeats the shown paragraph that has certain words."""

    label = address = known_name = "parrot"
    small = False
    secrets = ()
    fixes: dict[str, str] = {}  # noqa: RUF012 - as the protocol has it

    def __init__(self, words: str) -> None:
        self.words = words

    def name(self) -> str:
        return self.known_name

    def call(self, task: Task) -> ParrotCall:
        return ParrotCall(self.words, task)

    def close(self) -> None:
        """Hold nothing."""


@dataclass
class ParrotCall:
    """One request to the parrot."""

    words: str
    task: Task

    def chunks(self) -> Iterator[Chunk]:
        shown = self.task.messages[-1].content
        for number, text in re.findall(r"^\[(\d+)\] (.*)", shown, re.MULTILINE):
            for sentence in split_sentences(text):
                if self.words in sentence.text:
                    yield Chunk(f"{sentence.text} [{number}]", completion_tokens=1)
                    return

    def cut(self) -> None:
        """There is nothing to cut."""


def test_added_chat_model_writes_the_answer(sample_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "parrot", lambda words, _settings: Parrot(words))
    settings = Settings(library=str(sample_library), model=f"parrot:{STATES}", writer="composed")
    with Assistant.open(settings) as assistant:
        answer = assistant.ask(QUESTION)
    assert (answer.writer, answer.model) == ("composed", "parrot")
    assert STATES in answer.text
    assert answer.citations


def test_name_with_a_colon_that_no_model_has_is_an_endpoints() -> None:
    model = make_model(Settings(model="qwen3:8b", openai_base_url="http://127.0.0.1:9/v1", writer="composed"))
    assert model is not None
    assert model.known_name == "qwen3:8b"


# -- a check of the gate


def test_added_check_makes_a_claim_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_shouting(claim: str, cited: Sequence[CitedParagraph], context: CheckContext) -> list[str]:
        assert cited
        return [f"{word} is shouted, unlike in {context.outlets[0]}" for word in claim.split() if word.isupper()]

    article = Article("ferry", 1, FERRY, "", "ferry.txt", "ferry.txt", outlet="Harbour Post")
    cited = [CitedParagraph(split_paragraphs(article)[0], article)]
    gate, claim = Gate(["Harbour Post"]), FERRY.replace("ferry", "FERRY")
    before = gate.check(claim, cited)
    monkeypatch.setitem(EXACT_CHECKS, "shouting", no_shouting)
    finding = gate.check(claim, cited)
    assert not any("shouted" in reason for reason in before.reasons)
    assert (finding.verdict, finding.score) == (Verdict.UNSUPPORTED, 0.0)
    assert finding.reasons[-1] == "FERRY is shouted, unlike in Harbour Post"
    assert gate.check(FERRY, cited).score > 0


# -- an export format


def test_added_export_format_is_known_by_name_and_ending(
    tmp_path: Path, sample_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_outline(exported: Exported, accessed: date) -> str:
        return f"{accessed}\n" + "".join(f"* {answer.text}\n" for answer in exported.answers)

    monkeypatch.setitem(EXPORT_FORMATS, "org", ExportFormat("Org", (".org",), "text/org", as_outline))
    with Assistant.open(Settings(library=str(sample_library), writer="quoting")) as assistant:
        answer = assistant.ask(QUESTION)
    assert format_of("a.ORG", None) == "org"
    assert rendered(exported_answers([answer]), "org", date(2026, 5, 1)) == f"2026-05-01\n* {answer.text}\n"
    with pytest.raises(UsageError, match=r"\.org"):
        format_of("notes.txt", None)
    (tmp_path / "answer.json").write_text(rendered(exported_answers([answer]), "json", date(2026, 5, 1)), "utf-8")
    arguments = ["export", str(tmp_path / "answer.json"), "--to", "-", "--format", "org"]
    arguments += ["--library", str(sample_library)]
    done = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert done.stdout.endswith(f"* {answer.text}\n")
    assert "csl|org]" in CliRunner().invoke(cli, ["export", "--help"]).stdout
