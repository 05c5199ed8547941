"""JSON lines, JSON, CSV and Parquet as rows, each with its place, so that every problem can name it."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shlex
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ragvsft.characters import REMEDY, broken_character
from ragvsft.data.cells import is_blank, plain
from ragvsft.data.jsonrows import rows_of_document, rows_of_lines
from ragvsft.data.problems import Problems, Row
from ragvsft.errors import MissingExtra, first_line

TABLES = (".csv", ".tsv", ".parquet")  # a cell holds one value, or shows a list
_INDEX = re.compile(r"|Unnamed: \d+|__index_level_\d+__")  # the numbers of its rows, which pandas writes as a column


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file."""

    path: Path
    columns: tuple[str, ...]  # of any row, also those without a value
    rows: list[Row]


def read_table(path: Path, problems: Problems) -> Table:
    """Return the table of a file by its suffix; what cannot be read becomes problems.

    A row with a character that no file can hold is a problem too, so nobody further on meets one.
    """
    read = _READERS.get(_suffix(path))
    if path.is_dir():
        problems.add(str(path), f"is a folder; name a file in it, such as one that ends in {' '.join(_READERS)}")
        return Table(path, (), [])
    if read is None and path.exists():
        problems.add(str(path), f"suffix {path.suffix!r} is unknown; use one of {' '.join(_READERS)}")
        return Table(path, (), [])
    try:
        columns, rows = (read or _read_json)(path, problems)
    except OSError as error:
        problems.add(str(path), f"cannot be read ({error.strerror}); name a file that exists")
        return Table(path, (), [])
    return Table(path, columns, [row for row in rows if _is_whole(row, problems)])


def is_table(path: Path) -> bool:
    """Return whether a file has cells, each of which holds one value or shows a list."""
    return _suffix(path) in TABLES


def _suffix(path: Path) -> str:
    """Return what a file is by its name; .csv.gz is a .csv."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == ".gz" else suffix


def read_text(path: Path, problems: Problems) -> str:
    """Return the text of a file in UTF-8, UTF-16 or UTF-32, without its byte order mark; "" if it is in none.

    What gzip packed is unpacked. Raises OSError.
    """
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            problems.add(str(path), f"cannot be unpacked ({error}); pack it again with gzip")
            return ""
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, place = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1)
        name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
        # of the single-byte encodings the one that spreadsheets write; Latin 1 has no euro sign
        command = f"iconv -f WINDOWS-1252 -t UTF-8 {shlex.quote(path.name)} > utf8{path.suffix}"
        remedy = f"save the file as UTF-8, as in: {command}"
        problems.add(f"{path} line {line}", f"byte {place} is not {name}; {remedy}")
    return ""


def _is_whole(row: Row, problems: Problems) -> bool:
    for key, value in row.values.items():
        broken = broken_character(key) or broken_character(value)
        if broken:
            name = key if broken_character(key) is None else "a key"
            problems.add(row, f"{name} holds {broken}; {REMEDY}", "broken")
            return False
    return True


_Read = tuple[tuple[str, ...], list[Row]]


def _read_jsonl(path: Path, problems: Problems) -> _Read:
    text = read_text(path, problems)
    if text.lstrip().startswith("["):  # an array, whatever its suffix says
        return _of_rows(rows_of_document(path, text, problems))
    return _of_rows(rows_of_lines(path, text, problems))


def _read_json(path: Path, problems: Problems) -> _Read:
    text = read_text(path, problems)
    return _of_rows(rows_of_document(path, text, problems) if text else [])


def _of_rows(rows: list[Row]) -> _Read:
    return tuple(dict.fromkeys(key for row in rows for key in row.values)), rows


def _read_csv(path: Path, problems: Problems) -> _Read:
    text = read_text(path, problems)
    hint, _, rest = text.partition("\n")
    head = rest if hint.startswith("sep=") else text  # a spreadsheet's own hint
    with _long_cells():
        try:
            return _csv_rows(path, head, 2 if head is text else 3, problems)
        except csv.Error as error:
            problems.add(str(path), f"not a table ({error}); save it again as CSV")
            return (), []


def _csv_rows(path: Path, text: str, first: int, problems: Problems) -> _Read:
    table = csv.DictReader(StringIO(text, newline=""), delimiter=_delimiter(text))
    columns, rows = [name.strip() for name in table.fieldnames or ()], list[Row]()
    for name, count in Counter(columns).items():
        if count > 1 and name:
            problems.add(str(path), f"the column {name!r} is listed {count} times in the header; rename one")
    table.fieldnames = columns
    end = table.line_num  # the last line of a row, whose cells may hold line breaks
    for values in table:
        place, end = f"{path} line {end + first - 1}", table.line_num
        if None in values:
            problems.add(place, "more cells than the header has; put texts with commas in quotes")
            continue
        rows += _row(place, values)
    if rows and _ends_in_quotes(text):
        problems.add(rows[-1], "a quote is opened here and never closed, so all that follows is one cell; close it")
    return tuple(name for name in columns if not _INDEX.fullmatch(name)), rows


def _ends_in_quotes(text: str) -> bool:
    """Return whether a table ends within a cell in quotes; the csv module takes the rest of the file for that cell."""
    if text.count('"') % 2 == 0:
        return False
    try:
        for _ in csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module read cells of any length, for this block only: it refuses more than 131,072 characters."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)  # spreadsheets in half of Europe write semicolons
    return mark if mark in head else "|" if "|" in head else ","


def _read_parquet(path: Path, problems: Problems) -> _Read:
    import pandas as pd

    try:
        table = pd.read_parquet(path)
    except ImportError:
        raise MissingExtra(f"{path}: reading Parquet needs pyarrow: pip install pyarrow") from None
    except ValueError as error:  # pyarrow's ArrowInvalid is one
        problems.add(str(path), f"not Parquet ({first_line(error)}); export it again")
        return (), []
    rows: list[Row] = []
    for number, values in enumerate(table.to_dict("records"), start=1):
        rows += _row(f"{path} row {number}", {str(key): plain(cell) for key, cell in values.items()})
    return tuple(name for name in map(str, table.columns) if not _INDEX.fullmatch(name)), rows


def _row(place: str, cells: Mapping[str, Any]) -> list[Row]:
    """Return the row with the cells that hold something; nothing where none does, as below many a spreadsheet."""
    values = {key: cell for key, cell in cells.items() if not is_blank(cell) and not _INDEX.fullmatch(key)}
    return [Row(place, values)] if values else []


_READERS: dict[str, Callable[[Path, Problems], _Read]] = {
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".json": _read_json,
    ".ndjson": _read_jsonl,
    ".tsv": _read_csv,
}
