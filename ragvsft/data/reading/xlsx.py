"""XLSX, by openpyxl: every sheet that is shown, as a heading and a table."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from ragvsft.data.reading.archives import broken, open_archive
from ragvsft.data.reading.grid import grid_text
from ragvsft.data.reading.result import Dropped, Reading

_MOST_CELLS = 20_000_000  # a stray cell in the last row makes a sheet of 17 milliards
_MOST_MERGED = 10_000  # rows
_UNCOMPUTED = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
# "kg", \€ and [$€-407], and the bare signs that Excel writes without quotes
_SIGNS = r'"[^"]*"|\\.|\[\$[^\]]*\]|[$€£¥]'
_WRITTEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]+)[^\]]*\]|([$€£¥]| (?=[^0#?\s]))')
_FORM = re.compile(rf"(?P<before>(?:{_SIGNS}|[ ()+-])*)(?P<places>[0#?][0#?,.]*)(?P<after>(?:{_SIGNS}|[ ()+-])*)")
_SKIPPED = re.compile(r"_.|\*.|\[(?!\$)[^\]]*\]")  # room, filling, colours and conditions
_PERCENT = re.compile(r"0(?:\.(0+))?\s*%")


def read(path: Path, data: bytes) -> Reading:
    """Return the sheets as Markdown: the values that formulas gave, not the formulas. Raises CorpusError."""
    import openpyxl

    with open_archive(path, data, "XLSX") as archive:
        try:
            book = openpyxl.load_workbook(BytesIO(data), data_only=True)
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            parts = [_sheet(sheet) for sheet in shown]
            notes = _notes(archive)
        except Exception as error:  # KeyError, ParseError, ValueError, ...: a broken file breaks openpyxl anywhere
            raise broken(path, "XLSX", error) from error
    hidden = [sheet for sheet in book.worksheets if sheet not in shown]
    dropped = (Dropped("hidden sheets", len(hidden), sum(len(_sheet(sheet)) for sheet in hidden)),) if hidden else ()
    return Reading("\n\n".join(part for part in parts if part), dropped=dropped, notes=notes)


def _sheet(sheet: Any) -> str:
    """Return a sheet; "" for an empty one."""
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        raise ValueError(f"sheet {sheet.title} spans {sheet.max_row} x {sheet.max_column} cells")
    spread = _spread(sheet)
    rows = [
        [spread.get((cell.row, cell.column)) or _shown(cell.value, cell.number_format) for cell in row]
        for row in sheet.iter_rows()
    ]
    text = grid_text(rows)
    return f"## {sheet.title}\n\n{text}" if text else ""


def _spread(sheet: Any) -> dict[tuple[int, int], str]:
    """Return what merged cells show, at every place that they cover; a title across the sheet is in its first."""
    spread: dict[tuple[int, int], str] = {}
    for merged in sheet.merged_cells.ranges:
        first = sheet.cell(merged.min_row, merged.min_col)
        if merged.size["rows"] <= _MOST_MERGED and not _is_title(sheet, merged):
            spread |= dict.fromkeys(merged.cells, _shown(first.value, first.number_format))
    return spread


def _is_title(sheet: Any, merged: Any) -> bool:
    """Return whether a merged cell begins its row and is alone there: a head over several columns begins further on."""
    row = sheet.iter_rows(merged.min_row, merged.max_row, values_only=True)
    alone = sum(value is not None for values in row for value in values) <= 1
    return alone and bool(merged.min_col == sheet.min_column < merged.max_col)


def _shown(value: Any, number_format: str) -> str:
    """Return a value as a person reads it: dates without midnight, percentages as such, whole numbers without ".0"."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() | time() | timedelta():
            return str(value)
        case int() | float():
            return _number(value, number_format)
    return str(value)


def _number(value: float, number_format: str) -> str:
    """Return a number with what its format writes around it: "€", "kg", the zeros before an article's number."""
    shown = number_format or ""
    percent = _PERCENT.search(shown)
    if percent:
        return f"{value * 100:.{len(percent.group(1) or '')}f}%"
    plain = f"{value:.15g}" if isinstance(value, float) and abs(value) < 1e15 else str(value)
    form = _FORM.fullmatch(_SKIPPED.sub("", shown.split(";")[0]))
    if form is None or form["places"].endswith(","):  # a date's digits, powers of ten, thousands left out
        return plain
    places = form["places"].partition(".")[0]
    if re.fullmatch("0{2,}", places) and plain.isdigit():
        plain = plain.zfill(len(places))
    before, after = _written(form["before"]), _written(form["after"])
    return f"-{before}{plain[1:]}{after}" if plain.startswith("-") else f"{before}{plain}{after}"


def _written(form: str) -> str:
    """Return the characters that a part of a number format writes literally."""
    return "".join("".join(parts) for parts in _WRITTEN.findall(form))


def _notes(archive: ZipFile) -> tuple[str, ...]:
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    count = sum(len(_UNCOMPUTED.findall(archive.read(name))) for name in sheets)
    if not count:
        return ()
    formulas = "formula has" if count == 1 else "formulas have"
    return (f"{count} {formulas} no stored value; open the file in a spreadsheet program and save it",)
