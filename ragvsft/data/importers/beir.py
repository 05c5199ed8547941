"""BEIR folders: corpus.jsonl, queries.jsonl with answers, and the relevance of qrels/<split>.tsv."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from ragvsft.data.cells import as_text, is_blank, listed
from ragvsft.data.evalset import sample_of
from ragvsft.data.importers.frame import Imported, Skips, file_names, files, text_or_none, with_ids
from ragvsft.data.importers.source import Places, Source
from ragvsft.data.problems import Problems, Row
from ragvsft.data.rows import check_unique, read_rows
from ragvsft.data.tables import read_text
from ragvsft.errors import EvalsetError
from ragvsft.store.files import write_new

_IDS = ("_id", "id", "doc_id", "query_id", "qid")
_TABLES = (".jsonl", ".jsonl.gz", ".json", ".json.gz", ".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz")
_QRELS = (".tsv", ".tsv.gz", ".txt", ".trec", ".qrels", ".csv")
_HEADS = {  # names of the columns of a qrels file, as people write them
    "query": ("query-id", "query_id", "qid", "query"),
    "document": ("corpus-id", "corpus_id", "doc_id", "docid", "doc-id", "document_id"),
    "score": ("score", "relevance", "rel", "label"),
}


@dataclass(slots=True)
class _Corpus:
    """The documents of a BEIR folder that hold a text."""

    names: dict[str, str] = field(default_factory=dict)  # BEIR's id -> doc_id
    texts: dict[str, str] = field(default_factory=dict)  # doc_id -> text
    empty: set[str] = field(default_factory=set)  # BEIR's ids of documents without text


def import_beir(folder: Path, corpus_out: Path, evalset_out: Path, *, split: str = "test") -> Imported:
    """Turn a BEIR folder into a corpus and samples.

    BEIR says which documents are relevant, not what the answer is; a sample needs an answer, so each query needs an
    `answers` list or an `answer` text, in itself or in its metadata. Queries without one are skipped and counted, and
    so are documents without title and text. Raises EvalsetError with all problems, or if no query has an answer.
    """
    problems, skips = Problems(), Skips()
    corpus = _corpus(read_rows(_file(folder, "corpus", _TABLES), problems), problems, skips)
    relevant = _qrels(_file(folder / "qrels", split, _QRELS), corpus, problems, skips)
    asking = _file(folder, "queries", _TABLES)
    queries = read_rows(asking, problems)
    asked = [row for query in queries if (row := _sample_row(query, relevant, skips)) is not None]
    answered = [row for row in asked if _can_be_sample(row, skips)]
    samples = [sample_of(row, problems) for row in answered]
    check_unique(asked, "sample_id", problems)
    problems.raise_as(EvalsetError)
    if not samples:
        raise EvalsetError(
            f"{asking}: none of the {len(asked)} queries of {split} has an answer, and BEIR's "
            'relevance alone cannot judge answers; add "answers": [...] to the queries'
        )
    write_new(corpus_out, corpus.texts, files(evalset_out, samples, None, []))
    return Imported(len(corpus.texts), len(samples), 0, skips.told(), ())


def _file(folder: Path, name: str, suffixes: Sequence[str]) -> Path:
    """Return the file of that name that exists, or else the usual one, whose absence is a problem when it is read."""
    paths = [folder / f"{name}{suffix}" for suffix in suffixes]
    return next((path for path in paths if path.exists()), paths[0])


def _id(row: Row) -> str | None:
    return next((text for key in _IDS if (text := text_or_none(row.values.get(key)))), None)


def _corpus(pages: Sequence[Row], problems: Problems, skips: Skips) -> _Corpus:
    rows = with_ids([Row(page.place, {**page.values, "_id": _id(page)}) for page in pages], "document", key="_id")
    check_unique(rows, "_id", problems)
    corpus = _Corpus()
    texts = {row.values["_id"]: _text(row, problems, skips) for row in rows}
    names = file_names([page_id for page_id, text in texts.items() if text])
    for page_id, text in texts.items():
        if text:
            corpus.names[page_id] = f"{names[page_id]}.txt"
            corpus.texts[corpus.names[page_id]] = text
        else:
            corpus.empty.add(page_id)
    return corpus


def _text(page: Row, problems: Problems, skips: Skips) -> str:
    """Return title and text of a document, "" where it has neither."""
    for key in ("title", "text"):
        value = as_text(page.values.get(key))
        if value is not None and not isinstance(value, str):
            problems.add(page, f"{key} is not a text; write it in quotes")
    parts = [part for key in ("title", "text") if (part := text_or_none(page.values.get(key)))]
    if not parts:
        skips.add(page, "documents without title and text")
    return "\n\n".join(parts) + "\n" if parts else ""


def _sample_row(query: Row, relevant: Mapping[str, tuple[str, ...]], skips: Skips) -> Row | None:
    """Return a query of the split under our keys; its answers may be in itself or in its metadata."""
    query_id = _id(query)
    if query_id is None:
        skips.add(query, "queries without an id, to which no judgement can refer")
    if query_id is None or query_id not in relevant:
        return None
    metadata = query.values.get("metadata")
    values = {**metadata, **query.values} if isinstance(metadata, dict) else query.values
    answers: Any = values.get("answers", values.get("answer"))
    return Row(
        query.place,
        {
            "sample_id": query_id,
            "question": as_text(values.get("text", values.get("query"))),
            "targets": [as_text(item) for item in listed([answers])],
            "doc_ids": list(relevant[query_id]),
        },
    )


def _can_be_sample(row: Row, skips: Skips) -> bool:
    if is_blank(row.values["question"]):
        skips.add(row, "queries without text")
    elif not row.values["targets"]:
        skips.add(row, "queries without an answer")
    else:
        return True
    return False


def _qrels(path: Path, corpus: _Corpus, problems: Problems, skips: Skips) -> dict[str, tuple[str, ...]]:
    """Return the documents that answer each query, the most relevant first."""
    found: dict[str, list[tuple[float, str]]] = {}
    for place, row in _judgements(path, problems):
        if row.document in corpus.empty:
            skips.add(place, "judgements of documents without title and text")
        elif row.document not in corpus.names and corpus.names:
            text = f"corpus-id {row.document!r} is not in corpus.jsonl; remove the line"
            problems.add(place, text, "unknown corpus-id")
        elif row.score > 0 and corpus.names:
            found.setdefault(row.query, []).append((-row.score, corpus.names[row.document]))
    return {query: tuple(dict.fromkeys(name for _, name in sorted(pairs))) for query, pairs in found.items()}


def _judgements(path: Path, problems: Problems) -> Iterator[tuple[str, _Judgement]]:
    """Yield the lines of a qrels file, with or without a head, each with its place."""
    try:
        lines = read_text(path, problems).split("\n")
    except OSError as error:
        problems.add(str(path), f"cannot be read ({error.strerror}); name a split that exists")
        return
    order: tuple[int, int, int] | None = None  # where query, document and score are; None: by the number of cells
    for number, line in enumerate(lines, start=1):
        cells, place = _cells(line, path.suffix), f"{path} line {number}"
        if not cells:
            continue
        if number == 1 and _score(cells[-1]) is None:
            order = _order(cells)
            continue
        row = _judgement(cells, order)
        if row is None:
            problems.add(
                place,
                f"{line[:60]!r} is not a judgement; write query-id, corpus-id and score, separated by tabs",
                "not a judgement",
            )
        else:
            yield place, row


@dataclass(frozen=True, slots=True)
class _Judgement:
    query: str
    document: str
    score: float


def _cells(line: str, suffix: str) -> list[str]:
    try:
        if suffix == ".csv":
            return [cell.strip() for cell in next(csv.reader([line]), [])] if line.strip() else []
    except csv.Error:  # a line break within it: no judgement, whatever its cells are
        return line.split(",")
    cells = line.split("\t" if "\t" in line else None)  # TREC parts by any blanks
    return [cell.strip().strip('"') for cell in cells] if line.strip() else []


def _order(head: Sequence[str]) -> tuple[int, int, int] | None:
    lowered = [cell.lower() for cell in head]
    places = [next((lowered.index(name) for name in names if name in lowered), None) for names in _HEADS.values()]
    query, document, score = places
    return None if query is None or document is None or score is None else (query, document, score)


def _judgement(cells: Sequence[str], order: tuple[int, int, int] | None) -> _Judgement | None:
    """Return one line of qrels: query, document, score, or TREC's query, iteration, document, score."""
    if order is None:
        order = (0, 1, 2) if len(cells) == 3 else (0, 2, 3) if len(cells) == 4 else None
    if order is None or max(order) >= len(cells):
        return None
    score = _score(cells[order[2]])
    return None if score is None else _Judgement(cells[order[0]], cells[order[1]], score)


def _score(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _take(places: Places, *, split: str) -> Imported:
    """Import a BEIR folder.

    It holds corpus.jsonl, queries.jsonl with answers, and qrels.
    """
    return import_beir(places.test, places.corpus, places.evalset, split=split)


_SPLIT = click.Option(["--split"], default="test", show_default=True, help="The split whose qrels are read.")
SOURCE = Source(_take, (_SPLIT,))
