"""The rules of the house, read off the syntax trees: who imports what, and what importing costs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

OURS: dict[str, set[str]] = {
    "index": {"index"},
    "assistant": {"index", "assistant"},
    "eval": {"index", "assistant", "eval"},
    "ui": {"index", "assistant"},
}
"""What each package may import of ours: always downwards."""

ROOMS: dict[str, tuple[str, ...]] = {
    "index": (
        "errors types",
        "progress splitting fusion reading embedding",
        "library syndication",
        "stores",
        "search indexing",
        "llamaindex",
    ),
    "assistant": (
        "types config safe_text",
        "language models reader",
        "question trace gate",
        "evidence",
        "differing",
        "quoting answers",
        "summarising catalogue writing",
        "research assembling conversations",
        "answering",
        "service",
        "http page",
        "cli",
    ),
    "eval": (
        "cases metrics matching claims",
        "scoring sets",
        "results",
        "runner figures provenance canaries judge drafts wide",
        "comparing",
        "report",
        "fitting bench",
        "commands",
        "__main__",
    ),
}
"""The rooms of each package by floor, the lowest first. What a room imports of its package lies lower."""

TOP_FILES = 8
"""Files that may lie at the top of `assistant/`."""

OWNERS: dict[str, set[str]] = {
    "chromadb": {"index/stores/chroma.py"},
    "tantivy": {"index/splitting/terms.py", "index/stores/tantivy.py"},
    "openai": {
        "index/embedding/openai_compatible.py",
        "assistant/models/endpoint.py",
        "assistant/models/failures.py",
        "assistant/models/wire.py",
    },
    "gradio": {"ui.py", "assistant/http/app.py"},
    "fastapi": {
        "ui.py",
        "assistant/http/app.py",
        "assistant/http/api.py",
        "assistant/http/conversations.py",
        "assistant/http/openai_api.py",
        "assistant/http/requests.py",
    },
    "uvicorn": {"assistant/http/listening.py"},
    "mcp": {"assistant/http/mcp_tools.py"},
    "llama_index": {
        "index/llamaindex.py",
        "assistant/models/endpoint.py",
        "assistant/models/messages.py",
    },
    "lemminflect": {"index/splitting/dictionary.py"},
    "onnxruntime": {"assistant/reader/reader.py", "eval/fitting/reader/exporting.py", "index/embedding/minilm.py"},
    "xllamacpp": {"assistant/models/embedded_process.py"},
    "trafilatura": {"index/reading/html.py"},
    "sqlite3": {
        "index/library/database.py",
        "index/library/library.py",
        "index/library/sqlite.py",
        "assistant/conversations/file.py",
    },
}
"""Which files may import a library; that a library is changed for another is then one file's business."""

MEASURES_THEM = {"eval/bench/speed.py", "eval/bench/citation_engine.py"}
"""Runs the stock parts beside ours, to compare the two."""

SLOW = frozenset(
    "chromadb llama_index openai onnxruntime trafilatura tantivy numpy gradio pypdf xllamacpp httpx fastapi "
    "starlette uvicorn mcp".split()
)
"""What the command must not import before it knows that it is needed."""

OPENS_SOMETHING = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "iterdir", "glob", "exists", "getenv"),
    *("urlopen", "urlretrieve", "create_connection", "getaddrinfo", "connect", "hf_hub_download", "snapshot_download"),
    *("run", "Popen", "check_output", "system", "OpenAI", "Client", "PersistentClient", "HttpClient"),
}

FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for name in OURS
    for path in ((ROOT / name).rglob("*.py") if (ROOT / name).is_dir() else [ROOT / f"{name}.py"])
    if path.is_file()
)


def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text("utf-8"), file)


