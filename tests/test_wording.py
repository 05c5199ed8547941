"""What people read is plain English: no text of the package has a turn that we once caught ourselves using."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ragvsft"

HABITS = {
    "is no": r"\b(?:is|are|was|were) no (?!longer\b|more\b|better\b|worse\b)",
    "is none of": r"\bis none of\b",
    "to part": r"\bparted\b|\bparts (?:any|none|several|the|them|it)\b",
    "stands twice": r"\b(?:stands?|stood|holds one|has a \w+) twice\b",
    "stands": r"\bstands? (?:in|on|at|here|there|where|under|before|behind|beside|below|above|only|as)\b",
    "whole file": r"\bno whole\b|\bwhole safetensors\b",
    "mend": r"\bmend(?:s|ed)?\b",
    "exists already": r"\bexists already\b",
    "lesson": r"\blessons?\b",
    "be called otherwise": r"\b(?:is|are) called otherwise\b",
    "of itself": r"\bof its own accord\b|\bleads nowhere\b",
}
# there is no X is English; X is no Y is not
THERE = re.compile(r"\b[Tt]here (?:is|are|was|were) no\b|\b[Tt]here is none of\b")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines and values of a module's string literals, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def habits_in(text: str) -> list[str]:
    """Return the names of the turns that a text has."""
    plain = THERE.sub("", text)
    return [name for name, pattern in HABITS.items() if re.search(pattern, plain)]


MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("model x is no whole safetensors file", ["is no", "whole file"]),
        ("variants: a name stands twice", ["stands twice"]),
        ("targets parted by |", ["to part"]),
        ("'x' is none of a, b", ["is none of"]),
        ("there is no run in reports; start one", []),
        ("'rag' is listed twice; remove one", []),
    ],
)
def test_a_translated_turn_is_told_from_plain_english(text: str, named: list[str]) -> None:
    """Each turn by its name; the plain way to say the same has none."""
    assert habits_in(text) == named


@pytest.mark.parametrize("module", MODULES)
def test_no_text_of_the_package_reads_translated(module: str) -> None:
    """Errors, remedies, help, notes and the report's words."""
    found = {f"line {line}: {text}": names for line, text in texts(PACKAGE / module) if (names := habits_in(text))}
    assert found == {}
