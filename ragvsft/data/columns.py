"""The rows of Markdown tables, each with the names of its columns; what is too wide is cut by columns.

A cut row begins with its key, the first cell: a figure torn from what it is a figure of answers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

_RULE = re.compile(r"(?=[^|]*\|)(?=[^-]*-)[\s:|-]+")  # between the names of the columns and the rows
_BORDER = re.compile(r"(?<!\\)\|")
_NARROWEST = 32  # tokens: a passage with less room than that holds no head beside a row that was cut
_LONGEST_LABEL = 6  # of a name or key that is repeated: this part of the room at most
_MARKUP_TOKENS = 3  # of one more column: its pipes and its rule


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table."""

    line: str  # with its line break
    start: int  # where in the document


@dataclass(frozen=True, slots=True)
class Piece:
    """A row, or what a cut left of one."""

    text: str
    start: int  # where in the document its row begins
    tokens: int
    head: str = ""  # the lines that say what its columns are; "": plain text, which may be cut anywhere
    head_tokens: int = 0


def is_rule(line: str) -> bool:
    """Return whether a line is the rule between the names of a table's columns and its rows."""
    return _RULE.fullmatch(line.strip()) is not None


class TableCutter:
    """Makes pieces that fit into `room` tokens together with their heads.

    `stretches` cuts one long text into stretches of at most so many tokens.
    """

    def __init__(
        self, count_tokens: Callable[[str], int], room: int, stretches: Callable[[str, int], list[str]]
    ) -> None:
        self._count_tokens = count_tokens
        self._room = room
        self._stretches = stretches

    def pieces(self, header: Row, rule: Row, rows: Sequence[Row]) -> Iterator[Piece]:
        """Yield the rows of one table in pieces; first its header, where no piece would hold all of it."""
        head = f"{header.line.strip()}\n{rule.line.strip()}"
        head_tokens = self._count_tokens(head)
        sizes = [self._count_tokens(row.line) for row in rows]
        wide = 2 * head_tokens > self._room
        narrow_room = self._room < _NARROWEST
        if not rows or (wide and narrow_room):
            yield from self._plain([header, rule, *rows])
            return
        cut = _Cut(
            self._count_tokens, self._room, self._stretches, cells_of(header.line), [cells_of(r.line) for r in rows]
        )
        if (wide or max(sizes) > self._room - head_tokens) and cut.shortens_names:
            yield from self._plain([header])
        if wide:
            yield from cut.by_columns([row.start for row in rows])
            return
        for row, cells, tokens in zip(rows, cut.rows, sizes, strict=True):
            if tokens <= self._room - head_tokens:
                yield Piece(row.line, row.start, tokens, head, head_tokens)
            elif narrow_room:
                yield from self._plain([row])
            else:
                yield from cut.row(cells, range(len(cells)), row.start)

    def _plain(self, rows: Sequence[Row]) -> Iterator[Piece]:
        for row in rows:
            yield Piece(row.line, row.start, 0)


