from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answering import Assistant
from assistant.answers.deep_links import deep_link, web_address
from assistant.answers.exporting import authors_in, csl_items, exported_answers, format_of, rendered, write_whole
from assistant.answers.from_json import answer_from_json
from assistant.answers.html_page import as_html
from assistant.answers.markdown import as_markdown
from assistant.safe_text import for_markdown, one_line, strong_in_markdown
from assistant.types import Answer, Citation, Claim, Outcome, Source, Verdict
from index.errors import UsageError
from tests.assistant.made_answers import ANSWERS, TEXTS

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 2, 3)
URL = "https://example.org/news/call"
EVIL = (
    '<img src=x onerror="alert(1)">[a](javascript:alert(1)) **b** `c` &lt;i&gt; https://evil.example www.evil.example'
)


def made(**changes: Any) -> Answer:
    citation = Citation(
        1, "sample-wire-call", "call.md", 1, 2, "It ran for 90 minutes, not 40 & more.", 0, 37, "The call",
        "Sample Wire", "2025-03-18", URL,
    )  # fmt: skip
    citation = replace(citation, **{name: value for name, value in changes.items() if hasattr(citation, name)})
    source = Source(
        1,
        citation.article,
        citation.file,
        1,
        2,
        "text",
        citation.title,
        citation.outlet,
        citation.published,
        citation.url,
    )
    claim = Claim(
        changes.get("text", citation.quote), changes.get("verdict", Verdict.SUPPORTED), ("because",), (citation,)
    )
    return Answer(
        "a1", changes.get("question", "How long?"), "How long?", True, f"{claim.text} [1]", "2025-03-18", "quoting",
        claims=(claim,), sources=(source,), note=changes.get("note"),
    )  # fmt: skip


