"""Rows of a JSONL, CSV or Parquet file, each with its place, so that every problem can name it."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

from ragvsft.codec import to_dict
from ragvsft.errors import MissingExtra, UserError
from ragvsft.store import write_atomically

_MOST_PLACES = 3  # named of one kind of problem
_MOST_COMPARED = 2_000  # names that an unknown one is held against


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in its file."""

    place: str  # "evalsets/hr.jsonl line 12"
    values: dict[str, Any]


@dataclass(slots=True)
class Problems:
    """What is wrong with a file, collected so that all of it can be said at once."""

    lines: list[str] = field(default_factory=list)

    def add(self, row: Row, text: str) -> None:
        """Note what is wrong with a row."""
        self.lines.append(f"{row.place}: {text}")

    def raise_as(self, error: type[UserError]) -> None:
        """Raise `error` with all problems, if there are any."""
        if self.lines:
            raise error(self.lines)


def read_rows(path: Path, problems: Problems) -> list[Row]:
    """Return the rows of a file by its suffix; lines that cannot be read become problems."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        problems.lines.append(f"{path}: suffix {path.suffix!r} is unknown; use one of {' '.join(_READERS)}")
        return []
    try:
        return list(read(path, problems))
    except OSError as error:
        problems.lines.append(f"{path}: cannot be read ({error.strerror}); name a file that exists")
    return []


def write_rows(path: Path, records: Sequence[Any]) -> None:
    """Write records as JSONL, the whole file or nothing."""
    write_atomically(path, "".join(json.dumps(to_dict(record), ensure_ascii=False) + "\n" for record in records))


def check_keys(row: Row, known: Sequence[str], synonyms: dict[str, str], problems: Problems) -> None:
    """Note every key that is not known, with the one that was probably meant."""
    for key in row.values:
        if key not in known:
            close = [synonyms[key.lower()]] if key.lower() in synonyms else get_close_matches(key, known, n=1)
            remedy = f"did you mean {close[0]!r}?" if close else f"remove it; the keys are {', '.join(known)}"
            problems.add(row, f"unknown key {key!r}; {remedy}")


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
        problems.add(row, f"{key} is {_short(value)}; write it as a text in quotes")
    return ""


def texts_of(row: Row, key: str, problems: Problems) -> tuple[str, ...]:
    """Return a value that must be a list of texts; a key that is left out is an empty list."""
    value = row.values.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        problems.add(row, f"{key} is {_short(value)}; write a list: [{json.dumps(value, ensure_ascii=False)}]")
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        problems.add(row, f"{key} is {_short(value)}; write a list of texts, none of them empty")
        return ()
    return tuple(item.strip() for item in value)


def check_unique(rows: Sequence[Row], key: str, problems: Problems) -> None:
    """Note every id that stands in two rows, with both places."""
    first: dict[str, Row] = {}
    for row in rows:
        value = row.values.get(key)
        if isinstance(value, str) and value.strip():
            other = first.setdefault(value.strip(), row)
            if other is not row:
                problems.add(row, f"{key} {value!r} stands already in {other.place}; ids must differ")


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
    """Note every doc_id that the corpus does not hold; past three, all of them in one line.

    Names are compared in Unicode's composed form. `left_out` holds the causes of files of the corpus folder that are
    no documents. None as `doc_ids` checks nothing.
    """
    if doc_ids is None:
        return
    known = set(as_documents(doc_ids))
    named = ((row, doc_id) for row in rows for doc_id in as_documents(texts_of(row, "doc_ids", Problems())))
    unknown = [(row, doc_id) for row, doc_id in named if doc_id not in known]
    remedies = {doc_id: _remedy(doc_id, known, left_out or {}) for _, doc_id in unknown[:_MOST_PLACES]}
    if len(unknown) <= _MOST_PLACES:
        for row, doc_id in unknown:
            problems.add(row, f"doc_id {doc_id!r} is not in the corpus; {remedies[doc_id]}")
        return
    first = "; ".join(f"{row.place}: {doc_id!r}, {remedies[doc_id]}" for row, doc_id in unknown[:_MOST_PLACES])
    distinct = len({doc_id for _, doc_id in unknown})
    problems.lines.append(
        f"{len(unknown):,} times a doc_id is not in the corpus ({distinct:,} different ones), first in {first}"
    )


def _remedy(doc_id: str, known: Collection[str], left_out: Mapping[str, str]) -> str:
    if doc_id in left_out:
        return f"the file is left out: {left_out[doc_id]}"
    close = get_close_matches(doc_id, _candidates(doc_id, known), n=1)
    return f"did you mean {close[0]!r}?" if close else "write its path below the corpus folder"


def _candidates(doc_id: str, known: Collection[str]) -> list[str]:
    """Return the names that are worth a slow comparison: those of a large corpus that share the file's name."""
    if len(known) <= _MOST_COMPARED:
        return sorted(known)
    stem = PurePosixPath(doc_id).stem.casefold()
    alike = (name for name in known if stem in name.casefold() or PurePosixPath(name).stem.casefold() in stem)
    near = [name for name in alike if abs(len(name) - len(doc_id)) <= len(doc_id)]
    return sorted(near or (name for name in known if name[:3] == doc_id[:3]))[:_MOST_COMPARED]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _read_jsonl(path: Path, problems: Problems) -> Iterator[Row]:
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            row = _parse_line(f"{path} line {number}", line, problems)
            if row is not None:
                yield row


