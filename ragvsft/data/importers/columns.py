"""Which column of a table is which of our fields: by the names in use, or as the user says with --map."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ragvsft.data.cells import is_blank
from ragvsft.data.problems import Problems, Row
from ragvsft.data.tables import Table
from ragvsft.errors import EvalsetError

SEVERAL = ("targets", "doc_ids", "contexts")  # fields that may be filled from more than one column

Chosen = Mapping[str, Sequence[str]]  # field -> the columns that the user named for it


def read_map(texts: Sequence[str], fields: Sequence[str]) -> Chosen:
    """Return what `--map question=Question,targets=A --map targets=B` says. Raises EvalsetError."""
    problems, chosen = [], dict[str, list[str]]()
    for text in (pair for whole in texts for pair in re.split(r",(?=\s*\w+\s*=)", whole)):
        name, equals, column = (part.strip() for part in text.partition("="))
        if not equals or not column:
            problems.append(f"--map {text!r}: write FIELD=COLUMN, as in --map question=Question")
        elif name not in fields:
            problems.append(f"--map {text!r}: {name!r} is not a field; {_meant(name, fields, 'the fields are')}")
        elif name in chosen and name not in SEVERAL:
            problems.append(f"--map: {name} is listed twice; name one column")
        else:
            chosen.setdefault(name, []).append(column)
    if problems:
        raise EvalsetError(problems)
    return chosen


def under_our_names(table: Table, names: Mapping[str, Sequence[str]], chosen: Chosen, problems: Problems) -> list[Row]:
    """Return rows with our fields, each from the columns that were chosen or else from the first known one.

    `names` holds for each field the names that others gave it, the likeliest first. A field that a row lacks is left
    out; one that is chosen from several columns, or is in `SEVERAL`, is a list of cells.
    """
    by_name = {_plain(column): column for column in reversed(table.columns)}
    columns = {field: [by_name[name] for name in known if name in by_name] for field, known in names.items()}
    for field, wanted in chosen.items():
        columns[field] = [column for name in wanted if (column := _column(name, table, by_name, problems))]
    return [
        Row(
            row.place,
            {field: cell for field in names if (cell := _cell(row, field, columns[field], chosen)) is not None},
        )
        for row in table.rows
    ]


def require(table: Table, rows: Sequence[Row], fields: Sequence[str], problems: Problems) -> bool:
    """Return whether each field has a value in some row; one that has none at all is one problem, not one per row."""
    missing = [field for field in fields if rows and not any(field in row.values for row in rows)]
    for field in missing if not problems else ():
        has = ", ".join(map(repr, table.columns)) or "none"
        problems.add(str(table.path), f"no column for {field}; name it with --map {field}=COLUMN (columns: {has})")
    return not missing


def _cell(row: Row, field: str, columns: Sequence[str], chosen: Chosen) -> Any:
    values = [row.values[column] for column in columns if not is_blank(row.values.get(column))]
    if field in chosen and len(columns) > 1:
        return values or None
    return values[0] if values else None


def _column(name: str, table: Table, by_name: Mapping[str, str], problems: Problems) -> str | None:
    """Return the column of the file that the user means, whatever its case."""
    if name in table.columns:
        return name
    if _plain(name) in by_name:
        return by_name[_plain(name)]
    if table.rows:
        remedy = _meant(name, table.columns, "its columns are")
        problems.add(str(table.path), f"--map: there is no column {name!r}; {remedy}")
    return None


def _meant(name: str, known: Sequence[str], otherwise: str) -> str:
    plain = {_plain(other): other for other in known}
    close = get_close_matches(_plain(name), plain, n=1)
    return f"did you mean {plain[close[0]]!r}?" if close else f"{otherwise} {', '.join(known)}"


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
