"""Rows of JSON in all the shapes that people and tools write: lines, arrays, objects of rows or of columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ragvsft.data.problems import Problems, Row, short

_LISTS = ("data", "rows", "samples", "examples", "records")  # where a JSON file keeps its rows


def rows_of_document(path: Path, text: str, problems: Problems) -> list[Row]:
    """Return the rows of a JSON document, in whichever of its shapes."""
    try:
        data = _load(text)
    except ValueError as error:
        lines = Problems()
        rows = rows_of_lines(path, text, lines)  # hubs call JSON lines .json
        if rows and not lines:
            return rows
        problems.add(str(path), f"not JSON ({error}); save it again, as one array or as one object per line")
        return []
    return _records(path, data, problems)


def _load(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)  # NaN is an empty cell of pandas
    except RecursionError:
        raise ValueError("nested too deeply") from None


def rows_of_lines(path: Path, text: str, problems: Problems) -> list[Row]:
    """Return the rows of JSON lines, each with its number."""
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path} line {number}"
        try:
            values = _load(line)
        except ValueError as error:
            problems.add(place, f"not JSON ({error}); write one object per line", "not JSON")
            continue
        if isinstance(values, dict):
            rows.append(Row(place, values))
        else:
            problems.add(place, f"{short(values)} is not an object; write one object per line", "not an object")
    return rows


def _records(path: Path, data: Any, problems: Problems) -> list[Row]:
    """Return the rows of a JSON document: an array, or an object that holds one, by rows or by columns."""
    place, rows = f"{path} row ", data
    if isinstance(data, dict):
        rows = _by_rows(data)
        key = next((key for key in data if key.lower() in _LISTS and isinstance(data[key], list)), None)
        if rows is None and key:
            place, rows = f"{path} {key}", data[key]
        elif rows is None:
            rows = [data]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.add(str(path), "is not a list of objects; write an array of objects, or one object per line")
        return []
    if rows and all(isinstance(row.get("row"), dict) for row in rows):  # as the rows API of a hub answers
        _check_whole_cells(path, rows, problems)
        rows = [row["row"] for row in rows]
    names = [f"{place}[{n}]" if place.lower().endswith(_LISTS) else f"{place}{n + 1}" for n in range(len(rows))]
    return [Row(name, row) for name, row in zip(names, rows, strict=True)]


def _check_whole_cells(path: Path, rows: list[dict[str, Any]], problems: Problems) -> None:
    for number, row in enumerate(rows):
        if row.get("truncated_cells"):
            problems.add(
                f"{path} rows[{number}]",
                "the hub's preview cut off long cells; download the data set's own file instead",
            )


def _by_rows(data: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the rows of a document that pandas or datasets wrote by columns; None where it is not one."""
    columns, cells, values = data.get("columns"), data.get("data"), list(data.values())
    if isinstance(columns, list) and isinstance(cells, list):  # orient="split"
        return [dict(zip(map(str, columns), row, strict=False)) for row in cells if isinstance(row, list)]
    if values and all(isinstance(value, dict) for value in values):
        if all(key.isdigit() for key in data) and not all(key.isdigit() for key in values[0]):  # orient="index"
            return values
        numbers = list(values[0])
        if len(data) > 1 and numbers and all(list(value) == numbers for value in values):
            return [{key: data[key][number] for key in data} for number in numbers]
    if len(data) > 1 and all(isinstance(value, list) for value in values) and len(set(map(len, values))) == 1:
        return [dict(zip(data, row, strict=True)) for row in zip(*values, strict=True)]
    return None
