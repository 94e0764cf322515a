"""Files of every kind become articles, or a reason; the files are made here, byte by byte where that matters."""

from __future__ import annotations

import csv
import importlib
import io
import json
import logging
import os
import re
import socket
import subprocess
import sys
import textwrap
import zipfile
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from index.errors import NotFound, ReadError, UsageError
from index.reading.formats import MAX_FILE_BYTES, readable_suffixes
from index.reading.readers import Columns, find_files, find_passed_over, read_file
from index.types import RawArticle, Unreadable

SHARED = Path(os.environ.get("PULLQUOTE_SHARED", Path(__file__).resolve().parents[3].parent / "shared"))
needs_shared = pytest.mark.skipif(not (SHARED / "articles").is_dir(), reason="the shared articles are not here")

STORY = (
    (
        "Russian President Vladimir Putin has agreed to a 30-day halt on attacks on energy infrastructure in Ukraine, "
        "following a high-stakes call with US President Donald Trump, the Kremlin said in a statement on social media."
    ),
    "“Vladimir Putin responded positively to this initiative,” the statement read. The call lasted over 90 minutes.",
    "Putin said a prisoner exchange would take place on March 19, with each side swapping 175 prisoners.",
)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def only(path: Path, columns: Columns | None = None) -> RawArticle | Unreadable:
    [item] = read_file(path, columns)
    return item


def article(path: Path) -> RawArticle:
    item = only(path)
    assert isinstance(item, RawArticle), item
    return item


def reason(path: Path, columns: Columns | None = None) -> str:
    item = only(path, columns)
    assert isinstance(item, Unreadable), item
    assert item.source == str(path)
    assert "\n" not in item.reason
    return item.reason


# --- finding -------------------------------------------------------------------------------------------------------


def test_files_are_found_sorted_once_and_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", ".hidden.txt", ".git/x.txt", "sub/c.html", "sub/~$d.docx", "sub/photo.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "x")
    (tmp_path / "z.txt").symlink_to(tmp_path / "b.txt")
    found = find_files([tmp_path / "b.txt", tmp_path, tmp_path / "sub" / ".." / "a.MD"])
    assert [str(file.relative_to(tmp_path)) for file in found] == ["a.MD", "b.txt", "sub/c.html"]


def test_hidden_file_or_folder_that_is_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".news").mkdir()
    file = write(tmp_path / ".news" / ".draft.txt", "x")
    other = write(tmp_path / ".news" / "a.txt", "x")
    assert find_files([tmp_path / ".news"]) == [other]
    assert find_files([file]) == [file]


def test_files_of_other_kinds_in_a_folder_are_told_of(tmp_path: Path) -> None:
    names = ("a.txt", "feed.XML", "sub/nexis.zip", "notes", ".secret.rtf", ".git/config", "~$a.docx")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "x")
    found = find_passed_over([tmp_path, tmp_path / "sub", tmp_path / "a.txt"])
    assert [(str(Path(each.file).relative_to(tmp_path)), each.reason) for each in found] == [
        ("feed.XML", "files that end in .xml are not read"),
        ("notes", "files without an ending are not read"),
        ("sub/nexis.zip", "files that end in .zip are not read"),
    ]
    assert not find_passed_over([tmp_path / "a.txt"])


def test_relative_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", "Text.")
    monkeypatch.chdir(tmp_path)
    assert find_files([Path("a.txt")]) == [tmp_path / "a.txt"]
    assert article(Path("a.txt")).source == str(tmp_path / "a.txt")


def test_missing_path_is_not_found_and_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.txt: no such file"):
        find_files([tmp_path / "gone.txt"])


def test_folder_with_nothing_readable_says_what_is_read(tmp_path: Path) -> None:
    write(tmp_path / "photo.jpg", "x")
    with pytest.raises(UsageError, match=r"nothing in this folder.*\.docx.*\.txt"):
        find_files([tmp_path])


def test_named_file_of_unknown_kind_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"photo\.jpg.*\.txt"):
        find_files([write(tmp_path / "photo.jpg", "x")])
    assert "kind that is not read" in reason(tmp_path / "photo.jpg")


def test_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ReadError, match="cannot list this folder: Permission denied"):
        find_files([tmp_path])


def test_file_that_vanished_is_unreadable(tmp_path: Path) -> None:
    for suffix in readable_suffixes():
        assert "No such file" in reason(tmp_path / f"gone{suffix}")


def test_file_without_permission_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert reason(tmp_path / "a.txt") == "cannot be read: Permission denied"


def test_empty_file_is_unreadable(tmp_path: Path) -> None:
    for suffix in readable_suffixes():
        assert re.search("is empty|has no rows", reason(write(tmp_path / f"a{suffix}", b"")))
    assert reason(write(tmp_path / "b.txt", "\ufeff \n\u00a0\n")) == "has no text"


