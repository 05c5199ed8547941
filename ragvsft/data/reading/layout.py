"""The tables of a page, row by row, and which of them only place things side by side."""

from __future__ import annotations

from ragvsft.data.reading.tables import Cell, table_line, table_text
from ragvsft.data.reading.tree import Element

_FIRM = "./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"
_HELD = ("h1", "h2", "h3", "h4", "h5", "h6", "form")  # what no cell of plain data holds
_LARGE = 300  # characters of a cell with a table in it: the one of a cell of data is small


class Table:
    """A table that is being read."""

    def __init__(self) -> None:
        self.caption = ""
        self._rows: list[list[Cell]] = []
        self._foot: list[list[Cell]] = []  # may be written above the body, and is shown below it
        self._now = self._rows
        self._head_rows: int | None = None

    def begin_row(self) -> None:
        """Put the cells that follow into a new row."""
        self._now.append([])

    def begin_body(self) -> None:
        """Put the rows that follow above the foot."""
        self._now = self._rows

    def begin_foot(self) -> None:
        """Put the rows that follow below all others."""
        self._now = self._foot

    def end_head(self) -> None:
        """Let the rows so far be the head."""
        self._head_rows = len(self._rows) or None

    def add(self, text: str, rows: int, columns: int, *, is_head: bool) -> None:
        """Add a cell to the row; a `rows` of 0 reaches down to the end."""
        if not self._now:
            self._now.append([])
        self._now[-1].append(Cell(text, rows if rows > 0 else 1 << 16, max(columns, 1), is_head))

    def text(self) -> str:
        """Return the table as paragraphs: its caption and its rows."""
        return "\n\n".join(filter(None, (self.caption, table_text(self._all(), self._head_rows))))

    def line(self) -> str:
        """Return the table in one line, for a cell of another."""
        return ": ".join(filter(None, (self.caption, table_line(self._all(), self._head_rows))))

    def _all(self) -> list[list[Cell]]:
        return [*self._rows, *self._foot]


def lays_out(table: Element) -> bool:
    """Return whether a table only places things: one column, one row, or cells that hold headings and tables."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = [row.xpath("./td | ./th") for row in table.xpath(_FIRM)]
    if not rows or table.find("caption") is not None or any(cell.tag == "th" for row in rows for cell in row):
        return False
    if len(rows) == 1 or all(len(row) <= 1 for row in rows):
        return True
    if next(table.iterdescendants(*_HELD), None) is not None:
        return True
    nesting = [cell for row in rows for cell in row if cell.find(".//table") is not None]
    has_no_lines = table.get("cellpadding") == table.get("cellspacing") == "0" and table.get("border", "0") == "0"
    if nesting and has_no_lines:
        return True  # as mails are laid out
    return any(len(" ".join("".join(cell.itertext()).split())) > _LARGE for cell in nesting)
