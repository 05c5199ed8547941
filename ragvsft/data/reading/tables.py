"""Tables as Markdown, whatever format they came in: each value in the row and under the column that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

_MOST_COLUMNS = 1000
_MOST_HEAD_ROWS = 3  # that are told by their cells alone
_LONGEST_REPEATED = 200  # characters; a longer text of a cell that spans rows or columns is only in its first place
_BEFORE, _AFTER = ("$", "€", "£", "¥", "US$", "("), ("%", ")", ")%", "%)", "pts")  # in cells beside their amounts
_AMOUNT = re.compile(r"\(?[-−]?[$€£¥]?\s*(?!(?:19|20)\d\d\b)\d[\d.,]*\s*[)%]*$")  # and no year
_LISTED = ("- ", "• ")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was written, with the rows and columns that it spans."""

    text: str
    rows: int = 1
    columns: int = 1
    is_head: bool = False


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first row is its head. Short rows are filled up."""
    rows = [row for row in rows if row]
    if not rows:
        return ""
    width = max(map(len, rows))
    lines = [_line([*row, *[""] * (width - len(row))]) for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def table_text(rows: Sequence[Sequence[Cell]], head_rows: int | None = None) -> str:
    """Return Markdown tables in which spanning cells are repeated in every row and column they span.

    A head of several rows becomes one; a head further down begins a table of its own; leading rows of one cell across
    the table are its title. `head_rows` None: found from the cells.
    """
    titles, parts = _parts(rows, head_rows)
    tables = [markdown_table([head, *body]) for head, body in parts]
    return "\n\n".join([*titles, *tables])


def table_line(rows: Sequence[Sequence[Cell]], head_rows: int | None = None) -> str:
    """Return a table within a cell of another: its rows on one line, each value named by its column.

    Of two columns without a head that is marked, the first names the second.
    """
    if (
        head_rows is None
        and not any(cell.is_head for row in rows for cell in row)
        and max(map(len, rows), default=0) == 2
    ):
        head_rows = 0
    titles, parts = _parts(rows, head_rows)
    return "; ".join([*titles, *(_named(head, row) for head, body in parts for row in body or [head])])


def one_line(text: str) -> str:
    """Return the lines of a cell as one; what had a line of its own stays apart."""
    line = ""
    for part in filter(None, (" ".join(line.split()) for line in text.splitlines())):
        for mark in _LISTED:
            part = part.removeprefix(mark)
        line += ("" if not line else " " if line[-1] in ".,;:!?" else "; ") + part
    return line


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _named(head: Sequence[str], row: Sequence[str]) -> str:
    """Return "Age: adult, Fare: 4.10"; without names, "adult: 4.10"."""
    if any(head):
        return ", ".join(f"{name}: {value}" if name else value for name, value in zip(head, row, strict=True) if value)
    return (": " if len(row) == 2 else ", ").join(filter(None, row))


def _parts(
    rows: Sequence[Sequence[Cell]], head_rows: int | None
) -> tuple[list[str], list[tuple[list[str], list[list[str]]]]]:
    """Return the titles of a table, and its parts: each a head and the rows below it."""
    blank = [all(not cell.text and cell.rows == 1 for cell in row) for row in rows]  # some only set the widths
    head_rows = head_rows and head_rows - sum(blank[:head_rows])
    rows = [row for row, is_blank in zip(rows, blank, strict=True) if not is_blank]
    grid = _merged(_filled(rows))
    titles = []
    while len(grid) > 1 and len(rows[0]) == 1 and len(grid[0]) > 1 and rows[0][0].rows == 1:
        titles.append(rows[0][0].text)
        rows, grid = rows[1:], grid[1:]
        head_rows = head_rows - 1 if head_rows else head_rows
    if not grid:
        return titles, []
    first = _head_rows(rows) if head_rows is None else max(min(head_rows, len(grid)), 0)
    heads = [place < first or _is_head_row(row) for place, row in enumerate(rows)]
    kept = [column for column in range(len(grid[0])) if any(row[column] for row in grid)]
    parts: list[tuple[list[str], list[list[str]]]] = []
    for is_head, run in groupby(zip(heads, grid, strict=True), key=lambda pair: pair[0]):
        lines = [[row[column] for column in kept] for _, row in run]
        if is_head:
            parts.append((_joined(lines), []))
        else:
            parts = parts or [([""] * len(kept), [])]
            parts[-1][1].extend(line for line in lines if any(line))
    return [title for title in titles if title], parts


def _filled(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return the text at each place of a table, all rows of one length."""
    hanging: dict[int, Cell] = {}  # by column: what reaches down from above, `rows` being what is left of it
    grid: list[list[str]] = []
    for row in rows:
        line: dict[int, str] = {column: cell.text for column, cell in hanging.items()}
        hanging = {column: replace(cell, rows=cell.rows - 1) for column, cell in hanging.items() if cell.rows > 1}
        column = 0
        for cell in row:
            while column in line:
                column += 1
            for offset in range(max(min(cell.columns, _MOST_COLUMNS - column), 1)):
                again = offset == 0 or (len(row) > 1 and len(cell.text) <= _LONGEST_REPEATED)
                line[column + offset] = cell.text if again else ""
                if cell.rows > 1:
                    text = line[column + offset] if len(cell.text) <= _LONGEST_REPEATED else ""
                    hanging[column + offset] = Cell(text, cell.rows - 1)
            column += max(min(cell.columns, _MOST_COLUMNS - column), 1)
        grid.append([line.get(place, "") for place in range(max(line) + 1)])
    width = max(map(len, grid), default=0)
    return [[*line, *[""] * (width - len(line))] for line in grid]


