"""What evalsets, examples and imports share: rows of a file, and checks of their values with their places."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ragvsft.cells import ShortenedList, as_text, listed
from ragvsft.codec import to_dict
from ragvsft.problems import Problems, Row
from ragvsft.store import write_atomically
from ragvsft.tables import TABLES, read_table, short


def read_rows(path: Path, problems: Problems) -> list[Row]:
    """Return the rows of a file by its suffix; what cannot be read becomes problems."""
    return read_table(path, problems).rows


def write_rows(path: Path, records: Sequence[Any]) -> None:
    """Write records as JSONL, the whole file or nothing."""
    write_atomically(path, "".join(json.dumps(to_dict(record), ensure_ascii=False) + "\n" for record in records))


def check_keys(row: Row, known: Sequence[str], synonyms: dict[str, str], problems: Problems) -> None:
    """Note every key that is not known, with the one that was probably meant."""
    for key in row.values:
        if key not in known:
            close = [synonyms[key.lower()]] if key.lower() in synonyms else get_close_matches(key, known, n=1)
            remedy = f"did you mean {close[0]!r}?" if close else f"remove it; the keys are {', '.join(known)}"
            problems.add(row, f"unknown key {key!r}; {remedy}", f"unknown key {key!r}")


def text_of(row: Row, key: str, problems: Problems) -> str:
    """Return a value that must be a text with something in it; "" where it is not, and that is a problem."""
    value = row.values.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    if value is None:
        problems.add(row, f"{key} is missing; give it a text")
    elif isinstance(value, str):
        problems.add(row, f"{key} is empty; give it a text")
    else:
        problems.add(row, f"{key} is {short(value)}; write it as a text in quotes", f"{key} is not a text")
    return ""


def texts_of(row: Row, key: str, problems: Problems) -> tuple[str, ...]:
    """Return a value that must be a list of texts; a key that is left out is an empty list."""
    value = row.values.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        remedy = f"write a list: [{json.dumps(value, ensure_ascii=False)}]"
        problems.add(row, f"{key} is {short(value)}; {remedy}", f"{key} is not a list")
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        remedy = "write a list of texts, none of them empty"
        problems.add(row, f"{key} is {short(value)}; {remedy}", f"{key} is not a list of texts")
        return ()
    return tuple(item.strip() for item in value)


def check_unique(rows: Sequence[Row], key: str, problems: Problems) -> None:
    """Note every id that two rows have, with both places."""
    first: dict[str, Row] = {}
    for row in rows:
        value = row.values.get(key)
        if isinstance(value, str) and value.strip():
            other = first.setdefault(value.strip(), row)
            if other is not row:
                text = f"{key} {value!r} is already used in {other.place}; ids must differ"
                problems.add(row, text, f"{key} is used twice")


def check_doc_ids(rows: Sequence[Row], doc_ids: Collection[str] | None, problems: Problems) -> None:
    """Note every doc_id that the corpus does not hold, with the nearest that it does; None checks nothing."""
    if doc_ids is None:
        return
    known, nearest = set(doc_ids), dict[str, str]()
    for row in rows:
        for doc_id in texts_of(row, "doc_ids", Problems()):
            if doc_id not in known:
                remedy = nearest.setdefault(doc_id, _nearest(doc_id, known))
                problems.add(row, f"doc_id {doc_id!r} is not in the corpus; {remedy}", "unknown doc_id")


def _nearest(doc_id: str, known: Collection[str]) -> str:
    close = get_close_matches(doc_id, sorted(known), n=1)
    return f"did you mean {close[0]!r}?" if close else "write its path below the corpus folder"


def split_cells(
    path: Path, rows: Sequence[Row], keys: Sequence[str], separator: str | None, problems: Problems
) -> list[Row]:
    """Return the rows of a table with lists at `keys` and numbers as texts; rows of another kind of file as they are.

    A cell that shows a list, as JSON, Python, pandas or numpy write it, is that list; any other is one value, or
    several where the user named a `separator`.
    """
    if path.suffix.lower() not in TABLES:
        return list(rows)
    return [
        Row(
            row.place,
            {
                key: texts_in(row, key, value, separator, problems) if key in keys else as_text(value)
                for key, value in row.values.items()
            },
        )
        for row in rows
    ]


def texts_in(row: Row, key: str, value: Any, separator: str | None, problems: Problems) -> list[Any]:
    """Return the items of a cell or field, numbers as texts; a list printed without its middle is a problem."""
    try:
        return [as_text(item) for item in listed(value, separator)]
    except ShortenedList:
        problems.add(row, f"{key} is a list printed with ... for its middle; save the data as JSON or Parquet instead")
        return []
