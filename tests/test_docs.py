"""The site of the documentation: it is built without a warning, is whole, and fetches nothing from anywhere else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from tests.documents import DOCS, DOCUMENTS, ROOT
from tests.test_architecture import ROOMS

FETCHES = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("form", "action")}
"""What a browser opens by itself, or sends what is typed to; an `a` is followed by a reader."""


class Page(HTMLParser):
    """The addresses and the anchors of a page."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.fetched: set[str] = set()
        self.followed: set[str] = set()
        self.anchors: set[str] = set()
        self.text = file.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (tag, name) in FETCHES:
                self.fetched.add(value)
            elif value and (tag, name) == ("a", "href"):
                self.followed.add(value)
            elif value and name == "id":
                self.anchors.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built from a copy, so that nothing is left in the tree."""
    tree = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "docs", tree / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tree)
    built = subprocess.run(
        [str(Path(sys.executable).with_name("zensical")), "build", "--clean", "--strict"],
        cwd=tree, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return tree / "build" / "docs"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(site.glob("*.html"))}


def test_every_page_is_built_and_in_the_menu(site: Path) -> None:
    menu = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    named = set(re.findall(r"[a-z-]+\.md", str(menu)))
    assert named == {document.name for document in DOCS}
    assert {document.stem for document in DOCS} <= {file.stem for file in site.glob("*.html")}


def test_no_page_fetches_anything_from_elsewhere(pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        assert page.fetched
        assert [address for address in page.fetched if urlsplit(address).netloc] == [], file.name
        assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", page.text), file.name


def test_no_style_fetches_anything_from_elsewhere(site: Path) -> None:
    styles = list(site.rglob("*.css"))
    assert styles
    for file in styles:
        assert not re.search(r"(url\(\s*['\"]?|@import\s+['\"])(https?:)?//", file.read_text("utf-8")), file.name


def test_every_link_within_the_site_leads_somewhere(pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        for address in page.fetched | page.followed:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or file.name == "404.html":
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            assert target.exists(), f"{file.name}: {address}"
            if parts.fragment and target in pages and not parts.fragment.startswith("__"):
                assert unquote(parts.fragment) in pages[target].anchors, f"{file.name}: {address}"


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if each not in DOCS], ids=lambda each: each.stem)
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    for address in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8")):
        if not urlsplit(address).scheme:
            assert (document.parent / address).exists(), address


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "SECURITY.md"], ids=lambda each: each.stem)
def test_every_file_of_ours_that_is_named_is_there(document: Path) -> None:
    named = re.findall(r"`((?:assistant|index|eval|tests|examples|docs)/[\w./-]*)`", document.read_text("utf-8"))
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing


def test_every_name_of_a_recipe_is_in_the_file_it_is_said_to_be_in() -> None:
    recipes = " ".join((ROOT / "docs" / "extending.md").read_text("utf-8").split())
    pairs = re.findall(r"`(\w+)` in `([\w/]+\.py)`", recipes)
    assert len(pairs) >= 10
    missing = [pair for pair in pairs if not re.search(rf"\b{pair[0]}\b", (ROOT / pair[1]).read_text("utf-8"))]
    assert not missing


def test_picture_of_the_house_has_every_room() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {room for floors in ROOMS.values() for floor in floors for room in floor.split()}
    assert {room for room in rooms if not re.search(rf"\b{room}\b", picture)} == set()