def _merged(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return a grid in which columns that are one to the eye are one: an amount between its "$" and its "%".

    They are where some cell spans both, and no row has different texts in them.
    """
    columns = [list(column) for column in zip(*grid, strict=True)]
    made: list[list[str]] = []
    for column in columns:
        pairs = list(zip(made[-1], column, strict=True)) if made else []
        if any(a and a == b for a, b in pairs) and all(_is_one(a, b) for a, b in pairs):
            made[-1] = [a if a == b else a + b for a, b in pairs]
        else:
            made.append(column)
    return [list(row) for row in zip(*made, strict=True)]


def _is_one(left: str, right: str) -> bool:
    return left == right or not left or not right or left in _BEFORE or right in _AFTER


def _head_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows are the head: those of head cells; without any, the first, with what its cells span."""
    marked = 0
    while marked < len(rows) and all(cell.is_head for cell in rows[marked]):
        marked += 1
    if marked:
        return max(marked, *(min(cell.rows, len(rows)) for cell in rows[0])) if marked < len(rows) else 1
    if rows[0][0].is_head or len(rows) == 1:  # names at the side, or nothing to be the head of
        return 0
    unnamed = next((n for n, row in enumerate(rows) if not _is_unnamed(row)), 0)
    if 1 < unnamed <= _MOST_HEAD_ROWS:  # years below "Years ended", nothing above the names at the side
        return unnamed
    two_levels = any(cell.columns > 1 for cell in rows[0]) and any(cell.rows > 1 for cell in rows[0])
    return min(max(cell.rows for cell in rows[0]), len(rows) - 1) if two_levels else 1


def _is_unnamed(row: Sequence[Cell]) -> bool:
    """Return whether a row has no name at its side and no amounts."""
    return len(row) > 1 and not row[0].text and not any(_AMOUNT.match(cell.text) for cell in row)


def _is_head_row(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and all(cell.is_head and cell.rows == 1 for cell in row)


def _joined(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return one head for several: "Summer / Quay"."""
    return [" / ".join(name for name, _ in groupby(filter(None, column))) for column in zip(*lines, strict=True)]