def test_file_over_the_limit_is_refused_with_its_size(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with file.open("wb") as sparse:
        sparse.truncate(2 * MAX_FILE_BYTES)
    assert reason(file) == (
        "is 50 MB; the limit for one article is 25 MB: split it, or convert it to .jsonl with one article a line"
    )


def test_importing_loads_no_heavy_library() -> None:
    code = (
        "import sys, index.reading.readers\n"
        "heavy = {'trafilatura', 'pypdf', 'docx', 'charset_normalizer', 'yaml', 'dateutil'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])


@given(data=st.binary(max_size=400), suffix=st.sampled_from(readable_suffixes()))
def test_no_bytes_make_reading_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    for item in read_file(write(tmp_path_factory.getbasetemp() / f"any{suffix}", data)):
        assert isinstance(item, RawArticle | Unreadable)
        if isinstance(item, RawArticle):
            assert item.text.strip()


# --- plain text ----------------------------------------------------------------------------------------------------

LINE_ENDS = "\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t\v\f\x85\u2028\u2029\ufeff"))


@given(text=ANY_TEXT)
def test_any_text_survives_up_to_line_ends_and_marks(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    item = only(write(tmp_path_factory.getbasetemp() / "any.txt", text))
    expected = re.sub(LINE_ENDS, "\n", text).replace("\ufeff", "")
    if not expected.strip():
        assert isinstance(item, Unreadable)
    else:
        assert isinstance(item, RawArticle)
        assert item.text == expected
        assert item.text.splitlines() == item.text.removesuffix("\n").split("\n")


@given(value=st.text(), field=st.sampled_from(["text", "title", "outlet"]))
def test_any_json_value_gives_clean_text(tmp_path_factory: pytest.TempPathFactory, value: str, field: str) -> None:
    file = write(tmp_path_factory.getbasetemp() / "any.jsonl", json.dumps({"text": "Body.", field: value}) + "\n")
    item = only(file)
    if isinstance(item, RawArticle):
        for part in (item.text, item.title or "", item.outlet or ""):
            assert part.encode().decode() == part
            assert not re.search("[\x00\ufeff\r\v\f\x85\u2028\u2029]", part)
        assert "\n" not in (item.title or "")
        assert (item.title, item.outlet) != ("", "")


def test_text_keeps_blank_lines_and_hard_spaces(tmp_path: Path) -> None:
    text = "Title: not a header\n\n  First\u00a0paragraph. \n\n\n- a point\nSecond.\n"
    assert article(write(tmp_path / "a.txt", text)).text == text
    assert article(tmp_path / "a.txt").title is None


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f"])
def test_every_line_end_becomes_a_newline(tmp_path: Path, end: str) -> None:
    assert article(write(tmp_path / "a.txt", f"\ufeffOne.{end}Two.{end}")).text == "One.\nTwo.\n"


def test_nul_and_marks_are_removed_inside_text(tmp_path: Path) -> None:
    text = "word " * 2000 + "en\x00d\ufeff."
    assert article(write(tmp_path / "a.txt", text)).text == "word " * 2000 + "end."


RUSSIAN = "Президент России согласился на прекращение ударов по энергетике на 30 дней. Об этом сообщил Кремль."
JAPANESE = "アメリカのトランプ大統領とロシアのプーチン大統領が電話で会談した。停戦に合意した。"
KOREAN = "러시아 대통령은 우크라이나 에너지 시설에 대한 공격을 30일 동안 중단하기로 합의했다."
CHINESE = "俄罗斯总统同意停止对乌克兰能源设施的袭击三十天。"
FRENCH = "Le président a accepté, dès mardi, de suspendre les frappes ; « c’est une étape », a déclaré l’Élysée."
GERMAN = (
    "Der Präsident stimmte einer dreißigtägigen Pause zu, hieß es – „ein erster Schritt“. Übrigens ärgert es viele."
)
SPANISH = "El presidente aceptó, señaló José Muñoz, suspender los ataques. ¿Qué pasará mañana? «Es un paso», añadió."
CZECH = (
    "Prezident souhlasil s přerušením útoků na energetická zařízení. Příští týden začnou jednání o míru ve Švýcarsku."
)
POLISH = "Prezydent zgodził się na wstrzymanie ataków na infrastrukturę. Rozmowy rozpoczną się w niedzielę; to źródło."
HUNGARIAN = "Az elnök beleegyezett, hogy harminc napra felfüggesztik a támadásokat, közölték; ez az első lépés."
TURKISH = "Başkan saldırıları durdurmayı kabul etti. Görüşme çarşamba günü yapıldı; bu ilk adım, dedi."
GREEK = "Ο πρόεδρος συμφώνησε να σταματήσει τις επιθέσεις σε ενεργειακές εγκαταστάσεις."
ENGLISH = "“It’s a movement to peace,” he said — and wouldn’t say more about the café… It cost €600, or £500."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        *(("utf-8", ENGLISH), ("utf-8-sig", ENGLISH), ("utf-16", RUSSIAN), ("utf-32", JAPANESE)),
        *(("cp1252", ENGLISH), ("cp1252", FRENCH), ("cp1252", GERMAN), ("cp1252", SPANISH), ("cp1250", CZECH)),
        *(("koi8_r", RUSSIAN), ("cp1251", RUSSIAN), ("shift_jis", JAPANESE), ("euc_jp", JAPANESE), ("cp1253", GREEK)),
        *(("cp1250", POLISH), ("cp1250", HUNGARIAN), ("cp1254", TURKISH), ("euc_kr", KOREAN), ("gb18030", CHINESE)),
    ],
)
def test_text_is_decoded(tmp_path: Path, encoding: str, text: str) -> None:
    assert article(write(tmp_path / "a.txt", f"{text}\n{text}".encode(encoding))).text == f"{text}\n{text}"
    table = io.StringIO()
    csv.writer(table).writerows([["title", "text"], ["T", text]])
    assert article(write(tmp_path / "a.csv", table.getvalue().encode(encoding))).text == text


