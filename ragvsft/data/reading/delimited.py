"""CSV and TSV, by the standard library."""

from __future__ import annotations

import csv
import re
import threading
from io import StringIO
from pathlib import Path

from ragvsft.data.reading.decoding import decoded
from ragvsft.data.reading.grid import grid_text
from ragvsft.data.reading.result import Reading
from ragvsft.errors import CorpusError

_NAMED = re.compile(r"\"?sep=([,;\t|])\"?[ \t]*\n", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_SNIFFED = 64  # rows that must agree on the delimiter
_LEAST_AGREEMENT = 0.6  # below, the marks are those of prose in a single column
_NO_DELIMITER = "\N{INFORMATION SEPARATOR ONE}"
_LONGEST_CELL = 2**31 - 1
_limit = threading.Lock()  # csv's limit on a cell is one for the whole process


def read(path: Path, data: bytes) -> Reading:
    """Return the table as Markdown; its first row is the head. Raises CorpusError."""
    text = decoded(path, data)
    named = _NAMED.match(text)  # a line for Excel
    with _limit:
        before = csv.field_size_limit(_LONGEST_CELL)
        try:
            rows = _rows(text[named.end() :], named[1]) if named else _rows(text, _delimiter(text, path.suffix.lower()))
        except csv.Error as error:
            raise CorpusError(f"{path} is a broken table ({error}); save it again or remove it") from error
        finally:
            csv.field_size_limit(before)
    return Reading(grid_text(rows))


def _rows(text: str, delimiter: str, most: int | None = None) -> list[list[str]]:
    table = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    return [row for row, _ in zip(table, range(most), strict=False)] if most is not None else list(table)


def _delimiter(text: str, suffix: str) -> str:
    """Return what separates the cells: the character by which most rows have the same number of several cells."""
    if suffix == ".tsv" and "\t" in text:
        return "\t"
    best = max(_DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))
    return best if _agreement(text, best)[0] >= _LEAST_AGREEMENT else _NO_DELIMITER


def _agreement(text: str, delimiter: str) -> tuple[float, int]:
    rows = [row for row in _rows(text, delimiter, _SNIFFED) if any(row)]
    sizes = [len(row) for row in rows if len(row) > 1]
    usual = max(sizes, key=sizes.count, default=0)
    return (sizes.count(usual) / len(rows) if rows else 0.0, usual)