def imported_modules(file: str) -> set[str]:
    """The modules, or names in them, that a file imports anywhere, also inside functions and for type checkers."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imported(file: str) -> set[str]:
    """The top-level packages that a file imports."""
    return {name.partition(".")[0] for name in imported_modules(file)}


def runs_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below `node` but what stands in functions and under `if __name__ == "__main__"`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "__name__" in ast.dump(child.test):
            continue
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, child.args):  # defaults and decorators do run
                yield from runs_at_import(part)
        elif not isinstance(child, ast.Lambda):
            yield from runs_at_import(child)


def test_there_is_something_to_check() -> None:
    assert {"index/types.py", "assistant/cli/main.py"} <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_imports_of_ours_run_one_way(file: str) -> None:
    package = file.partition("/")[0].removesuffix(".py")
    assert imported(file) & {*OURS, "tests"} <= OURS[package]


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_has_its_floor(package: str) -> None:
    inside = (ROOT / package).iterdir()
    rooms = {path.stem for path in inside if path.suffix == ".py" or (path / "__init__.py").is_file()}
    listed = [room for floor in ROOMS[package] for room in floor.split()]
    assert sorted(listed) == sorted(rooms - {"__init__"})


@pytest.mark.parametrize("file", [file for file in FILES if "/" in file])
def test_rooms_import_only_from_lower_floors(file: str) -> None:
    package, *inside = file.removesuffix(".py").split("/")
    if inside == ["__init__"]:
        return  # the public names
    floors = {room: floor for floor, rooms in enumerate(ROOMS[package]) for room in rooms.split()}
    above = {
        module
        for module in imported_modules(file)
        if module.startswith(f"{package}.")
        and (room := module.split(".")[1]) != inside[0]
        and room in floors
        and floors[room] >= floors[inside[0]]
    }
    assert not above


def test_top_of_the_assistant_is_read_at_a_glance() -> None:
    assert len([path for path in (ROOT / "assistant").iterdir() if path.is_file()]) <= TOP_FILES


@pytest.mark.parametrize("library", OWNERS)
def test_library_is_imported_by_its_owners_alone(library: str) -> None:
    assert {file for file in FILES if library in imported(file)} <= OWNERS[library] | MEASURES_THEM


@pytest.mark.parametrize("file", FILES)
def test_module_says_what_it_is_for(file: str) -> None:
    module = tree(file)
    if module.body:  # the packages' __init__ files are empty
        assert ast.get_docstring(module)


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_opened_or_asked_for_at_import(file: str) -> None:
    calls = [node.func for node in runs_at_import(tree(file)) if isinstance(node, ast.Call)]
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    assert not names & OPENS_SOMETHING


def test_every_imported_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines}
    of_import = packages_distributions()
    used = {name for file in FILES for name in imported(file)} - {*OURS} - sys.stdlib_module_names
    assert {"numpy", "starlette", "torch"} <= used
    assert {name for name in used if not declared & {*map(canonical, of_import.get(name, [name]))}} == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_file_that_is_no_code_is_installed_too() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    installed = {path for package, globs in declared.items() for glob in globs for path in (ROOT / package).glob(glob)}
    there = {path for package in OURS for path in (ROOT / package).rglob("*") if path.is_file()}
    left_out = {path for path in there - installed if path.suffix not in {".py", ".pyc"}}
    assert not left_out


def run(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_command_starts_without_the_slow_libraries() -> None:
    loaded = run("import sys, assistant.cli.main; print(*{name.partition('.')[0] for name in sys.modules})").split()
    assert not SLOW & set(loaded)
    assert "click" in loaded


def test_importing_every_module_opens_no_connection() -> None:
    there = [file for file in FILES if not file.endswith("__main__.py") and "torch" not in imported(file)]
    modules = [file.removesuffix(".py").replace("/", ".") for file in there]
    code = (
        "import sys, importlib\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'subprocess.Popen'):\n"
        "        raise SystemExit(f'{event} {arguments}')\n"
        "sys.addaudithook(refuse)\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print('done')"
    )
    assert run(code) == "done\n"