def test_utf_16_without_its_end_is_unreadable(tmp_path: Path) -> None:
    assert "save it as UTF-8" in reason(write(tmp_path / "a.txt", "words".encode("utf-16")[:-1]))


@pytest.mark.parametrize("data", [b"abc\x00def", b"\x01\x02\x03" * 20, bytes(range(256))])
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".csv", ".jsonl", ".json"])
def test_binary_file_is_unreadable(tmp_path: Path, data: bytes, suffix: str) -> None:
    assert reason(write(tmp_path / f"a{suffix}", data)).startswith("looks like a binary file, not text: ")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n", "is a PDF file, not a .md file: give it the ending .pdf"),
        (b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", "is a Word file, not a .md file: give it the ending .docx"),
        (b"PK\x03\x04" + b"\0" * 26 + b"news.txt", "is a ZIP archive, not a .md file: unpack it"),
        (b"\x1f\x8b\x08", "is a gzip archive, not a .md file: unpack it"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a PNG picture, not a .md file: what stands in it is no text"),
        (b"\xff\xd8\xff\xe0", "is a JPEG picture, not a .md file"),
        (b"\x7fELF\x02\x01", "is a Linux program, not a .md file"),
        (b"MZ\x90\0\x03\0", "is a Windows program, not a .md file"),
        (b"SQLite format 3\0", "is a database, not a .md file: export its articles as .csv"),
        (b"{\\rtf1 Words}", "is an RTF file, not a .md file: save it as .docx or .txt"),
    ],
)
def test_file_of_another_kind_is_named_with_what_to_do(tmp_path: Path, data: bytes, said: str) -> None:
    assert reason(write(tmp_path / "a.md", data)).startswith(said)


@pytest.mark.parametrize("text", ["MZ is a carmaker.", "BZh, said Ann.", "PK won the shoot-out.", "ID3 sank."])
def test_words_that_begin_like_a_file_of_another_kind_are_words(tmp_path: Path, text: str) -> None:
    assert article(write(tmp_path / "a.txt", text.encode())).text == text


def test_damaged_pdf_says_what_to_do_and_no_name_of_a_library(tmp_path: Path) -> None:
    cut_off = pdf(column(["Text of the report."]))[:40]
    assert reason(write(tmp_path / "a.pdf", cut_off)) == (
        "is damaged, or is no PDF file: open it, and save or print it as a PDF anew"
    )


def test_text_named_pdf_is_unreadable(tmp_path: Path) -> None:
    assert reason(write(tmp_path / "a.pdf", b"Words, and no PDF.")).startswith("is not a PDF file")


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("a: &a [x, x]\ntitle: [*a, *a]", "names a value elsewhere"),
        ("title: " + "[" * 5_000 + "]" * 5_000, "nested too deep"),
        ("a: b\n" * 5_000, "more than 20,000 characters"),
    ],
)
def test_front_matter_that_would_take_for_ever_is_refused(tmp_path: Path, front: str, said: str) -> None:
    assert said in reason(write(tmp_path / "a.md", f"---\n{front}\n---\nWords.\n".encode()))


def test_word_file_of_a_million_paragraphs_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "plain.docx"))
    with (
        zipfile.ZipFile(tmp_path / "plain.docx") as plain,
        zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in plain.namelist():
            archive.writestr(name, plain.read(name).replace(b"<w:sectPr", b"<w:p/>" * 1_000_000 + b"<w:sectPr"))
    assert reason(tmp_path / "a.docx").startswith("has more than 50,000 paragraphs")


@pytest.mark.parametrize("width", [50, 60, 65, 72, 80])
def test_hard_wrapped_text_is_unwrapped(tmp_path: Path, width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)
    assert article(write(tmp_path / "a.txt", wrapped + "\n")).text == "\n\n".join(STORY)


def test_list_in_hard_wrapped_text_keeps_its_items(tmp_path: Path) -> None:
    items = "- the first point\n- the second point"
    wrapped = "\n\n".join([*(textwrap.fill(paragraph, 60) for paragraph in STORY), items])
    assert article(write(tmp_path / "a.txt", wrapped)).text == "\n\n".join([*STORY, items])


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(STORY),
        "\n\n".join(STORY),
        "\n\n".join("\n".join(STORY) for _ in range(3)),
        "Putin agrees\nTalks begin\nPrisoners return\nMarkets rise\nOil falls\n\nOther news\nWeather\n",
        "\n\n".join("the wind is up\nand so am I\nbut not for long\nnor very high" for _ in range(4)),
        "\n\n".join(
            "alpha      12    34    56    78    90    12\nbeta       12    34    56    78    90    1" for _ in range(5)
        ),
        "\n\n".join("\n".join(JAPANESE for _ in range(3)) for _ in range(3)),
        "\n\n".join(
            "\n".join(f"He said it was over and that {n} people went home." for n in range(10, 14)) for _ in "abc"
        ),
    ],
)
def test_lines_that_are_paragraphs_are_left_alone(tmp_path: Path, text: str) -> None:
    assert article(write(tmp_path / "a.txt", text)).text == text


