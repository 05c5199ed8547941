"""What a person sees on the pages of tests/pages, checked in any text that is made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parent / "pages"


def squeezed(text: str) -> str:
    """Return a line with single blanks."""
    return " ".join(text.split())


def in_order(text: str, parts: list[str]) -> bool:
    """Return whether the parts stand in the text one after the other."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


def tables(text: str) -> Iterator[list[list[str]]]:
    """Return the rows of cells of each table: lines with pipes, one below the other."""
    for has_cells, lines in groupby(text.splitlines(), key=lambda line: "|" in line):
        if has_cells:
            yield [
                [cell.strip(" *") for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))]
                for line in lines
                if not re.fullmatch(r"[\s|:-]+", line)
            ]


def in_cell(text: str, fact: list[str]) -> bool:
    """Return whether a value stands in the row of its name and below all words of its column."""
    words, name, value = fact
    for rows in tables(text):
        for place, row in enumerate(rows):
            if name not in row:
                continue
            for column, cell in enumerate(row):
                above = " ".join(line[column] for line in rows[:place] if column < len(line))
                if cell == value and all(word in above for word in words.split()):
                    return True
    return False


def is_apart(text: str, pair: list[str]) -> bool:
    """Return whether both stand in the text and nowhere glued together."""
    flat = squeezed(text)
    return all(part in flat for part in pair) and "".join(pair) not in flat


def in_lines(text: str, lines: list[str]) -> bool:
    """Return whether the lines stand one below the other, with their indentation."""
    return "\n".join(lines) in "\n".join(line.rstrip() for line in text.splitlines())


CHECKS: dict[str, Callable[[str, Any], bool]] = {
    "line": lambda text, parts: any(in_order(squeezed(line), parts) for line in text.splitlines()),
    "apart": is_apart,
    "cell": in_cell,
    "has": lambda text, part: part in squeezed(text),
    "never": lambda text, part: part not in squeezed(text),
    "order": lambda text, parts: in_order(squeezed(text), parts),
    "lines": in_lines,
}


def missed(text: str, facts: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    """Return the facts that a text does not hold."""
    return [(kind, fact) for kind, each in facts.items() for fact in each if not CHECKS[kind](text, fact)]