def _parse_line(place: str, line: bytes, problems: Problems) -> Row | None:
    try:
        values = json.loads(line.decode())
    except UnicodeDecodeError as error:
        problems.lines.append(f"{place}: byte {error.start} is not UTF-8; save the file as UTF-8")
    except ValueError as error:
        problems.lines.append(f"{place}: not JSON ({error}); write one object per line")
    else:
        if isinstance(values, dict):
            return Row(place, values)
        problems.lines.append(f"{place}: {_short(values)} is no object; write one object per line")
    return None


def _read_csv(path: Path, problems: Problems) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.lines.append(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8")
        return
    table = csv.DictReader(StringIO(text, newline=""), delimiter=_delimiter(text))
    end = 1  # line_num is the last line of a row, whose cells may hold line breaks
    for values in table:
        place, end = f"{path} line {end + 1}", table.line_num
        if None in values:
            problems.lines.append(f"{place}: more cells than the head has; put texts with commas in quotes")
            continue
        yield Row(place, {key: cell for key, cell in values.items() if cell is not None and cell.strip()})


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)  # spreadsheets in half of Europe write semicolons


def _read_parquet(path: Path, problems: Problems) -> Iterator[Row]:
    import pandas as pd

    try:
        table = pd.read_parquet(path)
    except ImportError:
        raise MissingExtra(f"{path}: reading Parquet needs pyarrow: pip install pyarrow") from None
    except ValueError as error:  # pyarrow's ArrowInvalid is one
        problems.lines.append(f"{path}: not Parquet ({str(error).splitlines()[0]}); write it again")
        return
    for number, values in enumerate(table.to_dict("records"), start=1):
        plain = {str(key): _plain_cell(cell) for key, cell in values.items()}
        yield Row(f"{path} row {number}", {key: cell for key, cell in plain.items() if cell is not None})


def _plain_cell(cell: Any) -> Any:
    if hasattr(cell, "tolist"):  # numpy's arrays and numbers
        cell = cell.tolist()
    return None if isinstance(cell, float) and cell != cell else cell  # NaN is pandas' empty cell


def split_cells(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """Return rows whose texts at `keys` became lists: a JSON list as it is, else split at "|"."""
    return [
        Row(row.place, {key: _as_list(value) if key in keys else value for key, value in row.values.items()})
        for row in rows
    ]


def _as_list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            pass  # a text that begins with a bracket
    return [part.strip() for part in value.split("|") if part.strip()]


_READERS: dict[str, Callable[[Path, Problems], Iterator[Row]]] = {
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
    ".parquet": _read_parquet,
}
