"""Tables that are nothing but aligned text: lines of a grid to rows, each cell under the head of its column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ragvsft.data.reading.tables import markdown_table

_MARKER = re.compile(r"[•‣▪◦·*–-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)](?:\d{1,2}\.?)*")
_BEFORE = re.compile(r"(?:US|CA|A)?\$|[€£¥₹]|\(")  # in a column of their own, with the amount on their right
_AFTER = re.compile(r"[%)]|\)%|%\)")
_NUMBER = re.compile(r"[(+\-−–]?\s*(?:\w?\$|[€£¥])?\s*\d[\d.,]*\s*[%)]*(?:\^\d{1,2})?")
_AMOUNT = re.compile(rf"{_NUMBER.pattern}|[-–—−]")  # or that there is none
_GROUPED = re.compile(r"\(?[-−]?\d{1,3}(?:,\d{3})+\)?|\(\d[\d.,]*\)")  # so written, a blank does not group digits
_USUAL_GAP = 3
_PROSE_WORDS = 9  # words in one cell that alone make a line of prose


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line and its place in it."""

    start: int
    end: int
    text: str


def cells_of(line: str, gap: int = _USUAL_GAP) -> list[Cell]:
    """Return the parts of a line that `gap` blanks or more separate, marks joined to what they mark."""
    cells: list[Cell] = []
    for cell in _apart(line, gap):
        before = cells[-1] if cells else None
        if before and (_BEFORE.fullmatch(before.text) or (len(cells) == 1 and _MARKER.fullmatch(before.text))):
            cells[-1] = Cell(before.start, cell.end, f"{before.text} {cell.text}")
        elif before and _AFTER.fullmatch(cell.text):
            cells[-1] = Cell(before.start, cell.end, before.text + cell.text)
        else:
            cells.append(cell)
    return cells


def _apart(line: str, gap: int) -> Iterator[Cell]:
    """Yield the parts of a line; amounts are separated by less room, since tight columns have no more."""
    for found in re.finditer(rf"\S+(?: {{1,{gap - 1}}}\S+)*", line):
        parts = list(re.finditer(r"\S+(?: \S+)*", found.group()))
        if not all(_AMOUNT.fullmatch(part.group()) for part in parts[gap <= _USUAL_GAP :]):
            parts = [found]
        for part in parts:
            start = found.start() if part is not found else 0
            amounts = part.group().split(" ")
            tight = len(amounts) > 1 and all(map(_GROUPED.fullmatch, amounts))
            for one in re.finditer(r"\S+", part.group()) if tight else (None,):
                low, high = one.span() if one else (0, len(part.group()))
                text = one.group() if one else re.sub(" +", " ", part.group())
                yield Cell(start + part.start() + low, start + part.start() + high, text)


def table_of(lines: Sequence[str], gap: int) -> str:
    """Return lines that are a table as Markdown."""
    return markdown_table(_whole(_squared([cells for line in lines if (cells := cells_of(line, gap))])))


def table_end(lines: Sequence[str], start: int, gap: int) -> int:
    """Return where the table that begins at a line ends; the line itself if none does."""
    if len(cells_of(lines[start], gap)) < 2 and not _is_spanning_head(lines, start, gap):
        return start
    end, rows, blank, left = start, 0, 0, 10_000
    for place in range(start, len(lines)):
        cells = cells_of(lines[place], gap)
        if not cells:
            blank += 1
            continue
        goes_on = len(cells) == 1 and cells[0].start > left and blank < 2  # a cell of several lines
        if blank > 2 or not (len(cells) > 1 or goes_on or _is_label(lines, place, gap, blank)):
            break
        blank = 0
        if len(cells) > 1:  # what is alone belongs to the table only if a row is before it or follows
            rows, left = rows + 1, min(left, cells[0].end)
        end = place + 1 if len(cells) > 1 or goes_on else end
    found = [cells for line in lines[start:end] if len(cells := cells_of(line, gap)) > 1]
    numbers = any(_NUMBER.fullmatch(cell.text) for cells in found for cell in cells)
    mostly = 2 * len(found) >= sum(bool(line.strip()) for line in lines[start:end])
    return end if (rows >= 3 or (rows == 2 and numbers)) and mostly and _stand_below(found) else start


def continued(pages: Sequence[str]) -> list[str]:
    """Return pages on which a table that continues from the page before repeats its column names."""
    made: list[str] = []
    for page in pages:
        head = _last_head(made[-1]) if made else []
        lines = page.split("\n", 2)
        if head and len(lines) > 1 and lines[1] == head[1] and _is_of_amounts(lines[0]):
            page = "\n".join([*head, lines[0], *lines[2:]])
        made.append(page)
    return made


def _last_head(page: str) -> list[str]:
    """Return the head of the table that a page ends with, and the line below it; nothing if it ends otherwise."""
    lines = page.split("\n")
    start = next((n for n in range(len(lines) - 1, -1, -1) if not lines[n].startswith("|")), -1) + 1
    return lines[start : start + 2] if len(lines) > start + 1 else []


def _is_of_amounts(line: str) -> bool:
    """Return whether a row holds amounts and not, as the names of columns may, years."""
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[2:-1] if cell.strip()]
    amounts = [cell for cell in cells if _AMOUNT.fullmatch(cell) and not re.fullmatch(r"(?:19|20)\d\d", cell)]
    return 2 * len(amounts) > len(cells)