class Page(HTMLParser):
    """Collects tags, links and visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self._hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self._hidden = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data


ALLOWED_TAGS = set(
    "html head meta title style body main h1 h2 h3 article p bdi sup a ol ul li blockquote span strong div section "
    "table thead tbody tr th td".split()
)
ALLOWED_ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "dir", "class", "id", "href", "rel", "scope"}


def tokens(markdown: str) -> list[Any]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def inline(markdown: str) -> list[Any]:
    return [child for token in tokens(markdown) for child in token.children or []]


# -- escaping


@given(TEXTS | st.text(alphabet="\\`*_{}[]()<>#+-.!|~&:=^$@/ \n\t1aw", max_size=25))
def test_any_text_is_only_text_in_markdown(text: str) -> None:
    parsed = tokens(for_markdown(text))
    assert [token.type for token in parsed] in ([], ["paragraph_open", "inline", "paragraph_close"])
    children = inline(for_markdown(text))
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == one_line(text)


SIGNS = TEXTS | st.text(alphabet="\\`*_{}[]()<>#+-.!|~&:=^$@/%“” \n\t1aé", max_size=12)


@given(SIGNS, SIGNS, SIGNS)
@example("", "1. 90", " days")
@example("about", "(90)", "x")
@example("- ", "*90*", "*")
def test_any_words_are_bold_in_markdown_and_nothing_else_is(before: str, words: str, after: str) -> None:
    words = words.strip()
    made = strong_in_markdown(before, words, after)
    assert [token.type for token in tokens(made)] in ([], ["paragraph_open", "inline", "paragraph_close"])
    children = inline(made)
    assert {child.type for child in children} <= {"text", "text_special", "strong_open", "strong_close"}
    assert "".join(child.content for child in children) == one_line(f"{before}{words}{after}")
    bold = "".join(child.content for child in children[_of(children, "open") : _of(children, "close")])
    assert bold in one_line(words)
    if any(character.isalnum() for character in words):
        assert bold


def _of(children: list[Any], end: str) -> int:
    return next((place for place, child in enumerate(children) if child.type == f"strong_{end}"), 0)


@given(ANSWERS)
def test_no_text_of_an_answer_becomes_markup_or_a_foreign_link_in_markdown(answer: Answer) -> None:
    found = inline(as_markdown(answer.question, [answer]))
    assert {child.type for child in found} <= {
        *("text", "text_special", "softbreak", "code_inline"),
        *("em_open", "em_close", "strong_open", "strong_close", "link_open", "link_close"),
    }
    for child in found:
        if child.type == "link_open":
            assert re.match(r"https?://[^\s<>\"]+$", child.attrs["href"])
    blocks = {token.type for token in tokens(as_markdown(answer.question, [answer]))}
    assert not {"html_block", "fence", "code_block", "hr"} & blocks
    assert "table_open" not in blocks or answer.as_table


@given(ANSWERS)
def test_no_text_of_an_answer_becomes_markup_or_a_foreign_link_in_html(answer: Answer) -> None:
    page = Page(as_html(answer.question, [answer, answer]))
    assert set(page.tags) <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    for link in page.links:
        assert re.match(r"(?:https?://|#s\d+-\d+$)", link)
    for claim in answer.claims if answer.answered else ():
        assert one_line(claim.text) in page.text


@given(ANSWERS, st.sampled_from(["md", "html", "json", "csl"]))
def test_every_answer_can_be_exported_and_written(answer: Answer, kind: str) -> None:
    assert rendered(exported_answers([answer]), kind, TODAY).encode("utf-8")


def test_hostile_article_is_shown_as_text() -> None:
    answer = made(text=EVIL, quote=EVIL, title=EVIL, outlet=EVIL, question=EVIL, note=EVIL, url="javascript:alert(1)")
    page = Page(as_html(answer.question, [answer]))
    assert "img" not in page.tags
    assert one_line(EVIL) in page.text
    assert not [link for link in page.links if not link.startswith("#")]
    markdown = as_markdown(answer.question, [answer])
    assert not [child for child in inline(markdown) if child.type in {"link_open", "html_inline", "image"}]
    assert "`javascript:alert(1)`" in markdown
    assert "https://evil" not in markdown  # which GitHub would link


def test_characters_that_hide_or_turn_text_are_made_visible() -> None:
    answer = made(text="agreed \u202eton\u202c \u200bto\x00 talks\x1b[31m")
    for text in (as_markdown("q", [answer]), as_html("q", [answer])):
        assert not set("\u202e\u202c\u200b\x00\x1b") & set(text)
        assert "\ufffd" in text


def test_page_has_no_script_and_nothing_from_outside() -> None:
    html = as_html("q", [made()])
    assert "script" not in html
    assert "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert "url(" not in html
    assert "@import" not in html


# -- content


def test_markdown_shows_marks_doubts_sources_and_quotes() -> None:
    answer = made(text="It ran for 40 minutes.", verdict=Verdict.UNSUPPORTED, note="Quoted only.")
    text = as_markdown(answer.question, [answer])
    assert text.startswith("# How long?\n")
    assert "It ran for 40 minutes. \\[1\\] **(unsupported: because)**" in text
    assert "- \\[1\\] Sample Wire · 18 March 2025 · The call (sample-wire-call\\#2)" in text
    assert "“It ran for 90 minutes, not 40 \\& more.” [in the original](<https://example.org/news/call#:~:text=" in text
    assert "_Note: Quoted only._" in text
    assert "As of 18 March 2025" in text


def test_refusal_is_exported_with_what_the_collection_covers(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the 2022 World Cup?")
    for text in (as_markdown(answer.question, [answer]), as_html(answer.question, [answer])):
        assert "do not answer" in text
        assert "16 articles" in text


def test_every_mark_in_the_page_leads_to_its_source(assistant: Assistant) -> None:
    answers = [
        assistant.ask("How many prisoners will each side free?"),
        assistant.ask("What does Grushko demand?"),
    ]
    html = as_html("Two", answers)
    targets = re.findall(r'<a href="#(s\d+-\d+)"', html)
    identifiers = re.findall(r'id="(s\d+-\d+)"', html)
    assert targets
    assert set(targets) <= set(identifiers)
    assert len(identifiers) == len(set(identifiers))


def test_json_export_can_be_read_back(assistant: Assistant) -> None:
    answer = assistant.ask("What does Grushko demand?")
    assert answer_from_json(json.loads(rendered(exported_answers([answer]), "json", TODAY))) == answer


# -- CSL-JSON

STRINGS = {"id", "type", "title", "container-title", "URL"}


def assert_is_csl(items: object) -> None:
    """Assert the rules of the CSL-JSON schema for the fields that we write; it allows no others than it names."""
    assert isinstance(items, list)
    for item in items:
        assert {"id", "type"} <= item.keys() <= STRINGS | {"author", "issued", "accessed"}
        assert item["type"] == "article-newspaper"
        assert all(isinstance(item[name], str) for name in STRINGS & item.keys())
        for author in item.get("author", []):
            assert author.keys() == {"literal"}
            assert isinstance(author["literal"], str)
        for name in {"issued", "accessed"} & item.keys():
            assert item[name].keys() == {"date-parts"}
            (parts,) = item[name]["date-parts"]
            assert 1 <= len(parts) <= 3
            assert all(isinstance(part, int) for part in parts)


@given(st.lists(ANSWERS, min_size=1, max_size=2))
def test_any_answers_make_valid_csl(answers: list[Answer]) -> None:
    assert_is_csl(json.loads(rendered(exported_answers(answers), "csl", TODAY)))


def test_csl_has_one_item_for_each_cited_article(assistant: Assistant) -> None:
    answer = assistant.ask("How many prisoners will each side free?")
    exported = replace(exported_answers([answer]), authors=authors_in(assistant.searcher.library, [answer]))
    items = csl_items(exported, TODAY)
    assert_is_csl(items)
    assert [item["id"] for item in items] == list(dict.fromkeys(source.article for source in answer.sources))
    first = items[0]
    assert first["container-title"] == "Demo Herald"
    assert first["author"] == [{"literal": assistant.searcher.library.article(first["id"]).author}]
    assert first["issued"] == {"date-parts": [[2025, 3, 19]]}
    assert first["accessed"] == {"date-parts": [[2026, 2, 3]]}
    assert first["URL"].startswith("https://example.org/")


# -- links


def test_short_quote_stands_in_the_link_whole_and_encoded() -> None:
    link = deep_link(URL, "a 30-day truce, they said & left")
    assert link == f"{URL}#:~:text=a%2030%2Dday%20truce%2C%20they%20said%20%26%20left"


def test_long_quote_is_named_by_its_first_and_last_words() -> None:
    words = [f"word{number}" for number in range(60)]
    link = deep_link(URL, " ".join(words)) or ""
    start, end = link.partition(":~:text=")[2].split(",")
    assert (unquote(start).split(), unquote(end).split()) == (words[:5], words[-5:])


@given(st.text(min_size=1, max_size=300))
def test_directive_holds_the_quotes_words_and_no_bare_sign(words: str) -> None:
    directive = (deep_link(URL, words) or "").partition(":~:text=")[2]
    parts = directive.split(",")
    assert len(parts) <= 2
    assert re.fullmatch(r"[A-Za-z0-9._~%,]*", directive)
    plain = " ".join(words.split())
    assert plain.startswith(unquote(parts[0]))
    assert plain.endswith(unquote(parts[-1]))


def test_fragment_of_the_address_is_kept() -> None:
    assert deep_link(f"{URL}#part-2", "x y") == f"{URL}#part-2:~:text=x%20y"
    assert deep_link(f"{URL}#:~:text=old", "new") == f"{URL}#:~:text=new"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://example.org/x",
        ),
        *("//example.org", "example.org/x", "https://", "http://[", "https://example.org:port/", "mailto:a@b.example"),
        *("java\nscript:x", "https://example.org/\nx", "https:\\\\example.org", "", None),
    ],
)
def test_other_addresses_are_no_links(url: str | None) -> None:
    assert deep_link(url, "words") is None


@given(st.text(max_size=40))
def test_address_is_plain_ascii_without_signs_of_markup(rest: str) -> None:
    address = web_address(f"https://example.org/{rest}")
    assert address is None or re.fullmatch(r"https://[\x21-\x7e]+", address)
    assert not set("<>\"'()[]`\\ ") & set(address or "")


# -- files


def test_file_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    write_whole(path, "one", force=False)
    with pytest.raises(UsageError, match="--force"):
        write_whole(path, "two", force=False)
    assert path.read_text() == "one"
    write_whole(path, "two", force=True)
    assert path.read_text() == "two"
    assert [file.name for file in tmp_path.iterdir()] == ["notes.md"]


def test_folder_is_never_replaced_and_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another name"):
        write_whole(tmp_path, "x", force=True)
    with pytest.raises(UsageError, match="mkdir -p"):
        write_whole(tmp_path / "none" / "notes.md", "x", force=False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.md", "md"), ("a.HTML", "html"), ("a.json", "json"), ("a.csl.json", "csl"), ("a.b.htm", "html")],
)
def test_suffix_says_the_format(name: str, kind: str) -> None:
    assert format_of(name, None) == kind


def test_name_without_a_known_suffix_needs_a_format() -> None:
    assert format_of("-", "md") == "md"
    with pytest.raises(UsageError, match="--format"):
        format_of("notes.txt", None)


# -- the command


def export(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "export", *map(str, arguments)],
        cwd=ROOT, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_command_writes_an_answer_and_does_not_replace_it(assistant: Assistant, tmp_path: Path) -> None:
    library = assistant.searcher.library.path
    stored = tmp_path / "answer.json"
    stored.write_text(json.dumps(assistant.ask("What does Grushko demand?").to_json()))
    target = tmp_path / "answer.md"
    done = export(stored, "--to", target, "--library", library)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Izvestia" in target.read_text("utf-8")
    again = export(stored, "--to", target, "--library", library)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert export(stored, "--to", target, "--force", "--library", library).returncode == 0


def test_command_needs_no_library_and_reads_a_batch_from_a_pipe(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(made(question=question).to_json()) for question in ("One?", "Two?"))
    done = export("-", "--to", "-", "--format", "md", "--library", tmp_path / "none", stdin=lines)
    assert done.returncode == 0, done.stderr
    assert "## One?" in done.stdout
    assert "## Two?" in done.stdout


@pytest.mark.parametrize("stdin", ["", "no json", "{}", '{"id": 1}'])
def test_command_refuses_what_is_no_answer(stdin: str, tmp_path: Path) -> None:
    done = export("-", "--to", tmp_path / "x.md", stdin=stdin)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x.md").exists()


def test_unknown_conversation_is_named(assistant: Assistant, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(assistant.searcher.library.path, library)
    done = export("--conversation", "nope", "--to", tmp_path / "x.md", "--library", library)
    assert done.returncode == 2
    assert "nope" in done.stderr


# -- what an answer of an earlier version lacks


def test_answer_without_an_outcome_is_read_as_it_was_meant() -> None:
    kept = made().to_json()
    del kept["outcome"]
    del kept["claims"][0]["citations"][0]["answer"]
    read = answer_from_json(kept)
    assert read == made()
    assert (read.outcome, read.citations[0].answer) == (Outcome.ANSWERS, None)
    assert answer_from_json(kept | {"answered": False}).outcome is Outcome.NO_ANSWER


def test_outcome_and_answering_words_come_back_as_they_were() -> None:
    answer = replace(made(answer=(11, 21)), outcome=Outcome.MAY_ANSWER)
    read = answer_from_json(json.loads(json.dumps(answer.to_json())))
    assert read == answer
    assert read.citations[0].answer == (11, 21)


@pytest.mark.parametrize("words", [[1], [1, 2, 3], ["1", "2"], 5])
def test_answering_words_that_are_no_two_offsets_are_refused(words: object) -> None:
    kept = made().to_json()
    kept["claims"][0]["citations"][0]["answer"] = words
    with pytest.raises(UsageError, match="answer"):
        answer_from_json(kept)
    with pytest.raises(UsageError, match="answers or may answer or does not answer"):
        answer_from_json(made().to_json() | {"outcome": "perhaps"})
