"""A page as a grid of characters, in the order that a person reads it: columns one by one, tables row by row.

The grid is what pypdf's layout mode makes: a line per baseline, blanks where the page has room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ragvsft.reading.tables import markdown_table

_LEAST_COLUMN = 15  # characters that a line of a column has on average: less is a cell of a table
_LEAST_LINES = 4  # that stand on both sides of a gutter before it counts as one
_MARKER = re.compile(r"[•‣▪◦·*–-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)](?:\d{1,2}\.?)*")
_BEFORE = re.compile(
    r"(?:US|CA|A)?\$|[€£¥₹]|\("
)  # stand in a column of their own, and belong to the amount on their right
_AFTER = re.compile(r"[%)]|\)%|%\)")
_LEADER = re.compile(r"\s*(?:\.\s*){4,}")  # of dots, from a heading to its page
_NUMBER = re.compile(r"[(+\-−–]?\s*(?:\w?\$|[€£¥])?\s*\d[\d.,]*\s*[%)]*")
_PROSE_WORDS = 9  # words in one cell that alone make a line of prose


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    text: str


def page_text(lines: Sequence[str]) -> str:
    """Return the text of a page: prose as paragraphs, tables as Markdown."""
    lines = [_LEADER.sub(" ... ", line) for line in lines]
    gap = _gap(lines)
    parts = [block if isinstance(block, str) else _flow(block, gap) for block in _bands(lines, gap)]
    return "\n\n".join(part for part in parts if part)


def cells_of(line: str, gap: int = 3) -> list[_Cell]:
    """Return the parts of a line that `gap` blanks or more stand between, marks joined to what they mark."""
    cells: list[_Cell] = []
    for found in re.finditer(rf"\S+(?: {{1,{gap - 1}}}\S+)*", line):
        cell = _Cell(found.start(), found.end(), re.sub(" +", " ", found.group()))
        before = cells[-1] if cells else None
        if before and (_BEFORE.fullmatch(before.text) or (len(cells) == 1 and _MARKER.fullmatch(before.text))):
            cells[-1] = _Cell(before.start, cell.end, f"{before.text} {cell.text}")
        elif before and _AFTER.fullmatch(cell.text):
            cells[-1] = _Cell(before.start, cell.end, before.text + cell.text)
        else:
            cells.append(cell)
    return cells


def _gap(lines: Sequence[str]) -> int:
    """Return how many blanks part cells: three, more where words, too, stand several blanks apart."""
    between = [len(run) for line in lines for run in re.findall(r"(?<=\S) {1,4}(?=\S)", line)]
    usual = round(median(between)) if between else 1
    return 3 if usual <= 1 else 2 * usual + 1


def _bands(lines: list[str], gap: int) -> Iterator[list[str] | str]:
    """Yield the page from top to bottom: lines that run over its width, and the text of columns in reading order."""
    waiting: list[str] = []
    place = 0
    while place < len(lines):
        end, gutter = _columns(lines, place, gap)
        if gutter is None:
            waiting.append(lines[place])
            place += 1
            continue
        yield waiting
        waiting = []
        cut = (gutter[0] + gutter[1]) // 2
        sides = [page_text([line[:cut].rstrip() for line in lines[place:end]])]
        sides.append(page_text(_dedented([line[cut:] for line in lines[place:end]])))
        yield _joined(sides)
        place = end
    yield waiting


def _joined(texts: Sequence[str]) -> str:
    """Return texts one after another; one that breaks off within a sentence goes on in the next line."""
    made = ""
    for text in filter(None, texts):
        goes_on = bool(made) and made[-1] not in ".!?:;|" and text[0].islower()
        made += ("\n" if goes_on else "\n\n") * bool(made) + text
    return made


def _dedented(lines: Sequence[str]) -> list[str]:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[indent:] for line in lines]


def _columns(lines: Sequence[str], start: int, gap: int) -> tuple[int, tuple[int, int] | None]:
    """Return where the columns that begin at line `start` end, and the gutter between the first two of them."""
    best: tuple[int, int, tuple[int, int] | None] = (0, start, None)
    for first in _inner_gaps(lines[start], gap):
        best = max(best, _followed(lines, start, first, gap), key=lambda found: found[0])
    return best[1], best[2]


def _followed(
    lines: Sequence[str], start: int, gutter: tuple[int, int], gap: int
) -> tuple[int, int, tuple[int, int] | None]:
    """Return (lines on both sides, end, gutter) of the columns around a gap; no gutter if they are none."""
    end, both, after_blank = start, 0, False
    for place in range(start, len(lines)):
        line = lines[place]
        if not line.strip():
            after_blank = True
            continue
        narrowed = _narrowed(gutter, line, gap)
        if narrowed is None or (after_blank and not _goes_on(lines, place, narrowed, gap)):
            break
        gutter, end, after_blank = narrowed, place + 1, False
        both += bool(line[: gutter[0]].strip() and line[gutter[1] :].strip())
    found = both >= _LEAST_LINES and _is_prose(lines[start:end], gutter, gap)
    return (both, end, gutter) if found else (0, start, None)


def _goes_on(lines: Sequence[str], place: int, gutter: tuple[int, int], gap: int) -> bool:
    """Return whether the lines up to the next blank one are columns, too, and not a table below them."""
    end = next((n for n in range(place, len(lines)) if not lines[n].strip()), len(lines))
    block = lines[place:end]
    sides = [side for line in block for side in (line[: gutter[0]], line[gutter[1] :]) if side.strip()]
    return _is_prose(block, gutter, gap) or (all(len(cells_of(side, gap)) == 1 for side in sides) and len(block) < 3)


def _is_prose(block: Sequence[str], gutter: tuple[int, int], gap: int) -> bool:
    """Return whether both sides of a gutter are filled with words rather than with cells."""
    for cut in (slice(None, gutter[0]), slice(gutter[1], None)):
        side = [line[cut].strip() for line in block if line[cut].strip()]
        if not side or sum(map(len, side)) / len(side) < _LEAST_COLUMN:
            return False
        if sum(len(line.split()) for line in side) / len(side) < 3 or _share_of_digits(side) > 0.25:
            return False
        if sum(len(cells_of(line, gap)) > 1 for line in side) > len(side) / 3 and not _has_columns(side, gap):
            return False
    return True


def _has_columns(side: Sequence[str], gap: int) -> bool:
    """Return whether a side is made of columns itself: a page may have three."""
    return any(_columns(side, place, gap)[1] is not None for place in range(min(3, len(side))))


def _share_of_digits(lines: Sequence[str]) -> float:
    text = "".join(lines).replace(" ", "")
    return sum(map(str.isdigit, text)) / len(text)


def _inner_gaps(line: str, gap: int) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(rf"(?<=\S) {{{gap},}}(?=\S)", line)]


def _narrowed(gutter: tuple[int, int], line: str, gap: int) -> tuple[int, int] | None:
    """Return the part of a gutter that a line, too, leaves free; None if it is written over."""
    begin = len(line) - len(line.lstrip())
    free = [(0, begin), *_inner_gaps(line, 2), (len(line), 10_000)]
    shared = [(max(gutter[0], low), min(gutter[1], high)) for low, high in free]
    widest = max(shared, key=lambda span: span[1] - span[0])
    return widest if widest[1] - widest[0] >= min(2, gap - 1) else None


def _flow(lines: Sequence[str], gap: int) -> str:
    """Return lines of one column: tables as Markdown, other lines without the blanks that place them."""
    made: list[str] = []
    place = 0
    while place < len(lines):
        end = _table_end(lines, place, gap)
        if end > place:
            rows = [cells for line in lines[place:end] if (cells := cells_of(line, gap))]
            made += ["", markdown_table(_whole(_squared(rows))), ""]
            place = end
        else:
            made.append(re.sub(" +", " ", lines[place]).strip())
            place += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(made)).strip()


def _table_end(lines: Sequence[str], start: int, gap: int) -> int:
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
        if len(cells) > 1:  # what stands alone belongs to the table only if a row is before it or follows
            rows, left = rows + 1, min(left, cells[0].end)
        end = place + 1 if len(cells) > 1 or goes_on else end
    numbers = any(_NUMBER.fullmatch(cell.text) for line in lines[start:end] for cell in cells_of(line, gap))
    return end if rows >= 3 or (rows == 2 and numbers) else start


def _is_label(lines: Sequence[str], place: int, gap: int, blank: int) -> bool:
    """Return whether a line is one short cell that goes with the rows around it; after room, with the one below."""
    cells = cells_of(lines[place], gap)
    text = cells[0].text
    if len(cells) > 1 or len(text.split()) >= _PROSE_WORDS or text.endswith("."):
        return False
    return not blank or (blank < 2 and place + 1 < len(lines) and len(cells_of(lines[place + 1], gap)) > 1)


def _is_spanning_head(lines: Sequence[str], place: int, gap: int) -> bool:
    """Return whether a line is one cell that stands over several of the next line."""
    cells = cells_of(lines[place], gap)
    below = cells_of(lines[place + 1], gap) if place + 1 < len(lines) else []
    return len(cells) == 1 and sum(_overlap(_drawn(cells[0]), (cell.start, cell.end)) > 0 for cell in below) > 1


def _drawn(cell: _Cell) -> _Cell:
    """Return a cell as wide as it is on the page: the grid has five places for the room that four letters take."""
    return replace(cell, start=cell.start - 1, end=cell.start + round(1.25 * len(cell.text)))


def _squared(rows: Sequence[Sequence[_Cell]]) -> list[list[str]]:
    """Return rows with a cell for each column; in a head, one that stands over several columns is told in each."""
    columns = _column_spans(rows)
    head = next((place for place, row in enumerate(rows) if len(row) == len(columns)), 0)
    table = []
    for place, row in enumerate(rows):
        cells = [""] * len(columns)
        for cell in row:
            spans = place < head and len(row) == 1
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
            begins = below[0][:1].islower()
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


def _column_spans(rows: Sequence[Sequence[_Cell]]) -> list[tuple[int, int]]:
    """Return where the columns stand: those of the rows with the most cells, widened by what lies in one of them."""
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


def _columns_of(cell: _Cell, columns: Sequence[tuple[int, int]]) -> list[int]:
    touched = [number for number, span in enumerate(columns) if _overlap(cell, span) > 0]
    return touched or [min(range(len(columns)), key=lambda number: -_overlap(cell, columns[number]))]


def _overlap(cell: _Cell, span: tuple[int, int]) -> int:
    """Return how many characters a cell and a column share; below zero, how far they are apart."""
    return min(cell.end, span[1]) - max(cell.start, span[0])