def cells_of(line: str) -> list[str]:
    """Return the cells of a row; an escaped pipe belongs to its cell."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip() for cell in _BORDER.split(inner)]


class _Cut:
    """One table as cells, from which pieces are made."""

    def __init__(
        self,
        count_tokens: Callable[[str], int],
        room: int,
        stretches: Callable[[str, int], list[str]],
        names: Sequence[str],
        rows: Sequence[Sequence[str]],
    ) -> None:
        width = max(len(names), *map(len, rows))
        self._count_tokens, self._room, self._stretches = count_tokens, room, stretches
        self._names = [*names, *[""] * (width - len(names))]
        self.rows = [[*cells, *[""] * (width - len(cells))] for cells in rows]

    @property
    def shortens_names(self) -> bool:
        """Whether a name is too long to be repeated above every piece."""
        return any(self._label(name) != name for name in self._names)

    def by_columns(self, starts: Sequence[int]) -> Iterator[Piece]:
        """Yield all rows with their key and some columns, then all with the next columns, until none is left."""
        for number, columns in enumerate(self._groups()):
            for start, cells in zip(starts, self.rows, strict=True):
                if number == 0 or any(cells[column] for column in columns):
                    yield from self.row(cells, [0, *columns], start)

    def row(self, cells: Sequence[str], columns: Sequence[int], start: int) -> Iterator[Piece]:
        """Yield one row's columns, the first of which is its key, in as many pieces as they need."""
        head, text = self._head([self._names[c] for c in columns]), _line([cells[c] for c in columns])
        head_tokens, tokens = self._count_tokens(head), self._count_tokens(text)
        if head_tokens + tokens <= self._room and 2 * head_tokens <= self._room:
            yield Piece(text, start, tokens, head, head_tokens)
        elif len(columns) > 2:
            middle = 1 + len(columns) // 2
            yield from self.row(cells, columns[:middle], start)
            if any(cells[column] for column in columns[middle:]):
                yield from self.row(cells, [columns[0], *columns[middle:]], start)
        else:
            yield from self._long(cells, columns, start)

    def _groups(self) -> list[list[int]]:
        """Return the columns beside the key, in groups of the size that makes fewest passages."""
        names = [self._count_tokens(name) + _MARKUP_TOKENS for name in self._names]
        cells = [fmean(self._count_tokens(row[c]) + 1 for row in self.rows) for c in range(len(names))]
        ways = [self._grouped(names, cells, self._room / part) for part in (2, 3, 4)]
        return min(ways, key=lambda way: sum(self._passages(names, cells, group) for group in way))

    @staticmethod
    def _grouped(names: Sequence[int], cells: Sequence[float], most: float) -> list[list[int]]:
        """Return the columns in groups whose names take `most` tokens, and their cells no more than their names do."""
        groups: list[list[int]] = [[]]
        for column in range(1, len(names)):
            group = [0, *groups[-1], column]
            if groups[-1] and (sum(names[c] for c in group) > most or sum(cells[c] for c in group) > most):
                groups.append([])
            groups[-1].append(column)
        return groups

    def _passages(self, names: Sequence[int], cells: Sequence[float], group: Sequence[int]) -> float:
        """Return about how many passages one row of a group takes."""
        head, row = (sum(tokens[c] for c in [0, *group]) for tokens in (names, cells))
        rows = (self._room - head) // row
        return 1 / rows if rows >= 1 else row / max(1.0, self._room - head)

    def _long(self, cells: Sequence[str], columns: Sequence[int], start: int) -> Iterator[Piece]:
        """Yield a key and one cell that do not fit together, the cell in stretches, each with the key's first words."""
        key, name = self._label(cells[columns[0]]), self._label(self._names[columns[0]])
        if key != cells[columns[0]] or len(columns) == 1:
            yield from self._stretched([name], [], cells[columns[0]], start)
        if len(columns) == 2:
            yield from self._stretched([name, self._label(self._names[columns[1]])], [key], cells[columns[1]], start)

    def _stretched(self, names: Sequence[str], keys: Sequence[str], cell: str, start: int) -> Iterator[Piece]:
        head = self._head(names)
        head_tokens = self._count_tokens(head)
        left = max(1, self._room - head_tokens - self._count_tokens(_line([*keys, ""])))
        for stretch in self._stretches(cell, left):
            text = _line([*keys, stretch.strip()])
            yield Piece(text, start, self._count_tokens(text), head, head_tokens)

    def _label(self, text: str) -> str:
        """Return the first words of a text, as many as fit into every piece."""
        longest = self._room // _LONGEST_LABEL
        if len(text) <= longest or self._count_tokens(text) <= longest:
            return text
        return self._stretches(text, longest)[0].strip()

    @staticmethod
    def _head(names: Sequence[str]) -> str:
        return _line(names) + "|" + "-|" * len(names)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