@needs_shared
def test_sample_articles_come_out_unchanged() -> None:
    files = find_files([SHARED / "articles"])
    assert files
    for file in files:
        assert article(file).text == file.read_bytes().decode()


# --- Markdown ------------------------------------------------------------------------------------------------------


def test_markdown_front_matter_and_body(tmp_path: Path) -> None:
    item = article(
        write(
            tmp_path / "a.md",
            "---\nTitle: Putin\n  agrees\nsource: Kyiv Post\nAUTHORS: [Jane Roe, John Doe]\n"
            "pubDate: 2025-03-18T22:00:00Z\nlink: https://post.example/a\nlang: en\nlayout: post\n---\n\n"
            "# Putin agrees\n\nHe agreed\nto a halt\n"
            "on attacks.\n\n* first point\n  goes on\n+ second\n1. third\n\n> a quote\n> goes on\n>\n> and on\n\n"
            "Setext\n------\nAfter.  \nIt.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n***\n\n"
            "```py\nx = 1\n\ny = 2\n```\n\n    code\n    more\n",
        )
    )
    assert item == RawArticle(
        text=item.text,
        source=str(tmp_path / "a.md"),
        file="a.md",
        title="Putin agrees",
        outlet="Kyiv Post",
        author="Jane Roe, John Doe",
        url="https://post.example/a",
        published=date(2025, 3, 18),
        language="en",
    )
    assert [line for line in item.text.split("\n") if line.strip()] == [
        "# Putin agrees",
        "He agreed to a halt on attacks.",
        *("- first point goes on", "- second", "1. third", "> a quote goes on", "> and on", "## Setext", "After. It."),
        *("| a | b |", "|---|---|", "| 1 | 2 |", "```py", "x = 1", "y = 2", "```", "    code", "    more"),
    ]


def test_markdown_without_front_matter_has_no_title(tmp_path: Path) -> None:
    item = article(write(tmp_path / "a.md", "# Heading\n\nText: it is.\n"))
    assert (item.title, item.text) == (None, "# Heading\n\nText: it is.\n")


def test_rules_around_prose_are_not_front_matter(tmp_path: Path) -> None:
    assert "Just prose" in article(write(tmp_path / "a.md", "---\nJust prose.\n---\nMore.\n")).text
    assert "never closed" in article(write(tmp_path / "b.md", "---\nnever closed\n")).text


def test_invalid_front_matter_names_the_line(tmp_path: Path) -> None:
    said = reason(write(tmp_path / "a.md", "---\noutlet: Post\ntitle: Ukraine: what next\n---\nText.\n"))
    assert "not valid YAML, line 3" in said
    assert "quotes" in said


def test_front_matter_that_is_hostile_does_not_raise(tmp_path: Path) -> None:
    assert reason(write(tmp_path / "a.md", f"---\ntitle: {'[' * 5000}\n---\nText.\n"))
    assert reason(write(tmp_path / "b.md", "---\ntitle: !!python/object/apply:os.getcwd []\n\x07\n---\nText.\n"))
    item = article(write(tmp_path / "c.md", "---\ntitle: !!python/object/apply:os.getcwd []\nauthor: ~\n---\nText.\n"))
    assert (item.title, item.author) == (None, None)


def test_source_that_is_an_address_is_not_an_outlet(tmp_path: Path) -> None:
    item = article(write(tmp_path / "a.md", "---\nsource: https://post.example/a\n---\nText.\n"))
    assert (item.outlet, item.url) == (None, "https://post.example/a")


def test_markdown_with_a_paragraph_on_each_line_keeps_them(tmp_path: Path) -> None:
    assert article(write(tmp_path / "a.md", "\n".join(STORY))).text == "\n".join(STORY)


# --- HTML ----------------------------------------------------------------------------------------------------------

HEAD = (
    '<title>Putin agrees - The Post</title><meta property="og:site_name" content="The Post">'
    '<meta property="article:published_time" content="2025-03-18T23:00:00-05:00">'
    '<meta name="author" content="Jane Roe"><link rel="canonical" href="https://post.example/a/1">'
)
BODY = (
    '<nav><a href="/">Home</a> <a href="/x">World</a></nav><article><h1>Putin agrees</h1><p>{}</p><h2>What next</h2>'
    "<p>{}</p><ul><li>First point of the talks</li><li>Second point</li></ul><blockquote><p>We agreed.</p></blockquote>"
    "<table><tr><th>Side</th><th>Prisoners</th></tr><tr><td>Russia</td><td>175</td></tr></table><p>{}</p></article>"
    '<div id="comments"><p>First!!!</p></div><footer>All rights reserved 2023</footer>'
).format(*STORY)


