"""What evalsets, examples and imports share: rows of a file, and checks of their values with their places."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from ragvsft.data.cells import ShortenedList, as_text, listed
from ragvsft.data.problems import Problems, Row, short
from ragvsft.data.tables import is_table, read_table
from ragvsft.errors import UserError
from ragvsft.records import Example, Sample

R = TypeVar("R", Sample, Example)
_MOST_SUGGESTED = 3  # unknown names for which a near one is looked for
_ANY_REMEDY = "write its path below the corpus folder"
_MOST_COMPARED = 2_000  # names that an unknown one is held against


def read_rows(path: Path, problems: Problems) -> list[Row]:
    """Return the rows of a file by its suffix; what cannot be read becomes problems."""
    return read_table(path, problems).rows


@dataclass(frozen=True, slots=True)
class Form:
    """What the rows of one kind of file hold."""

    name: str  # "samples"
    keys: tuple[str, ...]  # the first is the id
    synonyms: Mapping[str, str]  # what other tools call them
    error: type[UserError]


def records_of(
    path: Path,
    rows: Sequence[Row],
    form: Form,
    make: Callable[[Row, Problems], R],
    problems: Problems,
    *,
    doc_ids: Collection[str] | None,
    left_out: Mapping[str, str] | None,
) -> list[R]:
    """Return the record of each row, its doc_ids as the corpus has them.

    Raises the form's error with all problems, or where there are no rows.
    """
    records = [make(row, problems) for row in rows]
    check_unique(rows, form.keys[0], problems)
    check_doc_ids(rows, doc_ids, problems, left_out=left_out)
    problems.raise_as(form.error)
    if not records:
        keys = ", ".join(form.keys)
        raise form.error(f"{path} holds no {form.name}; write one JSON object per line with {keys}")
    if doc_ids is None:
        return records
    return [replace(record, doc_ids=as_documents(record.doc_ids)) for record in records]


def check_keys(row: Row, form: Form, problems: Problems) -> None:
    """Note every key that is not known, with the one that was probably meant."""
    for key in row.values:
        if key not in form.keys:
            synonym = form.synonyms.get(key.lower())
            close = [synonym] if synonym else get_close_matches(key, form.keys, n=1)
            remedy = f"did you mean {close[0]!r}?" if close else f"remove it; the keys are {', '.join(form.keys)}"
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


def as_documents(doc_ids: Collection[str]) -> tuple[str, ...]:
    """Return doc_ids in Unicode's composed form (NFC), which documents have."""
    return tuple(unicodedata.normalize("NFC", doc_id) for doc_id in doc_ids)


def check_doc_ids(
    rows: Sequence[Row],
    doc_ids: Collection[str] | None,
    problems: Problems,
    *,
    left_out: Mapping[str, str] | None = None,
) -> None:
    """Note every doc_id that the corpus does not hold, with a near one for the first few.

    Names are compared in Unicode's composed form. `left_out` holds the causes of files of the corpus folder that are
    not documents. None as `doc_ids` checks nothing.
    """
    if doc_ids is None:
        return
    known, remedies = set(as_documents(doc_ids)), dict[str, str]()
    for row in rows:
        for doc_id in as_documents(texts_of(row, "doc_ids", Problems())):
            if doc_id not in known:
                if len(remedies) < _MOST_SUGGESTED:
                    remedies.setdefault(doc_id, _remedy(doc_id, known, left_out or {}))
                remedy = remedies.get(doc_id, _ANY_REMEDY)
                problems.add(row, f"doc_id {doc_id!r} is not in the corpus; {remedy}", "unknown doc_id")


def _remedy(doc_id: str, known: Collection[str], left_out: Mapping[str, str]) -> str:
    if doc_id in left_out:
        return f"that file is left out: {left_out[doc_id]}"
    close = get_close_matches(doc_id, _candidates(doc_id, known), n=1)
    return f"did you mean {close[0]!r}?" if close else _ANY_REMEDY


def _candidates(doc_id: str, known: Collection[str]) -> list[str]:
    """Return the names that are worth a slow comparison: those of a large corpus that share the file's name."""
    if len(known) <= _MOST_COMPARED:
        return sorted(known)
    stem = PurePosixPath(doc_id).stem.casefold()
    alike = (name for name in known if stem in name.casefold() or PurePosixPath(name).stem.casefold() in stem)
    near = [name for name in alike if abs(len(name) - len(doc_id)) <= len(doc_id)]
    return sorted(near or (name for name in known if name[:3] == doc_id[:3]))[:_MOST_COMPARED]


def split_cells(
    path: Path, rows: Sequence[Row], keys: Sequence[str], separator: str | None, problems: Problems
) -> list[Row]:
    """Return the rows of a table with lists at `keys` and numbers as texts; rows of another kind of file as they are.

    A cell that shows a list, as JSON, Python, pandas or numpy write it, is that list; any other is one value, or
    several where the user named a `separator`.
    """
    if not is_table(path):
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
        problems.add(row, f"{key} is a list whose middle was printed as ...; save the data as JSON or Parquet instead")
        return []
