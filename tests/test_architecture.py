"""ARCHITECTURE.md has a row for every module, so that whoever changes something finds its file in a minute."""

from __future__ import annotations

import pkgutil
import re

from tests.paths import PACKAGE, ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([\w./]+\.py)` \| (.+) \|$", re.MULTILINE)


def rows() -> list[str]:
    """Return the modules that have a row, in their order, by their paths below the package."""
    found: list[str] = []
    for part in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]:
        folder = re.match(r"`([\w/]+/)`", part)
        found += [f"{folder[1] if folder else ''}{name}" for name, _ in ROW.findall(part)]
    return found


def test_every_module_has_one_row() -> None:
    """But `__init__.py`, which says what its folder is for, and is not in the way of a change."""
    modules = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    assert sorted(rows()) == sorted(modules)


def test_every_file_that_is_named_is_there() -> None:
    """In backquotes, with a suffix, by its path below the package or the repository."""
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|toml|yaml))`", TEXT)
    assert named
    assert [name for name in named if not (PACKAGE / name).is_file() and not (ROOT / name).is_file()] == []


def test_a_row_is_one_line_in_plain_words() -> None:
    """It says what the module is for in at most 160 characters."""
    assert [name for name, says in ROW.findall(TEXT) if not 10 <= len(says) <= 160] == []


def test_every_function_of_the_drawing_is_there() -> None:
    """As "folder/module.function" in the flow of one sample."""
    [drawing] = re.findall(r"^## One sample, by function$(.+?)^## ", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r"\b((?:\w+/)+\w+)\.([A-Za-z_.]+\w)", drawing)
    assert len(named) > 15
    for module, function in named:
        assert pkgutil.resolve_name(f"ragvsft.{module.replace('/', '.')}:{function}")
