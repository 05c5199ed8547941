"""Cells in rows and columns to Markdown, as spreadsheets hold them: titles above, a head, ragged and empty rows."""

from __future__ import annotations

from collections.abc import Sequence

from ragvsft.data.reading.tables import markdown_table


def grid_text(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as a Markdown table, rows of one cell above its head as paragraphs before it.

    Empty rows and columns are cut; short rows are filled up to the widest.
    """
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    width = max(map(len, filled), default=0)
    square = [[*row, *[""] * (width - len(row))] for row in filled]
    used = [column for column in range(width) if any(row[column] for row in square)]
    table = [[row[column] for column in used] for row in square]
    titles = _titles(table)
    parts = [*(next(filter(None, row)) for row in table[:titles]), markdown_table(table[titles:])]
    return "\n\n".join(part for part in parts if part)


def _titles(table: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are lines of text above a table: they fill one cell, the rows below more."""
    if not table or len(table[0]) < 2:
        return 0
    alone = next((place for place, row in enumerate(table) if sum(map(bool, row)) > 1), 0)
    return alone if all(table[place][0] for place in range(alone)) else 0
