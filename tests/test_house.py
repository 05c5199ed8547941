"""The tests themselves: what they share lies beside them, in modules that test nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.paths import PACKAGE, ROOT

MODULES = sorted((ROOT / "tests").rglob("*.py"))


def used_as_a_library(source: str) -> Iterator[str]:
    """Yield the test modules that a module imports, or names in a text: a program for a process, a module:function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
        for name in names:
            yield from re.findall(r"\btests(?:\.\w+)*\.test_\w+", name)


def test_no_test_module_serves_as_a_library() -> None:
    """Else no test module could be moved, split or rewritten by itself."""
    used = {path.relative_to(ROOT): list(used_as_a_library(path.read_text(encoding="utf-8"))) for path in MODULES}
    assert {path: names for path, names in used.items() if names} == {}


def test_every_way_to_use_a_test_module_is_seen() -> None:
    """From it, whole, in the program of a subprocess, and as the place of a function."""
    library = "tests" + ".models.test_frames"
    for source in (f"from {library} import say", f"import {library}", f"PROGRAM = '''from {library} import say'''"):
        assert list(used_as_a_library(source)) == [library]
    assert list(used_as_a_library("from tests.models import test_frames")) == [library]
    assert list(used_as_a_library("import tests.tiny")) == []


def test_test_modules_lie_where_the_package_has_what_they_test() -> None:
    """Each folder of tests is one of the package, so whoever changes a module finds its tests."""
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(tests) for path in MODULES if path.name.startswith("test_")}
    assert {folder.as_posix() for folder in folders if not (PACKAGE / folder).is_dir()} == set()
