"""What other programs may import: it is there, it is typed, and it costs nothing before it is used."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys

import pytest

from tests.test_architecture import ROOT, SLOW

PACKAGES = ("assistant", "index")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_there(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__all__ == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name).__name__ == name


@pytest.mark.parametrize("package", PACKAGES)
def test_type_checkers_see_the_names_that_are_imported(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text("utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}.")
        for alias in node.names
    }
    module = importlib.import_module(package)
    assert seen == {name: getattr(module, name).__module__ for name in module.__all__}


@pytest.mark.parametrize("package", PACKAGES)
def test_other_names_are_refused_as_by_any_module(package: str) -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = importlib.import_module(package).nonsense


def test_importing_the_packages_imports_no_library() -> None:
    code = "import sys, assistant, index; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not SLOW & set(done.stdout.split())


def test_packages_say_that_they_are_typed() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in (*PACKAGES, "eval"))