def _stand_below(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether most cells begin, end or have their middle where another row's do, unlike prose with holes."""
    marks = [
        {(kind, place + near) for cell in row for kind, place in _marks(cell) for near in (-1, 0, 1)} for row in rows
    ]
    counts = Counter(mark for row in marks for mark in row)
    cells = [cell for row in rows for cell in row[1:]]
    return 2 * sum(any(counts[mark] > 1 for mark in _marks(cell)) for cell in cells) >= len(cells)


def _marks(cell: Cell) -> tuple[tuple[str, int], ...]:
    return ("start", cell.start), ("end", cell.end), ("middle", (cell.start + cell.end) // 2)


def _is_label(lines: Sequence[str], place: int, gap: int, blank: int) -> bool:
    """Return whether a line is one short cell that goes with the rows around it; after room, with the one below."""
    cells = cells_of(lines[place], gap)
    text = cells[0].text
    if len(cells) > 1 or len(text.split()) >= _PROSE_WORDS or text.endswith("."):
        return False
    return not blank or (blank < 2 and place + 1 < len(lines) and len(cells_of(lines[place + 1], gap)) > 1)


def _is_spanning_head(lines: Sequence[str], place: int, gap: int) -> bool:
    """Return whether a line is one cell above several of the next line."""
    cells = cells_of(lines[place], gap)
    below = cells_of(lines[place + 1], gap) if place + 1 < len(lines) else []
    return len(cells) == 1 and sum(_overlap(_drawn(cells[0]), (cell.start, cell.end)) > 0 for cell in below) > 1


def _drawn(cell: Cell) -> Cell:
    """Return a cell as wide as it is on the page: the grid has five places for the room that four letters take."""
    return replace(cell, start=cell.start - 1, end=cell.start + round(1.25 * len(cell.text)))


def _squared(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return rows with a cell for each column; in a head, one above several columns is repeated in each."""
    columns = _column_spans(rows)
    head = next((place for place, row in enumerate(rows) if len(row) == len(columns)), 0)
    table = []
    for place, row in enumerate(rows):
        cells = [""] * len(columns)
        for cell in row:
            spans = place < head and len(row) == 1 and cell.start > columns[0][1]
            found = _columns_of(_drawn(cell), columns) if spans else _columns_of(cell, columns)[:1]
            for number in found:
                cells[number] = f"{cells[number]} {cell.text}".strip()
        table.append(cells)
    return table


def _whole(table: Sequence[list[str]]) -> list[list[str]]:
    """Return the table with what was wrapped within cells in the row that it belongs to.

    A line without a label and without numbers goes on the row above, or begins the one below where that has nothing
    in its place; a label alone begins the one below if that goes on in small letters.
    """
    made: list[list[str]] = []
    begun: list[str] | None = None
    for place, row in enumerate(table):
        below = table[place + 1] if place + 1 < len(table) else [""] * len(row)
        row, begun = _filled(begun, row) if begun else row, None
        filled = [n for n, cell in enumerate(row) if cell]
        if filled == [0]:
            begins = below[0][:1].islower() and any(below[1:])
            goes_on = row[0][:1].islower() and not row[0].endswith(":")
            if goes_on and not begins and made and any(made[-1][1:]):
                made[-1] = _filled(made[-1], row)  # a label of several lines, the amounts beside its first one
                continue
        else:
            begins = 0 not in filled and bool(below[0]) and any(below[1:]) and not any(below[n] for n in filled)
        if any(_NUMBER.fullmatch(row[n]) for n in filled) or (0 in filled and not begins):
            made.append(row)
        elif begins:
            begun = row
        elif made and all(made[-1][n] and not _NUMBER.fullmatch(made[-1][n]) for n in filled):
            made[-1] = _filled(made[-1], row)
        else:
            made.append(row)
    return made


def _filled(above: Sequence[str], row: Sequence[str]) -> list[str]:
    return [f"{first} {second}".strip() for first, second in zip(above, row, strict=True)]


def _column_spans(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int]]:
    """Return where the columns are: those of the rows with the most cells, widened by what lies in one of them."""
    most = max(map(len, rows))
    fullest = [row for row in rows if len(row) == most]
    columns = [(min(row[n].start for row in fullest), max(row[n].end for row in fullest)) for n in range(most)]
    if any(left[1] > right[0] for left, right in pairwise(columns)):
        columns = [(cell.start, cell.end) for cell in fullest[0]]  # they cross: the first row tells
    for row in rows:
        for cell in row if len(row) > 1 else ():
            touched = [n for n, span in enumerate(columns) if _overlap(cell, span) > 0]
            if len(touched) == 1:
                low, high = columns[touched[0]]
                columns[touched[0]] = (min(low, cell.start), max(high, cell.end))
    return columns


def _columns_of(cell: Cell, columns: Sequence[tuple[int, int]]) -> list[int]:
    touched = [number for number, span in enumerate(columns) if _overlap(cell, span) > 0]
    return touched or [min(range(len(columns)), key=lambda number: -_overlap(cell, columns[number]))]


def _overlap(cell: Cell, span: tuple[int, int]) -> int:
    """Return how many characters a cell and a column share; below zero, how far they are apart."""
    return min(cell.end, span[1]) - max(cell.start, span[0])