def page(head: str = HEAD, body: str = BODY, language: str = ' lang="en-GB"') -> str:
    return f"<!doctype html><html{language}><head>{head}</head><body>{body}</body></html>"


def test_html_page_gives_paragraphs_and_metadata_without_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    importlib.import_module("trafilatura")  # which needs a socket module that is whole, to be loaded

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("reading a page must not use the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    with caplog.at_level(logging.DEBUG):
        item = article(write(tmp_path / "a.html", page()))
    assert item == RawArticle(
        text="\n".join(
            [
                *("# Putin agrees", STORY[0], "## What next", STORY[1], "- First point of the talks", "- Second point"),
                *("> We agreed.", "| Side | Prisoners |", "| Russia | 175 |", STORY[2]),
            ]
        ),
        source=str(tmp_path / "a.html"),
        file="a.html",
        title="Putin agrees",
        outlet="The Post",
        author="Jane Roe",
        url="https://post.example/a/1",
        published=date(2025, 3, 18),
        language="en-GB",
    )


def test_day_that_a_report_mentions_is_not_its_date(tmp_path: Path) -> None:
    body = (
        f"<article><p>{STORY[0]} It was said on 3 January 2024.</p><p>{STORY[1]}</p></article><footer>© 2023</footer>"
    )
    item = article(write(tmp_path / "a.htm", page(head="", body=body, language="")))
    assert (item.title, item.published, item.language, item.outlet) == (None, None, None, None)


@pytest.mark.parametrize(
    "declaration", ['<meta charset="{}">', '<meta http-equiv=Content-Type content="text/html; charset={}">', ""]
)
@pytest.mark.parametrize(
    ("encoding", "text"), [("windows-1252", ENGLISH), ("windows-1251", RUSSIAN), ("shift_jis", JAPANESE)]
)
def test_html_is_decoded(tmp_path: Path, declaration: str, encoding: str, text: str) -> None:
    source = page(head=declaration.format(encoding), body=f"<article><p>{text}</p><p>{text} 2</p></article>")
    assert article(write(tmp_path / "a.html", source.encode(encoding))).text == f"{text}\n{text} 2"


@pytest.mark.parametrize("wrong", ["utf-8", "utf-16", "no-such-thing", "hex", "ascii", "iso-8859-1"])
def test_wrong_declaration_of_encoding_is_survived(tmp_path: Path, wrong: str) -> None:
    source = page(head=f'<meta charset="{wrong}">', body=f"<article><p>{ENGLISH}</p></article>")
    assert article(write(tmp_path / "a.html", source.encode("cp1252"))).text == ENGLISH


def test_xhtml_declaration_of_encoding_is_followed(tmp_path: Path) -> None:
    source = f'<?xml version="1.0" encoding="koi8-r"?><html><body><p>{RUSSIAN}</p><p>{RUSSIAN} 2</p></body></html>'
    assert article(write(tmp_path / "a.html", source.encode("koi8-r"))).text == f"{RUSSIAN}\n{RUSSIAN} 2"


@pytest.mark.parametrize(
    "source", ["<html><body></body></html>", "<html><body><script>x()</script></body></html>", "words"]
)
def test_page_without_article_is_unreadable(tmp_path: Path, source: str) -> None:
    assert "no article text" in reason(write(tmp_path / "a.html", source))


# --- PDF -----------------------------------------------------------------------------------------------------------


def pdf(*pages: list[tuple[float, float, float, str]], info: str = "") -> bytes:
    """Write a PDF by hand: for each page, lines as (x, y, size, text)."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        stream = "".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n" for x, y, size, text in lines)
        objects += [
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * number} 0 R "
                "/Resources << /Font << /F1 3 0 R >> >> >>"
            ),
            f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}endstream",
        ]
    objects.append(f"<< {info} >>")
    output, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(output))
        output += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(output)}\n%%EOF\n"
    return output + f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def column(lines: list[str], top: float = 700, left: float = 50) -> list[tuple[float, float, float, str]]:
    """Set lines under each other, 14 points apart; an empty one leaves a gap, a leading space is an indent."""
    return [
        (left + 12 * line.startswith(" "), top - 14 * row, 11, line.strip()) for row, line in enumerate(lines) if line
    ]


WRAPPED = [
    "Officials hailed the landmark agree-",
    "ment after a high-stakes call; the high-",
    "stakes talks go on.",
    "",
]


def test_pdf_paragraphs_are_joined_and_hyphens_undone(tmp_path: Path) -> None:
    lines = [*WRAPPED, "A second paragraph begins after a gap", "and it ends here with a line just as long."]
    info = "/Title (Putin agrees) /Author (Jane Roe) /CreationDate (D:20250318220000-05'00')"
    item = article(write(tmp_path / "a.pdf", pdf([(50, 740, 20, "Putin agrees"), *column(lines)], info=info)))
    assert item == RawArticle(
        text="Putin agrees\n"
        "Officials hailed the landmark agreement after a high-stakes call; the high-stakes talks go on.\n"
        "A second paragraph begins after a gap and it ends here with a line just as long.",
        source=str(tmp_path / "a.pdf"),
        file="a.pdf",
        title="Putin agrees",
        author="Jane Roe",
        published=date(2025, 3, 18),
    )


def test_pdf_indent_bullet_and_short_line_begin_paragraphs(tmp_path: Path) -> None:
    lines = [
        "The first paragraph fills all of its lines well.",
        "Its last line is full and ends just at the edge.",
        " The second is indented and has no gap above it.",
    ]
    lines += ["It ends early.", "The third follows a short line that ended so.", "• a point", "• another point"]
    assert article(write(tmp_path / "a.pdf", pdf(column(lines)))).text.split("\n") == [
        *(" ".join(lines[:2]), f"{lines[2].strip()} {lines[3]}", lines[4], "- a point", "- another point")
    ]


def test_pdf_paragraph_goes_on_over_pages_without_running_heads(tmp_path: Path) -> None:
    def sheet(number: int, lines: list[str]) -> list[tuple[float, float, float, str]]:
        return [(50, 780, 9, f"The Post, 18 March, {number}"), *column(lines), (300, 20, 9, str(number))]

    file = write(
        tmp_path / "a.pdf",
        pdf(
            sheet(1, ["The call between the two leaders lasted", "more than 90 minutes and led to a halt on"]),
            sheet(2, ["attacks that both sides had asked for", "before the talks in Jeddah had begun."]),
            sheet(3, ["A new paragraph begins on the last page."]),
        ),
    )
    assert article(file).text.split("\n") == [
        (
            "The call between the two leaders lasted more than 90 minutes and led to a halt on attacks that both sides "
            "had asked for before the talks in Jeddah had begun."
        ),
        "A new paragraph begins on the last page.",
    ]


def test_pdf_placeholder_metadata_is_dropped(tmp_path: Path) -> None:
    info = r"/Title (Microsoft Word - draft.doc) /Author (\(anonymous\)) /CreationDate (D:notadate)"
    item = article(write(tmp_path / "a.pdf", pdf(column(["Text of the report."]), info=info)))
    assert (item.title, item.author, item.published) == (None, None, None)


def test_pdf_without_text_asks_for_ocr(tmp_path: Path) -> None:
    assert "no text layer; run OCR first" in reason(write(tmp_path / "a.pdf", pdf([])))


@pytest.mark.parametrize(("password", "readable"), [("secret", False), ("", True)])
def test_pdf_with_a_password_is_unreadable_unless_it_is_empty(tmp_path: Path, password: str, readable: bool) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(column(["Text of the report."])))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    with (tmp_path / "a.pdf").open("wb") as file:
        writer.write(file)
    if readable:
        assert article(tmp_path / "a.pdf").text == "Text of the report."
    else:
        assert "protected by a password" in reason(tmp_path / "a.pdf")


@pytest.mark.skipif(find_spec("cryptography") is not None, reason="with it such a file is read")
def test_pdf_with_aes_encryption_says_what_to_do(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(column(["Text of the report."]), info="/Title (A)"))))
    writer.encrypt("", owner_password="owner", algorithm="RC4-128")
    assert writer._encrypt_entry is not None
    # Both algorithms make the same key of the empty password, so the file opens; its text then asks for AES.
    aes = NameObject("/StdCF")
    filters = DictionaryObject({aes: DictionaryObject({NameObject("/CFM"): NameObject("/AESV2")})})
    versions = {NameObject("/V"): NumberObject(4), NameObject("/R"): NumberObject(4)}
    writer._encrypt_entry.update(
        {**versions, NameObject("/CF"): filters, NameObject("/StmF"): aes, NameObject("/StrF"): aes}
    )
    with (tmp_path / "a.pdf").open("wb") as file:
        writer.write(file)
    assert "is encrypted; save it without protection first" in reason(tmp_path / "a.pdf")


def test_truncated_pdf_is_read_or_unreadable_but_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pdf(column(WRAPPED))
    outcomes = [only(write(tmp_path / "a.pdf", whole[:length])) for length in range(1, len(whole), 23)]
    assert any(isinstance(item, Unreadable) for item in outcomes)
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


# --- Word ----------------------------------------------------------------------------------------------------------


def test_docx_gives_headings_lists_quotes_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Putin agrees", 0)
    document.add_heading("The call", 2)
    document.add_paragraph("First line\nafter a break.")
    document.add_paragraph("a point", style="List Bullet")
    document.add_paragraph("")
    table = document.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"cell {number}"
    document.add_paragraph("We agreed.", style="Quote")
    properties = document.core_properties
    properties.title, properties.author, properties.created = (
        " Putin\nagrees ",
        "Jane Roe",
        datetime(2025, 3, 18, 22, 0),
    )
    document.save(str(tmp_path / "a.docx"))
    item = article(tmp_path / "a.docx")
    assert [line for line in item.text.split("\n") if line] == [
        *(
            "# Putin agrees",
            "## The call",
            "First line after a break.",
            "- a point",
            "cell 0 | cell 1",
            "cell 2 | cell 3",
        ),
        "> We agreed.",
    ]
    assert (item.title, item.author, item.published) == ("Putin agrees", "Jane Roe", date(2025, 3, 18))


def test_docx_defaults_of_the_library_are_not_metadata(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    document.save(str(tmp_path / "a.docx"))
    item = article(tmp_path / "a.docx")
    assert (item.title, item.author, item.published) == (None, None, None)


def test_docx_that_is_none_is_unreadable(tmp_path: Path) -> None:
    assert "save it as .docx" in reason(write(tmp_path / "a.docx", b"PK\x03\x04 garbage" * 20))
    assert "old Word file" in reason(write(tmp_path / "b.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99))
    with zipfile.ZipFile(tmp_path / "c.docx", "w") as archive:
        archive.writestr("readme.txt", "not a document")
    assert reason(tmp_path / "c.docx") == "is a ZIP archive, and no Word file: unpack it, and give the files in it"


def test_docx_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"{number}.xml", "w") as entry:
                for _ in range(80):
                    entry.write(bytes(1024 * 1024))
    assert reason(tmp_path / "a.docx") == "unpacks to 240 MB; the limit is 200 MB: save its text as .txt"


# --- tables --------------------------------------------------------------------------------------------------------


def rows(path: Path, columns: Columns | None = None) -> list[RawArticle | Unreadable]:
    return list(read_file(path, columns))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_delimiter_is_found_out(tmp_path: Path, delimiter: str, suffix: str) -> None:
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(["ID", "Headline", "Publication Date", "Article Text", "Source"])
    writer.writerow(
        ["7", "Putin, agrees; now", "2025-03-18", 'He said "yes", twice; so | what\r\n\r\nSecond.', "The Post"]
    )
    item = article(write(tmp_path / f"a{suffix}", table.getvalue()))
    assert item == RawArticle(
        text='He said "yes", twice; so | what\n\nSecond.',
        source=f"{tmp_path / f'a{suffix}'}#7",
        file=f"a{suffix}",
        title="Putin, agrees; now",
        outlet="The Post",
        published=date(2025, 3, 18),
    )


def test_row_key_is_id_then_address_then_number_and_never_twice(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,url,text\n7,u,One.\n,http://u/2,Two.\n,,Three.\n7,,Four.\n")
    assert [item.source for item in rows(file)] == [f"{file}#{key}" for key in ("7", "http://u/2", "3", "7#4")]


def test_row_without_text_is_unreadable_and_others_go_on(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "title,text\nA,\n\nB,Two.\nC\n")
    first, second, third = rows(file)
    assert (first, third) == (
        Unreadable(f"{file}#1", "row 1 has no text"),
        Unreadable(f"{file}#3", "row 3 has no text"),
    )
    assert isinstance(second, RawArticle)
    assert second.outlet is None


def test_row_with_an_unquoted_delimiter_is_not_cut_short(tmp_path: Path) -> None:
    cut, whole = rows(write(tmp_path / "a.csv", "title,text\nA,Hello, world\nB,Two.,,\n"))
    assert isinstance(cut, Unreadable)
    assert "has 3 fields and the header 2" in cut.reason
    assert isinstance(whole, RawArticle)


def test_open_quotation_mark_is_reported_not_swallowed(tmp_path: Path) -> None:
    first, second = rows(write(tmp_path / "a.csv", 'title,text\nA,One.\nB,"Two.\nC,Three.\nD,Four.\n'))
    assert isinstance(first, RawArticle)
    assert isinstance(second, Unreadable)
    assert "never closes it" in second.reason


def test_long_fields_are_read_and_the_limit_of_the_process_is_kept(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    text = "word " * 40_000
    file = write(tmp_path / "a.csv", f'title,text\nA,"{text}"\nB,Two.\n')
    assert [item.text for item in rows(file) if isinstance(item, RawArticle)] == [text, "Two."]
    assert csv.field_size_limit() == before


def test_columns_can_be_named(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "kop,inhoud,text,dag\nTitel,Echte tekst.,x,2025-03-18\n")
    item = only(file, Columns.parse("text=inhoud, title=KOP ,published=dag"))
    assert isinstance(item, RawArticle)
    assert (item.text, item.title, item.published) == ("Echte tekst.", "Titel", date(2025, 3, 18))


def test_table_without_text_column_is_reported_once(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "kop,inhoud\nA,One.\nB,Two.\n")
    assert "columns are kop, inhoud: say which with --columns text=NAME" in reason(file)
    assert "has no column 'body'" in reason(file, Columns(text="body"))
    assert "--columns text=NAME" in reason(write(tmp_path / "a.jsonl", '{"kop": "A"}\n{"kop": "B"}\n'))


def test_named_column_that_is_missing_is_reported(tmp_path: Path) -> None:
    found, missing = rows(write(tmp_path / "a.csv", "title,text\nA,One.\n"), Columns(title="headlin"))
    assert isinstance(found, RawArticle)
    assert isinstance(missing, Unreadable)
    assert "'headlin' (asked for as title)" in missing.reason


@pytest.mark.parametrize("spec", ["", "body", "text=", "=body", "texts=body", "text=a,text=b", "text=a,"])
def test_bad_columns_name_the_fields(spec: str) -> None:
    with pytest.raises(UsageError, match="text, title, outlet, author, url, published, id"):
        Columns.parse(spec)


def test_table_of_an_office_program_is_read(tmp_path: Path) -> None:
    item = article(write(tmp_path / "a.csv", "\ufeffsep=;\r\nTitle;Text\r\nA;One, two.\r\n"))
    assert (item.title, item.text) == ("A", "One, two.")


def test_table_that_is_not_utf_8_far_into_the_file_is_decoded(tmp_path: Path) -> None:
    filler = "word " * 300_000
    items = rows(write(tmp_path / "a.csv", f"text\n{filler}\n{ENGLISH.replace(',', '')}\n".encode("cp1252")))
    assert [item.text for item in items if isinstance(item, RawArticle)] == [filler, ENGLISH.replace(",", "")]


def test_json_lines_go_on_after_a_bad_one(tmp_path: Path) -> None:
    good = {
        "headline": "A",
        "Body": ["One.", "Two."],
        "source": {"id": None, "name": "The Post"},
        "authors": ["X", "Y"],
    }
    lines = [
        json.dumps(good),
        "",
        "{bad",
        "[1]",
        '{"body": ""}',
        '{"body": "Three.", "date": 1742335200000, "outlet": NaN}',
    ]
    file = write(tmp_path / "a.jsonl", "\r\n".join(lines))
    first, bad, no_object, empty, last = rows(file)
    assert first == RawArticle("One.\nTwo.", f"{file}#1", "a.jsonl", "A", "The Post", "X, Y")
    assert isinstance(bad, Unreadable)
    assert bad.source == f"{file}#3"
    assert bad.reason.startswith("row 3 is not valid JSON")
    assert isinstance(no_object, Unreadable)
    assert empty == Unreadable(f"{file}#5", "row 5 has no text")
    assert isinstance(last, RawArticle)
    assert (last.published, last.outlet, last.source) == (date(2025, 3, 18), None, f"{file}#6")


def test_rows_before_the_first_text_are_still_reported(tmp_path: Path) -> None:
    items = rows(write(tmp_path / "a.jsonl", '{"title": "A"}\n{"text": "Two."}\n'))
    assert [type(item) for item in items] == [Unreadable, RawArticle]


@pytest.mark.parametrize(
    "wrap", [lambda items: items, lambda items: {"status": "ok", "articles": items}, lambda items: items[0]]
)
def test_json_array_and_its_relatives_are_read(tmp_path: Path, wrap: object) -> None:
    assert callable(wrap)
    file = write(tmp_path / "a.json", json.dumps(wrap([{"url": "u", "content": "One."}])))
    assert article(file) == RawArticle("One.", f"{file}#u", "a.json", url="u")


def test_bad_json_names_the_line(tmp_path: Path) -> None:
    assert "line 2" in reason(write(tmp_path / "a.json", '{"text": "One."}\n{"text": "Two."}\n'))
    assert reason(write(tmp_path / "b.json", "[" * 100_000))


def test_keys_and_names_of_a_table_cannot_spoil_source_or_reason(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", r'{"id": "\ud800 a\n b", "text": "One."}')
    assert article(file).source == f"{file}#\ufffd a b"
    assert "columns are x [2J y" in reason(write(tmp_path / "b.jsonl", r'{"x\u001b[2J\ny": "\ud800"}'))


def test_lone_surrogates_are_replaced(tmp_path: Path) -> None:
    item = article(write(tmp_path / "a.jsonl", r'{"text": "One \ud800 two \ud83d\ude00.", "title": "\udfff"}'))
    assert (item.text, item.title) == ("One \ufffd two 😀.", "\ufffd")


def test_table_larger_than_one_article_may_be_is_read(tmp_path: Path) -> None:
    line = json.dumps({"text": "word " * 200_000}) + "\n"
    with (tmp_path / "a.jsonl").open("w") as file:
        file.writelines(line for _ in range(MAX_FILE_BYTES // len(line) + 1))
    assert (tmp_path / "a.jsonl").stat().st_size > MAX_FILE_BYTES
    assert all(isinstance(item, RawArticle) for item in read_file(tmp_path / "a.jsonl"))


@needs_shared
def test_public_news_tables_load_without_options() -> None:
    for file in sorted((SHARED / "data" / "wikinews").glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as table:
            expected = list(csv.DictReader(table))
        items = rows(file)
        assert len(items) == len(expected) > 100
        for item, row in zip(items, expected, strict=True):
            assert isinstance(item, RawArticle)
            assert (item.title, item.url, str(item.published)) == (
                " ".join(row["title"].split()),
                row["url"],
                row["date"],
            )
            assert item.outlet is None
            assert item.source == f"{file}#{row['url']}"
